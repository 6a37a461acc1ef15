"""What keeps an article from being read: a paywall, or a question for consent that comes first.

Articles are about subscriptions and cookies too, and sites offer the one and ask for the other at the foot of every
page. So an offer counts only in a short block of its own that ends the article, or stands right after it, or in a box
that is marked as a paywall; and a question for consent only where it outweighs the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from lxml.html import HtmlElement

from reader.articles.head import names
from reader.articles.render import Piece, pieces
from reader.model import Wall

_LITTLE = 1_500
"""Characters of text from which an article is taken to be there, whatever its page says of a wall."""
_TEASER = 600
"""Characters that a site shows of an article before it has its reader's consent."""
_SHORT = 250
"""Characters that a block may have to be an offer."""
_NEXT = 5
"""Blocks after an article's last one among which an offer is about that article."""
_OFFER = re.compile(
    r"""(?:\A|[.!?…:]\s+|\n)[\s>*•–—-]{0,3}(?:
      (?:please\ )?(?:subscribe|sign\ up|register|log\ in|sign\ in|join|become\ a\ (?:member|subscriber))\b.{0,60}?
          \b(?:(?:continue|keep|to)\ reading|read\ (?:the\ )?(?:full|rest|this)|unlock|full\ access|unlimited)
      | (?:to|want\ to)\ (?:continue|keep)\ reading | (?:continue|keep)\ reading\ (?:with|by)
      | already\ (?:a\ )?(?:subscriber|member|subscribed)(?:\?|.{0,5}\b(?:log|sign)) | unlock\ (?:this|the\ full|full)
      | you(?:['’]ve|\ have)\ (?:(?:reached|used|read)\b.{0,30}\b(?:limit|free)|\d+\ free\ articles?)
      | .{0,20}\bremaining\ free\ articles?
      | (?:this|the)\ (?:article|story|content|post)\ is\ (?:only\ |exclusively\ )?
            (?:for|available\ to)\ (?:paid\ |paying\ )?(?:subscribers|members)
      | (?:jetzt|mit|weiterlesen).{0,40}\babo | bereits\ abonn | abonnez-vous | il\ (?:vous\ )?reste\ \d+\ ?%
      | déjà\ abonné | suscríb\w+\ para | hazte\ suscriptor | abbonati\ per
    )""",
    re.I | re.X,
)
"""How the sentence of an offer begins: it speaks to the reader."""
_CLOSED = re.compile(
    r"""\b(?:subscriber|member)s?[ -]only\ (?:article|story|content|post)
    | nur\ für\ abonnent | réservée?\ aux\ abonnés | solo\ para\ suscriptores | riservato\ agli\ abbonati
    | exclusivo\ para\ assinantes | alleen\ voor\ abonnees | 有料会員 | 会員限定 | только\ для\ подписчиков
    | للمشتركين\ فقط""",
    re.I | re.X,
)
"""What is said of an article that only some may read."""
_QUOTED = re.compile(r"[\"“”„«»「]")
_MARK = re.compile(
    r"(?<![a-z])(?:pay-?wall|reg-?wall|subscription-?wall|piano-?(?:container|offer|paywall)|meter(?:ed)?-?wall)", re.I
)
_ELSEWHERE = re.compile(
    r"(?<![a-z])(?:(?:site-?|page-?)?(?:footer|header)|masthead|nav|menu|newsletter)(?![a-z])", re.I
)
_BOXES = ("div", "section", "aside", "form", "p")
_ASKS = re.compile(
    r"""we\ (?:value|respect|care\ about)\ your\ privacy | before\ you\ continue
    | (?:accept|allow|reject|agree\ to)\ all(?:\ cookies)? | manage\ (?:your\ )?(?:consent|cookies|preferences|choices)
    | \b(?:we|site|website|partners)\b[^.?!]{0,60}\buses?\ (?:\w{1,20}\ ){0,2}cookies\b
    | \b(?:our|\d{1,4})\ (?:\w{1,20}\ )?partners\b.{0,60}\b(?:store|access|data|cookies|ask)
    | mit\ werbung\ weiterlesen | alle\ akzeptieren | datenschutz-?einstellungen | tout\ accepter
    | continuer\ sans\ accepter | nos\ partenaires | aceptar\ todo | accetta\ tutt | alles\ accepteren""",
    re.I | re.X,
)
"""How a page asks its reader for consent."""
_COOKIES = re.compile(
    r"cookies?\b|consent|gdpr|dsgvo|rgpd|partners|legitimate interest|privacy (?:settings|preferences)"
    r"|werbung und tracking|einwilligung",
    re.I,
)
"""What it speaks of then."""
_MANY = 2
"""Times that a page asks which has nothing but a question: recipes use cookies too."""
_CONSENT_SHARE = 0.5
"""The share of a text's characters, in blocks that ask for consent or speak of cookies, from which it is no article."""

