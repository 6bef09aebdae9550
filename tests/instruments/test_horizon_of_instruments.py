"""The end of the plan: what lives longer is neither punished nor a gift, and when money counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from builders import RATE, STEP, Outcome, deposit, exactly, held, hourly, one_chip, outcome, paid
from small import build, buy, lease, option, platform, programme, rent, reserve, site, spot

P, L = 1000.0, 20
HORIZONS = (6, 8, 12)


@pytest.mark.parametrize("rho", [1.0, 0.8, 0.5])
@pytest.mark.parametrize("quarters", HORIZONS)
def test_what_a_quarter_of_owning_costs_does_not_depend_on_the_horizon_but_for_what_is_lost(
    quarters: int, rho: float
) -> None:
    """Bought at once and used throughout, a quarter costs P / L + (1 - rho) P (L - T) / (L T).

    That is the straight line, and the share of the book value at the horizon that it does not
    fetch: of P = 1000 and L = 20 it is 50 at rho = 1 for every T, and at rho = 0.5 it is 108, 88
    and 67 for T = 6, 8 and 12.
    """
    raw = one_chip(quarters, [10.0] * quarters, {"buy": buy("chip", P, L, residual_share=rho)})
    each = P / L + (1 - rho) * P * (L - quarters) / (L * quarters)
    assert outcome(raw).cost == exactly(10 * quarters * each)
    if rho == 0.5:
        assert round(each) == {6: 108, 8: 88, 12: 67}[quarters]


def even_rent(quarters: int, rate: float) -> float:
    """Return the quarter's rent at which owning from the first quarter on costs the same.

    (P d0 - P (L - T) / L D) / sum of d, with rho = 1.
    """
    d = [(1 + rate) ** (-(t + 0.5) / 4) for t in range(quarters)]
    left = P * (L - quarters) / L * (1 + rate) ** (-quarters / 4)
    return (P * d[0] - left) / sum(d)


@pytest.mark.parametrize("quarters", HORIZONS)
@pytest.mark.parametrize("side", [-1e-6, 1e-6])
def test_the_rent_at_which_one_buys_hardly_depends_on_the_horizon(
    quarters: int, side: float
) -> None:
    """At 8 % a year it is 64.7, 64.2 and 62.8 for 6, 8 and 12 quarters: within 3 %.

    A rent that much above it is not paid, one that much below it is.
    """
    even = even_rent(quarters, 0.08)
    assert even == pytest.approx(even_rent(6, 0.08), rel=0.03)
    offers = {
        "buy": buy(
            "chip", P, L, residual_share=1.0, supply_accelerators=[10] + [0] * (quarters - 1)
        ),
        "rent": rent("chip", hourly(even * (1 + side))),
    }
    found = outcome(one_chip(quarters, [10.0] * quarters, offers, rate=0.08))
    assert (found.taken(0)[0] > 1) == (side > 0)


@pytest.mark.parametrize("quarters", HORIZONS)
def test_a_purchase_in_the_last_quarter_costs_a_quarter_of_its_life(quarters: int) -> None:
    """Wanted in the last quarter only: P / L = 50 with rho = 1 and no discounting, however late.

    So it is bought beside a rent of 51, and rented at 49.
    """
    demand = [0.0] * (quarters - 1) + [10.0]
    for rented, usd in ((51, 500), (49, 490)):
        offers = {
            "buy": buy("chip", P, L, residual_share=1.0),
            "rent": rent("chip", hourly(rented)),
        }
        assert outcome(one_chip(quarters, demand, offers)).cost == exactly(usd)


@pytest.mark.parametrize("quarters", HORIZONS)
@pytest.mark.parametrize("term", [1, 4, 40])
def test_a_term_in_the_last_quarter_costs_a_quarter(quarters: int, term: int) -> None:
    """Its rest is owed: 10 x 50 paid and 10 x 50 x (L - 1) owed."""
    demand = [0.0] * (quarters - 1) + [10.0]
    raw = one_chip(quarters, demand, {"term": reserve("chip", hourly(50), term)})
    assert outcome(raw).cost == exactly(500)
    assert outcome(raw).owed[-1] == exactly(500 * (term - 1))


def grown(quarters: int, rho: float) -> Outcome:
    """Demand 40, 70, 100, and 130 from then on; purchases, terms of 12 and of 4, and rent."""
    offers = {
        "buy": buy(
            "chip", 20_000.0, L, lead_time_quarters=1, residual_share=rho, supply_accelerators=8
        ),
        "long": reserve("chip", 0.75, 12, lead_time_quarters=1, supply_accelerators=20),
        "short": reserve("chip", 1.0, 4, supply_accelerators=30),
        "rent": rent("chip", 1.6),
    }
    demand = [min(40.0 + 30 * t, 130.0) for t in range(quarters)]
    return outcome(one_chip(quarters, demand, offers, rate=0.08))


@pytest.mark.parametrize("rho", [1.0, 0.9])
def test_a_longer_plan_begins_alike(rho: float) -> None:
    """What 6, 8 and 12 quarters of the same demand begin with differs by less than 2 %.

    Of each offer in each of the first four quarters, as a share of the 130 accelerators wanted.
    With rho far below 1 it would differ: a short plan loses the same share of a larger book value.
    """
    begun = [np.array([grown(q, rho).taken(o)[:4] for o in range(4)]) for q in HORIZONS]
    assert begun[0].sum(axis=1).min() > 1
    for other in begun[1:]:
        assert np.abs(other - begun[0]).max() < 0.02 * 130


def shifted(offer: dict[str, Any], by: int) -> dict[str, Any]:
    """Return an offer for the plan that begins `by` quarters earlier, with nothing in those."""
    keys = ("supply_accelerators", "price_usd_per_hour", "price_usd")
    later = {
        key: [*([1.0 if key != keys[0] else 0.0] * by), *offer[key]] for key in offer.keys() & keys
    }
    return {**offer, **later}


OFFERS = {
    "buy": buy(
        "chip", [900.0, 800.0, 700.0], 9, supply_accelerators=[20, 20, 20], residual_share=0.6,
        maintenance_usd_per_year=40.0, slip_quarters=1, payments=[deposit(0.2, -1)],
    ),
    "reserve": reserve(
        "chip", [0.2, 0.1, 0.1], 2, supply_accelerators=[20, 20, 20], upfront_share=0.3
    ),
    "rent": rent("chip", [0.2, 0.1, 0.3], supply_accelerators=[20, 20, 20]),
    "spot": spot(
        "chip", [0.2, 0.1, 0.3], supply_accelerators=[20, 20, 20], interruption_share=0.2
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OFFERS)
def test_the_same_plan_one_quarter_later_costs_a_quarters_interest_less(name: str) -> None:
    """Everything one quarter later, T + 1 quarters: each payment and value is worth STEP^-2."""
    offer, demand = OFFERS[name], [0.0 if name == "buy" else 5.0, 10.0, 4.0]
    now = outcome(one_chip(3, demand, {name: offer}, rate=RATE))
    later = outcome(one_chip(4, [0.0, *demand], {name: shifted(offer, 1)}, rate=RATE))
    assert now.cost > 0
    assert later.cost == exactly(now.cost / STEP**2)
    assert later.taken()[1:] == exactly(now.taken())


def test_each_kind_of_payment_is_discounted_to_the_middle_of_its_quarter() -> None:
    """One of each in quarter 1 of T = 2 and worth: STEP^-3 for what is paid, STEP^-4 at the end."""
    late = {"supply_accelerators": [0, 10]}
    for offer, one in (
        (rent("chip", hourly(100), **late), 100 * paid(1)),
        (spot("chip", hourly(100), **late), 100 * paid(1)),
        (reserve("chip", hourly(100), 3, **late), 100 * paid(1)),
        (buy("chip", 100.0, 4, residual_share=0.8, **late), 100 * paid(1) - 60 * held(2)),
    ):
        assert outcome(one_chip(2, [0, 1.0], {"it": offer}, rate=RATE)).cost == exactly(one)
    assert paid(1) == exactly(1 / 1.157625)
    assert held(2) == exactly(1 / 1.21550625)


EMPTY = {
    "buy": buy("chip", P, 4, residual_share=1.0),
    "reserve": reserve("chip", 1.0, 9, upfront_share=1.0),
    "rent": rent("chip", 1.0),
    "spot": spot("chip", 1.0),
    "option": option("chip", P, 4, residual_share=1.0),
    "programme": programme("chip", P, 4, residual_share=1.0),
}


@pytest.mark.parametrize("name", EMPTY)
def test_nothing_is_done_for_no_demand(name: str) -> None:
    """Residual value is no reason to buy, nor is what is prepaid a reason to reserve."""
    hall = site(power_mw=0.0, energy_usd_per_kwh=0.1)
    power = {"lease": lease(10.0, 4), "build": build(100.0, 9, residual_share=1.0)}
    found = outcome(
        one_chip(3, [0.0] * 3, {name: EMPTY[name]}, sites={"hall": hall}, power=power, rate=0.05)
    )
    assert found.cost == 0
    assert found.cash == {}
    assert found.done.take.sum() == 0
    assert found.count("power") == 0


def test_a_plan_of_one_quarter_has_every_instrument() -> None:
    """10 wanted in the only quarter; each offer alone, with the price of a quarter or all of P."""
    for name, offer in EMPTY.items():
        found = outcome(one_chip(1, [10.0], {name: offer}, chip=platform()))
        assert found.measures.served_share[0, 0] == exactly(1)
        assert found.cost > 0
