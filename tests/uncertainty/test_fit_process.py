"""Processes: known parameters are found again, and what is printed is what is drawn."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from scipy.special import ndtri

from planner.errors import InputError
from planner.uncertainty.fitting.ahead import simulate
from planner.uncertainty.fitting.found import clustered_mean
from planner.uncertainty.fitting.process import fit_process
from planner.uncertainty.fitting.series import Series, changes, distinct, month_ends, month_of
from planner.uncertainty.fitting.steps import DOUBT_QUARTERS, fit_steps
from planner.uncertainty.fitting.table import Observations

START = month_of(date(2000, 1, 1))


def series(logs: np.ndarray, name: str = "a") -> Series:
    return Series(name, START + np.arange(logs.size), np.exp(logs))


def stepping(
    rng: np.random.Generator, quarters: int, share: float, mean: float, sd: float
) -> Series:
    """Make a price that changes, if it does, in the first month of a quarter."""
    moves = (rng.random(quarters) < share) * rng.normal(mean, sd, quarters)
    monthly = np.zeros(3 * quarters)
    monthly[::3] = moves
    return series(np.concatenate([[0.0], np.cumsum(monthly)]), str(rng.random()))


def test_steps_are_found_within_their_errors() -> None:
    rng = np.random.default_rng(8)
    fitted = fit_process([stepping(rng, 60, 0.3, -0.1, 0.05) for _ in range(8)])
    assert fitted.spec["process"] == "steps"
    share, mean = fitted.parameters
    # Every window of three months has just one first month of a quarter.
    assert share.standard_error is not None
    assert mean.standard_error is not None
    assert abs(share.value - 0.3) < 3 * share.standard_error < 0.15
    assert abs(mean.value + 0.1) < 3 * mean.standard_error < 0.03
    assert all(test.p_value > 0.001 for test in fitted.tests)
    assert fitted.warnings == ()


def test_a_step_counts_as_its_mirror_image_as_the_doubt_says() -> None:
    """Every change is a fall to a half; with T = D, a quarter of the steps are doublings."""
    logs = np.zeros(3 * DOUBT_QUARTERS + 1)
    logs[5:] = -math.log(2)
    fitted = fit_steps([series(logs)])
    values = fitted.spec["change"]["values"]
    assert values == [-0.5] * 15 + [1.0] * 5
    assert fitted.spec["probability_per_quarter"] == pytest.approx(3 / 10)


def test_a_random_walk_is_found_within_its_errors() -> None:
    rng = np.random.default_rng(6)
    steps = rng.normal(0.2 / 12, 0.3 / math.sqrt(12), (6, 240))
    fitted = fit_process([series(np.cumsum(row), str(i)) for i, row in enumerate(steps)])
    assert fitted.spec["process"] == "random-walk"
    drift, volatility = fitted.parameters
    assert drift.standard_error is not None
    assert volatility.standard_error is not None
    assert abs(drift.value - 0.2) < 3 * drift.standard_error < 0.15
    assert abs(volatility.value - 0.3) < 3 * volatility.standard_error < 0.03
    assert fitted.spec["drift_per_year"]["sd"] == pytest.approx(drift.standard_error, rel=1e-3)


def test_mean_reversion_is_found_within_its_errors() -> None:
    rng = np.random.default_rng(5)
    half_life, volatility, level = 2.0, 0.4, math.log(3.0)
    kept = 2 ** (-1 / (3 * half_life))
    sd = math.sqrt(volatility**2 * half_life / (8 * math.log(2)) * (1 - kept**2))
    rows = []
    for number in range(6):
        logs = [level]
        for shock in rng.normal(0, sd, 300):
            logs.append(level + kept * (logs[-1] - level) + shock)
        rows.append(series(np.array(logs), str(number)))
    fitted = fit_process(rows)
    assert fitted.spec["process"] == "mean-reverting"
    truths = {"level": 3.0, "half_life_quarters": half_life, "volatility_per_year": volatility}
    for one in fitted.parameters:
        assert one.standard_error is not None
        assert abs(one.value - truths[one.name]) < 3 * one.standard_error < 0.5 * one.value


def test_a_price_that_never_changed_is_a_plain_number() -> None:
    fitted = fit_process([series(np.zeros(20))])
    assert fitted.spec == {"value": 1.0}
    assert "rule of three" in fitted.remarks[-1]
    assert fitted.warnings
    assert (simulate(fitted.spec, 3, samples=5) == 1).all()


def test_series_that_repeat_another_count_once() -> None:
    rng = np.random.default_rng(3)
    one, other = (stepping(rng, 20, 0.5, 0.0, 0.1) for _ in range(2))
    again = Series("again", one.months, one.values)
    assert distinct([one, again, other]) == [one, other]
    with_it, without = fit_process([one, again, other]), fit_process([one, other])
    assert with_it.spec["change"] == without.spec["change"]
    assert "1 series repeat" in " ".join(with_it.remarks)


def test_quantiles_of_a_random_walk_ahead_are_its_closed_form() -> None:
    spec = {"process": "random-walk", "first": 7.0, "volatility_per_year": 0.4}
    spec["drift_per_year"] = {"distribution": "normal", "mean": -0.2, "sd": 0.1}
    logs = np.log(simulate(spec, 4))
    assert (logs[:, 0] == 0).all()
    for quarter in (1, 4):
        years = quarter / 4
        sd = math.sqrt(0.4**2 * years + 0.1**2 * years**2)
        wanted = -0.2 * years + sd * ndtri(np.array([0.1, 0.5, 0.9]))
        assert np.quantile(logs[:, quarter], [0.1, 0.5, 0.9]) == pytest.approx(wanted, abs=0.006)


def test_the_same_seed_gives_the_same_bytes() -> None:
    spec = fit_process([stepping(np.random.default_rng(1), 20, 0.5, 0.0, 0.1)]).spec
    assert simulate(spec, 4, 100).tobytes() == simulate(spec, 4, 100).tobytes()
    assert simulate(spec, 4, 100).tobytes() != simulate(spec, 4, 100, seed=2).tobytes()


def test_month_ends_take_the_last_value_of_each_month() -> None:
    days = ("2024-01-30", "2024-02-10", "2024-01-05", "2024-02-09", "2024-01-31")
    observed = Observations(
        np.array([1.0, 2.0, 3.0, 4.0, 5.0]),
        tuple(map(date.fromisoformat, days)),
        ("a", "a", "a", "a", "b"),
        (2, 3, 4, 5, 6),
    )
    first, second = month_ends(observed)
    assert (first.name, first.values.tolist()) == ("a", [1.0, 2.0])
    assert first.months.tolist() == [month_of(date(2024, 1, 1)), month_of(date(2024, 2, 1))]
    assert second.values.tolist() == [5.0]


def test_changes_need_both_ends() -> None:
    gap = Series("a", START + np.array([0, 1, 2, 4, 5]), np.exp([0.0, 1.0, 2.0, 4.0, 5.0]))
    found = changes([gap], 3)
    assert found.size == pytest.approx([3.0, 3.0])
    assert (found.month - START).tolist() == [4, 5]


def test_clustered_errors_by_hand() -> None:
    values, clusters = np.array([1.0, 1.0, 0.0, 0.0, 0.0, 1.0]), np.array([0, 0, 1, 1, 2, 2])
    # Sums of residuals are 1, -1 and 0: the variance is 3 / 2 * 2 / 36.
    assert clustered_mean(values, clusters) == (0.5, pytest.approx(math.sqrt(3 / 36)))
    assert clustered_mean(values[:2], clusters[:2])[1] is None
    # Each value a cluster of its own: the usual standard error.
    alone = np.random.default_rng(0).normal(size=50)
    usual = alone.std(ddof=1) / math.sqrt(50)
    assert clustered_mean(alone, np.arange(50))[1] == pytest.approx(usual)


def test_what_cannot_be_a_process_is_refused() -> None:
    with pytest.raises(InputError, match="too few months"):
        fit_process([series(np.zeros(6))])
    with pytest.raises(InputError, match="above 0"):
        fit_process([Series("a", START + np.arange(9), np.linspace(-1, 1, 9))])
    every_half_year = Series("a", START + 5 * np.arange(9), np.ones(9))
    with pytest.raises(InputError, match="too few months"):
        fit_process([every_half_year])
