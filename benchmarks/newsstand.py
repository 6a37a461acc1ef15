"""A newsstand for benchmarks: feeds made by a seeded script, served on loopback.

    python benchmarks/newsstand.py FOLDER [--feeds 1000] [--entries 30]     # makes them, prints how much

The words are invented and drawn by Zipf's law, so that an index over them has common and rare ones like a real one;
entries carry their full text in content:encoded, in paragraphs with links, as most feeds of blogs do.
"""

import argparse
import asyncio
import contextlib
import hashlib
import random
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from itertools import accumulate
from pathlib import Path

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
_WORDS = 40_000
_HOSTS = 250
"""Loopback addresses that the feeds are spread over, four of a thousand on each."""


class Writer:
    """Writes articles in invented words, always the same from one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._draw = random.Random(seed)
        starts = "b br d f g k l m n p pr r s st t tr v".split()  # noqa: SIM905
        middles, ends = "aeiou", "n r s l m t nd st".split()  # noqa: SIM905
        seen: dict[str, None] = {}
        while len(seen) < _WORDS:
            parts = self._draw.choices((1, 2, 3), (3, 5, 3))[0]
            word = "".join(self._draw.choice(starts) + self._draw.choice(middles) for _ in range(parts))
            seen[word + self._draw.choice(["", *ends])] = None
        self.words = list(seen)
        self._weights = list(accumulate(1 / rank for rank in range(1, _WORDS + 1)))
        self._names = [word.capitalize() for word in self.words[500:4_500]]

    def begin(self, part: object) -> None:
        """Write from here on what belongs to `part`, whatever was written before."""
        self._draw = random.Random(f"{self._seed} {part}")

    def _some(self, count: int) -> list[str]:
        return self._draw.choices(self.words, cum_weights=self._weights, k=count)

    def title(self) -> str:
        """A headline of some eight words, two of them names."""
        return " ".join([*self._draw.sample(self._names, 2), *self._some(6)])

    def paragraphs(self, characters: int) -> list[str]:
        """Paragraphs of sentences, of so many characters in all."""
        found, left = [], characters
        while left > 0:
            sentences = []
            for _ in range(self._draw.randint(2, 5)):
                words = self._some(self._draw.randint(8, 22))
                words[self._draw.randrange(len(words))] = self._draw.choice(self._names)
                sentences.append(" ".join(words).capitalize() + ".")
            found.append(" ".join(sentences))
            left -= len(found[-1])
        return found


def feed(number: int, writer: Writer, entries: int) -> bytes:
    """One RSS feed, of some 110 KB at thirty entries."""
    items = []
    for one in range(entries):
        link = f"https://outlet{number}.example/{NOW:%Y}/{number}-{one}"
        paragraphs = writer.paragraphs(2_400)
        body = "".join(f'<p>{paragraph} <a href="{link}/more">Read</a></p>\n' for paragraph in paragraphs)
        when = NOW - timedelta(minutes=47 * one + number % 47)
        items.append(
            f"<item><title>{writer.title()}</title><link>{link}</link><guid isPermaLink='true'>{link}</guid>"
            f"<pubDate>{format_datetime(when)}</pubDate><dc:creator>{writer.title()[:20]}</dc:creator>"
            f"<description>{escape(paragraphs[0][:200])}…</description><content:encoded><![CDATA[{body}]]></content:encoded></item>"
        )
    return (
        "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'"
        " xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
        f"<title>Outlet {number}</title><link>https://outlet{number}.example/</link><description>Made up</description>"
        + "\n".join(items)
        + "</channel></rss>"
    ).encode()


def make(folder: Path, *, feeds: int, entries: int, seed: int = 11) -> list[Path]:
    """The feeds as files, made where they are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number}.xml" for number in range(feeds)]
    writer = Writer(seed)
    for number, path in enumerate(paths):
        if not path.exists():
            writer.begin(number)  # so that it is the same feed, whichever are there already
            path.write_bytes(feed(number, writer, entries))
    return paths


class Newsstand:
    """Serves files over HTTP/1.1 on every loopback address, from a thread of its own; counts what was asked."""

    def __init__(self, paths: list[Path], *, validators: bool = True) -> None:
        self._bodies = [b""] * len(paths)
        self._etags = [""] * len(paths)
        for number, path in enumerate(paths):
            self.carry(number, path.read_bytes())
        self.validators = validators
        """Whether answers bear validators and heed them; may change while it serves."""
        self.full = self.unchanged = 0
        self._loop = asyncio.new_event_loop()
        self._socket = socket.create_server(("0.0.0.0", 0), backlog=1024)
        self.port = self._socket.getsockname()[1]

    def carry(self, number: int, body: bytes) -> None:
        """Serve something else as one of the feeds from now on."""
        self._bodies[number], self._etags[number] = body, f'"{hashlib.md5(body).hexdigest()}"'

    @property
    def urls(self) -> list[str]:
        """The addresses of the feeds, spread over many hosts."""
        return [
            f"http://127.0.{number % _HOSTS // 100 + 1}.{number % _HOSTS % 100 + 1}:{self.port}/{number}.xml"
            for number in range(len(self._bodies))
        ]

    @contextlib.contextmanager
    def open(self) -> Iterator["Newsstand"]:
        """Serve until the block is left."""
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()

    def _run(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._answer, sock=self._socket))
        self._loop.run_forever()
        server.close()
        for conversation in (left := asyncio.all_tasks(self._loop)):
            conversation.cancel()
        if left:
            self._loop.run_until_complete(asyncio.wait(left))
        self._loop.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError), contextlib.closing(writer):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                number = int(head.split(" ", 2)[1].strip("/").removesuffix(".xml"))
                etag = self._etags[number]
                known = self.validators and f"if-none-match: {etag}" in head.lower()
                lines = [f"HTTP/1.1 {'304 Not Modified' if known else '200 OK'}"]
                if self.validators:
                    lines.append(f"ETag: {etag}")
                body = b"" if known else self._bodies[number]
                self.unchanged += known
                self.full += not known
                lines += [] if known else [f"Content-Length: {len(body)}", "Content-Type: application/rss+xml"]
                closing = "connection: close" in head.lower()
                lines += ["Connection: close"] if closing else []
                writer.write("\r\n".join([*lines, "", ""]).encode() + body)
                await writer.drain()
                if closing:
                    break


def opml(urls: list[str]) -> bytes:
    """The feeds as a list of subscriptions."""
    outlines = "".join(f'<outline type="rss" text="Outlet {n}" xmlUrl="{url}"/>' for n, url in enumerate(urls))
    return f"<opml version='2.0'><head/><body>{outlines}</body></opml>".encode()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=30)
    given = parser.parse_args()
    made = make(given.folder, feeds=given.feeds, entries=given.entries)
    print(f"{len(made)} feeds, {sum(path.stat().st_size for path in made) / 1e6:.0f} MB")
