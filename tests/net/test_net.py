import asyncio
import gzip
import inspect
import socket
import ssl
import subprocess
import sys
import threading
import time
import zlib
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import hostile_server as hostile
import httpx
import pytest
from certificates import make
from conftest import LOOPBACK, NOW, refusal
from hostile_server import HostileServer, reply, say
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import reader
from reader.net import FEED, Net, NetError
from reader.net.addresses import Guard
from reader.net.wire import Wire
from reader.text import clean

# --- what a server gives ---------------------------------------------------------------------------------------------


def test_a_body_comes_with_what_the_server_says_of_it(net, server):
    headers = ["Content-Type: application/rss+xml; charset=utf-8", "Cache-Control: public, max-age=900"]
    server.routes["/feed"] = reply(body=b"<rss/>", headers=[*headers, 'ETag: W/"a"', "Last-Modified: yesterday"])
    got = net.fetch(server.url("/feed"))
    assert (got.status, got.body, got.url) == (200, b"<rss/>", server.url("/feed"))
    assert got.content_type == "application/rss+xml; charset=utf-8"
    assert (got.etag, got.modified, got.max_age, got.moved_to) == ('W/"a"', "yesterday", 900, None)


@pytest.mark.scorecard("H17", "H18", "H19")
def test_a_request_tells_who_asks_and_nothing_more(net, server):
    server.routes["/feed"] = reply(body=b"one", headers=["Set-Cookie: id=1; Path=/"])
    net.fetch(server.url("/feed"))
    net.fetch(server.url("/feed"))
    agent = f"newsreader/{reader.__version__} (+https://pypi.org/project/newsreader-tui/; terminal news reader)"
    for asked in server.asked:
        assert sorted(asked.headers) == [
            ("Accept", FEED),
            ("Accept-Encoding", "gzip"),
            ("Connection", "close"),
            ("Host", f"127.0.0.1:{server.port}"),
            ("User-Agent", agent),
        ]


@pytest.mark.scorecard("H18")
@pytest.mark.parametrize(
    "target",
    [
        "/feed?a=%20&b", "/feed?", "/?a=b&&c=&=d", "/%7Efeed?x=%2F", "/a//b/?q=a+b", "/;p?a=1;b=2", "/%e4?x=%E4",
        "/f?u=http://x/y?z", "/a%2fb?%26=%3D", "/feed?utm_source=rss&fbclid=1", "/feed?format=xml&format=atom",
        "/~x/!$&'()*+,;=:@", "/feed.php?id=1&PHPSESSID=0", "/a?b?c",
    ],
)  # fmt: skip
def test_what_is_asked_for_is_what_the_address_says_to_the_byte(net, server, target):
    server.routes[target] = reply("302 Found", headers=[f"Location: {target}&again"])
    server.routes[f"{target}&again"] = reply(body=b"ok")
    assert net.fetch(server.url(target)).body == b"ok"
    assert server.targets() == [target, f"{target}&again"]


@pytest.mark.scorecard("H2", "H5")
@pytest.mark.parametrize("etag", ['"a"', 'W/"a"', "no quotes", '"caf\xe9"', '"\xc3\xa9"', '"a", "b"', "''"])
def test_validators_go_back_byte_for_byte(net, server, etag):
    server.routes["/feed"] = reply(body=b"x", headers=[f"ETag: {etag}", "Last-Modified: Tue, 31 Feb 2026 99:00:00"])
    first = net.fetch(server.url("/feed"))
    server.routes["/feed"] = reply("304 Not Modified", headers=['ETag: "next"'])
    second = net.fetch(server.url("/feed"), etag=first.etag, modified=first.modified)
    assert server.asked[0].header("If-None-Match") is None
    assert server.asked[1].header("If-None-Match") == etag
    assert server.asked[1].header("If-Modified-Since") == "Tue, 31 Feb 2026 99:00:00"
    assert (second.status, second.body, second.etag) == (304, b"", '"next"')


def test_a_304_without_a_question_is_an_error(net, server):
    server.routes["/feed"] = reply("304 Not Modified")
    assert refusal(net, server.url("/feed")).status == 304


@pytest.mark.parametrize(
    "status", ["204 No Content", "206 Partial", "300 Many", "401 No", "404 Nix", "410 Gone", "500 Oh"]
)
def test_any_other_answer_is_an_error_with_its_status(net, server, status):
    server.routes["/feed"] = reply(status, body=b"<p>sorry")
    error = refusal(net, server.url("/feed"))
    assert error.status == int(status[:3])
    assert status[:3] in str(error)
    assert error.retry_after is None


