"""Buy: the price in parts and in payments, slips, the delivered share, maintenance, residual.

With a price A = P + E + I (chip, server and network, installation) of the planned quarter u, life
L, residual share rho, delivered share g and slip s, one accelerator of an order costs

    sum of payments g a A d[when] + g m / 4 d[t] in service
    - rho g (P + E) clip(u + s + L - T, 0, L) / L D + g a A D for payments due after the plan.
"""

from __future__ import annotations

from typing import Any

import pytest
from builders import RATE, Raw, deposit, exactly, held, hourly, one_chip, outcome, paid
from small import bench, buy, rent, workload

P = 1000.0


def bought(quarters: int, demand: list[float], rate: float = 0.0, **terms: Any) -> Raw:
    price = terms.pop("price", P)
    life = terms.pop("life", 4)
    return one_chip(quarters, demand, {"buy": buy("chip", price, life, **terms)}, rate=rate)


def test_the_price_has_parts_and_only_the_equipment_is_worth_anything_later() -> None:
    """10 of A = 1000 + 200 + 100 + 50 = 1350, 40 a year of maintenance, T = 2, L = 4, rho = 0.5.

    cost = 10 (1350 d0 + 10 (d0 + d1) - 0.5 x 1300 x 2 / 4 x D2); cash 13,600 and then 100; worth
    10 x 325 = 3,250 at the horizon.
    """
    found = outcome(
        bought(
            2, [10, 10], RATE, residual_share=0.5, maintenance_usd_per_year=40.0,
            server_share_usd=200.0, network_share_usd=100.0, installation_usd=50.0,
        )
    )  # fmt: skip
    one = 1350 * paid(0) + 10 * (paid(0) + paid(1)) - 325 * held(2)
    assert found.cost == exactly(10 * one)
    assert found.cash == {"purchases": exactly([13_500, 0]), "maintenance": exactly([100, 100])}
    assert found.residual == exactly(3250 * held(2))
    assert found.owed == exactly([0, 0])


PARTS = [deposit(0.2, 2), deposit(0.3, 1), deposit(0.1, -1)]


def test_payments_fall_before_on_and_after_delivery() -> None:
    """20 % two quarters before, 30 % one before, 40 % on delivery in quarter 2, 10 % one after.

    Cash of 10 at 1,000: 2000, 3000, 4000, 1000. Owed after each quarter: what is left of 10,000.
    """
    found = outcome(bought(4, [0, 0, 10, 10], RATE, lead_time_quarters=2, payments=PARTS))
    assert found.cash == {"purchases": exactly([2000, 3000, 4000, 1000])}
    assert found.owed == exactly([8000, 5000, 1000, 0])
    flows = 2000 * paid(0) + 3000 * paid(1) + 4000 * paid(2) + 1000 * paid(3)
    assert found.cost == exactly(flows)


def test_a_slip_leaves_the_deposits_and_moves_the_rest_and_the_life() -> None:
    """Planned for quarter 2, delivered in 3: 2000, 3000, 0, 4000, 1000; L = 4 of T = 5.

    At the horizon 3 + 4 - 5 = 2 of 4 quarters are left: worth 0.5 x 2 / 4 x 10,000 = 2,500.
    """
    terms = {"lead_time_quarters": 2, "payments": PARTS, "slip_quarters": 1.0}
    found = outcome(bought(5, [0, 0, 0, 10, 10], RATE, residual_share=0.5, **terms))
    assert found.taken() == exactly([0, 0, 10, 0, 0])
    assert found.cash == {"purchases": exactly([2000, 3000, 0, 4000, 1000])}
    assert found.owed == exactly([8000, 5000, 5000, 1000, 0])
    assert found.residual == exactly(2500 * held(5))


@pytest.mark.parametrize(("drawn", "late"), [(0.49, 0), (0.5, 1), (1.49, 1), (1.5, 2)])
def test_a_slip_is_rounded_to_whole_quarters_halves_up(drawn: float, late: int) -> None:
    """Whoever buys for quarter 0 is served from quarter s = floor(slip + 0.5) on."""
    raw = bought(3, [10, 10, 10], slip_quarters=drawn, life=9)
    assert outcome(raw).measures.accelerators[0, 0] == exactly([10 * (t >= late) for t in range(3)])


@pytest.mark.parametrize("slip", [2.0, 30.0])
@pytest.mark.parametrize("rho", [0.0, 0.6, 1.0])
def test_a_slip_past_the_horizon_costs_the_deposit_and_what_the_rest_is_above_the_book_value(
    slip: float, rho: float
) -> None:
    """Planned for 1 of T = 3 with 30 % one quarter before: 0.3 P d0 + (0.7 P - rho P) D3.

    No free lunch: with rho = 1 the deposit is worth its book value at the horizon and no more, so
    0.3 P (d0 - D3) is lost; and no punishment: however late it is, it costs the same. The rest,
    7,000, is still owed at the end, and nothing serves.
    """
    terms = {"lead_time_quarters": 1, "payments": [deposit(0.3, 1)], "slip_quarters": slip}
    raw = bought(3, [0, 0, 0], RATE, residual_share=rho, **terms)
    found = outcome(raw, start__buy__hall__2026Q2=10.0)
    assert found.cost == exactly(3000 * paid(0) + (7000 - 10_000 * rho) * held(3))
    assert found.cost > 0
    assert found.cash == {"purchases": exactly([3000, 0, 0])}
    assert found.owed == exactly([7000, 7000, 7000])
    assert found.measures.accelerators.sum() == 0
    assert outcome(raw).taken() == exactly([0, 0, 0])


