"""One speaker under several names over several articles, and no two made one."""

from itertools import product
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reader.model import Source, SourceKind, Voice
from reader.stories.speakers import same, same_institution, same_person, voices


def person(name: str) -> Source:
    return Source(name=name, kind=SourceKind.PERSON, named=True)


def outlet(name: str) -> Source:
    return Source(name=name, kind=SourceKind.OUTLET, named=True)


def unnamed(name: str, kind: SourceKind = SourceKind.GROUP) -> Source:
    return Source(name=name, kind=kind, named=False)


def grouped(*names: str) -> set[frozenset[str]]:
    return {frozenset(voice.names) for voice in voices(map(person, names))}


# --- people


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ilse Brandt", "Brandt"),
        ("Ilse Brandt", "ILSE BRANDT"),
        ("Ilse Brandt", "Mrs Brandt"),
        ("US Trade Secretary Ilse Brandt", "Ilse Brandt"),
        ("US Trade Secretary Ilse Brandt", "Brandt"),
        ("the former Orde mayor Nils Falk", "Nils Falk"),
        ("Dr Anna Falk", "Professor Anna Falk"),
        ("Bill Orrin", "William Orrin"),
        ("J. Orrin", "Jonas Orrin"),
        ("Anna M. Falk", "Anna Maria Falk"),
        ("Anna Maria Falk", "Anna Falk"),
        ("Nils Falk Jr.", "Nils Falk"),
        ("Niamh O'Kell", "Niamh O’Kell"),
    ],
)
def test_two_names_of_one_person(one, other):
    assert same_person(one, other)
    assert same_person(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ilse Brandt", "Ilse Brand"),
        ("Ilse Brandt", "Olaf Brandt"),
        ("Mayor Ilse Brandt", "Mayor Olaf Brandt"),
        ("J. Orrin", "Karl Orrin"),
        ("Anna Falk", "Anna Falk-Moe"),
        ("Anna Maria Falk", "Anna Louise Falk"),
        ("Anna Maria Falk", "Anna Louise Cora Falk"),
        ("Ilse Brandt", "Ilse"),
        ("Ilse Brandt", ""),
        ("", ""),
        ("42", "42"),
    ],
)
def test_names_of_two_people(one, other):
    assert not same_person(one, other)
    assert not same_person(other, one)


NAMES = st.builds(
    lambda title, given, surname: " ".join((*title, *given, surname)),
    st.sampled_from([(), ("Dr",), ("Trade", "Secretary"), ("the", "former", "mayor")]),
    st.lists(st.sampled_from(["Anna", "Bea", "A.", "B.", "Cora", "Dina", "Bill", "William"]), max_size=3),
    st.sampled_from(["Falk", "Moe", "O'Kell"]),
)


@given(NAMES | st.text(max_size=12), NAMES | st.text(max_size=12))
@example("Anna Bea Falk", "Anna Cora Dina Falk")
def test_neither_name_of_a_person_comes_first(one, other):
    assert same_person(one, other) is same_person(other, one)


# --- institutions


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Orde Courier", "Orde Courier"),
        ("Orde Steel", "Orde Steel Ltd"),
        ("the Skerra Line", "SKERRA LINE"),
        ("Orde Port Authority", "OPA"),
        ("Orde Port Authority", "O.P.A."),
        ("Bank of Skerra", "BoS"),
    ],
)
def test_two_names_of_one_institution(one, other):
    assert same_institution(one, other)
    assert same_institution(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Skerra Line", "Skerra Line's operator"),
        ("Orde Port Authority", "Orde Port Police"),
        ("Orde Port Authority", "OPP"),
        ("Orde Courier", "Skerra Courier"),
        ("Orde", "O"),
        ("Kanal 5", "Kanal 9"),
        ("1843", "1914"),
    ],
)
def test_names_of_two_institutions(one, other):
    assert not same_institution(one, other)
    assert not same_institution(other, one)


INSTITUTIONS = st.lists(
    st.sampled_from(["The", "Orde", "Port", "Authority", "OPA", "of", "Ltd", "News", "OP", "5"]), min_size=1, max_size=4
).map(" ".join)


@given(INSTITUTIONS | st.text(max_size=12), INSTITUTIONS | st.text(max_size=12))
def test_neither_name_of_an_institution_comes_first(one, other):
    assert same_institution(one, other) is same_institution(other, one)


# --- sources


