"""What one unit of a decision moves: cash by quarter, and what is left at the horizon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from drawn import Array

from planner.config.offers import Payment


@dataclass(frozen=True)
class Flow:
    """Undiscounted dollars of one unit.

    Attributes
    ----------
    capex, opex : ndarray of shape (quarter,)
        Cash that goes out; a refund is negative.
    worth : float
        Value at the end of the plan, less what is still to be paid.
    """

    capex: Array
    opex: Array
    worth: float = 0.0

    def __add__(self, other: Flow) -> Flow:
        return Flow(self.capex + other.capex, self.opex + other.opex, self.worth + other.worth)

    def __sub__(self, other: Flow) -> Flow:
        return self + -1.0 * other

    def __rmul__(self, factor: float) -> Flow:
        return Flow(factor * self.capex, factor * self.opex, factor * self.worth)


Dated = tuple[int, float]
"""A quarter, which may lie beyond the plan, and dollars."""


def spread(dated: Iterable[Dated], quarters: int) -> tuple[Array, float]:
    """Return the payments by quarter of the plan, and the sum of those that fall after it."""
    within, beyond = np.zeros(quarters), 0.0
    for quarter, usd in dated:
        if quarter < quarters:
            within[quarter] += usd
        else:
            beyond += usd
    return within, beyond


def capital(dated: Iterable[Dated], quarters: int) -> Flow:
    """Return payments for a purchase; those after the plan are owed at its end."""
    within, owed = spread(dated, quarters)
    return Flow(within, np.zeros(quarters), -owed)


def running(dated: Iterable[Dated], quarters: int) -> Flow:
    """Return running costs; those after the plan do not count."""
    return Flow(np.zeros(quarters), spread(dated, quarters)[0])


def asset(worth: float, quarters: int) -> Flow:
    """Return a value at the end of the plan."""
    return Flow(np.zeros(quarters), np.zeros(quarters), worth)


def in_parts(price: float, payments: Sequence[Payment], planned: int, arrives: int) -> list[Dated]:
    """Return when a price is paid: milestones before delivery keep their dates when it slips."""
    dated = [
        (
            (planned if item.quarters_before_delivery > 0 else arrives)
            - item.quarters_before_delivery,
            item.share * price,
        )
        for item in payments
    ]
    rest = price * (1 - sum(item.share for item in payments))
    return [*dated, (arrives, rest)]


def book_share(arrives: int, life: int, quarters: int) -> float:
    """Return how much of a straight line from delivery to the end of life is left."""
    return min(max(arrives + life - quarters, 0), life) / life
