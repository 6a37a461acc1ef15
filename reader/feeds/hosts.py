"""Where an address of the web leads, as a person has to see it before going there."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import unquote

from reader.text import clean, one_line
from reader.words import _

_WEB = re.compile(r"(https?)://([^/]+)(/.*)?", re.IGNORECASE)
_BREAKS = dict.fromkeys(map(ord, "\t\n\r"))
_NO_HOST = re.compile(r"[^!-~]|[#%/:<>?@\[\\\]^|]")
"""What no host has (WHATWG URL, section 3.1)."""
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")
_LONGEST = 253
"""Characters of a host's name."""
_EAST_ASIAN = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"}
"""Alphabets that are written together, and with Latin letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Where an address leads."""

    url: str
    """What a browser is to be given: http(s), without user name and password, its host as it is looked up."""
    host: str
    """The host as it is looked up, in ASCII, with the port if there is one."""
    warning: str
    """What the address does to be taken for another's; empty for nearly all."""

    @property
    def words(self) -> str:
        """The host, and behind a sign what is to be said of it."""
        return f"{self.host} ⚠ {self.warning}" if self.warning else self.host


@lru_cache(1024)
def lead(address: str) -> Lead | None:
    """Where `address` leads by the rules that browsers have; None where no browser takes it for a page of the web."""
    text = clean(address.translate(_BREAKS)).strip()
    begin = re.split(r"[?#]", text, maxsplit=1)[0]
    rest = text[len(begin) :]
    # To browsers a \ is a /, so that in https://evil.example\@bank.example/ the host is the first one.
    web = _WEB.fullmatch(begin.replace("\\", "/"))
    if web is None:
        return None
    user, at, authority = web[2].rpartition("@")
    name, port = _split(authority)
    host = _looked_up(unquote(name))
    if not host or (port and not (port.isascii() and port.isdigit())):
        return None
    warnings = [*_of_user(user if at else None), *_of_letters(host)]
    host += f":{port}" if port else ""
    page = (web[3] or "") + rest
    return Lead(url=f"{web[1].lower()}://{host}{page.replace(' ', '%20')}", host=host, warning=", ".join(warnings))


def _split(authority: str) -> tuple[str, str]:
    """The host and the port."""
    if authority.startswith("["):
        host, end, port = authority.partition("]")
        return host + end, port.removeprefix(":")
    host, _colon, port = authority.partition(":")
    return host, port


def _looked_up(name: str) -> str:
    """A host as it is looked up; empty for none."""
    if name.startswith("["):
        try:
            return f"[{IPv6Address(name[1:].removesuffix(']')).compressed}]" if name.endswith("]") else ""
        except ValueError:
            return ""
    if not name.isascii():
        import idna  # it has a table of all letters, and nearly no host needs it

        try:
            name = idna.uts46_remap(name, std3_rules=False, transitional=False)
        except idna.IDNAError:
            return ""
    labels = [label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in name.split(".")]
    host = ".".join(labels).lower()
    if _NO_HOST.search(host) or len(host) > _LONGEST or None in map(_unpacked, host.split(".")):
        return ""
    numbers = host.removesuffix(".").split(".")
    return _of_numbers(numbers) if _NUMBER.fullmatch(numbers[-1]) else host


def _of_numbers(parts: list[str]) -> str:
    """An IPv4 address as it is dialled, however it is written: 0x7f.1 is 127.0.0.1; empty for none."""
    try:
        *first, last = map(_number, parts)
        if len(parts) > 4 or any(number > 255 for number in first) or last >= 256 ** (5 - len(parts)):
            return ""
        return str(IPv4Address(sum(number << (24 - 8 * at) for at, number in enumerate(first)) + last))
    except ValueError:
        return ""


def _number(part: str) -> int:
    if not _NUMBER.fullmatch(part):
        raise ValueError
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8 if part.startswith("0") else 10)


def _of_user(user: str | None) -> list[str]:
    """What is to be said of what stands before an @, of which nothing is shown that may be a password."""
    if user is None:
        return []
    name = one_line(unquote(user.partition(":")[0]))[:_LONGEST]
    return [_("looks like {name}").format(name=name) if "." in name else _("a user name is left out")]


def _of_letters(host: str) -> list[str]:
    """What is to be said of a host that is shown in other letters than it is looked up by."""
    labels = [_unpacked(label) or "" for label in host.split(".")]
    if all(map(str.isascii, labels)):
        return []
    name = one_line(".".join(labels))
    words = _("looks like {name}, of mixed alphabets") if any(map(_is_mixed, labels)) else _("looks like {name}")
    return [words.format(name=name)]


def _unpacked(label: str) -> str | None:
    """A part of a host in the letters that it stands for; None where it stands for none, or for what it need not."""
    if not label.startswith("xn--"):
        return label
    try:
        letters = label[4:].encode().decode("punycode")
    except UnicodeError:
        return None
    return None if letters.isascii() else letters


def _is_mixed(label: str) -> bool:
    """Whether letters of alphabets stand together that no language writes together."""
    alphabets = {unicodedata.name(letter, "?").split()[0] for letter in label if letter.isalpha()}
    if alphabets & _EAST_ASIAN:
        return bool(alphabets - _EAST_ASIAN - {"LATIN"})
    return len(alphabets) > 1
