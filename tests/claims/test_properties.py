"""What holds of every text, however broken."""

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reader.claims.find import find
from reader.claims.view import claims_json, sources
from reader.text import clean

PIECES = [
    "“", "”", '"', "'", "‘", "’", "«", "»", "„", "(", ")", ",", ".", ". ", "?", "! ", ": ", "; ", " – ", "\n",
    "\n\n", " ", "he ", "it ", "they ", "said ", "says ", "told reporters ", "added ", "adding that ",
    "warned of ", "denied ", "that ", "according to ", "citing ", "quoting ", "reportedly ", "was reported ",
    "is accused of ", "did not ", "and ", "but ", "the outlet ", "the ministry ", "officials ", "Ada Lund ",
    "Lund ", "Mr. Ode ", "The Coast Herald ", "KCNA ", "WHO ", "a spokesman for ", "of the ", "in a statement ",
    "on Monday ", "Report", "Photo: AFP", "Related Articles", "U.S. ", "the wall leaks ", "36 people ",
    "nearly ", "$4.2 million ", "55% ", "3–1 ", "May 7, 2015 ", "half of ", "ſix K ", "İ ", "²", "٣ ", "😀",
    "calls for ", "claims that ", "the WHO recommendation that ", "who ", "a nurse, ", "Corp. ",
]  # fmt: skip
NEWS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


def check(text: str) -> None:
    analysis = find(text, title=text[:5], outlet="Here")
    assert analysis == find(text, title=text[:5], outlet="Here")
    last = 0
    for i, claim in enumerate(analysis.claims):
        assert claim.id == i
        assert claim.start >= last
        last = claim.start
        assert claim.content
        for spans in (claim.content, claim.cue, claim.source):
            assert list(spans) == sorted(spans)
            assert all(0 <= start < end <= len(text) for start, end in spans)
            assert all(a.end <= b.start for a, b in pairwise(spans))
        assert all(span.of(text).strip() for span in claim.content)
        assert claim.content[0].of(text)[0] not in " \n,"
        assert 0 < claim.score < 1
        assert claim.speaker is None or claim.speaker.name.strip()
        assert all(any(c.start <= f.span.start and f.span.end <= c.end for c in claim.content) for f in claim.figures)
        assert not any(b.start < c.end and c.start < b.end for b in analysis.boilerplate for c in claim.content)
    for one, two in pairwise(analysis.figures):
        assert one.span.end <= two.span.start
    assert all(0 <= f.span.start < f.span.end <= len(text) for f in analysis.figures)
    assert sum(len(s.spans) for s in sources(analysis)) <= sum(len(c.source) for c in analysis.claims)
    json.dumps(claims_json(analysis, id="x", text=text), allow_nan=False)


@given(st.text(max_size=300))
def test_any_text(text):
    check(clean(text))


@given(NEWS)
def test_news_like_text(text):
    check(text)


@given(st.lists(NEWS, min_size=2, max_size=4))
def test_blocks_of_news_like_text(parts):
    check("\n\n".join(parts))