@pytest.mark.scorecard("H9")
@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("120", NOW + timedelta(seconds=120)),
        ("Sun, 01 Mar 2026 13:00:00 GMT", NOW + timedelta(hours=1)),
        ("Sun, 01 Mar 2026 14:00:00 +0100", NOW + timedelta(hours=1)),
        ("Sun, 01 Mar 2026 13:00:00 -0000", NOW + timedelta(hours=1)),
        ("0", NOW),
        ("999999999999", NOW + timedelta(days=30)),
        ("Fri, 31 Dec 9999 23:59:59 -2359", NOW + timedelta(days=30)),
        ("9" * 13, NOW + timedelta(days=30)),
        ("9" * 5000, NOW + timedelta(days=30)),
        ("0" * 5000 + "7", NOW + timedelta(seconds=7)),
        ("²", None),
        ("-5", None),
        ("soon", None),
        ("Mon, 01 Foo 0000 99:99:99 GMT", None),
    ],
)
@pytest.mark.parametrize("status", ["429 Slow down", "503 Later"])
def test_retry_after_is_an_instant_not_too_far_away(net, server, status, value, instant):
    server.routes["/feed"] = reply(status, headers=[f"Retry-After: {value}"])
    error = refusal(net, server.url("/feed"))
    if value.startswith("Fri, 31 Dec 9999"):
        assert error.retry_after in (None, instant)
    else:
        assert error.retry_after == instant


@pytest.mark.scorecard("H8")
@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        ("max-age=60", 60),
        ('public,MAX-AGE = "60"', 60),
        ("s-maxage=60", None),
        ("no-cache", None),
        ("max-age=-1", None),
        ("max-age=" + "9" * 6000, 365 * 86400),
        ("max-age=ten", None),
    ],
)
def test_max_age_is_read_and_clamped(net, server, cache_control, seconds):
    server.routes["/feed"] = reply(headers=[f"Cache-Control: {cache_control}"])
    assert net.fetch(server.url("/feed")).max_age == seconds


# --- redirects -------------------------------------------------------------------------------------------------------


@pytest.mark.scorecard("H6", "H13")
@pytest.mark.parametrize(("status", "permanent"), [(301, True), (308, True), (302, False), (303, False), (307, False)])
def test_a_redirect_is_followed_and_only_a_permanent_one_moves_the_feed(net, server, status, permanent):
    server.routes["/old"] = reply(f"{status} Elsewhere", headers=["Location: new?x=1#part"])
    server.routes["/new?x=1"] = reply(body=b"here", headers=['ETag: "of-new"', "Last-Modified: now"])
    got = net.fetch(server.url("/old"), etag='"of-old"', modified="then")
    assert (got.body, got.url) == (b"here", server.url("/new?x=1"))
    assert got.moved_to == (server.url("/new?x=1") if permanent else None)
    assert server.asked[0].header("If-None-Match") == '"of-old"'
    assert server.asked[1].header("If-None-Match") is None
    assert server.asked[1].header("If-Modified-Since") is None
    assert (got.etag, got.modified, got.validators_of) == ('"of-new"', "now", server.url("/new?x=1"))


@pytest.mark.scorecard("H13")
def test_one_temporary_redirect_among_permanent_ones_moves_nothing(net, server):
    server.routes["/a"] = reply("301 Moved", headers=["Location: /b"])
    server.routes["/b"] = reply("302 Found", headers=["Location: /c"])
    server.routes["/c"] = reply(body=b"here")
    assert net.fetch(server.url("/a")).moved_to is None


@pytest.mark.scorecard("H15")
def test_ten_redirects_are_followed_and_a_loop_is_not(net, server):
    for step in range(10):
        server.routes[f"/{step}"] = reply("302 Found", headers=[f"Location: /{step + 1}"])
    server.routes["/10"] = reply(body=b"made it")
    assert net.fetch(server.url("/0")).body == b"made it"
    server.asked.clear()
    server.routes["/loop"] = reply("301 Moved", headers=["Location: /loop"])
    assert "more than 10 times" in str(refusal(net, server.url("/loop")))
    assert len(server.asked) == 11


@pytest.mark.scorecard(14)
@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "javascript:alert(1)", "ftp://127.0.0.1/", "data:text/plain,x",
     "https://[", "http://127.0.0.1:99999/", "gopher://\x1b]52;c;eA==\x07/", "", "h" * 70_000],
)  # fmt: skip
def test_a_redirect_leads_to_http_only(net, server, location):
    server.routes["/"] = reply("302 Found", headers=[f"Location: {location}"])
    refusal(net, server.url("/"))
    assert server.targets() == ["/"]


def test_a_redirect_to_no_address_is_said_so(net, server):
    server.routes["/"] = reply("302 Found", headers=["Location: http://x:port/"])
    assert str(refusal(net, server.url("/"))) == "the server redirects to something that is no address"
    server.routes["/"] = reply("302 Found", headers=["Location: javascript:alert(1)"])
    said = "the address that the server redirects to must begin with http: or https:, not javascript:"
    assert str(refusal(net, server.url("/"))) == said


def test_a_redirect_without_a_target_is_an_error(net, server):
    server.routes["/"] = reply("301 Moved Permanently")
    assert str(refusal(net, server.url("/"))) == "the server answered 301 Moved Permanently without saying where"


# --- secrets ---------------------------------------------------------------------------------------------------------

SECRET = "canary-pässword"


