"""What is sent to whom, and how often."""

import gc
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.cookiejar import Cookie

import hostile_server as hostile
import pytest
from conftest import LOOPBACK, NOW, refusal
from hostile_server import HostileServer, reply
from hypothesis import given
from hypothesis import strategies as st

from reader.net import Net, Patience, host_of

SECRET = "canary-pässword"


# --- validators (H1 to H6) -------------------------------------------------------------------------------------------


@pytest.mark.scorecard("H2", "H6")
def test_a_feed_behind_a_redirect_is_asked_for_what_is_new_where_it_is(net, server):
    server.routes["/old"] = reply("302 Found", headers=["Location: /new"])
    server.routes["/new"] = reply(body=b"here", headers=['ETag: "a"', "Last-Modified: then"])
    first = net.fetch(server.url("/old"))
    server.routes["/new"] = reply("304 Not Modified", headers=['ETag: "b"'])
    second = net.fetch(server.url("/old"), etag=first.etag, modified=first.modified, validators_of=first.validators_of)
    assert (second.status, second.etag, second.validators_of) == (304, '"b"', server.url("/new"))
    assert [asked.header("If-None-Match") for asked in server.asked] == [None, None, None, '"a"']
    assert [asked.header("If-Modified-Since") for asked in server.asked] == [None, None, None, "then"]


@pytest.mark.scorecard("H6")
def test_validators_are_sent_to_no_other_target_than_their_own(net, server):
    server.routes["/feed"] = reply("302 Found", headers=["Location: /b"])
    server.routes["/a"] = server.routes["/b"] = reply(body=b"here")
    got = net.fetch(server.url("/feed"), etag='"a"', modified="then", validators_of=server.url("/a"))
    assert (got.body, got.validators_of) == (b"here", None)
    assert not any(asked.header("If-None-Match") or asked.header("If-Modified-Since") for asked in server.asked)


def test_a_304_to_validators_that_were_not_sent_is_an_error(net, server):
    server.routes["/feed"] = reply("302 Found", headers=["Location: /b"])
    server.routes["/b"] = reply("304 Not Modified")
    assert refusal(net, server.url("/feed"), etag='"a"', validators_of=server.url("/feed")).status == 304


def test_a_304_without_validators_of_its_own_still_says_whose_hold(net, server):
    server.routes["/feed"] = reply("304 Not Modified")
    got = net.fetch(server.url("/feed#part"), modified="then")
    assert (got.etag, got.modified, got.validators_of) == (None, None, server.url("/feed"))


# --- what the person adds --------------------------------------------------------------------------------------------


@pytest.mark.scorecard(41)
def test_a_cookie_and_a_password_go_to_the_urls_own_origin_only(net, server):
    with HostileServer(host="127.0.0.2") as other:
        server.routes["/here"] = reply("301 Moved", headers=["Location: /there"])
        server.routes["/there"] = reply("301 Moved", headers=[f"Location: {other.url('/')}"])
        other.routes["/"] = reply("301 Moved", headers=[f"Location: {server.url('/back')}"])
        server.routes["/back"] = reply(body=b"ok")
        asking = {"cookie": "session=canary; b=2", "auth": ("user@home", SECRET), "user_agent": "Mozilla/5.0 (é)"}
        got = net.fetch(server.url("/here"), **asking)
        basic = "Basic dXNlckBob21lOmNhbmFyeS1ww6Rzc3dvcmQ="
        sent = [(asked.header("Cookie"), asked.header("Authorization")) for asked in server.asked]
        assert sent == [("session=canary; b=2", basic), ("session=canary; b=2", basic), (None, None)]
        assert other.asked[0].header("Cookie") is None
        assert other.asked[0].header("Authorization") is None
        assert {asked.header("User-Agent") for asked in server.asked + other.asked} == {"Mozilla/5.0 (é)"}
        assert got.moved_to is None, "the new address would be asked with a password meant for the old one"


def test_a_password_given_apart_moves_along_within_its_site(net, server):
    server.routes["/old"] = reply("301 Moved", headers=["Location: /new"])
    server.routes["/new"] = reply(body=b"ok")
    assert net.fetch(server.url("/old"), auth=("u", "p")).moved_to == server.url("/new")


def test_a_password_given_apart_goes_before_that_in_the_url(net, server):
    server.routes["/"] = reply(body=b"ok")
    net.fetch(f"http://a:b@127.0.0.1:{server.port}/", auth=("u", "p"))
    assert server.asked[0].header("Authorization") == "Basic dTpw"


