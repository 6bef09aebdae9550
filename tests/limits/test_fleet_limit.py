"""What stands and what works: allocation, deployment, standing, existing fleet, cancellation."""

from __future__ import annotations

import pytest
from hypothesis import given
from limit_checks import Raw, checked, exactly, never_more, numbers
from small import (
    HOURS,
    buy,
    contracted,
    cost,
    decisions,
    mid_quarter,
    ordered,
    owned,
    plan,
    platform,
    rent,
    site,
    workload,
)

CHIP = {"chip": platform()}
RATE = 0.1
DEAR = {"rent": rent("chip", 50.0)}


def test_workloads_share_what_is_in_service() -> None:
    """10 for 8 whose lack costs 5 USD and 7 at 9: all of the 7 and 3 of the 8 are served."""
    works = {
        "low": workload(8, shortfall_usd_per_unit_hour=5.0),
        "high": workload(7, shortfall_usd_per_unit_hour=9.0),
    }
    chips = {"chip": platform(*works)}
    raw = plan(1, works, chips, {"rent": rent("chip", 1.0, supply_accelerators=10)})
    assert cost(raw) == exactly((10 + 5 * 5) * HOURS)
    assert decisions(raw)["allocate"][0, 0, 0, :, 0] == exactly([3, 7])


def test_what_is_bought_at_one_site_does_not_work_at_another() -> None:
    """6 can be powered in the hall and 4 in the mill, whatever is bought for each."""
    sites = {"hall": site(power_mw=0.006), "mill": site(power_mw=0.004)}
    offers = {"own": buy("chip", 1000, 4, sites=["hall", "mill"])}
    raw = plan(
        1, {"work": workload(20, shortfall_usd_per_unit_hour=5.0)}, CHIP, offers, sites=sites
    )
    assert cost(raw) == exactly(10 * 1000 + 10 * 5 * HOURS)
    assert decisions(raw).take[0, 0, :, 0] == exactly([6, 4])


def idle(share: float | None, demand: list[float], life: int) -> Raw:
    """Ten of one's own for some quarters, in a hall with 0.1 USD per kWh and 40 a kW and month."""
    hall = site(pue=1.5, energy_usd_per_kwh=0.1, hosting_usd_per_kw_month=40.0)
    chip = platform(accelerator_kw=2.0, idle_power_share=share)
    fleet = {"own": owned("chip", 10, life)}
    return plan(
        len(demand), demand, {"chip": chip}, DEAR, sites={"hall": hall, "cloud": site()},
        existing=fleet,
    )  # fmt: skip


def test_what_was_deployed_draws_idle_power_until_it_leaves() -> None:
    """Work in quarters 1 and 3 of 4, life of 3: energy of 1 + 0.3 + 1 quarters, hosting of 3.

    Each: 2 kW x 1.5 x 2190 h x 0.1 USD = 657 a quarter of energy, 2 kW x 3 x 40 = 240 of hosting.
    The fourth quarter is free: they have left service.
    """
    expected = 10 * (657 * 2.3 + 240 * 3)
    assert cost(idle(0.3, [10, 0, 10, 0], 3)) == exactly(expected)
    assert decisions(idle(0.3, [10, 0, 10, 0], 3))["deploy"][0, 0, 0] == exactly([10, 10, 10, 0])
    # Without an idle share they are switched off in between.
    assert cost(idle(None, [10, 0, 10, 0], 3)) == exactly(10 * 2 * (657 + 240))


def test_what_is_not_deployed_costs_nothing_and_is_deployed_when_needed() -> None:
    """Four in quarter 2 and seven from quarter 3 on, of ten that stand there."""
    raw = idle(0.5, [0, 4, 7, 7], 9)
    assert cost(raw) == exactly((4 + 7 + 7) * (657 + 240))
    assert decisions(raw)["deploy"][0, 0, 0] == exactly([0, 4, 7, 7])


def test_what_is_rented_leaves_after_its_quarter() -> None:
    """Nothing stays deployed that was rented for a quarter: 10, none, 10."""
    raw = idle(0.5, [10, 0, 10], 1)
    raw["existing"]["own"]["accelerators"] = 0
    raw["offers"]["rent"] = rent("chip", 2.0)
    assert cost(raw) == exactly(2 * 10 * (2 * HOURS + 657 + 240))


