"""What the model sees, as attributions: which source and content a cue takes, and which cues report at all."""

import pytest

from reader.claims.linking import attributions, report_of
from reader.claims.segment import blocks
from reader.claims.tagger import Tagged, shipped
from reader.model import Span


def tagged(text: str) -> Tagged:
    return shipped().tag(text, list(blocks(text)))


def reports(text: str) -> list[tuple[str, str, list[str]]]:
    seen = tagged(text)
    found = [r for a in attributions(seen) if (r := report_of(text, seen, a)) is not None]
    return [
        (
            text[r.source[0].start : r.source[-1].end] if r.source else "",
            " … ".join(span.of(text) for span in r.cue),
            [span.of(text) for span in r.content],
        )
        for r in found
    ]


def test_each_of_several_speakers_has_his_own_content():
    text = "The mayor said the bridge was safe, but engineer Ada Lund warned that it leaks."
    assert reports(text) == [
        ("The mayor", "said", ["the bridge was safe"]),
        ("engineer Ada Lund", "warned", ["it leaks"]),
    ]


def test_a_broken_quotation_is_one():
    text = "“The wall leaks in many places,” Ada Lund said on Monday, “and nobody has paid for it since the spring.”"
    ((source, cue, contents),) = reports(text)
    assert (source, cue, len(contents)) == ("Ada Lund", "said", 2)


def test_no_attribution_leaves_its_paragraph():
    text = "Officials said on Monday\n\nthat the bridge was closed.\n\nThe mayor said that it was open.\n\nNobody came."
    seen = tagged(text)
    for attribution in attributions(seen):
        own = [attribution.cue, *attribution.contents, *([attribution.source] if attribution.source else [])]
        units = {next(u for u, first in enumerate(seen.units[1:]) if s.first < first) for s in own}
        assert len(units) == 1


@pytest.mark.parametrize(
    "text",
    [
        "The mayor hopes to win the election in May.",
        "She wanted the bridge closed and feared a flood.",
        "The two girls were denied visas to enter the country.",
        "The firm did not respond to a request for comment.",
        "Voters like the plan for the harbour.",
    ],
)
def test_what_nobody_voiced_is_no_report(text):
    assert reports(text) == []


def test_the_one_who_is_told_is_no_source():
    text = "Residents were told to leave their homes before the storm arrived on Sunday night."
    assert all(source == "" for source, _, _ in reports(text))


def test_that_and_the_final_stop_are_no_content():
    ((_, _, (content,)),) = reports("The minister said that the harbour would be closed until March.")
    assert content == "the harbour would be closed until March"


def test_the_chance_of_an_attribution_is_one():
    seen = tagged("Officials said that 36 people had died. Police told reporters that the road was closed.")
    assert all(0 < a.chance <= 1 for a in attributions(seen))
    assert all(isinstance(w, Span) for w in seen.words)