@pytest.mark.scorecard(41)
def test_a_password_is_sent_to_its_own_origin_only(net, server):
    with HostileServer(host="127.0.0.2") as other:
        server.routes["/here"] = reply("302 Found", headers=["Location: /there"])
        server.routes["/there"] = reply("302 Found", headers=[f"Location: {other.url('/')}"])
        other.routes["/"] = reply("302 Found", headers=[f"Location: {server.url('/back')}"])
        server.routes["/back"] = reply(body=b"ok")
        got = net.fetch(f"http://user%40home:{SECRET}@127.0.0.1:{server.port}/here", etag='"e"')
        sent = {asked.target: asked.header("Authorization") for asked in server.asked}
        assert sent["/here"] == sent["/there"] == "Basic dXNlckBob21lOmNhbmFyeS1ww6Rzc3dvcmQ="
        assert sent["/back"] is None, "once a foreign server had its say, the password stays here"
        assert other.asked[0].header("Authorization") is None
        assert other.asked[0].header("If-None-Match") is None
        assert got.url == server.url("/back")


def test_a_port_is_part_of_the_origin(net, server):
    with HostileServer() as other:
        server.routes["/"] = reply("301 Moved", headers=[f"Location: {other.url('/')}"])
        other.routes["/"] = reply(body=b"ok")
        net.fetch(f"http://user:{SECRET}@127.0.0.1:{server.port}/")
        assert other.asked[0].header("Authorization") is None


@pytest.mark.scorecard(41)
def test_a_password_never_comes_out_again(net, server, caplog):
    caplog.set_level(0)
    url = f"http://user:{SECRET}@127.0.0.1:{server.port}"
    server.routes["/ok"] = reply(body=b"ok")
    server.routes["/moved"] = reply("301 Moved", headers=["Location: /ok"])
    said = [repr(net.fetch(url + "/ok")), repr(net.fetch(url + "/moved"))]
    server.routes["/rubbish"] = say(b"rubbish\r\n\r\n")
    for bad in (url + "/none", url + "/rubbish", f"http://user:{SECRET}@127.0.0.1:x/", f"ftp://u:{SECRET}@host/"):
        error = refusal(net, bad)
        said += [str(error), repr(error), repr(error.__cause__)]
    said.append(caplog.text)
    assert not any("canary" in words or "Y2FuYXJ5" in words for words in said), said


def test_a_password_that_a_server_puts_into_a_redirect_is_dropped(net, server):
    server.routes["/"] = reply("302 Found", headers=[f"Location: http://eve:trap@127.0.0.1:{server.port}/next"])
    server.routes["/next"] = reply(body=b"ok")
    assert net.fetch(server.url("/")).url == server.url("/next")
    assert server.asked[1].header("Authorization") is None


def test_an_address_with_a_password_is_never_replaced_by_one_without(net, server):
    server.routes["/"] = reply("301 Moved", headers=["Location: /next"])
    server.routes["/next"] = reply(body=b"ok")
    assert net.fetch(f"http://u:p@127.0.0.1:{server.port}/").moved_to is None


# --- encodings and limits --------------------------------------------------------------------------------------------


