"""`newsreader serve`: the reader in a browser, for whoever has the token and nobody else."""

import asyncio
import base64
import contextlib
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pyte
import pytest
from terminal import environment

HEADLINE = "Ferry café opens"
ADDRESS = "post.example"
"""What stands over the article, and nowhere in the list."""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at by /proc")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@dataclass
class Served:
    process: subprocess.Popen[str]
    address: str
    """With the token, as it was printed."""

    @property
    def site(self) -> str:
        return self.address.partition("/?")[0]

    @property
    def token(self) -> str:
        return self.address.partition("token=")[2]

    def readers(self) -> list[int]:
        """The processes that it runs."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        with contextlib.suppress(FileNotFoundError):
            return [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]
        return []


@pytest.fixture
def command(library: Path, tmp_path: Path) -> list[str]:
    return serve(library, tmp_path)


def serve(library: Path, folder: Path) -> list[str]:
    config = folder / "config.toml"
    config.write_text("[refresh]\non_start = false\n")
    return [sys.executable, "-m", "reader", "serve", "--library", str(library), "--config", str(config)]


@contextmanager
def serving(command: list[str], home: Path, *options: str, **around: str) -> Iterator[Served]:
    env = environment(home) | around
    with subprocess.Popen(
        [*command, "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
        cwd=home,
    ) as process:
        try:
            assert process.stdout is not None
            served = Served(process, process.stdout.readline().strip())
            assert served.address, process.communicate(timeout=5)[1]
            yield served
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="module")
def served(made: bytes, tmp_path_factory) -> Iterator[Served]:
    """One server for all tests that leave it as it is."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "library.sqlite").write_bytes(made)
    with serving(serve(folder / "library.sqlite", folder), folder) as served:
        yield served
        assert not served.readers() or all(map(gone, served.readers()))


@pytest.fixture
def own(command, tmp_path) -> Iterator[Served]:
    """A server of the test's own."""
    with serving(command, tmp_path) as served:
        yield served


Fetch = Callable[..., tuple[int, dict[str, str], str]]


