"""An article's lead picture: in pixels where the terminal is known to draw them, else in half blocks."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from reader.tui import layout

if TYPE_CHECKING:
    from PIL import Image
    from textual_image.widget import SixelImage, TGPImage

_GUTTER = 3
"""Cells to the left, as the text has them."""
_MARGIN = 2
_ROWS = 14
_CAPTION = 2
"""Lines of a caption at most."""
_BLOCK = (10, 20)
"""Pixels that a cell stands for where it is not known: no picture is drawn larger than it is."""


class Way(StrEnum):
    """How a terminal draws pictures."""

    KITTY = "kitty"
    SIXEL = "sixel"
    BLOCKS = "blocks"


_LEAST_ROWS = {Way.KITTY: 4, Way.SIXEL: 4, Way.BLOCKS: 8}
"""What is drawn in fewer shows nothing, and the text needs the room."""


def way_of(environ: Mapping[str, str]) -> Way:
    """How the terminal draws pictures, as far as its environment tells; blocks where that is in doubt.

    It is not asked: its answer would be taken for keys by the running reader, or cost a tenth of a second before that.
    """
    term, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "")
    # What stands between hands on neither kind unless it is set up to.
    if any(environ.get(name) for name in ("TMUX", "STY", "ZELLIJ")) or term.startswith(("tmux", "screen")):
        return Way.BLOCKS
    if term in ("xterm-kitty", "xterm-ghostty") or program == "ghostty":
        return Way.KITTY
    if program in ("WezTerm", "iTerm.app", "mintty") or environ.get("LC_TERMINAL") == "iTerm2":
        return Way.SIXEL
    if term in ("foot", "foot-extra", "foot-direct", "contour", "mlterm", "wezterm"):
        return Way.SIXEL
    version = environ.get("KONSOLE_VERSION", "")
    return Way.SIXEL if version.isdecimal() and int(version) >= 220400 else Way.BLOCKS


def _way(app: App[object]) -> Way | None:
    """How this reader draws pictures; None where they would be but noise."""
    if app.is_headless or app.is_web:
        return Way.BLOCKS
    if app.console.color_system not in ("256", "truecolor") or (app.no_color and app.native_ansi_color):
        return None
    # Both write past Textual, and kitty's way knows a picture by its colour.
    fit = app.console.color_system == "truecolor" and not app.no_color and _cell() is not None
    return way_of(os.environ) if fit else Way.BLOCKS


def _cell() -> tuple[int, int] | None:
    """The width and height of a cell in pixels; None where the terminal does not say."""
    import fcntl
    import struct
    import termios

    try:
        assert sys.__stdout__
        answer = fcntl.ioctl(sys.__stdout__.fileno(), termios.TIOCGWINSZ, bytes(8))
    except (OSError, ValueError):
        return None
    rows, columns, width, height = struct.unpack("HHHH", answer)
    return (width // columns, height // rows) if rows and columns and width >= columns and height >= rows else None


class Box(NamedTuple):
    """Cells for a picture."""

    width: int
    height: int


def box_for(picture: tuple[int, int], room: Size, cell: tuple[int, int] = _BLOCK) -> Box:
    """The cells for a picture of so many pixels in `room`, its sides' proportion kept; it is never enlarged."""
    (width, height), (cell_width, cell_height) = picture, cell
    scale = min(room.width * cell_width / width, room.height * cell_height / height, 1)
    return Box(max(1, round(width * scale / cell_width)), max(1, round(height * scale / cell_height)))


