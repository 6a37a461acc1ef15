"""One construction a case: what is claimed, by which words, by whom."""

import subprocess
import sys
import time

import pytest

from reader.claims import MODEL
from reader.claims.boilerplate import find_boilerplate
from reader.claims.figures import find_figures
from reader.claims.find import find
from reader.claims.register import Register
from reader.claims.rules import ruled
from reader.claims.segment import blocks, paragraphs
from reader.claims.view import claims_json, sources
from reader.model import Analysis, Quotation, SourceKind, Span


def told(text: str, **options: str) -> list[tuple[str, str, str, str | None]]:
    """Each claim as (content, cue, source, speaker) in words."""
    return [
        (
            c.words(text),
            " … ".join(span.of(text) for span in c.cue),
            " … ".join(span.of(text) for span in c.source),
            c.speaker.name if c.speaker else None,
        )
        for c in find(text, **options).claims
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "The mayor, Jonas Berg, said on Tuesday that the bridge would reopen.",
            ("the bridge would reopen", "said", "The mayor, Jonas Berg", "Jonas Berg"),
            id="a title, a name, a day before that",
        ),
        pytest.param(
            "Claude Vann, undersecretary to the prime minister, said a table will be set.",
            ("a table will be set", "said", "Claude Vann, undersecretary to the prime minister", "Claude Vann"),
            id="an apposed description",
        ),
        pytest.param(
            "The state buys shells and rockets abroad, according to newly declassified reports reviewed by The Post.",
            (
                "The state buys shells and rockets abroad",
                "according to",
                "newly declassified reports",
                "newly declassified reports",
            ),
            id="two things joined by and, and a source that somebody reviewed",
        ),
        pytest.param(
            "Tests were clean, said Ada Lund, the city's chief engineer.",
            ("Tests were clean", "said", "Ada Lund, the city's chief engineer", "Ada Lund"),
            id="inverted after an indirect clause",
        ),
        pytest.param(
            "The American Tide Institute’s Carl B. Moss said, “Nobody measured it.”",
            ("“Nobody measured it.”", "said", "The American Tide Institute’s Carl B. Moss", "Carl B. Moss"),
            id="a possessive affiliation and an initial",
        ),
        pytest.param(
            "Minister of Education Stella Gann said schools would stay open.",
            ("schools would stay open", "said", "Minister of Education Stella Gann", "Stella Gann"),
            id="an office with its portfolio",
        ),
        pytest.param(
            "The rate fell to 3.9%, the Labor Department said in a report Friday.",
            ("The rate fell to 3.9%", "said", "the Labor Department", "Labor Department"),
            id="the medium is not content",
        ),
        pytest.param(
            "Acme Corp. denied it had known of the leak.",
            ("it had known of the leak", "denied", "Acme Corp.", "Acme Corp."),
            id="a full stop that ends no sentence",
        ),
        pytest.param(
            "The inquiry didn’t reveal who signed the order.",
            ("who signed the order", "didn’t reveal", "The inquiry", "The inquiry"),
            id="the negation is in the cue",
        ),
        pytest.param(
            "Critics accused the council of hiding the bill.",
            ("hiding the bill", "accused … of", "Critics", "Critics"),
            id="accused of",
        ),
        pytest.param(
            'In the words of the prosecutor, Mark Teague, "she was never asked."',
            ('"she was never asked."', "In the words of", "the prosecutor, Mark Teague", "Mark Teague"),
            id="in the words of",
        ),
        pytest.param(
            "‘Streets are safer,’ Police Minister Ola Vik told reporters.",
            ("‘Streets are safer,’", "told", "Police Minister Ola Vik", "Ola Vik"),
            id="single quotation marks",
        ),
    ],
)
def test_construction(text, expected):
    assert told(text) == [expected]


def test_citing_is_a_second_cue_and_names_who_is_behind():
    text = "Citing a US official, The Dock Times wrote that the ships had left."
    assert told(text) == [("the ships had left", "Citing … wrote", "The Dock Times", "The Dock Times")]
    assert find(text).claims[0].via == ("a US official",)


def test_citing_a_thing_that_does_not_speak_names_nobody():
    (claim,) = find("Citing privacy rules, officials have not said why she was held.").claims
    assert claim.via == ()


def test_the_headline_report_is_the_first_outlet_cited():
    text = "Wall Cracked Before Storm: Report\n\nInspectors knew, Reuters reported."
    headline = find(text, title="Wall Cracked Before Storm: Report").claims[0]
    assert (headline.words(text), headline.cue, headline.speaker.name) == ("Wall Cracked Before Storm", (), "Reuters")


def test_a_first_paragraph_that_is_not_the_title_is_no_headline():
    assert not find("The wall cracked before the storm: Report", title="Another day").claims


def test_pronouns_follow_the_gender_that_a_title_tells():
    text = "Mr. Paul Ode said he was calm. Ms. Ada Lund said it was late. He said he would go."
    assert [speaker for *_, speaker in told(text)] == ["Paul Ode", "Ada Lund", "Paul Ode"]


