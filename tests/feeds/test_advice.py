"""What is advised when a feed fails, going by the sentences that the network and the parser really say."""

import socket
import ssl
import zlib
from datetime import UTC, datetime, timedelta

import httpcore
import httpx
import pytest

from reader.feeds import FeedError
from reader.feeds.advice import advice, pace
from reader.feeds.parse import parse
from reader.model import FeedSettings
from reader.net.errors import CLOSED, sentence

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
NONE = FeedSettings()


@pytest.mark.parametrize(
    ("error", "advised"),
    [
        (socket.gaierror(), "its new address"),
        (httpcore.ConnectTimeout(), "check your network"),
        (ConnectionRefusedError(), "check your network"),
        (ConnectionResetError(), "check your network"),
        (OSError(), "check your network"),
        (ssl.SSLError(), "can't be trusted"),
        (ssl.SSLCertVerificationError(), "can't be trusted"),
        (httpcore.ProxyError(), "proxy"),
        (httpcore.RemoteProtocolError(), "nonsense"),
        (zlib.error(), "nonsense"),
        (httpx.InvalidURL(""), "mistyped"),
    ],
)
def test_what_the_network_says_is_understood(error, advised):
    if isinstance(error, ssl.SSLCertVerificationError):
        error.verify_message = "certificate has expired"
    assert advised in advice(sentence(error), NONE)


@pytest.mark.parametrize(
    ("body", "advised"),
    [
        (b"", "looked for there"),
        (b"<html><body>Hello</body></html>", "There is a page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "looked for there"),
        (b'{"version": 3}', "looked for there"),
    ],
)
def test_what_the_parser_says_is_understood(body, advised):
    with pytest.raises(FeedError) as refused:
        parse(body, url="https://example.org/feed", content_type=None)
    assert advised in advice(str(refused.value), NONE)


@pytest.mark.parametrize(
    ("status", "advised"),
    [
        ("404 Not Found", "nothing at its address"),
        ("410 Gone: it is gone for good and not asked for any more", "nothing at its address"),
        ("401 Unauthorized: it wants a user name and a password", "Set them"),
        ("403 Forbidden", "Set a User-Agent"),
        ("429 Too Many Requests", "nothing to do"),
        ("503 Service Unavailable", "in trouble"),
        ("400 Bad Request", "refuses"),
    ],
)
def test_what_a_server_answers_is_understood(status, advised):
    assert advised in advice(f"the server answered {status}", NONE)


def test_what_the_person_has_tried_is_not_advised_again():
    assert "Mend them" in advice("the server answered 401 Unauthorized", FeedSettings(user="ada"))
    assert "Set another" in advice("the server answered 403 Forbidden", FeedSettings(user_agent="Mozilla"))


def test_what_is_unknown_is_waited_for():
    assert advice(CLOSED, NONE).startswith("Wait")
    assert advice("reading it crashed a worker process", NONE).startswith("Wait")


def test_the_pace_is_that_of_late():
    hourly = [NOW - timedelta(hours=hours) for hours in range(20)]
    assert pace(hourly, now=NOW) == pytest.approx(24)
    # One old entry that is pinned says nothing of how often others come.
    assert pace([*hourly, NOW - timedelta(days=900)], now=NOW) == pytest.approx(24)
    # A date in the future counts as now.
    assert pace([NOW + timedelta(days=900), *hourly], now=NOW) == pytest.approx(24, rel=0.2)


@pytest.mark.parametrize("times", [[], [NOW], [NOW] * 9])
def test_a_pace_that_the_dates_do_not_tell_is_not_told(times):
    assert pace(times, now=NOW) is None
