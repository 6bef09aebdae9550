"""Cases small enough to solve by hand; each formula stands beside its test.

Conventions (docs/model.md): a quarter has 2,190 hours and 3 months; a payment in quarter t is
discounted by d[t] = (1 + r) ** -((t + 0.5) / 4), a value at the horizon by (1 + r) ** -(T / 4).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small import (
    HOURS,
    buy,
    cost,
    decisions,
    discounts,
    mid_quarter,
    plan,
    platform,
    rent,
    reserve,
    results,
    site,
    solved,
    workload,
)

from planner.analysis.results import LimitValue, Results
from planner.config.demands import PFLOPS

EXACT = 1e-12


def exactly(expected: Any) -> Any:
    return pytest.approx(expected, rel=EXACT, abs=1e-9)


@pytest.mark.parametrize("rate", [0.0, 0.1])
def test_one_platform_one_quarter(rate: float) -> None:
    """cost = demand / yield x price x 2190 x d[0]; yield = peak x realised x use x availability.

    What serves one PFLOP/s for an hour costs price / yield, whatever the discount.
    """
    chip = platform(
        peak_pflops=0.989, realised_share=0.8, availability=0.95, utilisation={"work": 0.4}
    )
    found = results(plan(1, 120, {"chip": chip}, {"rent": rent("chip", 2.5)}, rate=rate))
    yielded = 0.989 * 0.8 * 0.4 * 0.95
    expected = 120 / yielded * 2.5 * 2190 * (1 + rate) ** -0.125
    assert found.cost_usd.mean.value == exactly(expected)
    assert found.mix[0].accelerators.mean.value == exactly(120 / yielded)
    assert found.mix[0].served[PFLOPS].mean.value == exactly(120)
    assert found.usd_per_unit_hour is not None
    assert found.usd_per_unit_hour.mean.value == exactly(2.5 / yielded)


def test_each_workload_has_its_own_utilisation() -> None:
    """cost = sum over w of demand[w] / (peak x use[w]) x price x 2190."""
    chip = platform(peak_pflops=2, utilisation={"train": 0.5, "serve": 0.2})
    demand = {"train": workload(30), "serve": workload(7)}
    found = cost(plan(1, demand, {"chip": chip}, {"rent": rent("chip", 3)}))
    assert found == exactly((30 / (2 * 0.5) + 7 / (2 * 0.2)) * 3 * HOURS)


def test_two_platforms_with_a_supply_limit_on_the_cheaper() -> None:
    """The cheap one (3 / 2 USD per PFLOP-hour) serves S x 2, the dear one the rest.

    cost = (S x 3 + (demand - 2 S) / 1 x 2) x 2190 x d[0]
    """
    platforms = {"dear": platform(), "cheap": platform(peak_pflops=2)}
    offers = {"dear": rent("dear", 2), "cheap": rent("cheap", 3, supply_accelerators=30)}
    found = solved(plan(1, 100, platforms, offers, rate=0.08))
    assert found.cost_usd[0] == exactly((30 * 3 + 40 * 2) * HOURS * mid_quarter(0.08, 0))
    assert found.measures.accelerators[0, :, 0] == exactly([40, 30])


def test_power_limits_what_is_served() -> None:
    """served = MW x 1000 / (kW x PUE) x yield; the rest is shortfall at its price.

    Of each accelerator: energy = kW x PUE x 2190 h x USD per kWh (at the meter), hosting = kW x
    3 months x USD per kW-month (of the accelerators), both discounted like every payment.
    """
    hall = site(power_mw=2, pue=1.25, energy_usd_per_kwh=0.08, hosting_usd_per_kw_month=110)
    chip = platform(accelerator_kw=1.3, utilisation={"work": 0.4})
    demand = {"work": workload(800, shortfall_usd_per_unit_hour=60)}
    raw = plan(1, demand, {"chip": chip}, {"rent": rent("chip", 2)}, sites={"hall": hall}, rate=0.1)
    found = results(raw)
    count = 2000 / (1.3 * 1.25)
    served = count * 0.4
    parts = {part.name: part.cost_usd.mean.value for part in found.cost_parts}
    d = 1.1**-0.125
    assert parts["energy"] == exactly(count * 1.3 * 1.25 * 2190 * 0.08 * d)
    assert parts["hosting"] == exactly(count * 1.3 * 3 * 110 * d)
    assert parts["rentals"] == exactly(count * 2 * 2190 * d)
    assert parts["shortfall"] == exactly((800 - served) * 60 * 2190 * d)
    assert found.cost_usd.mean.value == exactly(sum(parts.values()))
    assert found.served[0].share.mean.value == exactly(served / 800)
    assert found.mix[0].power_mw.mean.value == exactly(2)
    assert found.usd_per_unit_hour is not None
    paid = parts["energy"] + parts["hosting"] + parts["rentals"]
    assert found.usd_per_unit_hour.mean.value == exactly(paid / (served * 2190 * d))
    cash = found.cash[0]
    assert cash.cash_usd.mean.value == exactly(sum(cash.parts_usd.values()))
    assert cash.cash_usd.mean.value == exactly(
        (parts["energy"] + parts["hosting"] + parts["rentals"]) / d
    )


@pytest.mark.parametrize("rate", [0.0, 0.12])
@pytest.mark.parametrize("busy", [(0,), (1, 3), (0, 1, 2), (2, 4, 5), (0, 1, 3, 4, 5)])
@pytest.mark.parametrize("side", [-1e-6, 1e-6])
def test_reserve_against_rent(rate: float, busy: tuple[int, ...], side: float) -> None:
    """With demand in k of n quarters a term of n, paid used or not, beats rent exactly when

    reserve price / rent price < sum over busy t of d[t] / sum over all t of d[t],

    which is the utilisation k / n without discounting. The term can begin in quarter 0 only.
    """
    n, level, rented = 6, 10.0, 4.0
    d = discounts(rate, n)
    utilisation = d[list(busy)].sum() / d.sum()
    if rate == 0:
        assert utilisation == exactly(len(busy) / n)
    reserved = rented * utilisation * (1 - side)
    demand = [level if t in busy else 0.0 for t in range(n)]
    offers = {
        "term": reserve("chip", reserved, n, supply_accelerators=[level, 0, 0, 0, 0, 0]),
        "rent": rent("chip", rented),
    }
    raw = plan(n, demand, {"chip": platform()}, offers, rate=rate)
    taken = decisions(raw).take[0, :, 0].sum(axis=1)
    by_term = level * reserved * HOURS * d.sum()
    by_rent = level * rented * HOURS * d[list(busy)].sum()
    assert cost(raw) == exactly(min(by_term, by_rent))
    assert (taken[0] > 1e-6) == (side > 0)
    assert (taken[1] > 1e-6) == (side < 0)


@pytest.mark.parametrize("bridge", [True, False])
def test_a_life_beyond_the_horizon_leaves_residual_value(bridge: bool) -> None:
    """Delivered in quarter u = 1 (lead time 1) of T = 3, life L = 5:

    cost = P[1] d[1] - P[1] x (L - (T - 1)) / L x share x (1 + r) ** -(T / 4) for each, and quarter
    0 is rented, or short when rent cannot bridge it.
    """
    rate, count = 0.09, 100.0
    offers = {
        "own": buy("chip", [9e9, 30000.0, 20000.0], 5, lead_time_quarters=1, residual_share=0.6)
    }
    if bridge:
        offers["rent"] = rent("chip", 50.0)
    demand = {"work": workload(count, shortfall_usd_per_unit_hour=70)}
    found = solved(plan(3, demand, {"chip": platform()}, offers, rate=rate))
    owned = 30000 * mid_quarter(rate, 1) - 30000 * 3 / 5 * 0.6 * (1 + rate) ** -0.75
    first = (50 if bridge else 70) * HOURS * mid_quarter(rate, 0)
    assert found.cost_usd[0] == exactly(count * (owned + first))
    assert found.measures.accelerators[0, 0] == exactly([count if bridge else 0, count, count])


def test_a_life_within_the_horizon_is_replaced() -> None:
    """Life 2 of T = 4: bought in quarters 0 and 2, nothing left: P (d[0] + d[2]) each."""
    rate = 0.07
    raw = plan(4, 10, {"chip": platform()}, {"own": buy("chip", 8000, 2)}, rate=rate)
    expected = 10 * 8000 * (mid_quarter(rate, 0) + mid_quarter(rate, 2))
    assert cost(raw) == exactly(expected)
    assert decisions(raw).take[0, 0, 0] == exactly([10, 0, 10, 0])


@pytest.mark.parametrize("share", [0.0, 0.9])
def test_the_last_replacement_is_timed_by_its_residual(share: float) -> None:
    """Life 3 of T = 4: bought in quarter 0 and once more in u = 1, 2 or 3, whichever costs least:

    P d[u] - P x max(3 - (4 - u), 0) / 3 x share x (1 + r) ** -1
    """
    rate, price = 0.05, [9000.0, 6000.0, 6600.0, 8000.0]
    later = [
        price[u] * mid_quarter(rate, u) - price[u] * max(u - 1, 0) / 3 * share / (1 + rate)
        for u in (1, 2, 3)
    ]
    raw = plan(
        4,
        10,
        {"chip": platform()},
        {"own": buy("chip", price, 3, residual_share=share)},
        rate=rate,
    )
    assert int(np.argmin(later)) == (0 if share == 0 else 2)
    assert cost(raw) == exactly(10 * (price[0] * mid_quarter(rate, 0) + min(later)))


def two_vendors(b_price: float, **changes: Any) -> dict[str, Any]:
    platforms = {
        "a": platform(vendor="A"),
        "b": platform(vendor="B", **changes),
    }
    offers = {
        "a": reserve("a", 1.0, 1),
        "b": reserve("b", b_price, 1),
        "a-rent": rent("a", 1.5),
    }
    limits = {"largest_vendor_share": {"A": 0.6}}
    return plan(1, 100, platforms, offers, limits=limits)


def test_the_vendor_share_binds_commitments() -> None:
    """own <= 0.6 x all: 60 of A at 1 and 40 of B at 2 (1.4 on average) beat rent of A at 1.5."""
    assert decisions(two_vendors(2)).take[0, :, 0, 0] == exactly([60, 40, 0])
    assert cost(two_vendors(2)) == exactly((60 + 80) * HOURS)


def test_rentals_do_not_count_for_the_vendor_share() -> None:
    """With B at 3 the mix costs 1.8 on average, so all of A is rented at 1.5: no limit on that."""
    assert decisions(two_vendors(3)).take[0, :, 0, 0] == exactly([0, 0, 100])
    assert cost(two_vendors(3)) == exactly(150 * HOURS)


def test_the_vendor_share_counts_accelerators_and_not_compute() -> None:
    """B yields half: x + y / 2 = 100 and x = 0.6 (x + y) give x = 75 of A and y = 50 of B."""
    assert decisions(two_vendors(0.6, peak_pflops=0.5)).take[0, :, 0, 0] == exactly([75, 50, 0])


def test_the_vendor_share_counts_what_is_started_over_all_quarters() -> None:
    """A by terms of one quarter, B bought for both: a = 100 - b in each quarter, 2 a <= 0.5 (2 a
    + b), so b = 200 / 3.
    """
    platforms = {"a": platform(vendor="A"), "b": platform(vendor="B")}
    price = 4 * HOURS
    offers = {"a": reserve("a", 1.0, 1), "b": buy("b", price, 2)}
    raw = plan(2, 100, platforms, offers, limits={"largest_vendor_share": {"A": 0.5}})
    taken = decisions(raw).take[0, :, 0]
    assert taken == exactly(np.array([[100 / 3, 100 / 3], [200 / 3, 0]]))
    assert cost(raw) == exactly(200 / 3 * HOURS + 200 / 3 * price)


def test_a_purchase_is_owed_from_order_to_delivery() -> None:
    """10 for 30,000 each, delivered in quarter 2 after a lead time of 2: ordered in quarter 0.

    Owed after quarters 0..3: 300,000, 300,000, 0, 0. Cash: 0, 0, 300,000, 0.
    """
    raw = plan(
        4,
        [0, 0, 10, 10],
        {"chip": platform()},
        {"own": buy("chip", 30000, 8, lead_time_quarters=2)},
    )
    found = results({**raw, "discount_rate_per_year": 0.2})
    assert owed(found) == exactly([300_000, 300_000, 0, 0])
    assert cash(found) == exactly([0, 0, 300_000, 0])


def test_a_term_beyond_the_horizon_is_still_owed() -> None:
    """5 for 6 quarters from quarter 1 (lead time 1: signed in quarter 0), at quarter 1's price.

    One payment is 5 x 2 x 2190 = 21,900: three fall inside T = 4, three after it. Owed after
    quarters 0..3: 6, 5, 4, 3 payments. Only what is inside is a cost.
    """
    price = [9.0, 2.0, 3.0, 4.0]
    offers = {"term": reserve("chip", price, 6, lead_time_quarters=1)}
    raw = plan(4, [0, 5, 5, 5], {"chip": platform()}, offers, rate=0.1)
    found, payment = results(raw), 5 * 2 * HOURS
    assert owed(found) == exactly([6 * payment, 5 * payment, 4 * payment, 3 * payment])
    assert cash(found) == exactly([0, payment, payment, payment])
    assert found.cost_usd.mean.value == exactly(payment * discounts(0.1, 4)[1:].sum())
    line = found.typical.lines[0]
    assert (line.quarter, line.count, line.price) == ("2026Q2", exactly(5), exactly(2))
    assert line.cash_usd == exactly(3 * payment)


def test_cash_of_a_plan_with_all_modes() -> None:
    """Own 10 from quarter 1 on (8,000 each), reserve 4 for two quarters from 0, rent the rest.

    Cash: quarter 0: 4 x 1 x 2190 + 6 x 3 x 2190; quarter 1: 10 x 8000 + 4 x 1 x 2190 + 2 x 3 x
    2190. Each PFLOP/s served adds energy (1 kW x 1.5 x 2190 x 0.1) and hosting (1 kW x 3 x 50).
    """
    hall = site(pue=1.5, energy_usd_per_kwh=0.1, hosting_usd_per_kw_month=50)
    offers = {
        "own": buy("chip", 8000, 2, lead_time_quarters=1, supply_accelerators=10, residual_share=1),
        "term": reserve("chip", 1.0, 2, supply_accelerators=[4, 0]),
        "rent": rent("chip", 30.0),
    }
    raw = plan(2, [10, 16], {"chip": platform()}, offers, sites={"hall": hall})
    found = results(raw)
    each = 1.5 * HOURS * 0.1 + 3 * 50
    assert cash(found) == exactly(
        [
            4 * HOURS + 6 * 30 * HOURS + 10 * each,
            10 * 8000 + 4 * HOURS + 2 * 30 * HOURS + 16 * each,
        ]
    )
    assert found.cash[1].parts_usd == {
        "purchases": exactly(80_000),
        "reservations": exactly(4 * HOURS),
        "rentals": exactly(60 * HOURS),
        "energy": exactly(16 * 1.5 * HOURS * 0.1),
        "hosting": exactly(16 * 3 * 50),
    }
    assert owed(found) == exactly([10 * 8000 + 4 * HOURS, 0])


def owed(found: Results) -> list[float]:
    return [quarter.liability_usd.mean.value for quarter in found.cash]


def cash(found: Results) -> list[float]:
    return [quarter.cash_usd.mean.value for quarter in found.cash]


def limit(found: Results, name: str) -> LimitValue:
    return next(item for item in found.limits if item.name == name)


def test_the_value_of_a_unit_of_a_limit_at_a_kink() -> None:
    """Cheap at 1 up to 30, dear at 3, demand 30.4: of one more cheap unit only 0.4 is of use.

    Supply: one more saves 0.4 x (3 - 1), one less costs 1 x (3 - 1). Demand: one more costs 3, one
    less saves 0.4 x 3 + 0.6 x 1. All x 2190 x d[0].
    """
    platforms = {"chip": platform(), "other": platform()}
    offers = {
        "cheap": rent("chip", 1, supply_accelerators=30),
        "dear": rent("other", 3),
    }
    found = results(plan(1, 30.4, platforms, offers, rate=0.1))
    unit = HOURS * mid_quarter(0.1, 0)
    supply = limit(found, "supply of cheap")
    assert supply.one_more_usd.value == pytest.approx(-0.4 * 2 * unit, rel=1e-9)
    assert supply.one_less_usd.value == pytest.approx(2 * unit, rel=1e-9)
    assert supply.binding_share.value == 1
    demand = limit(found, "demand of work")
    assert demand.one_more_usd.value == pytest.approx(3 * unit, rel=1e-9)
    assert demand.one_less_usd.value == pytest.approx(-(0.4 * 3 + 0.6) * unit, rel=1e-9)
    assert "supply of dear" not in {item.name for item in found.limits}


def test_the_value_of_a_megawatt_and_of_a_percentage_point() -> None:
    """One more MW powers 1000 / (2 x 1.25) = 400 chips of yield 1 that save (10 - 1) USD an hour.

    At 60 % of the cheap vendor one point more moves 1 of 100 chips from 3 USD to 1 USD an hour.
    """
    hall = site(power_mw=[1.5, 0.5], pue=1.25)
    raw = plan(
        2,
        {"work": workload(900, shortfall_usd_per_unit_hour=10)},
        {"chip": platform(accelerator_kw=2)},
        {"rent": rent("chip", 1)},
        sites={"hall": hall},
    )
    power = limit(results(raw), "power at hall")
    # 600 and 200 of 900 are served: one more MW serves 300 and 400 more.
    assert power.one_more_usd.value == pytest.approx(-(300 + 400) * 9 * HOURS, rel=1e-9)
    # The second quarter has less than one MW and keeps it.
    assert power.one_less_usd.value == pytest.approx(400 * 9 * HOURS, rel=1e-9)

    platforms = {"a": platform(vendor="A"), "b": platform(vendor="B")}
    offers = {"a": reserve("a", 1.0, 1), "b": reserve("b", 3.0, 1)}
    shared = plan(1, 100, platforms, offers, limits={"largest_vendor_share": {"A": 0.6}})
    share = limit(results(shared), "largest share of A")
    assert share.one_more_usd.value == pytest.approx(-2 * HOURS, rel=1e-9)
    assert share.one_less_usd.value == pytest.approx(2 * HOURS, rel=1e-9)


def test_half_the_price_of_shortfall_flips_the_answer() -> None:
    """Serving costs 1 USD per PFLOP-hour, shortfall 1.5: at half (0.75) nothing is served."""
    demand = {"work": workload(40, shortfall_usd_per_unit_hour=1.5)}
    found = results(plan(1, demand, {"chip": platform()}, {"rent": rent("chip", 1)}, rate=0.1))
    unit = 40 * HOURS * mid_quarter(0.1, 0)
    assert found.cost_usd.mean.value == exactly(unit)
    stated, half, double = found.shortfall_repeats
    assert (stated.factor, half.factor, double.factor) == (1, 0.5, 2)
    assert stated.cost_change_usd.value == 0
    assert half.cost_usd.value == exactly(0.75 * unit)
    assert half.cost_change_usd.value == exactly(-0.25 * unit)
    assert half.served_share["work"].value == exactly(0)
    assert half.service_by_platform[PFLOPS]["chip"].value == 0
    assert double.cost_usd.value == exactly(unit)
    assert double.cost_change_usd.value == exactly(0)
    assert double.served_share["work"].value == exactly(1)
    assert double.service_by_platform[PFLOPS]["chip"].value == exactly(1)
