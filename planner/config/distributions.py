"""The base of every belief, and the simplest distributions, one small class each.

What is drawn from them is in ``planner.beliefs``: a new kind is a class here or beside, a line
in `planner.config.kinds.DISTRIBUTIONS`, and a quantile function, a probability and words there.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from planner.config.base import Strict

SOURCE: Any = Field(default=None, description="Who says so, where and when; shown in the report.")

Numbers = Annotated[tuple[float, ...], Field(strict=False)]
"""A list of numbers as the user writes it, kept so that a belief can be looked up by its value."""


class Belief(Strict):
    """Anything that stands for one number: known, looked up, or uncertain."""

    source: str | None = SOURCE

    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value that can be drawn."""
        raise TypeError(f"{type(self).__name__} has no support")


def one_pair(belief: Belief, *pairs: tuple[str, str]) -> bool:
    """Return whether exactly one of some pairs of keys is given, and nothing of the others."""
    given = {key for pair in pairs for key in pair if getattr(belief, key) is not None}
    return any(given == set(pair) for pair in pairs)


class Uniform(Belief):
    """Every value between ``low`` and ``high`` equally likely."""

    distribution: Literal["uniform"] = Field(description="The kind of belief.")
    low: float = Field(description="Smallest value.")
    high: float = Field(description="Largest value.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low < self.high:
            raise ValueError("low must be below high")
        return self

    def support(self) -> tuple[float, float]:
        """Return ``low`` and ``high``."""
        return self.low, self.high


class Triangular(Belief):
    """Between ``low`` and ``high``, most likely ``mode``."""

    distribution: Literal["triangular"] = Field(description="The kind of belief.")
    low: float = Field(description="Smallest value.")
    mode: float = Field(description="Most likely value.")
    high: float = Field(description="Largest value.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not (self.low <= self.mode <= self.high and self.low < self.high):
            raise ValueError("low, mode and high must ascend, with low below high")
        return self

    def support(self) -> tuple[float, float]:
        """Return ``low`` and ``high``."""
        return self.low, self.high


class Lognormal(Belief):
    """Positive and skewed; by ``mean`` and ``sd``, or by ``p10`` and ``p90``."""

    distribution: Literal["lognormal"] = Field(description="The kind of belief.")
    mean: float | None = Field(default=None, description="Mean, above 0; with sd.")
    sd: float | None = Field(default=None, description="Standard deviation, above 0; with mean.")
    p10: float | None = Field(
        default=None, description="Value that one draw in ten is below, above 0; with p90."
    )
    p90: float | None = Field(
        default=None, description="Value that one draw in ten is above; with p10."
    )

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if not one_pair(self, ("mean", "sd"), ("p10", "p90")):
            raise ValueError("give mean and sd, or p10 and p90")
        if self.mean is not None and self.sd is not None and not (self.mean > 0 and self.sd > 0):
            raise ValueError("mean and sd must be above 0")
        if self.p10 is not None and self.p90 is not None and not 0 < self.p10 < self.p90:
            raise ValueError("p10 must be above 0 and below p90")
        return self

    def support(self) -> tuple[float, float]:
        """Return 0 (never drawn) and infinity."""
        return math.ulp(0.0), math.inf


class Discrete(Belief):
    """One of ``values``, with ``probabilities`` that sum to one."""

    distribution: Literal["discrete"] = Field(description="The kind of belief.")
    values: Numbers = Field(description="Everything that it can be.")
    probabilities: Numbers = Field(
        description="How likely each value is, in the same order; they sum to 1."
    )

    @model_validator(mode="after")
    def _a_distribution(self) -> Self:
        if not self.values or len(self.values) != len(self.probabilities):
            raise ValueError("give as many probabilities as values, at least one")
        if any(probability < 0 for probability in self.probabilities):
            raise ValueError("probabilities must not be negative")
        total = math.fsum(self.probabilities)
        if abs(total - 1) > 1e-9:
            raise ValueError(f"probabilities must sum to 1, these sum to {total:.10g}")
        return self

    def support(self) -> tuple[float, float]:
        """Return the smallest and largest value of positive probability."""
        possible = [v for v, p in zip(self.values, self.probabilities, strict=True) if p > 0]
        return min(possible), max(possible)


class Quantiles(Belief):
    """Elicited ``p10``, ``p50`` and ``p90``, with bounds (``lower: null`` for none)."""

    distribution: Literal["quantiles"] = Field(description="The kind of belief.")
    p10: float = Field(description="Value that one draw in ten is below.")
    p50: float = Field(description="Median: as likely too high as too low.")
    p90: float = Field(description="Value that one draw in ten is above.")
    lower: float | None = Field(
        default=0.0, description="Bound that no draw reaches; `null` for none."
    )
    upper: float | None = Field(
        default=None, description="Bound that no draw reaches; none unless given."
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.p10 < self.p50 < self.p90:
            raise ValueError("p10, p50 and p90 must ascend")
        if self.lower is not None and not self.lower < self.p10:
            raise ValueError("lower must be below p10")
        if self.upper is not None and not self.p90 < self.upper:
            raise ValueError("upper must be above p90")
        if self.lower is None and self.upper is not None:
            raise ValueError("an upper bound needs a lower bound")
        return self

    def support(self) -> tuple[float, float]:
        """Return the bounds; open, so the bounds themselves are never drawn."""
        low = -math.inf if self.lower is None else math.nextafter(self.lower, math.inf)
        high = math.inf if self.upper is None else math.nextafter(self.upper, -math.inf)
        return low, high
