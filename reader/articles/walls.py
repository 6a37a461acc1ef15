"""What keeps an article from being read: a paywall, or a question for consent that comes first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from reader.articles.render import Piece
from reader.model import Wall

_LITTLE = 1_500
"""Characters of text from which an article is taken to be there, whatever its page says of a wall."""
_OFFER = re.compile(
    r"""(?:subscribe|sign\ up|register|log\ in|sign\ in|join|become\ a\ (?:member|subscriber))\b.{0,60}
            \b(?:(?:continue|keep|to)\ reading|read\ (?:the\ )?(?:full|rest|on|more|this)|unlock|full\ access|unlimited)
    | to\ (?:continue|keep)\ reading
    | (?:this|the)\ (?:article|story|content|post)\ is\ (?:only\ |exclusively\ )?
            (?:for|available\ to)\ (?:paid\ |paying\ )?(?:subscribers|members)
    | already\ (?:a\ )?(?:subscriber|member|subscribed) | (?:subscriber|member)s?[ -]only
    | unlock\ (?:this|the\ full|full) | remaining\ free\ articles? | reached\ your\ (?:limit|free)
    | (?:jetzt|mit|weiterlesen).{0,40}\babo | nur\ für\ abonnent | bereits\ abonn | réservé\ aux\ abonnés
    | abonnez-vous | il\ (?:vous\ )?reste\ \d+\ ?% | déjà\ abonné | solo\ para\ suscriptores | suscríb\w+\ para
    | hazte\ suscriptor | riservato\ agli\ abbonati | abbonati\ per | exclusivo\ para\ assinantes
    | alleen\ voor\ abonnees | 有料会員 | 会員限定 | только\ для\ подписчиков | للمشتركين\ فقط""",
    re.I | re.X,
)
_MARK = re.compile(
    r"(?<![a-z])(?:pay-?wall|reg-?wall|subscription-?wall|piano-?(?:container|offer|paywall)|meter(?:ed)?-?wall)", re.I
)
_CONSENT = re.compile(
    r"""we\ (?:value|respect|care\ about)\ your\ privacy | before\ you\ continue
    | (?:accept|allow|reject|agree\ to)\ all(?:\ cookies)? | manage\ (?:your\ )?(?:consent|cookies|preferences|choices)
    | (?:our|\d+)\ partners\b.{0,60}\b(?:store|access|data|cookies) | legitimate\ interest | consent\ to
    | privacy\ (?:settings|preferences) | personal\ data\b.{0,80}\bcookies | werbung\ und\ tracking
    | mit\ werbung\ weiterlesen | alle\ akzeptieren | einwilligung | datenschutz-?einstellungen | tout\ accepter
    | continuer\ sans\ accepter | nos\ partenaires | aceptar\ todo | accetta\ tutt | alles\ accepteren""",
    re.I | re.X,
)
_CONSENT_SHARE = 0.5
"""The share of a text's characters, in blocks that ask for consent or speak of cookies, from which it is no article."""
_COOKIES = re.compile(r"cookies?\b|consent|gdpr|dsgvo|rgpd|partners", re.I)

NOTICES = {
    Wall.PAYWALL: "This is only the opening: the site keeps the rest behind its paywall.",
    Wall.CONSENT: "This may be only a part: the site asks for consent to its cookies before it shows the article.",
}


def wall(root: HtmlElement, kept: Sequence[Piece], *, is_free: bool | None) -> Wall | None:
    """What keeps the rest of an article back, if its text is so short that something seems to."""
    if sum(len(piece.text) for piece in kept) > _LITTLE:
        return None
    if is_free is False or any(_MARK.search(names) for names in _names(root)):
        return Wall.PAYWALL
    shown = " ".join(root.text_content().split())
    if _OFFER.search(shown):
        return Wall.PAYWALL
    return Wall.CONSENT if len(_CONSENT.findall(shown)) > 1 and _COOKIES.search(shown) else None


def before_offer(kept: list[Piece]) -> list[Piece]:
    """The blocks before the one with which a wall's offer begins."""
    offer = next((place for place, piece in enumerate(kept) if place and _OFFER.search(piece.text)), len(kept))
    return kept[:offer]


def asks_consent(kept: Sequence[Piece]) -> bool:
    """True for a text that is no article but a question for consent."""
    total = sum(len(piece.text) for piece in kept)
    if total > _LITTLE * 4:
        return False
    asking = sum(len(piece.text) for piece in kept if _CONSENT.search(piece.text) or _COOKIES.search(piece.text))
    return bool(total) and asking >= _CONSENT_SHARE * total and any(_CONSENT.search(piece.text) for piece in kept)


def _names(root: HtmlElement) -> list[str]:
    return [f"{one.get('class', '')} {one.get('id', '')}" for one in root.iter("div", "section", "aside", "form", "p")]
