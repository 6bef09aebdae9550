"""Cash, debts and plan lines of each instrument, on plans so small that they are known by hand.

The costs of all instruments stand in tests/model/instrument_scenarios.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from small import (
    HOURS,
    build,
    buy,
    contracted,
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
    results,
    site,
    spot,
)

from planner.analysis.results import PlanLine, Results

CHIP = {"chip": platform()}


def exactly(expected: Any) -> Any:
    return pytest.approx(expected, rel=1e-12, abs=1e-6)


def owed(found: Results) -> list[float]:
    return [quarter.liability_usd.mean.value for quarter in found.cash]


def cash(found: Results, part: str | None = None) -> list[float]:
    if part is None:
        return [quarter.cash_usd.mean.value for quarter in found.cash]
    return [quarter.parts_usd.get(part, 0.0) for quarter in found.cash]


def line(found: Results, mode: str) -> PlanLine:
    (only,) = [item for item in found.typical.lines if item.mode == mode]
    return only


def test_a_purchase_in_parts_that_is_late() -> None:
    """10 for 1,000, ordered in quarter 0 for 1, come in 2, of which 80 %: 12.5 are ordered.

    30 % two quarters before the planned quarter 2, 20 % two quarters after 3, in 5; the rest in 3.
    Each: 240, 400 and 160 of 800. Owed after the quarters 0..4: 560, 560, 560, 160, 160.
    """
    offer = buy(
        "chip", 1000, 8, lead_time_quarters=2, slip_quarters=1.0, delivered_share=0.8,
        payments=[
            {"share": 0.3, "quarters_before_delivery": 2},
            {"share": 0.2, "quarters_before_delivery": -2},
        ],
    )  # fmt: skip
    found = results(plan(5, [0, 0, 0, 10, 10], CHIP, {"own": offer}))
    assert cash(found) == exactly([12.5 * 240, 0, 0, 12.5 * 400, 0])
    assert owed(found) == exactly([12.5 * 560, 12.5 * 560, 12.5 * 560, 12.5 * 160, 12.5 * 160])
    bought = line(found, "buy")
    assert (bought.signed, bought.quarter, bought.count) == ("2026Q1", "2026Q3", exactly(12.5))
    assert (bought.price, bought.price_unit) == (exactly(640), "USD")
    assert bought.cash_usd == exactly(12.5 * 640)
    # What is still to be paid is a cost at the horizon.
    assert found.cost_usd.mean.value == exactly(12.5 * 800)


def test_a_term_paid_in_advance_that_is_late() -> None:
    """10 at 2 x 2190 for three quarters, signed in quarter 0, from 1 on; 40 % of it in advance.

    In quarter 1: 0.4 x 3 + 0.6 = 1.8 of a quarter's price, in 2 and in 3 (after the plan) 0.6.
    """
    late = {"slip_quarters": 1.0, "supply_accelerators": [10, 0, 0]}
    offer = reserve("chip", 2, 3, upfront_share=0.4, **late)
    found = results(plan(3, [0, 10, 10], CHIP, {"term": offer}, rate=0.1))
    each = 10 * 2 * HOURS
    assert cash(found, "reservations") == exactly([0, 1.8 * each, 0.6 * each])
    assert owed(found) == exactly([3 * each, 1.2 * each, 0.6 * each])
    prepaid = 0.4 * each * 1.1 ** (-3 / 4)
    paid = 1.8 * each * mid_quarter(0.1, 1) + 0.6 * each * mid_quarter(0.1, 2)
    assert found.cost_usd.mean.value == exactly(paid - prepaid)
    signed = line(found, "reserve")
    assert (signed.signed, signed.quarter, signed.service_quarters) == ("2026Q1", "2026Q1", 3)
    assert (signed.price, signed.price_unit) == (exactly(2), "USD per hour")
    assert signed.cash_usd == exactly(2.4 * each)


def test_what_is_rented_is_owed_to_nobody() -> None:
    """4 on demand at 3, and 8 on the spot market at 1 of which 6 work; 10 are at work."""
    offers = {
        "rent": rent("chip", 3),
        "spot": spot("chip", 1, interruption_share=0.25, supply_accelerators=8),
    }
    found = results(plan(1, 10, CHIP, offers))
    assert cash(found, "rentals") == exactly([(4 * 3 + 8 * 1) * HOURS])
    assert owed(found) == exactly([0])
    assert found.mix[0].accelerators.mean.value == exactly(12)
    assert (line(found, "spot").count, line(found, "spot").price) == (exactly(8), exactly(1))


def test_an_option_is_a_fee_and_then_a_purchase() -> None:
    """5,000 at once; 10 of up to 20 at 800 in quarter 2, ordered in 1."""
    offer = option("chip", 800, 8, fee_usd=5000, up_to_accelerators=20, exercise_until="2026Q2",
                   lead_time_quarters=1)  # fmt: skip
    found = results(plan(3, [0, 0, 10], CHIP, {"right": offer}))
    assert cash(found, "option fees") == exactly([5000, 0, 0])
    assert cash(found, "purchases") == exactly([0, 0, 8000])
    assert owed(found) == exactly([0, 8000, 0])
    fee = line(found, "option fees")
    assert (fee.offer, fee.quarter, fee.count, fee.cash_usd) == ("right", "2026Q1", 1, 5000)
    assert line(found, "option").signed == "2026Q2"
    (bet,) = found.bets
    assert (bet.name, bet.kind, bet.taken.value, bet.extent.value) == ("right", "option", 1, 1)


def test_a_programme_is_owed_from_its_funding_on() -> None:
    """Funded in quarter 1 for four quarters at 1,000, of which one is after the plan of 4.

    10 at 100 in quarter 3, 40 % of it one quarter before: ordered in 2.
    """
    offer = programme(
        "chip", 100, 8, funding_quarter="2026Q2", nre_usd_per_quarter=1000, nre_quarters=4,
        quarters_to_first_silicon=2, payments=[{"share": 0.4, "quarters_before_delivery": 1}],
    )  # fmt: skip
    found = results(plan(4, [0, 0, 0, 10], CHIP, {"ours": offer}))
    assert cash(found, "development") == exactly([0, 1000, 1000, 1000])
    assert cash(found, "purchases") == exactly([0, 0, 400, 600])
    assert owed(found) == exactly([0, 3000, 2000 + 600, 1000])
    assert line(found, "development").quarter == "2026Q2"
    made = line(found, "programme")
    assert (made.signed, made.quarter) == ("2026Q3", "2026Q4")


def test_what_is_cancelled_stays_owed_until_it_is_settled() -> None:
    """8 is the smallest order, 2 are wanted: 30 % of 1,000 is paid in quarter 0, and 20 % is lost.

    In quarter 1: 2 x 700, and 6 x 100 come back.
    """
    offer = buy(
        "chip", 1000, 8, lead_time_quarters=1, minimum_order_accelerators=8, cancellation_share=0.2,
        payments=[{"share": 0.3, "quarters_before_delivery": 1}],
    )  # fmt: skip
    found = results(plan(2, [0, 2], CHIP, {"own": offer}))
    assert cash(found) == exactly([2400, 800])
    assert cash(found, "cancellations") == exactly([0, -4800])
    assert owed(found) == exactly([5600, 0])
    assert (line(found, "buy").count, line(found, "buy").cash_usd) == (exactly(8), exactly(8000))
    assert (line(found, "cancel").count, line(found, "cancel").cash_usd) == exactly((6, -4800))
    assert found.mix[1].accelerators.mean.value == exactly(2)


def test_what_was_there_before() -> None:
    """5 owned for 400 a year; 6 at 2 x 2190 for three quarters, of which the plan has two; 7 due.

    Of the 7 at 1,000 two fifths are paid; they come a quarter late, in quarter 1.
    """
    existing = {
        "old": owned("chip", 5, 8, maintenance_usd_per_year=400),
        "held": contracted("chip", 6, 2, 3),
        "due": ordered("chip", 7, 1000, 8, paid_share=0.4, slip_quarters=1.0),
    }
    found = results(plan(2, 100, CHIP, {"rent": rent("chip", 1)}, existing=existing))
    each = 6 * 2 * HOURS
    assert cash(found, "maintenance") == exactly([500, 500])
    assert cash(found, "reservations") == exactly([each, each])
    assert cash(found, "purchases") == exactly([0, 4200])
    assert owed(found) == exactly([4200 + 2 * each, each])
    assert (line(found, "contracted").price, line(found, "contracted").count) == exactly((2, 6))
    assert line(found, "ordered").cash_usd == exactly(4200)


def test_an_order_that_was_placed_before_is_cancelled() -> None:
    """10 that nobody needs, due in quarter 2 at 1,000: 30 % of it is lost, 40 % is paid.

    Until then 600 of each are owed, and then 100 of each come back.
    """
    due = ordered("chip", 10, 1000, 8, delivery_in_quarters=2, paid_share=0.4,
                  cancellation_share=0.3)  # fmt: skip
    found = results(plan(3, 0, CHIP, {"rent": rent("chip", 1)}, existing={"due": due}))
    assert cash(found, "cancellations") == exactly([0, 0, -1000])
    assert cash(found, "purchases") == exactly([0, 0, 0])
    assert owed(found) == exactly([6000, 6000, 0])
    assert found.cost_usd.mean.value == exactly(-1000)
    assert line(found, "cancel").cash_usd == exactly(-1000)
    assert line(found, "cancel").count == exactly(10)


def test_power_that_is_leased_and_built() -> None:
    """10 kW of work, 2 kW there. 5 are leased for two quarters at 30 a quarter, 3 are built.

    The lease: 80 % of 150 whether drawn or not, and the rest for what is drawn. The engines are
    900 a kW, a quarter of it in the quarter before they run, ordered in the first for the second.
    """
    early = [{"share": 0.25, "quarters_before_delivery": 1}]
    power = {
        "grid": lease(10, 2, supply_mw=[0, 0.005, 0], take_or_pay_share=0.8, lead_time_quarters=1),
        "engines": build(900, 8, supply_mw=[0, 0.003, 0], lead_time_quarters=1, payments=early),
    }
    hall = {"hall": site(power_mw=0.002)}
    found = results(plan(3, [2, 10, 9], CHIP, {"rent": rent("chip", 1)}, sites=hall, power=power))
    # Nine of the third quarter need 4 of the 5 kW that are leased.
    assert cash(found, "power leased") == exactly([0, 5 * 30, 5 * 24 + 4 * 6])
    assert cash(found, "power built") == exactly([3 * 225, 3 * 675, 0])
    assert owed(found) == exactly([2 * 5 * 24 + 3 * 675, 5 * 24, 0])
    leased, built = line(found, "lease"), line(found, "build")
    assert (leased.count, leased.unit, leased.price) == (exactly(0.005), "MW", exactly(48_000))
    assert (built.count, built.cash_usd, built.signed) == (exactly(0.003), exactly(2700), "2026Q1")
    assert [item.megawatts.mean.value for item in found.power] == exactly([0.005, 0.003])
    assert found.mix[1].power_mw.mean.value == exactly(0.01)


def test_porting_is_paid_once_and_delays_the_first_use() -> None:
    """Begun in quarter 1 for 500, of use from 2 on; before, the demand of 10 is short."""
    porting = {"work": {"cost_usd": 500, "delay_quarters": 1, "from_quarter": "2026Q2"}}
    chip = {"chip": platform(porting=porting)}
    found = results(plan(4, 10, chip, {"rent": rent("chip", 1)}))
    assert cash(found, "porting") == exactly([0, 500, 0, 0])
    assert cash(found, "rentals") == exactly([0, 0, 10 * HOURS, 10 * HOURS])
    assert found.served[0].share.mean.value == exactly(0.5)
    port = line(found, "porting")
    assert (port.offer, port.unit, port.cash_usd) == ("chip", "for work", 500)
