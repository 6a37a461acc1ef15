import time

import pytest

from reader.articles import page, walls
from reader.articles.render import Piece, pieces
from reader.model import BlockKind, Wall

OPENING = "The council voted on Tuesday to close the swimming baths, which have stood by the river since 1911."
LONG = f"<p>{OPENING}</p>" * 20


def wall(body: str, *, kept: int = 1, is_free: bool | None = None) -> Wall | None:
    """What is found where the first `kept` blocks of a body were taken for the article."""
    root = page.tree(f"<html><body>{body}</body></html>")
    return walls.wall(root, pieces(root)[:kept], is_free=is_free)


def texts(*texts: str) -> list[Piece]:
    return [Piece(BlockKind.PARAGRAPH, text) for text in texts]


OFFERS = [
    *("Subscribe to continue reading", "Subscribe now to unlock this article.", "Sign in to keep reading this story."),
    *("Want to continue reading?", "To continue reading, become a member.", "Already a subscriber? Log in."),
    *("This article is only for subscribers.", "The story is exclusively available to paying members."),
    *(
        "Unlock the full story for £1.",
        "You have reached your limit of free articles.",
        "You’ve read all your free ones.",
    ),
    *("You have 2 free articles left.", "You’ve read all your free ones.", "This is subscriber-only content."),
    *("Thank you for coming. Register for unlimited access", "Jetzt mit Abo weiterlesen", "Nur für Abonnenten"),
    *(
        "Bereits abonniert? Anmelden",
        "Cet article est réservé aux abonnés",
        "Il vous reste 80 % de cet article à lire.",
    ),
    *("Abonnez-vous pour lire la suite", "Déjà abonné ?", "Contenido solo para suscriptores", "Suscríbete para leer"),
    *("Contenuto riservato agli abbonati", "Conteúdo exclusivo para assinantes", "Alleen voor abonnees"),
    *("この記事は有料会員のみ", "会員限定記事です", "Текст доступен только для подписчиков", "للمشتركين فقط"),
]


@pytest.mark.parametrize("offer", OFFERS)
def test_an_offer_in_the_article_or_right_after_it_is_a_paywall(offer):
    body = f"<p>{OPENING}</p><div><h3>{offer}</h3><p>Only £1 for four weeks.</p></div>"
    assert wall(body) is Wall.PAYWALL
    assert wall(body, kept=3) is Wall.PAYWALL
    assert walls.before_offer(texts(OPENING, offer, "Only £1.")) == texts(OPENING)


def test_a_long_article_is_there_whatever_its_page_says():
    offer = "<div class=paywall><p>Subscribe to continue reading</p></div>"
    assert wall(LONG + offer, kept=20) is None
    assert wall(LONG, kept=20, is_free=False) is None


def test_a_short_text_that_its_page_says_is_not_free_is_an_opening():
    assert wall(f"<p>{OPENING}</p>", is_free=False) is Wall.PAYWALL
    assert wall(f"<p>{OPENING}</p>", is_free=True) is None
    assert wall(f"<p>{OPENING}</p>") is None


@pytest.mark.parametrize(
    "paragraph",
    [
        "Readers will be asked to subscribe to continue reading, the publisher said on Monday.",
        "“Subscribe to continue reading” is what visitors to the site have seen since March.",
        "The page now says “article réservé aux abonnés” to most.",
        "Visitors are told the story is only for subscribers, and leave.",
        "Join the council’s walk on Sunday to read more of the town’s history.",
        "She is already a member of the club and a subscriber to its magazine.",
        "The bank will unlock full deposits when the audit has ended.",
        "Subscribe to continue reading. " + "That is what a site says to those who come often, said the study. " * 5,
    ],
)
def test_an_article_about_subscriptions_is_no_wall(paragraph):
    more = "<p>The council will meet again in May.</p>"
    assert wall(f"<p>{OPENING}</p><p>{paragraph}</p>{more}", kept=3) is None
    assert wall(f"<p>{OPENING}</p><p>{paragraph}</p>{more}") is None
    assert walls.before_offer(texts(OPENING, paragraph, OPENING)) == texts(OPENING, paragraph, OPENING)