def test_a_pronoun_that_points_at_nobody_has_no_speaker():
    text = "“We are not closing,” she said, “and we never will.”"
    assert told(text) == [("“We are not closing,” … “and we never will.”", "said", "she", None)]


def test_this_newspaper_is_the_articles_own_outlet():
    text = "This newspaper reported in May that the bridge leaked."
    assert told(text, outlet="The Coast Herald")[0][3] == "The Coast Herald"


def test_the_company_is_never_a_person_named_before():
    text = "Karen Dahl said sales fell. The company said nothing was wrong."
    assert [speaker for *_, speaker in told(text)] == ["Karen Dahl", "The company"]


def test_an_opening_quotation_without_cue_joins_the_report_that_closes_it():
    text = '"I saw the smoke.\n\n"Then everybody ran," said Petra Novak, a nurse.'
    assert told(text) == [('"I saw the smoke. … "Then everybody ran,"', "said", "Petra Novak, a nurse", "Petra Novak")]


def test_a_quotation_after_a_colon_in_the_next_paragraph_joins_its_introduction():
    text = "Bishop Aldo Reni called the ruling “unjust”:\n\n“It will close our schools within a year.”"
    assert told(text)[0][0] == "the ruling “unjust” … “It will close our schools within a year.”"


@pytest.mark.parametrize(
    ("text", "quotation"),
    [
        ("“It leaks,” Ada Lund said.", Quotation.DIRECT),
        ("Ada Lund said it leaks.", Quotation.INDIRECT),
        ("Ada Lund said the wall was “a sieve” in winter.", Quotation.MIXED),
    ],
)
def test_how_much_is_quoted(text, quotation):
    assert find(text).claims[0].quotation is quotation


@pytest.mark.parametrize(
    ("source", "kind", "named"),
    [
        ("Police", SourceKind.ORGANISATION, False),
        ("The Health Ministry", SourceKind.ORGANISATION, True),
        ("NASA", SourceKind.ORGANISATION, True),
        ("Reuters", SourceKind.OUTLET, True),
        ("The secularist magazine MicroLog", SourceKind.OUTLET, True),
        ("A spokesman for the port", SourceKind.PERSON, False),
        ("Two people familiar with the matter", SourceKind.GROUP, False),
        ("Residents", SourceKind.GROUP, False),
        ("A new study", SourceKind.DOCUMENT, False),
        ("Team member Rosa Nuri", SourceKind.PERSON, True),
        ("Afghan Ambassador to the United States Hamid Mobin", SourceKind.PERSON, True),
    ],
)
def test_kind_of_source(source, kind, named):
    speaker = find(f"{source} said that the harbour was closed.").claims[0].speaker
    assert (speaker.kind, speaker.named) == (kind, named)


def test_denial_and_its_negation():
    text = "The firm denied that it had known. The agency did not deny that it was warned."
    assert [c.denied for c in find(text).claims] == [True, False]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "said",
        "\ud800 said",
        "   \n\n \n",
        "Name | Votes\nsaid | 12\nAda | 40",
        "😀😀 said 😀",
        "He is expected to announce plans. She wanted to say more. They could tell.",
        "The reports were late. Two Arab states to the north report to him.",
        "He said so.",
        "Two officials, who asked not to be named, met the press.",
        "El ministro dijo que «no habrá recortes» en 2024.",
        "El president ha dit que la reunió és a les 7.",
        "大臣は「問題ない」と述べた。",
        "Министр сказал, что «всё в порядке».",
        "We say yes. I told him. You said it.",
    ],
)
def test_nothing_is_claimed(text):
    assert find(text).claims == ()


def test_capitals_are_read_as_well():
    text = "THE MAYOR SAID THE BRIDGE WAS SAFE."
    assert [(c.words(text), c.cue[0].of(text)) for c in find(text).claims] == [("THE BRIDGE WAS SAFE", "SAID")]


def test_of_another_language_quotations_alone():
    text = "Der Minister sagte am Montag: „Wir werden nicht aufgeben.“ Die Opposition kritisierte ihn „scharf“."
    analysis = find(text)
    assert analysis.language == "de"
    (claim,) = analysis.claims
    assert claim.words(text) == "„Wir werden nicht aufgeben.“"
    assert (claim.speaker, claim.source, claim.cue) == (None, (), ())
    assert claim.reasons == ("not English: quotations only",)


def test_no_claim_inside_boilerplate():
    text = "Ada Lund said it leaks.\n\nSign up for news, said by readers to be best."
    analysis = find(text)
    assert [s.of(text) for s in analysis.boilerplate] == ["Sign up for news, said by readers to be best."]
    assert len(analysis.claims) == 1


def test_a_claim_holds_its_figures():
    text = "Officials said 36 people died. The storm lasted 3 days."
    analysis = find(text)
    assert [f.span.of(text) for f in analysis.claims[0].figures] == ["36 people"]
    assert len(analysis.figures) == 2


