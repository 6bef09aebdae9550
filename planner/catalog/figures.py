"""A figure of the catalogue: what somebody stated, in which unit, on what evidence, and when."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from planner.config.base import Strict
from planner.config.evidence import Evidence, IsoDate

Unit = Literal[
    "PFLOP/s",
    "POP/s",
    "GB",
    "TB/s",
    "GB/s",
    "kW",
    "accelerators",
    "accelerators/quarter",
    "share of peak FLOP/s",
    "share of bandwidth",
    "share of hours",
    "exponent",
    "USD",
    "USD/hour",
]
"""Every unit that a figure can be in; a look-up is refused where another one is needed."""

AT_MOST_ONE = ("share of peak FLOP/s", "share of bandwidth", "share of hours", "exponent")
"""Units of what cannot be above 1."""


def _positive(value: float) -> float:
    if not value > 0:
        raise ValueError("the value must be above 0")
    return value


Positive = Annotated[float, AfterValidator(_positive)]
Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=1000)]


class StatedQuantiles(Strict):
    """P10, P50 and P90 of a figure, or P5, P50 and P95, as its source gives them."""

    p05: Positive | None = None
    p10: Positive | None = None
    p50: Positive
    p90: Positive | None = None
    p95: Positive | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        given = (self.p05 is not None, self.p10 is not None)
        if given != (self.p95 is not None, self.p90 is not None) or sum(given) != 1:
            raise ValueError("give p10, p50 and p90, or p05, p50 and p95")
        (_, low), (_, middle), (_, high) = self.points()
        if not low < middle < high:
            raise ValueError("quantiles must ascend")
        return self

    def points(self) -> tuple[tuple[float, float], ...]:
        """Return pairs of probability and value, ascending."""
        pairs = ((0.05, self.p05), (0.1, self.p10), (0.5, self.p50), (0.9, self.p90))
        return tuple((p, value) for p, value in (*pairs, (0.95, self.p95)) if value is not None)


class Stated(Strict):
    """What one source states, as a value or as quantiles.

    ``low`` and ``high`` are the range that the source, or several together, give beside a value.
    """

    value: Positive | None = None
    quantiles: StatedQuantiles | None = None
    low: Positive | None = None
    high: Positive | None = None
    unit: Unit
    evidence: Evidence
    date: IsoDate
    source: Source

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if self.value is None and self.quantiles is None:
            raise PydanticCustomError(
                "no_figure",
                "`value` or `quantiles` is missing",
                {"remedy": "give `value:`, or `quantiles: {p10: ..., p50: ..., p90: ...}`"},
            )
        if self.value is not None and self.quantiles is not None:
            raise ValueError("give value or quantiles, and not both")
        low = self.low if self.low is not None else self.extremes()[0]
        high = self.high if self.high is not None else self.extremes()[1]
        if not (low <= self.extremes()[0] and self.extremes()[1] <= high):
            raise ValueError("low, the value or quantiles, and high must ascend")
        if self.unit in AT_MOST_ONE and not high <= 1:
            raise ValueError(f"a figure in {self.unit} cannot be above 1")
        if self.unit in AT_MOST_ONE and self.quantiles is not None and self.extremes()[1] == 1:
            raise ValueError(f"quantiles in {self.unit} must be below 1, which no draw reaches")
        return self

    @property
    def central(self) -> float:
        """The value, or the median."""
        if self.quantiles is not None:
            return self.quantiles.p50
        assert self.value is not None  # by the validator
        return self.value

    def extremes(self) -> tuple[float, float]:
        """Return the lowest and the highest that is stated, without ``low`` and ``high``."""
        if self.quantiles is None:
            return self.central, self.central
        points = self.quantiles.points()
        return points[0][1], points[-1][1]

    def citation(self) -> str:
        """Return the source with its date and evidence, as a report shows it."""
        return f"{self.source} ({self.date}, {self.evidence})"


class Figure(Stated):
    """The default of what several sources state, and the others as they stand."""

    also: Annotated[tuple[Stated, ...], Field(strict=False)] = ()
    default_because: Reason | None = None

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if any(other.unit != self.unit for other in self.also):
            raise ValueError("what others state must be in the same unit")
        if bool(self.also) != (self.default_because is not None):
            raise ValueError("`also` and `default_because` go together: others, and why not those")
        return self


class Fact(Strict):
    """Something in words that a source states of a platform."""

    value: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    evidence: Evidence
    date: IsoDate
    source: Source