def bomb() -> bytes:
    """A gigabyte of zeros in a megabyte: one block, flushed so that it can be repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + (packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)) * 1023


@pytest.mark.scorecard("H19")
@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZip", "gzip, identity"])
def test_gzip_is_unpacked(net, server, coding):
    body = b"<rss>" + bytes(range(256)) * 1000
    server.routes["/"] = reply(body=gzip.compress(body), headers=[f"Content-Encoding: {coding}"])
    assert net.fetch(server.url("/")).body == body


def test_no_body_is_no_gzip_either(net, server):
    server.routes["/"] = reply(headers=["Content-Encoding: gzip"])
    assert net.fetch(server.url("/")).body == b""


def test_gzip_in_small_pieces_is_unpacked(net, server):
    body = b"".join(b"%d" % number for number in range(20_000))
    packed = gzip.compress(body)
    pieces = [b"%x\r\n%s\r\n" % (len(packed[at : at + 97]), packed[at : at + 97]) for at in range(0, len(packed), 97)]
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.routes["/"] = say(head + b"".join(pieces) + b"0\r\n\r\n")
    assert net.fetch(server.url("/")).body == body


def test_gzip_of_several_members_is_one_body(net, server):
    packed = b"".join(gzip.compress(part * 1000) for part in (b"one", b"two", b"three"))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.routes["/"] = say(head + b"".join(b"1\r\n%c\r\n" % byte for byte in packed) + b"0\r\n\r\n")
    server.routes["/at-once"] = reply(body=packed, headers=["Content-Encoding: gzip"])
    for path in ("/", "/at-once"):
        assert net.fetch(server.url(path)).body == b"one" * 1000 + b"two" * 1000 + b"three" * 1000


@pytest.mark.parametrize("garbage", [b"\0" * 512, b"\x1f", b"\x1fx", b"\r\n", b"<!-- cached -->" * 100])
def test_what_follows_gzip_is_no_part_of_the_body(net, server, garbage):
    server.routes["/"] = reply(body=gzip.compress(b"<rss/>") + garbage, headers=["Content-Encoding: gzip"])
    assert net.fetch(server.url("/")).body == b"<rss/>"


def test_gzip_whose_later_member_is_broken_off_is_an_error(net, server):
    packed = gzip.compress(b"one") + gzip.compress(b"two" * 1000)[:-9]
    server.routes["/"] = reply(body=packed, headers=["Content-Encoding: gzip"])
    assert str(refusal(net, server.url("/"))) == "the server broke off its answer"


@pytest.mark.scorecard(9)
@pytest.mark.parametrize(
    ("packed", "said"),
    [
        (gzip.compress(b"") * 20_000, "in too many pieces"),
        (gzip.compress(b"x") + bytes(2**20), "larger than 1 MB"),
        (gzip.compress(bytes(2**19)) * 3, "larger than 1 MB"),
    ],
    ids=["empty members", "garbage", "members"],
)
def test_gzip_that_goes_on_and_on_is_refused(net, server, packed, said):
    server.routes["/"] = reply(body=packed, headers=["Content-Encoding: gzip"])
    assert said in str(refusal(net, server.url("/")))


@pytest.mark.scorecard(9)
@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "compress", "gzip, gzip", "gzip, br", "\x1b[31m" * 40])
def test_other_and_stacked_encodings_are_refused(net, server, coding):
    server.routes["/"] = reply(body=b"x" * 800, headers=[f"Content-Encoding: {part}" for part in coding.split(",")])
    error = refusal(net, server.url("/"))
    assert "\x1b" not in str(error)
    assert "encoding" in str(error) or "HTTP" in str(error)


@pytest.mark.parametrize(
    "body", [b"not gzip at all", gzip.compress(b"x" * 1000, mtime=0)[:-12], gzip.compress(b"x", mtime=0)[:10]]
)
def test_broken_gzip_is_an_error(net, server, body):
    server.routes["/"] = reply(body=body, headers=["Content-Encoding: gzip"])
    refusal(net, server.url("/"))


@pytest.mark.scorecard(10)
def test_a_body_at_the_limit_passes_and_one_byte_more_does_not(net, server):
    server.routes["/full"] = reply(body=bytes(2**20))
    server.routes["/over"] = reply(body=bytes(2**20 + 1))
    server.routes["/packed"] = reply(body=gzip.compress(bytes(2**20)), headers=["Content-Encoding: gzip"])
    server.routes["/packed-over"] = reply(body=gzip.compress(bytes(2**20 + 1)), headers=["Content-Encoding: gzip"])
    server.routes["/endless"] = hostile.endless_body
    assert len(net.fetch(server.url("/full")).body) == len(net.fetch(server.url("/packed")).body) == 2**20
    for path in ("/over", "/packed-over", "/endless"):
        assert str(refusal(net, server.url(path))) == "the answer is larger than 1 MB"


@pytest.mark.scorecard(10)
@pytest.mark.parametrize("coding", ["plain", "gzip"])
def test_a_person_is_given_ten_megabytes_at_most(server, coding, record_property):
    sent = 0

    def endless(server, connection):
        nonlocal sent
        packer = zlib.compressobj(0, zlib.DEFLATED, 31)
        connection.sendall(OK + (b"Content-Encoding: gzip\r\n\r\n" if coding == "gzip" else b"\r\n"))
        while not server.released.is_set():
            piece = bytes(65536)
            connection.sendall(packer.compress(piece) if coding == "gzip" else piece)
            sent += len(piece)

    server.routes |= {"/endless": endless, "/full": reply(body=bytes(10 * 2**20))}
    with Net(now=lambda: NOW, allow_private=LOOPBACK) as net:
        assert str(refusal(net, server.url("/endless"))) == "the answer is larger than 10 MB"
        assert len(net.fetch(server.url("/full")).body) == 10 * 2**20
    assert sent < 20 * 2**20, "it is not read to an end, either"
    record_property("figure", f"{coding}: refused after 10 MB")


_MEASURE = r"""
import re, sys
from datetime import UTC, datetime
from ipaddress import ip_network
from reader.net import Net, NetError
def peak():  # of this program: what getrusage says holds what its parent had, too
    return int(re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())[1])
with Net(now=lambda: datetime.now(UTC), allow_private=[ip_network("127.0.0.0/8")]) as net:
    net.fetch(sys.argv[1] + "/small")
    before = peak()
    for _ in range(3):
        try:
            net.fetch(sys.argv[1] + "/bomb")
        except NetError as error:
            print(error)
    print(peak() - before)
