"""The reader in a browser: a web server that runs one reader for each page that is open.

Whoever could reach it could read the person's news and, by the reader's own commands, run programs. So every request
needs the token, a Host that is no foreign name (else a page elsewhere could have its own name lead here), and, where
a browser tells it, an Origin that is ours.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import hashlib
import hmac
import json
import os
import shlex
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from aiohttp import WSCloseCode, web
from textual_serve.app_service import AppService
from textual_serve.server import Server

from reader.cli.serve import TOKEN
from reader.text import clean
from reader.words import _

MOST = 4
"""Readers at a time; each is a process with workers of its own."""
_PATIENCE = 5.0
"""Seconds that a reader gets to close its library."""
_COMPLAINT = 20_000
"""Bytes of a reader's standard error that are passed on."""
_BEGINS = b"__GANGLION__\n"
"""What a Textual program writes before its first packet."""
_WIDEST = 1000
_SMALLEST, _FONT, _LARGEST = 8, 16, 48

_HEADERS = {
    # xterm.js sets styles of its own; nothing else comes from elsewhere or runs here.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",  # or a page opened from here could send this one elsewhere
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Web(Server):
    """Serves readers on a socket that listens already."""

    def __init__(self, reader: Sequence[str], *, token: str, listening: socket.socket, host: str) -> None:
        """`reader` is the command that each page runs, `host` what the person calls this machine."""
        self._reader = tuple(reader)
        self._token = token.encode("utf-8", "surrogateescape")
        # Not the token: browsers send a cookie to every port of a host.
        self._cookie = hmac.new(self._token, b"cookie", hashlib.sha256).hexdigest()
        self._listening = listening
        bound, port = listening.getsockname()[:2]
        self.is_private = ip_address(bound).is_loopback
        self._cookie_name = f"newsreader-{port}"
        self._host = host.casefold()
        self._sessions: set[_Session] = set()
        shown = f"[{host}]" if ":" in host else host
        super().__init__(
            shlex.join(reader), host=host, port=port, title="newsreader", public_url=f"http://{shown}:{port}"
        )

    @property
    def address(self) -> str:
        """What to open in a browser, with the token."""
        return f"{self.public_url}/?token={quote(self._token, safe='')}"

    def run(self, begun: Callable[[], None]) -> None:
        """Serve until a signal says that it is enough; then no reader is left. `begun` is called when it does."""
        asyncio.run(self._run(begun))

    async def _run(self, begun: Callable[[], None]) -> None:
        enough, loop = asyncio.Event(), asyncio.get_running_loop()
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(one, enough.set)
        # No log of what is asked for, which would hold the token.
        runner = web.AppRunner(await self._make_app(), access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.SockSite(runner, self._listening).start()
            begun()
            await enough.wait()
        finally:
            await runner.cleanup()

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/", self.handle_page),
                web.get("/page.css", self.handle_style),
                web.get("/ws", self.handle_websocket),
                web.get("/download/{key}", self.handle_download),
                web.static("/static", self.statics_path),
            ]
        )
        app.on_response_prepare.append(self._mark)
        app.on_shutdown.append(self.on_shutdown)
        return app

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002  # the framework's signature
        """End all readers."""
        await asyncio.gather(*(session.stop() for session in self._sessions))

    async def _mark(self, request: web.Request, response: web.StreamResponse) -> None:  # noqa: ARG002
        response.headers.update(_HEADERS)

    # --- who may come in ---

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Let in only whoever has the token, under a name of ours, from a page of ours."""
        if not self._is_ours(request.host):
            return _refusal(
                _("This reader is not served under this name; use the address that newsreader serve printed.")
            )
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc.casefold() != request.host.casefold():
            return _refusal(_("Another page may not ask for this reader."))
        by_token = _same(request.query.get("token", ""), self._token)
        if not by_token and not _same(request.cookies.get(self._cookie_name, ""), self._cookie.encode()):
            return _refusal(_("Open the whole address that newsreader serve printed, with its token."))
        if by_token and request.path == "/":
            # So that the token stays neither in the address bar nor in the history.
            answer = web.HTTPSeeOther(request.rel_url.without_query_params("token"))
            answer.headers["Cache-Control"] = "no-store"
            answer.set_cookie(self._cookie_name, self._cookie, httponly=True, samesite="Strict")
            raise answer
        return await handler(request)

    def _is_ours(self, host: str) -> bool:
        """Whether a Host is this machine by number, `localhost`, or the name that the person gave."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").casefold()
        except ValueError:
            return False
        if name in ("localhost", self._host):
            return True
        with contextlib.suppress(ValueError):
            return bool(ip_address(name))
        return False

    # --- what there is ---

    async def handle_page(self, request: web.Request) -> web.Response:
        """The page, which begins a reader once it is there."""
        if len(self._sessions) >= MOST:
            return web.Response(status=503, text=_("{n} readers are open already; close one of them.").format(n=MOST))
        asked = request.query.get("fontsize", "")
        font = min(max(int(asked[:3]), _SMALLEST), _LARGEST) if asked.isascii() and asked.isdigit() else _FONT
        page = _PAGE.format(font=font, closed=_("The reader is closed."), again=_("Open it again"))
        return web.Response(text=page, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def handle_style(self, request: web.Request) -> web.Response:  # noqa: ARG002
        """How the page looks."""
        return web.Response(text=_STYLE, content_type="text/css")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run a reader for as long as its page is open."""
        if len(self._sessions) >= MOST:
            raise web.HTTPServiceUnavailable
        websocket = web.WebSocketResponse(heartbeat=15)
        session = _Session(self._reader, websocket, self)
        self._sessions.add(session)  # before anything is waited for, or more would slip in
        try:
            await websocket.prepare(request)
            await session.start(_cells(request.query.get("width"), 80), _cells(request.query.get("height"), 24))
            with contextlib.suppress(ConnectionError, ValueError, TypeError, LookupError, AssertionError):
                await self._process_messages(websocket, session)  # nonsense ends the reader, as a closed page does
        finally:
            await session.stop()
            self._sessions.discard(session)
            await websocket.close()
        return websocket


def _refusal(words: str) -> web.Response:
    return web.Response(status=403, text=f"{words}\n", headers={"Cache-Control": "no-store"})


def _same(given: str, wanted: bytes) -> bool:
    """Whether they are the same, in a time that tells nothing of how far they are."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted)


def _cells(text: str | None, otherwise: int) -> int:
    return min(max(int(text[:5]), 1), _WIDEST) if text and text.isascii() and text.isdigit() else otherwise


# --- one reader ------------------------------------------------------------------------------------------------------


class _Session(AppService):
    """A reader in a process of its own, which ends with its page."""

    def __init__(self, reader: Sequence[str], websocket: web.WebSocketResponse, server: Web) -> None:
        self._argv = tuple(reader)
        self._websocket = websocket
        self._stopping: asyncio.Task[None] | None = None
        self._complaint: asyncio.Task[bytes] | None = None
        super().__init__(
            server.command,
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=self._close,
            download_manager=server.download_manager,
        )

    async def _close(self) -> None:
        await self._websocket.close(code=WSCloseCode.OK)

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Run the reader, without a shell, in a group that can be ended as a whole."""
        around = self._build_environment(width=width, height=height) | {"TERM": "xterm-256color"}
        around.pop(TOKEN, None)  # the reader starts programs that need not know it
        self._process = process = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=around,
            start_new_session=True,
            preexec_fn=_end_with_us,
        )
        self._stdin = process.stdin
        return process

    async def run(self) -> None:
        """Pass on what the reader writes until it ends; where nobody looks any more it is read on, or it would wait."""
        process = self._process
        assert process is not None
        assert process.stdout is not None
        assert process.stderr is not None
        written = process.stdout
        self._complaint = asyncio.create_task(_last_of(process.stderr))
        deliver = {b"D": self.on_data, b"M": self.on_meta, b"P": self.on_packed}
        with contextlib.suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await written.readuntil(_BEGINS)
            while (head := await written.readexactly(5))[:1] in deliver:
                packet = await written.readexactly(int.from_bytes(head[1:], "big"))
                with contextlib.suppress(ConnectionError, RuntimeError):
                    await deliver[head[:1]](packet)
        await self._close()

    async def on_meta(self, data: bytes) -> None:
        """Do what the reader asks the browser for; an address to open is one of the web, never a script."""
        asked = json.loads(data)
        if asked["type"] != "open_url" or str(asked["url"]).lower().startswith(("http://", "https://")):
            await super().on_meta(data)

    async def stop(self) -> None:
        """End the reader and all that it started; it gets a while to do so by itself."""
        if self._stopping is None:
            self._stopping = asyncio.create_task(self._end())
        await asyncio.shield(self._stopping)

    async def _end(self) -> None:
        process = self._process
        if process is None:
            return
        await self._download_manager.cancel_app_downloads(app_service_id=self.app_service_id)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                if process.returncode is None:
                    await self.send_meta({"type": "quit"})
                await process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        if self._task is not None:
            await self._task
        if self._complaint is not None and (said := await self._complaint):
            print(clean(said.decode("utf-8", "replace")), file=sys.stderr)


async def _last_of(stream: asyncio.StreamReader) -> bytes:
    """The end of what is written to a stream, once nobody can write to it any more."""
    last = b""
    while part := await stream.read(_COMPLAINT):
        last = (last + part)[-_COMPLAINT:]
    return last


_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


def _end_with_us() -> None:
    """In the new process: be told to end when the server is killed, as far as the system can do that."""
    if _LIBC:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


# --- the page: no script but that of textual-serve, and nothing from elsewhere ---------------------------------------

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>newsreader</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/css/xterm.css">
<link rel="stylesheet" href="/page.css">
<script src="/static/js/textual.js"></script>
</head>
<body>
<div id="terminal" class="textual-terminal" data-session-websocket-url="/ws" data-font-size="{font}"></div>
<p class="closed">{closed} <a href="/">{again}</a></p>
</body>
</html>
"""
_STYLE = """\
@font-face { font-family: "Roboto Mono"; src: url("/static/fonts/RobotoMono-VariableFont_wght.ttf");
  font-weight: 100 700; }
@font-face { font-family: "Roboto Mono"; src: url("/static/fonts/RobotoMono-Italic-VariableFont_wght.ttf");
  font-style: italic; font-weight: 100 700; }
html, body { margin: 0; height: 100%; overflow: hidden; background: #111; color: #ddd;
  font-family: "Roboto Mono", monospace; }
#terminal { position: absolute; inset: 0; }
.closed { display: none; position: absolute; inset: 0; margin: 0; place-content: center; place-items: center; gap: 1em;
  background: #111e; z-index: 10; }
.-closed .closed { display: grid; }
.closed a { color: inherit; }
"""
