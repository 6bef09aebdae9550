"""What a catalogue file holds: platforms and prices, made of figures with their sources."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from planner.config.base import Name, Strict
from planner.config.evidence import Evidence, IsoDate


def _positive(value: float) -> float:
    if not value > 0:
        raise ValueError("the value must be above 0")
    return value


Positive = Annotated[float, AfterValidator(_positive)]
Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class Figure(Strict):
    """A number that somebody stated: who, when, and what kind of evidence it is.

    ``low`` and ``high`` are the range that the source, or several together, give.
    """

    value: Positive
    low: Positive | None = None
    high: Positive | None = None
    source: Source
    date: IsoDate
    kind: Evidence

    @model_validator(mode="after")
    def _within_range(self) -> Self:
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise ValueError("low, value and high must ascend")
        return self

    def citation(self) -> str:
        """Return the source with its date and kind, as a report shows it."""
        return f"{self.source} ({self.date}, {self.kind})"


class PlatformEntry(Strict):
    """What is known of an accelerator model; every figure is for one accelerator (``unit``)."""

    vendor: Name
    unit: Literal["GPU", "chip", "superchip", "wafer"]
    peak_pflops: Figure
    accelerator_kw: Figure
    memory_gb: Figure | None = None
    memory_bandwidth_tbps: Figure | None = None
    tdp_kw: Figure | None = None


class PriceEntry(Figure):
    """What one accelerator costs: to buy all-in (``usd``), or for an hour (``usd_per_hour``)."""

    platform: Name
    offer: Literal["buy", "reserve", "rent", "spot"]
    unit: Literal["usd", "usd_per_hour"]

    @model_validator(mode="after")
    def _unit_of_offer(self) -> Self:
        unit = "usd" if self.offer == "buy" else "usd_per_hour"
        if self.unit != unit:
            raise ValueError(f"the unit of a price to {self.offer} is {unit}")
        return self