"""


@pytest.mark.scorecard(9)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells the peak of a program")
@pytest.mark.parametrize(
    ("coding", "said"),
    [("gzip", "larger than 10 MB"), ("gzip, gzip", "encoding"), ("br", "encoding"), ("zstd", "encoding")],
)
def test_a_bomb_does_not_grow_the_process(server, coding, said, record_property):
    packed = bomb()
    assert len(packed) < 1_200_000
    server.routes["/small"] = reply(body=b"x")
    server.routes["/bomb"] = reply(body=packed, headers=[f"Content-Encoding: {coding}"])
    done = subprocess.run([sys.executable, "-c", _MEASURE, server.url("")], capture_output=True, text=True, check=True)
    *sentences, grown = done.stdout.splitlines()
    assert len(sentences) == 3
    assert all(said in sentence for sentence in sentences)
    record_property("figure", f"{coding}: grew by {int(grown) / 1024:.0f} MB")
    assert int(grown) < 64 * 1024


@pytest.mark.scorecard(11)
@pytest.mark.parametrize(
    "behaviour", [hostile.hang, hostile.drip, hostile.drip_headers, hostile.endless_continues], ids=lambda b: b.__name__
)
def test_a_deadline_ends_what_would_last(hasty_net, server, behaviour):
    server.routes["/"] = behaviour
    assert str(refusal(hasty_net, server.url("/"))) == "the server did not answer within 0.3 s"


@pytest.mark.scorecard(11)
def test_the_deadline_is_of_thirty_seconds_unless_another_is_given(server, full, record_property):
    assert inspect.signature(Net).parameters["deadline"].default == 30
    if full:
        server.routes["/"] = hostile.drip
        with Net(now=lambda: NOW, allow_private=LOOPBACK) as net:
            began = time.monotonic()
            assert str(refusal(net, server.url("/"))) == "the server did not answer within 30 s"
            took = time.monotonic() - began
        assert 29 < took < 31
        record_property("figure", f"a drip of 50 bytes a second ended after {took:.1f} s")


@pytest.mark.scorecard(11)
def test_a_slow_redirect_does_not_renew_the_deadline(hasty_net, server):
    def slow(server, connection):
        server.released.wait(0.1)
        connection.sendall(reply("302 Found", headers=["Location: /"]))

    server.routes["/"] = slow
    assert "within 0.3 s" in str(refusal(hasty_net, server.url("/")))
    assert len(server.asked) <= 4


OK = b"HTTP/1.1 200 OK\r\n"

any_answer = st.lists(
    st.sampled_from(
        [OK, b"HTTP/1.1 301 Moved\r\n", b"Location: ", b"http://", b"Content-Encoding: gzip\r\n", b"\r\n", b"\r\n\r\n",
         b"Content-Length: ", b"7\r\n", b"ETag: ", b"Retry-After: ", b"Transfer-Encoding: chunked\r\n", b": ", b"\x00",
         b"Cache-Control: max-age=", b"HTTP/1.1 503 \r\n", b"Content-Type: "]
    ) | st.binary(max_size=30)
).map(b"".join)  # fmt: skip


@given(any_answer)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_server_says_is_a_response_or_an_error_in_words(net, server, answer):
    server.routes["/"] = say(answer)
    outcome = net.submit(net.get(server.url("/")))
    if error := outcome.exception():
        assert isinstance(error, NetError)
        assert str(error).isprintable()
    else:
        assert outcome.result().status == 200


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(hostile.endless_headers, id="endless headers", marks=pytest.mark.scorecard(10)),
        pytest.param(say(b"rubbish\r\n\r\n"), id="garbage status line"),
        pytest.param(say(b"HTTP/9.9 banana\r\n\r\n"), id="strange version"),
        pytest.param(say(b"\x1b]0;owned\x07\r\n\r\n"), id="escape"),
        pytest.param(say(), id="nothing"),
        pytest.param(say(OK), id="half a head"),
        pytest.param(say(OK + b"Content-Length: 1000\r\n\r\nshort"), id="closed mid-body"),
        pytest.param(say(OK + b"Content-Length: 99999999999\r\n\r\n<rss/>"), id="far too long a length"),
        pytest.param(say(OK + b"Content-Length: -1\r\n\r\n"), id="negative length"),
        pytest.param(say(OK + b"Content-Length: ten\r\n\r\n0123456789"), id="length in words"),
        pytest.param(say(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n123456"), id="two lengths"),
        pytest.param(say(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), id="garbage chunk"),
        pytest.param(say(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel"), id="closed mid-chunk"),
        pytest.param(say(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), id="closed before the last chunk"),
        pytest.param(say(OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\nx"), id="endless chunk"),
        pytest.param(
            say(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: more\r\n" * 20_000),
            id="endless trailers",
            marks=pytest.mark.scorecard(10),
        ),
        pytest.param(say(OK + b"Transfer-Encoding: rot13\r\n\r\n"), id="unknown transfer encoding"),
        pytest.param(say(OK + b"X: \x00\r\n\r\n"), id="NUL in a header"),
        pytest.param(say(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), id="upgrade"),
    ],
)
def test_a_server_that_breaks_the_rules_is_an_error(net, server, behaviour):
    server.routes["/"] = behaviour
    refusal(net, server.url("/"))


def test_what_follows_an_answer_is_not_the_answer_to_the_next_question(net, server):
    server.routes["/"] = OK + b"Content-Length: 4\r\n\r\nword" + reply(body=b"of another feed")
    assert [net.fetch(server.url("/")).body for _ in range(10)] == [b"word"] * 10


# --- addresses -------------------------------------------------------------------------------------------------------

BAD_URLS = [
    "", " ", "http", "http:", "http:/", "http://", "http:///", "http:///path", "://x", "//x", "/etc/passwd", "x",
    "x.org", "file:///etc/passwd", "ftp://x.org/", "javascript:alert(1)", "data:,x", "feed://x.org/feed",
    "gopher://x/", "mailto:a@b", "http://[", "http://[]", "http://[::1", "http://[zz]/", "http://[::1%25lo]/",
    "http://x.org:port/", "http://x.org:-1/", "http://x.org:0/", "http://x.org:65536/",
    "http://x.org:99999999999999999999/", "http://\x00/", "http://x\x1b.org/", "http://a b/", "http://xn--/",
    "http://xn--\u00e9/", "http://\u2024\u2024/", "http://" + "a" * 64 + ".invalid/",
    "http://" + "a." * 200 + "invalid/", "http://.invalid/", "http://..", "http://x..invalid/", "http://\ud800.org/",
    "http://\u202ex.invalid/", "http://*.invalid/", "http://%00/", "http://%zz/", "http://user:p@ss@invalid/",
    "http://1.2.3.4.5/", "http://256.256.256.256/", "http://" + "x" * 100_000, "http://x.invalid/\n",
    "http://x.invalid/\ud800", "http://?", "http://#", "http://@", "http://:80/", "http://:@/", "HTTP:\\\\x.invalid",
    "\ufeffhttp://x.invalid/", "http://☃.invalid/", "http://ß.invalid/",
]  # fmt: skip


@pytest.mark.scorecard(12, 14)
@pytest.mark.parametrize("url", BAD_URLS, ids=[f"{number}" for number in range(len(BAD_URLS))])
def test_an_address_that_is_none_is_refused_in_one_sentence(strict_net, url):
    refusal(strict_net, url)


@pytest.mark.scorecard(12)
@given(st.text(st.characters(exclude_categories=())) | st.text("htps:/@[]%.#?0123456789aé☃\x00 -_~!*'();&=+$,"))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_for_an_address_is_fetched_or_refused_in_words(strict_net, text):
    for url in (text, "http://" + text, "https://[" + text + "]/"):
        refusal(strict_net, url)


PRIVATE_HOSTS = [
    "127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "LOCALHOST.", "0.0.0.0",
    "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "240.0.0.1", "[fe80::1]", "[fc00::1]",
    "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "[2001::1]", "[2002:a00:1::]", "[64:ff9b::a00:1]", "127。0。0。1",
    "①②⑦.0.0.1",
]  # fmt: skip


@pytest.mark.scorecard(13)
@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_a_private_address_is_not_dialled_however_it_is_spelt(strict_net, server, dialled, host):
    error = refusal(strict_net, f"http://{host}:{server.port}/")
    assert "private" in str(error) or "valid URL" in str(error) or "looked up" in str(error)
    assert dialled == []


@pytest.mark.parametrize(
    "host", ["1.1.1.1", "134744072", "[2606:4700::1111]", "[64:ff9b::101:101]", "[2002:101:101::]", "[::ffff:1.1.1.1]"]
)
def test_a_public_address_is_dialled(strict_net, dialled, host):
    assert str(refusal(strict_net, f"http://{host}/")) == "the server can't be reached"
    assert len(dialled) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "localhost", "[::ffff:127.0.0.1]"])
def test_an_allowed_network_is_let_through(net, server, host):
    server.routes["/"] = reply(body=b"ok")
    assert net.fetch(f"http://{host}:{server.port}/").body == b"ok"


@pytest.mark.scorecard(13)
def test_a_redirect_into_a_private_network_is_refused(server):
    with (
        HostileServer(host="127.0.0.2") as inner,
        Net(now=lambda: NOW, allow_private=[ip_network("127.0.0.1/32")]) as net,
    ):
        server.routes["/"] = reply("302 Found", headers=[f"Location: {inner.url('/')}"])
        assert "private (127.0.0.2)" in str(refusal(net, server.url("/")))
        assert inner.connections == 0


@pytest.mark.scorecard(13)
def test_the_address_that_was_checked_is_the_one_dialled(server, resolver):
    resolver["rebind.test"] = [["127.0.0.1"], ["127.0.0.2"]]
    server.routes["/"] = reply(body=b"ok")
    with Net(now=lambda: NOW, allow_private=[ip_network("127.0.0.1/32")]) as net:
        assert net.fetch(f"http://rebind.test:{server.port}/").body == b"ok"
    assert resolver["rebind.test"] == [["127.0.0.2"]], "looked up once"


@pytest.mark.scorecard(13)
def test_of_several_addresses_only_permitted_ones_are_dialled_until_one_answers(net, server, dialled, resolver):
    resolver["many.test"] = [["10.255.255.1", "127.0.0.9", "127.0.0.1"]]
    server.routes["/"] = reply(body=b"ok")
    assert net.fetch(f"http://many.test:{server.port}/").body == b"ok"
    assert dialled == ["127.0.0.9", "127.0.0.1"]


@pytest.mark.scorecard(13)
def test_a_name_that_means_the_inside_is_refused(strict_net, server, resolver):
    resolver["inside.test"] = [["127.0.0.1", "10.0.0.1", "::1"]]
    assert "private (127.0.0.1)" in str(refusal(strict_net, f"http://inside.test:{server.port}/"))
    assert server.connections == 0


def test_a_look_up_that_hangs_holds_up_neither_the_fetch_nor_the_exit(monkeypatch):
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait())
    with Net(now=lambda: NOW, deadline=0.1) as net:
        assert "within 0.1 s" in str(refusal(net, "http://slow.test/"))
    answered.set()


def test_an_address_longer_than_any_is_not_asked_for(net, server):
    far = "/" + "a" * 8_000
    server.routes["/"] = reply("302 Found", headers=[f"Location: {far}"])
    assert str(refusal(net, server.url(far))) == "the address is longer than 8,000 characters"
    assert "redirects to is longer than 8,000 characters" in str(refusal(net, server.url("/")))
    assert server.targets() == ["/"]


def test_a_port_where_nobody_listens_is_said_so(net, server):
    url = server.url("/")
    server.__exit__()
    assert str(refusal(net, url)) == "the server refused the connection"


# --- politeness and the thread ---------------------------------------------------------------------------------------


@pytest.mark.scorecard("H16")
def test_a_host_gets_two_connections_at_a_time(net, server, record_property):
    lock, two_came = threading.Lock(), threading.Event()
    busy = peak = 0

    def behave(server, connection):
        nonlocal busy, peak
        with lock:
            busy += 1
            peak = max(peak, busy)
            if busy == 2:
                two_came.set()
        two_came.wait(5)
        with lock:
            busy -= 1
        connection.sendall(reply(body=b"ok"))

    server.routes["/"] = behave
    futures = [net.submit(net.get(server.url("/"))) for _ in range(10)]
    assert all(future.result().body == b"ok" for future in futures)
    assert peak == 2
    record_property("figure", f"10 requests at once: {peak} connections")


def test_waiting_for_another_fetch_costs_no_deadline(server):
    server.routes["/stuck"] = hostile.hang
    server.routes["/"] = reply(body=b"ok")
    with Net(now=lambda: NOW, allow_private=LOOPBACK, deadline=1.0) as net:
        stuck = [net.submit(net.get(server.url("/stuck"))) for _ in range(4)]
        assert net.fetch(server.url("/")).body == b"ok"
        assert all("within 1 s" in str(future.exception()) for future in stuck)


def test_another_host_need_not_wait(net, server):
    server.routes["/"] = hostile.hang
    with HostileServer(host="127.0.0.2") as other:
        other.routes["/"] = reply(body=b"ok")
        held = [net.submit(net.get(server.url("/"))) for _ in range(8)]
        assert net.fetch(other.url("/")).body == b"ok"
        assert not any(future.done() for future in held)


def test_closing_breaks_off_what_is_under_way(server):
    server.routes["/"] = hostile.hang
    net = Net(now=lambda: NOW, allow_private=LOOPBACK)
    net.start()
    futures = [net.submit(net.get(server.url("/"))) for _ in range(40)]
    net.close()
    assert all(future.cancelled() for future in futures)
    assert "not in use" in str(refusal(net, server.url("/")))
    net.close()


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("way", ["directly", "by a proxy", "through a proxy"])
def test_a_request_broken_off_at_any_moment_leaves_no_connection(server, lines, times, way, certificates, monkeypatch):
    """At its deadline, when it is closed, or at the one and then the other."""
    server.routes |= dict.fromkeys(("/", "http://news.test/"), reply(body=b"ok"))
    url = server.url("/") if way == "directly" else "http://news.test/"
    if way != "directly":
        monkeypatch.setenv("http_proxy", server.url("/"))
    with ExitStack() as running:
        if way == "through a proxy":
            monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "valid.pem"))
            monkeypatch.setenv("https_proxy", server.url("/"))
            sealed = running.enter_context(tls_server(certificates, "valid"))
            server.routes[f"localhost:{sealed.port}"] = hostile.tunnel(("127.0.0.1", sealed.port))
            url = f"https://localhost:{sealed.port}/"
        net = running.enter_context(Net(now=lambda: NOW, allow_private=LOOPBACK, spacing=0))
        broken_off = [net.submit(_broken_off(net, url, turns, times)).result() for turns in range(60) for _ in range(4)]
    assert sum(broken_off) > 20
    assert len(lines) > 20
    assert all(line.transport.is_closing() for line in lines)


async def _broken_off(net, url, turns, times):
    """Whether a request that is broken off after so many turns of the loop was."""
    asking = asyncio.ensure_future(net.get(url))
    for _ in range(turns):
        await asyncio.sleep(0)
    for _ in range(times):
        asking.cancel()
        await asyncio.sleep(0)
    await asyncio.wait([asking])
    return asking.cancelled()


def test_what_is_asked_when_the_wire_is_closed_is_told_so():
    async def late():
        wire = Wire(Guard(()), max_body=1)
        await wire.close()
        await wire.ask(httpx.URL("http://127.0.0.1/"), {})

    with pytest.raises(NetError, match="not in use"):
        asyncio.run(late())


def test_a_net_that_was_never_started_says_so_and_closes():
    net = Net(now=lambda: NOW)
    assert "not in use" in str(refusal(net, "http://127.0.0.1/"))
    net.close()


# --- proxies ---------------------------------------------------------------------------------------------------------


@pytest.mark.scorecard(13)
def test_the_proxy_of_the_environment_is_used_without_asking_where_it_is(server, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://me:{SECRET}@127.0.0.1:{server.port}")
    server.routes["http://news.test/feed"] = reply(body=b"by proxy")
    with Net(now=lambda: NOW) as net:
        assert net.fetch("http://news.test/feed").body == b"by proxy"
        assert server.asked[0].header("Host") == "news.test"
        assert server.asked[0].header("Proxy-Authorization") == "Basic bWU6Y2FuYXJ5LXDDpHNzd29yZA=="
        connections = server.connections
        for host in ("127.0.0.1", "0x7f.1", "localhost", "x.localhost", "[::1]", "10.0.0.1"):
            assert "private" in str(refusal(net, f"http://{host}/"))
    assert server.connections == connections


def test_a_proxy_of_which_one_address_is_dead_is_reached_by_another(server, resolver, monkeypatch, dialled):
    resolver["proxy.test"] = [["127.0.0.9", "127.0.0.1"]]
    monkeypatch.setenv("http_proxy", f"http://proxy.test:{server.port}")
    server.routes["http://news.test/feed"] = reply(body=b"by proxy")
    with Net(now=lambda: NOW) as net:
        assert net.fetch("http://news.test/feed").body == b"by proxy"
    assert dialled == ["127.0.0.9", "127.0.0.1"]


def test_a_proxy_that_passes_nothing_on_is_an_error(server, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.port}")
    server.routes["news.test:443"] = reply("403 Forbidden")
    with Net(now=lambda: NOW) as net:
        assert str(refusal(net, "https://news.test/feed")) == "the proxy refused to pass the request on"
    assert server.targets() == ["news.test:443"]


def test_what_is_sealed_goes_through_a_proxy_sealed(certificates, server, monkeypatch):
    """The proxy sees a name and no more; the certificate is the server's own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "valid.pem"))
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{server.port}")
    with tls_server(certificates, "valid") as sealed:
        target = f"localhost:{sealed.port}"
        server.routes[target] = hostile.tunnel(("127.0.0.1", sealed.port))
        with Net(now=lambda: NOW, allow_private=LOOPBACK) as net:
            assert net.fetch(f"https://{target}/").body == b"sealed"
    assert server.targets() == [target]


