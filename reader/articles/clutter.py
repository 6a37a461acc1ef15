"""What a page holds that is not its article: taken out of the tree before extraction, and out of the text after it.

Every rule on the tree is guarded by size: names lie, and on pages known by heart removing a box by its name alone loses
more article than clutter. Texts are measured in characters.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from reader.articles import dates
from reader.articles.headline import fold
from reader.articles.prose import linked
from reader.articles.render import Piece
from reader.model import BlockKind

_CONTROLS = frozenset(["button", "dialog"])
_ASIDES = frozenset(["nav", "aside", "footer"])
_UNNAMED = frozenset(["a", "b", "em", "i", "strong", "h1", "h2", "h3", "h4", "h5", "h6"])
"""Elements whose names say nothing: they would leave holes in sentences, and a heading's id is its own words."""
_FRAME = frozenset(["html", "body", "main", "article"])

# Words of class and id names. They end where a word does: "ads" is not in "adsorption", nor "share" in "shareholder".
_BOX = re.compile(
    r"""(?:^|[\s_-])(?:
        advert\w* | ads? | promo\w* | sponsor\w* | (?:brand|partner|paid)-?(?:studio|content|post) | native-?ad\w* |
        outbrain | taboola\w* |
        newsletters? | sign-?up | subscri(?:be|ption)\w* | donat\w* | cookies? | consent | gdpr |
        related\w* | jp-relatedposts | yarpp\w* | recirc\w* | recommend\w* | trending | popular |
        most-?(?:read|popular|viewed) | read-?(?:more|next|also) | more-?(?:on|from|stories|news|coverage) |
        shar(?:e|ing)(?!holder)\w* | social\w* | addtoany\w* | comments? | disqus\w* | respond |
        byline | author-?(?:bio|box|info)\w* | tags? | toc | table-?of-?contents | breadcrumbs? | pagination | pager |
        post-?nav\w* | skip-?link | screen-?reader(?:-?text)? | sr-only | visually-?hidden | print-?only |
        tooltip\w* | popover\w* | rollover\w* | hover-?cards?
    )(?=$|[\s_-])""",
    re.I | re.X,
)
_CAPTION = re.compile(r"(?:^|[\s_-])(?:\w*captions?(?:text)?|(?:\w*credits?))(?=$|[\s_-])", re.I)
_CONTENT = re.compile(
    r"(?:^|[\s_-])(?:article|blog|entry|page|post|rich|story|web)[_-]?(?:body|content|main|text)(?!__)|articlebody",
    re.I,
)
_ACCORDION = re.compile(r"accordion|faq|collaps|question", re.I)
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_SHARE = 0.3
"""A box with more than this share of the page's text, or of its paragraphs' text, is no side matter."""
_CAPTION_LENGTH = 400
_MANY = 3
_BESIDE = 50
"""Paragraphs on either side among which as many must be alike."""
_NEAR = 3
_LONG = 500
_SLUG = 3
"""Words from which an id is not a name but a heading's own words."""


def _is_content(element: HtmlElement) -> bool:
    """True if the element's names say that it holds the article's text."""
    return bool(_CONTENT.search(_names(element)) or element.get("itemprop") == "articleBody")


def strip(root: HtmlElement) -> None:
    """Take out of the page what is surely not its article, and show what is hidden but too large not to be."""
    body = root.find("body")
    if body is None:
        return
    for quote in body.iter("blockquote"):
        if "tweet" in _names(quote):
            # Or readability, and we, take a quoted post for a widget.
            for element in (quote, *islice(quote.iterancestors(), 2)):
                if element.tag not in _FRAME and not _is_content(element):
                    element.attrib.pop("class", None)
    text, paragraphs = _text(body), _paragraphs(body)

    def is_small(element: HtmlElement) -> bool:
        return _text(element) <= _SHARE * text and _paragraphs(element) <= _SHARE * paragraphs

    pictured = _with_pictures(body)
    gone: set[HtmlElement] = set()
    for element in list(body.iterdescendants()):
        if element.getparent() in gone:
            gone.add(element)
            continue
        tag = element.tag
        if tag in _FRAME:
            continue
        kind = "" if tag in _UNNAMED else _kind(_names(element))
        if tag == "figcaption" or (kind == "caption" and _is_caption(element, pictured)):
            element.tag = "figcaption"  # which is read apart
            gone.add(element)
        elif tag == "button" and _is_question(element):
            element.tag = "div"
        elif tag in _CONTROLS or tag in _ASIDES or _is_hidden(element) or (kind == "box" and _is_aside(element)):
            if is_small(element):
                gone.add(element)
                element.drop_tree()
            elif tag in _CONTROLS:
                element.tag = "div"  # never closed: the page goes on within it
            element.attrib.pop("hidden", None)
            element.attrib.pop("style", None)


