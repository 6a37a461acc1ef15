"""Bytes to a tree, whatever a server sent."""

import json
import time

import pytest

from reader.articles import ExtractError, page
from reader.articles.extract import extract

ENGLISH = [
    f"The council heard on day {number} from those who swim in the baths by the river, and from those who never do."
    for number in range(5)
]
BODY = "".join(f"<p>{prose}</p>" for prose in ENGLISH)
TEXT = "\n\n".join(ENGLISH)
SECONDS = 5
"""What a worker gets for a page."""

CHINESE = "市议会周二决定关闭河边的游泳池，居民们表示没有人征求过他们的意见。㐀𠀀朱镕基"  # not all of it is in GB 2312
KOREAN = (
    "시의회는 화요일 강변 수영장을 닫기로 결정했다. 주민들은 아무도 묻지 않았다고 말했다. 똠방각하"  # nor in EUC-KR
)
JAPANESE = "市議会は火曜日、川沿いの市営プールを閉鎖することを決めた。髙橋①"  # nor this in Shift_JIS, but in Windows'
RUSSIAN = (
    "Городской совет во вторник решил закрыть бассейн у реки, который стоит там с 1911 года, и жители не согласны."
)
WESTERN = "“Déçu”, said Zoë — naïve as ever … for €5"


def text(html: bytes, content_type: str | None = None) -> str:
    return " ".join(page.read(html, content_type=content_type).text_content().split())


@pytest.mark.parametrize(
    ("words", "encoding", "meta", "content_type"),
    [
        (CHINESE, "gb18030", "gb2312", None),
        (CHINESE, "gb18030", "", "text/html; charset=GB2312"),
        (KOREAN, "cp949", "euc-kr", None),
        (KOREAN, "cp949", "", "text/html;charset='ks_c_5601-1987'"),
        (JAPANESE, "cp932", "Shift_JIS", None),
        (JAPANESE, "cp932", "x-sjis", "text/html"),
        (RUSSIAN, "cp1251", "windows-1251", None),
        (RUSSIAN, "cp1251", "", "text/html; charset=windows-1251"),
        (RUSSIAN, "cp1251", "windows-1251", "text/html; charset=utf-8"),
        (RUSSIAN, "koi8_r", "koi8-r", None),
        (RUSSIAN, "utf-8", "windows-1251", "text/html; charset=windows-1251"),
        (RUSSIAN, "utf-8-sig", "koi8-r", "text/html; charset=koi8-r"),
        (RUSSIAN, "utf-16", "windows-1251", None),
        (RUSSIAN, "utf-16-le", "", "text/html; charset=utf-16"),
        (RUSSIAN, "utf-16-be", "", "text/html; charset=utf-16be"),
        (WESTERN, "cp1252", "iso-8859-1", None),
        (WESTERN, "cp1252", "utf-8", "text/html; charset=utf-8"),
        (WESTERN, "utf-8", "no-such-thing", "text/html; charset="),
    ],
)
def test_encodings(words, encoding, meta, content_type):
    declared = f"<meta charset={meta}>" if meta else ""
    html = f"<html><head>{declared}</head><body><p>{words}</p></body></html>"
    assert text(html.encode(encoding), content_type) == words


HOSTILE_CHARSETS = [
    "utf-7", "utf-32", "punycode", "idna", "rot13", "zlib", "base64", "hex", "unicode_escape", "quopri", "undefined",
    "mbcs", "x\0y", "bz2", "x-user-defined", "hz", "iso-2022-kr", "cp65001", "💥", "a" * 5000, "replacement", "cp037",
]  # fmt: skip


@pytest.mark.scorecard(12)
@pytest.mark.parametrize("charset", HOSTILE_CHARSETS, ids=range(len(HOSTILE_CHARSETS)))
def test_charsets_that_no_page_is_in(charset):
    for odd in (b"", b"\xff", b"\x1b$B", b"+AGE-"):
        html = f"<html><head><meta charset='{charset}'></head><body>{BODY}".encode() + odd
        assert ENGLISH[2] in extract(html, content_type=f"text/html; charset={charset}").text


def test_bytes_that_no_encoding_explains_are_read_all_the_same():
    html = b"<meta charset=utf-8><p>one \xff two \xc3\x28 three</p>"
    assert {"one", "two", "three"} <= set(text(html).split())