@pytest.fixture
def fetch(served: Served) -> Fetch:
    """Ask for a path; redirects are not followed."""

    def fetch(path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        async def ask() -> tuple[int, dict[str, str], str]:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            async with aiohttp.ClientSession() as client:
                url = served.site + path
                async with client.get(url, headers=named, allow_redirects=False) as answer:
                    return answer.status, dict(answer.headers), (await answer.read()).decode("utf-8", "replace")

        return asyncio.run(ask())

    return fetch


@pytest.fixture
def cookie(served: Served, fetch: Fetch) -> str:
    status, headers, _ = fetch(f"/?token={served.token}")
    assert status == 303
    return headers["Set-Cookie"].partition(";")[0]


class Page:
    """A page that is open, as a terminal."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, columns: int = 100, lines: int = 30) -> None:
        self.socket = socket
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)

    def feed(self, frame: bytes) -> None:
        self._stream.feed(frame)

    def shown(self) -> str:
        rows = (self.screen.buffer[y] for y in range(self.screen.lines))
        return "\n".join("".join(row[x].data for x in range(self.screen.columns)) for row in rows)

    async def until(self, words: str) -> None:
        async with asyncio.timeout(30):
            while words not in self.shown():
                message = await self.socket.receive()
                assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), self.shown()
                if message.type == aiohttp.WSMsgType.BINARY:
                    self.feed(message.data)

    async def press(self, keys: str) -> None:
        await self.socket.send_str(json.dumps(["stdin", keys]))


@asynccontextmanager
async def page(served: Served) -> AsyncIterator[Page]:
    url = f"{served.site}/ws?width=100&height=30&token={served.token}"
    async with aiohttp.ClientSession() as client, client.ws_connect(url) as socket:
        yield Page(socket)


def gone(pid: int, *, seconds: float = 8) -> bool:
    """Whether a process ends in time; one that is only not waited for has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


# --- who may come in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/ws", "/page.css", "/static/js/textual.js", "/download/x", "/nowhere", "//"])
def test_without_the_token_there_is_nothing(served, fetch, path):
    for query in (
        "",
        "?token=",
        "?token=x",
        f"?token={served.token}x",
        f"?token={served.token[:-1]}",
        "?token=%ff%00é",
    ):
        status, headers, text = fetch(path + query)
        assert status == 403
        assert "Set-Cookie" not in headers
        assert "token" in text
    assert fetch(path, Cookie=f"newsreader-{urlsplit(served.site).port}=x")[0] == 403


def test_the_token_is_needed_once_and_then_a_cookie_stands_for_it(served, fetch, cookie):
    status, headers, _ = fetch(f"/?token={served.token}&fontsize=20")
    assert (status, headers["Location"]) == (303, "/?fontsize=20"), "the token does not stay in the address"
    made = SimpleCookie(headers["Set-Cookie"])
    (morsel,) = made.values()
    assert morsel["httponly"]
    assert morsel["samesite"] == "Strict"
    assert served.token not in headers["Set-Cookie"], "other ports of this host get the cookie, too"
    status, _, text = fetch("/?fontsize=20", Cookie=cookie)
    assert status == 200
    assert 'data-font-size="20"' in text
    for wrong in ("x", "-1", "9999999", "²"):
        font = re.search(r'data-font-size="(\d+)"', fetch(f"/?fontsize={wrong}", Cookie=cookie)[2])
        assert font
        assert 8 <= int(font[1]) <= 48
    assert fetch("/static/js/textual.js", Cookie=cookie)[0] == 200


def test_a_name_of_somebody_else_is_refused(served, fetch, cookie):
    port = urlsplit(served.site).port
    for host in (
        "evil.example",
        f"evil.example:{port}",
        "127.0.0.1.evil.example",
        f"localhost.evil:{port}",
        "",
        "[::1",
    ):
        assert fetch(f"/?token={served.token}", Host=host)[0] in (400, 403), host
        assert fetch("/", Cookie=cookie, Host=host)[0] in (400, 403), host
    for host in ("localhost", f"localhost:{port}", "127.0.0.1:9000", "[::1]:9000"):
        assert fetch("/", Cookie=cookie, Host=host)[0] == 200, host


def test_a_page_of_somebody_else_is_refused(served, fetch, cookie):
    port = urlsplit(served.site).port
    for origin in ("https://evil.example", "null", f"http://127.0.0.1:{port + 1}", f"http://localhost:{port}"):
        for path in ("/ws", "/static/js/textual.js", f"/ws?token={served.token}"):
            assert fetch(path, Cookie=cookie, Origin=origin)[0] == 403, origin

    async def dial(origin: str) -> int:
        async with aiohttp.ClientSession(headers={"Cookie": cookie}) as client:
            try:
                async with client.ws_connect(f"{served.site}/ws", origin=origin):
                    return 101
            except aiohttp.WSServerHandshakeError as refused:
                return refused.status

    assert asyncio.run(dial("https://evil.example")) == 403
    assert asyncio.run(dial(served.site)) == 101


def test_the_page_asks_nobody_else_and_no_page_can_hold_it(fetch, cookie):
    _, headers, text = fetch("/", Cookie=cookie)
    assert not re.search(r"(?:https?:)?//\w", text)
    assert "<script>" not in text
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/static/", "/static", "/static/js", "/static/../server.py", "/static/%2e%2e/server.py", "/etc/passwd"]
)
def test_no_file_is_served_but_those_of_the_page(fetch, cookie, path):
    status, _, text = fetch(path, Cookie=cookie)
    assert status in (403, 404)
    assert "textual" not in text


# --- the reader in it ------------------------------------------------------------------------------------------------


@LINUX
def test_each_page_is_a_reader_of_its_own_that_ends_with_it(own):
    async def read() -> None:
        async with page(own) as one, page(own) as other:
            await one.until(HEADLINE)
            await other.until(HEADLINE)
            readers.extend(own.readers())
            await other.press("Q")
            async with asyncio.timeout(20):
                while (await other.socket.receive()).type != aiohttp.WSMsgType.CLOSE:
                    pass

    readers: list[int] = []
    asyncio.run(read())
    assert len(readers) == 2
    assert all(map(gone, readers))
    assert own.process.poll() is None


@LINUX
def test_the_reader_and_the_commands_it_runs_never_see_the_token(command, tmp_path):
    async def read(served: Served) -> int:
        async with page(served) as one:
            await one.until(HEADLINE)
            (reader,) = served.readers()
            around = await asyncio.to_thread(Path(f"/proc/{reader}/environ").read_bytes)
            assert b"TEXTUAL_DRIVER" in around
            assert b"of-mine" not in around
            return reader

    with serving(command, tmp_path, NEWSREADER_TOKEN="a-long-token-of-mine") as served:
        assert served.token == "a-long-token-of-mine"
        asyncio.run(read(served))


