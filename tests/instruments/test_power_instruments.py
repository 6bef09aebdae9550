"""Power contracts: a lease with take-or-pay, and power that one builds.

One chip takes 2 kW and the site's PUE is 1.5: 3 kW at the meter. The chips are rented for a dollar.
"""

from __future__ import annotations

from typing import Any

import pytest
from builders import RATE, Outcome, deposit, exactly, held, hourly, one_chip, outcome, paid
from small import build, lease, platform, rent, site, workload

SHORT = 1000.0
"""USD for a unit that is short for a quarter."""


def powered(
    demand: list[float], contract: dict[str, Any], mw: float = 0.0, rate: float = 0.0, **signed: Any
) -> Outcome:
    works = {"work": workload(demand, shortfall_usd_per_unit_hour=hourly(SHORT))}
    raw = one_chip(
        len(demand), works, {"rent": rent("chip", hourly(1))}, chip=platform(accelerator_kw=2.0),
        sites={"hall": site(power_mw=mw, pue=1.5)}, power={"more": contract}, rate=rate,
    )  # fmt: skip
    return outcome(raw, **signed)


def test_a_lease_is_paid_in_part_whether_drawn_or_not() -> None:
    """10 and then 4 chips take 30 and 12 kW; 12 are there. Leased: 18 kW for 2 quarters.

    At 50 a month and 40 % take-or-pay: 18 x 150 x 0.4 = 1,080 in each, and 18 x 150 x 0.6 = 1,620
    for what is drawn in quarter 0. Owed after 0: 1,080.
    """
    found = powered([10, 4], lease(50.0, 2, take_or_pay_share=0.4), mw=0.012, rate=RATE)
    assert found.cash == {"rentals": exactly([10, 4]), "power leased": exactly([2700, 1080])}
    assert found.owed == exactly([1080, 0])
    assert found.cost == exactly(2710 * paid(0) + 1084 * paid(1))


def test_what_is_drawn_is_paid_at_the_price_of_its_quarter() -> None:
    """Begun at 50, drawn at 50 and then 80 a month: 40 % of 150, and 60 % of 150 and of 240."""
    terms = {"supply_mw": [1.0, 0.0], "take_or_pay_share": 0.4}
    found = powered([10, 10], lease([50.0, 80.0], 2, **terms))
    assert found.cash["power leased"] == exactly([30 * 150, 30 * (60 + 144)])


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_lease_beyond_the_plan_is_owed_as_far_as_it_is_take_or_pay(share: float) -> None:
    """30 kW at 100 a month for 5 quarters of T = 2: 9,000 a quarter; 3 x 9,000 x share owed."""
    found = powered([10, 10], lease(100.0, 5, take_or_pay_share=share))
    assert found.cash["power leased"] == exactly([9000, 9000])
    assert found.owed == exactly([36_000 * share, 27_000 * share])


def test_a_lease_ends_and_begins_anew() -> None:
    """Terms of 1 at 50, 60, 70 a month: each quarter at its own price."""
    found = powered([10, 10, 10], lease([50.0, 60.0, 70.0], 1))
    assert found.cash["power leased"] == exactly([4500, 5400, 6300])
    assert found.owed == exactly([0, 0, 0])


def test_power_comes_after_its_lead_time_and_slip() -> None:
    """Lead time 1 and slip 1 of T = 4: nothing runs before quarter 2; signed in quarter 0.

    Planned for quarter 1, paid from 2 on at quarter 1's price. Owed from quarter 0 on.
    """
    terms = {"lead_time_quarters": 1, "slip_quarters": 1}
    found = powered([10] * 4, lease([9.0, 50.0, 9.0, 9.0], 2, supply_mw=[0, 1.0, 0, 0], **terms))
    assert found.cash == {
        "rentals": exactly([0, 0, 10, 10]),
        "power leased": exactly([0, 0, 4500, 4500]),
    }
    assert found.owed == exactly([9000, 9000, 4500, 0])


def test_built_power_is_paid_in_parts_and_worth_its_book_value() -> None:
    """30 kW at 400 with 25 % two quarters before quarter 2 of T = 4, L = 20, rho = 0.6.

    3,000 and 9,000; worth 0.6 x 12,000 x 18 / 20 = 6,480.
    """
    terms = {"lead_time_quarters": 2, "payments": [deposit(0.25, 2)], "residual_share": 0.6}
    found = powered([0, 0, 10, 10], build(400.0, 20, **terms), rate=RATE)
    assert found.cash == {
        "rentals": exactly([0, 0, 10, 10]),
        "power built": exactly([3000, 0, 9000, 0]),
    }
    assert found.residual == exactly(6480 * held(4))
    flows = 3000 * paid(0) + 9010 * paid(2) + 10 * paid(3) - 6480 * held(4)
    assert found.cost == exactly(flows)
    assert found.owed == exactly([9000, 9000, 0, 0])


@pytest.mark.parametrize("rho", [0.0, 0.6, 1.0])
def test_built_power_that_slips_past_the_plan_costs_what_it_is_not_worth(rho: float) -> None:
    """12,000, 25 % paid one quarter before 1 of T = 2: 3,000 d0 + (9,000 - 12,000 rho) D2."""
    terms = {"lead_time_quarters": 1, "payments": [deposit(0.25, 1)], "slip_quarters": 1}
    contract = build(400.0, 20, residual_share=rho, **terms)
    found = powered([0, 0], contract, rate=RATE, power__more__2026Q2=30.0)
    assert found.cost == exactly(3000 * paid(0) + (9000 - 12_000 * rho) * held(2))
    assert found.owed == exactly([9000, 9000])
    assert found.cost > 0


def test_power_beyond_its_life_is_gone() -> None:
    """A life of 2 of T = 3 and no supply later: the last quarter is short of 10 units."""
    found = powered([10] * 3, build(30.0, 2, supply_mw=[1.0, 0, 0]))
    assert found.cost == exactly(30 * 30 + 20 + 10 * SHORT)


def test_no_more_power_begins_than_there_is() -> None:
    """9 kW a quarter for good: 3, 6 and 9 chips of 10 run; 7, 4 and 1 units are short."""
    found = powered([10] * 3, build(30.0, 9, supply_mw=0.009))
    assert found.measures.power_mw[0, 0] == exactly([0.009, 0.018, 0.027])
    assert found.parts["shortfall"] == exactly((7 + 4 + 1) * SHORT)


def test_nothing_is_leased_for_a_quarter_without_demand() -> None:
    """10, 0, 10 on terms of 1: two of three quarters."""
    found = powered([10, 0, 10], lease(50.0, 1))
    assert found.cash["power leased"] == exactly([4500, 0, 4500])
