"""Figures of how well something does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of some are right."""

    right: int
    of: int

    @property
    def percent(self) -> float | None:
        """The share in per cent; None of nothing."""
        return round(100 * self.right / self.of, 1) if self.of else None
