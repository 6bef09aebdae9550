"""Buy: volume tiers, smallest orders, whole units, and cancelling what was ordered."""

from __future__ import annotations

from typing import Any

import pytest
from builders import RATE, deposit, exactly, held, hourly, one_chip, outcome, paid
from small import buy, rent

P = 1000.0


def tier(above: float, times: float) -> dict[str, float]:
    return {"above_accelerators": above, "price_times": times}


def cost_of(demand: list[float], rate: float = 0.0, rented: float | None = None, **terms: Any):
    offers = {"buy": buy("chip", P, 4, **terms)}
    if rented is not None:
        offers["rent"] = rent("chip", hourly(rented))
    return outcome(one_chip(len(demand), demand, offers, rate=rate))


RISING = [tier(4, 1.5), tier(8, 2.0)]


def test_a_rising_tier_is_paid_for_what_is_above_it() -> None:
    """10 at once: 4 P + 4 x 1.5 P + 2 x 2 P = 14 P."""
    found = cost_of([10], volume_prices=RISING)
    assert found.cost == exactly(14 * P)
    assert found.cash == {"purchases": exactly([14 * P])}


def test_rising_tiers_are_of_a_quarter_so_that_orders_are_spread() -> None:
    """2 and then 10, a life of 4 without residual: 4 early at 1, and of the 6 that are left 4 at
    1 and 2 at 1.5. Early ones cost no more than late ones: 8 P + 2 x 1.5 P = 11 P.
    """
    found = cost_of([2, 10], volume_prices=RISING)
    assert found.cost == exactly(11 * P)


def test_a_tier_acts_on_the_price_and_its_residual_but_not_on_server_or_installation() -> None:
    """All above 0.5 at half the price; 10 of P = 1000, E = 200, I = 50; rho = 0.4, T = 1, L = 4.

    Paid: 10 x 250 + (0.5 + 9.5 / 2) x 1000 = 7,750. Worth: 0.4 x 3 / 4 x (5,250 + 2,000) = 2,175.
    """
    terms = {"server_share_usd": 200.0, "installation_usd": 50.0, "residual_share": 0.4}
    found = cost_of([10], RATE, volume_prices=[tier(0.5, 0.5)], **terms)
    assert found.cash == {"purchases": exactly([7750])}
    assert found.residual == exactly(2175 * held(1))


def test_a_falling_tier_opens_only_when_those_before_are_full() -> None:
    """Above 4 at half: 3 cost 3 P (not 1.5 P), 10 cost 4 P + 6 P / 2 = 7 P."""
    falling = [tier(4, 0.5)]
    assert cost_of([3], volume_prices=falling).cost == exactly(3 * P)
    assert cost_of([10], volume_prices=falling).cost == exactly(7 * P)


def test_a_falling_tier_draws_orders_together() -> None:
    """4 wanted, then 8, then 12, and no residual; above 4 at a tenth: all 12 at once.

    4 P + 8 x 0.1 P = 4.8 P, against 4 P and twice 4 P or (4 + 0.4) P + ... for later orders.
    """
    found = cost_of([4, 8, 12], volume_prices=[tier(4, 0.1)])
    assert found.taken() == exactly([12, 0, 0])
    assert found.cost == exactly(4.8 * P)


def test_a_tier_that_falls_far_is_reached_by_buying_more_than_is_wanted() -> None:
    """A quarter's rent is 900, less than P: 3 would be rented for 2,700. Nothing else is cheaper.

    A tier never pays back what is above it: 3 wanted of above 2 at a hundredth cost 2 P + P / 100.
    """
    assert cost_of([3], rented=900, volume_prices=[tier(20, 0.01)]).cost == exactly(2700)
    assert cost_of([3], rented=900, volume_prices=[tier(2, 0.01)]).cost == exactly(2010)


def test_a_tier_that_is_dearer_than_the_last_but_cheaper_than_the_first_opens_in_turn() -> None:
    """1 up to 10, 0.5 up to 20, then 0.8: 5 cost 5 P, 15 cost 12.5 P, 25 cost 15 P + 4 P."""
    mixed = [tier(10, 0.5), tier(20, 0.8)]
    assert cost_of([5], volume_prices=mixed).cost == exactly(5 * P)
    assert cost_of([15], volume_prices=mixed).cost == exactly(12.5 * P)
    assert cost_of([25], volume_prices=mixed).cost == exactly(19 * P)


def test_deposits_are_of_the_tiers_price() -> None:
    """Above 4 at half, 30 % one quarter before: of 7,000 for 10, 2,100 and then 4,900."""
    terms = {"lead_time_quarters": 1, "payments": [deposit(0.3, 1)]}
    found = cost_of([0, 10], volume_prices=[tier(4, 0.5)], **terms)
    assert found.cash == {"purchases": exactly([2100, 4900])}
    assert found.owed == exactly([4900, 0])


def test_what_is_paid_after_the_plan_is_of_the_tiers_price() -> None:
    """60 % two quarters later, T = 1: of 7,000, 2,800 are paid and 4,200 owed, counted at D1."""
    found = cost_of([10], RATE, volume_prices=[tier(4, 0.5)], payments=[deposit(0.6, -2)])
    assert found.cash == {"purchases": exactly([2800])}
    assert found.owed == exactly([4200])
    assert found.cost == exactly(2800 * paid(0) + 4200 * held(1))


