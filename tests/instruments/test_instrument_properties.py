"""What must hold of every instrument, tried on random small plans."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from builders import Raw, exactly, one_chip, outcome
from hypothesis import given
from hypothesis import strategies as st
from instrument_strategies import (
    MAKERS,
    assert_order,
    between,
    plans,
    some,
    times,
    tried,
    with_first,
)
from small import buy

OWNED = ("buy", "option", "programme")
MONEY = (
    "price_usd",
    "price_usd_per_hour",
    "server_share_usd",
    "network_share_usd",
    "installation_usd",
    "maintenance_usd_per_year",
    "fee_usd",
    "nre_usd_per_quarter",
)


def scaled(raw: Raw, keys: tuple[str, ...], factor: float) -> Raw:
    """Return a plan with some terms of its first offer times a factor."""
    first = raw["offers"]["first"]
    return with_first(raw, **{key: times(first[key], factor) for key in keys if key in first})


@tried
@given(raw=plans(), factor=some(1.01, 1.7, 50.0))
def test_more_supply_never_costs_more(raw: Raw, factor: float) -> None:
    keys = ("supply_accelerators", "ramp_accelerators", "up_to_accelerators")
    assert_order(scaled(raw, keys, factor), raw)


@tried
@given(raw=plans(), key=some(*MONEY), factor=some(1.01, 3.0))
def test_a_higher_price_never_costs_less(raw: Raw, key: str, factor: float) -> None:
    assert_order(raw, scaled(raw, (key,), factor))
    assert_order(raw, scaled(raw, MONEY, factor))


@tried
@given(raw=plans(), factor=some(1000.0, 0.37, 1e-3))
def test_money_in_another_unit(raw: Raw, factor: float) -> None:
    other = copy.deepcopy(raw)
    for offer in other["offers"].values():
        offer |= {key: times(offer[key], factor) for key in MONEY if key in offer}
    work, hall = other["workloads"]["work"], other["sites"]["hall"]
    work["shortfall_usd_per_unit_hour"] *= factor
    hall["energy_usd_per_kwh"] *= factor
    hall["hosting_usd_per_kw_month"] *= factor
    assert outcome(other).cost == pytest.approx(outcome(raw).cost * factor, rel=1e-8)


@tried
@given(raw=plans())
def test_one_more_offer_never_costs_more(raw: Raw) -> None:
    fewer = copy.deepcopy(raw)
    del fewer["offers"]["first"]
    used = {offer["platform"] for offer in fewer["offers"].values()}
    fewer["platforms"] = {k: v for k, v in fewer["platforms"].items() if k in used}
    assert_order(raw, fewer)


@tried
@given(raw=plans("buy", "reserve", flat=True), more=st.integers(1, 3))
def test_a_larger_slip_never_costs_less_where_prices_and_supply_are_constant(
    raw: Raw, more: int
) -> None:
    """What comes late could have been ordered later, at the same price, without a slip.

    Deposits would then be paid later too. With prices that rise it need not hold: a slip keeps the
    price of the quarter that was planned (the last test here); nor of an option, which a slip lets
    deliver after its last quarter.
    """
    slip = raw["offers"]["first"]["slip_quarters"]
    assert_order(raw, with_first(raw, slip_quarters=slip + more))


@tried
@given(raw=plans("programme"), more=st.integers(1, 3))
def test_a_later_first_silicon_never_costs_less_where_the_ramp_never_falls(
    raw: Raw, more: int
) -> None:
    """A slip moves the ramp; what could be ordered late could be ordered before, if it rises."""
    first = raw["offers"]["first"]
    raw = with_first(raw, ramp_accelerators=sorted(first["ramp_accelerators"]))
    assert_order(raw, with_first(raw, slip_quarters=first["slip_quarters"] + more))


@tried
@given(raw=plans("buy", "reserve"), more=st.integers(1, 3))
def test_a_longer_lead_time_never_costs_less(raw: Raw, more: int) -> None:
    lead = raw["offers"]["first"]["lead_time_quarters"]
    assert_order(raw, with_first(raw, lead_time_quarters=lead + more))


@tried
@given(raw=plans("buy"), share=between(0, 1), more=between(0, 1))
def test_a_right_to_cancel_never_costs_more_and_less_of_it_never_less(
    raw: Raw, share: float, more: float
) -> None:
    cheap = with_first(raw, cancellation_share=share)
    assert_order(cheap, with_first(raw, cancellation_share=None))
    assert_order(cheap, with_first(raw, cancellation_share=min(1.0, share + more)))


@tried
@given(raw=plans("option", "programme"))
def test_a_divisible_bet_never_costs_more_than_a_whole_one(raw: Raw) -> None:
    assert_order(with_first(raw, divisible=True), with_first(raw, divisible=False))


@tried
@given(raw=plans())
def test_relaxed_bets_never_cost_more_than_whole_ones(raw: Raw) -> None:
    assert_order({**raw, "bets": "relaxed"}, raw)


@tried
@given(raw=plans("option"), factor=some(1.2, 10.0))
def test_a_longer_right_never_costs_more_and_a_dearer_one_never_less(
    raw: Raw, factor: float
) -> None:
    assert_order(with_first(raw, exercise_until=f"2026Q{raw['quarters']}"), raw)
    assert_order(raw, with_first(raw, fee_usd=raw["offers"]["first"]["fee_usd"] * factor))


@tried
@given(raw=plans("programme"), more=st.integers(1, 4))
def test_failure_or_more_development_never_costs_less(raw: Raw, more: int) -> None:
    works = with_first(raw, success={"probability": 1.0})
    assert_order(works, with_first(raw, success={"probability": 0.0}))
    quarters = raw["offers"]["first"]["nre_quarters"]
    assert_order(raw, with_first(raw, nre_quarters=quarters + more))


@tried
@given(raw=plans(*OWNED), more=between(0, 1))
def test_a_larger_residual_never_costs_more(raw: Raw, more: float) -> None:
    share = raw["offers"]["first"]["residual_share"]
    assert_order(with_first(raw, residual_share=min(1.0, share + more)), raw)


@tried
@given(raw=plans(*OWNED, idle=False), more=st.integers(1, 9))
def test_a_longer_life_without_maintenance_or_idle_power_never_costs_more(
    raw: Raw, more: int
) -> None:
    """With either it may: what is owned is maintained, and what stands idles, to the end."""
    raw = with_first(raw, maintenance_usd_per_year=0.0)
    life = raw["offers"]["first"]["life_quarters"]
    assert_order(with_first(raw, life_quarters=life + more), raw)


@tried
@given(raw=plans("reserve"), more=between(0, 1))
def test_paying_more_upfront_never_costs_less(raw: Raw, more: float) -> None:
    share = raw["offers"]["first"]["upfront_share"]
    assert_order(raw, with_first(raw, upfront_share=min(1.0, share + more)))


@tried
@given(raw=plans("buy", "reserve", "option"))
def test_more_delivered_of_each_order_never_costs_more_without_lots_or_tiers(raw: Raw) -> None:
    """A smaller share needs larger orders, which may fill a lot or open a tier of lower price."""
    plain = dict.fromkeys(("minimum_order_accelerators", "whole_units_of", "volume_prices"))
    raw = with_first(raw, **plain)
    assert_order(with_first(raw, delivered_share=1.0), with_first(raw, delivered_share=0.6))


@tried
@given(raw=plans("buy", "reserve"), least=some(3.0, 7.0), size=some(2, 3))
def test_no_smallest_order_and_no_lots_never_cost_more(raw: Raw, least: float, size: int) -> None:
    plain = with_first(
        raw, minimum_order_accelerators=None, whole_units_of=None, volume_prices=None
    )
    small = with_first(plain, minimum_order_accelerators=least)
    assert_order(plain, small)
    assert_order(small, with_first(plain, minimum_order_accelerators=2 * least))
    lots = with_first(plain, whole_units_of=size)
    assert_order(plain, lots)
    assert_order(lots, with_first(plain, whole_units_of=2 * size))


@tried
@given(raw=plans("buy"), low=between(0.3, 1.2), more=between(0.01, 0.8))
def test_a_dearer_tier_never_costs_less(raw: Raw, low: float, more: float) -> None:
    plain = with_first(raw, minimum_order_accelerators=None, whole_units_of=None)

    def tiers(second: float) -> list[dict[str, float]]:
        return [
            {"above_accelerators": 3, "price_times": second},
            {"above_accelerators": 8, "price_times": 0.9},
        ]

    cheaper, dearer = (with_first(plain, volume_prices=tiers(t)) for t in (low, low + more))
    assert_order(cheaper, dearer)


@tried
@given(raw=plans("buy", idle=False))
def test_rising_tiers_never_cost_less_and_falling_ones_never_more_than_none(raw: Raw) -> None:
    """Without a right to cancel: what is cancelled saves the price of the cheapest tier only."""
    plain = with_first(raw, volume_prices=None, cancellation_share=None)
    for factor in (0.5, 2.0):
        tier = with_first(plain, volume_prices=[{"above_accelerators": 4, "price_times": factor}])
        assert_order(*((tier, plain) if factor < 1 else (plain, tier)))


@tried
@given(raw=plans(), more=st.integers(0, 3), at=some(0, 1, 2, 3))
def test_more_demand_never_costs_less(raw: Raw, more: int, at: int) -> None:
    other = copy.deepcopy(raw)
    demand = other["workloads"]["work"]["demand"]
    demand[at % len(demand)] += more
    assert_order(raw, other)


@tried
@given(raw=plans())
def test_cash_worth_and_penalties_make_up_the_cost_and_nothing_is_owed_back(raw: Raw) -> None:
    """The sum is asserted in `outcome`; a liability is never a claim, whatever is cancelled."""
    found = outcome(raw)
    assert min(found.owed) >= -1e-6
    assert found.cost >= -1e-6
    assert found.residual <= found.parts.get("purchases", 0) + found.parts.get("reservations", 0)


def test_a_slip_keeps_the_price_of_the_planned_quarter() -> None:
    """The case that the property of slips leaves out: prices of 100 and 900, wanted in quarter 1.

    Without a slip 10 could be bought in quarter 0 too, and so they are: 1,000. With a life of 1
    they are bought in quarter 1 for 9,000, but with a slip of 1 in quarter 0 for 1,000.
    """

    def usd(**terms: Any) -> float:
        return outcome(one_chip(2, [0, 10], {"b": buy("chip", [100.0, 900.0], **terms)})).cost

    assert usd(life=2) == exactly(1000)
    assert usd(life=1) == exactly(9000)
    assert usd(life=1, slip_quarters=1) == exactly(1000)


def test_every_kind_of_offer_is_tried() -> None:
    assert set(MAKERS) == {"buy", "reserve", "option", "programme", "rent"}
