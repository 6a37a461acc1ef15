"""Any highlight that may stand in a library, for hypothesis."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from reader.model import Color, Highlight, HighlightKind, Quote
from reader.text import clean, one_line

TRICKY = st.text("\"'=+-@|%\\;,\n\t \r＝a€\u200b\u00a0", max_size=12)
TEXT = (st.text(max_size=40) | TRICKY).map(clean)
LINE = (st.text(max_size=20) | TRICKY).map(one_line)
NAME = LINE.filter(bool)

ZONES = st.sampled_from((UTC, timezone(timedelta(hours=-9, minutes=-30)), timezone(timedelta(hours=14))))
INSTANTS = st.builds(
    lambda when, zone: when.replace(microsecond=0, tzinfo=zone),
    st.datetimes(datetime(2, 1, 3), datetime(9998, 12, 28)),
    ZONES,
)
URLS = st.builds(
    "https://{}.example/{}".format, st.text("abc", min_size=1, max_size=5), st.text("ab/?=&#%2'", max_size=9)
)


@st.composite
def highlights(draw) -> Highlight:
    kind = draw(st.sampled_from(HighlightKind))
    words = TEXT if kind is HighlightKind.ARTICLE else TEXT.filter(str.strip)
    start = draw(st.integers(-1, 10**9 - 1))
    return Highlight(
        id=0,
        uid=str(draw(st.uuids())),
        entry_id=None,
        kind=kind,
        quote=Quote(exact=draw(words), prefix=draw(TEXT), suffix=draw(TEXT), start=start),
        speaker=draw(st.none() | NAME),
        source=draw(st.none() | NAME),
        via=tuple(draw(st.lists(NAME, max_size=3))),
        outlet=draw(LINE),
        title=draw(LINE),
        author=draw(st.none() | NAME),
        url=draw(st.none() | URLS),
        published=draw(st.none() | INSTANTS),
        retrieved=draw(st.none() | INSTANTS),
        created=draw(INSTANTS),
        changed=draw(INSTANTS),
        text_hash=draw(st.just("") | st.text("0123456789abcdef", min_size=64, max_size=64)),
        note=draw(TEXT),
        tags=tuple(draw(st.lists(NAME, max_size=3, unique=True))),
        color=draw(st.none() | st.sampled_from(Color)),
    )


def any_highlights():
    return st.lists(highlights(), max_size=4, unique_by=lambda one: one.uid)
