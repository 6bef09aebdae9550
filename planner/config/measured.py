"""Distributions through figures that somebody has: observed values, or judged quantiles."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from planner.config.distributions import Belief, Numbers

FEWEST_VALUES = 5
"""Of an empirical distribution: fewer say next to nothing about a spread."""

MOST_POINTS = 12
"""Of an elicited distribution: with more, its terms are too alike to be told apart."""


class Empirical(Belief):
    """Observed values, each as likely as every other, from a ``file`` or as ``values``."""

    distribution: Literal["empirical"] = Field(description="The kind of belief.")
    file: str | None = Field(
        default=None,
        description="CSV (with a line of column names) or Parquet file in the config's folder.",
    )
    column: str | None = Field(default=None, description="Name of the column; with file.")
    values: Numbers | None = Field(
        default=None, description="The values themselves, in any order; instead of file and column."
    )

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        from_file = self.file is not None and self.column is not None
        given = sum(part is not None for part in (self.file, self.column, self.values))
        if given != (2 if from_file else 1) or (self.values is None) != from_file:
            raise ValueError("give file and column, or values")
        if self.values is not None and len(self.values) < FEWEST_VALUES:
            raise ValueError(f"an empirical belief needs {FEWEST_VALUES} values or more")
        return self

    def __hash__(self) -> int:
        # Called for every draw, and there may be many thousands of values.
        ends = None if self.values is None else (len(self.values), *self.values[:3])
        return hash((self.file, self.column, ends))

    def support(self) -> tuple[float, float]:
        """Return the extremes; 1 if the values are still in the file: the loader replaces it."""
        return (1.0, 1.0) if self.values is None else (min(self.values), max(self.values))


class Elicited(Belief):
    """Smooth, through three or more ``points`` that somebody judged, with bounds if known."""

    distribution: Literal["elicited"] = Field(description="The kind of belief.")
    points: Annotated[tuple[Numbers, ...], Field(strict=False)] = Field(
        description="Pairs `[p, value]`: a draw is below the value with probability p."
    )
    lower: float | None = Field(
        default=None, description="Bound that no draw reaches; none unless given."
    )
    upper: float | None = Field(
        default=None, description="Bound that no draw reaches; none unless given."
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if any(len(point) != 2 for point in self.points):
            raise ValueError("each point must be a pair, [p, value]")
        if not 3 <= len(self.points) <= MOST_POINTS:
            raise ValueError(f"give from 3 to {MOST_POINTS} points")
        points = self.ordered()
        if not all(0 < p < 1 for p, _ in points):
            raise ValueError("the p of every point must lie between 0 and 1")
        if not all(p < q and low < high for (p, low), (q, high) in pairwise(points)):
            raise ValueError("points must ascend: the larger p, the larger its value")
        if self.lower is not None and not self.lower < points[0][1]:
            raise ValueError("lower must be below every point")
        if self.upper is not None and not self.upper > points[-1][1]:
            raise ValueError("upper must be above every point")
        return self

    def ordered(self) -> tuple[tuple[float, float], ...]:
        """Return the points by probability."""
        return tuple(sorted((p, value) for p, value in self.points))

    def support(self) -> tuple[float, float]:
        """Return the bounds; open, so the bounds themselves are never drawn."""
        low = -math.inf if self.lower is None else math.nextafter(self.lower, math.inf)
        high = math.inf if self.upper is None else math.nextafter(self.upper, -math.inf)
        return low, high
