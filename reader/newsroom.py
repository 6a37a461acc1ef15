"""The demo newsroom: six invented outlets on loopback, with feeds and pages as real sites make them.

Everything it serves is written in `seeds/newsroom`: the outlets, their articles in plain text, one page template an
outlet. Articles state their age in hours, so the news is fresh whenever the demo is opened.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
import socketserver
import threading
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cached_property, partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from jinja2 import Environment

_FEED_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
_IMAGE_TYPES = {".svg": "image/svg+xml", ".webp": "image/webp"}
_HTML = "text/html; charset=utf-8"
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


def seeds_folder() -> Path:
    """Where the seeds are: inside the package when it is installed, beside it in a checkout."""
    here = Path(__file__).resolve().parent
    packaged = here / "seeds"
    return packaged if packaged.is_dir() else here.parent / "seeds"


# --- what is written -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An outlet as `outlets.toml` describes it."""

    key: str
    name: str
    title: str
    """The title of its feed."""
    about: str
    format: str
    full_text: bool
    language: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An article as its file states it."""

    id: str
    """The outlet's key and the file's name: "meridian/norrmark-rate-cut"."""
    title: str
    author: str
    hours: float
    """How long before now it was published."""
    story: str
    summary: str
    body: str
    image: str = ""
    caption: str = ""
    credit: str = ""
    pull: str = ""
    """Words of the text to set apart from it."""
    wire: str = ""
    """The id of the agency's piece that this one copies."""
    related: tuple[str, ...] = ()
    """File names of other pieces of the outlet."""

    @property
    def outlet(self) -> str:
        """The key of the outlet."""
        return self.id.partition("/")[0]


class Block(NamedTuple):
    """A paragraph-like piece of a body: `paragraph`, `heading`, `quote` or `list`, and its words as HTML."""

    kind: str
    html: str


def read_outlets(folder: Path) -> dict[str, Outlet]:
    """The outlets of a newsroom folder by key."""
    tables = tomllib.loads((folder / "outlets.toml").read_text(encoding="utf-8"))
    return {key: Outlet(key=key, **table) for key, table in tables.items()}


def read_pieces(folder: Path) -> dict[str, Piece]:
    """The articles of a newsroom folder by id, newest first."""
    pieces = [_read_piece(path) for path in (folder / "articles").glob("*/*.md")]
    return {piece.id: piece for piece in sorted(pieces, key=lambda piece: (piece.hours, piece.id))}


def _read_piece(path: Path) -> Piece:
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    fields = tomllib.loads(front)
    fields["related"] = tuple(fields.get("related", ()))
    return Piece(id=f"{path.parent.name}/{path.stem}", body=body.strip(), **fields)


def blocks(body: str, base: str = "") -> Iterator[Block]:
    """The blocks of a body; links that begin with a slash are put behind `base`."""

    def inline(text: str) -> str:
        link = rf'<a href="{base}\2">\1</a>'
        return _LINK.sub(link, html.escape(" ".join(text.split()), quote=False))

    for chunk in re.split(r"\n\s*\n", body):
        if chunk.startswith("## "):
            yield Block("heading", inline(chunk[3:]))
        elif chunk.startswith("> "):
            yield Block("quote", inline(chunk.replace("\n> ", "\n")[2:]))
        elif chunk.startswith("- "):
            yield Block("list", "".join(f"<li>{inline(item)}</li>" for item in chunk[2:].split("\n- ")))
        else:
            yield Block("paragraph", inline(chunk))


# --- what is served --------------------------------------------------------------------------------------------------


class _Page:
    """A body with what its reply has to say about it."""

    def __init__(self, kind: str, body: str | bytes, modified: datetime) -> None:
        self.kind = kind
        self.body = body.encode() if isinstance(body, str) else body
        self.modified = format_datetime(modified, usegmt=True)
        # Weak, because the same tag stands for the plain and the compressed body.
        self.etag = f'W/"{hashlib.sha256(self.body).hexdigest()[:16]}"'


