"""Scaling: what large jobs lose, over platforms, sites and quarters, and the stated error."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from limit_checks import Raw, checked, exactly, never_more, numbers
from small import HOURS, campaign, cost, decisions, plan, platform, rent, site, workload

from planner.config.demands import Scaling
from planner.model.service import scaling_error

ROOT = 2**0.5


def scaling(**changes: Any) -> Raw:
    """Two jobs of 10 to 40 accelerators that yield by the square root beyond 10: 0, 10, 20, 40."""
    terms: Raw = {
        "jobs": 2,
        "reference_accelerators": 10,
        "exponent": 0.5,
        "largest_accelerators": 40,
        "segments": 2,
    }
    return {**terms, **changes}


def jobs(demand: float, *, price: float = 1000.0, **changes: Any) -> Raw:
    work = workload(demand, shortfall_usd_per_unit_hour=price, scaling=scaling(**changes))
    return plan(1, {"work": work}, {"chip": platform()}, {"rent": rent("chip", 1.0)})


def size(output: float) -> float:
    """Accelerators of one job by hand: chords through (10, 10), (20, 10 root 2) and (40, 20)."""
    if output <= 10:
        return output
    if output <= 10 * ROOT:
        return 10 + (output - 10) / (ROOT - 1)
    return 20 + (output - 10 * ROOT) / ((20 - 10 * ROOT) / 20)


@pytest.mark.parametrize("output", [4.0, 10.0, 12.0, 10 * ROOT, 17.0, 20.0])
def test_jobs_grow_along_the_chords(output: float) -> None:
    """Two jobs of the same size: cost = 2 x size(output) x 2190."""
    assert cost(jobs(2 * output)) == exactly(2 * size(output) * HOURS)


def test_beyond_the_largest_size_more_adds_nothing() -> None:
    """At most 2 x 20; the other 10 are missing at 5 USD each. 80 accelerators do it."""
    raw = jobs(50, price=5.0)
    assert cost(raw) == exactly((80 + 10 * 5) * HOURS)
    assert decisions(raw)["allocate"].sum() == exactly(80)


def test_a_segment_is_filled_only_while_it_pays() -> None:
    """The last yields 0.293 per accelerator: 3.41 USD a unit, and missing costs 3."""
    raw = jobs(40, price=3.0)
    assert cost(raw) == exactly((40 + 3 * (40 - 20 * ROOT)) * HOURS)


def test_a_job_spans_sites() -> None:
    """Two halls of 20 accelerators each: the loss is that of the jobs, wherever they stand."""
    raw = jobs(24)
    raw["sites"] = {"hall": site(power_mw=0.02), "mill": site(power_mw=0.02)}
    raw["offers"]["rent"]["sites"] = ["hall", "mill"]
    assert cost(raw) == exactly(2 * size(12) * HOURS)


def twins(raw: Raw) -> Raw:
    """Return the scenario with its platform under two names."""
    chip, offer = raw["platforms"]["chip"], raw["offers"]["rent"]
    raw["platforms"] = {"chip": chip, "twin": chip}
    raw["offers"] = {"rent": offer, "twin": {**offer, "platform": "twin"}}
    return raw


@checked
@given(demand=numbers(1, 50), count=st.integers(1, 3), segments=st.integers(1, 4))
def test_platforms_share_the_jobs(demand: float, count: int, segments: int) -> None:
    """A platform under two names is still one: each has some of the jobs, not all of them."""
    once = cost(jobs(demand, price=9.0, jobs=count, segments=segments))
    assert cost(twins(jobs(demand, price=9.0, jobs=count, segments=segments))) == exactly(once)


def test_one_job_on_each_of_two_platforms() -> None:
    """Ten of the better chip and no more: they carry one of the two jobs, the other has size 10.

    Output 2 x 10 on the first, 10 on the second: 30 in all, without loss.
    """
    raw = jobs(30)
    raw["platforms"]["best"] = platform(peak_pflops=2.0)
    raw["offers"]["best"] = rent("best", 1.0, supply_accelerators=10)
    assert cost(raw) == exactly(20 * HOURS)
    # With one job in all, the plain chip could add nothing without taking from the better.
    raw["workloads"]["work"]["scaling"]["jobs"] = 1
    assert cost(raw) > 20 * HOURS + 1


def test_a_campaign_spreads_its_jobs_over_the_quarters() -> None:
    """Forty in two quarters by two jobs: 10 each in either, without loss. In one quarter: 80."""
    for quarters, accelerators in ((2, 40), (1, 80)):
        work = {**campaign(40, f"2026Q{quarters}"), "scaling": scaling()}
        raw = plan(2, {"work": work}, {"chip": platform()}, {"rent": rent("chip", 1.0)})
        assert cost(raw) == exactly(accelerators * HOURS)


def test_a_porting_that_waits_leaves_its_jobs_to_the_others() -> None:
    """In the first quarter the second platform is not ready: all jobs are the first's."""
    raw = twins(jobs(24))
    raw["quarters"] = 2
    raw["platforms"]["twin"] = {
        **raw["platforms"]["twin"],
        "porting": {"work": {"cost_usd": 1.0, "delay_quarters": 1}},
    }
    raw["offers"]["rent"]["supply_accelerators"] = [1000, 0]
    assert cost(raw) == exactly(2 * 2 * size(12) * HOURS + 1)