def test_what_is_paid_after_the_plan_counts_at_the_horizon() -> None:
    """60 % five quarters after delivery, T = 2: 0.4 P d0 + 0.6 P D2, and 6,000 stay owed.

    Paying it later is worth no more than that: the same as 60 % in any quarter after the plan.
    """
    for after in (2, 5, 8):
        found = outcome(bought(2, [10, 10], RATE, payments=[deposit(0.6, -after)]))
        assert found.cost == exactly(4000 * paid(0) + 6000 * held(2))
        assert found.owed == exactly([6000, 6000])
        assert found.cash == {"purchases": exactly([4000, 0])}


def test_what_is_not_delivered_is_not_paid() -> None:
    """g = 0.8: 8 wanted are 10 ordered; price, maintenance and residual are of 8.

    8 x (1000 d0 + 10 d0 - 0.5 x 1000 x 3 / 4 D1). With a supply of 9 orders, 7.2 come.
    """
    terms = {"delivered_share": 0.8, "residual_share": 0.5, "maintenance_usd_per_year": 40.0}
    found = outcome(bought(1, [8], RATE, **terms))
    assert found.taken() == exactly([10])
    assert found.cost == exactly(8 * (1010 * paid(0) - 375 * held(1)))
    short = outcome(bought(1, [8], RATE, supply_accelerators=9, **terms))
    assert short.measures.accelerators[0, 0] == exactly([7.2])


def test_the_price_is_that_of_the_planned_quarter() -> None:
    """A slip of one with prices that double: whoever is served in quarter 1 pays quarter 0's."""
    found = outcome(bought(2, [0, 10], price=[P, 2 * P], slip_quarters=1))
    assert found.cash == {"purchases": exactly([0, 10_000])}


def test_maintenance_is_paid_in_service_at_the_price_of_the_quarter() -> None:
    """Delivered in quarter 1 of T = 4 with a life of 2: 10 x (40, 80) / 4 in quarters 1 and 2."""
    terms = {"life": 2, "lead_time_quarters": 1, "maintenance_usd_per_year": [9.0, 40, 80, 9]}
    found = outcome(bought(4, [0, 10, 10, 0], RATE, **terms))
    assert found.cash == {
        "purchases": exactly([0, 10_000, 0, 0]),
        "maintenance": exactly([0, 100, 200, 0]),
    }


@pytest.mark.parametrize("lead", [1, 2, 3, 40])
def test_what_takes_longer_than_the_first_quarters_leaves_them_to_rent_or_short(lead: int) -> None:
    """T = 3, rent of a quarter at 400 < 1000: rented for `lead` quarters, bought for the rest.

    Owning costs 1000 - 0.9 x 1000 x (lead + 20 - 3) / 20 at most 235 here, below a quarter's rent.
    """
    offers = {
        "buy": buy("chip", P, 20, lead_time_quarters=lead, residual_share=0.9),
        "rent": rent("chip", hourly(400)),
    }
    found = outcome(one_chip(3, [10, 10, 10], offers))
    early = min(lead, 3)
    assert found.taken(1) == exactly([10 * (t < early) for t in range(3)])
    owning = 0.0 if lead >= 3 else 1000 - 900 * (lead + 17) / 20
    assert found.cost == exactly(10 * (400 * early + owning))
    del offers["rent"]
    served = outcome(one_chip(3, [10, 10, 10], offers)).measures.served_share[0, 0]
    assert served == exactly(1 - early / 3)


def test_nothing_is_bought_for_a_quarter_without_demand() -> None:
    """Demand 10, 0, 10 with a life of 1: bought twice, 10,000 (d0 + d2), and none between."""
    found = outcome(bought(3, [10, 0, 10], RATE, life=1))
    assert found.taken() == exactly([10, 0, 10])
    assert found.cost == exactly(10_000 * (paid(0) + paid(2)))


def test_what_is_owned_stays_and_what_is_rented_goes_when_demand_falls() -> None:
    """10, 10, 4, 4: of a life of 4 at 1000, or a quarter's rent at 400.

    4 owned cost 1000 each against 4 x 400; the other 6 are needed for 2 quarters, 800 < 1000.
    """
    offers = {"buy": buy("chip", P, 4), "rent": rent("chip", hourly(400))}
    found = outcome(one_chip(4, [10, 10, 4, 4], offers))
    assert found.taken(0) == exactly([4, 0, 0, 0])
    assert found.taken(1) == exactly([6, 6, 0, 0])
    dear = {**offers, "rent": rent("chip", hourly(600))}
    owned = outcome(one_chip(4, [10, 10, 4, 4], dear))
    assert owned.measures.accelerators[0, 0] == exactly([10, 10, 10, 10])
    assert owned.cost == exactly(10_000)


def test_each_sample_has_its_own_slip() -> None:
    """A slip of 0 or 2 of T = 2: served and paid 10,000, or short and nothing to buy.

    A sample knows its own slip, so no order that comes too late is placed.
    """
    slip = {"distribution": "discrete", "values": [0, 2], "probabilities": [0.5, 0.5]}
    raw = bought(2, [10, 10], slip_quarters=slip)
    raw["workloads"] = {"work": workload([10, 10], shortfall_usd_per_unit_hour=1.0)}
    made = bench(raw)
    draws, block = made.draw(0, 20)
    found = made.solve(made.model.programs(block)).solutions
    slips = draws.values["offers.buy.slip_quarters"]
    assert set(slips) == {0, 2}
    for slip_drawn, usd in zip(slips, found.objective, strict=True):
        assert usd == exactly(10_000 if slip_drawn == 0 else 2 * 10 * 2190)