@pytest.mark.parametrize(
    "html",
    [
        f"<article><h1>Baths</h1>{BODY}</article><body><p>Home</p></body>",
        f"<html><article>{BODY}</article><head><title>x</title></head><body></body></html>",
        f"<body><button>Menu<article>{BODY}</article>",
        f"<body><nav><a href=/>Home</a><article>{BODY}</article>",
        f"<body><a name=top><div><article>{BODY}</article>",
        f"<body><p hidden><article>{BODY}",
        f"<body><table><article>{BODY}</article><tr><td>x</table>",
        f"</p></div></body></html><article>{BODY}</article>",
        f"<!doctype html><!doctype html><?xml version='1.0'?><article>{BODY}</article>",
        f"<![CDATA[ x ]]><article>{BODY.replace('<p>', '<P CLASS=x CLASS=y>')}</article>",
    ],
)
def test_markup_as_the_web_has_it(html):
    assert extract(html.encode()).text.endswith(TEXT)


def test_scripts_go_but_those_that_say_what_the_page_is():
    stated = json.dumps({"@type": "NewsArticle", "headline": "Baths </p> to close"})
    html = f"""<p></p><script>let a = "<p>no</p>"</script><script type="Application/LD+JSON">{stated}</script>
        <style>p {{}}</style><noscript><p>no</p></noscript><template><p>no</p></template><svg><text>no</text></svg>
        <iframe>no</iframe><textarea>no</textarea><select><option>no</select><!-- no --><p>yes</p>"""
    root = page.tree(html)
    assert [script.text for script in root.iter("script")] == [stated]
    assert " ".join(root.text_content().split()) == f"{stated} yes"


@pytest.mark.parametrize(
    ("html", "content_type", "reason"),
    [
        (b"", None, "the page is empty"),
        (b"\xef\xbb\xbf \n", None, "no article text was found on the page"),
        (b"<!-- a --><!-- b -->", "text/html", "no article text was found on the page"),
        (b"<html><head><title>x</title></head><body></body></html>", None, "no article text was found on the page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), "text/html", "it is an image, not a page"),
        (b"\xff\xd8\xff\xe0" + bytes(300), None, "it is an image, not a page"),
        (b"ID3\x04\x00" + bytes(300), None, "it is a sound, not a page"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(300), None, "it is a binary file, not a page"),
        (b"<svg/>", "image/png", "it is an image, not a page"),
        (b"x", "Video/MP4; codecs=avc1", "it is a video, not a page"),
        (b"%PDF-1.7\n1 0 obj", "text/html", "it is a PDF document, not a page"),
        (b"PK\x03\x04" + bytes(300), None, "it is an archive, not a page"),
        (b"\x7fELF\x02\x01\x01" + bytes(300), None, "it is a binary file, not a page"),
        (bytes(range(256)) * 40, None, "it is a binary file, not a page"),
    ],
)
def test_what_is_no_page_is_refused_in_plain_words(html, content_type, reason):
    with pytest.raises(ExtractError) as caught:
        extract(html, content_type=content_type)
    assert str(caught.value) == reason


def test_text_that_begins_like_another_format_is_text():
    assert text(b"<p>%PDF and PK and RIFF are how some files begin.</p>").startswith("%PDF")


LARGE = {
    **{tag: f"<{tag}>" * 100_000 + BODY for tag in ("div", "b", "nav", "header", "section", "abbr", "button", "li")},
    "tables": "<table><tr><td>" * 100_000 + BODY,
    "forms": "<form><fieldset>" * 20_000 + BODY,
    "figures": "<figure><figcaption>" * 20_000 + BODY,
    "an inline script": f"{BODY}<script>{'var a = <p>;' * 180_000}</script>",
    "attributes": f"<p {'a=b ' * 200_000}>x</p>{BODY}",
    "preformatted": "<pre>" * 200_000 + BODY,
    "menus": "<menu>x" * 100_000 + BODY,
    "comments in an attribute": f"<p class='{'<!--' * 100_000}' é='<!--' \"a<='<!--'>{ENGLISH[0]}</p>{BODY}",
    "letters of no word": f"<p>\udcff {'t' * 500_000}</p>{BODY}",
    "one attribute": f"<p class='{'promo ' * 300_000}'>x</p>{BODY}",
    "named paragraphs": "".join(f"<p class='promo-{n} x{n}'>x</p>" for n in range(10_000)) + BODY,
    "references": f"<p>{'&amp;&#x41;&notareference' * 60_000}</p>{BODY}",
}


@pytest.mark.scorecard(20)
@pytest.mark.parametrize("html", LARGE.values(), ids=LARGE)
def test_large_pages_take_no_longer_than_a_worker_gets(html):
    began = time.process_time()
    article = extract(html.encode("utf-8", "surrogateescape"))
    assert time.process_time() - began < SECONDS
    assert ENGLISH[2] in article.text