def _is_hidden(element: HtmlElement) -> bool:
    if "hidden" in element.attrib or ((style := element.get("style")) and _HIDDEN.search(style)):
        # Parts of a page that React's server sends late, and a script would put in place, have ids that begin so.
        return not (element.get("id") or "").startswith("S:")
    return False


def _is_aside(element: HtmlElement) -> bool:
    """True for what its names call a side matter, unless something speaks against them."""
    return not _is_content(element) and not _is_one_of_many(element)


def _is_question(button: HtmlElement) -> bool:
    """True for a button that shows and hides a part of the text, and is that part's heading."""
    parent = button.getparent()
    if (parent is not None and parent.tag in _HEADINGS) or next(button.iter(*_HEADINGS), None) is not None:
        return True
    names = " ".join(_names(one) for one in (button, *islice(button.iterancestors(), 2)))
    return bool(_ACCORDION.search(names)) and len(button.text_content().split()) > 1


def _is_one_of_many(element: HtmlElement) -> bool:
    """True for a paragraph that shares a class with several beside it: it is one of them, whatever its name."""
    own = set((element.get("class") or "").split())
    if element.tag != "p" or len(own) < 2:
        return False
    beside = (islice(element.itersiblings("p", preceding=back), _BESIDE) for back in (True, False))
    alike = (other for others in beside for other in others if own & set((other.get("class") or "").split()))
    return len(list(islice(alike, _MANY))) == _MANY


def _with_pictures(body: HtmlElement) -> set[HtmlElement]:
    """All elements that a picture stands in."""
    found: set[HtmlElement] = set()
    for picture in body.iter("img", "picture", "video", "figure"):
        box = picture if picture.tag == "figure" else picture.getparent()
        while box is not None and box not in found:
            found.add(box)
            box = box.getparent()
    return found


def _is_caption(element: HtmlElement, pictured: set[HtmlElement]) -> bool:
    """True for a short text in one of the few boxes around a picture: many other things are called captions."""
    is_near = any(box in pictured for box in islice(element.iterancestors(), _NEAR))
    return is_near and _text(element) <= _CAPTION_LENGTH


@lru_cache(maxsize=4096)
def _kind(names: str) -> str:
    """What class and id say that an element is: a "caption", a "box" beside the article, or nothing."""
    if len(names) < 2:
        return ""
    return "caption" if _CAPTION.search(names) else "box" if _BOX.search(names) else ""


def _names(element: HtmlElement) -> str:
    id = element.get("id")
    named = id and id.count("-") + id.count("_") < _SLUG
    return f"{element.get('class', '')[:_LONG]} {id[:_LONG] if id and named else ''}"


def _text(element: HtmlElement) -> int:
    return len(element.text_content())


def _paragraphs(element: HtmlElement) -> int:
    return sum(len(paragraph.text_content()) for paragraph in element.iter("p"))


_AUTHOR = re.compile(r"(?i:(?:(?:written|reviewed|edited|posted) )?by:?)\s+(?=[^\W\d_a-z])[^.!?]{2,80}")

# Whole lines that stand on pages and not in articles.
_LABEL = re.compile(
    r"""advert(?:isement|isment|orial)?s? | ad | sponsored | promoted | (?:story|article)\ continues\ (?:below|after).*
    | continue\ reading(?:\ below)? | continues\ (?:below|after)\ (?:ad|advert).* | scroll\ to\ continue
    | just\ watched | don['’]t\ miss(?:\ it)? | the\ post\ .{1,200}\ appeared\ first\ on\ .* | \d{1,3}\.?
    | read\ (?:our|the)\ full\ .{0,40} | you\ (?:may|might|should|will)\ also\ .{0,30}
    | (?:read|show|see|load|learn)?\ ?more | read\ (?:next|also) | see\ also | read\ the\ full\ (?:story|article)
    | related(?:\ (?:articles?|stories|posts?|content|coverage|links|topics|news|reading))? | recommended(?:\ for\ you)?
    | more\ (?:from|on|in|like\ this|stories|news|coverage)\b.{0,40} | most\ (?:read|popular|viewed)
    | trending(?:\ now)?
    | what\ to\ read\ next
    | (?:back\ to\ (?:the\ )?)?top | skip\ to\ \w+(?:\ content)? | table\ of\ contents | jump\ to.{0,20}
    | share(?:\ (?:this|on|via|with)\b.{0,60})? | tweet | pin(?:\ it)? | e-?mail | print | copy\ link | copied!?
    | facebook | twitter | whatsapp | linkedin | reddit
    | sign\ (?:up|in) | log\ in | subscribe(?:\ now|\ today)? | sign\ up\ (?:for|to)\b.{0,80}newsletters?.{0,60}
    | leave\ a\ (?:comment|reply) | (?:\d+\ |no\ |view\ )?comments? | tags?:? | filed\ under.{0,60} | loading.{0,3}
    | \d+\ min(?:ute)?s?\ read | reading\ time.{0,20} | listen(?:\ to\ (?:this\ )?article.{0,20})?
    | temps\ de\ lecture.{0,20} | lesezeit.{0,20} | tiempo\ de\ lectura.{0,20} | tempo\ d[ei]\ lettura.{0,20}
    | leestijd.{0,20} | \d+\ min(?:uten)?\.?\ (?:de\ )?(?:lecture|lesezeit|lectura|leitura|lettura|leestijd)
    | (?:lees|lire)\ (?:ook|aussi).{0,60} | lesen\ sie\ (?:auch|mehr).{0,60} | printer[ -]friendly.{0,60}
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
    | this\ (?:article|story|post)\ (?:was\ )?originally | share\ this | send\ (?:us|tips)
    | (?:do\ you\ )?(?:have|got)\ (?:a|any)\ (?:tip|story|news) | contact\ (?:us|the)
    | read\ more | more: | tags?: | topics?: | categor(?:y|ies): | posted\ in | filed\ under
    | related\b""",
    re.I | re.X,
)
# What a page says of its own business, wherever it says it.
_OWN_BUSINESS = re.compile(
    r"""\b(?:affiliate\ links? | (?:earn|receive|get)\ (?:an?\ )?(?:small\ |affiliate\ )?commission
      | already\ a\ (?:subscriber|member) | subscribe\ to\ (?:unlock|continue|keep|read)
      | cancel\ (?:any|at\ any)\ ?time | unlock\ (?:this|the\ full|unlimited))\b""",
    re.I | re.X,
)
_SHORT = 160
_FEW_WORDS = 5
_RUN = 3
"""Long blocks that must come again in a row to be a copy, and not a list that is like another."""
_MOST_QUOTES = 50
_PULLED = 25
"""Characters from which a quotation that stands in a paragraph too was pulled out of it."""
_OPENING = 8
"""Blocks at the top among which headline, byline and date are looked for."""


