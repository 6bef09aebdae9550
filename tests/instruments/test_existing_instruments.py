"""What is there when the plan begins: owned, contracted, and ordered to be kept or cancelled."""

from __future__ import annotations

from typing import Any

import pytest
from builders import RATE, Raw, exactly, held, hourly, one_chip, outcome, paid
from small import contracted, ordered, owned, rent


def with_entry(entry: dict[str, Any], demand: list[float], rate: float = RATE) -> Raw:
    """An existing entry, and rent for a quarter at 100."""
    offers = {"rent": rent("chip", hourly(100))}
    return one_chip(len(demand), demand, offers, rate=rate, existing={"entry": entry})


def test_owned_costs_maintenance_to_the_end_of_its_life_used_or_not() -> None:
    """8 for 2 more quarters of T = 3 at (40, 80, 9) a year: 80 and 160; rent fills the rest.

    Wanted 10, 0, 10: 2 rented, none, 10.
    """
    entry = owned("chip", 8, 2, maintenance_usd_per_year=[40.0, 80.0, 9.0])
    found = outcome(with_entry(entry, [10, 0, 10]))
    assert found.cash == {
        "maintenance": exactly([80, 160, 0]),
        "rentals": exactly([200, 0, 1000]),
    }
    assert found.cost == exactly(280 * paid(0) + 160 * paid(1) + 1000 * paid(2))
    assert found.residual == 0
    assert found.owed == exactly([0, 0, 0])


def test_contracted_is_paid_to_the_end_of_its_term_used_or_not() -> None:
    """8 for 5 quarters at 60, of T = 3: 480 in each; two more, 960, are owed at the end."""
    found = outcome(with_entry(contracted("chip", 8, hourly(60), 5), [10, 0, 8]))
    assert found.cash == {
        "reservations": exactly([480, 480, 480]),
        "rentals": exactly([200, 0, 0]),
    }
    assert found.owed == exactly([1920, 1440, 960])
    ended = outcome(with_entry(contracted("chip", 8, hourly(60), 1), [8, 8, 8]))
    assert ended.cash == {
        "reservations": exactly([480, 0, 0]),
        "rentals": exactly([0, 800, 800]),
    }


ORDER = {"delivery_in_quarters": 1, "paid_share": 0.4, "residual_share": 0.5}


def test_an_order_is_paid_on_delivery_less_what_was_paid() -> None:
    """5 at 1,000 of which 40 % are paid, due in 1 of T = 3, L = 4, 40 a year of maintenance.

    3,000 in quarter 1, 50 in 1 and 2; worth 0.5 x 5,000 x 2 / 4 = 1,250. Owed after 0: 3,000.
    """
    entry = ordered("chip", 5, 1000.0, 4, maintenance_usd_per_year=40.0, **ORDER)
    found = outcome(with_entry(entry, [5, 5, 5]))
    assert found.cash == {
        "rentals": exactly([500, 0, 0]),
        "purchases": exactly([0, 3000, 0]),
        "maintenance": exactly([0, 50, 50]),
    }
    assert found.residual == exactly(1250 * held(3))
    flows = 500 * paid(0) + 3050 * paid(1) + 50 * paid(2) - 1250 * held(3)
    assert found.cost == exactly(flows)
    assert found.owed == exactly([3000, 0, 0])


@pytest.mark.parametrize("slip", [2.0, 30.0])
def test_an_order_that_slips_past_the_plan_is_worth_its_book_value_less_what_is_unpaid(
    slip: float,
) -> None:
    """0.5 x 5,000 - 3,000 = -500 at the horizon, however late; 3,000 owed; nothing served."""
    found = outcome(with_entry(ordered("chip", 5, 1000.0, 4, slip_quarters=slip, **ORDER), [0] * 3))
    assert found.cost == exactly(500 * held(3))
    assert found.cash == {}
    assert found.owed == exactly([3000, 3000, 3000])


@pytest.mark.parametrize(("lost", "usd"), [(0.1, -1500), (0.4, 0), (0.7, 1500)])
@pytest.mark.parametrize("slip", [0, 1])
def test_a_cancelled_order_costs_what_is_lost_less_what_was_paid_when_it_was_due(
    lost: float, usd: float, slip: int
) -> None:
    """5 of 1,000 with 40 % paid: 5,000 c - 2,000 in quarter 1, a refund below 40 %.

    The order stays owed, 3,000, until that day: it is no claim on anybody before. A slip does not
    move the day.
    """
    terms = {**ORDER, "residual_share": 0.0, "cancellation_share": lost, "slip_quarters": slip}
    found = outcome(with_entry(ordered("chip", 5, 1000.0, 4, **terms), [0, 0, 0]))
    assert found.count("void") == exactly(5)
    assert found.cost == exactly(usd * paid(1))
    assert found.owed == exactly([3000, 0, 0])
    assert found.cash == ({"cancellations": exactly([0, usd, 0])} if usd else {})
    assert found.measures.accelerators.sum() == 0


@pytest.mark.parametrize("side", [-1e-3, 1e-3])
def test_an_order_is_cancelled_where_that_is_cheaper_than_what_it_saves(side: float) -> None:
    """Kept, one costs 600; cancelled, 1000 c - 400 and 2 quarters of rent, 200: even at c = 0.8.

    No residual, no discounting; quarter 0 is rented for 500 either way.
    """
    terms = {**ORDER, "residual_share": 0.0, "cancellation_share": 0.8 + side}
    found = outcome(with_entry(ordered("chip", 5, 1000.0, 4, **terms), [5, 5, 5], rate=0.0))
    assert (found.count("void") > 1) == (side < 0)
    assert found.count("existing") == exactly(5 - found.count("void"))
    assert found.cost == exactly(500 + 5 * (600 + min(1000 * side, 0)))


def test_a_part_of_an_order_is_kept() -> None:
    """3 of 5 are wanted for 9 quarters of rent at 100: kept at 600, and 2 cancelled for 100."""
    terms = {**ORDER, "delivery_in_quarters": 0, "residual_share": 0.0, "cancellation_share": 0.5}
    found = outcome(with_entry(ordered("chip", 5, 1000.0, 9, **terms), [3] * 9, rate=0.0))
    assert found.count("existing") == exactly(3)
    assert found.cost == exactly(3 * 600 + 2 * 100)
    assert found.cash["purchases"][0] == exactly(1800)
    assert found.cash["cancellations"][0] == exactly(200)
    assert found.owed == exactly([0] * 9)


def test_an_order_that_cannot_be_cancelled_is_taken() -> None:
    found = outcome(with_entry(ordered("chip", 5, 1000.0, 4, **ORDER), [0, 0, 0], rate=0.0))
    assert found.cost == exactly(3000 - 1250)