def test_what_is_opened_and_copied_goes_to_the_browser_and_not_to_the_machine_that_serves(served):
    async def read() -> tuple[list[str], bytes]:
        async with page(served) as one, asyncio.timeout(30):
            await one.until(HEADLINE)
            await one.press("\r")
            await one.until(ADDRESS)
            await one.press("y")
            copied = b""
            while b"\x1b]52;c;" not in copied:
                message = await one.socket.receive()
                if message.type == aiohttp.WSMsgType.BINARY:
                    copied += message.data
            await one.press("o")
            while (message := await one.socket.receive()).type != aiohttp.WSMsgType.TEXT:
                pass
            return json.loads(message.data), copied

    (what, given), copied = asyncio.run(read())
    assert what == "open_url"
    assert given["url"].startswith("https://post.example/")
    found = re.search(rb"\x1b]52;c;([\w+/=]*)", copied)
    assert found
    assert base64.b64decode(found[1]).decode() == given["url"]


def test_only_addresses_of_the_web_are_opened():
    from reader.cli.web import _Session

    sent: list[str] = []

    class Socket:
        async def send_str(self, words: str) -> None:
            sent.append(words)

        send_bytes = close = send_str

    class Home:
        command, download_manager = "", None

    session = _Session([], Socket(), Home())  # type: ignore[arg-type]
    for url in ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https://example.org/"):
        asked = json.dumps({"type": "open_url", "url": url, "new_tab": False})
        asyncio.run(session.on_meta(asked.encode()))
    assert [json.loads(words)[1]["url"] for words in sent] == ["https://example.org/"]


@LINUX
def test_there_are_four_readers_at_most(own):
    async def read() -> None:
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(4):
                await stack.enter_async_context(page(own))
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await stack.enter_async_context(page(own))
            assert refused.value.status == 503
            client = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))
            async with client.get(own.address) as answer:
                assert answer.status == 503
                assert "open already" in await answer.text()
            assert len(own.readers()) == 4

    asyncio.run(read())


@LINUX
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=lambda ending: ending.name)
def test_no_reader_outlives_the_server(own, ending):
    async def read() -> list[int]:
        async with page(own) as one:
            await one.until(HEADLINE)
            readers = own.readers()
            own.process.send_signal(ending)
            await asyncio.to_thread(own.process.wait, 10)
            return readers

    readers = asyncio.run(read())
    assert readers
    assert all(map(gone, readers))
    assert own.process.returncode == (-signal.SIGKILL if ending == signal.SIGKILL else 0)


@LINUX
def test_a_reader_that_hangs_is_ended_all_the_same(own):
    async def read() -> list[int]:
        async with page(own) as one:
            await one.until(HEADLINE)
            readers = own.readers()
            os.kill(readers[0], signal.SIGSTOP)
            return readers

    assert all(map(gone, asyncio.run(read())))


def test_nonsense_ends_the_page_and_not_the_server(served, fetch, cookie):
    async def send(words: str) -> None:
        async with page(served) as one:
            await one.socket.send_str(words)
            async with asyncio.timeout(20):
                while (await one.socket.receive()).type not in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED):
                    pass

    for words in ("{", '["stdin"]'):
        asyncio.run(send(words))
    assert fetch("/", Cookie=cookie)[0] == 200


# --- how it begins ---------------------------------------------------------------------------------------------------


def test_the_token_can_be_given(command, tmp_path):
    with serving(command, tmp_path, NEWSREADER_TOKEN="a long token of mine/&") as served:
        assert served.token == "a%20long%20token%20of%20mine%2F%26"
    done = subprocess.run(
        command, env=environment(tmp_path) | {"NEWSREADER_TOKEN": "short"}, capture_output=True, timeout=30
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"NEWSREADER_TOKEN is too short" in done.stderr


def test_others_on_the_network_are_warned_of(command, tmp_path):
    for host, warned in (("127.0.0.1", False), ("0.0.0.0", True)):
        with serving(command, tmp_path, "--host", host) as served:
            served.process.terminate()
            _, said = served.process.communicate(timeout=10)
        assert ("no TLS" in said) == warned
        assert "Traceback" not in said


def test_what_keeps_it_from_beginning_is_told_at_once(command, library, tmp_path):
    import sqlite3

    def told(*options: str) -> tuple[int, str]:
        done = subprocess.run(
            [*command, *options], env=environment(tmp_path), capture_output=True, text=True, timeout=30
        )
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) == 1 or done.returncode == 2
        return done.returncode, done.stderr

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, words = told("--port", str(port))
        assert code == 1
        assert f"127.0.0.1 port {port} can't be used" in words
    assert told("--host", "no-such-host.invalid")[0] == 1
    for wrong in ("x", "-1", "65536", "²"):
        assert told(f"--port={wrong}")[0] == 2
    (tmp_path / "config.toml").write_text("[nonsense]\n")
    assert told()[0] == 2
    (tmp_path / "config.toml").write_text("")
    with contextlib.closing(sqlite3.connect(library)) as db:
        db.execute("PRAGMA user_version = 9999")
    assert told()[0] == 4


