import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.articles.dates import stated, written


def day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def days(text: str, language: str | None = None) -> list[datetime]:
    return [one.when for one in written(text, language=language)]


EAST = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-03-05", day(2026, 3, 5)),
        ("20260305", day(2026, 3, 5)),
        ("20260305T071500Z", datetime(2026, 3, 5, 7, 15, tzinfo=UTC)),
        ("2026-03-05T07:15", datetime(2026, 3, 5, 7, 15, tzinfo=UTC)),
        ("2026-03-05T07:15:30Z", datetime(2026, 3, 5, 7, 15, 30, tzinfo=UTC)),
        ("2026-03-05T07:15:30.123456Z", datetime(2026, 3, 5, 7, 15, 30, tzinfo=UTC)),
        ("2026-03-05 07:15:30", datetime(2026, 3, 5, 7, 15, 30, tzinfo=UTC)),
        ("2026-03-05T07:15:30+02:00", datetime(2026, 3, 5, 7, 15, 30, tzinfo=EAST)),
        ("2026-03-05T07:15:30+0200", datetime(2026, 3, 5, 7, 15, 30, tzinfo=EAST)),
        ("2026-03-05 07:15:30 +0200", datetime(2026, 3, 5, 7, 15, 30, tzinfo=EAST)),
        ("2026-03-05T07:15:30 some words", datetime(2026, 3, 5, 7, 15, 30, tzinfo=UTC)),
        ("2026-03-05, in the morning", day(2026, 3, 5)),
        ("Thu, 05 Mar 2026 07:15:30 GMT", datetime(2026, 3, 5, 7, 15, 30, tzinfo=UTC)),
        ("Thu, 05 Mar 2026 07:15:30 +0200", datetime(2026, 3, 5, 7, 15, 30, tzinfo=EAST)),
        ("  5 March 2026 ", day(2026, 3, 5)),
        ("Thursday, March 5th, 2026 at 7:15", day(2026, 3, 5)),
    ],
)
def test_what_metadata_states(text, when):
    found = stated(text)
    assert found == when
    assert found is not None
    assert found.utcoffset() == when.utcoffset()


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "2026", "03/2026", "2026-13-05", "20261305", "2026-02-30", "1989-12-31", "0001-01-01"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1234567890", "Thu, 35 Mar 2026 07:15:30 GMT"),
        *("3/4/2026", "April 2026", "{{ page.date }}", "x" * 400 + " 5 March 2026"),
    ],
)
def test_what_states_no_day(text):
    assert stated(text) is None


@pytest.mark.parametrize(
    ("text", "language", "when"),
    [
        ("3/4/2026", None, None),
        ("3/4/2026", "en", None),
        ("3/4/2026", "en-US", day(2026, 3, 4)),
        ("3/4/2026", "en-GB", day(2026, 4, 3)),
        ("3/4/2026", "en-Latn-GB", day(2026, 4, 3)),
        ("3/4/2026", "fr", day(2026, 4, 3)),
        ("3-4-2026", "nl", day(2026, 4, 3)),
        ("13/4/2026", None, day(2026, 4, 13)),
        ("4/13/2026", "en", day(2026, 4, 13)),
        ("4/4/2026", None, day(2026, 4, 4)),
        ("13/13/2026", "en", None),
        ("12/20/16", None, day(2016, 12, 20)),
        ("12/20/98", None, day(1998, 12, 20)),
        ("12/10/16", None, None),
        ("16/12/20", None, None),
        ("16/12/20", "fr", day(2020, 12, 16)),
        ("3.4.2026", "de", day(2026, 4, 3)),
        ("3.4.2026", None, day(2026, 4, 3)),
        ("3.4.2026", "en-US", None),
        ("09.30.2026", "en-US", day(2026, 9, 30)),
        ("30.09.2026", "en-US", day(2026, 9, 30)),
        ("2026/4/3", "en-US", day(2026, 4, 3)),
        ("2026.04.03", "ja", day(2026, 4, 3)),
    ],
)
def test_which_number_is_the_month(text, language, when):
    assert days(text, language) == ([when] if when else [])


