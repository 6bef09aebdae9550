"""Sites: power and what is leased or built of it, and liquid cooling."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from limit_checks import Raw, checked, exactly, never_more, numbers
from small import (
    HOURS,
    build,
    cost,
    decisions,
    lease,
    mid_quarter,
    owned,
    plan,
    platform,
    rent,
    site,
    solved,
    workload,
)

RATE = 0.1


def test_power_goes_to_what_puts_out_most_for_it() -> None:
    """Per kW the thrifty chip serves 1 / 1.5, the strong one 4 / 5 at twice the price each.

    100 kW at the meter, PUE 1.25: 80 kW of accelerators. Of the strong there are 10 (50 kW), which
    serve 40; the thrifty serve 30 / 1.5 = 20 of the rest; 40 of 100 are missing at 9 USD.
    """
    chips = {
        "strong": platform(peak_pflops=4.0, accelerator_kw=5.0),
        "thrifty": platform(accelerator_kw=1.5),
    }
    offers = {
        "strong": rent("strong", 8.0, supply_accelerators=10),
        "thrifty": rent("thrifty", 1.0),
    }
    demand = {"work": workload(100, shortfall_usd_per_unit_hour=9.0)}
    raw = plan(1, demand, chips, offers, sites={"hall": site(power_mw=0.1, pue=1.25)})
    assert cost(raw) == exactly((10 * 8 + 20 * 1 + 40 * 9) * HOURS)


def test_power_is_of_each_quarter_and_site() -> None:
    """10 and 4 kW in the hall, 3 in the mill: 13 and 7 of 20 are served; the rest misses at 5."""
    sites = {"hall": site(power_mw=[0.01, 0.004]), "mill": site(power_mw=0.003)}
    offers = {"rent": rent("chip", 1.0, sites=["hall", "mill"])}
    demand = {"work": workload(20, shortfall_usd_per_unit_hour=5.0)}
    raw = plan(2, demand, {"chip": platform()}, offers, sites=sites)
    assert cost(raw) == exactly((13 + 7 * 5 + 7 + 13 * 5) * HOURS)


def test_idle_accelerators_take_their_share_of_the_power() -> None:
    """10 of 1 kW that draw half without work: with 8 kW, x work and 10 stand, 5 + x / 2 <= 8.

    In quarter 1 all 10 work. In quarter 2 there is power for 6 of them, and 4 are missing: with
    fewer deployed, some would be missing in both, and sooner costs more.
    """
    chip = platform(idle_power_share=0.5)
    raw = plan(
        2, 10, {"chip": chip}, {"rent": rent("chip", 999.0, sites=["hall"])},
        sites={"hall": site(power_mw=[0.01, 0.008])}, existing={"own": owned("chip", 10, 4)},
        rate=RATE,
    )  # fmt: skip
    raw["workloads"]["work"] = workload(10, shortfall_usd_per_unit_hour=5.0)
    assert cost(raw) == exactly(4 * 5 * HOURS * mid_quarter(RATE, 1))
    assert decisions(raw)["allocate"].sum(axis=(0, 1, 2, 3)) == exactly([10, 6])


def leased(item: Raw, demand: list[float], **changes: Any) -> Raw:
    """A hall without power of its own, in which each that works draws 1.25 kW."""
    return plan(
        len(demand), {"work": workload(demand, shortfall_usd_per_unit_hour=9.0)},
        {"chip": platform()}, {"rent": rent("chip", 1.0)},
        sites={"hall": site(power_mw=0.0, pue=1.25)}, power={"line": item}, rate=RATE, **changes,
    )  # fmt: skip


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_a_lease_is_paid_by_what_it_holds_and_what_is_drawn(share: float) -> None:
    """10 kW for two quarters at 20 USD a month, of which 10 and 5 kW are drawn.

    cost = share x 3 x 20 x 10 (d[0] + d[1]) + (1 - share) x 3 x 20 (10 d[0] + 5 d[1]), and rent.
    """
    d0, d1 = (mid_quarter(RATE, t) for t in range(2))
    line = lease(20.0, 2, supply_mw=[1, 0], take_or_pay_share=share)
    fixed, drawn = share * 60 * 10 * (d0 + d1), (1 - share) * 60 * (10 * d0 + 5 * d1)
    assert cost(leased(line, [8, 4])) == exactly(fixed + drawn + HOURS * (8 * d0 + 4 * d1))


def test_no_more_is_leased_than_can_be_had() -> None:
    """5 kW can begin in each quarter, for two quarters: 5, 10, 10 kW, which serve 4, 8, 8 of 12."""
    d = [mid_quarter(RATE, t) for t in range(3)]
    raw = leased(lease(20.0, 2, supply_mw=0.005), [12, 12, 12])
    served = [4, 8, 8]
    work = sum(HOURS * (n + (12 - n) * 9) * d[t] for t, n in enumerate(served))
    assert cost(raw) == exactly(work + 60 * (5 * d[0] + 10 * d[1] + 10 * d[2]))
    assert solved(raw).measures.served_share[0] == exactly(20 / 36)


def test_built_power_lasts_for_its_life_from_its_lead_time_on() -> None:
    """Ordered in Q1, there from Q2 for two quarters: 10 kW for 8, at 300 USD a kW in Q2.

    In Q1 all 8 are missing at 9, in Q4 again unless more is built, which does not pay at 9,000.
    """
    d = [mid_quarter(RATE, t) for t in range(4)]
    line = build([300.0, 300.0, 9e5, 9e5], 2, lead_time_quarters=1)
    expected = HOURS * 8 * (9 * d[0] + d[1] + d[2] + 9 * d[3]) + 10 * 300 * d[1]
    assert cost(leased(line, [8, 8, 8, 8])) == exactly(expected)


def test_power_that_slips_comes_later() -> None:
    """Planned for Q1, there in Q2: 8 are missing in Q1. A lease is paid while it is there."""
    d = [mid_quarter(RATE, t) for t in range(2)]
    line = lease(20.0, 1, supply_mw=[0.01, 0], slip_quarters=0.5)
    expected = HOURS * 8 * (9 * d[0] + d[1]) + 60 * 10 * d[1]
    assert cost(leased(line, [8, 8])) == exactly(expected)


def cooled(mw: Any, **changes: Any) -> Raw:
    """A wet chip at 1 USD that needs cooling and a dry one at 3, both of 2 kW, PUE 1.5."""
    chips = {
        "wet": platform(liquid_cooled=True, accelerator_kw=2.0, **changes),
        "dry": platform(accelerator_kw=2.0),
    }
    offers = {"wet": rent("wet", 1.0), "dry": rent("dry", 3.0)}
    sites = {"hall": site(liquid_cooling_mw=mw, pue=1.5)}
    return plan(2, 50, chips, offers, sites=sites)


@pytest.mark.parametrize("idle", [None, 0.5])
def test_liquid_cooling_is_of_what_stands_without_the_overhead(idle: float | None) -> None:
    """40 kW cool 20 of 2 kW, then 60 kW cool 30; the other 30 and 20 are dry."""
    raw = cooled([0.04, 0.06], idle_power_share=idle)
    assert cost(raw) == exactly((20 + 30 * 3 + 30 + 20 * 3) * HOURS)


@checked
@given(level=numbers(0, 0.05), more=numbers(0, 0.05), price=numbers(1, 200), term=numbers(1, 3))
def test_more_power_and_cooling_never_cost_more(
    level: float, more: float, price: float, term: float
) -> None:
    def powered(own: float, supply: float) -> float:
        raw = leased(lease(price, int(term), supply_mw=supply), [9, 20, 14])
        raw["sites"]["hall"]["power_mw"] = own
        return cost(raw)

    never_more(powered(level + more, level), powered(level, level))
    never_more(powered(level, level + more), powered(level, level))
    never_more(cost(cooled(level + more)), cost(cooled(level)))
    # Where there is enough, nothing is leased and no limit is felt.
    assert powered(1.0, level) == exactly(powered(2.0, 0.001))
    assert cost(cooled(0.1)) == exactly(cost(cooled("unlimited")))


@checked
@given(price=numbers(1, 60), low=numbers(0, 1), high=numbers(0, 1))
def test_less_that_is_due_unused_never_costs_more(price: float, low: float, high: float) -> None:
    less, more = sorted((low, high))
    costs = [
        cost(leased(lease(price, 3, take_or_pay_share=share), [9, 2, 14])) for share in (less, more)
    ]
    never_more(costs[0], costs[1])
