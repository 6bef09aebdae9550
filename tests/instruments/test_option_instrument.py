"""Option: a fee in the first quarter for the right to order at a fixed price, up to a number."""

from __future__ import annotations

import pytest
from builders import RATE, Raw, deposit, exactly, held, hourly, one_chip, outcome, paid
from small import buy, option, rent


def right(demand: list[float], rate: float = 0.0, **terms: object) -> Raw:
    """Up to 40 at 100 each for a fee of 4,000, and the same chip for 250 without one."""
    changes = {"fee_usd": 4000.0, "up_to_accelerators": 40.0, **terms}
    offers = {"right": option("chip", 100.0, 8, **changes), "buy": buy("chip", 250.0, 8)}
    return one_chip(len(demand), demand, offers, rate=rate)


@pytest.mark.parametrize(("wanted", "taken"), [(26, 0), (27, 1), (40, 1), (60, 1)])
def test_a_whole_right_is_paid_whole(wanted: float, taken: int) -> None:
    """4,000 + 100 n against 250 n: worth it from n = 4,000 / 150 = 26.7 on; above 40 at 250."""
    found = outcome(right([wanted], RATE))
    assert found.count("right") == taken
    under = min(wanted, 40) * taken
    usd = 4000 * taken + 100 * under + 250 * (wanted - under)
    assert found.cost == exactly(usd * paid(0))
    assert usd == {26: 6500, 27: 6700, 40: 8000, 60: 13_000}[int(wanted)]


@pytest.mark.parametrize("how", [{"divisible": True}, {}])
def test_a_part_of_a_divisible_right_is_had_for_a_part_of_the_fee(how: dict[str, bool]) -> None:
    """10 of 40: a quarter of the fee, 1,000, and 10 x 100: 2,000 < 2,500. Relaxed bets alike."""
    raw = right([10], RATE, **how)
    if not how:
        raw["bets"] = "relaxed"
    found = outcome(raw)
    assert found.count("right") == exactly(0.25)
    assert found.cost == exactly(2000 * paid(0))
    assert found.cash == {"purchases": exactly([1000]), "option fees": exactly([1000])}


def test_the_fee_is_paid_at_once_and_the_price_stays_while_others_rise() -> None:
    """40 wanted in quarter 2; bought then they would cost 400, and under the right 100.

    Exercised until 2026Q3 with a lead time of 1 and 20 % with the order: 4,000 and 0, then 800 in
    quarter 1 and 3,200 in quarter 2. rho = 0.5 of 4,000 with 7 of 8 quarters left: 1,750.
    """
    terms = {
        "exercise_until": "2026Q3", "lead_time_quarters": 1, "residual_share": 0.5,
        "payments": [deposit(0.2, 1)],
    }  # fmt: skip
    raw = right([0, 0, 40], RATE, **terms)
    raw["offers"]["buy"]["price_usd"] = [250.0, 300.0, 400.0]
    raw["offers"]["buy"]["supply_accelerators"] = [0, 0, 1000]
    found = outcome(raw)
    assert found.cash == {
        "option fees": exactly([4000, 0, 0]),
        "purchases": exactly([0, 800, 3200]),
    }
    assert found.residual == exactly(1750 * held(3))
    flows = 4000 * paid(0) + 800 * paid(1) + 3200 * paid(2) - 1750 * held(3)
    assert found.cost == exactly(flows)
    assert found.owed == exactly([0, 3200, 0])


@pytest.mark.parametrize(("until", "last"), [("2026Q1", 1), ("2026Q2", 2), ("2026Q4", 3)])
def test_orders_end_with_the_right_and_come_after_the_lead_time(until: str, last: int) -> None:
    """A lead time of 1: served under it from 1 to `until` + 1, each time by 10 for one quarter.

    Rent of a quarter is 300 otherwise: 3,000 for each quarter that the right does not reach.
    """
    changes = {"fee_usd": 1.0, "exercise_until": until, "lead_time_quarters": 1}
    offers = {"right": option("chip", 100.0, 1, **changes), "rent": rent("chip", hourly(300))}
    found = outcome(one_chip(4, [10] * 4, offers))
    assert found.taken(0) == exactly([10 * (1 <= t <= last) for t in range(4)])
    assert found.cost == exactly(1 + 1000 * last + 3000 * (4 - last))


def test_a_right_that_cannot_deliver_in_the_plan_is_not_bought() -> None:
    found = outcome(right([40], lead_time_quarters=1))
    assert found.count("right") == 0
    assert found.cost == exactly(10_000)


def test_the_number_is_of_all_orders_and_the_supply_of_a_quarters() -> None:
    """Up to 40 in all and 15 a quarter, for a fee of 1: 15, 15, 10 and none; the others at 250.

    A life of 1: 20 wanted in each of 4 quarters: 40 at 100 and 40 at 250.
    """
    offers = {
        "right": option(
            "chip", 100.0, 1, fee_usd=1.0, up_to_accelerators=40, supply_accelerators=15,
            exercise_until="2026Q4",
        ),
        "buy": buy("chip", 250.0, 1),
    }  # fmt: skip
    found = outcome(one_chip(4, [20] * 4, offers))
    assert sum(found.taken(0)) == exactly(40)
    assert max(found.taken(0)) <= 15 + 1e-6
    assert found.cost == exactly(1 + 40 * 100 + 40 * 250)


def test_a_late_delivery_under_a_right_is_paid_late() -> None:
    """A slip of 1: ordered for quarter 0, 40 served and paid in quarter 1; the fee is not late."""
    raw = right([0, 40], RATE, slip_quarters=1)
    raw["offers"]["buy"]["price_usd"] = 900.0
    found = outcome(raw)
    assert found.taken(0) == exactly([40, 0])
    assert found.cost == exactly(4000 * paid(0) + 4000 * paid(1))