@pytest.mark.scorecard(13)
def test_no_proxy_is_honoured_and_keeps_the_guard(server, monkeypatch):
    monkeypatch.setenv("all_proxy", f"127.0.0.1:{server.port}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Net(now=lambda: NOW) as net:
        assert "private" in str(refusal(net, server.url("/")))
    assert server.connections == 0


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "ftp://127.0.0.1", "http://127.0.0.1:port"])
def test_a_proxy_that_we_do_not_speak_is_an_error_not_a_way_around(server, monkeypatch, proxy):
    monkeypatch.setenv("http_proxy", proxy)
    with Net(now=lambda: NOW, allow_private=LOOPBACK) as net:
        assert "proxy" in str(refusal(net, server.url("/")))
    assert server.connections == 0


# --- TLS -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> Path:
    """Self-signed certificates for `localhost`, a valid one and an expired one, and one whose name means harm."""
    folder = tmp_path_factory.mktemp("tls")
    for name, year in (("valid", 2099), ("expired", 2020)):
        make(folder / f"{name}.pem", folder / f"{name}.key", until=datetime(year, 12, 31, tzinfo=UTC))
    evil = b"\x1b]52;c;ZXZpbA==\x07[/foo][@click=app.planted]\xc2\x9b31m"
    make(folder / "evil.pem", folder / "evil.key", until=datetime(2099, 12, 31, tzinfo=UTC), of=evil)
    return folder


