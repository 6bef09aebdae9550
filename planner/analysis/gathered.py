"""Estimates of the quantities of a run's samples, by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from planner.analysis import estimates
from planner.analysis.bins import bounds
from planner.analysis.cost_chart import cost_histogram, cost_histogram_of_bins
from planner.analysis.percentiles import LEVELS, NO_EFFECTS, Percentiles, binned, exact
from planner.analysis.quantities import Layout
from planner.analysis.replicates import design_effect
from planner.analysis.results_estimates import Estimate, Histogram, Spread
from planner.analysis.tally import Tally

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Binned:
    """Samples counted by bin.

    Attributes
    ----------
    edges : ndarray, (quantity, bin)
        Where bins end.
    bars : ndarray
        Edges of the bars in which the cost is shown.
    counts : ndarray of int, (quantity, bin)
    """

    edges: Array
    bars: Array
    counts: NDArray[np.int64]


@dataclass(frozen=True)
class Gathered:
    """The solved samples of a run, added up; quantities of a name come in the order of its axes.

    Attributes
    ----------
    layout : Layout
    tally : Tally
    rows : ndarray, (quantity, sample)
        The first samples, as far as percentiles are told.
    binned : Binned or None
        All samples, if there are more than these.
    unproven : tuple of int
        Numbers of the samples without a proven optimum, which are in nothing else.
    replicate : int
        Samples of a replicate; 1 where all samples are independent.
    """

    layout: Layout
    tally: Tally
    rows: Array
    binned: Binned | None
    unproven: tuple[int, ...] = ()
    replicate: int = 1

    @property
    def n(self) -> int:
        """Number of samples."""
        return self.tally.n

    @property
    def in_full(self) -> int:
        """Number of the first samples that are kept in full."""
        return int(self.rows.shape[1])

    def number(self, position: int) -> int:
        """Return the number of the sample at a position of those in full."""
        for unproven in self.unproven:
            position += unproven <= position
        return position

    def first(self, name: str) -> Array:
        """Return a quantity with percentiles of the samples in full, sample first."""
        group, own = self.layout.rows[name]
        return self.rows[own].T.reshape(self.in_full, *group.shape)

    def average(self, name: str) -> Array:
        """Return the mean of a quantity of which only the sum is known, by its axes."""
        group, own = self.layout.sums[name]
        return np.asarray(self.tally.sums[own] / self.n).reshape(group.shape)

    def means(self, name: str) -> list[Estimate]:
        """Return means."""
        return [self._mean(row) for row in self._of(name)]

    def shares(self, name: str) -> list[Estimate]:
        """Return the shares of samples in which something is true."""
        own = self.layout.sums[name][1]
        return [
            estimates.share_of(int(self.tally.sums[k]), self.n, self._share_error(k))
            for k in range(own.start, own.stop)
        ]

    def spreads(self, name: str) -> list[Spread]:
        """Return means and percentiles of what every sample has."""
        return [
            estimates.spread_of(self._mean(row), self._percentiles(row)) for row in self._of(name)
        ]

    def spreads_where_any(self, name: str) -> list[Spread | None]:
        """Return means and percentiles over the samples that count; None where none does."""
        return [
            estimates.spread_of(self._mean(row), self._percentiles(row)) if self._n(row) else None
            for row in self._of(name)
        ]

    def extremes(self, name: str) -> list[tuple[float, float]]:
        """Return the smallest and the largest values."""
        return [self._extremes(row) for row in self._of(name)]

    def cost_histogram(self) -> Histogram:
        """Return the histogram of the cost."""
        (row,) = self._of("cost_usd")
        if self.binned is None:
            return cost_histogram(self.rows[row])
        low, high = self._extremes(row)
        edges, counts = self.binned.edges[row], self.binned.counts[row]
        return cost_histogram_of_bins(self.binned.bars, edges, counts, low, high)

    def _of(self, name: str) -> range:
        own = self.layout.rows[name][1]
        return range(own.start, own.stop)

    def _n(self, row: int) -> int:
        return int(self.tally.moments.deviations.n[row])

    def _extremes(self, row: int) -> tuple[float, float]:
        return float(self.tally.moments.low[row]), float(self.tally.moments.high[row])

    def _share_error(self, position: int) -> float | None:
        between = self.tally.between
        if between is None:
            return None
        row = self.tally.moments.low.size + position
        n, replicates = self.n, int(between.replicates[row])
        if replicates < 2:
            return None
        return float(np.sqrt(between.deviations.squares[row] / (replicates - 1) / n))

    def _mean(self, row: int) -> Estimate:
        found, largest = self.tally.moments.deviations, max(map(abs, self._extremes(row)))
        between = self.tally.between
        if between is not None:
            return estimates.mean_of_replicates(
                self._n(row),
                float(found.mean[row]),
                float(between.deviations.squares[row]),
                int(between.replicates[row]),
                largest,
            )
        return estimates.mean_of(
            self._n(row), float(found.mean[row]), float(found.squares[row]), largest
        )

    def _percentiles(self, row: int) -> Percentiles:
        values, effects = self.rows[row], self._design_effects(row)
        if self.binned is None:
            return exact(values[~np.isnan(values)], effects)
        lows, highs = bounds(self.binned.edges[row], *self._extremes(row))
        return binned(self.binned.counts[row], lows, highs, effects)

    def _design_effects(self, row: int) -> tuple[float, ...]:
        """Return those of being below each percentile, as the samples in full tell them."""
        values = self.rows[row]
        counts = ~np.isnan(values)
        if self.replicate == 1 or not counts.any():
            return NO_EFFECTS
        values, numbers = values[counts], self.numbers[counts]
        return tuple(
            design_effect(values <= np.quantile(values, level), numbers, self.replicate)
            for level in LEVELS
        )

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """The numbers of the samples in full."""
        asked = np.arange(self.in_full + len(self.unproven))
        return np.setdiff1d(asked, self.unproven)[: self.in_full]
