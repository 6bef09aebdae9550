"""Estimates against scipy, and the coverage of intervals by simulation with a fixed seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtri
from scipy.stats.mstats import mjci

from planner.analysis import estimates
from planner.analysis.results_estimates import Estimate, Spread

PERCENTILES = (("p10", 0.1), ("p50", 0.5), ("p90", 0.9))


def percentile(found: Spread, name: str) -> Estimate:
    return getattr(found, name)  # type: ignore[no-any-return]


def test_mean() -> None:
    """standard error = s / sqrt(n); interval = mean -+ t(0.975, n - 1) standard errors."""
    values = np.random.default_rng(1).lognormal(size=50) * 1e6
    found = estimates.mean(values)
    error = stats.sem(values)
    low, high = stats.t.interval(0.95, 49, values.mean(), error)
    assert found == Estimate(
        pytest.approx(values.mean(), rel=1e-14),
        pytest.approx(error, rel=1e-12),
        pytest.approx(low, rel=1e-12),
        pytest.approx(high, rel=1e-12),
        50,
    )


@pytest.mark.parametrize("n", [1, 2, 7, 64, 1000])
def test_share_has_wilsons_interval(n: int) -> None:
    for hits in sorted({0, 1, n // 3, n - 1, n}):
        found = estimates.share(np.arange(n) < hits)
        same = stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")
        assert found.value == hits / n
        assert found.low == pytest.approx(same.low, rel=1e-9, abs=1e-15)
        assert found.high == pytest.approx(same.high, rel=1e-9)
        assert found.low is not None
        assert found.high is not None
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert found.n == n


def test_percentiles_interpolate_between_order_statistics() -> None:
    """Of 11, 12, ... 21 (n = 11): P10 is the 2nd, P50 the 6th, P90 the 10th."""
    values = np.random.default_rng(2).permutation(np.arange(11.0, 22.0))
    found = estimates.spread(values)
    assert (found.p10.value, found.p50.value, found.p90.value) == pytest.approx((12, 16, 20))
    assert estimates.spread(np.array([1.0, 2.0])).p10.value == pytest.approx(1.1)


@pytest.mark.parametrize(("n", "tolerance"), [(200, 0.1), (2000, 0.03)])
def test_percentile_errors_are_those_of_maritz_and_jarrett(n: int, tolerance: float) -> None:
    """scipy rounds the rank to an order statistic and we do not: equal but for O(1 / n)."""
    values = np.random.default_rng(3).lognormal(size=n)
    same = mjci(values, [level for _, level in PERCENTILES])
    for (name, _), expected in zip(PERCENTILES, same, strict=True):
        error = percentile(estimates.spread(values), name).standard_error
        assert error == pytest.approx(expected, rel=tolerance)


def test_percentile_errors_by_their_definition() -> None:
    """Weights are what a beta distribution of the rank h = 1 + level (n - 1) has between i / n."""
    values = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0])
    n = values.size
    for name, level in PERCENTILES:
        rank = 1 + level * (n - 1)
        weights = np.diff(stats.beta(rank, n + 1 - rank).cdf(np.arange(n + 1) / n))
        variance = weights @ values**2 - (weights @ values) ** 2
        error = percentile(estimates.spread(values), name).standard_error
        assert error == pytest.approx(np.sqrt(variance), rel=1e-9)


def test_percentile_errors_are_the_spread_of_percentiles() -> None:
    """Over 1,500 runs of 100 samples the mean error is the runs' own spread, within a tenth."""
    runs = estimates.spreads(np.random.default_rng(4).normal(size=(100, 1500)))
    for name, _ in PERCENTILES:
        found = [percentile(run, name) for run in runs]
        truth = np.std([item.value for item in found])
        mean_error = np.mean([item.standard_error for item in found])
        assert mean_error == pytest.approx(truth, rel=0.1)


@pytest.mark.parametrize("n", [64, 300])
def test_percentile_intervals_cover_the_truth(n: int) -> None:
    """At least 95 % (distribution-free, so a little more), less three errors of simulation."""
    runs = estimates.spreads(np.random.default_rng(5).normal(size=(n, 2000)))
    for name, level in PERCENTILES:
        inside = [
            item.low <= ndtri(level) <= item.high  # type: ignore[operator]
            for item in (percentile(run, name) for run in runs)
        ]
        assert 0.95 - 3 * np.sqrt(0.05 * 0.95 / 2000) <= np.mean(inside) <= 0.985


@pytest.mark.parametrize("n", [5, 64])
def test_mean_intervals_cover_the_truth(n: int) -> None:
    runs = np.random.default_rng(6).normal(size=(2000, n))
    found = [estimates.mean(run) for run in runs]
    inside = np.mean([item.low <= 0 <= item.high for item in found])  # type: ignore[operator]
    assert 0.95 - 3 * np.sqrt(0.05 * 0.95 / 2000) - 0.005 <= inside <= 0.97


def test_one_sample_has_no_error_and_no_interval() -> None:
    found = estimates.spread(np.array([5.0]))
    for item in (found.mean, found.p10, found.p50, found.p90):
        assert item == Estimate(5.0, None, None, None, 1)


def test_too_few_samples_have_no_interval_of_a_percentile() -> None:
    """Of ten samples none is above the P90 with a chance of 35 %: there is no upper bound."""
    found = estimates.spread(np.arange(10.0))
    assert found.p90.high is None
    assert found.p10.low is None
    assert found.p50.low is not None
    assert found.p90.standard_error is not None


def test_equal_samples_have_no_spread() -> None:
    found = estimates.spread(np.full(64, 7e9))
    assert found.mean == Estimate(7e9, 0.0, 7e9, 7e9, 64)
    assert found.p90.standard_error == 0


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("estimate", [estimates.mean, estimates.spread])
def test_what_is_not_finite_raises(estimate: Callable[[Any], Any], wrong: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        estimate(np.array([1.0, wrong, 2.0]))


@pytest.mark.parametrize("estimate", [estimates.mean, estimates.spread, estimates.share])
def test_no_samples_raise(estimate: Callable[[Any], Any]) -> None:
    with pytest.raises(ValueError, match="no samples"):
        estimate(np.empty(0))


def test_columns_do_not_mix() -> None:
    values = np.random.default_rng(7).normal(size=(40, 3))
    for k, found in enumerate(estimates.spreads(values)):
        alone = estimates.spread(values[:, k])
        for name in ("mean", *(name for name, _ in PERCENTILES)):
            one, other = astuple(percentile(found, name)), astuple(percentile(alone, name))
            assert one == pytest.approx(other, rel=1e-12)
