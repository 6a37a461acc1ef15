import socket
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

import httpcore
import pytest
from hostile_server import HostileServer

from reader.net import Net

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
    dial = httpcore.AnyIOBackend.connect_tcp

    async def connect_tcp(backend, host, port, *args, **more):
        addresses.append(host)
        address = ip_address(host)
        if not (getattr(address, "ipv4_mapped", None) or address).is_loopback:
            raise httpcore.ConnectError("unreachable")
        return await dial(backend, host, port, *args, **more)

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect_tcp)
    return addresses


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
