"""How long the servers of one round of asking are waited for, so that those which hang don't hold up the others."""

from __future__ import annotations

from collections import Counter

from reader.net.errors import NetError

_LITTLE = 1 / 15
"""What is left of the deadline for a host that let it pass once: the two seconds in which one that is well answers."""
_DEAD = 4
"""Times that a host keeps us waiting and answers nothing, after which it is asked no more, …"""
_SICK = 24
"""… and those after which one is asked no more that does answer for some of what it has."""
_MANY = 24
"""Times that all hosts together do, after which each gets little, and none is asked while not one has answered."""


class Patience:
    """What one round of asking has seen of its servers; for the net's loop alone.

    A round waits two deadlines at most for servers that hang, and little for each request more.
    """

    def __init__(self) -> None:
        self._silences: Counter[str] = Counter()
        self._all = 0
        self._answered: set[str] = set()

    def for_host(self, host: str, deadline: float) -> float:
        """The seconds that `host` is given, at most `deadline`; raises NetError for one that is asked no more."""
        silences = self._silences[host]
        if silences >= (_SICK if host in self._answered else _DEAD):
            raise NetError("it was not asked for, as its server does not answer")
        if self._all >= _MANY and not self._answered:
            raise NetError("it was not asked for, as no server answers")
        return deadline * _LITTLE if silences or self._all >= _MANY else deadline

    def answered(self, host: str) -> None:
        """`host` answered, whatever it said."""
        self._answered.add(host)

    def kept_waiting(self, host: str) -> None:
        """`host` let its time pass."""
        self._silences[host] += 1
        self._all += 1
