"""The pictures of articles: fetched, drawn anew in a worker, made small, and kept for the next time.

What a server calls a picture is hostile. It is decoded where that can be killed, and only what we encoded ourselves is
kept, or comes near the screen.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.library.answers import LibraryError
from reader.model import Picture
from reader.text import shown_url

if TYPE_CHECKING:
    from PIL import Image

    from reader.net import Response

_IMAGE = "image/avif, image/webp, image/png, image/jpeg, image/gif, image/*;q=0.5"
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
_BYTES = 8 * 10**6
_PIXELS = 30 * 10**6
_LEAST = 32
"""Pixels of the shorter side; what is smaller shows nothing, or is there to count readers."""
_BOX = (960, 720)
_QUALITY = 82
_SUFFIX = ".webp"
_KEPT = 64 * 10**6
"""Bytes of all pictures kept."""


class PictureError(Exception):
    """A picture that can't be shown; the message is why, as a clause."""


class Pictures:
    """The pictures of a library's articles; reached as `Library.pictures`."""

    def __init__(
        self, folder: Path | None, *, fetch: Callable[..., Response], work: Callable[..., Any], most: int = _KEPT
    ) -> None:
        """`folder` holds `most` bytes of pictures, None keeps none; `work` runs a step in a worker, `fetch` asks."""
        self._folder, self._fetch, self._work, self._most = folder, fetch, work, most

    def fetch(self, picture: Picture) -> bytes:
        """A picture as WebP of our own making, at most 960 by 720 pixels; one that is kept is not asked for again.

        Blocks; raises LibraryError.
        """
        from reader.library import steps
        from reader.library.workers import WorkerError
        from reader.net import NetError

        if kept := self._kept(picture.url):
            return kept
        try:
            response = self._fetch(picture.url, accept=_IMAGE)
            if len(response.body) > _BYTES:
                raise PictureError(f"it is larger than {_BYTES // 10**6} MB")
            drawn: bytes = self._work(steps.read_picture, response.body)
        except (NetError, PictureError, WorkerError) as error:
            raise LibraryError(f"The picture at {shown_url(picture.url)} can't be shown: {error}.") from None
        # An article reads well without: a disk that is full costs asking again.
        with contextlib.suppress(OSError):
            self._keep(picture.url, drawn)
        return drawn

    def _path(self, url: str) -> Path | None:
        return self._folder and self._folder / (hashlib.sha256(url.encode("utf-8", "replace")).hexdigest() + _SUFFIX)

    def _kept(self, url: str) -> bytes | None:
        path = self._path(url)
        if path is None:
            return None
        try:
            drawn = path.read_bytes()
            os.utime(path)  # those that were not looked at for longest go first
        except OSError:
            return None
        return drawn

    def _keep(self, url: str, drawn: bytes) -> None:
        path = self._path(url)
        if path is None:
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=_SUFFIX, delete=False) as file:
            try:
                file.write(drawn)
                file.close()
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        self._make_room(path.parent)

    def _make_room(self, folder: Path) -> None:
        """Let the pictures go that were not looked at for longest."""
        found = sorted(
            ((stat.st_mtime_ns, stat.st_size, path) for path in folder.glob(f"*{_SUFFIX}") for stat in [path.stat()]),
            reverse=True,
        )
        held = 0
        for _, size, path in found:
            held += size
            if held > self._most:
                path.unlink(missing_ok=True)


# --- in the worker ---------------------------------------------------------------------------------------------------


def redrawn(body: bytes) -> bytes:
    """The first frame of a PNG, JPEG, GIF, WebP or AVIF as WebP: upright, opaque, small, and without its metadata.

    Raises PictureError.
    """
    # Named one by one: Pillow would else load, and try, dozens of kinds that the web does not use.
    from PIL import (  # noqa: F401
        AvifImagePlugin,
        GifImagePlugin,
        Image,
        JpegImagePlugin,
        PngImagePlugin,
        UnidentifiedImageError,
        WebPImagePlugin,
    )

    Image.MAX_IMAGE_PIXELS = _PIXELS
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each takes memory, of which a worker has little
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(body), formats=_FORMATS) as image:
                if min(image.size) < _LEAST:
                    raise PictureError("it is too small to be seen")
                small = _small(image)
        except UnidentifiedImageError:
            raise PictureError("it is no picture of a kind that is shown here") from None
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise PictureError(f"it has more than {_PIXELS // 10**6} million pixels") from None
        except (OSError, SyntaxError, ValueError):
            raise PictureError("it is broken") from None
    out = BytesIO()
    small.save(out, "WEBP", quality=_QUALITY)
    return out.getvalue()


def _small(image: Image.Image) -> Image.Image:
    """A picture as it is to be shown, in RGB."""
    from PIL import Image, ImageOps

    side = max(_BOX)
    # JPEGs can be decoded to a half or less of their size.
    image.draft("RGB", (2 * side, 2 * side))
    image.load()
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode == "F":
        image = image.convert("L")
    # A palette can't be scaled smoothly.
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((side, side), reducing_gap=2.0)
    image = ImageOps.exif_transpose(image)
    image.thumbnail(_BOX, reducing_gap=2.0)
    if image.mode == "RGBA":
        # Pictures with holes are drawn for white pages.
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image
