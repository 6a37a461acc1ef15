"""Whom the article means: one class of construction a case, sources given as they stand beside their verbs."""

import pytest

from reader.claims.attribute import Report
from reader.claims.discourse import Discourse
from reader.claims.register import Register
from reader.claims.resolve import nested, resolve
from reader.claims.segment import blocks, paragraphs, tokens_of
from reader.claims.speakers import Speaker, read
from reader.model import SourceKind, Span


def story_of(text: str):
    return list(paragraphs(text, list(blocks(text))))


def spoken(marked: str) -> list[Speaker | None]:
    """The speakers of the sources that stand between brackets, read in order."""
    text, sources = "", []
    for piece in marked.split("["):
        source, bracket, rest = piece.rpartition("]")
        if bracket:
            sources.append(Span(len(text), len(text) + len(source)))
        text += source + rest
    register = Register.of(story_of(text))
    discourse = Discourse(register)
    return [discourse.resolve(tokens_of(text, span)) for span in sources]


def names(marked: str) -> list[str | None]:
    return [speaker.name if speaker else None for speaker in spoken(marked)]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "[Sheila Marsh] said no. Her husband, [Don Marsh], said yes. [Mr Marsh] left. [Mrs Marsh] said so.",
            ["Sheila Marsh", "Don Marsh", "Don Marsh", "Sheila Marsh"],
            id="a title tells two of one surname apart",
        ),
        pytest.param(
            "[Dana Cole], 43, a nurse from Hull, said no. Ed Roe left. [The 43-year-old] said so. [The nurse] wept.",
            ["Dana Cole", "Dana Cole", "Dana Cole"],
            id="an age and an apposed calling point back",
        ),
        pytest.param(
            "The former trade minister, [Osk Belan], wept. Prime Minister Ada Moe left. [The former minister] wept.",
            ["Osk Belan", "Osk Belan"],
            id="of two offices the one that fits in more words",
        ),
        pytest.param(
            "The mayor of Orde, [Nils Falk], said no. [The mayor] said so.",
            ["Nils Falk", "Nils Falk"],
            id="an office with whose it is",
        ),
        pytest.param(
            "Striker Joe Marr blocked a cross. [The defender] said it hit his arm.",
            ["Joe Marr"],
            id="a calling nobody was given means whom the sentence before was about",
        ),
        pytest.param(
            "The Coast Safety Agency (CSA) met. [The agency] said no. [The CSA] said so.",
            ["Coast Safety Agency", "Coast Safety Agency"],
            id="a bracketed acronym",
        ),
        pytest.param(
            "The International Reed Council met in May. [The IRC] said no.",
            ["International Reed Council"],
            id="an acronym that no brackets explain",
        ),
        pytest.param(
            "Kestrel Crest sold 10 locks. [The company] said it was glad.",
            ["Kestrel Crest"],
            id="a company with the name of a person",
        ),
        pytest.param(
            "Bank of Tarn cut rates. Jo Roe, of Wren Motors, left. [The lender] said no. [The carmaker] said yes.",
            ["Bank of Tarn", "Wren Motors"],
            id="what a business does",
        ),
        pytest.param(
            "[The Pentagon] said no. Wren Motors has sold ten cars. [It] said profits fell.",
            ["Pentagon", "Wren Motors"],
            id="it is the nearest subject that is no person",
        ),
        pytest.param(
            "[The Orde County Sheriff's Office] met. [The sheriff's office] said no.",
            ["Orde County Sheriff's Office", "Orde County Sheriff's Office"],
            id="a possessive within a name",
        ),
        pytest.param(
            "[The Dairy Workers' Union] met. [The union] said no.",
            ["Dairy Workers' Union", "Dairy Workers' Union"],
            id="a plural possessive within a name",
        ),
        pytest.param(
            "[Ana de la Cruz] said no. [Jean-Luc Moreau-Petit] said yes. [De la Cruz] left. [Moreau-Petit] left.",
            ["Ana de la Cruz", "Jean-Luc Moreau-Petit", "Ana de la Cruz", "Jean-Luc Moreau-Petit"],
            id="particles and hyphens",
        ),
        pytest.param(
            "[The Lake Courier] said no. [Ida Stone] said yes. [The newspaper] said so. [The Courier] said so.",
            ["The Lake Courier", "Ida Stone", "The Lake Courier", "The Lake Courier"],
            id="a newspaper",
        ),
        pytest.param(
            "Ray Pruitt wept in court. [His mother] said no.", ["Ray Pruitt’s mother"], id="kin of somebody named"
        ),
        pytest.param(
            "Tolvia bought drones. [Its government] said no.", ["Tolvia’s government"], id="a state's government"
        ),
        pytest.param(
            "[Two officials] said no. [A teacher] said yes. [They] said so.",
            ["Two officials", "A teacher", "Two officials"],
            id="they are the last group",
        ),
        pytest.param(
            "[A county report] said no. [The 62-page document] said so.",
            ["A county report", "A county report"],
            id="a document by another noun",
        ),
        pytest.param("[She] said no.", [None], id="nobody before"),
        pytest.param("[The WHO] said no. [WHO] said so.", ["WHO", "WHO"], id="who is no pronoun in capitals"),
    ],
)
def test_pointing_back(marked, expected):
    got = names(marked)
    assert [n and n.removeprefix("The ") for n in got] == [n and n.removeprefix("The ") for n in expected]