NOTICES = {
    Wall.PAYWALL: "This is only the opening: the site keeps the rest behind its paywall.",
    Wall.CONSENT: "This may be only a part: the site asks for consent to its cookies before it shows the article.",
}


def wall(root: HtmlElement, kept: Sequence[Piece], *, is_free: bool | None) -> Wall | None:
    """What keeps the rest of an article back, if its text is so short that something seems to."""
    length = _length(kept)
    if length > _LITTLE:
        return None
    if is_free is False or _offered(kept) is not None or _has_marked_offer(root):
        return Wall.PAYWALL
    blocks = pieces(root)
    if any(_is_offer(piece) and not _is_elsewhere(piece.element) for piece in _after(blocks, kept)):
        return Wall.PAYWALL
    asking = [piece for piece in blocks if _ASKS.search(piece.text[:_LITTLE])]
    return Wall.CONSENT if length <= _TEASER and len(asking) >= _MANY and _length(asking) > length else None


def before_offer(kept: list[Piece]) -> list[Piece]:
    """The blocks before the one with which a wall's offer begins; all, if that is the first."""
    return kept[: _offered(kept) or len(kept)]


def asks_consent(kept: Sequence[Piece]) -> bool:
    """True for a text that is no article but a question for consent."""
    total = _length(kept)
    if total > _LITTLE * 4 or sum(len(_ASKS.findall(piece.text)) for piece in kept) < _MANY:
        return False
    about = [piece for piece in kept if _ASKS.search(piece.text) or _COOKIES.search(piece.text)]
    return _length(about) >= _CONSENT_SHARE * total


def _length(blocks: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in blocks)


def _is_offer(piece: Piece) -> bool:
    """True for a short block by which a site offers what it holds back."""
    text = piece.text
    if len(text) > _SHORT or _QUOTED.search(text):
        return False
    return bool(_OFFER.search(text) or _CLOSED.search(text))


def _offered(kept: Sequence[Piece]) -> int | None:
    """The place of the block with which an offer begins: only short ones follow, or the article would go on."""
    first = None
    for place in reversed(range(len(kept))):
        if len(kept[place].text) > _SHORT:
            break
        if _is_offer(kept[place]):
            first = place
    return first


def _after(blocks: Sequence[Piece], kept: Sequence[Piece]) -> Sequence[Piece]:
    """The next few of a page's blocks after an article's last one."""
    last = kept[-1] if kept else None
    for place in reversed(range(len(blocks))):
        if last and blocks[place].element is last.element and blocks[place].text == last.text:
            return blocks[place + 1 : place + 1 + _NEXT]
    return ()


def _has_marked_offer(root: HtmlElement) -> bool:
    """True if a box is marked as a paywall and offers something: many pages carry an empty one."""
    boxes = (box for box in root.iter(*_BOXES) if box.attrib and _MARK.search(names(box, "class", "id")))
    return any(_is_offer(piece) for box in islice(boxes, _NEXT) for piece in pieces(box))


def _is_elsewhere(element: HtmlElement | None) -> bool:
    """True if an element stands in a part that all pages of a site have."""
    while element is not None and element.tag not in ("article", "main", "body"):
        if element.tag in ("nav", "footer", "aside", "header") or _ELSEWHERE.search(names(element, "class", "id")):
            return True
        element = element.getparent()
    return False