def prune(pieces: list[Piece], *, title: str, byline: str | None) -> list[Piece]:
    """The blocks of an article without its repeated headline, byline, date, labels, pointers and credits."""
    kept = [piece for piece in pieces if not is_label(piece)]
    headline, names = fold(title), fold(byline or "")
    head = [piece for piece in kept[:_OPENING] if not _is_heading_matter(piece, headline, names)]
    kept = _without_pulled(_without_copies(head + kept[_OPENING:]))
    while len(kept) > 1 and is_closing(kept[-1]):
        kept.pop()
    return kept


def _without_copies(pieces: list[Piece]) -> list[Piece]:
    """The blocks without what a page holds twice, for wide screens and narrow ones: runs of them seen before."""
    kept: list[Piece] = []
    seen: set[str] = set()
    run: list[Piece] = []

    def close() -> None:
        if sum(len(piece.text) >= _SHORT for piece in run) < _RUN:
            kept.extend(run)
        run.clear()

    for piece in pieces:
        if piece.text in seen:
            run.append(piece)
            continue
        close()
        kept.append(piece)
        seen.add(piece.text)
    close()
    return kept


def _without_pulled(pieces: list[Piece]) -> list[Piece]:
    """The blocks without quotations that only repeat what another one says, set large to catch the eye."""
    if not 0 < sum(piece.kind is BlockKind.QUOTE for piece in pieces) <= _MOST_QUOTES:
        return pieces
    said = [fold(piece.text) for piece in pieces if piece.kind is BlockKind.PARAGRAPH]

    def is_pulled(piece: Piece) -> bool:
        own = fold(piece.text)
        return piece.kind is BlockKind.QUOTE and len(own) >= _PULLED and any(own in other for other in said)

    return [piece for piece in pieces if not is_pulled(piece)]


def is_label(piece: Piece) -> bool:
    """True for a line that stands on pages, not in articles: "Advertisement", "Read more: …", a photo's credit."""
    text = piece.text
    if len(text) > _SHORT or piece.kind in (BlockKind.CODE, BlockKind.TABLE):
        return False
    if not any(char.isalnum() for char in text):
        return True
    bare = text.strip(" \n:»>→›.|•▼↑…")
    if _LABEL.fullmatch(bare) or _CREDIT.fullmatch(bare) or _OWN_BUSINESS.search(bare):
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
    if piece.kind is BlockKind.HEADING:
        return False
    return bool(_AUTHOR.fullmatch(text)) or _is_dateline(text, folded, names)


def _is_dateline(text: str, folded: str, names: str) -> bool:
    """True for a line that only says when, or who and when."""
    days = list(dates.written(text))
    if not days or len(text) > _SHORT:
        return False
    rest = len(text.split()) - sum(len(text[day.start : day.end].split()) for day in days)
    return rest <= _FEW_WORDS or (bool(names) and names in folded)


def is_closing(piece: Piece) -> bool:
    """True for a line that says an article is over: a heading with nothing under it, links alone, a call to follow."""
    if piece.kind is BlockKind.HEADING:
        return True
    return len(piece.text) < 2 * _SHORT and (bool(_CLOSING.match(piece.text)) or linked(piece) > 0.8)
