import asyncio
import socket
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

import pytest
from hostile_server import HostileServer

from reader.net import Net, NetError

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server():
    with HostileServer() as server:
        yield server


@pytest.fixture(autouse=True)
def no_name_server(monkeypatch):
    """Look-ups see numbers and localhost, so that no test leaves this machine."""
    system = socket.getaddrinfo

    def getaddrinfo(host, port, *args, flags=0, **more):
        if isinstance(host, str) and host.lower().rstrip(".") != "localhost":
            flags |= socket.AI_NUMERICHOST
        return system(host, port, *args, flags=flags, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture(autouse=True)
def dialled(monkeypatch):
    """Every address that is dialled; those beyond loopback can't be reached."""
    addresses: list[str] = []
    dial = asyncio.open_connection

    async def open_connection(host, *args, **more):
        addresses.append(host)
        address = ip_address(host)
        if not (getattr(address, "ipv4_mapped", None) or address).is_loopback:
            raise OSError("unreachable")
        return await dial(host, *args, **more)

    monkeypatch.setattr(asyncio, "open_connection", open_connection)
    return addresses


@pytest.fixture
def lines(monkeypatch, dialled):  # noqa: ARG001: its dial is the one below
    """Every connection that is made, from our end."""
    made: list[asyncio.StreamWriter] = []
    dial = asyncio.open_connection

    async def open_connection(*args, **more):
        line = await dial(*args, **more)
        made.append(line[1])
        return line

    monkeypatch.setattr(asyncio, "open_connection", open_connection)
    return made


@pytest.fixture
def resolver(monkeypatch):
    """A name server under our thumb: each look-up of a name gets the next of its answers."""
    answers: dict[str, list[list[str]]] = {}
    system = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **more):
        if host not in answers:
            return system(host, port, *args, **more)
        return [info for address in answers[host].pop(0) for info in system(address, port, *args, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return answers


@pytest.fixture(scope="module")
def net():
    """A net that may go to loopback and that has no patience."""
    with Net(now=lambda: NOW, allow_private=LOOPBACK, deadline=5.0, max_body=2**20) as net:
        yield net


@pytest.fixture(scope="module")
def hasty_net():
    with Net(now=lambda: NOW, allow_private=LOOPBACK, deadline=0.3) as net:
        yield net


@pytest.fixture(scope="module")
def strict_net():
    """A net as a person gets it: no private address."""
    with Net(now=lambda: NOW, deadline=2.0) as net:
        yield net


def refusal(net: Net, url: str, **asking) -> NetError:
    """What a fetch is refused with, in one sentence that is fit to be shown."""
    with pytest.raises(NetError) as refused:
        net.fetch(url, **asking)
    message = str(refused.value)
    assert message == message.strip()
    assert message.isprintable()
    assert 0 < len(message) < 200
    return refused.value