class LeadPicture(Widget):
    """A picture with its caption, as high as the pane that it scrolls in allows; nothing where it can't be drawn.

    `image` is WebP of our own making (`Library.pictures`); `measure` the most cells of a line, as for the text.
    """

    DEFAULT_CSS = f"""
    LeadPicture {{
        height: auto; width: 1fr; padding: 0 {_MARGIN} 0 {_GUTTER};
        & > .caption {{ text-style: dim; height: auto; width: auto; }}
    }}
    """

    def __init__(self, image: bytes, caption: str, *, measure: int = 72) -> None:
        super().__init__()
        self._image, self._caption, self._measure = image, caption, measure
        self._pixels = (1, 1)
        self._drawn: HalfBlocks | TGPImage | SixelImage | None = None
        self._way = Way.BLOCKS
        self._fitted: tuple[Size, tuple[int, int]] | None = None

    def on_mount(self) -> None:
        """Draw, once the picture is decoded."""
        self.run_worker(self._draw(), exclusive=True)

    async def _draw(self) -> None:
        way = _way(self.app)
        if way is None:
            return
        try:
            image = await asyncio.to_thread(_decoded, self._image)
        except OSError:
            return  # a disk that forgets; an article reads well without
        if way is not Way.BLOCKS:
            await asyncio.to_thread(_load_pixels)
        self._pixels, self._way = image.size, way
        self._drawn = _drawing(image, way)
        self._drawn.display = False
        await self.mount(self._drawn, Static(classes="caption", markup=False))
        self._fit()
        # The pane may grow or shrink while this stays as wide as it is.
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _: self._fit(), immediate=True)

    def _fit(self) -> None:
        """Make the picture as large as the pane allows now."""
        pane = next((one for one in self.ancestors if isinstance(one, ScrollView)), None)
        if pane is None or self._drawn is None or not self._drawn.is_attached:
            return
        width = min(pane.scrollable_content_region.width - _GUTTER - _MARGIN, self._measure)
        room = Size(max(0, width), min(_ROWS, pane.size.height // 3))
        cell = _BLOCK if self._way is Way.BLOCKS else _cell() or _BLOCK
        if self._fitted == (room, cell):
            return
        self._fitted = room, cell
        shown = room.width > 0 and room.height >= _LEAST_ROWS[self._way]
        caption = self.query_one(".caption", Static)
        self._drawn.display = shown
        caption.display = shown and bool(self._caption)
        if shown:
            if self._way is not Way.BLOCKS:
                _tell_cell(cell)
            self._drawn.styles.width, self._drawn.styles.height = box_for(self._pixels, room, cell)
            caption.update(Content("\n".join(layout.paragraph(self._caption, room.width, _CAPTION))))


class HalfBlocks(Widget):
    """A picture in cells of two colours each, an upper and a lower pixel."""

    ALLOW_SELECT = False

    def __init__(self, image: Image.Image) -> None:
        super().__init__()
        self._image = image
        self._strips: list[Strip] = []
        self._strips_for: Size | None = None

    def render_line(self, y: int) -> Strip:
        """One line of cells."""
        if self._strips_for != self.size:
            self._strips, self._strips_for = _strips(self._image, self.size), self.size
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)


def _strips(image: Image.Image, size: Size) -> list[Strip]:
    width, height = size
    if not width or not height:
        return []
    pixels = image.resize((width, 2 * height), reducing_gap=3.0).tobytes()
    colours = [Color.from_rgb(*pixels[at : at + 3]) for at in range(0, len(pixels), 3)]
    rows = [colours[at : at + width] for at in range(0, len(colours), width)]
    return [
        Strip(
            [Segment("▀", Style(color=upper, bgcolor=lower)) for upper, lower in zip(above, below, strict=True)], width
        )
        for above, below in zip(rows[::2], rows[1::2], strict=True)
    ]


def _decoded(image: bytes) -> Image.Image:
    """A picture of our own making, in RGB; raises OSError."""
    from PIL import Image, WebPImagePlugin  # noqa: F401

    with Image.open(BytesIO(image), formats=("WEBP",)) as opened:
        return opened.convert("RGB")


def _drawing(image: Image.Image, way: Way) -> HalfBlocks | TGPImage | SixelImage:
    if way is Way.BLOCKS:
        return HalfBlocks(image)
    from textual_image.widget import SixelImage, TGPImage

    return TGPImage(image) if way is Way.KITTY else SixelImage(image)


def _load_pixels() -> None:
    """Load textual-image, which takes a quarter of a second, without letting it ask the terminal anything.

    It asks when it is imported; in a running reader the keyboard's thread would get the answer, and it the keys.
    """
    from textual_image import _terminal

    def refuse(*_: object, **__: object) -> None:
        raise _terminal.TerminalError

    asks = _terminal.capture_terminal_response
    _terminal.capture_terminal_response = refuse  # type: ignore[assignment]
    try:
        import textual_image.widget  # noqa: F401
    finally:
        _terminal.capture_terminal_response = asks


def _tell_cell(cell: tuple[int, int]) -> None:
    """Tell textual-image how large a cell is now; it would keep the size of when it was loaded."""
    from textual_image._terminal import CellSize, get_cell_size

    setattr(get_cell_size, "_result", CellSize(*cell))  # noqa: B010
