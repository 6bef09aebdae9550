"""One sample of a scenario: every quantity as the number, or the path, that was drawn for it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from planner.config.quantities import Path, Quantity
from planner.config.schema import Scenario
from planner.uncertainty.sampling import Draws, build_sampler

Array = NDArray[np.float64]

HOURS = 2190
MONTHS = 3
SECONDS_PER_HOUR = 3600


class Sample:
    """The drawn values of one sample, the calendar and the discount factors.

    Attributes
    ----------
    scenario : Scenario
    quarters : int
    discount : ndarray of shape (quarter,)
        Of a payment in the quarter.
    horizon_discount : float
        Of a value at the end of the plan.
    """

    def __init__(self, scenario: Scenario, draws: Draws, index: int) -> None:
        self.scenario = scenario
        self.quarters = scenario.quarters
        per_year = 1 + scenario.discount_rate_per_year
        middles = (np.arange(self.quarters) + 0.5) / 4
        self.discount = per_year**-middles
        self.horizon_discount = per_year ** -(self.quarters / 4)
        self._draws = draws
        self._index = index

    def number(self, path: str, quantity: Quantity) -> float:
        """Return a quantity that is one number, by its YAML path."""
        return float(self._here(self._draws.number(path, quantity)))

    def by_quarter(self, path: str, quantity: Path) -> Array:
        """Return a quantity's number in each quarter."""
        drawn = self._draws.path(path, quantity, self.quarters)
        return np.array(self._here(drawn), dtype=float)

    def _here(self, drawn: Array) -> Array:
        """Return the sample's own; of what is known there is one for all samples."""
        return np.asarray(drawn[self._index if drawn.shape[0] > 1 else 0])

    def slip(self, path: str, quantity: Quantity) -> int:
        """Return a delay in whole quarters, halves up."""
        return math.floor(self.number(path, quantity) + 0.5)

    def position(self, quarter: str | None) -> int:
        """Return how many quarters after the plan's first a quarter is; 0 for none given."""
        return 0 if quarter is None else _serial(quarter) - _serial(self.scenario.start)


def _serial(quarter: str) -> int:
    return 4 * int(quarter[:4]) + int(quarter[5])


def samples(scenario: Scenario, count: int) -> list[Sample]:
    """Return the first samples of a scenario, as a run with its seed draws them."""
    draws = build_sampler(scenario).draw(0, count)
    return [Sample(scenario, draws, index) for index in range(count)]