# --- in a real browser -----------------------------------------------------------------------------------------------


class Browser:
    """Chromium, spoken to by its DevTools protocol."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._asked = 0
        self._answers: dict[int, asyncio.Future[dict]] = {}
        self.session = ""
        self.page: Page | None = None
        self.asked_for: list[str] = []
        self.listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for message in self._socket:
            said = json.loads(message.data)
            match said.get("method"):
                case None:
                    self._answers.pop(said["id"]).set_result(said)
                case "Network.webSocketCreated":
                    width, height = re.findall(r"(?:width|height)=(\d+)", said["params"]["url"])
                    self.page = Page(self._socket, int(width), int(height))
                case "Network.webSocketFrameReceived" if said["params"]["response"]["opcode"] == 2 and self.page:
                    self.page.feed(base64.b64decode(said["params"]["response"]["payloadData"]))
                case "Network.requestWillBeSent":
                    self.asked_for.append(said["params"]["request"]["url"])

    async def do(self, method: str, **given: object) -> dict:
        self._asked += 1
        answer = self._answers[self._asked] = asyncio.get_running_loop().create_future()
        to = {"sessionId": self.session} if self.session else {}
        await self._socket.send_json({"id": self._asked, "method": method, "params": given, **to})
        said = await answer
        assert "error" not in said, said
        return said["result"]

    async def value(self, script: str) -> object:
        return (await self.do("Runtime.evaluate", expression=script, returnByValue=True))["result"].get("value")

    async def shows(self, words: str) -> None:
        while self.page is None or words not in self.page.shown():
            assert not self.listening.done()
            await asyncio.sleep(0.05)

    async def picture(self) -> bytes:
        return base64.b64decode((await self.do("Page.captureScreenshot"))["data"])

    async def click(self, words: str) -> None:
        """Click a place in the terminal by what stands there."""
        assert self.page is not None
        screen = self.page.screen
        lines = self.page.shown().splitlines()
        row = next(at for at, line in enumerate(lines) if words in line)
        box = json.loads(
            str(await self.value("JSON.stringify(document.querySelector('.xterm-screen').getBoundingClientRect())"))
        )
        x = box["left"] + box["width"] * (lines[row].index(words) + 0.5) / screen.columns
        y = box["top"] + box["height"] * (row + 0.5) / screen.lines
        for kind in ("mousePressed", "mouseReleased"):
            await self.do("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)


@asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[Browser]:
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]
    flags += ["--window-size=1200,800", "--remote-debugging-port=0", f"--user-data-dir={folder}"]
    assert CHROMIUM
    process = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *flags,
        "about:blank",
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ | {"HOME": str(folder)},
    )
    try:
        assert process.stderr is not None
        async for line in process.stderr:
            if found := re.search(rb"listening on (ws://\S+)", line):
                break
        async with (
            aiohttp.ClientSession() as client,
            client.ws_connect(found[1].decode(), max_msg_size=0) as socket,
        ):
            browser = Browser(socket)
            target = await browser.do("Target.createTarget", url="about:blank")
            attached = await browser.do("Target.attachToTarget", targetId=target["targetId"], flatten=True)
            browser.session = attached["sessionId"]
            for domain in ("Page", "Network", "Runtime"):
                await browser.do(f"{domain}.enable")
            yield browser
        await browser.listening
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


@pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here")
def test_in_a_browser_headlines_are_shown_and_a_click_opens_an_article(served, tmp_path):
    image = pytest.importorskip("PIL.Image")

    async def read() -> tuple[bytes, bytes, list[str], object]:
        async with asyncio.timeout(60), chromium(tmp_path / "chromium") as browser:
            await browser.do("Page.navigate", url=served.address)
            await browser.shows(HEADLINE)
            await browser.value("new Promise(done => setTimeout(done, 500))")
            before = await browser.picture()
            await browser.click(HEADLINE)
            await browser.shows(ADDRESS)
            return before, await browser.picture(), browser.asked_for, await browser.value("location.href")

    before, after, asked_for, address = asyncio.run(read())
    for taken in (before, after):
        picture = image.open(io.BytesIO(taken)).convert("L")
        assert len(picture.getcolors(256)) > 10, "letters have many shades, a blank page has one"
    assert before != after
    assert address == f"{served.site}/"
    assert all(url.startswith((served.site, "data:", "ws://127.0.0.1")) for url in asked_for), asked_for
    if keep := os.environ.get("KEEP_PICTURES"):
        Path(keep, "before.png").write_bytes(before)
        Path(keep, "after.png").write_bytes(after)