def test_existing_things_are_kept_and_paid() -> None:
    """5 owned at 400 a year of maintenance and 3 contracted at 2 USD, both for two quarters of 3.

    cost = 5 x 100 (d[0] + d[1]) + 3 x 2 x 2190 (d[0] + d[1]) + 8 x 50 x 2190 d[2]
    """
    fleet = {
        "own": owned("chip", 5, 2, maintenance_usd_per_year=400.0),
        "term": contracted("chip", 3, 2.0, 2),
    }
    raw = plan(3, 8, CHIP, DEAR, existing=fleet, rate=RATE)
    d = [mid_quarter(RATE, t) for t in range(3)]
    expected = (500 + 6 * HOURS) * (d[0] + d[1]) + 400 * HOURS * d[2]
    assert cost(raw) == exactly(expected)
    # Needed or not: they are there, and nothing is rented.
    idle_fleet = {**raw, "workloads": {"work": workload(0)}}
    assert cost(idle_fleet) == exactly((500 + 6 * HOURS) * (d[0] + d[1]))


@pytest.mark.parametrize("needed", [0.0, 4.0, 10.0])
def test_an_order_on_its_way_is_cancelled_for_its_fee(needed: float) -> None:
    """10 for 1,000 each due in Q2, a fifth paid; cancelled they cost 0.3 in all, 0.1 more.

    cost = d[1] (needed x 800 + (10 - needed) x 100)
    """
    order = ordered(
        "chip", 10, 1000, 4, delivery_in_quarters=1, paid_share=0.2, cancellation_share=0.3
    )
    raw = plan(2, [0, needed], CHIP, DEAR, existing={"order": order}, rate=RATE)
    assert cost(raw) == exactly(mid_quarter(RATE, 1) * (needed * 800 + (10 - needed) * 100))
    assert decisions(raw)["void"].sum() == exactly(10 - needed)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5])
def test_more_than_is_needed_of_a_minimum_order_is_cancelled(share: float) -> None:
    """10 at least, 4 needed: the other 6 cost their share, or all of their price without the right.

    A deposit of 30 % in Q1 stays paid; what it is above the share is refunded in Q2.
    """
    terms: Raw = {"minimum_order_accelerators": 10, "lead_time_quarters": 1}
    terms["payments"] = [{"share": 0.3, "quarters_before_delivery": 1}]
    own = buy("chip", 1000, 4, supply_accelerators=100, **terms)
    d = [mid_quarter(RATE, t) for t in range(2)]
    full = 300 * d[0] + 700 * d[1]
    raw = plan(2, [0, 4], CHIP, {"own": own, **DEAR}, rate=RATE, bet_gap=0.0)
    assert cost(raw) == exactly(10 * full)
    own["cancellation_share"] = share
    assert cost(raw) == exactly(4 * full + 6 * (300 * d[0] + (share - 0.3) * 1000 * d[1]))
    assert decisions(raw)["cancel"].sum() == exactly(6)


def test_what_is_cancelled_does_not_serve() -> None:
    """Free to cancel, and worth nothing then: cancelled and used would be free compute.

    Nor can more be cancelled than is ordered, to be paid for it and to rent instead.
    """
    own = buy("chip", 1000, 4, cancellation_share=0.0)
    assert cost(plan(1, 7, CHIP, {"own": own})) == exactly(7000)
    cheap = rent("chip", 0.1)
    assert cost(plan(1, 7, CHIP, {"own": own, "rent": cheap})) == exactly(7 * 219)


@checked
@given(count=numbers(0, 60), more=numbers(0, 30), demand=numbers(1, 60), share=numbers(0, 1))
def test_more_of_ones_own_never_costs_more(
    count: float, more: float, demand: float, share: float
) -> None:
    """Without maintenance; and idle power never pays."""

    def found(n: float, idle_share: float | None) -> float:
        raw = idle(idle_share, [demand, 0, demand / 2], 3)
        raw["existing"]["own"]["accelerators"] = n
        return cost(raw)

    never_more(found(count + more, None), found(count, None))
    never_more(found(count, None), found(count, share))
    never_more(found(count, share / 2), found(count, share))
    never_more(found(count + more, share), found(count, share))


@checked
@given(demand=numbers(0, 20), low=numbers(0, 1), high=numbers(0, 1))
def test_a_right_to_cancel_never_costs_more(demand: float, low: float, high: float) -> None:
    def found(share: float | None) -> float:
        changes: Raw = {} if share is None else {"cancellation_share": share}
        terms: Raw = {"minimum_order_accelerators": 10, "supply_accelerators": 100}
        offers = {"own": buy("chip", 1000, 4, **terms, **changes), "rent": rent("chip", 1.0)}
        return cost(plan(1, demand, CHIP, offers, bet_gap=0.0))

    cheap, dear = sorted((low, high))
    never_more(found(cheap), found(dear))
    never_more(found(dear), found(None))
    assert found(1.0) == exactly(found(None))
