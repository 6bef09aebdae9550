"""Yes or no, limits, shares and jobs, on plans so small that their optimum is known by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small import (
    HOURS,
    buy,
    campaign,
    cost,
    decisions,
    mid_quarter,
    option,
    plan,
    platform,
    programme,
    rent,
    reserve,
    results,
    site,
    solved,
    workload,
)

CHIP = {"chip": platform()}


def exactly(expected: Any) -> Any:
    return pytest.approx(expected, rel=1e-9, abs=1e-6)


def tiers(*edges_and_times: tuple[float, float]) -> list[dict[str, float]]:
    return [{"above_accelerators": edge, "price_times": times} for edge, times in edges_and_times]


@pytest.mark.parametrize("relaxed", [False, True])
@pytest.mark.parametrize(
    ("steps", "units"),
    [
        # 100 are wanted; the first tier is at the plain price.
        (((40, 1.5),), 40 + 60 * 1.5),
        (((40, 0.5),), 40 + 60 * 0.5),
        (((40, 0.9), (70, 0.8)), 40 + 30 * 0.9 + 30 * 0.8),
        # Nobody skips to the last tier: it is cheaper than the first, though not than the second.
        (((50, 0.8), (60, 0.9)), 50 + 10 * 0.8 + 40 * 0.9),
        # Nor fills the dear third tier alone, because a cheaper one follows.
        (((20, 0.9), (50, 1.2), (90, 0.8)), 20 + 30 * 0.9 + 40 * 1.2 + 10 * 0.8),
    ],
)
def test_an_order_fills_its_tiers_from_the_first_on(
    steps: Any, units: float, relaxed: bool
) -> None:
    offer = buy("chip", 1000, 8, volume_prices=tiers(*steps), supply_accelerators=200)
    raw = plan(1, 100, CHIP, {"own": offer}, bet_gap=0.0)
    if relaxed:
        # A share of a yes or no: a lower bound, and never above.
        assert cost({**raw, "bets": "relaxed"}) <= units * 1000 * (1 + 1e-9)
    else:
        assert cost(raw) == exactly(units * 1000)


@pytest.mark.parametrize(("demand", "bought"), [(30, 30), (20, 25), (3, 0)])
def test_a_minimum_order_is_met_or_nothing_is_ordered(demand: float, bought: float) -> None:
    """25 at 1,000 or rent for 3,000: below 25 / 3 it is cheaper to rent."""
    offers = {
        "own": buy("chip", 1000, 1, minimum_order_accelerators=25, supply_accelerators=40),
        "rent": rent("chip", 3000 / HOURS),
    }
    raw = plan(1, demand, CHIP, offers, bet_gap=0.0)
    assert decisions(raw)["start"][0, 0, 0, 0] == exactly(bought)
    assert cost(raw) == exactly(bought * 1000 + max(demand - bought, 0) * 3000)


@pytest.mark.parametrize("cancellation", [None, 0.001])
def test_servers_come_whole(cancellation: float | None) -> None:
    """20 of 8 each: 3 servers, or 2 and 4 rented for the price of 5; no part is cancelled."""
    offers = {
        "servers": buy("chip", 1000, 1, whole_units_of=8, supply_accelerators=100,
                       cancellation_share=cancellation),
        "rent": rent("chip", 1250 / HOURS),
    }  # fmt: skip
    raw = plan(1, 20, CHIP, offers, bet_gap=0.0)
    assert cost(raw) == exactly(16_000 + 4 * 1250)
    assert decisions(raw)["lots"][0, 0, 0, 0] == exactly(2)


def test_an_option_is_worth_its_fee_or_is_left() -> None:
    """100 for 700 instead of 1,000 save 30,000."""
    for fee, taken in ((29_000, 1), (31_000, 0)):
        offers = {
            "right": option("chip", 700, 1, fee_usd=fee, up_to_accelerators=100),
            "own": buy("chip", 1000, 1),
        }
        raw = plan(1, 120, CHIP, offers, bet_gap=0.0)
        assert cost(raw) == exactly(120_000 - taken * (30_000 - fee))
        assert decisions(raw).bets[0, 0] == exactly(taken)


def test_half_an_option_can_be_had_where_it_is_divisible() -> None:
    offers = {
        "right": option("chip", 700, 1, fee_usd=20_000, up_to_accelerators=100, divisible=True),
        "own": buy("chip", 1000, 1),
    }
    raw = plan(1, 50, CHIP, offers)
    assert cost(raw) == exactly(50 * 700 + 10_000)


@pytest.mark.parametrize("works", [0.0, 1.0])
def test_a_programme_is_funded_if_it_works_and_costs_supply(works: float) -> None:
    """Its 60 at 100 save 54,000 of 1,000 each; 20,000 of development, and half of A's 80 is lost.

    Then 40 are A's and 60 its own; else 80 are A's and 20 are rented for 5,000.
    """
    platforms = {"a": platform(vendor="A"), "own": platform(vendor="self")}
    ours = programme("own", 100, 1, nre_usd_per_quarter=20_000, ramp_accelerators=[60],
                     success={"probability": works})  # fmt: skip
    offers = {
        "a": buy("a", 1000, 1, supply_accelerators=80),
        "rent": rent("a", 5000 / HOURS),
        "ours": ours,
    }
    cut = {"vendor": "A", "programme": "ours", "cut_share": 0.5}
    raw = plan(1, 100, platforms, offers, bargaining={"allocation_cuts": {"cut": cut}}, bet_gap=0.0)
    funded = 40 * 1000 + 60 * 100 + 20_000
    assert cost(raw) == exactly(funded if works else 80 * 1000 + 20 * 5000)


@pytest.mark.parametrize(("share", "falls"), [(0.5, True), (0.9, False)])
def test_a_price_falls_where_enough_is_ordered_of_others(share: float, falls: bool) -> None:
    """A at 1,000 falls by 40 %; B at 1,200 serves as well.

    Half of B: 50 x 1,200 + 50 x 600 = 90,000 < 100,000. Nine tenths: 114,000.
    """
    platforms = {name: platform(vendor=name.upper()) for name in ("a", "b")}
    offers = {
        "a": buy("a", 1000, 1, supply_accelerators=200),
        "b": buy("b", 1200, 1, supply_accelerators=200),
    }
    fall = {"vendor": "A", "others": ["b"], "passes_share": share, "discount_share": 0.4}
    raw = plan(1, 100, platforms, offers, bargaining={"price_falls": {"fall": fall}}, bet_gap=0.0)
    assert cost(raw) == exactly(90_000 if falls else 100_000)
    assert decisions(raw)["fall"][0, 0] == exactly(float(falls))


def test_an_order_that_is_cancelled_is_of_no_use() -> None:
    """It meets no share and earns no discount, though it costs a thousandth to cancel it."""
    platforms = {name: platform(vendor=name.upper()) for name in ("a", "b")}
    offers = {
        "a": buy("a", 1000, 1, supply_accelerators=200),
        "b": buy("b", 5000, 1, supply_accelerators=200, cancellation_share=0.001),
    }
    shares = {"smallest_vendor_share": {"B": 0.4}}
    assert cost(plan(1, 100, platforms, offers, limits=shares)) == exactly(60_000 + 200_000)
    fall = {"vendor": "A", "others": ["b"], "passes_share": 0.4, "discount_share": 0.4}
    raw = plan(1, 100, platforms, offers, bargaining={"price_falls": {"fall": fall}}, bet_gap=0.0)
    assert cost(raw) == exactly(100_000)


def test_a_discount_is_of_the_lowest_price() -> None:
    """50 of A: 40 at 1,000 and 10 at 500, all 40 % of 500 cheaper; with 50 of B at 500."""
    platforms = {name: platform(vendor=name.upper()) for name in ("a", "b")}
    offers = {
        "a": buy("a", 1000, 1, supply_accelerators=200, volume_prices=tiers((40, 0.5))),
        "b": buy("b", 500, 1, supply_accelerators=50),
    }
    fall = {"vendor": "A", "others": ["b"], "passes_share": 0.5, "discount_share": 0.4}
    raw = plan(1, 100, platforms, offers, bargaining={"price_falls": {"fall": fall}}, bet_gap=0.0)
    assert cost(raw) == exactly(40_000 + 5000 - 50 * 200 + 25_000)


def test_an_order_that_does_not_come_is_of_no_use() -> None:
    """B's deliveries slip past the plan, where they would be worth what they cost."""
    platforms = {name: platform(vendor=name.upper()) for name in ("a", "b")}
    late = buy("b", 1000, 1, residual_share=1.0, slip_quarters=1.0)
    offers = {"a": buy("a", 1000, 1), "b": late, "rent": rent("a", 1500 / HOURS)}
    limits = {"smallest_vendor_share": {"B": 0.4}}
    assert cost(plan(1, 100, platforms, offers, limits=limits)) == exactly(150_000)


