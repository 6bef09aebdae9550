"""Percentiles from bins: within their stated error of the exact ones, whatever the samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from planner.analysis.bins import bounds, count, edges_of
from planner.analysis.percentiles import LEVELS, Percentiles, binned, exact, ranks
from planner.analysis.results_estimates import Estimate

Array = np.ndarray[Any, np.dtype[np.float64]]


def of(found: Percentiles) -> tuple[Estimate, Estimate, Estimate]:
    return found.p10, found.p50, found.p90


def read(values: Array, first: int) -> Percentiles:
    """Return percentiles off bins that the first samples suggest."""
    edges = edges_of(values[None, :first], {})
    kept = values[~np.isnan(values)]
    lows, highs = bounds(edges[0], float(kept.min()), float(kept.max()))
    return binned(count(values[None], edges)[0], lows, highs)


def drawn(kind: str, rng: np.random.Generator, n: int) -> Array:
    """Return samples of a kind that plans have, or that are as bad as can be."""
    normal, uniform = rng.normal(size=n), rng.random(n)
    return {
        "normal": lambda: normal,
        "unused or some": lambda: np.maximum(normal, 0) * 1e4,
        "seldom used": lambda: np.where(uniform < 0.03, 50 + normal, 0.0),
        "nearly all served": lambda: np.minimum(1 + normal, 1.0),
        "a few values": lambda: np.floor(4 * uniform),
        "yes or no": lambda: (uniform < 0.1).astype(float),
        "dust": lambda: np.where(uniform < 0.6, 1e-13 * uniform, 100 * uniform),
        "heavy tails": lambda: rng.standard_t(1, size=n),
        "many decades": lambda: np.exp(8 * normal),
        "far from zero": lambda: 1e9 + normal,
        "constant": lambda: np.full(n, -2.5),
        "zero": lambda: np.zeros(n),
        "in some samples": lambda: np.where(uniform < 0.3, np.exp(normal), np.nan),
        "in few samples": lambda: np.where(uniform < 0.004, np.exp(normal), np.nan),
        "drifts": lambda: normal + 5 * np.arange(n) / n,
        "jumps": lambda: np.where(np.arange(n) > n / 2, 1e6, normal),
    }[kind]()


KINDS = (
    "normal", "unused or some", "seldom used", "nearly all served", "a few values", "yes or no",
    "dust", "heavy tails", "many decades", "far from zero", "constant", "zero", "in some samples",
    "in few samples", "drifts", "jumps",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.integers(0, 2**32 - 1),
    st.integers(1, 3000),
    st.floats(0.01, 1.0),
)
def test_no_percentile_is_farther_off_than_stated(
    kind: str, seed: int, n: int, part: float
) -> None:
    values = drawn(kind, np.random.default_rng(seed), n)
    kept = values[~np.isnan(values)]
    if not kept.size:
        return
    found, truth = read(values, max(int(part * n), 1)), exact(kept)
    rounding = 1e-15 * float(np.abs(kept).max())
    for own, other in zip(of(found), of(truth), strict=True):
        assert own.n == other.n
        assert abs(own.value - other.value) <= found.error + rounding
        assert (own.low is None) == (other.low is None)
        assert (own.high is None) == (other.high is None)
        assert own.low is None or other.low is None or own.low <= other.low
        assert own.high is None or other.high is None or own.high >= other.high
        if own.low is not None and own.high is not None:
            assert own.low <= own.value <= own.high
        assert (own.standard_error is None) == (kept.size < 2)


@pytest.mark.parametrize("kind", ["yes or no", "a few values", "constant", "zero", "seldom used"])
def test_what_repeats_is_exact(kind: str) -> None:
    """Also where first samples suggested the bins, and others of the same values came after."""
    values = drawn(kind, np.random.default_rng(1), 200_000)
    found, truth = read(values, 2000), exact(values)
    assert found.error == 0
    for own, other in zip(of(found), of(truth), strict=True):
        assert (own.value, own.low, own.high) == (other.value, other.low, other.high)


@pytest.mark.parametrize("kind", ["normal", "unused or some", "many decades", "far from zero"])
@pytest.mark.parametrize("times", [2, 16, 100])
def test_the_error_is_smaller_than_that_of_sampling(kind: str, times: int) -> None:
    """Of up to a hundred times as many samples as suggested the bins."""
    values = drawn(kind, np.random.default_rng(3), 4000 * times)
    found, truth = read(values, 4000), exact(values)
    for own, other in zip(of(found), of(truth), strict=True):
        if other.value > 0:
            assert other.standard_error is not None
            assert abs(own.value - other.value) <= 0.5 * other.standard_error
            assert own.standard_error == pytest.approx(other.standard_error, rel=0.2)
    least = max(item.standard_error or 0 for item in of(truth))
    assert found.error <= least


@pytest.mark.parametrize("seen", [0, 2, 60])
def test_of_what_was_hardly_seen_before_percentiles_are_right_to_some_percent(seen: int) -> None:
    values = np.full(400_000, np.nan)
    values[5000::40] = np.random.default_rng(4).lognormal(5, 1, size=values[5000::40].size)
    found, truth = read(values, 5000 + 40 * seen), exact(values[~np.isnan(values)])
    for own, other in zip(of(found), of(truth), strict=True):
        assert own.value == pytest.approx(other.value, rel=0.03)
    assert found.error <= 0.05 * truth.p90.value


def test_intervals_cover_the_truth() -> None:
    """At least 95 % (and not much more), less three errors of simulation, in 1,000 runs."""
    rng, inside = np.random.default_rng(5), np.zeros(3)
    for _ in range(1000):
        found = of(read(rng.normal(size=2000), 500))
        inside += [
            item.low <= ndtri(level) <= item.high  # type: ignore[operator]
            for level, item in zip(LEVELS, found, strict=True)
        ]
    assert (inside / 1000 >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / 1000)).all()
    assert (inside / 1000 <= 0.99).all()


def test_counts_are_of_each_bin_and_add_up_in_any_order() -> None:
    rng = np.random.default_rng(6)
    rows = np.stack([drawn(kind, rng, 3000) for kind in KINDS])
    mark = np.array([0.25, 0.75])
    edges = edges_of(rows[:, :700], {0: mark})
    assert np.isin(mark, edges[0]).all()
    assert (edges[:, 1:] > edges[:, :-1])[np.isfinite(edges[:, 1:])].all()
    whole = count(rows, edges)
    parts = [count(rows[:, own], edges) for own in (slice(2000, 3000), slice(0, 2000))]
    assert (whole == parts[0] + parts[1]).all()
    for row, own, counts in zip(rows, edges, whole, strict=True):
        kept = row[~np.isnan(row)]
        below = np.append(-np.inf, own[:-1])
        inside = [(low <= kept) & (kept < high) for low, high in zip(below, own, strict=True)]
        assert counts.tolist() == [k.sum() for k in inside]
        lows, highs = bounds(own, kept.min(), kept.max())
        for k in np.flatnonzero(counts):
            assert lows[k] <= kept[inside[k]].min()
            assert highs[k] >= kept[inside[k]].max()


@pytest.mark.parametrize("n", [1, 7, 64, 5000, 100_000])
def test_ranks_are_those_of_the_binomial_distribution(n: int) -> None:
    from scipy import stats

    for level in LEVELS:
        low, high = ranks(n, level)
        first, last = stats.binom.ppf([0.025, 0.975], n, level)
        assert low == (first - 1 if first >= 1 else None)
        assert high == (last if last < n else None)