class _Site:
    """Every page of the newsroom by path, rendered when first asked for.

    Nothing of a request ever becomes a file name: a path is one of those known beforehand, or not found.
    """

    def __init__(self, folder: Path, now: datetime, url: str) -> None:
        self._folder = folder
        self._now = now.astimezone(UTC).replace(microsecond=0)
        self._url = url
        self.outlets = read_outlets(folder)
        self._pieces = read_pieces(folder)
        self._made: dict[str, _Page] = {}
        self._routes: dict[str, Callable[[], _Page]] = {"/": self._front}
        for outlet in self.outlets.values():
            self._routes[f"/{outlet.key}/"] = partial(self._outlet_front, outlet)
            self._routes[f"/{outlet.key}/{outlet.path}"] = partial(self._feed, outlet)
        for piece in self._pieces.values():
            self._routes[f"/{piece.id}"] = partial(self._article, piece)
        for image in [*folder.glob("static/*.svg"), *folder.glob("pictures/*.webp")]:
            self._routes[f"/{image.parent.name}/{image.name}"] = partial(self._image, image)

    def __contains__(self, path: str) -> bool:
        return path in self._routes

    def page(self, path: str) -> _Page:
        """The page at a known path; two threads that ask at once make the same one twice."""
        if path not in self._made:
            self._made[path] = self._routes[path]()
        return self._made[path]

    def missing(self) -> _Page:
        """What is shown for an address that leads nowhere."""
        return self._render("missing.html", self._now)

    def feed_url(self, outlet: Outlet) -> str:
        """The address of an outlet's feed."""
        return f"{self._url}/{outlet.key}/{outlet.path}"

    def _of(self, outlet: Outlet) -> list[Piece]:
        return [piece for piece in self._pieces.values() if piece.outlet == outlet.key]

    def _published(self, piece: Piece) -> datetime:
        return self._now - timedelta(hours=piece.hours)

    # Pages

    @cached_property
    def _templates(self) -> Environment:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        return Environment(
            autoescape=True,
            loader=FileSystemLoader(self._folder / "templates"),
            lstrip_blocks=True,
            trim_blocks=True,
            undefined=StrictUndefined,
        )

    def _render(self, template: str, modified: datetime, **context: object) -> _Page:
        text = self._templates.get_template(template).render(context, site=self._url)
        return _Page(_HTML, text, modified)

    def _front(self) -> _Page:
        fronts = [{"outlet": outlet, "feed": self.feed_url(outlet)} for outlet in self.outlets.values()]
        return self._render("front.html", self._now, fronts=fronts)

    def _outlet_front(self, outlet: Outlet) -> _Page:
        pieces = self._of(outlet)
        return self._render(
            "outlet.html",
            self._published(pieces[0]),
            outlet=outlet,
            feed=self.feed_url(outlet),
            feed_type=_FEED_TYPES[outlet.format],
            pieces=[self._card(piece) for piece in pieces],
        )

    def _article(self, piece: Piece) -> _Page:
        outlet = self.outlets[piece.outlet]
        others = [other for other in self._of(outlet) if other is not piece]
        related = [self._pieces[f"{outlet.key}/{name}"] for name in piece.related] or others[-2:]
        return self._render(
            f"{outlet.key}.html",
            self._published(piece),
            outlet=outlet,
            feed=self.feed_url(outlet),
            feed_type=_FEED_TYPES[outlet.format],
            piece=piece,
            url=f"{self._url}/{piece.id}",
            published=self._published(piece),
            blocks=list(blocks(piece.body)),
            related=[self._card(other) for other in related],
            latest=[self._card(other) for other in others[:5]],
        )

    def _card(self, piece: Piece) -> dict[str, object]:
        return {
            "title": piece.title,
            "summary": piece.summary,
            "url": f"/{piece.id}",
            "published": self._published(piece),
        }

    def _image(self, path: Path) -> _Page:
        return _Page(_IMAGE_TYPES[path.suffix], path.read_bytes(), self._now)

    # Feeds

    def _feed(self, outlet: Outlet) -> _Page:
        pieces = self._of(outlet)
        write = {"rss": self._rss, "atom": self._atom, "json": self._json_feed}[outlet.format]
        kind = f"{_FEED_TYPES[outlet.format]}; charset=utf-8"
        return _Page(kind, write(outlet, pieces), self._published(pieces[0]))

    def _rss(self, outlet: Outlet, pieces: list[Piece]) -> str:
        """RSS 2.0 with the author as `dc:creator` and, for full text, the body as `content:encoded`."""
        root = ET.Element(
            "rss",
            {
                "version": "2.0",
                "xmlns:atom": "http://www.w3.org/2005/Atom",
                "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
                "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            },
        )
        channel = ET.SubElement(root, "channel")
        _add(channel, "title", outlet.title)
        _add(channel, "link", f"{self._url}/{outlet.key}/")
        _add(channel, "atom:link", href=self.feed_url(outlet), rel="self", type=_FEED_TYPES["rss"])
        _add(channel, "description", outlet.about)
        _add(channel, "language", outlet.language)
        _add(channel, "lastBuildDate", format_datetime(self._published(pieces[0]), usegmt=True))
        _add(channel, "ttl", "15")
        for piece in pieces:
            item = ET.SubElement(channel, "item")
            _add(item, "title", piece.title)
            _add(item, "link", f"{self._url}/{piece.id}")
            _add(item, "guid", _tag(piece.id), isPermaLink="false")
            _add(item, "pubDate", format_datetime(self._published(piece), usegmt=True))
            _add(item, "dc:creator", piece.author)
            _add(item, "description", piece.summary)
            if outlet.full_text:
                _add(item, "content:encoded", self._whole(piece))
        return _xml(root)

    def _atom(self, outlet: Outlet, pieces: list[Piece]) -> str:
        """Atom (RFC 4287)."""
        root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": outlet.language})
        _add(root, "id", _tag(f"{outlet.key}/"))
        _add(root, "title", outlet.title)
        _add(root, "subtitle", outlet.about)
        _add(root, "updated", self._published(pieces[0]).isoformat())
        _add(root, "link", rel="self", type=_FEED_TYPES["atom"], href=self.feed_url(outlet))
        _add(root, "link", rel="alternate", type="text/html", href=f"{self._url}/{outlet.key}/")
        for piece in pieces:
            entry = ET.SubElement(root, "entry")
            _add(entry, "id", _tag(piece.id))
            _add(entry, "title", piece.title)
            _add(entry, "link", rel="alternate", type="text/html", href=f"{self._url}/{piece.id}")
            _add(entry, "published", self._published(piece).isoformat())
            _add(entry, "updated", self._published(piece).isoformat())
            _add(ET.SubElement(entry, "author"), "name", piece.author)
            _add(entry, "summary", piece.summary, type="text")
            if outlet.full_text:
                _add(entry, "content", self._whole(piece), type="html")
        return _xml(root)

    def _json_feed(self, outlet: Outlet, pieces: list[Piece]) -> str:
        """JSON Feed 1.1, which wants a content in every item: the summary, where the feed has no more."""
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": outlet.title,
            "home_page_url": f"{self._url}/{outlet.key}/",
            "feed_url": self.feed_url(outlet),
            "description": outlet.about,
            "language": outlet.language,
            "items": [
                {
                    "id": _tag(piece.id),
                    "url": f"{self._url}/{piece.id}",
                    "title": piece.title,
                    "summary": piece.summary,
                    "date_published": self._published(piece).isoformat(),
                    "authors": [{"name": piece.author}],
                }
                | ({"content_html": self._whole(piece)} if outlet.full_text else {"content_text": piece.summary})
                for piece in pieces
            ],
        }
        return json.dumps(feed, ensure_ascii=False, indent=1)

    def _whole(self, piece: Piece) -> str:
        tags = {"paragraph": "p", "heading": "h2", "quote": "blockquote", "list": "ul"}
        return "\n".join(
            f"<{tags[block.kind]}>{block.html}</{tags[block.kind]}>" for block in blocks(piece.body, self._url)
        )