@pytest.mark.parametrize(("least", "taken"), [(3, 3), (5, 5), (8, 0)])
def test_a_smallest_order_is_met_or_left(least: float, taken: float) -> None:
    """3 wanted: 3 P, or all of a smallest order of 5 (5 P), or a rent of 3 x 2 P < 8 P."""
    found = cost_of([3], rented=2 * P, minimum_order_accelerators=least)
    assert found.taken() == exactly([taken])
    assert found.cost == exactly({3: 3, 5: 5, 8: 6}[int(least)] * P)


def test_a_supply_below_the_smallest_order_supplies_nothing() -> None:
    """At least 25 of 20.5, then of 26: 30 are rented at first, and then 26 bought, 4 rented."""
    terms = {"minimum_order_accelerators": 25, "supply_accelerators": [20.5, 26]}
    found = cost_of([30, 30], rented=2 * P, **terms)
    assert found.taken() == exactly([0, 26])
    assert found.cost == exactly((30 * 2 + 26 + 4 * 2) * P)


@pytest.mark.parametrize(("supply", "bought"), [(1e7, 16), (15.9, 8), (20.5, 16)])
def test_whole_units_are_all_or_nothing(supply: float, bought: float) -> None:
    """10 wanted in servers of 8 at P each, or rented at 5 P: two servers (16 P) beat 8 P + 10 P.

    A supply of 15.9 has one whole server; the other 2 are rented.
    """
    found = cost_of([10], rented=5 * P, whole_units_of=8, supply_accelerators=supply)
    assert found.taken() == exactly([bought])
    assert found.cost == exactly((bought + 5 * max(10 - bought, 0)) * P)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.9])
def test_cancelling_loses_a_share_of_the_price(share: float) -> None:
    """At least 5 for quarter 1 with 30 % paid one quarter before; 3 wanted: 2 are cancelled.

    Cost: 3 (300 d0 + 700 d1) + 2 (300 d0 + (1000 c - 300) d1): below 30 % it is a refund. The
    order is owed in full until the day, 5 x 700, and then nothing.
    """
    terms = {"lead_time_quarters": 1, "payments": [deposit(0.3, 1)]}
    found = cost_of([0, 3], RATE, minimum_order_accelerators=5, cancellation_share=share, **terms)
    gone = 300 * paid(0) + (1000 * share - 300) * paid(1)
    assert found.cost == exactly(3 * (300 * paid(0) + 700 * paid(1)) + 2 * gone)
    assert found.count("cancel") == exactly(2)
    assert found.measures.accelerators[0, 0] == exactly([0, 3])
    both = [found.cash["purchases"][t] + found.cash["cancellations"][t] for t in (0, 1)]
    assert both == exactly([1500, 2100 + 2 * (1000 * share - 300)])
    assert found.owed == exactly([3500, 0])


def test_a_cancelled_order_is_settled_when_it_was_due_and_not_when_it_would_have_come() -> None:
    """As above with c = 0.5 and a slip of 1: 2 x 200 in quarter 1, and 3 x 700 in quarter 2.

    Owed: 5 x 700 after quarter 0, 3 x 700 after quarter 1.
    """
    terms = {"lead_time_quarters": 1, "payments": [deposit(0.3, 1)], "slip_quarters": 1}
    found = cost_of([0, 0, 3], minimum_order_accelerators=5, cancellation_share=0.5, **terms)
    both = [found.cash["purchases"][t] + found.cash["cancellations"][t] for t in range(3)]
    assert both == exactly([1500, 400, 2100])
    assert found.owed == exactly([3500, 2100, 0])


def test_what_is_cancelled_costs_no_maintenance_and_is_worth_nothing() -> None:
    """At least 5, 3 wanted, c = 0: 3 of everything, cancelled or never ordered."""
    terms = {"residual_share": 0.5, "maintenance_usd_per_year": 40.0}
    found = cost_of([3], RATE, minimum_order_accelerators=5, cancellation_share=0.0, **terms)
    assert found.cost == exactly(3 * (1010 * paid(0) - 375 * held(1)))
    assert found.cash["maintenance"] == exactly([30])


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_no_tier_is_reached_by_ordering_what_is_then_cancelled(share: float) -> None:
    """Above 4 at a tenth, 3 wanted: 3 P, for what is cancelled saves only the tenth again."""
    found = cost_of([3], volume_prices=[tier(4, 0.1)], cancellation_share=share)
    assert found.cost == exactly(3 * P)
    assert found.count("cancel") == exactly(0)


def test_what_is_cancelled_saves_the_price_of_the_cheapest_tier() -> None:
    """At least 6, 3 wanted, above 4 at half, c = 0.2: 5 P - 3 x 0.5 P + 3 x 0.2 P = 4.1 P.

    Whoever orders for the sake of a tier and cancels must not gain, so those who have to cancel
    are counted a little too dear: 3.6 P without the tier.
    """
    terms = {"minimum_order_accelerators": 6, "cancellation_share": 0.2}
    assert cost_of([3], volume_prices=[tier(4, 0.5)], **terms).cost == exactly(4.1 * P)
    assert cost_of([3], **terms).cost == exactly(3.6 * P)
