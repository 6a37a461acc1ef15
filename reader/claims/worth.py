"""How much a claim is worth checking: what orders the claims of an article.

A sum over plain features of the claim's own words, its figures and quotation marks, so that the order can be told in
words. The weights come from `training/claims/worth.py`; docs/claims-model.md says how well they order, and that the
sentence vector would order news no better.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from reader.claims.lexicon import COMMON_VERBS, MODALS, MONTHS, NO_NAMES, TITLES, VERBS, WEEKDAYS, Form, word_set
from reader.claims.units import CURRENCIES
from reader.model import Figure, Quotation

REASONS = {
    "figures": "gives figures",
    "shares": "gives money or shares",
    "dated": "gives a date",
    "change": "tells of a rise or fall",
    "extreme": "says more, most or only",
    "public": "about public affairs",
    "evidence": "rests on data",
    "deed": "says what somebody did",
    "past": "about a past event",
    "names": "about named others",
    "myself": "about the speaker",
    "hearer": "speaks to a hearer",
    "wish": "says what should be",
    "future": "about the future",
    "able": "says what can be",
    "opinion": "an opinion",
    "courtesy": "a courtesy",
    "question": "a question",
    "quoted": "told in the speaker's own words",
}
"""Feature -> what it says of a claim that has it."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TURNS = re.compile(r"[.!?…:][\s\"“”'’]*$")
_NUMBERED = 10
"""A bare number below this is as often a figure of speech."""
_MOST, _LONG = 3, 40
"""Things of a kind, and words, that more of says nothing more."""
_MIDDLE, _TELLING = 0.2, 0.3
"""A score below which the reasons speak against a claim, and what a feature must add to be a reason."""
_MONEY = frozenset(CURRENCIES.values())

_PAST = (
    frozenset(word for word, verb in VERBS.items() if verb.form is Form.PAST)
    | frozenset(word for word in COMMON_VERBS if word.endswith("ed"))
    | word_set(
        """was were had did been wasn't weren't hadn't didn't wasn’t weren’t hadn’t didn’t spoke came went took gave
        began became got left kept held met saw ran fell rose grew brought sent built bought caught lost lived died made
        won beat paid spent sold cost cut hit shot struck broke stole hid drove flew fled fought led lay lied chose
        drew found heard knew meant put read set sat stood swore taught threw told voted wore wrote understood sought"""
    )
)
_PAST_ENDING = re.compile(r"[a-z]{2,}(?<!e)(?<!hundr)ed")
_CHANGE = word_set(
    """rise rises rose risen rising fall falls fell fallen falling grow grows grew grown growing growth increase
    increases increased increasing decrease decreases decreased drop drops dropped dropping decline declines declined
    double doubles doubled doubling triple tripled quadrupled halve halved cut cuts cutting raise raises raised raising
    gain gains gained lose loses lost loss losses shrink shrank shrunk climb climbed soared surged plunged jumped
    slashed reduce reduces reduced reducing reduction expand expanded added created eliminated"""
)
_EXTREME = word_set(
    """most least highest lowest largest biggest smallest worst wealthiest poorest longest shortest fastest oldest
    youngest deadliest only ever record history average more less fewer higher lower larger smaller half twice majority
    minority zero double triple than"""
)
_PUBLIC = word_set(
    """tax taxes taxed budget deficit deficits debt spending money dollars jobs unemployment wage wages income inflation
    trade tariff tariffs exports imports price prices cost costs companies company premiums loans bank banks
    workers pension pensions welfare poverty health hospital hospitals insurance medicare medicaid doctors
    vaccine vaccines drug drugs disease patients schools students teachers crime crimes murder police prison guns
    gun court courts judge law laws legislation bill congress senate parliament minister government federal
    amendment administration vote voted votes voters ballot immigration immigrants illegal border refugees
    military troops army regulations sanctions treaty agreement commission manufacturing nuclear weapons missiles
    bomb attack attacks terrorists killed dead deaths died injured wounded victims oil gas coal emissions
    climate pollution water safety licence license permit contract contracts subsidy subsidies funding fund funds
    investigation charged convicted arrested fined sued lawsuit fraud corruption population"""
)
_DEEDS = word_set(
    """voted supported supports opposed opposes vetoed signed passed approved rejected banned blocked proposed called
    calls said says told promised pledged announced ordered fired hired appointed resigned launched fought paid took
    take gave raised cut created built sold bought hid stole fled destroyed invaded bombed agreed refused ended closed
    opened moved wants wanted indicated admitted claimed issued removed replaced doing cost made ran put brought sent
    investigated convicted charged arrested fined sued"""
)
_SINCE = word_set("now since already today currently still ago during last ever yet twice again")
_OTHERS = word_set(
    """he she they him his her their them himself themselves he's she's they're they've he’s she’s they’re they’ve he'd
    they'd he’d they’d"""
)
_ABLE = word_set("can could able can't cannot couldn't can’t couldn’t may might")
_EVIDENCE = word_set(
    """study studies survey poll polls data figures statistics report reports records documents evidence research census
    audit test tests tested rate rates average median estimate estimated according showed found results number numbers
    percent percentage share"""
)
_MYSELF = word_set("i me my mine myself i'm i've i'd i'll i’m i’ve i’d i’ll")
_HEARER = word_set("you your yours you're you've you'll you’re you’ve you’ll")
_WISH = word_set(
    """should must ought shouldn't shouldn’t let's let’s need needs want wants wanted hope hopes hoped wish please let
    deserve deserves"""
)
_FUTURE = (MODALS - _WISH - _ABLE) | word_set(
    """i'll we'll you'll he'll she'll they'll it'll i’ll we’ll you’ll he’ll she’ll they’ll it’ll future tomorrow
    going expect expects expected likely possible perhaps maybe hopefully soon"""
)
_OPINION = word_set(
    """think thinks believe believes feel feels felt opinion view seems seem guess suppose wonderful great good bad
    terrible beautiful amazing awful nice fair unfair right wrong important proud love loved like liked hate
    disappointed disappointing happy sad shocked excited exciting ridiculous crazy absolutely truly really hard tough
    difficult confident sure strong weak fantastic incredible special dream honest fun shame shameful disgrace respect
    heart spirit hearts nothing everybody something thing things"""
)
_COURTESY = word_set(
    """thank thanks welcome congratulations congratulate sorry apologise apologize glad grateful thankful honoured
    honored pleased pleasure goodnight bless prayers condolences sympathies hello bye sir gentlemen ladies applause
    okay ok yes yeah oh"""
)
_NO_NAMES = WEEKDAYS | MONTHS | TITLES | NO_NAMES