@pytest.mark.parametrize("value", ["a\r\nX-More: 1", "a\n", "\r", "a\0b", "\x1b[31m", "a\x85b", "☃", "\ud800", "x\x7f"])
@pytest.mark.parametrize("header", ["cookie", "user_agent"])
def test_a_header_that_would_not_arrive_as_it_stands_is_refused(net, server, header, value):
    words = header.replace("_", " ")
    said = f"the {words} can't be sent, for it holds a line break or characters beyond Latin-1"
    assert str(refusal(net, server.url("/"), **{header: value})) == said
    assert server.connections == 0


def test_a_password_with_line_breaks_is_no_header_more(net, server):
    server.routes["/"] = reply(body=b"ok")
    net.fetch(server.url("/"), auth=("u\r\nX: 1", "p\n" * 200))
    assert {name for name, _ in server.asked[0].headers} == {
        "Host", "User-Agent", "Accept", "Accept-Encoding", "Authorization", "Connection"
    }  # fmt: skip


@pytest.mark.scorecard("H18")
def test_a_cookie_that_a_server_sets_is_kept_nowhere(net, server):
    server.routes["/"] = reply("302 Found", headers=["Set-Cookie: id=1; Path=/; Max-Age=9999", "Location: /there"])
    server.routes["/there"] = reply(body=b"ok", headers=["Set-Cookie: id=2; Path=/"])
    for _ in range(2):
        net.fetch(server.url("/"))
        net.fetch(server.url("/there"), cookie="own=1")
    assert [asked.header("Cookie") for asked in server.asked] == [None, None, "own=1"] * 2
    assert [thing for thing in gc.get_objects() if isinstance(thing, Cookie)] == []


@pytest.mark.scorecard(41)
def test_neither_addresses_nor_headers_are_logged(net, server, caplog):
    caplog.set_level(0)
    server.routes["/?key=canary"] = reply("302 Found", headers=["Set-Cookie: canary", "Location: /next?key=canary"])
    server.routes["/next?key=canary"] = reply(body=b"ok", headers=['ETag: "canary"'])
    net.fetch(server.url("/?key=canary"), cookie="id=canary", auth=("canary", "canary"), user_agent="canary")
    refusal(net, server.url("/none?key=canary"))
    assert "canary" not in caplog.text


# --- servers that hang, in one round of asking (22) ------------------------------------------------------------------


@contextmanager
def patient(deadline: float) -> Iterator[Callable[..., list[str | int]]]:
    """Asks for many addresses at once, in one round, and tells the status or what went wrong of each."""
    with Net(now=lambda: NOW, allow_private=LOOPBACK, deadline=deadline) as net:

        def asking(*urls: str, patience: Patience) -> list[str | int]:
            futures = [net.submit(net.get(url, patience=patience)) for url in urls]
            return [str(error) if (error := one.exception()) else one.result().status for one in futures]

        yield asking


NOT_ASKED = "it was not asked for, as its server does not answer"


@pytest.mark.scorecard(22)
def test_a_host_that_answers_nothing_is_asked_no_more_in_a_round(server):
    server.routes |= {f"/{n}": hostile.hang for n in range(30)}
    with patient(0.9) as ask:
        began = time.monotonic()
        said = ask(*(server.url(f"/{n}") for n in range(30)), patience=Patience())
        assert time.monotonic() - began < 2 * 0.9
        told = Counter(said)
        assert told["the server did not answer within 0.9 s"] == 2
        assert 2 <= told["the server did not answer within 0.06 s"] <= 3, "the last two are asked together"
        assert told[NOT_ASKED] == 30 - len(server.asked)
        assert 4 <= len(server.asked) <= 5
        server.routes["/0"] = reply(body=b"ok")
        assert ask(server.url("/0"), patience=Patience()) == [200], "another round begins anew"


@pytest.mark.scorecard(22)
def test_a_host_that_hangs_is_that_behind_redirects_from_many_others_too(server):
    server.routes["/"] = hostile.hang
    with ExitStack() as running, patient(0.9) as ask:
        others = [running.enter_context(HostileServer(host=f"127.0.0.{n}")) for n in range(2, 12)]
        for other in others:
            other.routes["/"] = reply("302 Found", headers=[f"Location: {server.url('/')}"])
        began = time.monotonic()
        said = ask(*(other.url("/") for other in others), patience=Patience())
        assert time.monotonic() - began < 2 * 0.9
    assert said.count(NOT_ASKED) == 10 - len(server.asked)
    assert 4 <= len(server.asked) <= 5


@pytest.mark.scorecard(22)
def test_no_host_is_asked_any_more_once_many_let_their_time_pass_and_none_answers():
    with ExitStack() as running, patient(0.5) as ask:
        dead = [running.enter_context(HostileServer(host=f"127.0.0.{n}")) for n in range(2, 26)]
        for one in dead:
            one.routes["/"] = hostile.hang
        patience = Patience()
        assert set(ask(*(one.url("/") for one in dead), patience=patience)) == {
            "the server did not answer within 0.5 s"
        }
        well = running.enter_context(HostileServer())
        well.routes["/"] = reply(body=b"ok")
        assert ask(well.url("/"), patience=patience) == ["it was not asked for, as no server answers"]
        patience = Patience()
        assert ask(well.url("/"), patience=patience) == [200]
        ask(*(one.url("/") for one in dead), patience=patience)
        (said,) = ask(well.url("/"), patience=patience)
        assert said != "it was not asked for, as no server answers", "one did, so it is not the network"


