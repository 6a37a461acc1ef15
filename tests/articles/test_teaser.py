"""Whether a feed carries only an article's opening, told from its end alone as from the whole."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.articles.extract import from_feed
from reader.articles.teaser import truncated
from reader.feeds import FeedError
from reader.feeds.parse import parse

CAPTURED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "feeds" / "captured"
SENTENCE = "Twelve people died when the ferry went down in the harbour on Monday, the police said. "


def same(content: str) -> bool:
    read = from_feed(content, url=None, title="").text
    assert truncated(content, read=read) == truncated(content)
    return truncated(content)


@pytest.mark.parametrize(
    ("end", "cut"),
    [
        ("", False),
        ("…", True),
        ("[&hellip;]", True),
        ("Read <b>more</b>", True),
        ('<a href="https://a.example/full"><span>Continue</span> reading →</a>', True),
        ("He said no more.", False),
        ("and then […]</p><p>The post <a>Ferry</a> appeared first on <a>The Courier</a>.</p>", True),
    ],
)
def test_an_opening_is_told_by_its_end(end, cut):
    assert same(f"<p>{SENTENCE * 22}{end}</p>") is cut


@given(
    st.lists(st.sampled_from([SENTENCE, "<p>", "</p>", "…", "read", " more", "<a href='x'>", "</a>", "."]), max_size=60)
)
def test_the_end_alone_says_what_the_whole_does(parts):
    same("".join(parts))


@pytest.mark.scorecard(19)
@pytest.mark.skipif(not CAPTURED.is_dir(), reason="the shared collections are not here")
def test_of_real_entries_too(full):
    openings = 0
    for path in sorted(CAPTURED.rglob("*"))[:: 1 if full else 4]:
        if path.is_file():
            try:
                feed = parse(path.read_bytes(), url="https://a.example/feed")
            except FeedError:
                continue
            openings += sum(same(entry.content or entry.summary) for entry in feed.entries[:20])
    assert openings > (100 if full else 25)
