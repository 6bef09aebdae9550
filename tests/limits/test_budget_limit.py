"""Budgets: what counts in which year, cash that comes back, years that are short."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from limit_checks import Raw, checked, exactly, never_more, numbers
from small import (
    HOURS,
    UNLIMITED,
    build,
    buy,
    cost,
    decisions,
    lease,
    mid_quarter,
    option,
    ordered,
    owned,
    plan,
    platform,
    programme,
    rent,
    reserve,
    site,
)

CHIP = {"chip": platform()}
RATE = 0.1


def budgets(capex: Any = None, opex: Any = None, overrun: float = 0.5) -> Raw:
    found: Raw = {"overrun_usd_per_usd": overrun}
    if capex is not None:
        found["capex_usd_by_year"] = capex
    if opex is not None:
        found["opex_usd_by_year"] = opex
    return {"budgets": found}


def extra(raw: Raw) -> float:
    """Return what the budgets of a scenario cost on top of its cost without any."""
    return cost(raw) - cost({**raw, "limits": {}})


def test_an_overrun_is_paid_on_top_at_the_end_of_its_year() -> None:
    """100 for 1,000 in each of two years (Q1 and Q5): 30,000 over in the first, 60,000 in the last.

    The plan has six quarters: the second year ends with its second quarter, quarter 6.
    extra = 0.5 x (30,000 d[3] + 60,000 d[5])
    """
    raw = plan(
        6, 100, CHIP, {"own": buy("chip", 1000, 4)}, rate=RATE,
        limits=budgets(capex=[70_000, 40_000]),
    )  # fmt: skip
    expected = 0.5 * (30_000 * mid_quarter(RATE, 3) + 60_000 * mid_quarter(RATE, 5))
    assert extra(raw) == exactly(expected)
    assert decisions(raw)["overrun"][0, 0] == exactly([0.03, 0.06])


@pytest.mark.parametrize(("price", "owned_count"), [(1149.0, 60), (1151.0, 100)])
def test_what_would_be_over_is_rented_where_that_costs_less(price: float, owned_count: int) -> None:
    """A budget for 60 of 100: beyond it one costs 1,000 + 0.15 x 1,000, or its rent."""
    offers = {"own": buy("chip", 1000, 1), "rent": rent("chip", price / HOURS)}
    raw = plan(1, 100, CHIP, offers, limits=budgets(capex=[60_000], overrun=0.15))
    assert decisions(raw).take[0, 0].sum() == exactly(owned_count)
    assert cost(raw) == exactly(60_000 + 40 * min(price, 1150))


def test_capex_is_what_is_bought_and_opex_all_else() -> None:
    """By hand, without discounting. Every line is one thing that is paid in the one year.

    capex: 10 bought for 1,000; an option's fee of 50 and 4 at 900; a chip at 800 x 3; 20 kW built
    at 70.
    opex: maintenance 10 x 400 for a year on what is owned; a term of 5 at 2 USD for a quarter; 6
    rented at 3; development 5,000; porting 700; hosting of all 28 at 3 x 10 per kW, energy of 28 x
    2190 x 0.1; a lease of 8 kW at 3 x 30, all of it drawn.
    """
    chips = {"chip": platform(porting={"work": {"cost_usd": 700.0, "delay_quarters": 0}})}
    upkeep = {"maintenance_usd_per_year": 1600.0}
    offers = {
        "own": buy("chip", 1000, 1, supply_accelerators=10, **upkeep),
        "right": option("chip", 900, 1, fee_usd=50.0, supply_accelerators=4),
        "made": programme("chip", 800, 1, nre_usd_per_quarter=5000.0, ramp_accelerators=[3]),
        "term": reserve("chip", 2.0, 1, supply_accelerators=5),
        "rent": rent("chip", 3.0),
    }
    hall = site(power_mw=0.0, energy_usd_per_kwh=0.1, hosting_usd_per_kw_month=10.0)
    power = {
        "mast": build(70.0, 1, supply_mw=0.02),
        "line": lease(30.0, 1, take_or_pay_share=0.4),
    }
    raw = plan(1, 28, chips, offers, sites={"hall": hall}, power=power, bet_gap=0.0)
    capex = 10 * 1000 + 50 + 4 * 900 + 3 * 800 + 20 * 70
    opex = 10 * 400 + (5 * 2 + 6 * 3) * HOURS + 5000 + 700 + 28 * (30 + 219) + 8 * 90
    assert cost(raw) == exactly(capex + opex)
    # A budget that is a thousand short of each, at a price so low that nothing changes.
    short = budgets(capex=[capex - 1000], opex=[opex - 1000], overrun=1e-4)
    assert extra({**raw, "limits": short}) == exactly(0.2)
    just = budgets(capex=[capex], opex=[opex], overrun=1e3)
    assert extra({**raw, "limits": just}) == exactly(0)


def test_what_is_cancelled_frees_its_budget() -> None:
    """10 at least for 1,000, 4 needed, cancelled for 0.2: 4,000 + 1,200 of capex in year 2.

    A deposit of 0.3 is paid in the fourth quarter, in year 1: 3,000 of capex; a tenth of the 6
    that are cancelled comes back in year 2: 4 x 700 - 6 x 100.
    """
    terms: Raw = {"minimum_order_accelerators": 10, "supply_accelerators": [0, 0, 0, 0, 99, 0]}
    terms |= {"lead_time_quarters": 1, "cancellation_share": 0.2}
    terms["payments"] = [{"share": 0.3, "quarters_before_delivery": 1}]
    offers = {"own": buy("chip", 1000, 2, **terms)}
    raw = plan(6, [0, 0, 0, 0, 4, 4], CHIP, offers, bet_gap=0.0, rate=RATE)
    d = [mid_quarter(RATE, t) for t in range(6)]
    first, second = 3000.0, 4 * 700 - 6 * 100.0
    assert cost(raw) == exactly(first * d[3] + second * d[4])
    raw["limits"] = budgets(capex=[first, second], overrun=1e3)
    assert extra(raw) == exactly(0)
    raw["limits"] = budgets(capex=[first - 500, second - 200], overrun=0.01)
    assert extra(raw) == exactly(0.01 * (500 * d[3] + 200 * d[5]))


def test_a_refund_is_capex_that_comes_back() -> None:
    """10 on order, half paid, cancelled for 0.1: 4,000 come back, for which 4 can be bought."""
    order = ordered("other", 10, 1000, 4, paid_share=0.5, cancellation_share=0.1)
    chips = {"chip": platform(), "other": platform(utilisation={"work": 1e-9})}
    offers = {"own": buy("chip", 1000, 1)}
    raw = plan(1, 4, chips, offers, existing={"order": order})
    raw["limits"] = budgets(capex=[0], overrun=1e3)
    assert cost(raw) == exactly(4 * 1000 - 4000)
    raw["workloads"]["work"]["demand"] = 5
    raw["limits"] = budgets(capex=[0], overrun=0.25)
    assert cost(raw) == exactly(5000 - 4000 + 0.25 * 1000)


def test_maintenance_of_the_existing_fleet_counts_and_residual_value_does_not() -> None:
    """5 x 400 / 4 a quarter for two quarters; 3 for 1,000 that are all worth it at the horizon."""
    fleet = {"old": owned("chip", 5, 2, maintenance_usd_per_year=400.0)}
    offers = {"own": buy("chip", 1000, 60, residual_share=1.0)}
    raw = plan(2, 8, CHIP, offers, existing=fleet, limits=budgets([1000], [600], overrun=0.5))
    assert extra(raw) == exactly(0.5 * (3 * 1000 - 1000 + 5 * 100 * 2 - 600))


def test_tiers_count_at_what_is_paid() -> None:
    """50 at 1,000 and 50 at 500 are 75,000."""
    tiers = [{"above_accelerators": 50, "price_times": 0.5}]
    offers = {"own": buy("chip", 1000, 1, volume_prices=tiers, supply_accelerators=500)}
    raw = plan(1, 100, CHIP, offers, bet_gap=0.0, limits=budgets(capex=[75_000], overrun=0.1))
    assert extra(raw) == exactly(0)
    raw["limits"] = budgets(capex=[70_000], overrun=0.1)
    assert extra(raw) == exactly(500)


def test_discounts_count_at_what_is_paid() -> None:
    """30 of B at 1,300 make 70 of A 40 % cheaper: 39,000 + 42,000, of A's 1,000 in all."""
    chips = {name: platform(vendor=name.upper()) for name in ("a", "b")}
    offers = {
        "a": buy("a", 1000, 1, supply_accelerators=200),
        "b": buy("b", 1300, 1, supply_accelerators=200),
    }
    fall = {"vendor": "A", "others": ["b"], "passes_share": 0.3, "discount_share": 0.4}
    bargaining = {"price_falls": {"fall": fall}}
    raw = plan(1, 100, chips, offers, bet_gap=0.0, bargaining=bargaining)
    assert cost(raw) == exactly(81_000)
    raw["limits"] = budgets(capex=[81_000], overrun=10.0)
    assert extra(raw) == exactly(0)
    raw["limits"] = budgets(capex=[80_000], overrun=0.1)
    assert extra(raw) == exactly(100)


@checked
@given(capex=numbers(0, 2e5), more=numbers(0, 1e5), opex=numbers(0, 2e5), price=numbers(0.01, 2))
def test_a_larger_budget_or_a_cheaper_overrun_never_costs_more(
    capex: float, more: float, opex: float, price: float
) -> None:
    def found(limits: Raw) -> float:
        offers = {"own": buy("chip", 1000, 3), "rent": rent("chip", 600 / HOURS)}
        return cost(plan(5, [60, 90, 80, 40, 70], CHIP, offers, limits=limits, rate=RATE))

    now = found(budgets([capex] * 2, [opex] * 2, price))
    never_more(found(budgets([capex + more] * 2, [opex] * 2, price)), now)
    never_more(found(budgets([capex] * 2, [opex + more, opex], price)), now)
    never_more(found(budgets([capex] * 2, [opex] * 2, price / 2)), now)
    never_more(found(budgets([capex] * 2, None, price)), now)
    assert found(budgets([UNLIMITED] * 2, [UNLIMITED] * 2, price)) == exactly(found({}))
