"""Random small plans of all instruments, for what must hold in each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from builders import Raw, outcome
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from small import buy, option, plan, platform, programme, rent, reserve, spot

Offer = dict[str, Any]

tried = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    # Shrinking a failure takes a minute for each test; add Phase.shrink to study one.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

RATES = (0.0, 0.08, 0.4)


def some(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def between(low: float, high: float) -> st.SearchStrategy[float]:
    """A hundred and one numbers between bounds, as a person writes them."""
    return st.integers(0, 100).map(lambda k: float(f"{low + (high - low) * k / 100:.4g}"))


@st.composite
def along(draw: st.DrawFn, quarters: int, low: float, high: float, flat: bool) -> Any:
    """One number, or one for each quarter unless `flat`."""
    if flat or draw(st.booleans()):
        return draw(between(low, high))
    return draw(st.lists(between(low, high), min_size=quarters, max_size=quarters))


@st.composite
def payments(draw: st.DrawFn, earliest: int) -> list[dict[str, Any]]:
    found = []
    if earliest and draw(st.booleans()):
        found.append({"share": 0.3, "quarters_before_delivery": draw(st.integers(1, earliest))})
    if draw(st.booleans()):
        found.append({"share": 0.25, "quarters_before_delivery": -draw(st.integers(0, 3))})
    return found


@st.composite
def owning(draw: st.DrawFn, quarters: int, lead: int, flat: bool) -> Offer:
    """Return the terms that all owned things have, less price and life."""
    return {
        "residual_share": draw(between(0, 1)),
        "payments": draw(payments(lead)),
        "delivered_share": draw(some(1.0, 1.0, 0.7)),
        "maintenance_usd_per_year": draw(some(0.0, 120.0)),
        "installation_usd": draw(some(0.0, 90.0)),
        "server_share_usd": draw(along(quarters, 0, 300, flat)),
    }


FEATURES: tuple[Offer, ...] = (
    {},
    {},
    {"minimum_order_accelerators": 6},
    {"whole_units_of": 4},
    {"volume_prices": [{"above_accelerators": 5, "price_times": 1.4}]},
    {"volume_prices": [{"above_accelerators": 5, "price_times": 0.6}]},
)


@st.composite
def buys(draw: st.DrawFn, quarters: int, of: str = "chip", flat: bool = False) -> Offer:
    lead = draw(st.integers(0, 2))
    terms = {
        **draw(owning(quarters, lead, flat)),
        "lead_time_quarters": lead,
        "slip_quarters": draw(some(0, 0, 1, 2)),
        "supply_accelerators": draw(along(quarters, 2, 30, flat)),
        **draw(some(*FEATURES)),
    }
    if draw(st.booleans()):
        terms["cancellation_share"] = draw(between(0, 1))
    price = draw(along(quarters, 300, 3000, flat))
    return buy(of, price, draw(st.integers(1, 6)), **terms)


@st.composite
def reserves(draw: st.DrawFn, quarters: int, of: str = "chip", flat: bool = False) -> Offer:
    return reserve(
        of, draw(along(quarters, 0.05, 0.6, flat)), draw(st.integers(1, 6)),
        lead_time_quarters=draw(st.integers(0, 2)), slip_quarters=draw(some(0, 0, 1)),
        upfront_share=draw(between(0, 1)), delivered_share=draw(some(1.0, 0.7)),
        supply_accelerators=draw(along(quarters, 2, 30, flat)),
        **draw(some(*FEATURES[:4])),
    )  # fmt: skip


@st.composite
def options(draw: st.DrawFn, quarters: int, of: str = "chip", flat: bool = False) -> Offer:
    lead = draw(st.integers(0, 1))
    return option(
        of, draw(between(100, 1500)), draw(st.integers(1, 6)), lead_time_quarters=lead,
        **draw(owning(quarters, lead, flat)), fee_usd=draw(between(100, 5000)),
        up_to_accelerators=draw(between(2, 30)), slip_quarters=draw(some(0, 1)),
        exercise_until=f"2026Q{draw(st.integers(1, quarters))}",
        supply_accelerators=draw(along(quarters, 2, 30, flat)), divisible=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def programmes(draw: st.DrawFn, quarters: int, of: str = "chip", flat: bool = False) -> Offer:
    first = draw(st.integers(0, 1))
    return programme(
        of, draw(along(quarters, 100, 1500, flat)), draw(st.integers(1, 6)),
        **draw(owning(quarters, first, flat)), nre_usd_per_quarter=draw(between(100, 3000)),
        nre_quarters=draw(st.integers(1, 5)), quarters_to_first_silicon=first,
        funding_quarter=f"2026Q{draw(st.integers(1, quarters))}",
        ramp_accelerators=draw(st.lists(between(1, 20), min_size=1, max_size=3)),
        success={"probability": draw(some(0.0, 1.0, 1.0))}, slip_quarters=draw(some(0, 1)),
        divisible=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def rents(draw: st.DrawFn, quarters: int, of: str = "chip", flat: bool = False) -> Offer:
    price = draw(along(quarters, 0.1, 1.2, flat))
    terms = {"supply_accelerators": draw(along(quarters, 2, 30, flat))}
    if draw(st.booleans()):
        return rent(of, price, whole_units_of=draw(some(None, 4)), **terms)
    return spot(of, price, interruption_share=draw(between(0, 0.9)), **terms)


MAKERS: dict[str, Callable[..., st.SearchStrategy[Offer]]] = {
    "buy": buys,
    "reserve": reserves,
    "option": options,
    "programme": programmes,
    "rent": rents,
}


@st.composite
def plans(draw: st.DrawFn, *first: str, flat: bool = False, idle: bool = True) -> Raw:
    """Return a plan whose first offer is of one of some modes (of any, if none is named).

    Offers are ``first``, ``other`` and so on, of two platforms that serve the same demand.
    """
    quarters = draw(st.integers(1, 4))
    demand = draw(st.lists(some(0.0, 3.0, 10.0, 17.0), min_size=quarters, max_size=quarters))
    share = draw(some(None, 0.3)) if idle else None
    chips = {
        "chip": platform(idle_power_share=share),
        "rival": platform(vendor="rival", peak_pflops=draw(between(0.5, 2))),
    }
    modes = [draw(some(*(first or MAKERS)))]
    modes += draw(st.lists(some(*MAKERS), min_size=1, max_size=2))
    offers = {}
    for k, mode in enumerate(modes):
        of = "chip" if k == 0 else draw(some("chip", "rival"))
        offers["first" if k == 0 else f"other{k}"] = draw(MAKERS[mode](quarters, of, flat))
    offers["last"] = rent("rival", 2.0)
    hall = {"power_mw": "unlimited", "pue": 1.2, "hosting_usd_per_kw_month": 20.0}
    return plan(
        quarters, demand, chips, offers, rate=draw(some(*RATES)), bet_gap=0.0,
        sites={"hall": {**hall, "energy_usd_per_kwh": 0.02}},
    )  # fmt: skip


def with_first(raw: Raw, **changes: Any) -> Raw:
    """Return a plan with other terms of its first offer; None takes a term away."""
    first = {**raw["offers"]["first"], **changes}
    first = {key: value for key, value in first.items() if value is not None}
    return {**raw, "offers": {**raw["offers"], "first": first}}


def times(quantity: Any, factor: float) -> Any:
    if isinstance(quantity, list):
        return [value * factor for value in quantity]
    return quantity * factor


def assert_order(cheaper: Raw, dearer: Raw) -> None:
    """Assert that one plan costs no more than another."""
    low, high = outcome(cheaper).cost, outcome(dearer).cost
    assert low <= high + 1e-9 * abs(high) + 1e-6, (low, high)
