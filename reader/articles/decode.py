"""Bytes to text: which encoding a page is really in, whatever it says it is in."""

from __future__ import annotations

import codecs
import re

import chardet

# Labels of the web's legacy encodings mean a superset of what they name (WHATWG Encoding Standard, section 4.2).
_WEB_MEANING = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
    "utf-16": "utf-16-le",
}
# Only what a page may be in: Python also knows "codecs" that run zlib, rot13 or punycode.
_ALLOWED = re.compile(
    r"(utf-8|utf-16(-le|-be)?|cp(125\d|874|866|932|949|950)|iso8859-\d+|koi8-[ru]|mac-(roman|cyrillic)"
    r"|gb18030|big5(hkscs)?|euc_jp|iso2022_jp)\Z"
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_META = re.compile(rb"<(?:meta\b[^>]*?charset|\?xml\b[^>]*?encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_META_WITHIN = 4096
"""Bytes searched for the page's own declaration; the standard's 1,024 miss pages that open with scripts."""
_SAMPLE = 50_000
"""Bytes given to the statistical guess, which is slow."""
_NO_WORD = re.compile(rb"[a-zA-Z]{64,}")
"""Runs of letters that the guess would take the square of their length to pass over."""
_TOLERATED = 0.1
"""Undecodable share of the non-ASCII characters at which a declaration is still believed: pages are patchwork."""


def decode(data: bytes, *, content_type: str | None = None) -> str:
    """The text of a page: by its byte order mark, as UTF-8 if it is, else as declared, else as guessed.

    `content_type` is the HTTP header. UTF-8 goes before declarations because text in another encoding almost never
    happens to be valid UTF-8, while wrong declarations are common. Never fails: what cannot be decoded becomes U+FFFD.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    declared = _declared(data, content_type)
    if not {"iso2022_jp", "utf-16-le", "utf-16-be"} & set(declared):  # whose bytes may happen to be UTF-8 as well
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    for encoding in declared:
        text = data.decode(encoding, "replace")
        if text.count("\N{REPLACEMENT CHARACTER}") <= _TOLERATED * (len(text) - len(text.encode("ascii", "ignore"))):
            return text
    return data.decode(_guess(data), "replace")


def _declared(data: bytes, content_type: str | None) -> list[str]:
    """The encodings the header and the page name, as Python's codec names, the header's first."""
    header = _CHARSET.search(content_type or "")
    meta = _META.search(data, 0, _META_WITHIN)
    labels = [header[1]] if header else []
    if meta:
        # A declaration that could be read as ASCII is not in UTF-16, whatever it says.
        label = meta[1].decode("ascii", "replace")
        labels.append("utf-8" if label.lower().startswith("utf-16") else label)
    return [encoding for label in labels if (encoding := _codec(label))]


def _codec(label: str) -> str | None:
    """Python's name for the encoding that `label` means on the web; None for one no page may be in."""
    try:
        name = codecs.lookup(label.lower().removeprefix("x-")).name  # x-sjis, x-gbk
    except (LookupError, ValueError):
        return None
    name = _WEB_MEANING.get(name, name)
    return name if _ALLOWED.match(name) else None


def _guess(data: bytes) -> str:
    """The likeliest encoding of undeclared bytes, judged from where they first leave ASCII."""
    first = re.search(rb"[\x80-\xff]", data)
    start = max(0, first.start() - 500) if first else 0
    found = chardet.detect(_NO_WORD.sub(b" ", data[start : start + _SAMPLE]))
    return _codec(found["encoding"] or "") or "cp1252"
