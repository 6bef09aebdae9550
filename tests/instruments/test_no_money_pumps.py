"""No cycle of orders, cancellations, discounts and late payments earns money."""

from __future__ import annotations

from typing import Any

import pytest
from builders import Raw, deposit, exactly, outcome
from hypothesis import given
from hypothesis import strategies as st
from instrument_strategies import between, plans, some, tried, with_first
from small import buy, ordered, plan, platform, rent, reserve


@tried
@given(raw=plans())
def test_without_demand_nothing_is_to_be_had(raw: Raw) -> None:
    """Nothing that can be signed and undone is worth signing for its own sake."""
    raw["workloads"]["work"]["demand"] = 0.0
    found = outcome(raw)
    assert found.cost == pytest.approx(0, abs=1e-6)
    assert found.owed == exactly([0] * raw["quarters"])


@tried
@given(
    share=between(0, 1), early=some(0.0, 0.3, 1.0), late=some(0.0, 0.7), low=between(0.01, 2),
    rho=between(0, 1), slip=some(0, 1, 5), rate=some(0.0, 0.3),
)  # fmt: skip
def test_buying_to_cancel_never_pays(
    share: float, early: float, late: float, low: float, rho: float, slip: int, rate: float
) -> None:
    """Whatever the deposit, the refund, the tiers, the residual, the slip and the late payments."""
    parts = [deposit(early, 1)] if early else []
    parts += [deposit(late * (1 - early), -8)] if late * (1 - early) else []
    tiers = [(3, low), (6, 2 * low), (9, low / 2)]
    offer = buy(
        "chip", [100.0, 5000.0, 20.0], 4, lead_time_quarters=1, cancellation_share=share,
        payments=parts, residual_share=rho, slip_quarters=slip, supply_accelerators=50.0,
        volume_prices=[{"above_accelerators": a, "price_times": t} for a, t in tiers],
    )  # fmt: skip
    raw = plan(3, 0.0, {"chip": platform()}, {"buy": offer}, rate=rate, bet_gap=0.0)
    assert outcome(raw).cost == pytest.approx(0, abs=1e-6)


def two_vendors(offers: dict[str, Any], quarters: int = 2, **changes: Any) -> Raw:
    chips = {"a": platform(vendor="A"), "b": platform(vendor="B")}
    return plan(quarters, 10.0, chips, offers, bet_gap=0.0, **changes)


FALL = {
    "price_falls": {
        "rivalry": {"vendor": "A", "others": ["b"], "passes_share": 0.5, "discount_share": 0.9}
    }
}


@pytest.mark.parametrize("share", [0.0, 0.1])
def test_orders_that_are_cancelled_earn_no_discount(share: float) -> None:
    """10 of A at 1,000. To earn 90 % off, as many of B at 950 must be kept, which costs more.

    Ordered and cancelled they would cost `share` of that: 10 x 100 + 950 or nothing.
    """
    offers = {
        "a": buy("a", 1000.0, 4, supply_accelerators=30.0),
        "b": buy("b", 950.0, 4, supply_accelerators=30.0, cancellation_share=share),
    }
    assert outcome(two_vendors(offers, bargaining=FALL)).cost == exactly(5 * 100 + 5 * 950)


@pytest.mark.parametrize("share", [0.0, 0.1])
def test_a_discount_is_not_kept_on_what_is_cancelled(share: float) -> None:
    """At least 20 of A at 1,000, 10 wanted: with 90 % off and cancelled, nobody is paid for it."""
    offers = {
        "a": buy("a", 1000.0, 4, supply_accelerators=30.0, cancellation_share=share,
                 minimum_order_accelerators=20),
        "b": buy("b", 950.0, 4, supply_accelerators=30.0),
    }  # fmt: skip
    found = outcome(two_vendors(offers, bargaining=FALL))
    assert found.cost > 0
    assert min(found.owed) >= 0


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_orders_that_are_cancelled_meet_no_share_of_vendors(share: float) -> None:
    """At most half of A at 1,000: so 5 of B at 2,000, not 10 of A and 10 of B cancelled."""
    offers = {"a": buy("a", 1000.0, 4), "b": buy("b", 2000.0, 4, cancellation_share=share)}
    limits = {"largest_vendor_share": {"A": 0.5}}
    assert outcome(two_vendors(offers, limits=limits)).cost == exactly(5 * 1000 + 5 * 2000)


def test_a_residual_of_all_of_the_price_is_no_reason_to_buy_more() -> None:
    """rho = 1, paid eight quarters after delivery: worth what is owed, and not a cent more."""
    offer = buy("chip", 1000.0, 60, residual_share=1.0, payments=[deposit(1.0, -8)])
    raw = plan(4, [0, 0, 0, 10], {"chip": platform()}, {"b": offer}, rate=0.3)
    found = outcome(raw)
    assert found.cost == exactly(10 * 1000 * 1 / 60 * 1.3**-1)
    assert found.taken() == exactly([0, 0, 0, 10])


@tried
@given(lost=between(0, 1), before=between(0, 1), rho=between(0, 1), slip=st.integers(0, 3))
def test_an_order_on_the_way_is_worth_at_most_what_was_paid_or_what_it_will_be(
    lost: float, before: float, rho: float, slip: int
) -> None:
    """It is kept or cancelled: min((1 - p) P - rho P left / L, (c - p) P), here without interest.

    L = 4, T = 3, due in quarter 1: left = min(2 + s, 4) of 4.
    """
    entry = ordered(
        "chip", 5, 1000.0, 4, delivery_in_quarters=1, paid_share=before, residual_share=rho,
        cancellation_share=lost, slip_quarters=slip,
    )  # fmt: skip
    raw = plan(3, 0.0, {"chip": platform()}, {"r": rent("chip", 1.0)}, existing={"due": entry})
    kept = (1 - before) - rho * min(2 + slip, 4) / 4
    found = outcome(raw)
    assert found.cost == exactly(5000 * min(kept, lost - before))
    assert min(found.owed) >= 0


@pytest.mark.parametrize("upfront", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("rate", [0.0, 0.4])
def test_a_term_prepaid_at_the_end_of_the_plan_is_no_profit(upfront: float, rate: float) -> None:
    """Not wanted, and yet 40 quarters of it are credited: it is not signed."""
    offer = reserve("chip", [1.0, 1.0, 0.01], 40, upfront_share=upfront)
    raw = plan(3, 0.0, {"chip": platform()}, {"term": offer}, rate=rate)
    assert outcome(raw).cost == 0


def test_a_cheap_tier_far_above_what_is_wanted_pays_for_nothing() -> None:
    """rho = 1 and a tier at a thousandth: ten thousand more are worth no more than they cost."""
    tiers = [{"above_accelerators": 10, "price_times": 0.001}]
    offer = buy("chip", 1000.0, 4, residual_share=1.0, volume_prices=tiers)
    raw = plan(1, 10.0, {"chip": platform()}, {"b": offer}, bet_gap=0.0)
    found = outcome(with_first({**raw, "offers": {"first": offer}}))
    assert found.cost == exactly(10 * 250)
    assert found.taken() == exactly([10])
