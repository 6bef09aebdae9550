"""The second formulation itself, on plans so small that their optimum is known by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from drawn import samples
from optimum import Optimum, solve
from scenarios import SCENARIOS, optima
from written import Written

from planner.config.schema import Scenario

RATE = 0.1
HOURS = 2190.0
DEAR = 1e4
"""Dollars per unit and hour of shortfall: more than anything here costs."""


def paid(quarter: int) -> float:
    return (1 + RATE) ** (-(quarter + 0.5) / 4)


def held(quarters: int) -> float:
    return (1 + RATE) ** (-quarters / 4)


def plan(demand: list[float], offers: Written, **changes: Any) -> Optimum:
    site = {"power_mw": "unlimited", "pue": 1.0}
    site |= {"energy_usd_per_kwh": 0.0, "hosting_usd_per_kw_month": 0.0}
    chip = {"vendor": "acme", "unit": "chip", "peak_pflops": 1.0, "accelerator_kw": 1.0}
    chip |= {"availability": 1.0, "utilisation": {"work": 1.0}}
    shared = {"platform": "chip", "sites": ["hall"], "supply_accelerators": 1000.0}
    raw = {
        "scenario": "tiny",
        "question": "What does it cost?",
        "start": "2026Q1",
        "quarters": len(demand),
        "discount_rate_per_year": RATE,
        "samples": 1,
        "seed": 1,
        "sites": {"hall": site},
        "workloads": {"work": {"demand": demand, "shortfall_usd_per_unit_hour": DEAR}},
        "platforms": {"chip": chip},
        "offers": {
            name: {**({} if terms["mode"] == "programme" else shared), **terms}
            for name, terms in offers.items()
        },
        **changes,
    }
    [sample] = samples(Scenario.model_validate(raw), 1)
    return solve(sample)


def buy(**terms: Any) -> Written:
    defaults = {"mode": "buy", "price_usd": 1000.0, "lead_time_quarters": 1}
    return {**defaults, "life_quarters": 4, "residual_share": 0.5, **terms}


def reserve(**terms: Any) -> Written:
    defaults = {"mode": "reserve", "price_usd_per_hour": 2.0, "lead_time_quarters": 0}
    return {**defaults, "term_quarters": 3, **terms}


DEPOSIT = [{"share": 0.3, "quarters_before_delivery": 1}]


def test_a_purchase_with_a_deposit() -> None:
    found = plan([0, 10, 10], {"buy": buy(payments=DEPOSIT)})
    one = 300 * paid(0) + 700 * paid(1) - 0.5 * 1000 * (2 / 4) * held(3)
    assert found.cost_usd == pytest.approx(10 * one, rel=1e-9)


def test_a_slip_moves_the_rest_and_not_the_deposit() -> None:
    found = plan([0, 10, 10], {"buy": buy(payments=DEPOSIT, slip_quarters=0.5)})
    one = 300 * paid(0) + 700 * paid(2) - 0.5 * 1000 * (3 / 4) * held(3)
    lost = 10 * HOURS * DEAR * paid(1)
    assert found.cost_usd == pytest.approx(10 * one + lost, rel=1e-9)


def test_what_is_paid_after_the_plan_is_owed_at_its_end() -> None:
    late = [{"share": 0.6, "quarters_before_delivery": -5}]
    found = plan([0, 10], {"buy": buy(payments=late, delivered_share=0.8)})
    one = 400 * paid(1) + (600 - 0.5 * 1000 * 3 / 4) * held(2)
    assert found.cost_usd == pytest.approx(10 * one, rel=1e-9)


def test_a_term_paid_in_advance_is_worth_what_is_left_of_it() -> None:
    found = plan([0, 10], {"term": reserve(upfront_share=0.5, lead_time_quarters=1)})
    quarterly = 2 * HOURS
    one = (0.5 * 3 + 0.5) * quarterly * paid(1) - 0.5 * 2 * quarterly * held(2)
    assert found.cost_usd == pytest.approx(10 * one, rel=1e-9)


def test_rent_has_no_end_and_spot_is_interrupted() -> None:
    price = {"price_usd_per_hour": 3.0}
    spot = {"mode": "spot", "interruption_share": 0.25, **price}
    found = plan([10, 6], {"rent": {"mode": "rent", **price}, "spot": spot})
    assert found.cost_usd == pytest.approx(3 * HOURS * (10 * paid(0) + 6 * paid(1)), rel=1e-9)
    alone = plan([10, 6], {"spot": spot})
    assert alone.cost_usd == pytest.approx(found.cost_usd / 0.75, rel=1e-9)


def test_a_lease_is_paid_whether_used_or_not_in_part() -> None:
    site = {"power_mw": 0.004, "pue": 1.5}
    site |= {"energy_usd_per_kwh": 0.1, "hosting_usd_per_kw_month": 20.0}
    lease = {"mode": "lease", "site": "hall", "supply_mw": 1.0, "lead_time_quarters": 0}
    lease |= {"price_usd_per_kw_month": [50.0, 80.0], "term_quarters": 2, "take_or_pay_share": 0.4}
    found = plan(
        [10, 4],
        {"buy": buy(lead_time_quarters=0, residual_share=0.0)},
        sites={"hall": site},
        power={"lease": lease},
    )
    bought = 10 * 1000 * paid(0)
    run = (10 * paid(0) + 4 * paid(1)) * (1.5 * HOURS * 0.1 + 3 * 20)
    kw = 10 * 1.5 - 4
    leased = kw * 3 * 50 * (0.4 * (paid(0) + paid(1)) + 0.6 * paid(0))
    leased += (4 * 1.5 - 4) * 3 * 80 * 0.6 * paid(1)
    assert found.cost_usd == pytest.approx(bought + run + leased, rel=1e-9)


def test_an_order_on_the_way_is_cancelled_when_that_is_cheaper() -> None:
    order = {"mode": "ordered", "platform": "chip", "site": "hall", "accelerators": 5.0}
    order |= {"delivery_in_quarters": 1, "price_usd": 1000.0, "paid_share": 0.4}
    order |= {"life_quarters": 4, "residual_share": 0.5, "cancellation_share": 0.1}
    found = plan([0, 0, 0], {"buy": buy()}, existing={"order": order})
    assert found.cost_usd == pytest.approx(-5 * 300 * paid(1), rel=1e-9)
    kept = plan([0, 5, 5], {"buy": buy()}, existing={"order": order})
    one = 600 * paid(1) - 0.5 * 1000 * (2 / 4) * held(3)
    assert kept.cost_usd == pytest.approx(5 * one, rel=1e-9)


def test_a_cancelled_order_costs_its_share_of_the_price() -> None:
    terms = buy(payments=DEPOSIT, cancellation_share=0.2, minimum_order_accelerators=8)
    found = plan([0, 2, 2], {"buy": terms})
    one = 300 * paid(0) + 700 * paid(1) - 0.5 * 1000 * (2 / 4) * held(3)
    void = 300 * paid(0) - 100 * paid(1)
    assert found.cost_usd == pytest.approx(2 * one + 6 * min(void, one), rel=1e-9)


def test_a_discount_holds_above_its_edge_only() -> None:
    tiers = [{"above_accelerators": 4, "price_times": 0.5}]
    found = plan([0, 10], {"buy": buy(volume_prices=tiers, residual_share=0.0)})
    assert found.cost_usd == pytest.approx((4 + 0.5 * 6) * 1000 * paid(1), rel=1e-9)


@pytest.mark.parametrize("times", [(1.0, 0.5), (1.2, 0.5), (0.5, 0.9), (1.2, 0.5, 0.9)])
def test_no_tier_is_reached_past_an_emptier_one(times: tuple[float, ...]) -> None:
    edges = zip((20, 21, 23), times, strict=False)
    tiers = [{"above_accelerators": above, "price_times": factor} for above, factor in edges]
    found = plan([0, 10], {"buy": buy(volume_prices=tiers, residual_share=0.0)})
    assert found.cost_usd == pytest.approx(10 * 1000 * paid(1), rel=1e-9)


def test_a_programme_pays_for_its_development() -> None:
    chip = {"mode": "programme", "nre_usd_per_quarter": 1000.0, "nre_quarters": 2}
    chip |= {"success": {"probability": 1.0}, "quarters_to_first_silicon": 1}
    chip |= {"ramp_accelerators": [4, 7], "ramp_times": 2.0}
    chip |= {"price_usd": 100.0, "life_quarters": 9, "residual_share": 0.0}
    chip |= {"platform": "chip", "sites": ["hall"]}
    rent = {"mode": "rent", "price_usd_per_hour": 1.0}
    found = plan([0, 10, 10], {"own": chip, "rent": rent})
    bought = 100 * (8 * paid(1) + 2 * paid(2))
    rented = HOURS * 2 * paid(1)
    nre = 1000 * (paid(0) + paid(1))
    assert found.cost_usd == pytest.approx(nre + bought + rented, rel=1e-9)


def test_a_large_job_loses_by_its_size() -> None:
    scaling = {"jobs": 2, "reference_accelerators": 4, "exponent": 0.5}
    scaling |= {"largest_accelerators": 64, "segments": 2}
    work = {"demand": [12.0], "shortfall_usd_per_unit_hour": DEAR, "scaling": scaling}
    rent = {"mode": "rent", "price_usd_per_hour": 1.0}
    found = plan([0], {"rent": rent}, workloads={"work": work})
    # Half the work is 6: 4 from the first 4, and 2 of the 4 that the next 12 (to 16) add.
    assert found.cost_usd == pytest.approx(2 * (4 + 6) * HOURS * paid(0), rel=1e-9)


def test_a_campaign_is_worked_on_until_its_deadline() -> None:
    campaign = {"total_unit_hours": 30 * HOURS, "until_quarter": "2026Q2"}
    work = {"campaign": campaign, "shortfall_usd_per_unit_hour": DEAR}
    rent = {"mode": "rent", "price_usd_per_hour": [1.0, 2.0, 0.1], "supply_accelerators": 20.0}
    found = plan([0, 0, 0], {"rent": rent}, workloads={"work": work})
    assert found.cost_usd == pytest.approx(HOURS * (20 * paid(0) + 20 * paid(1)), rel=1e-9)


def test_what_goes_over_a_budget_costs_extra() -> None:
    budgets = {"capex_usd_by_year": [4000.0], "overrun_usd_per_usd": 0.25}
    terms = buy(lead_time_quarters=0, residual_share=0.0)
    found = plan([10, 10], {"buy": terms}, limits={"budgets": budgets})
    assert found.cost_usd == pytest.approx(10_000 * paid(0) + 1500 * paid(1), rel=1e-9)


@pytest.mark.parametrize("name", ["bets", "edges"])
def test_a_share_of_a_bet_is_never_dearer_than_a_whole_one(name: str) -> None:
    relaxed = Scenario.model_validate({**SCENARIOS[name], "bets": "relaxed"})
    bounds = [solve(sample).cost_usd for sample in samples(relaxed, 8)]
    whole = [found.cost_usd for found in optima(name)[:8]]
    assert (np.array(bounds) <= np.array(whole) * (1 + 1e-9)).all()
