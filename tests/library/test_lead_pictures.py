"""Articles' pictures from real bytes over loopback, drawn anew by real workers, and kept."""

import io
import os
import socket
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from hostile_server import HostileServer, drip, reply
from PIL import Image, ImageDraw
from press import SETTINGS, Clock, redirect

from reader.config import Settings
from reader.library.answers import LibraryError
from reader.library.library import Library
from reader.library.pictures import PictureError, Pictures, redrawn
from reader.model import Picture


def picture(size: tuple[int, int] = (1200, 600), mode: str = "RGB") -> Image.Image:
    """Red to the left, blue to the right."""
    image = Image.new("RGB", size, "red")
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill="blue")
    return image.convert(mode)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def opened(body: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(body))
    image.load()
    return image


def is_near(pixel: tuple[int, ...], colour: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 24 for one, other in zip(pixel, colour, strict=True))


RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


# --- drawn anew ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_each_kind_of_the_web_becomes_a_small_webp(kind):
    image = opened(redrawn(encoded(picture(), kind)))
    assert (image.format, image.size, image.mode) == ("WEBP", (960, 480), "RGB")
    assert is_near(image.getpixel((20, 240)), RED)
    assert is_near(image.getpixel((940, 240)), BLUE)


@pytest.mark.parametrize("mode", ["P", "L", "1", "RGBA", "LA", "I;16"])
def test_every_mode_of_a_png_is_read(mode):
    image = Image.new("I;16", (400, 300), 40_000) if mode == "I;16" else picture((400, 300), mode)
    drawn = opened(redrawn(encoded(image, "PNG")))
    assert (drawn.size, drawn.mode) == ((400, 300), "RGB")
    if mode == "I;16":
        assert is_near(drawn.getpixel((9, 9)), (156, 156, 156)), "the upper half of its 16 bits"


def test_a_jpeg_for_print_is_read():
    assert is_near(opened(redrawn(encoded(picture(mode="CMYK"), "JPEG"))).getpixel((20, 240)), RED)


@pytest.mark.parametrize(("size", "most"), [((3000, 300), (960, 96)), ((300, 3000), (72, 720)), ((90, 60), (90, 60))])
def test_it_is_made_to_fit_and_never_larger(size, most):
    assert opened(redrawn(encoded(picture(size), "PNG"))).size == most


def test_a_photograph_taken_on_its_side_is_put_upright_and_says_no_more_where_it_was_taken():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "my garden"
    drawn = redrawn(encoded(picture((800, 400)), "JPEG", exif=exif))
    image = opened(drawn)
    assert image.size == (360, 720)
    assert is_near(image.getpixel((180, 20)), RED)
    assert not image.getexif()
    assert b"garden" not in drawn


def test_holes_are_white_as_the_page_is():
    image = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    assert is_near(opened(redrawn(encoded(image, "PNG"))).getpixel((50, 50)), WHITE)


def test_of_one_that_moves_the_first_frame_is_shown():
    frames = [Image.new("RGB", (200, 100), colour) for colour in ("red", "blue")]
    for kind in ("GIF", "WEBP"):
        moving = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
        assert is_near(opened(redrawn(moving)).getpixel((50, 50)), RED), kind


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html><body>Not found</body></html>", "it is no picture of a kind that is shown here"),
        (b"", "it is no picture of a kind that is shown here"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "it is no picture of a kind that is shown here"),
        (encoded(picture(), "BMP"), "it is no picture of a kind that is shown here"),
        (encoded(picture(), "PNG")[:400], "it is broken"),
        (encoded(picture(), "JPEG")[:2000], "it is broken"),
        (encoded(picture(), "WEBP")[:200], "it is broken"),
        (bomb(6_000, 5_001), "it has more than 30 million pixels"),
        (bomb(60_000, 60_000), "it has more than 30 million pixels"),
        (encoded(picture((1, 1)), "GIF"), "it is too small to be seen"),
        (encoded(picture((600, 2)), "PNG"), "it is too small to be seen"),
    ],
)
def test_what_can_not_be_shown_says_why(body, why):
    with pytest.raises(PictureError) as refused:
        redrawn(body)
    assert str(refused.value) == why


# --- fetched and kept ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "pictures"


@pytest.fixture
def begin(tmp_path: Path, clock: Clock, folder: Path) -> Iterator[Callable[..., Library]]:
    with ExitStack() as running:

        def begin(pictures: Path | None = folder) -> Library:
            path = tmp_path / "library.sqlite"
            return running.enter_context(Library(path, settings=SETTINGS, pictures=pictures, now=clock))

        yield begin


def said(library: Library, url: str) -> str:
    with pytest.raises(LibraryError) as refused:
        library.pictures.fetch(Picture(url=url))
    return str(refused.value)


