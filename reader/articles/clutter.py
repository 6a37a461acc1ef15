"""What a page holds that is not its article: taken out of the tree before extraction, and out of the text after it.

Every rule on the tree is guarded by size: names lie, and on pages known by heart removing a box by its name alone loses
more article than clutter. Texts are measured in characters.
"""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from reader.articles.metadata import fold
from reader.articles.prose import linked
from reader.articles.render import Piece
from reader.model import BlockKind

_NO_TEXT = ("script", "style", "noscript", "template", "svg", "iframe")
_CONTROLS = frozenset(["button", "select", "textarea", "dialog"])
_ASIDES = frozenset(["nav", "aside", "footer", "figcaption"])
_FRAME = frozenset(["html", "body", "main", "article"])

# Words of class and id names. They end where a word does: "ads" is not in "adsorption", nor "share" in "shareholder".
_BOX = re.compile(
    r"""(?:^|[\s_-])(?:
        advert\w* | ads? | promo\w* | sponsor\w* | outbrain | taboola\w* |
        newsletters? | sign-?up | subscri(?:be|ption)\w* | donat\w* | paywall | cookies? | consent | gdpr |
        related\w* | jp-relatedposts | yarpp\w* | recirc\w* | recommend\w* | trending | popular |
        most-?(?:read|popular|viewed) | read-?(?:more|next|also) | more-?(?:on|from|stories|news|coverage) |
        shar(?:e|ing)\w* | social\w* | addtoany\w* | comments? | disqus\w* | respond |
        byline | author-?(?:bio|box|info)\w* | tags? | toc | table-?of-?contents | breadcrumbs? | pagination | pager |
        post-?nav\w* | skip-?link | screen-?reader(?:-?text)? | sr-only | visually-?hidden | print-?only
    )(?=$|[\s_-])""",
    re.I | re.X,
)
_CAPTION = re.compile(r"(?:^|[\s_-])(?:\w*captions?(?:text)?|(?:\w*credits?))(?=$|[\s_-])", re.I)
_CONTENT = re.compile(
    r"(?:^|[\s_-])(?:article|blog|entry|page|post|rich|story|web)[_-]?(?:body|content|main|text)|articlebody", re.I
)
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_SHARE = 0.3
"""A box with more than this share of the page's text, or of its paragraphs' text, is no side matter."""
_CAPTION_LENGTH = 400


def is_content(element: HtmlElement) -> bool:
    """True if the element's names say that it holds the article's text."""
    return bool(_CONTENT.search(_names(element)) or element.get("itemprop") == "articleBody")


def strip(root: HtmlElement) -> None:
    """Take out of the page what is surely not its article, and show what is hidden but too large not to be."""
    body = root.find("body")
    if body is None:
        return
    for element in list(body.iter(*_NO_TEXT)):
        element.drop_tree()
    for quote in body.iter("blockquote"):
        if "tweet" in _names(quote):
            # Or readability, and we, take a quoted post for a widget.
            for element in (quote, *islice(quote.iterancestors(), 2)):
                if element.tag not in _FRAME and not is_content(element):
                    element.attrib.pop("class", None)
    text, paragraphs = _text(body), _paragraphs(body)

    def is_small(element: HtmlElement) -> bool:
        return _text(element) <= _SHARE * text and _paragraphs(element) <= _SHARE * paragraphs

    gone: set[HtmlElement] = set()
    for element in list(body.iterdescendants()):
        if element.getparent() in gone:
            gone.add(element)
            continue
        if _is_unwanted(element):
            if is_small(element):
                gone.add(element)
                element.drop_tree()
            elif element.tag in _CONTROLS:
                element.tag = "div"  # never closed: the page goes on within it
            element.attrib.pop("hidden", None)
            element.attrib.pop("style", None)


def _is_unwanted(element: HtmlElement) -> bool:
    if element.tag in _FRAME:
        return False
    if element.tag in _CONTROLS or element.tag in _ASIDES:
        return True
    if "hidden" in element.attrib or _HIDDEN.search(element.get("style", "")):
        # Parts of a page that React's server sends late, and a script would put in place, have ids that begin so.
        return not (element.get("id") or "").startswith("S:")
    names = _names(element)
    if len(names) < 2:
        return False
    if _CAPTION.search(names) and _text(element) <= _CAPTION_LENGTH:
        return True
    return bool(_BOX.search(names)) and not is_content(element)


