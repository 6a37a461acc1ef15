import hashlib
import random
import time
import unicodedata
from dataclasses import replace

import pytest
from highlights.samples import highlight
from hypothesis import given
from hypothesis import strategies as st

from reader.highlights.anchor import Anchoring, find, quote, text_hash
from reader.model import Anchor, Fit, HighlightKind, Quote, Span

TEXT = (
    "The minister denied it. “We have no such plan,” she said on Tuesday.\n\n"
    "Her deputy was less sure. “We have no such plan,” he said, “but plans change.”\n\n"
    "Neither would say more."
)
WORDS = "We have no such plan"
FIRST = TEXT.index(WORDS)
SECOND = TEXT.index(WORDS, FIRST + 1)


def standing(text: str, quote: Quote) -> Span | None:
    found = find(text, quote)
    return found.span if found else None


@st.composite
def texts_with_spans(draw, *, alphabet="ab .\n"):
    text = draw(st.text(alphabet, max_size=80) | st.text(max_size=80))
    start = draw(st.integers(0, len(text)))
    return text, start, draw(st.integers(start, len(text)))


@given(texts_with_spans(), st.integers(0, 40))
def test_words_are_found_where_they_were_quoted_and_nothing_need_be_said(case, context):
    text, start, end = case
    assert find(text, quote(text, start, end, context=context)) == Anchor(span=Span(start, end), fit=Fit.EXACT)


@given(texts_with_spans(), st.text(max_size=80))
def test_what_is_said_to_be_the_same_is_the_same(case, other):
    text, start, end = case
    made = quote(text, start, end)
    found = find(other, made)
    if found and found.fit is not Fit.REWORDED:
        assert "".join(found.span.of(other).split()) == "".join(made.exact.split()) or not made.exact.isascii()


QUOTES = st.builds(Quote, exact=st.text("ab ", max_size=9), prefix=st.text(), suffix=st.text(), start=st.integers())


@given(st.text("abc ", max_size=50) | st.text(max_size=50), QUOTES)
def test_any_quote_is_found_within_the_text_or_not_but_never_raises(text, any_quote):
    anchoring = Anchoring(text)
    for span in (standing(text, any_quote), anchoring.nearest(any_quote)):
        assert span is None or 0 <= span.start <= span.end <= len(text)


@given(st.text(max_size=30), st.integers(), st.integers())
def test_any_span_is_clipped_to_the_text(text, start, end):
    made = quote(text, start, end)
    assert standing(text, made) == Span(made.start, made.start + len(made.exact))


def test_a_quote_keeps_its_surroundings():
    made = quote(TEXT, FIRST, FIRST + len(WORDS), context=11)
    assert made == Quote(exact=WORDS, prefix="enied it. “", suffix=",” she said", start=FIRST)


@pytest.mark.parametrize("start", [FIRST, SECOND])
def test_of_equal_words_those_in_the_same_surroundings_are_found(start):
    made = quote(TEXT, start, start + len(WORDS))
    before = "Updated at noon. The cabinet met in the morning, and talked of little else.\n\n"
    assert standing(before + TEXT, made) == Span(len(before) + start, len(before) + start + len(WORDS))


def test_the_same_words_of_another_speaker_do_not_stand_in_for_those_removed():
    made = quote(TEXT, FIRST, FIRST + len(WORDS))
    without = TEXT[TEXT.index("Her deputy") :]
    assert WORDS in without
    found = find(without, made)
    assert found is None or found.fit is not Fit.EXACT


def test_words_on_the_old_place_by_chance_lose_to_those_in_the_old_surroundings():
    made = quote(TEXT, FIRST, FIRST + len(WORDS))
    before = "x" * FIRST + WORDS + " at all.\n\n"
    assert standing(before + TEXT, made) == Span(len(before) + FIRST, len(before) + FIRST + len(WORDS))


def test_words_whose_surroundings_were_edited_are_found_and_it_is_said():
    made = quote(TEXT, FIRST, FIRST + len(WORDS))
    edited = "Updated. " + TEXT.replace("she said on Tuesday", "the minister told reporters")
    assert find(edited, made) == Anchor(span=Span(FIRST + 9, FIRST + 9 + len(WORDS)), fit=Fit.MOVED)


def test_a_whole_sentence_is_found_wherever_it_has_moved():
    sentence = "The committee will publish its report before the end of the month."
    old = f"It met on Monday. {sentence} Nobody objected."
    made = quote(old, old.index(sentence), old.index(sentence) + len(sentence))
    moved = f"{sentence}\n\nThat is what its chair promised."
    assert find(moved, made) == Anchor(span=Span(0, len(sentence)), fit=Fit.MOVED)


