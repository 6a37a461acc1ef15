"""A highlight to test with, and text that means harm."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from reader.model import Highlight, Quote
from reader.model.highlights import HighlightKind

LISBON = timezone(timedelta(hours=-1))

SAVED = datetime(2026, 11, 13, 8, 0, tzinfo=UTC)


def highlight(exact="We will publish the report.", *, n=1, start=0, **changes):
    facts = {
        "id": n,
        "uid": f"00000000-0000-4000-8000-{n:012}",
        "entry_id": 7,
        "kind": HighlightKind.CLAIM,
        "quote": Quote(exact=exact, prefix="", suffix="", start=start),
        "speaker": "Ana Duarte",
        "source": "the minister",
        "via": ("Lusa",),
        "outlet": "The Harbour Post",
        "title": "Report due in spring",
        "url": "https://harbour.example/report",
        "published": datetime(2026, 11, 12, 23, 30, tzinfo=LISBON),
        "created": SAVED + timedelta(seconds=n),
        "changed": SAVED + timedelta(seconds=n),
        "text_hash": "0" * 64,
    }
    return Highlight(**{**facts, **changes})


HOSTILE = [
    "[press](javascript:alert(1))",
    "![x](https://tracker.example/p.png)",
    "<script>alert(1)</script>",
    "<https://evil.example>",
    "see https://evil.example or www.evil.example or me@evil.example",
    "&lt;b&gt;",
    "# Heading",
    "text\n===",
    "text\n---",
    "---\nevil: !!python/object/apply:os.system [ls]\n---",
    "- item",
    "12. item",
    "3) item",
    "+ item",
    "```\ncode",
    "    code",
    "> deeper",
    "*a* _b_ ~c~ `d`",
    "==marked== %%hidden%% $x^2$ ^block [[Other note]] ![[Secret]] #tag",
    "a | b\n--|--",
    "[ref]: https://evil.example",
    "back\\slash \\[x\\](y)",
    '{{ 7 * 7 }}{% raw %} {# "quoted" #}',
    '" onmouseover="alert(1)',
    "</style></title><img src=x onerror=alert(1)>",
    "=HYPERLINK(1)\x00\x1b]0;x\x07\u202eevil\u2028\ud800\ufeff\uffff\x85",
    "%% newsreader: your own words below this line stay %%",
    "}, @comment{x} \\input{/etc/passwd} $ % # _ ~ ^ {",
    "../../etc/passwd",
    "CON",
    "nul.txt. . .",
    "-rf",
    ".hidden",
    "é" * 300,
]

MARKS = "<>[]()!&;:/\\`*_-#ahtps%$={}^\n\r\t \"'."

anything = st.sampled_from(HOSTILE) | st.text(max_size=60) | st.text(MARKS, max_size=40)


@st.composite
def highlights(draw, most=5):
    """Some highlights with any text in every field."""
    count = draw(st.integers(1, most))
    return [
        highlight(
            draw(anything),
            n=n,
            start=draw(st.integers(0, 3)),
            kind=draw(st.sampled_from(HighlightKind)),
            speaker=draw(st.none() | anything),
            via=draw(st.lists(anything, max_size=2).map(tuple)),
            outlet=draw(anything),
            title=draw(anything),
            author=draw(st.none() | anything),
            url=draw(st.none() | anything | anything.map("https://a.example/{}".format)),
            published=draw(st.none() | st.datetimes(timezones=st.just(LISBON))),
            note=draw(anything),
            tags=draw(st.lists(anything, max_size=2).map(tuple)),
        )
        for n in range(count)
    ]