def _names(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _text(element: HtmlElement) -> int:
    return len(element.text_content())


def _paragraphs(element: HtmlElement) -> int:
    return sum(len(paragraph.text_content()) for paragraph in element.iter("p"))


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATELINE = re.compile(
    rf"""(?:(?:first\ )?(?:published|posted|updated|(?:last\ )?(?:updated|modified)|date)(?:\ on|\ at)?\b[\s:]*)?
    (?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[\s,.]*)?
    (?: {_MONTH}\ \d{{1,2}}(?:st|nd|rd|th)?,?\ \d{{4}} | \d{{1,2}}(?:st|nd|rd|th)?\ {_MONTH},?\ \d{{4}}
      | \d{{4}}-\d\d-\d\d | \d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}
    ).{{0,60}}""",
    re.I | re.X,
)
_AUTHOR = re.compile(r"(?:(?:written|reviewed|edited|posted) )?by:?\s+(?=\S)[^.!?]{2,80}", re.I)

# Whole lines that stand on pages and not in articles.
_LABEL = re.compile(
    r"""advert(?:isement|isment|orial)?s? | ad | sponsored | promoted | (?:story|article)\ continues\ (?:below|after).*
    | continue\ reading(?:\ below)? | continues\ (?:below|after)\ (?:ad|advert).* | scroll\ to\ continue
    | just\ watched
    | (?:read|show|see|load|learn)?\ ?more | read\ (?:next|also) | see\ also | read\ the\ full\ (?:story|article)
    | related(?:\ (?:articles?|stories|posts?|content|coverage|links|topics|news|reading))? | recommended(?:\ for\ you)?
    | more\ (?:from|on|in|like\ this|stories|news|coverage)\b.{0,40} | most\ (?:read|popular|viewed)
    | trending(?:\ now)?
    | you\ (?:may|might)\ also\ like | what\ to\ read\ next
    | (?:back\ to\ (?:the\ )?)?top | skip\ to\ \w+(?:\ content)? | table\ of\ contents | jump\ to.{0,20}
    | share(?:\ (?:this|on|via|with)\b.{0,60})? | tweet | pin(?:\ it)? | e-?mail | print | copy\ link | copied!?
    | facebook | twitter | whatsapp | linkedin | reddit
    | sign\ (?:up|in) | log\ in | subscribe(?:\ now|\ today)? | sign\ up\ (?:for|to)\b.{0,80}newsletters?.{0,60}
    | leave\ a\ (?:comment|reply) | (?:\d+\ |no\ |view\ )?comments? | tags?:? | filed\ under.{0,60} | loading.{0,3}
    | \d+\ min(?:ute)?s?\ read | reading\ time.{0,20} | listen(?:\ to\ (?:this\ )?article.{0,20})?
    | video | photos? | gallery | play | close | menu | search""",
    re.I | re.X,
)
# "Read more: …", with most of the line a link.
_POINTER = re.compile(
    r"""(?:read(?:\ more|\ next|\ also|\ this)? | also\ read | related(?:\ \w+)? | see\ also | more(?:\ on\ this)?
    | watch(?:\ now)? | recommended | don['’]t\ miss | listen | explore)\s*[:|>»–—-]""",
    re.I | re.X,
)
_CREDIT = re.compile(
    r"""(?:(?:file\ |stock\ )?(?:photo|image|picture|illustration|video|credit|photograph)s?
           (?:\ credit|\ by|\ courtesy)?\s*[:/©(]
      | (?:photos?|images?|photograph|illustration)\ (?:by|courtesy)\b).{0,120}
    | .{0,60}(?:/|via\ )?\s*getty\ images.{0,20}""",
    re.I | re.X,
)
# How lines begin that come after the end.
_CLOSING = re.compile(
    r"""follow\ \w+\ on | sign\ up\ (?:for|to) | subscribe\ (?:to|now|for) | join\ (?:our|the)
    | get\ (?:our|the\ latest) | like\ us\ on | download\ (?:our|the) | click\ here
    | © | copyright\b | all\ rights\ reserved
    | this\ (?:article|story|post)\ (?:was\ )?originally | share\ this | have\ a\ (?:tip|story) | send\ (?:us|tips)
    | contact\ (?:us|the) | read\ more | more: | tags?: | topics?: | categor(?:y|ies): | posted\ in | filed\ under
    | related\b""",
    re.I | re.X,
)
_SHORT = 160
_OPENING = 8
"""Blocks at the top among which headline, byline and date are looked for."""


def prune(pieces: list[Piece], *, title: str, byline: str | None) -> list[Piece]:
    """The blocks of an article without its repeated headline, byline, date, labels, pointers and credits."""
    kept = [piece for piece in pieces if not _is_label(piece)]
    headline, names = fold(title), fold(byline or "")
    head = [piece for piece in kept[:_OPENING] if not _is_heading_matter(piece, headline, names)]
    kept = head + kept[_OPENING:]
    while len(kept) > 1 and _is_closing(kept[-1]):
        kept.pop()
    return kept


def _is_label(piece: Piece) -> bool:
    """True for a line that stands on pages, not in articles: "Advertisement", "Read more: …", a photo's credit."""
    text = piece.text
    if len(text) > _SHORT or piece.kind in (BlockKind.CODE, BlockKind.TABLE):
        return False
    if not any(char.isalnum() for char in text):
        return True
    bare = text.strip(" \n:»>→›.|•▼↑…")
    if _LABEL.fullmatch(bare) or _CREDIT.fullmatch(bare):
        return True
    links = linked(piece)
    is_shouted = text.isupper() and len(text.split()) > 3 and links > 0.95
    return is_shouted or (links > 0.4 and bool(_POINTER.match(text)))


def _is_heading_matter(piece: Piece, headline: str, names: str) -> bool:
    text = piece.text
    if len(text) > max(_SHORT, len(headline) + 20):
        return False
    folded = fold(text)
    if folded in (headline, names) or (piece.kind is BlockKind.HEADING and len(folded) > 15 and folded in headline):
        return True
    return bool(_DATELINE.fullmatch(text) or _AUTHOR.fullmatch(text))


def _is_closing(piece: Piece) -> bool:
    """True for a line that says an article is over: a heading with nothing under it, links alone, a call to follow."""
    if piece.kind is BlockKind.HEADING:
        return True
    return len(piece.text) < 2 * _SHORT and (bool(_CLOSING.match(piece.text)) or linked(piece) > 0.8)