def test_reasons_are_words_a_person_can_read():
    text = "Ada Lund met us. “It leaks,” she said, citing the Port Authority."
    (claim,) = find(text).claims
    assert claim.reasons == (
        "quotation marks",
        "“said” beside the source",
        "“citing” names who is behind it",
        "pronoun “she” read as Ada Lund",
    )


def test_a_quoted_named_claim_is_surer_than_hearsay():
    quoted, hearsay = find("“It leaks,” Ada Lund said.\n\nThe wall reportedly leaks.").claims
    assert quoted.score > 0.85 > hearsay.score


def test_sources_are_distinct_speakers_with_all_their_mentions():
    text = "Police said it was late. Ada Lund said it leaks. Lund said it was old. She said it was ours."
    lund, police = sources(find(text))
    assert (lund.name, [s.of(text) for s in lund.spans]) == ("Ada Lund", ["Ada Lund", "Lund", "She"])
    assert (police.name, police.kind) == ("Police", SourceKind.ORGANISATION)


def test_claims_json_is_the_gold_layout_flattened():
    text = "“It leaks,” Ada Lund said."
    analysis = find(text)
    (claim,) = analysis.claims
    assert claims_json(analysis, id="x", text=text) == {
        "id": "x",
        "text": text,
        "claims": [
            {
                "id": 0,
                "content": [[0, 11]],
                "cue": [[21, 25]],
                "source": [[12, 20]],
                "speaker": "Ada Lund",
                "kind": "person",
                "named": True,
                "quotation": "direct",
                "via": [],
                "denied": False,
                "figures": [],
                "score": claim.score,
                "reasons": ["quotation marks", "“said” beside the source"],
                "worth": claim.worth,
                "telling": list(claim.telling),
            }
        ],
        "figures": [],
        "boilerplate": [],
        "model": MODEL,
        "language": None,
    }


def test_an_empty_analysis_has_no_sources():
    assert sources(Analysis()) == ()


def test_offsets_are_code_points_beyond_the_basic_plane():
    text = "😀 “It leaks,” Ada Lund said."
    assert find(text).claims[0].content == (Span(2, 13),)


ARTICLE = (
    "The harbour wall will not last, engineer Ada Lund said on Monday. “It leaks in 14 places,” she told Radio Vest, "
    "“and nobody has paid since 2019.”\n\nThe Port Authority denied that, citing a survey of 1,200 metres of wall. "
    "Residents’ groups, who met in May, warned of floods, adding that the council’s plan would cost $4.2 million.\n\n"
    "The wall was built by hand between two storms and three floods, and it has stood there ever since, grey and green "
    "in the summer, grey and white in the winter. Boats lie behind it in rows, fishing boats first and then the yachts "
    "of the people who come up from the city at the end of the week. In the evening the lamps go on one after another "
    "along the quay, and from the hill above the church the whole bay looks like a table laid for a feast.\n\n"
)


def seconds_of(text: str) -> float:
    start = time.process_time()
    assert find(text).claims
    return time.process_time() - start


def test_time_grows_with_the_length_alone():
    """A megabyte's seconds are a figure of benchmarks/claims.py."""
    seconds_of(ARTICLE)
    short = seconds_of(ARTICLE * 20)
    assert seconds_of(ARTICLE * 80) < 4 * 2 * short


@pytest.mark.parametrize(
    "piece",
    [
        '"', "“", "‘a ", "'a ", "said ", "he said x. ", "X said, ", "according to X, ", "reportedly ", "A ",
        "1 ", "1,", "$", "1 to ", "million ", "twenty-", "Photo: ", "half a ", " ", "\n", "\n \n", "(", ",",
        ".", "U.S.", "a-", "“a\n\n", "😀", "X said, citing Y, ",
    ],
)  # fmt: skip
def test_hostile_repetition_takes_time_in_proportion(piece):
    """The rules'; the network's time is that of its windows, whatever they hold."""

    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        start = time.process_time()
        spans = list(blocks(text))
        boilerplate = find_boilerplate(text, spans)
        story = list(paragraphs(text, [s for s in spans if s not in set(boilerplate)]))
        Register.of(story)
        ruled(text, story, "")
        list(find_figures(text))
        return time.process_time() - start

    seconds(2_000)
    short, long = seconds(10_000), seconds(80_000)
    assert long <= 8 * 4 * max(short, 0.01)


def test_the_room_loads_nothing_heavy():
    code = "import sys, reader.claims.find; print({'lxml', 'feedparser', 'httpx', 'textual'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "text",
    [
        "ABC -: ‘hello there people’",
        "ABC --: “Hello there my good people”",
        "pseudopseudohypoparathyroidism a an of in to " * 300,
        "“People told me the police said it was a bomb\n\n“They ran,” Ada Lund said.",
    ],
)
def test_nothing_is_refused(text):
    assert all(span.of(text).strip() for claim in find(text).claims for span in claim.content)


def test_a_quotation_left_open_keeps_its_last_letter():
    text = "“People told me that the police said it was a bomb\n\n“They ran,” Ada Lund said."
    assert "the police said it was a bom" not in {claim.words(text) for claim in find(text).claims}
