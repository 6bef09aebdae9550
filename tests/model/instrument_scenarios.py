"""A scenario for each instrument, and its costs by hand: the arithmetic is that of the comments.

`d[t]` is the factor of a payment in quarter `t`, `D` that of a value at the horizon. Where a test
prints them, both are 1, so that the golden file shows the plain sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from small import (
    build,
    buy,
    contracted,
    lease,
    option,
    ordered,
    owned,
    plan,
    platform,
    programme,
    rent,
    reserve,
    site,
    spot,
)

Raw = dict[str, Any]
Costs = dict[str, float]
ByHand = Callable[[Any, float], Costs]


@dataclass(frozen=True)
class Case:
    """A scenario, and the cost of every column but those that all scenarios have."""

    raw: Raw
    by_hand: ByHand


CHIP = {"chip": platform(peak_pflops=0.5)}
RENT = {"spare": rent("chip", 1)}


def _buy() -> Case:
    """Late by a quarter, 80 % of it comes, and the price falls by a tenth above 10.

    In the second quarter: A = 0.8 (20000 + 4000 + 1000 + 500) = 20400, of it the price 16000. A
    quarter is paid a quarter before, in the first; 5/8 on delivery, in the third; 1/8 a quarter
    after that: unpaid. Kept up for 0.8 x 1200 / 4 = 240. Worth 0.5 x 0.8 x 25000 x 3/4 = 7500, of
    the price alone 6000. Cancelled for 10 %: the quarter paid less 15 % back = 3060.

    In the third: A = 0.8 (10000 + 5500) = 12400, of it the price 8000. A quarter is paid in the
    second, the rest after the plan. Worth 0.5 x 0.8 x 15000 = 6000, of the price alone 4000.
    """
    offer = buy(
        "chip", [30000, 20000, 10000], 4, lead_time_quarters=1, slip_quarters=1.0,
        server_share_usd=4000, network_share_usd=1000, installation_usd=500,
        maintenance_usd_per_year=1200, residual_share=0.5, delivered_share=0.8,
        payments=[
            {"share": 0.25, "quarters_before_delivery": 1},
            {"share": 0.125, "quarters_before_delivery": -1},
        ],
        cancellation_share=0.1, supply_accelerators=40,
        volume_prices=[{"above_accelerators": 10, "price_times": 0.9}],
    )  # fmt: skip

    def by_hand(d: Any, D: float) -> Costs:
        second = 5100 * d[0] + (12750 + 240) * d[2] - (7500 - 2550) * D
        third = 3100 * d[1] - (6000 - 9300) * D
        price_second = 4000 * d[0] + 10000 * d[2] - (6000 - 2000) * D
        price_third = 2000 * d[1] - (4000 - 6000) * D
        return {
            "start.offer.hall.2026Q2": second,
            "start.offer.hall.2026Q3": third,
            "tier.offer.2026Q2.0": 0,
            "tier.offer.2026Q3.0": 0,
            "tier.offer.2026Q2.1": -0.1 * price_second,
            "tier.offer.2026Q3.1": -0.1 * price_third,
            "full.offer.2026Q2.1": 0,
            "full.offer.2026Q3.1": 0,
            # What is saved is counted at the cheapest tier's price: a tenth of it is not saved.
            "cancel.offer.hall.2026Q2": 5100 * d[0] - 3060 * d[1] - second + 0.1 * price_second,
            "cancel.offer.hall.2026Q3": 3100 * d[1] - 1860 * d[2] - third + 0.1 * price_third,
        }

    return Case(plan(3, [10, 11, 12], CHIP, {"offer": offer}), by_hand)


def _reserve() -> Case:
    """Late by a quarter, half of it comes; 40 % of three quarters are paid when it begins.

    From the first quarter: 2 x 2190 = 4380 a quarter. In the second 0.5 x 0.4 x 3 x 4380 = 2628 and
    0.5 x 0.6 x 4380 = 1314, in the third 1314; prepaid for one quarter after the plan: 876.
    From the second: 8760 a quarter. In the third 5256 + 2628; prepaid for two quarters: 3504.
    From the third: it begins after the plan and costs nothing in it.
    """
    offer = reserve(
        "chip", [2, 4, 8], 3, slip_quarters=1.0, upfront_share=0.4, delivered_share=0.5,
        supply_accelerators=40,
    )  # fmt: skip

    def by_hand(d: Any, D: float) -> Costs:
        return {
            "start.offer.hall.2026Q1": (2628 + 1314) * d[1] + 1314 * d[2] - 876 * D,
            "start.offer.hall.2026Q2": (5256 + 2628) * d[2] - 3504 * D,
            "start.offer.hall.2026Q3": 0,
        }

    return Case(plan(3, [10, 11, 12], CHIP, {"offer": offer}), by_hand)


def _rent() -> Case:
    """At work: 2 kW x 1.5 x 2190 h x 0.1 USD = 657 of energy and 2 kW x 3 months x 50 USD = 300."""
    hall = site(pue=1.5, energy_usd_per_kwh=0.1, hosting_usd_per_kw_month=50)
    chip = platform(peak_pflops=0.5, accelerator_kw=2)
    offer = rent("chip", [1, 2], supply_accelerators=[70, 80])

    def by_hand(d: Any, D: float) -> Costs:
        return {
            "rent.offer.hall.2026Q1": 2190 * d[0],
            "rent.offer.hall.2026Q2": 4380 * d[1],
            "allocate.chip.hall.work.2026Q1": 957 * d[0],
            "allocate.chip.hall.work.2026Q2": 957 * d[1],
        }

    raw = plan(2, [10, 11], {"chip": chip}, {"offer": offer}, sites={"hall": hall})
    return Case(raw, by_hand)


def _spot() -> Case:
    """Three quarters of what is paid for works; idle power of 1/3: 300 + 219, and 438 at work."""
    hall = site(pue=1.5, energy_usd_per_kwh=0.1, hosting_usd_per_kw_month=50)
    chip = platform(peak_pflops=0.5, accelerator_kw=2, idle_power_share=1 / 3)
    offer = spot("chip", [1, 2], interruption_share=0.25, supply_accelerators=[70, 80])

    def by_hand(d: Any, D: float) -> Costs:
        return {
            "rent.offer.hall.2026Q1": 2190 * d[0],
            "rent.offer.hall.2026Q2": 4380 * d[1],
            "deploy.chip.hall.2026Q1": 519 * d[0],
            "deploy.chip.hall.2026Q2": 519 * d[1],
            "allocate.chip.hall.work.2026Q1": 438 * d[0],
            "allocate.chip.hall.work.2026Q2": 438 * d[1],
        }

    raw = plan(2, [10, 11], {"chip": chip}, {"offer": offer}, sites={"hall": hall})
    return Case(raw, by_hand)


def _option() -> Case:
    """Ordered in the first two quarters for the second and third, at 20000 and what servers cost.

    22000 in the second, worn out at the horizon; 23000 in the third, worth 0.5 x 23000 x 1/2.
    """
    offer = option(
        "chip", 20000, 2, server_share_usd=[1000, 2000, 3000], fee_usd=5000,
        lead_time_quarters=1, up_to_accelerators=70, exercise_until="2026Q2", residual_share=0.5,
        supply_accelerators=40,
    )  # fmt: skip

    def by_hand(d: Any, D: float) -> Costs:
        return {
            "right.offer": 5000 * d[0],
            "start.offer.hall.2026Q2": 22000 * d[1],
            "start.offer.hall.2026Q3": 23000 * d[2] - 5750 * D,
        }

    return Case(plan(3, [10, 11, 12], CHIP, {"offer": offer}), by_hand)


def _programme() -> Case:
    """Funded in the second of four quarters, for two; silicon a quarter after, and one late.

    Half of the ramp of 100 comes in the fourth quarter. What is ordered for the third costs 600 (a
    fifth a quarter before), worth 0.5 x 600 x 1/3 = 100; for the fourth 900, worth 0.5 x 900 x 2/3.
    """
    offer = programme(
        "chip", [1, 1, 600, 900], 3, funding_quarter="2026Q2",
        nre_usd_per_quarter=[1e6, 2e6, 3e6, 4e6],
        nre_quarters=2, quarters_to_first_silicon=1, slip_quarters=1.0, ramp_times=0.5,
        ramp_accelerators=[100, 200], residual_share=0.5,
        payments=[{"share": 0.2, "quarters_before_delivery": 1}],
    )  # fmt: skip

    def by_hand(d: Any, D: float) -> Costs:
        return {
            "fund.offer": 2e6 * d[1] + 3e6 * d[2],
            "start.offer.hall.2026Q3": 120 * d[1] + 480 * d[2] - 100 * D,
            "start.offer.hall.2026Q4": 180 * d[2] + 720 * d[3] - 300 * D,
        }

    return Case(plan(4, [10, 11, 12, 13], CHIP, {"offer": offer}), by_hand)


def _owned() -> Case:
    """50 for two of three quarters, kept up for 400 a year: 100 a quarter."""

    def by_hand(d: Any, D: float) -> Costs:
        return {"existing.old": 100 * (d[0] + d[1])}

    existing = {"old": owned("chip", 50, 2, maintenance_usd_per_year=400)}
    return Case(plan(3, [10, 11, 12], CHIP, RENT, existing=existing), by_hand)


def _contracted() -> Case:
    """60 for two of three quarters at 2 x 2190."""

    def by_hand(d: Any, D: float) -> Costs:
        return {"existing.held": 4380 * (d[0] + d[1])}

    existing = {"held": contracted("chip", 60, 2, 2)}
    return Case(plan(3, [10, 11, 12], CHIP, RENT, existing=existing), by_hand)


def _ordered() -> Case:
    """70 planned for the second quarter that come in the third; a fifth of 9000 is paid.

    In the third 7200 and 100 of maintenance; worth 0.5 x 9000 x 3/4 = 3375. Cancelled in the second
    for 0.3 x 9000, of which 1800 are paid.
    """

    def by_hand(d: Any, D: float) -> Costs:
        return {"existing.due": 7300 * d[2] - 3375 * D, "void.due": 900 * d[1]}

    due = ordered(
        "chip", 70, 9000, 4, delivery_in_quarters=1, slip_quarters=1.0, paid_share=0.2,
        residual_share=0.5, maintenance_usd_per_year=400, cancellation_share=0.3,
    )  # fmt: skip
    return Case(plan(3, [10, 11, 12], CHIP, RENT, existing={"due": due}), by_hand)


def _lease() -> Case:
    """Late by a quarter; 3 months at 10, 20, 30 are 30, 60, 90: 80 % whether drawn or not."""

    def by_hand(d: Any, D: float) -> Costs:
        return {
            "power.grid.2026Q1": 24 * (d[1] + d[2]),
            "power.grid.2026Q2": 48 * d[2],
            "power.grid.2026Q3": 0,
            "draw.grid.2026Q1": 6 * d[0],
            "draw.grid.2026Q2": 12 * d[1],
            "draw.grid.2026Q3": 18 * d[2],
        }

    grid = lease([10, 20, 30], 2, slip_quarters=1.0, take_or_pay_share=0.8, supply_mw=0.04)
    hall = {"hall": site(power_mw=0.002)}
    raw = plan(3, [10, 11, 12], CHIP, RENT, sites=hall, power={"grid": grid})
    return Case(raw, by_hand)


def _build() -> Case:
    """Late by a quarter, half paid a quarter before.

    For the second quarter: 400 in the first, 400 in the third; worth 0.5 x 800 x 3/4 = 300. For the
    third: 350 in the second; worth 0.5 x 700 = 350, less 350 that are unpaid.
    """

    def by_hand(d: Any, D: float) -> Costs:
        return {
            "power.engines.2026Q2": 400 * d[0] + 400 * d[2] - 300 * D,
            "power.engines.2026Q3": 350 * d[1] - (350 - 350) * D,
        }

    half = [{"share": 0.5, "quarters_before_delivery": 1}]
    engines = build(
        [900, 800, 700], 4, lead_time_quarters=1, slip_quarters=1.0, payments=half,
        residual_share=0.5, supply_mw=0.04,
    )  # fmt: skip
    hall = {"hall": site(power_mw=0.002)}
    raw = plan(3, [10, 11, 12], CHIP, RENT, sites=hall, power={"engines": engines})
    return Case(raw, by_hand)


INSTRUMENT_CASES: dict[str, Case] = {
    "buy": _buy(),
    "reserve": _reserve(),
    "rent": _rent(),
    "spot": _spot(),
    "option": _option(),
    "programme": _programme(),
    "owned": _owned(),
    "contracted": _contracted(),
    "ordered": _ordered(),
    "lease": _lease(),
    "build": _build(),
}
