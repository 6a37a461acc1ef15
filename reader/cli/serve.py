"""`newsreader serve`: the reader in a browser."""

from __future__ import annotations

import argparse
import os
import secrets
import socket
import sys
from typing import TYPE_CHECKING

from reader.cli.commands import Commands
from reader.cli.output import OK, Failure, opened, tell

if TYPE_CHECKING:
    from reader.cli.web import Web

PORT = 8750
TOKEN = "NEWSREADER_TOKEN"
"""The environment variable that holds the token, where it is not to be another one each time."""
_SHORTEST = 16
_LAST_PORT = 65_535


def offer(commands: Commands) -> None:
    """Declare it."""
    one = commands.add("serve", serve, "open the reader in a browser, until Ctrl-C", _EXAMPLES)
    one.add_argument(
        "--host", default="127.0.0.1", help="where it is served; 127.0.0.1, this machine alone, if not given"
    )
    one.add_argument("--port", type=_port, default=PORT, help=f"{PORT} if not given; 0 takes one that is free")


def serve(arguments: argparse.Namespace) -> int:
    """Serve the reader; returns once it is told to end."""
    token = os.environ.get(TOKEN) or secrets.token_urlsafe(32)
    if len(token) < _SHORTEST:
        raise Failure(f"{TOKEN} is too short to keep others out; it needs {_SHORTEST} characters at least.")
    with opened(arguments, new=True):
        pass  # or each page would tell of what is wrong with it, and nobody here
    try:
        listening = _listening(arguments.host, arguments.port)
    except OSError as error:
        raise Failure(
            f"{arguments.host} port {arguments.port} can't be used: {error.strerror or error};"
            " name another with --host or --port."
        ) from None
    from reader.cli.web import Web

    # Without the folder it is started in, where somebody may have put a module of our name.
    reader = [sys.executable, "-P", "-m", "reader"]
    for name in ("library", "config"):
        if path := getattr(arguments, name, None):
            reader += [f"--{name}", str(path)]
    with listening:
        web = Web(reader, token=token, listening=listening, host=arguments.host)
        web.run(lambda: _tell_where(web))
    return OK


def _tell_where(web: Web) -> None:
    print(web.address, flush=True)
    tell("Open this address in a browser; Ctrl-C ends it.")
    if not web.is_private:
        tell("Others on the network can reach it and read along: there is no TLS, and the token goes in the clear.")


def _listening(host: str, port: int) -> socket.socket:
    """A socket that takes connections."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server(address[:2], family=family)


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text[:9]) <= _LAST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to {_LAST_PORT}")


_EXAMPLES = """\
  newsreader serve                                    prints the address to open in a browser here
  newsreader serve --library ~/work.sqlite --port 9000
  ssh -L 8750:localhost:8750 home newsreader serve    read at home from elsewhere, encrypted
"""
