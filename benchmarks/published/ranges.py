"""Figures with a range, and products and quotients of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from planner.catalog.figures import Stated
from planner.config.evidence import OF_A_FIGURE


@dataclass(frozen=True)
class Range:
    """A positive figure between a low and a high one, about P10 and P90 where it is uncertain.

    Products and quotients treat the parts as independent: the distances of the logarithms add in
    quadrature, each side on its own.
    """

    low: float
    central: float
    high: float

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.central <= self.high < math.inf:
            raise ValueError(f"not an ascending positive range: {self}")

    @classmethod
    def point(cls, value: float) -> Range:
        """Return a figure without a range."""
        return cls(value, value, value)

    def __mul__(self, other: Range | float) -> Range:
        other = other if isinstance(other, Range) else Range.point(other)
        central = self.central * other.central
        down = math.hypot(math.log(self.central / self.low), math.log(other.central / other.low))
        up = math.hypot(math.log(self.high / self.central), math.log(other.high / other.central))
        return Range(central * math.exp(-down), central, central * math.exp(up))

    def __truediv__(self, other: Range | float) -> Range:
        other = other if isinstance(other, Range) else Range.point(other)
        return self * Range(1 / other.high, 1 / other.central, 1 / other.low)

    @property
    def is_point(self) -> bool:
        """Whether there is nothing between low and high."""
        return math.isclose(self.low, self.high, rel_tol=1e-12)


def span(first: Range, *others: Range) -> Range:
    """Return what holds all readings, around the first, which is the planner's own."""
    return Range(
        min(one.low for one in (first, *others)),
        first.central,
        max(one.high for one in (first, *others)),
    )


def range_of(stated: Stated) -> Range:
    """Return what a source states as a range.

    Quantiles and ranges are taken as they stand. A vendor's bare value, on a data sheet or a price
    list, is a point: it is compared as stated. Any other bare value has P10 and P90 of the realised
    share of its evidence (docs/claims.md) around it.
    """
    if stated.quantiles is not None:
        low, high = stated.extremes()
        return Range(low, stated.central, high)
    value = stated.central
    if stated.low is None and stated.high is None:
        return by_evidence(value, stated.evidence)
    return Range(stated.low or value, value, stated.high or value)


def by_evidence(value: float, evidence: str) -> Range:
    """Return a bare value with the range that its evidence gives it."""
    if evidence == "vendor-claim":
        return Range.point(value)
    share = next(share for kind, share in OF_A_FIGURE.items() if kind == evidence)
    return Range(value * share.p10, value, max(value, value * share.p90))