class Worth(NamedTuple):
    """How much a claim is worth checking, 0 to 1, and why in at most two phrases."""

    score: float
    reasons: tuple[str, ...]


def worth(content: str, figures: Sequence[Figure], quotation: Quotation) -> Worth:
    """Judge a claim by its own words and figures; the reasons speak against one that is hardly worth checking."""
    held = _weights()
    parts = {name: held["weights"][name] * value for name, value in features(content, figures, quotation).items()}
    score = 1 / (1 + math.exp(-held["bias"] - sum(parts.values())))
    sign = 1 if score >= _MIDDLE else -1
    told = sorted((name for name in REASONS if sign * parts[name] >= _TELLING), key=lambda name: -sign * parts[name])
    if "shares" in told and "figures" in told:
        told.remove("figures")
    return Worth(round(score, 3), tuple(REASONS[name] for name in told[:2]))


def features(content: str, figures: Sequence[Figure], quotation: Quotation) -> dict[str, float]:
    """What is seen of a claim, each from 0 to 1."""
    found = list(_WORD.finditer(content))
    words = [match[0].lower() for match in found]
    held = set(words)
    counted = [f for f in figures if f.unit not in ("date", "time") and (f.unit or (f.value or 0) >= _NUMBERED)]
    shares = [f for f in counted if f.unit in _MONEY or (f.unit or "").startswith(("percent", "of "))]
    names = {
        match[0]
        for match, word in zip(found, words, strict=True)
        if match[0][0].isupper() and word not in _NO_NAMES and not _opens(content, match.start())
    }
    return {
        "figures": min(len(counted), _MOST) / _MOST,
        "counted": float(bool(counted)),
        "shares": float(bool(shares)),
        "dated": float(any(f.unit == "date" for f in figures)),
        "change": _any_of(held, _CHANGE),
        "extreme": _any_of(held, _EXTREME),
        "public": min(len(held & _PUBLIC), _MOST) / _MOST,
        "evidence": _any_of(held, _EVIDENCE),
        "deed": min(len(held & _DEEDS), _MOST) / _MOST,
        "past": float(any(word in _PAST or _PAST_ENDING.fullmatch(word) for word in words)),
        "since": _any_of(held, _SINCE),
        "others": _any_of(held, _OTHERS),
        "names": min(len(names), _MOST) / _MOST,
        "length": math.log1p(min(len(words), _LONG)) / math.log1p(_LONG),
        "myself": _any_of(held, _MYSELF),
        "hearer": _any_of(held, _HEARER),
        "wish": _any_of(held, _WISH),
        "future": _any_of(held, _FUTURE),
        "able": _any_of(held, _ABLE),
        "opinion": min(len(held & _OPINION), _MOST) / _MOST,
        "courtesy": _any_of(held, _COURTESY),
        "question": float("?" in content),
        "quoted": float(quotation is Quotation.DIRECT),
    }


def _any_of(held: set[str], words: frozenset[str]) -> float:
    return float(not held.isdisjoint(words))


def _opens(content: str, at: int) -> bool:
    """Whether a sentence begins there, so that a capital says nothing."""
    before = content[max(0, at - 8) : at]
    return not before.strip(" \n\"“”'‘’") or _TURNS.search(before) is not None


@cache
def _weights() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((files("reader.claims") / "data" / "worth.json").read_text("utf-8"))
    return told