def test_a_smallest_share_is_of_what_is_ordered() -> None:
    """B costs twice as much: 30 of 100 are ordered of it, unless all is rented for 1,200."""
    platforms = {name: platform(vendor=name.upper()) for name in ("a", "b")}
    offers = {
        "a": buy("a", 1000, 1),
        "b": buy("b", 2000, 1),
        "rent": rent("a", 1350 / HOURS),
    }
    limits = {"smallest_vendor_share": {"B": 0.3}}
    assert cost(plan(1, 100, platforms, offers, limits=limits)) == exactly(130_000)
    limits = {"smallest_vendor_share": {"B": 0.4}}
    assert cost(plan(1, 100, platforms, offers, limits=limits)) == exactly(135_000)


def test_a_pool_is_shared_by_what_is_newly_made() -> None:
    """8,000 GB make 100 of 80; what is reserved takes none, at 1,500."""
    offers = {"own": buy("chip", 1000, 1), "term": reserve("chip", 1500 / HOURS, 1)}
    pool = {"unit": "GB", "supply": 8000, "use_per_accelerator": {"chip": 80}}
    raw = plan(1, 130, CHIP, offers, pools={"memory": pool})
    assert cost(raw) == exactly(100 * 1000 + 30 * 1500)


def test_growth_is_a_number_and_a_share_of_the_fleet() -> None:
    """20, then 20 + 0.5 x 20 = 30 more, then 20 + 0.5 x 50 = 45 more."""
    growth = {"accelerators_per_quarter": 20, "share_of_fleet": 0.5}
    offers = {"own": buy("chip", 1, 8)}
    found = solved(plan(3, 1000, CHIP, offers, limits={"growth": growth}))
    assert found.measures.accelerators[0, 0] == exactly([20, 50, 95])