@pytest.mark.parametrize(
    "now",
    [
        "It met. The committee will publish a first report before the end of the month. Nobody objected.",
        "It met. The committee will publish its report before the end of the year, it said. Nobody objected.",
        "It met. The whole committee, which had asked for time, will publish its report by the end of the month.",
    ],
)
def test_a_sentence_with_other_words_is_found_in_its_new_words_and_said_to_be_reworded(now):
    sentence = "The committee will publish its report before the end of the month."
    old = f"It met. {sentence} Nobody objected."
    made = quote(old, old.index(sentence), old.index(sentence) + len(sentence))
    found = find(now, made)
    assert found is not None
    assert found.fit is Fit.REWORDED
    assert "committee" in found.span.of(now)
    assert "Nobody" not in found.span.of(now)


BEFORE = "Ek appeared in court on Tuesday, for the first time since his arrest in March."


@pytest.mark.parametrize(
    ("cut", "following"),
    [
        ("He denied it.", "He said that he had been at home with his wife on the night of the fire."),
        ("He denied the charge.", "He said that he had been at home with his wife on the night of the fire."),
        ("He was at sea then.", "He was said to have been at home with his wife on the night of the fire."),
        ("Police found no weapon in his house.", "Police said that he had been at home on the night of the fire."),
        ("She had been his wife since March.", "They had married at sea, in a storm, before the whole of the crew."),
    ],
)
def test_a_short_sentence_that_was_cut_is_not_found_in_words_of_those_beside_it(cut, following):
    old = f"{BEFORE} {cut} {following}"
    made = quote(old, old.index(cut), old.index(cut) + len(cut))
    assert find(f"{BEFORE} {following}", made) is None


@pytest.mark.parametrize("now", ["He denied all charges.", "He rejected the charge.", "Ek denied the charge."])
def test_a_short_sentence_that_was_reworded_is_found_beside_one_that_begins_like_it(now):
    following = "He said that he had been at home with his wife on the night of the fire."
    old = f"{BEFORE} He denied the charge. {following}"
    made = quote(old, old.index("He denied"), old.index(" He said"))
    start = len(BEFORE) + 1
    assert find(f"{BEFORE} {now} {following}", made) == Anchor(span=Span(start, start + len(now)), fit=Fit.REWORDED)


def test_long_words_of_another_are_not_taken_for_those_that_are_gone_without_saying_so():
    """A company's set phrases, between set phrases."""
    said = (
        "The following statement was read out by a spokesperson for the company on Tuesday evening: “We take the safety"
        " of our staff and customers very seriously.” The statement was then signed by"
    )
    eks, bergs = f"Ek Lines was asked first. {said} Mr Ek.", f"Berg Ferries was asked. {said} Ms Berg."
    old = f"{eks} {bergs}"
    made = quote(old, old.index("“We"), old.index("”") + 1)
    assert find(old, made).fit is Fit.EXACT
    assert find(bergs, made).fit is Fit.MOVED


