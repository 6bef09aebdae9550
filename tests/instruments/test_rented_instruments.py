"""Rent and spot: paid for the quarter in which they are held, and nothing after it."""

from __future__ import annotations

import pytest
from builders import RATE, exactly, hourly, one_chip, outcome, paid
from small import rent, site, spot

PRICES = [hourly(usd) for usd in (100, 200, 50)]


def test_rent_is_paid_at_the_price_of_its_quarter_and_owed_for_no_other() -> None:
    """10, 0, 4 at 100, 200, 50: 1000 d0 + 200 d2; nothing in the quarter without demand."""
    found = outcome(one_chip(3, [10, 0, 4], {"rent": rent("chip", PRICES)}, rate=RATE))
    assert found.cost == exactly(1000 * paid(0) + 200 * paid(2))
    assert found.cash == {"rentals": exactly([1000, 0, 200])}
    assert found.owed == exactly([0, 0, 0])
    assert found.taken() == exactly([10, 0, 4])


def test_what_can_be_rented_is_held_anew_in_every_quarter() -> None:
    """A supply of 6, 6, 2 of 10, 4, 4: 6, 4 and 2 are rented, and 4, 0 and 2 are short."""
    raw = one_chip(3, [10, 4, 4], {"rent": rent("chip", PRICES, supply_accelerators=[6, 6, 2])})
    assert outcome(raw).taken() == exactly([6, 4, 2])
    assert outcome(raw).measures.served_share[0, 0] == exactly(12 / 18)


def test_rent_comes_in_whole_units() -> None:
    """10 in servers of 4 at 100: 12 are paid; 9.99 of 11 that can be had leave 8 and 2 short."""
    assert outcome(
        one_chip(1, [10], {"rent": rent("chip", PRICES[0], whole_units_of=4)})
    ).cost == exactly(1200)
    few = rent("chip", PRICES[0], whole_units_of=4, supply_accelerators=11)
    assert outcome(one_chip(1, [9.99], {"rent": few})).taken() == exactly([8])


@pytest.mark.parametrize("lost", [0.0, 0.25, 0.9])
def test_spot_is_paid_for_the_hours_that_interruptions_take(lost: float) -> None:
    """9 wanted: 9 / (1 - lost) are held and paid at 100, but 9 draw power, 1 kW for 2190 h at 0.1.

    cost = (900 / (1 - lost) + 9 x 219) d0; all that are held count as in service.
    """
    hall = {"hall": site(energy_usd_per_kwh=0.1)}
    offer = spot("chip", PRICES[0], interruption_share=lost)
    found = outcome(one_chip(1, [9], {"spot": offer}, sites=hall, rate=RATE))
    assert found.cost == exactly((900 / (1 - lost) + 9 * 219) * paid(0))
    assert found.measures.accelerators[0, 0] == exactly([9 / (1 - lost)])
    assert found.measures.power_mw[0, 0] == exactly([0.009])


def test_spot_that_is_always_interrupted_is_not_taken() -> None:
    offers = {"spot": spot("chip", PRICES[2], interruption_share=1.0), "rent": rent("chip", PRICES)}
    assert outcome(one_chip(1, [10], {**offers, "rent": rent("chip", 1.0)})).taken(0) == [0]


@pytest.mark.parametrize("side", [-1e-6, 1e-6])
def test_spot_beats_rent_below_the_share_of_hours_that_work(side: float) -> None:
    """Spot at 1 - 0.3 of the rent costs the same for an hour of work."""
    offers = {
        "spot": spot("chip", hourly(100 * (0.7 + side)), interruption_share=0.3),
        "rent": rent("chip", hourly(100)),
    }
    found = outcome(one_chip(1, [7], offers))
    assert (found.taken(0)[0] > 1) == (side < 0)
    assert found.cost == exactly(700 * min(1, (0.7 + side) / 0.7))