def test_what_is_over_a_budget_costs_a_fifth_more() -> None:
    """100 at 1,000 with 60,000 of capex, and 20 kept up for 100 a quarter with 1,000 of opex."""
    budgets = {
        "capex_usd_by_year": [60_000.0],
        "opex_usd_by_year": [1000.0],
        "overrun_usd_per_usd": 0.2,
    }
    offers = {"own": buy("chip", 1000, 4, maintenance_usd_per_year=400)}
    found = results(plan(2, 100, CHIP, offers, limits={"budgets": budgets}))
    over = (100_000 - 60_000) + (2 * 100 * 100 - 1000)
    parts = {part.name: part.cost_usd.mean.value for part in found.cost_parts}
    assert parts["budget overrun"] == exactly(0.2 * over)
    assert found.cost_usd.mean.value == exactly(100_000 + 20_000 + 0.2 * over)


def test_a_campaign_is_worked_off_when_it_is_cheapest() -> None:
    """70 unit-quarters: 40 each in the second and third quarter, the third being cheaper."""
    works = {"work": campaign(70, "2026Q3", from_quarter="2026Q2")}
    offers = {"rent": rent("chip", [1, 3, 2, 1], supply_accelerators=40)}
    raw = plan(4, works, CHIP, offers, rate=0.1)
    expected = 30 * 3 * mid_quarter(0.1, 1) + 40 * 2 * mid_quarter(0.1, 2)
    assert cost(raw) == exactly(expected * HOURS)
    assert results(raw).served[0].share.mean.value == exactly(1)


def test_floating_point_operations_are_unit_quarters() -> None:
    """2190 x 3600 x 10^15 x 50 are 50 PFLOP/s for a quarter."""
    works = {"work": campaign(1, "2026Q1")}
    works["work"]["campaign"] = {"total_flop": 2190 * 3600 * 1e15 * 50, "until_quarter": "2026Q1"}
    assert cost(plan(1, works, CHIP, {"rent": rent("chip", 2)})) == exactly(50 * 2 * HOURS)