def test_a_picture_is_asked_for_once_and_there_when_its_server_is_not(begin, server, folder):
    server.routes["/a.jpg"] = reply(body=encoded(picture(), "JPEG"), headers=["Content-Type: image/jpeg"])
    lead = Picture(url=server.url("/a.jpg"))
    first = begin().pictures.fetch(lead)
    assert opened(first).size == (960, 480)
    (asked,) = server.asked
    assert (asked.header("Accept") or "").startswith("image/")
    assert asked.header("Cookie") is asked.header("Authorization") is None
    (kept,) = folder.iterdir()
    assert kept.read_bytes() == first
    assert (kept.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    server.__exit__()
    assert begin().pictures.fetch(lead) == first


def test_a_redirect_is_followed(begin, server):
    server.routes["/a"] = redirect(302, "/b.png")
    server.routes["/b.png"] = reply(body=encoded(picture(), "PNG"))
    assert opened(begin().pictures.fetch(Picture(url=server.url("/a")))).size == (960, 480)


def test_hostile_answers_are_one_sentence_each_and_nothing_of_them_is_kept(begin, server, folder):
    library, url = begin(), server.url
    server.routes |= {
        "/page": reply(body=b"<html>Sorry</html>", headers=["Content-Type: image/png"]),
        "/bomb": reply(body=bomb(60_000, 60_000)),
        "/cut": reply(body=encoded(picture(), "PNG")[:400]),
        "/huge": reply(body=encoded(picture(), "PNG") + bytes(8 * 10**6)),
        "/away": redirect(302, "ftp://elsewhere.example/a.png"),
    }
    for path, why in {
        "/none": "the server answered 404 Not Found",
        "/page": "it is no picture of a kind that is shown here",
        "/bomb": "it has more than 30 million pixels",
        "/cut": "it is broken",
        "/huge": "it is larger than 8 MB",
        "/away": "the address that the server redirects to must begin with http: or https:, not ftp:",
    }.items():
        assert said(library, url(path)) == f"The picture at {url(path)} can't be shown: {why}."
    assert not folder.exists()


@pytest.mark.scorecard(13)
def test_an_address_of_the_persons_own_network_is_not_asked(tmp_path, clock, server):
    server.routes["/a.png"] = reply(body=encoded(picture(), "PNG"))
    with Library(tmp_path / "library.sqlite", settings=Settings(), now=clock) as library:
        said(library, server.url("/a.png"))
    assert server.connections == 0


def test_a_password_in_the_address_is_not_shown(begin, server):
    assert "secret" not in said(begin(), server.url("/none").replace("http://", "http://me:secret@"))


@pytest.mark.scorecard("H9")
def test_a_server_that_asks_to_be_left_alone_is(begin, server):
    library = begin()
    server.routes["/a.png"] = reply("429 Too Many Requests", headers=["Retry-After: 3600"])
    assert "429" in said(library, server.url("/a.png"))
    assert "asked to be left alone until" in said(library, server.url("/b.png"))
    assert server.targets() == ["/a.png"]


def test_closing_the_library_ends_the_wait_for_one(begin, server):
    library, asked = begin(), threading.Event()

    def slow(server: HostileServer, connection: socket.socket) -> None:
        asked.set()
        drip(server, connection)

    server.routes["/slow"] = slow
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(said, library, server.url("/slow"))
        assert asked.wait(10)
        library.stop()
        assert waiting.result(timeout=10) == "It was broken off, for the library is being closed."


def test_without_a_folder_a_picture_is_shown_and_not_kept(begin, server, tmp_path):
    server.routes["/a.png"] = reply(body=encoded(picture(), "PNG"))
    library = begin(pictures=None)
    before = {path for path in tmp_path.rglob("*") if "sqlite" not in path.name}
    for _ in range(2):
        library.pictures.fetch(Picture(url=server.url("/a.png")))
    assert server.targets() == ["/a.png"] * 2
    assert {path for path in tmp_path.rglob("*") if "sqlite" not in path.name} == before


def test_a_folder_that_can_not_be_written_costs_nothing_but_asking_again(begin, server, folder):
    folder.parent.mkdir()
    folder.write_text("in the way")
    server.routes["/a.png"] = reply(body=encoded(picture(), "PNG"))
    assert begin().pictures.fetch(Picture(url=server.url("/a.png")))
    assert folder.read_text() == "in the way"


def test_those_not_looked_at_for_longest_make_room(begin, server, folder):
    library = begin()
    leads = {}
    for number, name in enumerate("abcd"):
        server.routes[f"/{name}"] = reply(body=encoded(Image.new("RGB", (64, 64), (60 * number, 0, 0)), "PNG"))
        leads[name] = Picture(url=server.url(f"/{name}"))
    for age, name in enumerate("abc"):
        before = set(folder.glob("*"))
        size = len(library.pictures.fetch(leads[name]))
        (kept,) = set(folder.glob("*")) - before
        os.utime(kept, (age, age))  # a clock that ticks too slowly for a test
    few = Pictures(folder, fetch=library._fetch, work=library._work, most=3 * size + size // 2)
    few.fetch(leads["a"])
    few.fetch(leads["d"])
    assert len(list(folder.iterdir())) == 3
    server.asked.clear()
    for name in "acdb":
        few.fetch(leads[name])
    assert server.targets() == ["/b"]


def test_starting_the_library_loads_no_decoder():

    code = (
        "import sys, reader.library.library, reader.library.steps; print({'PIL', 'textual_image'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "set()", done.stderr