def test_an_offer_after_which_the_article_goes_on_is_none():
    after = f"<p>{OPENING} {OPENING} {OPENING}</p>"
    assert wall(f"<p>{OPENING}</p><p>Subscribe to continue reading</p>{after}", kept=3) is None


@pytest.mark.parametrize(
    "foot",
    [
        "<footer><p>Subscribe for unlimited access</p></footer>",
        "<div class=site-footer><p>Subscribe for unlimited access</p></div>",
        "<div id=newsletter><p>Sign up for unlimited access</p></div>",
        "<nav><p>Already a subscriber? Log in.</p></nav>",
        "<aside><p>Unlock this month’s magazine</p></aside>",
        "<p>One</p><p>Two</p><p>Three</p><p>Four</p><p>Five</p><p>Subscribe for unlimited access</p>",
    ],
)
def test_a_brief_on_a_page_that_sells_subscriptions_elsewhere_is_whole(foot):
    assert wall(f"<main><p>{OPENING}</p></main>{foot}") is None


def test_a_box_marked_as_a_paywall_counts_where_it_offers_something():
    far = "<p>x</p>" * 10
    assert (
        wall(f"<p>{OPENING}</p>{far}<div class='c-paywall on'><p>Subscribe to continue reading</p></div>")
        is Wall.PAYWALL
    )
    assert wall(f"<p>{OPENING}</p>{far}<div id=piano-offer></div>") is None
    assert wall(f"<p>{OPENING}</p>{far}<div class=paywall-header><p>My account</p></div>") is None


def test_an_offer_that_is_all_there_is_stays():
    assert walls.before_offer(texts("Subscribe to continue reading")) == texts("Subscribe to continue reading")
    assert walls.before_offer([]) == []


ASKING = (
    "<p>We value your privacy.</p><p>We and our 846 partners store and access personal data, such as cookies, on your"
    " device, to show advertising and to measure it, for which we ask your consent.</p><p>Accept all</p>"
)


def test_a_question_that_outweighs_a_teaser_is_a_wall():
    assert wall(f"<p>{OPENING}</p>{ASKING}") is Wall.CONSENT
    assert wall(f"<p>{OPENING}</p><p>We use cookies on our site.</p><p>Accept all cookies</p>") is None
    assert wall(f"<p>{OPENING}</p>" * 8 + ASKING * 5, kept=8) is None


@pytest.mark.parametrize(
    ("blocks", "asks"),
    [
        (["We value your privacy", "Our 846 partners store data", "Accept all", "Manage preferences"], True),
        (["Bevor Sie weiterlesen: Cookies", "Alle akzeptieren", "Mit Werbung weiterlesen"], True),
        (["Nous et nos partenaires utilisons des cookies", "Tout accepter", "Continuer sans accepter"], True),
        (["The fine over cookies and consent was upheld.", "The GDPR protects personal data, and cookies."], False),
        (["We use cookies for the base.", "Bake the cookies for ten minutes.", "Cookies keep for a week."], False),
        ([OPENING, "We value your privacy"], False),
        ([OPENING], False),
        ([], False),
    ],
)
def test_a_text_that_only_asks_for_consent(blocks, asks):
    assert walls.asks_consent(texts(*blocks)) is asks


def test_an_article_about_consent_is_an_article():
    about = "The regulator fined the firm for cookies that it set before anybody had given consent to them."
    assert not walls.asks_consent(texts(*[about] * 5))
    assert not walls.asks_consent(texts(*[about] * 100, "We value your privacy"))


def test_each_wall_has_its_notice():
    assert set(walls.NOTICES) == set(Wall)
    assert all(notice.endswith(".") for notice in walls.NOTICES.values())


@pytest.mark.parametrize(
    "body",
    ["subscribe " * 50_000, "personal data " * 50_000, "1" * 500_000, "<p>Subscribe</p>" * 20_000, "we our " * 50_000],
)
def test_hostile_pages_are_quick(body):
    root = page.tree(f"<html><body><p>{OPENING}</p><div class=paywall>{body}</div></body></html>")
    blocks = pieces(root)
    started = time.process_time()
    walls.wall(root, blocks[:1], is_free=None)
    walls.asks_consent(blocks)
    walls.before_offer(blocks)
    assert time.process_time() - started < 1