@pytest.mark.parametrize(
    ("source", "name", "kind", "named"),
    [
        ("The coastguard", "The coastguard", SourceKind.ORGANISATION, False),
        ("Police", "Police", SourceKind.ORGANISATION, False),
        ("Norland Police", "Norland Police", SourceKind.ORGANISATION, True),
        ("Skerra Shipping Ltd", "Skerra Shipping Ltd", SourceKind.ORGANISATION, True),
        ("Hadley's spokesman", "Hadley's spokesman", SourceKind.PERSON, False),
        ("A spokesman for Mr Rubin", "A spokesman for Mr Rubin", SourceKind.PERSON, False),
        ("Advisers to Mr Rubin", "Advisers to Mr Rubin", SourceKind.GROUP, False),
        ("Arden Foods spokeswoman Jane Roe", "Jane Roe", SourceKind.PERSON, True),
        ("Resident Paul Orr", "Paul Orr", SourceKind.PERSON, True),
        ("a tenant", "a tenant", SourceKind.PERSON, False),
        ("a diplomat who declined to be named", "a diplomat who declined to be named", SourceKind.PERSON, False),
        ("a majority of members", "a majority of members", SourceKind.GROUP, False),
        ("Tarn’s state television", "Tarn’s state television", SourceKind.OUTLET, True),
        ("a survey by the charity Countrywatch", "a survey by the charity Countrywatch", SourceKind.DOCUMENT, True),
        ("a report by the county", "a report by the county", SourceKind.DOCUMENT, False),
        ("a letter written by Mr Roe", "a letter written by Mr Roe", SourceKind.DOCUMENT, False),
        ("a sign on the door", "a sign on the door", SourceKind.DOCUMENT, False),
        ("Tom Hale and Ruth Kerr", "Tom Hale and Ruth Kerr", SourceKind.PERSON, True),
    ],
)
def test_a_source_by_its_own_words(source, name, kind, named):
    text = f"{source} said the harbour was shut."
    speaker = read(tokens_of(text, Span(0, len(source))), Register.of(story_of(text)))
    assert (speaker.name, speaker.kind, speaker.named) == (name, kind, named)


def test_a_tagger_may_tell_what_a_name_is():
    text = "Skerra Vale said no."
    source = tokens_of(text, Span(0, 11))
    told = Register.of(story_of(text), kinds={0: SourceKind.ORGANISATION})
    assert read(source, Register.of(story_of("Nothing."))).kind is SourceKind.PERSON
    assert read(source, told).kind is SourceKind.ORGANISATION


def reported(text: str, *reports: tuple[str, str, str]) -> list[tuple[str | None, list[str]]]:
    """Speaker and those behind him of reports given as (source, cue, content) in the words of the text."""

    def span(words: str) -> Span:
        start = text.index(words)
        return Span(start, start + len(words))

    read_reports = [
        Report([span(content)], cue=[span(cue)], source=tokens_of(text, span(source)) if source else (), lemma=cue)
        for source, cue, content in reports
    ]
    claimed = resolve(read_reports, story_of(text), Register.of(story_of(text)), None)
    behind = nested(claimed)
    by_report = {id(c.report): c.speaker for c in claimed}
    return [((s := by_report[id(r)]) and s.name, behind[id(r)]) for r in read_reports]


def test_an_outer_report_hands_on_the_inner_ones():
    text = "Radio Vest reported that Ida Stone believes the dam is safe."
    outer = ("Radio Vest", "reported", "Ida Stone believes the dam is safe")
    inner = ("Ida Stone", "believes", "the dam is safe")
    assert reported(text, outer, inner) == [("Radio Vest", ["Ida Stone"]), ("Ida Stone", [])]


def test_a_report_beside_the_content_is_not_behind_it():
    text = "Ida Stone said the dam is safe, a view that Bo Lind disputes."
    first = ("Ida Stone", "said", "the dam is safe")
    second = ("Bo Lind", "disputes", "the dam is safe")
    assert reported(text, first, second) == [("Ida Stone", []), ("Bo Lind", [])]


def test_quoted_as_saying():
    text = "Reuters quoted Bo Lind as saying that the papers were forged."
    outer = ("Reuters", "quoted", "the papers were forged")
    inner = ("Bo Lind", "saying", "the papers were forged")
    assert reported(text, outer, inner) == [("Reuters", ["Bo Lind"]), ("Bo Lind", [])]


def test_inside_a_quotation_he_is_somebody_else_and_i_am_the_speaker():
    text = "Adam Sharp wept. “He said it was safe and I said it was not,” Paul Petrie told the court."
    outer = ("Paul Petrie", "told", "“He said it was safe and I said it was not,”")
    him = ("He", "said", "it was safe")
    me = ("I", "said it was not", "it was not")
    assert reported(text, outer, him, me) == [
        ("Paul Petrie", ["Adam Sharp"]),
        ("Adam Sharp", []),
        ("Paul Petrie", []),
    ]
