"""A feed of an invented outlet, for the commands to be tried on."""

import html
from pathlib import Path

from hostile_server import HostileServer, reply
from terminal import newsreader

HEADERS = ["Content-Type: application/rss+xml", 'ETag: "one"']
FILL = "The harbour office keeps a list of every pier, and of who looks after it by day and by night. " * 6
ITEMS = {
    "bridge": ("Bridge closes", "The north bridge closed on Monday, after cracks were found in two piers. " + FILL),
    "ferry": ("Ferry café opens", "The café on the ferry serves coffee to all who cross the sound. " + FILL),
    "rates": ("Rates rise", "The bank raised its rate. Opinion is divided among the members of the board. " + FILL),
}


def feed(title: str, items: dict[str, tuple[str, str]], *, at: str = "https://post.example") -> bytes:
    entries = "".join(
        f"<item><title>{words}</title><link>{at}/{name}</link><guid>{at}/{name}</guid>"
        f"<pubDate>Thu, 12 Nov 2026 0{number}:00:00 GMT</pubDate>"
        f"<description>{html.escape(f'<p>{text}</p>')}</description></item>"
        for number, (name, (words, text)) in enumerate(items.items(), 1)
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{entries}</channel></rss>'.encode()


def harbour_post() -> bytes:
    return reply(body=feed("The Harbour Post", ITEMS), headers=HEADERS)


def filled(home: Path) -> bytes:
    """A library that follows two feeds, whose servers are no more."""
    config = home / "config.toml"
    config.write_text('[network]\nallow_private = ["127.0.0.0/8"]\n')
    path = home / "made.sqlite"
    with HostileServer() as server:
        server.routes["/post"] = harbour_post()
        server.routes["/courier"] = reply(
            body=feed(
                "Courier", {"pier": ("Pier sold", "The old pier was sold. " + FILL)}, at="https://courier.example"
            )
        )
        for name, folder in (("/post", "World"), ("/courier", "")):
            options = ("--folder", folder, "--library", str(path), "--config", str(config))
            done = newsreader("add", server.url(name), *options, home=home)
            assert done.returncode == 0, done.stderr.decode()
    return path.read_bytes()
