"""Demand, campaigns and service targets: what is wanted, by when, and what its lack costs."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from limit_checks import Raw, checked, exactly, never_more, numbers
from small import (
    HOURS,
    campaign,
    cost,
    decisions,
    mid_quarter,
    plan,
    platform,
    rent,
    results,
    workload,
)

CHIP = {"chip": platform()}
RATE = 0.1


def test_demand_is_served_where_that_costs_less_than_its_lack() -> None:
    """cost = 2190 x sum over t of d[t] x demand[t] x min(rent[t], shortfall).

    5 at 2 USD, then 7 at 2.5 USD since 3 for rent is more.
    """
    demand = {"work": workload([5, 7], shortfall_usd_per_unit_hour=2.5)}
    raw = plan(2, demand, CHIP, {"rent": rent("chip", [2.0, 3.0])}, rate=RATE)
    assert cost(raw) == exactly(
        HOURS * (5 * 2 * mid_quarter(RATE, 0) + 7 * 2.5 * mid_quarter(RATE, 1))
    )


def slow_campaign(**changes: Any) -> Raw:
    """Thirty unit-quarters in the middle two of four quarters, ten a quarter to be had."""
    work = {**campaign(30, "2026Q3", from_quarter="2026Q2"), "shortfall_usd_per_unit_hour": 4.0}
    offers = {"rent": rent("chip", [1.0, 2.0, 3.0, 1.0], supply_accelerators=10)}
    return plan(4, {"work": {**work, **changes}}, CHIP, offers, rate=RATE)


def test_a_campaign_is_worked_on_in_its_window_only() -> None:
    """Ten in Q2 at 2, ten in Q3 at 3; ten are missing at 4, discounted from the last quarter.

    cost = 2190 x (10 x 2 d[1] + 10 x 3 d[2] + 10 x 4 d[2]); Q1 and Q4 at 1 are of no use.
    """
    d1, d2 = mid_quarter(RATE, 1), mid_quarter(RATE, 2)
    assert cost(slow_campaign()) == exactly(HOURS * (20 * d1 + 30 * d2 + 40 * d2))
    assert decisions(slow_campaign()).take[0, 0, 0] == exactly([0, 10, 10, 0])


def test_a_service_target_of_a_campaign_is_a_share_of_the_whole() -> None:
    """Of 30, 3 may be missing at 4; the other 7 of the 10 that are cost 9.

    cost = 2190 x (20 d[1] + 30 d[2] + (3 x 4 + 7 x 9) d[2])
    """
    target = {"share": 0.9, "shortfall_usd_per_unit_hour": 9.0}
    d1, d2 = mid_quarter(RATE, 1), mid_quarter(RATE, 2)
    found = cost(slow_campaign(service_target=target))
    assert found == exactly(HOURS * (20 * d1 + 30 * d2 + 75 * d2))


def test_floating_point_operations() -> None:
    """1 PFLOP/s for a quarter is 1e15 x 3600 x 2190 operations: 12 of them at 2 USD an hour."""
    work = campaign(1, "2026Q1")
    work["campaign"] = {"total_flop": 12 * 1e15 * 3600 * 2190, "until_quarter": "2026Q1"}
    assert cost(plan(1, {"work": work}, CHIP, {"rent": rent("chip", 2.0)})) == exactly(
        12 * 2 * HOURS
    )


def test_the_served_share_of_a_campaign_is_of_the_whole() -> None:
    (served,) = [item for item in results(slow_campaign()).served if item.share is not None]
    assert served.share.mean.value == exactly(20 / 30)


@pytest.mark.parametrize(("price", "missing"), [(3.0, 10.0), (7.0, 10.0), (1.5, 0.0), (9.0, 100.0)])
def test_a_service_target_is_met_at_a_price_between_the_two(price: float, missing: float) -> None:
    """2 USD for the first tenth that is missing, 8 for the rest: rent at 3 or 7 serves 90 of 100.

    cost = 2190 x ((100 - missing) x price + min(missing, 10) x 2 + max(missing - 10, 0) x 8)
    """
    target = {"share": 0.9, "shortfall_usd_per_unit_hour": 8.0}
    demand = {"work": workload(100, shortfall_usd_per_unit_hour=2.0, service_target=target)}
    raw = plan(1, demand, CHIP, {"rent": rent("chip", price)})
    lack = min(missing, 10) * 2 + max(missing - 10, 0) * 8
    assert cost(raw) == exactly(HOURS * ((100 - missing) * price + lack))
    assert decisions(raw)["shortfall"].sum() == exactly(missing)
    assert decisions(raw)["below_target"].sum() == exactly(max(missing - 10, 0))


@checked
@given(amount=numbers(5, 60), low=numbers(1, 5), high=numbers(1, 5), rate=numbers(0, 0.2))
def test_a_longer_window_never_costs_more(
    amount: float, low: float, high: float, rate: float
) -> None:
    """Begun earlier or due later. What is missing is then paid later, at most at the same price."""
    offers = {"rent": rent("chip", [high, low, high, low], supply_accelerators=12)}
    spans = [("2026Q2", "2026Q2"), ("2026Q2", "2026Q3"), ("2026Q1", "2026Q3"), ("2026Q1", "2026Q4")]
    costs = []
    for first, last in spans:
        work = {**campaign(amount, last, from_quarter=first), "shortfall_usd_per_unit_hour": 4.0}
        costs.append(cost(plan(4, {"work": work}, CHIP, offers, rate=rate)))
    for tight, loose in pairwise(costs):
        never_more(loose, tight)


@checked
@given(demand=numbers(1, 60), supply=numbers(1, 60), share=numbers(0.1, 0.9))
def test_a_higher_target_never_costs_less(demand: float, supply: float, share: float) -> None:
    def with_target(target: float | None) -> float:
        changes: Raw = {"shortfall_usd_per_unit_hour": 3.0}
        if target is not None:
            terms = {"share": target, "shortfall_usd_per_unit_hour": 9.0}
            changes["service_target"] = terms
        offers = {"rent": rent("chip", 2.0, supply_accelerators=supply)}
        return cost(plan(1, {"work": workload(demand, **changes)}, CHIP, offers))

    never_more(with_target(share), with_target(1.0))
    never_more(with_target(None), with_target(share))
    if demand <= supply:
        assert with_target(1.0) == exactly(with_target(None))


@checked
@given(amount=numbers(1, 40), supply=numbers(1, 10))
def test_a_campaign_of_one_quarter_is_a_rate(amount: float, supply: float) -> None:
    offers = {"rent": rent("chip", 2.0, supply_accelerators=supply)}
    once = cost(plan(1, {"work": campaign(amount, "2026Q1")}, CHIP, offers, rate=RATE))
    assert once == exactly(cost(plan(1, amount, CHIP, offers, rate=RATE)))
