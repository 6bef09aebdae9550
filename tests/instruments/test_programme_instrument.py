"""Programme: development is paid whether or not the silicon works; then a ramp can be ordered."""

from __future__ import annotations

from typing import Any

import pytest
from builders import RATE, Raw, deposit, exactly, held, hourly, one_chip, outcome, paid
from small import bench, programme, rent


def own_chip(demand: list[float], rate: float = 0.0, rented: float = 500.0, **terms: Any) -> Raw:
    """A chip of 100 with a life of 20, and rent otherwise."""
    changes = {"nre_usd_per_quarter": 1000.0, "nre_quarters": 2, **terms}
    offers = {
        "own": programme("chip", 100.0, 20, **changes),
        "rent": rent("chip", hourly(rented)),
    }
    return one_chip(len(demand), demand, offers, rate=rate)


def test_development_is_paid_first_and_accelerators_when_they_come() -> None:
    """First silicon after 1 quarter; ramp 4, 7 times 2: 8 and then 14 can be ordered.

    10 wanted in quarters 1 and 2: 8 for 800 and 2 rented for 1,000; then 2 more for 200.
    NRE 1,000 in each of quarters 0 and 1. rho = 0.5: 8 with 18 of 20 quarters left and 2 with 19.
    """
    ramp = {"ramp_accelerators": [4, 7], "ramp_times": 2.0, "quarters_to_first_silicon": 1}
    found = outcome(own_chip([0, 10, 10], RATE, residual_share=0.5, **ramp))
    assert found.cash == {
        "development": exactly([1000, 1000, 0]),
        "purchases": exactly([0, 800, 200]),
        "rentals": exactly([0, 1000, 0]),
    }
    left = 0.5 * (800 * 18 / 20 + 200 * 19 / 20)
    assert found.residual == exactly(left * held(3))
    flows = 1000 * paid(0) + 2800 * paid(1) + 200 * paid(2)
    assert found.cost == exactly(flows - left * held(3))
    assert found.owed == exactly([1000, 0, 0])


def test_the_last_step_of_the_ramp_stays() -> None:
    """4, 7, 7, 7 of life 1: 10 wanted, the rest rented."""
    raw = own_chip([10] * 4, ramp_accelerators=[4, 7])
    raw["offers"]["own"]["life_quarters"] = 1
    assert outcome(raw).taken(0) == exactly([4, 7, 7, 7])


def test_a_slip_of_the_first_silicon_moves_the_ramp_but_not_the_development() -> None:
    """First silicon planned for 1 and late by 1 of T = 4: 4 in quarter 2 and 7 in quarter 3."""
    ramp = {"ramp_accelerators": [4, 7], "quarters_to_first_silicon": 1, "slip_quarters": 1}
    found = outcome(own_chip([0, 20, 20, 20], **ramp))
    assert found.taken(0) == exactly([0, 0, 4, 7])
    assert found.cash["development"] == exactly([1000, 1000, 0, 0])


def test_funding_can_begin_later_than_the_plan() -> None:
    """Funded in 2026Q2 for 2 quarters: NRE (20, 30) of (10, 20, 30, 40) in quarters 1 and 2.

    First silicon one quarter after: 10 can be ordered from quarter 2 on.
    """
    terms = {
        "funding_quarter": "2026Q2", "nre_usd_per_quarter": [10.0, 20, 30, 40],
        "quarters_to_first_silicon": 1, "ramp_accelerators": [10],
    }  # fmt: skip
    found = outcome(own_chip([0, 10, 10, 10], RATE, **terms))
    assert found.cash == {
        "development": exactly([0, 20, 30, 0]),
        "purchases": exactly([0, 0, 1000, 0]),
        "rentals": exactly([0, 5000, 0, 0]),
    }
    assert found.owed == exactly([0, 30, 0, 0])


def test_development_beyond_the_plan_is_owed_from_the_funding_on() -> None:
    """NRE 0, 10, 10, 10 of 6 quarters in T = 4: 30 and twice 10 more, at the last quarter's rate.

    Owed after each quarter: 50, 40, 30, 20 - from the funding on, though quarter 0 costs nothing.
    """
    terms = {"nre_usd_per_quarter": [0.0, 10, 10, 10], "nre_quarters": 6}
    assert outcome(own_chip([5] * 4, **terms)).owed == exactly([50, 40, 30, 20])


def test_an_own_chip_is_owed_from_its_deposit_on() -> None:
    """5 of 1,000 for quarter 2 with 30 % two quarters before: 3,500 are owed from quarter 0 on."""
    terms = {"quarters_to_first_silicon": 2, "payments": [deposit(0.3, 2)], "nre_quarters": 1}
    raw = own_chip([0, 0, 5, 5], **terms)
    raw["offers"]["own"]["price_usd"] = 1000.0
    raw["offers"]["rent"]["price_usd_per_hour"] = 90.0
    found = outcome(raw)
    assert found.cash["purchases"] == exactly([1500, 0, 3500, 0])
    assert found.owed == exactly([3500, 3500, 0, 0])


def test_failed_silicon_is_paid_for_and_delivers_nothing() -> None:
    """Held at funded: 1,000 (d0 + d1) of NRE on top of a rent of 10 x 500 in each quarter.

    A sample that knows of the failure does not fund it: it rents, and that is all.
    """
    raw = own_chip([10, 10], RATE, success={"probability": 0.0})
    rented = 5000 * (paid(0) + paid(1))
    funded = outcome(raw, fund__own=1.0)
    assert funded.cost == exactly(rented + 1000 * (paid(0) + paid(1)))
    assert funded.taken(0) == exactly([0, 0])
    assert funded.cash["development"] == exactly([1000, 1000])
    assert funded.owed == exactly([1000, 0])
    assert outcome(raw).cost == exactly(rented)
    assert outcome(raw).count("fund") == 0


def test_each_sample_has_its_own_success() -> None:
    """Funded, 2,000 + 10 x 100 = 3,000; failed, 10 x 500 x 2 = 10,000 of rent: either, by sample.

    The development of a funded programme costs the same in all of them.
    """
    made = bench(own_chip([10, 10], success={"probability": 0.5}))
    draws, block = made.draw(0, 40)
    found = made.solve(made.model.programs(block)).solutions
    works = draws.values["offers.own.success"]
    assert 10 < works.sum() < 30
    for success, usd in zip(works, found.objective, strict=True):
        assert usd == exactly(3000 if success else 10_000)
    assert (block.bet_paid_usd[:, 0] == [1000, 1000]).all()
    assert (block.supply[works == 0, 0] == 0).all()


@pytest.mark.parametrize("wanted", [1.0, 3.0, 10.0])
def test_a_whole_programme_is_funded_or_not_and_a_divisible_one_in_part(wanted: float) -> None:
    """2,000 of NRE and 100 each against a rent of 2 x 500: worth it from 2,000 / 900 = 2.2 on.

    With a ramp of 10 a divisible one is funded for w / 10: 200 w + 100 w.
    """
    raw = own_chip([wanted] * 2, ramp_accelerators=[10])
    assert outcome(raw).cost == exactly(min(1000 * wanted, 2000 + 100 * wanted))
    raw["offers"]["own"]["divisible"] = True
    found = outcome(raw)
    assert found.count("fund") == exactly(wanted / 10)
    assert found.cost == exactly(300 * wanted)


def test_silicon_that_comes_after_the_plan_is_not_funded() -> None:
    found = outcome(own_chip([10, 10], quarters_to_first_silicon=2))
    assert found.count("fund") == 0
    assert found.cost == exactly(10_000)