def test_a_person_is_never_an_institution_of_a_like_name():
    assert not same(person("Brandt"), outlet("Brandt News"))
    assert not same(outlet("Orde Steel"), person("Ilse Steel"))
    assert same(person("Ilse Steel"), person("Steel"))


def test_the_unnamed_are_one_by_the_same_words_alone():
    assert same(unnamed("port officials"), unnamed("Port officials"))
    assert not same(unnamed("port officials"), unnamed("officials"))
    assert not same(unnamed("a brandt"), person("Ilse Brandt"))
    assert not same(unnamed("a report", SourceKind.DOCUMENT), unnamed("a report", SourceKind.UNKNOWN))


# --- voices


def test_one_person_under_three_names_is_one_voice_by_the_fullest():
    (voice,) = voices(map(person, ["Brandt", "US Trade Secretary Ilse Brandt", "Ilse Brandt", "Brandt"]))
    assert voice == Voice(
        name="US Trade Secretary Ilse Brandt",
        kind=SourceKind.PERSON,
        named=True,
        names=("US Trade Secretary Ilse Brandt", "Ilse Brandt", "Brandt"),
    )


@pytest.mark.parametrize(
    ("short", "one", "other"),
    [
        ("Falk", "Yara Falk", "Zoe Falk"),
        ("Mr Falk", "Yara Falk", "Zoe Falk"),
        ("Trade Secretary Falk", "Yara Falk", "Zoe Falk"),
        ("F. Falk", "Finn Falk", "Frida Falk"),
    ],
)
def test_a_name_that_fits_two_people_stays_apart(short, one, other):
    assert grouped(short, one, other) == {frozenset([short]), frozenset([one]), frozenset([other])}


def test_an_initial_finds_the_one_that_it_fits():
    assert grouped("Falk", "Y. Falk", "Yara Falk", "Zoe Falk") == {
        frozenset(["Yara Falk", "Y. Falk"]),
        frozenset(["Zoe Falk"]),
        frozenset(["Falk"]),
    }


@pytest.mark.parametrize("kind", [SourceKind.PERSON, SourceKind.UNKNOWN])
def test_a_speaker_whom_any_article_names_is_named(kind):
    sources = [person("Ilse Brandt"), unnamed("Ilse Brandt", kind)]
    for found in (voices(sources), voices(reversed(sources))):
        assert [(voice.name, voice.named) for voice in found] == [("Ilse Brandt", True)]


SOURCES = st.lists(
    NAMES.map(person)
    | INSTITUTIONS.map(outlet)
    | st.sampled_from(["officials", "Officials", "residents", "Falk"]).map(unnamed)
    | st.builds(Source, name=st.just("Vorn"), kind=st.sampled_from(SourceKind), named=st.just(True)),
    max_size=9,
)


@given(SOURCES)
def test_every_source_has_its_voice_and_no_voice_has_two_people(sources):
    told = voices(sources)
    assert {name for voice in told for name in voice.names} == {source.name for source in sources}
    for voice in told:
        assert voice.names[0] == voice.name
        assert len(set(voice.names)) == len(voice.names)
        if voice.kind is SourceKind.PERSON:
            assert all(same_person(one, other) for one in voice.names for other in voice.names)


@given(SOURCES)
@example([person("Anna Falk"), person("Falk"), *(Source(name="Vorn", kind=k, named=True) for k in SourceKind)])
def test_those_with_most_names_come_first(sources):
    counts = [len(voice.names) for voice in voices(sources)]
    assert counts == sorted(counts, reverse=True)


@given(st.lists(NAMES, max_size=7, unique=True))
def test_the_order_of_people_does_not_matter(names):
    told = voices(map(person, names))
    assert told == voices(map(person, reversed(names)))
    assert sorted(name for voice in told for name in voice.names) == sorted(names)  # each in exactly one


@given(NAMES)
def test_a_name_in_two_writings_is_one_voice(name):
    assert len(voices([person(name), person(name.upper())])) == 1


def test_thousands_of_speakers_are_told_apart_in_seconds():
    given = ["Anna", "Bea", "Cora", "Dina", "Edda", "Finn", "Gerd", "Hugo"]
    people = [
        person(f"{first} {''.join(letters)}") for first in given for letters in product("BKMT", "aeiou", "lnr", "dk")
    ]
    houses = [outlet(f"{''.join(letters)} Courier") for letters in product("BKMTRS", "aeiou", "lnr", "dkst")]
    begun = process_time()
    assert len(voices([*people, *houses])) == len(people) + len(houses)
    assert process_time() - begun < 3