def _tag(path: str) -> str:
    """A tag URI (RFC 4151): an identity that outlives the port the newsroom happens to be on."""
    outlet, _, rest = path.partition("/")
    return f"tag:{outlet}.example,2025:{rest or outlet}"


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = text


def _xml(root: ET.Element) -> str:
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


# --- the server ------------------------------------------------------------------------------------------------------


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "Newsroom"
    sys_version = ""
    timeout = 10  # seconds of silence; a client that stalls holds nothing but its own thread

    def do_GET(self) -> None:
        site = self.server.site
        path = self.path.partition("?")[0]
        if path in site:
            page = site.page(path)
            if self._has(page):
                self._reply(HTTPStatus.NOT_MODIFIED, page)
            else:
                self._reply(HTTPStatus.OK, page)
        elif f"{path}/" in site:
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", f"{path}/")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._reply(HTTPStatus.NOT_FOUND, site.missing())

    do_HEAD = do_GET

    def _has(self, page: _Page) -> bool:
        """Whether the client's copy is this page; the tag goes before the date (RFC 9110, 13.2.2)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            ours = page.etag.removeprefix("W/")
            return any(tag.strip().removeprefix("W/") in (ours, "*") for tag in tags.split(","))
        # Dates are compared as strings, as nginx does: what counts is whether it is the one we sent.
        since: str | None = self.headers.get("If-Modified-Since")
        return since == page.modified

    def _reply(self, status: HTTPStatus, page: _Page) -> None:
        self.send_response(status)
        if status != HTTPStatus.NOT_FOUND:
            self.send_header("ETag", page.etag)
            self.send_header("Last-Modified", page.modified)
        self.send_header("Vary", "Accept-Encoding")
        if status == HTTPStatus.NOT_MODIFIED:
            self.end_headers()
            return
        body = page.body
        self.send_header("Content-Type", page.kind)
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the terminal belongs to the reader."""


class _Server(ThreadingHTTPServer):
    site: _Site

    def server_bind(self) -> None:
        # HTTPServer would look up the host's full name, which can take seconds on a machine without a network.
        socketserver.TCPServer.server_bind(self)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up: the terminal belongs to the reader."""


class Newsroom:
    """The newsroom's site, served on loopback from a daemon thread for as long as the `with` block lasts.

    `now` is the instant the articles' ages are counted from. For a given `now` and port all output is the same.
    """

    def __init__(self, *, now: datetime, port: int = 0) -> None:
        self._now = now
        self._port = port

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", self._port), _Handler)
        self._server.site = _Site(seeds_folder() / "newsroom", self._now, self.url)
        # Asking often whether to stop makes leaving quick.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="newsroom", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The address of the front page, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def feeds(self) -> tuple[tuple[str, str], ...]:
        """Title and address of every outlet's feed."""
        site = self._server.site
        return tuple((outlet.title, site.feed_url(outlet)) for outlet in site.outlets.values())
