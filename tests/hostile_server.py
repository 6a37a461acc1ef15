"""A server on loopback that says exactly the bytes it is told to, and remembers what it was asked."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Asked:
    target: str
    headers: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


Behaviour = Callable[["HostileServer", socket.socket], None]


def reply(status: str = "200 OK", body: bytes = b"", headers: Iterable[str] = ()) -> bytes:
    """A well-formed answer."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


@dataclass
class HostileServer:
    """Answers each path of `routes` with bytes, or lets a function do its worst on the socket."""

    routes: dict[str, bytes | Behaviour] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    """Set to let go of every request that is being held up."""
    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None

    def __enter__(self) -> "HostileServer":
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                outer.connections += 1
                connection = self.request
                if outer.tls:
                    connection = outer.tls.wrap_socket(connection, server_side=True)
                with connection:
                    outer._converse(connection)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request, address) -> None:
                """A client that hangs up is what these tests are about."""

        self._server = Server((self.host, 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}:{self.port}{path}"

    def targets(self) -> list[str]:
        return [asked.target for asked in self.asked]

    def _converse(self, connection: socket.socket) -> None:
        while (asked := _read_request(connection)) is not None:
            self.asked.append(asked)
            answer = self.routes.get(asked.target, reply("404 Not Found"))
            if callable(answer):
                answer(self, connection)
                return
            connection.sendall(answer)


_TLS_HELLO = b"\x16\x03"


def _read_request(connection: socket.socket) -> Asked | None:
    got = b""
    while not got.endswith(b"\r\n\r\n"):
        piece = connection.recv(65536)
        if not piece:
            return None
        got += piece
        if got.startswith(_TLS_HELLO):
            return Asked("", ())
    first, *lines = got.decode("latin-1").split("\r\n")
    pairs = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines if line))
    return Asked(first.split(" ")[1], pairs)


def hang(server: HostileServer, connection: socket.socket) -> None:
    """Say nothing."""
    server.released.wait()


def say(*pieces: bytes) -> Behaviour:
    """Send the pieces and hang up."""

    def behave(server: HostileServer, connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)

    return behave


def drip(server: HostileServer, connection: socket.socket) -> None:
    """Promise much and send a byte now and then."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not server.released.wait(0.02):
        connection.sendall(b"x")


def drip_headers(server: HostileServer, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not server.released.wait(0.02):
        connection.sendall(b"x")


def endless_headers(server: HostileServer, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not server.released.is_set():
        connection.sendall(b"X-More: and more\r\n" * 100)


def endless_continues(server: HostileServer, connection: socket.socket) -> None:
    while not server.released.wait(0.001):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def endless_body(server: HostileServer, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not server.released.is_set():
        connection.sendall(b"x" * 65536)


def tunnel(to: tuple[str, int]) -> Behaviour:
    """Pass on what is said, as a proxy does."""

    def pump(source: socket.socket, sink: socket.socket) -> None:
        try:
            while piece := source.recv(65536):
                sink.sendall(piece)
        except OSError:
            """One of the two has hung up."""
        finally:
            sink.close()

    def behave(server: HostileServer, connection: socket.socket) -> None:
        with socket.create_connection(to) as onward:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(onward, connection), daemon=True)
            back.start()
            pump(connection, onward)
            back.join()

    return behave