@checked
@given(
    demand=numbers(1, 60), exponent=numbers(0, 1), more=numbers(0, 1), segments=st.integers(1, 4)
)
def test_loss_by_size_never_pays(
    demand: float, exponent: float, more: float, segments: int
) -> None:
    """A higher exponent, more jobs and finer pieces never cost more; no scaling costs least."""
    low, high = sorted((exponent, more))
    lossy = cost(jobs(demand, price=9.0, exponent=low, segments=segments))
    never_more(cost(jobs(demand, price=9.0, exponent=high, segments=segments)), lossy)
    never_more(cost(jobs(demand, price=9.0, exponent=low, segments=segments, jobs=3)), lossy)
    # Twice the pieces have all the edges of the fewer.
    never_more(cost(jobs(demand, price=9.0, exponent=low, segments=2 * segments)), lossy)
    never_more(cost(plan(1, demand, {"chip": platform()}, {"rent": rent("chip", 1.0)})), lossy)


def exact_output(accelerators: Any, exponent: float) -> Any:
    """One job's output by the power law of the reference, without any chord."""
    return np.where(
        accelerators <= 10, accelerators, 10 * (np.maximum(accelerators, 1e-9) / 10) ** exponent
    )


@checked
@given(output=numbers(10, 19), exponent=numbers(0.05, 0.95), segments=st.integers(1, 6))
def test_the_stated_error_bounds_what_is_understated(
    output: float, exponent: float, segments: int
) -> None:
    """The size that is bought puts out at least what is wanted, and at most a little more.

    want <= exact(size) and want >= exact(size) x (1 - error), for the size in the optimum.
    """
    largest = 10 * (19 / 10) ** (1 / exponent) if exponent > 0.4 else 160.0
    most = exact_output(largest, exponent)
    want = min(output, float(most))
    raw = jobs(want, jobs=1, exponent=exponent, segments=segments, largest_accelerators=largest)
    error = scaling_error(Scaling(**raw["workloads"]["work"]["scaling"]), exponent)
    bought = cost(raw) / HOURS
    assert 0 <= error < 1
    assert exact_output(bought, exponent) >= want * (1 - 1e-9)
    assert exact_output(bought, exponent) * (1 - error) <= want * (1 + 1e-9)


@pytest.mark.parametrize("exponent", [0.2, 0.5, 0.9])
def test_the_stated_error_is_reached(exponent: float) -> None:
    """One chord from 10 to 40: the largest share by which it lies below, on a fine grid."""
    sizes = np.linspace(10, 40, 300_001)
    exact = exact_output(sizes, exponent)
    chord = 10 + (sizes - 10) * (exact[-1] - 10) / 30
    stated = scaling_error(Scaling(**scaling(segments=1)), exponent)
    assert stated == pytest.approx((1 - chord / exact).max(), rel=1e-8)


@pytest.mark.parametrize("exponent", [0.0, 1.0])
def test_straight_curves_have_no_error(exponent: float) -> None:
    assert scaling_error(Scaling(**scaling()), exponent) == 0