@pytest.mark.parametrize(
    "text",
    [
        *("May 3, 2024", "May 3 2024", "May 3rd, 2024", "MAY 3, 2024", "3 May 2024", "3rd of May 2024", "03 May, 2024"),
        *(
            "Fri 3 May 2024",
            "Friday, 3 May 2024, 10:15",
            "2024-05-03",
            "3. Mai 2024",
            "3 mai 2024",
            "3 de mayo de 2024",
        ),
        *(
            "3 maggio 2024",
            "3 de maio de 2024",
            "3 mei 2024",
            "3. maj 2024",
            "3 Mayıs 2024",
            "3 MAYIS 2024",
            "3 мая 2024",
        ),
        *(
            "3 maja 2024",
            "3. května 2024",
            "3 مايو 2024",
            "2024年5月3日",
            "2024 年 5 月 3 日",
            "2024년 5월 3일",
            "3º mayo 2024",
        ),
        *("Posted: 3 May 2024.", "(3 May 2024)", "3 May\u00a02024"),
    ],
)
def test_the_third_of_may(text):
    assert days(text) == [day(2024, 5, 3)]


MONTHS = {
    "en": "January February March April May June July August September October November December",
    "en short": "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "TR": "OCAK ŞUBAT MART NİSAN MAYIS HAZİRAN TEMMUZ AĞUSTOS EYLÜL EKİM KASIM ARALIK",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta"
    " marraskuuta joulukuuta",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}


@pytest.mark.parametrize("language", MONTHS)
def test_months(language):
    for number, name in enumerate(MONTHS[language].split(), 1):
        assert days(f"9 {name} 2024") == [day(2024, number, 9)], name


@pytest.mark.parametrize(
    "text",
    [
        *(
            "mayor 3 2024",
            "3 mayors 2024",
            "June 31, 2024",
            "31.6.2024",
            "May 2024",
            "May 3",
            "3 May 1985",
            "3 May 20245",
        ),
        *("x2024-05-03", "1-2024-05-03", "2024-05-031", "Flight 13/05/2024/7", "3 auguſty 2024", "v3.2024.5"),
    ],
)
def test_what_is_no_day(text):
    assert days(text) == []


def test_letters_that_only_match_without_case():
    assert days("3 auguſt 2024") == [day(2024, 8, 3)]
    assert days("3 aprıl 2024") == []


def test_where_in_the_line():
    text = "Posted 3 May 2024, updated June 5, 2024"
    found = list(written(text))
    assert [text[one.start : one.end] for one in found] == ["3 May 2024", "June 5, 2024"]


pieces = st.sampled_from(
    [
        "3",
        "12",
        "31",
        "2024",
        "1990",
        "99",
        "/",
        "-",
        ".",
        ",",
        " ",
        "May",
        "NİSAN",
        "maſ",
        "de",
        "th",
        "年",
        "月",
        "日",
        "٣",
    ]
)
lines = st.one_of(st.text(), st.lists(pieces, max_size=14).map("".join))
languages = st.sampled_from([None, "", "en", "en-US", "en-GB", "fr", "-", "x-y-z"])


@given(lines, languages)
def test_any_text_has_days_in_bounds_and_in_order(text, language):
    at = 0
    for found in written(text, language=language):
        assert at <= found.start < found.end <= len(text)
        assert found.when.tzinfo is UTC
        at = found.end


@given(lines, languages)
def test_any_text_states_an_aware_instant_or_none(text, language):
    when = stated(text, language=language)
    assert when is None or (when.utcoffset() is not None and when.astimezone(UTC))


@given(st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(EAST)))
def test_iso_says_the_same_again(when):
    assert stated(when.isoformat()) == when.replace(microsecond=0)


@pytest.mark.parametrize(
    "text",
    ["1/1/" * 25_000, "2024-" * 20_000, "1" * 100_000, "jan " * 25_000, "1 jan " * 20_000, ("1" + " " * 500) * 200],
)
def test_hostile_lines_take_linear_time(text):
    started = time.process_time()
    list(written(text))
    stated(text)
    assert time.process_time() - started < 1
