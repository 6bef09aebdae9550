"""The bars of the cost: those of all samples, whether they were kept or counted."""

from __future__ import annotations

import numpy as np
import pytest

from planner.analysis.bins import count, edges_of
from planner.analysis.cost_chart import chart_edges, cost_histogram, cost_histogram_of_bins


@pytest.mark.parametrize("first", [60, 600, 6000])
@pytest.mark.parametrize("tails", [1, 3])
def test_bars_from_bins_count_what_is_in_them(first: int, tails: int) -> None:
    values = 1e9 + 1e8 * np.exp(tails * np.random.default_rng(1).normal(size=6000))
    bars = chart_edges(values[:first], ends=2)
    edges = edges_of(values[None, :first], {0: bars})
    low, high = float(values.min()), float(values.max())
    counts = count(values[None], edges)[0]
    found = cost_histogram_of_bins(bars, edges[0], counts, low, high)
    same, _ = np.histogram(values, bins=found.edges)
    assert found.counts == same.tolist()
    assert sum(found.counts) == values.size
    assert (found.edges[0], found.edges[-1]) == (low, high)
    assert np.diff(found.edges).min() > 0
    assert len(found.counts) <= 48


def test_bars_from_bins_are_those_of_the_samples_when_these_suggested_them() -> None:
    values = np.random.default_rng(2).normal(size=2000)
    bars = chart_edges(values, ends=0)
    edges = edges_of(values[None], {0: bars})
    low, high = float(values.min()), float(values.max())
    counts = count(values[None], edges)[0]
    assert cost_histogram_of_bins(bars, edges[0], counts, low, high) == cost_histogram(values)


def test_equal_costs_have_one_bar() -> None:
    values = np.full(500, 3e6)
    bars = chart_edges(values[:70], ends=2)
    edges = edges_of(values[None, :70], {0: bars})
    counts = count(values[None], edges)[0]
    found = cost_histogram_of_bins(bars, edges[0], counts, 3e6, 3e6)
    assert found == cost_histogram(values)
    assert found.counts == [500]