# --- sparing a host (H9, H16) ----------------------------------------------------------------------------------------


@pytest.mark.scorecard("H9")
@pytest.mark.parametrize("status", ["429 Slow down", "503 Later"])
def test_a_busy_host_is_named_also_behind_a_redirect(net, server, status):
    with HostileServer(host="127.0.0.2") as other:
        server.routes["/"] = reply("302 Found", headers=[f"Location: {other.url('/')}"])
        other.routes["/"] = reply(status, headers=["Retry-After: 60"])
        error = refusal(net, server.url("/"))
        assert error.retry_after is not None
        assert error.host == host_of(other.url("/")) == "127.0.0.2"


@pytest.mark.parametrize("status", ["403 No", "404 Nix", "410 Gone", "500 Oh", "502 Oh"])
def test_only_a_busy_host_says_when_to_come_again(net, server, status):
    server.routes["/"] = reply(status, headers=["Retry-After: 60"])
    assert refusal(net, server.url("/")).retry_after is None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://user:p@News.Example.:8443/feed#x", "news.example"),
        ("http://[::1]:80/", "::1"),
        ("http://bücher.example/", "bücher.example"),
        ("http://xn--bcher-kva.example/", "bücher.example"),
        ("http://x:port/", ""),
        ("no address", ""),
        ("", ""),
    ],
)
def test_the_host_of_a_url(url, host):
    assert host_of(url) == host


@given(st.text())
def test_whatever_stands_for_an_address_has_a_host_or_none(text):
    assert isinstance(host_of(text), str)


@pytest.mark.scorecard("H16")
def test_requests_to_one_host_begin_one_after_the_other(server, resolver):
    resolver["spaced.test"] = [["127.0.0.1"]] * 8
    server.routes["/"] = reply("302 Found", headers=["Location: /there"])
    server.routes["/there"] = reply(body=b"ok")
    with Net(now=lambda: NOW, allow_private=LOOPBACK, spacing=0.05) as net:
        began = time.monotonic()
        futures = [net.submit(net.get(f"http://spaced.test:{server.port}/")) for _ in range(4)]
        assert all(future.result().body == b"ok" for future in futures)
        assert time.monotonic() - began >= 7 * 0.05, "a redirect is a request too"


@pytest.mark.scorecard("H16")
def test_fetches_one_after_the_other_are_spaced_as_well(server, resolver):
    resolver["spaced.test"] = [["127.0.0.1"]] * 3
    server.routes["/"] = reply(body=b"ok")
    with Net(now=lambda: NOW, allow_private=LOOPBACK, spacing=0.05) as net:
        began = time.monotonic()
        for _ in range(3):
            net.fetch(f"http://spaced.test:{server.port}/")
        assert time.monotonic() - began >= 2 * 0.05


def test_the_persons_own_machines_and_other_hosts_need_no_sparing(server, resolver):
    resolver |= {f"{number}.test": [["127.0.0.1"]] for number in range(4)}
    server.routes["/"] = reply(body=b"ok")
    with Net(now=lambda: NOW, allow_private=LOOPBACK, spacing=60.0, deadline=5.0) as net:
        for host in ("127.0.0.1", "127.0.0.1", "[::ffff:127.0.0.1]", "[::ffff:127.0.0.1]", *resolver):
            assert net.fetch(f"http://{host}:{server.port}/").body == b"ok"


def test_a_fetch_given_up_while_it_waits_lets_the_next_one_go_on(server, resolver):
    resolver["spaced.test"] = [["127.0.0.1"]] * 4
    server.routes["/"] = reply(body=b"ok")
    server.routes["/stuck"] = hostile.hang
    with Net(now=lambda: NOW, allow_private=LOOPBACK, spacing=0.05) as net:
        url = f"http://spaced.test:{server.port}"
        stuck = [net.submit(net.get(f"{url}/stuck")) for _ in range(6)]
        for future in stuck:
            future.cancel()
        assert net.fetch(f"{url}/").body == b"ok"


def test_an_address_in_figures_is_not_looked_up(net, server, monkeypatch):
    asked = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *question, **_: asked.append(question))
    server.routes["/"] = reply("304 Not Modified")
    futures = [net.submit(net.get(server.url("/"), etag='"a"')) for _ in range(50)]
    assert {future.result().status for future in futures} == {304}
    assert asked == []
