"""Reserve: paid by the hour for a term, in part when it begins, whether used or not.

With R = 2190 x price of the planned quarter u, term L, upfront share f and slip s, one costs

    g f R L d[u + s] + g (1 - f) R d[t] for every quarter of the term inside the plan
    - g f R (quarters of the term after the plan) D, if it begins inside the plan.
"""

from __future__ import annotations

from typing import Any

import pytest
from builders import RATE, Outcome, Raw, exactly, held, hourly, one_chip, outcome, paid
from small import rent, reserve

R = 100.0


def signed(demand: list[float], term: int, rate: float = RATE, **terms: Any) -> Raw:
    price = terms.pop("price", hourly(R))
    offers = {"term": reserve("chip", price, term, **terms)}
    return one_chip(len(demand), demand, offers, rate=rate)


def test_a_term_is_paid_while_it_lasts_and_owed_beyond_the_plan() -> None:
    """5 for 6 quarters from quarter 1 of T = 4: 500 in each of 1, 2, 3, and 1,500 owed at the end.

    Signed in quarter 0 (lead time 1): 3,000 are owed then. cost = 500 (d1 + d2 + d3).
    """
    found = outcome(signed([0, 5, 5, 5], 6, lead_time_quarters=1))
    assert found.cash == {"reservations": exactly([0, 500, 500, 500])}
    assert found.owed == exactly([3000, 2500, 2000, 1500])
    assert found.cost == exactly(500 * (paid(1) + paid(2) + paid(3)))
    assert found.residual == 0


def test_what_is_paid_upfront_for_after_the_plan_is_credited() -> None:
    """f = 0.4 of a term of 6 from quarter 1 of T = 4, 5 of them.

    Paid: 0.4 x 500 x 6 + 300 = 1,500 in quarter 1, then 300. Owed at the end: 3 x 300. Credited:
    0.4 x 500 x 3 = 600 at the horizon.
    """
    found = outcome(signed([0, 5, 5, 5], 6, upfront_share=0.4))
    assert found.cash == {"reservations": exactly([0, 1500, 300, 300])}
    assert found.owed == exactly([0, 1500, 1200, 900])
    assert found.residual == exactly(600 * held(4))
    assert found.cost == exactly(1500 * paid(1) + 300 * (paid(2) + paid(3)) - 600 * held(4))


@pytest.mark.parametrize("term", [1, 4, 20, 60])
def test_paying_a_term_upfront_in_the_last_quarter_never_costs_less_than_a_quarter(
    term: int,
) -> None:
    """R L d - R (L - 1) D with d = D x 1.05: R D (1.05 L - L + 1), at least R d, however long."""
    found = outcome(signed([5], term, upfront_share=1.0))
    assert found.cost == exactly(5 * R * held(1) * (0.05 * term + 1))
    assert found.cost >= 5 * R * paid(0) * (1 - 1e-12)
    assert found.owed == exactly([0])


def test_terms_that_end_inside_are_signed_again_at_the_price_of_their_quarter() -> None:
    """Terms of 2 with 10 wanted for 4 quarters, at 100, 90, 80, 70: signed in 0 and in 2."""
    prices = [hourly(usd) for usd in (100, 90, 80, 70)]
    found = outcome(signed([10, 10, 10, 10], 2, price=prices))
    assert found.taken() == exactly([10, 0, 10, 0])
    assert found.cash == {"reservations": exactly([1000, 1000, 800, 800])}
    assert found.owed == exactly([1000, 0, 800, 0])


def test_a_slip_moves_the_whole_term_at_the_price_of_the_planned_quarter() -> None:
    """Slip 1, term 2, wanted in quarters 1 and 2: planned for 0, when it costs 100."""
    prices = [hourly(usd) for usd in (100, 200, 300)]
    found = outcome(signed([0, 10, 10], 2, price=prices, slip_quarters=1))
    assert found.taken() == exactly([10, 0, 0])
    assert found.cash == {"reservations": exactly([0, 1000, 1000])}
    assert found.owed == exactly([2000, 1000, 0])


