"""A feed and a page whose every field tries to reach the terminal or the app."""

import pytest
from hostile_server import HostileServer, reply
from terminal import Terminal, newsreader

from reader.library.library import Library
from reader.tui.screens.reading import ReadingScreen

MARKUP = "[/foo] [/ [bold] [@click=app.quit_now]press[/] [red]x"
ESCAPES = "A\x9b31mB\u202eC\u2066D&#27;]52;c;aGFja2Vk&#7;E&#27;[31mF&#x9b;5mG&#27;[?1049lH"
PLANTED = (b"\x1b]52;c;aGFja2Vk", b"\x1b[31mF", "\x9b".encode(), "\u202e".encode(), "\u2066".encode())


def words(kind: str) -> str:
    return f"{kind} {MARKUP} {ESCAPES}"


@pytest.fixture
def server():
    with HostileServer() as server:
        page = (
            f"<html><head><title>{words('T')}</title><meta property='og:site_name' content='{words('S')}'>"
            f"<meta name='author' content='{words('By')}'></head><body><article><h1>{words('T')}</h1>"
            + f"<p>“{words('quoted')},” said {words('Speaker')}, who spoke for an hour and said much more.</p>" * 6
            + f"<p>According to {words('Office')}, 31 people were there, and all saw it.</p></article></body></html>"
        )
        feed = (
            f"<rss version='2.0'><channel><title>{words('Feed')}</title>"
            + "".join(
                f"<item><title>{words(f'Item {n}')}</title><link>{server.url(f'/page{n}')}</link><guid>{n}</guid>"
                f"<author>{words('Author')}</author><description>{words('Summary')}</description></item>"
                for n in range(3)
            )
            + "</channel></rss>"
        )
        server.routes |= {
            f"/page{n}": reply(body=page.encode(), headers=["Content-Type: text/html; charset=utf-8"]) for n in range(3)
        }
        server.routes["/feed"] = reply(body=feed.encode(), headers=["Content-Type: application/rss+xml; charset=utf-8"])
        server.routes["/broken"] = reply(f"500 {MARKUP}")
        yield server


@pytest.mark.anyio
async def test_nothing_of_theirs_is_markup_on_any_screen(start, empty_library: Library, server):
    empty_library.feeds.add(server.url("/feed"))
    empty_library.store.add_feed(
        server.url("/broken"), title=words("Broken"), site=None, folder=MARKUP, now=empty_library.now()
    )
    async with start(on=empty_library, refresh=True) as reader:
        assert any("500" in said for said in reader.said())
        await reader.press("enter")
        assert "[@click=app.quit_now]" in reader.article.opened.article.text
        assert "[/foo]" in reader.shown()
        await reader.press(
            "right_square_bracket", "s", "tab", "tab", "tab", "escape", "3", "escape", "4", "d", "u", "y", "enter"
        )
        assert isinstance(reader.app.screen, ReadingScreen)
        await reader.press("slash", *"[/foo]", "enter", "escape", "question_mark", "escape")
        for x in range(0, 160, 7):
            await reader.pilot.click(offset=(x, 2))
            await reader.settle()
        assert reader.app.is_running


def test_no_foreign_byte_reaches_the_terminal(tmp_path, server):
    (tmp_path / "config.toml").write_text('[network]\nallow_private = ["127.0.0.0/8"]\n')
    options = ("--library", str(tmp_path / "l.sqlite"), "--config", str(tmp_path / "config.toml"))
    added = newsreader("add", server.url("/feed"), *options, home=tmp_path)
    listed = newsreader("list", *options, home=tmp_path)
    assert added.returncode == listed.returncode == 0
    with Terminal(*options, home=tmp_path, size=(140, 40)) as terminal:
        terminal.until("Item 2")
        terminal.press("enter")
        terminal.until(lambda shown: "Claims 1" in shown or "Claims 2" in shown or "quoted" in shown)
        terminal.press("]", "s")
        terminal.until("Saved: ")
        terminal.press("4")
        terminal.until("Saved · 1")
        terminal.press("Q")
        assert terminal.wait() == 0
    for output in (terminal.output, added.stdout, added.stderr, listed.stdout):
        for planted in PLANTED:
            assert planted not in output
    for output in (added.stdout, listed.stdout):
        assert b"\x1b" not in output
