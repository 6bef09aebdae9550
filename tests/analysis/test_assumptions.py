"""Every figure of the scenario is told, with the spread of the belief and its sources."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from small import middling, plan, platform, rent, scenario, uniform, workload

from planner.analysis.assumptions import assumptions
from planner.uncertainty.inputs import uncertain_inputs


def told(raw: dict[str, Any]) -> dict[str, Any]:
    return {item.path: item for item in assumptions(scenario(raw))}


def test_beliefs_known_numbers_and_sources() -> None:
    times = {"distribution": "lognormal", "p10": 0.8, "p90": 1.25, "source": "a survey"}
    raw = plan(
        2,
        {"work": workload({"by_quarter": [10, 20], "times": uniform(1, 2), "source": "the plan"})},
        {"chip": platform(peak_pflops={"value": 2.0, "source": "the sheet", "times": times})},
        {"rent": rent("chip", {"first": uniform(2, 4), "change_per_year": -0.1})},
    )
    found = told(raw)
    peak = found["platforms.chip.peak_pflops"]
    assert (peak.p10, peak.p50, peak.p90) == pytest.approx((1.6, 2.0, 2.5))
    assert peak.uncertain
    assert peak.source == "the sheet; a survey"
    demand = found["workloads.work.demand"]
    assert (demand.p10, demand.p50, demand.p90) == pytest.approx((22, 30, 38))
    assert demand.source == "the plan"
    price = found["offers.rent.price_usd_per_hour"]
    assert (price.p10, price.p50, price.p90) == pytest.approx((2.2, 3, 3.8))
    known = found["workloads.work.shortfall_usd_per_unit_hour"]
    assert (known.uncertain, known.p10, known.p50, known.p90) == (False, 1000, 1000, 1000)


def test_every_uncertain_input_is_among_them_and_told_as_uncertain() -> None:
    found = told(middling())
    for item in uncertain_inputs(scenario(middling())):
        path = item.name
        for end in (".times", ".first", ".change_per_year"):
            path = path.removesuffix(end)
        assert found[path].uncertain, item.name
        assert found[path].p10 < found[path].p90 or item.name.endswith("change_per_year")


def test_every_number_of_the_config_is_told_once() -> None:
    listed = [item.path for item in assumptions(scenario(middling()))]
    assert len(listed) == len(set(listed))
    for name, body in middling()["offers"].items():
        for key in body:
            wanted = key not in ("mode", "platform", "sites")
            assert (f"offers.{name}.{key}" in listed) == wanted
    assert np.isfinite([item.p50 for item in assumptions(scenario(middling()))]).all()


def price_of(price: Any, quarters: int = 6) -> Any:
    raw = plan(quarters, 10, {"chip": platform()}, {"rent": rent("chip", price)})
    return told(raw)["offers.rent.price_usd_per_hour"]


def test_a_walk_and_a_pulled_price_are_told_as_the_lognormals_of_the_last_quarter() -> None:
    walk = {"process": "random-walk", "first": 2.0, "volatility_per_year": 0.4}
    levels = [0.1, 0.5, 0.9]
    found = price_of({**walk, "drift_per_year": 0.2, "source": "a broker"})
    expected = stats.lognorm(0.4 * np.sqrt(1.25), scale=2 * np.exp(0.25)).ppf(levels)
    assert (found.p10, found.p50, found.p90) == pytest.approx(expected, rel=1e-12)
    assert (found.uncertain, found.source, found.is_assumption) == (True, "a broker", False)
    assert found.description == "random walk from 2; drift per year 0.2; volatility per year 0.4"
    # A price with a source, such as the catalogue's, is as known as a number.
    sourced = price_of({**walk, "first": {"value": 2.0, "source": "a list"}, "drift_per_year": 0.2})
    assert (sourced.p10, sourced.p90, sourced.source) == (found.p10, found.p90, "a list")
    pulled = {**walk, "process": "mean-reverting", "level": 1.0, "half_life_quarters": 5}
    found = price_of(pulled)
    sd = np.sqrt(0.4**2 * 5 / (8 * np.log(2)) * 0.75)
    expected = stats.lognorm(sd, scale=np.sqrt(2)).ppf(levels)
    assert (found.p10, found.p50, found.p90) == pytest.approx(expected, rel=1e-12)


def test_with_an_uncertain_start_a_walk_is_told_by_its_draws() -> None:
    """Lognormal all the same: the variances of the logarithms add up."""
    first = {"distribution": "lognormal", "p10": 1.0, "p90": 4.0, "source": "a survey"}
    found = price_of({"process": "random-walk", "first": first, "volatility_per_year": 0.4})
    own = np.log(4) / (2 * stats.norm.ppf(0.9))
    sd = np.hypot(own, 0.4 * np.sqrt(1.25))
    expected = stats.norm(np.log(2), sd).ppf([0.1, 0.5, 0.9])
    # Four standard errors of these percentiles of 65,536 draws.
    error = 4 * sd * np.sqrt(0.09 / 2**16) / stats.norm.pdf(stats.norm.ppf(0.1))
    assert np.log([found.p10, found.p50, found.p90]) == pytest.approx(expected, abs=error)
    assert found.source == "a survey"


def test_steps_are_told_by_values_that_they_have() -> None:
    steps = {"process": "steps", "first": 2.0, "probability_per_quarter": 0.3, "change": -0.1}
    found = price_of(steps)
    falls = stats.binom(5, 0.3).ppf([0.9, 0.5, 0.1])
    assert (found.p10, found.p50, found.p90) == pytest.approx(2 * 0.9**falls)
    assert found.description == "2, which changes in a quarter with probability 30 %, by -0.1"
    still = price_of({**steps, "probability_per_quarter": 0})
    assert (still.uncertain, still.p10, still.p50, still.p90) == (False, 2, 2, 2)
    change = {**uniform(-0.2, 0.1), "source": "price lists of three vendors"}
    assert price_of({**steps, "change": change}).source == "price lists of three vendors"


def test_a_learning_curve_is_told_in_the_last_quarter() -> None:
    price = {
        "process": "learning-curve",
        "first": 8.0,
        "learning_rate": uniform(0.1, 0.3),
        "volume_before": 10,
        "volume_by_quarter": [10, 0, 20, 0, 0, 5],
    }
    found = price_of(price)
    assert (found.p10, found.p50, found.p90) == pytest.approx(
        [8 * (1 - rate) ** 2 for rate in (0.28, 0.2, 0.12)], rel=3e-3
    )
    assert found.description.endswith("of 10 made before the plan; 35 are made in it")


def test_a_trend_with_error_says_so() -> None:
    found = price_of({"first": 2.0, "change_per_year": -0.1, "error_sd": 0.15})
    assert found.uncertain
    assert (found.p10, found.p90) == (2, 2)
    assert found.description.endswith("error of standard deviation 0.15 by quarter")