@pytest.mark.parametrize("slip", [1, 9])
@pytest.mark.parametrize("upfront", [0.0, 0.5, 1.0])
def test_a_term_that_slips_past_the_plan_is_neither_paid_nor_credited(
    upfront: float, slip: int
) -> None:
    """Planned for the last quarter with a slip: no cash, no cost, and all 6 x 500 owed."""
    raw = signed([0, 0], 6, upfront_share=upfront, slip_quarters=slip)
    found = outcome(raw, start__term__hall__2026Q2=5.0)
    assert found.cost == 0
    assert found.cash == {}
    assert found.owed == exactly([0, 3000])


def test_what_is_not_delivered_is_not_paid() -> None:
    """g = 0.8 and 8 wanted: 10 signed, 8 x 100 paid in each of 2 quarters, 800 owed after one."""
    found = outcome(signed([8, 8], 2, delivered_share=0.8))
    assert found.taken() == exactly([10, 0])
    assert found.cash == {"reservations": exactly([800, 800])}
    assert found.owed == exactly([800, 0])


def against_rent(demand: list[float], rented: float, **terms: Any) -> Outcome:
    length = terms.pop("term", 2)
    offers = {
        "term": reserve("chip", hourly(R), length, **terms),
        "rent": rent("chip", hourly(rented)),
    }
    return outcome(one_chip(len(demand), demand, offers))


def test_a_smallest_order_is_met_or_left() -> None:
    """At least 5 for 2 quarters of 3 wanted: 5 x 200 beats 3 x 2 x 180 = 1,080, not 3 x 2 x 160."""
    assert against_rent([3, 3], 180, minimum_order_accelerators=5).cost == exactly(1000)
    assert against_rent([3, 3], 160, minimum_order_accelerators=5).cost == exactly(960)


def test_whole_units_are_all_or_nothing() -> None:
    """10 wanted in pods of 8: 16 x 100 or 800 and 2 rented; of rents of 300 and 900 each."""
    assert against_rent([10], 300, term=1, whole_units_of=8).cost == exactly(800 + 600)
    assert against_rent([10], 900, term=1, whole_units_of=8).cost == exactly(1600)


def test_when_demand_falls_the_term_is_paid_to_its_end_and_the_rent_is_not() -> None:
    """10, 10, 4, 4 at a term of 4 for 100 a quarter or a rent of 180.

    4 are needed throughout: 400 < 720. The other 6 for two quarters: 360 rented, 400 reserved.
    """
    found = against_rent([10, 10, 4, 4], 180, term=4)
    assert found.taken(0) == exactly([4, 0, 0, 0])
    assert found.taken(1) == exactly([6, 6, 0, 0])
    assert found.cost == exactly(4 * 400 + 6 * 360)


def test_a_quarter_without_demand_inside_a_term_is_paid() -> None:
    """10, 0, 10 at a term of 3 from quarter 0 for 100 or a rent of 160: 300 < 320; at 140 it is
    rented.
    """
    terms = {"term": 3, "supply_accelerators": [10, 0, 0]}
    assert against_rent([10, 0, 10], 160, **terms).cost == exactly(3000)
    assert against_rent([10, 0, 10], 140, **terms).cost == exactly(2800)


def test_of_a_term_signed_in_the_last_quarter_one_quarter_is_a_cost_and_the_rest_is_owed() -> None:
    """10, 0, 10 as above without an end of supply: rent once, 160, and then a term for 100.

    The 2 quarters after the plan, 2,000, are no cost of it, but they are owed.
    """
    found = against_rent([10, 0, 10], 160, term=3)
    assert found.cost == exactly(2600)
    assert found.owed == exactly([0, 0, 2000])


@pytest.mark.parametrize("lead", [1, 2, 5])
def test_what_takes_longer_than_the_first_quarters_leaves_them_to_rent(lead: int) -> None:
    found = against_rent([10, 10, 10], 180, term=1, lead_time_quarters=lead)
    early = min(lead, 3)
    assert found.cost == exactly(10 * (180 * early + 100 * (3 - early)))