@pytest.mark.parametrize(("price", "served"), [(5, 0), (15, 80), (25, 100)])
def test_a_service_target_costs_more_below_it(price: float, served: float) -> None:
    """Rent at 12: a unit short costs `price`; below 80 of 100 it costs 10 more."""
    target = {"share": 0.8, "shortfall_usd_per_unit_hour": price + 10}
    work = workload(100, shortfall_usd_per_unit_hour=price, service_target=target)
    offers = {"rent": rent("chip", 20 if price == 15 else 16)}
    found = results(plan(1, {"work": work}, CHIP, offers))
    assert found.served[0].share.mean.value == exactly(served / 100)
    target_met = found.served[0].target_met
    assert target_met is not None
    assert target_met.value == (served >= 80)


def test_large_jobs_lose_and_platforms_share_them() -> None:
    """4 jobs: each puts out 4 with 4, and 8 with 16 (the chord adds a third for each beyond).

    20 are wanted: 16 in the first parts, and 4 more take 12: 28 in all. With a twin of the platform
    there are still 4 jobs, and not 8 that would need 20.
    """
    scaling = {
        "jobs": 4,
        "reference_accelerators": 4,
        "exponent": 0.5,
        "largest_accelerators": 16,
        "segments": 1,
    }
    work = {"work": workload(20, scaling=scaling)}
    assert cost(plan(1, work, CHIP, {"rent": rent("chip", 1)})) == exactly(28 * HOURS)
    platforms = {**CHIP, "twin": platform()}
    offers = {"rent": rent("chip", 1), "twin": rent("twin", 1)}
    assert cost(plan(1, work, platforms, offers)) == exactly(28 * HOURS)


@pytest.mark.parametrize("idle", [None, 0.25])
def test_what_was_deployed_stays_powered(idle: float | None) -> None:
    """40 are bought for two quarters; in the second only 10 have work.

    At work each costs 1 kW x 2190 h x 0.1 = 219 and 3 x 50 of hosting; idle a quarter of the energy
    and all of the hosting, or nothing where it is switched off.
    """
    hall = {"hall": site(energy_usd_per_kwh=0.1, hosting_usd_per_kw_month=50)}
    chip = {"chip": platform(idle_power_share=idle)}
    raw = plan(2, [40, 10], chip, {"own": buy("chip", 1000, 2)}, sites=hall)
    idling = 0 if idle is None else 30 * (0.25 * 219 + 150)
    assert cost(raw) == exactly(40_000 + 50 * (219 + 150) + idling)


def test_liquid_cooling_limits_what_is_deployed() -> None:
    """75 kW cool 50 of 1.5 kW, whatever the PUE; the rest is in air at 2 USD."""
    platforms = {
        "wet": platform(accelerator_kw=1.5, liquid_cooled=True),
        "dry": platform(accelerator_kw=1.5),
    }
    hall = {"hall": site(liquid_cooling_mw=0.075, pue=1.4)}
    offers = {"wet": rent("wet", 1), "dry": rent("dry", 2)}
    raw = plan(1, 80, platforms, offers, sites=hall)
    assert cost(raw) == exactly((50 * 1 + 30 * 2) * HOURS)


def test_memory_bound_work_goes_by_bandwidth() -> None:
    """3.2 TB/s, half of it used, 0.8 GB a token, 90 % of the hours: 1,800 tokens/s."""
    chip = platform(availability=0.9, utilisation={}, memory_bandwidth_tbps=3.2,
                    bandwidth_utilisation={"work": 0.5})  # fmt: skip
    work = workload(18_000, unit="tokens/s", memory_traffic_gb_per_unit=0.8)
    found = results(plan(1, {"work": work}, {"chip": chip}, {"rent": rent("chip", 1)}))
    assert found.mix[0].accelerators.mean.value == exactly(10)
    assert found.usd_per_unit_hour is not None
    assert found.usd_per_unit_hour.mean.value == exactly(1 / 1800)


def test_workloads_of_several_units_have_no_common_price() -> None:
    works = {"work": workload(10), "talk": workload(30, unit="tokens/s")}
    chip = platform(yield_per_accelerator={"talk": 3})
    found = results(plan(1, works, {"chip": chip}, {"rent": rent("chip", 1)}))
    assert found.usd_per_unit_hour is None
    assert found.units == {"work": "effective PFLOP/s", "talk": "tokens/s"}
    served = {unit: spread.mean.value for unit, spread in found.mix[0].served.items()}
    assert served == {"effective PFLOP/s": exactly(10), "tokens/s": exactly(30)}
    assert np.isclose(found.mix[0].accelerators.mean.value, 20)
