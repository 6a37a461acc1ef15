"""Which addresses are dialled: the public ones, and those the person allows."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from reader.net.errors import NetError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_CONNECT = 4.0
"""Seconds for one of a host's several addresses, so that a dead one leaves time for the next."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Stands between a name and a connection."""

    allowed: tuple[Network, ...]

    async def dial(self, host: str, port: int, tls: ssl.SSLContext | None) -> Line:
        """A connection to the very address that was checked: no second look-up can give another one."""
        return await _dial(self.check(await _look_up(host, port)), port, tls, host.rstrip(".") if tls else None)

    def check(self, addresses: Sequence[Address]) -> list[Address]:
        """Those of a host's addresses that may be dialled; refused when there are none."""
        if open_ := [address for address in addresses if self._permits(address)]:
            return open_
        raise NetError(f"the address is private ({addresses[0]}); allow it under [network] allow_private")

    def check_name(self, host: str) -> None:
        """Refuse a host that its spelling alone gives away: a private address in any notation, or localhost."""
        name = host.rstrip(".").lower()
        if name == "localhost" or name.endswith(".localhost"):
            self.check([IPv4Address("127.0.0.1")])
        try:
            found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
        except socket.gaierror:
            return
        self.check([ip_address(info[4][0]) for info in found])

    def _permits(self, address: Address) -> bool:
        inner = _unwrapped(address)
        return _is_public(inner) or any(address in network or inner in network for network in self.allowed)


async def dial_proxy(host: str, port: int) -> Line:
    """A connection to a proxy, which may be anywhere, for the person named it."""
    return await _dial(await _look_up(host, port), port)


async def _dial(
    addresses: Sequence[Address], port: int, tls: ssl.SSLContext | None = None, name: str | None = None
) -> Line:
    *others, last = addresses
    for address in others:
        try:
            async with asyncio.timeout(_CONNECT):
                return await asyncio.open_connection(str(address), port, ssl=tls, server_hostname=name)
        except ssl.SSLError:
            raise  # it is there, and not to be trusted
        except OSError:
            continue
    return await asyncio.open_connection(str(last), port, ssl=tls, server_hostname=name)


def is_at_home(host: str) -> bool:
    """Whether `host` is written as an address of the person's own network."""
    address = _literal(host)
    return address is not None and not _is_public(_unwrapped(address))


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for (mapped, 6to4 or NAT64), for that is where packets end up."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return address.is_global and not address.is_multicast


async def _look_up(host: str, port: int) -> list[Address]:
    """The addresses of a host, best first.

    A look-up can't be interrupted and may hang for half a minute: it gets a daemon thread, for which no exit waits.
    """
    if address := _literal(host):
        return [address]
    found: Future[list[Any]] = Future()
    found.set_running_or_notify_cancel()

    def look_up() -> None:
        try:
            found.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, ValueError) as error:  # ValueError: a label that IDNA can't encode
            found.set_exception(error)

    threading.Thread(target=look_up, name=f"look-up {host[:40]}", daemon=True).start()
    infos = await asyncio.wrap_future(found)
    return list(dict.fromkeys(ip_address(info[4][0]) for info in infos))