def test_of_equal_words_without_surroundings_none_is_the_one():
    text = "Smith spoke. He denied the charge. Jones spoke. He denied the charge."
    bare = Quote(exact="He denied the charge.", prefix="", suffix="", start=-1)
    assert find(text, bare) is None
    assert find(text[: len(text) // 2], bare).span.of(text) == bare.exact
    assert find(text, replace(bare, start=text.rindex("He"))).span.start == text.rindex("He")


def test_a_figure_that_was_updated_is_found_among_its_old_surroundings():
    old = "Rescuers said that 17 people had died in the ferry off Skerra on Monday evening."
    made = quote(old, old.index("17"), old.index("17") + 2)
    now = "UPDATED. Rescuers said that 23 people had died in the ferry off Skerra on Monday evening."
    assert find(now, made) == Anchor(span=Span(now.index("23"), now.index("23") + 2), fit=Fit.REWORDED)


def test_a_figure_is_not_found_in_a_longer_number_nor_among_other_words():
    made = quote("Some 17 people came.", 5, 7)
    assert find("Some 2017 people came.", made) is None or standing("Some 2017 people came.", made) == Span(5, 9)
    assert find("The hall has had 17 doors since the fire.", made) is None


def test_what_is_typeset_otherwise_is_the_same_and_spans_are_of_the_text_as_it_is():
    old = "He said: “It’s over – at last…” Then he left for the coast."
    made = quote(old, 9, 31)
    assert made.exact == "“It’s over – at last…”"
    now = 'He said:\n\n"It\'s o\u00adver - at\u00a0last..."  Then he left for the coast.'
    found = find(now, made)
    assert found is not None
    assert found.span.of(now) == '"It\'s o\u00adver - at\u00a0last..."'
    assert found.fit is Fit.EXACT


def test_two_places_as_likely_as_each_other_are_none():
    made = Quote(exact="yes", prefix="", suffix="", start=5)
    assert find("..yes...yes", made) is None


def test_of_two_places_alike_the_nearer_is_taken_and_it_is_said():
    made = Quote(exact="yes", prefix="", suffix="", start=5)
    assert find(".yes....yes", made) == Anchor(span=Span(8, 11), fit=Fit.MOVED)


def test_a_whole_article_is_the_whole_text_whatever_became_of_it():
    whole = highlight("All of it.", kind=HighlightKind.ARTICLE, text_hash=text_hash("All of it."))
    assert Anchoring("All of it.").of(whole) == Anchor(span=Span(0, 10), fit=Fit.EXACT)
    assert Anchoring("Some.").of(whole) == Anchor(span=Span(0, 5), fit=Fit.REWORDED)


def test_a_whole_article_of_another_program_is_known_by_its_words_and_without_words_never_changed():
    whole = highlight("All of it.", kind=HighlightKind.ARTICLE, text_hash="")
    assert Anchoring("All of it.").of(whole) == Anchor(span=Span(0, 10), fit=Fit.EXACT)
    assert Anchoring("Some.").of(whole) == Anchor(span=Span(0, 5), fit=Fit.REWORDED)
    for known in ("", text_hash("All of it.")):
        page = highlight("", kind=HighlightKind.ARTICLE, text_hash=known)
        assert Anchoring("Some.").of(page) == Anchor(span=Span(0, 0), fit=Fit.EXACT)


def test_in_the_very_text_it_was_taken_from_a_highlight_stands_where_it_stood():
    text = "no no no no"
    third = highlight("no", start=6, text_hash=text_hash(text))
    assert Anchoring(text).of(third) == Anchor(span=Span(6, 8), fit=Fit.EXACT)
    wrong = replace(third, quote=replace(third.quote, exact="yes"))
    assert Anchoring(text).of(wrong) is None, "also a hash can lie"


def test_what_is_gone_has_a_nearest_sentence():
    made = quote(TEXT, FIRST - 1, FIRST + len(WORDS) + 2)
    now = "It rained. She told reporters that there was no plan of that kind. Traffic was light."
    nearest = Anchoring(now).nearest(made)
    assert nearest is not None
    assert nearest.of(now) == "She told reporters that there was no plan of that kind."
    assert Anchoring("").nearest(made) is None


def test_a_megabyte_of_repeats_is_searched():
    text = "he said. " * 120_000
    assert find("New. " + text, quote(text, 900_000, 900_007)) is not None


@pytest.mark.parametrize(
    "text", ["he said. " * 60_000, "a" * 400_000, "“" * 400_000, "1 " * 200_000, "\n\u200b" * 200_000]
)
def test_no_text_keeps_the_reader_waiting(text):
    began = time.process_time()
    anchoring = Anchoring(text)
    for exact in ("he went home and said no more of it", "a a a a a", "“a”", "1 2 1 2", "17"):
        anchoring.find(Quote(exact=exact, prefix="he said. he ", suffix=" he said", start=9))
    assert time.process_time() - began < 8


@pytest.fixture(scope="module")
def megabyte():
    """Words as rare and as frequent as in news, in sentences and paragraphs."""
    rng = random.Random(8)
    words = ["".join(rng.choices("aeiounrtsldmc", k=rng.randint(2, 9))) for _ in range(20_000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    picked = rng.choices(words, weights, k=180_000)
    ends = rng.choices([". ", ".\n\n", ", ", " "], [4, 4, 4, 88], k=len(picked))
    return "".join(map(str.__add__, picked, ends))[:1_000_000]


def took(work):
    began = time.process_time()
    done = work()
    return done, time.process_time() - began


def of_sixty(text, rng, length):
    starts = [rng.randrange(len(text) - length) for _ in range(60)]
    return [quote(text, start, start + length) for start in starts]


def reworded(text, rng):
    return " ".join(word if rng.random() < 0.85 else "otherwise" for word in text.split(" "))


def test_single_characters_of_a_long_text_are_found_at_once(megabyte):
    moved = "Updated at noon.\n\n" + megabyte
    quotes = of_sixty(megabyte, random.Random(1), 1)
    found, seconds = took(lambda: [*map(Anchoring(moved).find, quotes)])
    assert [one and one.span.start for one in found] == [one.start + 18 for one in quotes]
    assert seconds < 1.5
    bare = [replace(one, prefix="", suffix="") for one in quotes]
    assert took(lambda: [*map(Anchoring(moved).find, bare)])[1] < 6


def test_reworded_quotes_of_a_long_text_are_found_at_once(megabyte):
    now = reworded(megabyte, random.Random(2))
    quotes = [*of_sixty(megabyte, random.Random(3), 150), *of_sixty(megabyte, random.Random(4), 60)]
    found, seconds = took(lambda: [*map(Anchoring(now).find, quotes)])
    assert sum(one is not None for one in found) > 0.7 * len(quotes)
    assert seconds < 3


@pytest.mark.parametrize("length", [20_000, 300_000, 900_000])
def test_long_words_that_were_reworded_are_found_by_their_ends(megabyte, length):
    made = quote(megabyte, 50_000, 50_000 + length)
    rng = random.Random(5)
    head, tail = reworded(megabyte[:50_000], rng), reworded(megabyte[50_000 + length :], rng)
    body = f"{made.exact[:300]}{reworded(made.exact[300:-300], rng)}{made.exact[-300:]}"
    anchoring = Anchoring(f"{head}{body}{tail}")
    found, seconds = took(lambda: anchoring.find(made))
    assert found is not None
    assert found.fit is Fit.REWORDED
    assert abs(found.span.start - len(head)) < 12
    assert abs(found.span.end - len(head) - len(body)) < 12
    assert seconds < 2
    assert took(lambda: anchoring.nearest(made))[1] < 1


def test_any_surroundings_of_other_programs_are_looked_at_in_part(megabyte):
    made = quote(megabyte, 500_000, 500_060, context=400_000)
    found, seconds = took(lambda: find("New. " + megabyte, made))
    assert found == Anchor(span=Span(500_005, 500_065), fit=Fit.EXACT)
    assert seconds < 1


ACCENTS = (
    "Le ministre a déclaré que l’été serait sec à Évreux. « Nous avons été prévenus », a-t-elle répété à la télé."
    " Người phát ngôn nói rằng kế hoạch đã được thông qua. 정부는 보고서를 발표할 예정이다."
)


@pytest.mark.parametrize("words", ["été", "Nous avons été prévenus", "Évreux", "kế hoạch đã được", "보고서를"])
def test_letters_in_one_piece_and_taken_apart_are_the_same(words):
    apart = unicodedata.normalize("NFD", ACCENTS)
    words_apart = unicodedata.normalize("NFD", words)
    start, start_apart = ACCENTS.index(words), apart.index(words_apart)
    before = "Actualisé à midi. "
    for made, now, expected in (
        (quote(ACCENTS, start, start + len(words)), apart, words_apart),
        (quote(apart, start_apart, start_apart + len(words_apart)), ACCENTS, words),
    ):
        found = find(before + now, made)
        assert found is not None
        assert found.fit is not Fit.REWORDED
        assert found.span.of(before + now) == expected


@given(
    texts_with_spans(alphabet="ae\u0301\u0323\u00ad  “…ᄒ\u1161\u11ab") | texts_with_spans(),
    st.sampled_from(("NFC", "NFD")),
)
def test_words_taken_apart_are_found_within_the_text_and_whole(case, form):
    text, start, end = case
    now = "x " + unicodedata.normalize(form, text)
    found = find(now, quote(text, start, end))
    if found:
        assert 0 <= found.span.start <= found.span.end <= len(now)


def test_a_letter_is_not_found_without_the_accent_on_it():
    made = Quote(exact="cafe", prefix="", suffix="", start=-1)
    assert find("Un cafe\u0301 ferme.", made) is None
    assert find("Un cafe ferme.", made) == Anchor(span=Span(3, 7), fit=Fit.EXACT)


def test_dots_in_one_piece_are_not_overshot():
    made = quote("He left... Then it rained for a week.", 3, 10)
    found = find("So: he said it. He left… Then it rained for a week.", replace(made, prefix="He "))
    assert found is not None
    assert found.span.of("So: he said it. He left… Then it rained for a week.") == "left…"


@pytest.mark.parametrize(
    ("text", "words", "old", "new"),
    [
        (
            "प्रधानमंत्री ने कहा कि सरकार रिपोर्ट प्रकाशित करेगी। "
            "समिति की बैठक सोमवार को हुई और किसी ने आपत्ति नहीं की। विपक्ष ने मना किया।",
            "समिति की बैठक सोमवार को हुई और किसी ने आपत्ति नहीं की",
            "सोमवार",
            "मंगलवार",
        ),
        (
            "นายกรัฐมนตรีกล่าวว่ารัฐบาลจะเผยแพร่รายงานก่อนสิ้นเดือนนี้ "
            "คณะกรรมการประชุมเมื่อวันจันทร์และไม่มีใครคัดค้านแผนการใหม่ของกระทรวง ฝ่ายค้านบอกว่ายังไม่เพียงพอ",
            "คณะกรรมการประชุมเมื่อวันจันทร์และไม่มีใครคัดค้านแผนการใหม่ของกระทรวง",
            "วันจันทร์",
            "วันอังคาร",
        ),
    ],
    ids=["Hindi", "Thai"],
)
def test_words_of_scripts_with_marks_are_found_whole_when_reworded(text, words, old, new):
    made = quote(text, text.index(words), text.index(words) + len(words))
    now = "1. " + text.replace(old, new)
    found = find(now, made)
    assert found is not None
    assert (found.fit, found.span.of(now)) == (Fit.REWORDED, words.replace(old, new))


@pytest.mark.parametrize(
    ("paragraphs", "words", "old", "new"),
    [
        (
            (
                "市长周一表示，北桥将关闭到春天，其间轮渡每天多开两班。",
                "议会定于下周讨论这笔费用。委员会说修复工程需要四千万欧元和两年时间。",
                "居民对此意见不一。有人认为早该如此。",
            ),
            "委员会说修复工程需要四千万欧元和两年时间",
            "四千万",
            "五千万",
        ),
        (
            (
                "市長は月曜日、北の橋を春まで閉鎖すると発表した。",
                "議会は来週その費用を審議する。委員会は修復には二年の時間がかかると述べた。",
                "住民の意見は分かれている。",
            ),
            "委員会は修復には二年の時間がかかると述べた",
            "二年",
            "三年",
        ),
        (
            (
                "시장은 월요일에 북쪽 다리를 봄까지 닫는다고 말했다.",
                "의회는 다음 주에 그 비용을 논의한다. 위원회는 다리를 고치는 데 꼭 두 해가 더 걸린다고 밝혔다.",
                "주민들의 의견은 갈렸다.",
            ),
            "위원회는 다리를 고치는 데 꼭 두 해가 더 걸린다고 밝혔다",
            "두 해",
            "세 해",
        ),
    ],
    ids=["Chinese", "Japanese", "Korean"],
)
def test_sentences_of_east_asia_are_found_when_reworded_wherever_they_are(paragraphs, words, old, new):
    first, second, third = paragraphs
    before = "\n\n".join(paragraphs)
    made = quote(before, before.index(words), before.index(words) + len(words))
    said, rest = words.replace(old, new), second[: second.index(words)].strip()
    for now in (
        "\n\n".join((first, second.replace(old, new), third)),
        "\n\n".join((first, f"{said}。", third)),
        "\n\n".join((f"{said}。", first, rest, third)),
    ):
        found = find(now, made)
        assert found is not None
        assert (found.fit, found.span.of(now)) == (Fit.REWORDED, said)
    assert find("\n\n".join((first, third)), made) is None
    now = f"{first}\n\n{rest} {said}。{third}"
    assert Anchoring(now).nearest(made).of(now) == f"{said}。"


def test_a_long_sentence_is_found_a_little_way_off_when_what_stood_around_it_has_stayed():
    """More of the surroundings than of the words themselves is left where they were."""
    said = "He said roads and bridges were badly damaged and will need weeks to repair"
    first, third = "The storm came ashore on Wednesday, killing 17 people.", "Schools are closed and flights cancelled."
    made = quote(f"{first} {said}. {third}", len(first) + 1, len(first) + 1 + len(said))
    now = f"{said.replace('badly', 'severely')}.\n\n{first} {third}"
    assert find(now, made) == Anchor(span=Span(0, len(said) + 3), fit=Fit.REWORDED)


def test_the_hash_is_sha256_of_utf8():
    assert text_hash("naïve") == hashlib.sha256("naïve".encode()).hexdigest()
    assert text_hash("\ud800") != text_hash("?")