def tls_server(certificates: Path, name: str) -> HostileServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / f"{name}.pem", certificates / f"{name}.key")
    return HostileServer(tls=context, routes={"/": reply(body=b"sealed")})


def test_a_certificate_that_the_person_trusts_is_accepted(certificates, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "valid.pem"))
    with Net(now=lambda: NOW, allow_private=LOOPBACK) as net, tls_server(certificates, "valid") as server:
        assert net.fetch(f"https://localhost:{server.port}/").body == b"sealed"


@pytest.mark.scorecard(4, 44)
@pytest.mark.parametrize(
    ("kind", "name", "trusted", "host"),
    [
        ("self-signed", "valid", False, "localhost"),
        ("wrong host", "valid", True, "127.0.0.1"),
        ("expired", "expired", True, "localhost"),
        ("a hostile name", "evil", True, "localhost"),
        ("a hostile issuer", "evil", False, "localhost"),
    ],
)
def test_a_certificate_that_proves_nothing_is_refused(
    certificates, monkeypatch, kind, name, trusted, host, record_property
):
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates / f"{name}.pem"))
    with Net(now=lambda: NOW, allow_private=LOOPBACK) as net, tls_server(certificates, name) as server:
        error = refusal(net, f"https://{host}:{server.port}/")
    assert "the server's certificate can't be trusted" in str(error)
    assert "foo" not in clean(str(error)) == str(error)
    assert server.asked == []
    record_property("figure", f"{kind}: refused, nothing asked")


def test_a_server_that_speaks_no_tls_is_an_error(net, server):
    server.routes["/"] = reply(body=b"plain")
    refusal(net, f"https://127.0.0.1:{server.port}/")


def test_a_handshake_that_hangs_is_ended_and_its_connection_closed(hasty_net):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert "within 0.3 s" in str(refusal(hasty_net, f"https://127.0.0.1:{silent.getsockname()[1]}/"))
        connection, _ = silent.accept()
        with connection:
            connection.settimeout(5)
            while connection.recv(65536):
                """The greeting of a TLS client, and then the end."""


def test_a_missing_certificate_file_is_an_error_in_words_where_it_matters(net, server, monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    server.routes["/"] = reply(body=b"ok")
    with Net(now=lambda: NOW, allow_private=LOOPBACK) as net:
        assert "SSL_CERT_FILE" in str(refusal(net, f"https://127.0.0.1:{server.port}/"))
        assert net.fetch(server.url("/")).body == b"ok"
