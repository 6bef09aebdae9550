"""Random small scenarios: strategies that write a config as a person might."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st
from small import build, buy, lease, plan, platform, rent, reserve, site, workload

Raw = dict[str, Any]


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    """A thousand and one numbers between bounds, as a person writes them."""
    return st.integers(0, 1000).map(lambda k: float(f"{low + (high - low) * k / 1000:.4g}"))


@st.composite
def beliefs(draw: st.DrawFn, low: float, high: float) -> Any:
    """A plain number or a belief within bounds."""
    a, b = sorted((draw(numbers(low, high)), draw(numbers(low, high))))
    kind = draw(st.sampled_from(["number", "number", "uniform", "triangular", "discrete", "known"]))
    if kind == "number" or not a < b:
        return a
    if kind == "uniform":
        return {"distribution": "uniform", "low": a, "high": b}
    if kind == "triangular":
        return {"distribution": "triangular", "low": a, "mode": (a + b) / 2, "high": b}
    if kind == "discrete":
        return {"distribution": "discrete", "values": [a, b, a], "probabilities": [0.3, 0.5, 0.2]}
    # Rounded up, so that the product is not below `low`.
    least = min(math.nextafter(a / b, 2.0), 1.0 - 1e-9)
    return {"value": b, "times": {"distribution": "uniform", "low": least, "high": 1.0}}


@st.composite
def paths(draw: st.DrawFn, quarters: int, low: float, high: float) -> Any:
    """A belief, or one number a quarter."""
    if draw(st.booleans()):
        return draw(beliefs(low, high))
    values = draw(st.lists(numbers(low, high), min_size=quarters, max_size=quarters))
    times = draw(st.sampled_from([None, {"distribution": "uniform", "low": 0.8, "high": 1.25}]))
    return values if times is None else {"by_quarter": values, "times": times}


@st.composite
def plain_offers(draw: st.DrawFn, quarters: int, sites: list[str], name: str) -> Raw:
    common = {
        "sites": draw(st.lists(st.sampled_from(sites), min_size=1, max_size=2, unique=True)),
        "supply_accelerators": draw(paths(quarters, 0, 400)),
    }
    lead = {"lead_time_quarters": draw(st.integers(0, 2)), **common}
    length = draw(st.integers(1, 9))
    match draw(st.sampled_from(["buy", "reserve", "rent"])):
        case "buy":
            share = draw(beliefs(0, 1))
            price = draw(paths(quarters, 1000, 20000))
            return buy(name, price, length, residual_share=share, **lead)
        case "reserve":
            return reserve(name, draw(paths(quarters, 0.5, 6)), length, **lead)
        case _:
            return rent(name, draw(paths(quarters, 0.5, 8)), **common)


@st.composite
def offers(draw: st.DrawFn, quarters: int, sites: list[str], name: str) -> Raw:
    """An offer of any mode, with any of what its mode can have."""
    offer: Raw = draw(plain_offers(quarters, sites, name))
    if offer["mode"] == "rent":
        if draw(st.booleans()):
            offer |= {"mode": "spot", "interruption_share": draw(beliefs(0, 0.9))}
        return offer
    offer["delivered_share"] = draw(beliefs(0.5, 1))
    offer["slip_quarters"] = draw(beliefs(0, 2))
    if offer["mode"] == "reserve":
        return offer | {"upfront_share": draw(beliefs(0, 1))}
    lead = offer["lead_time_quarters"]
    offer |= {
        "maintenance_usd_per_year": draw(paths(quarters, 0, 900)),
        "server_share_usd": draw(paths(quarters, 0, 3000)),
        "payments": [
            {"share": 0.3, "quarters_before_delivery": draw(st.integers(0, lead))},
            {"share": 0.4, "quarters_before_delivery": draw(st.integers(-3, 0))},
        ],
    }
    match draw(st.sampled_from(["buy", "option", "programme"])):
        case "buy":
            return offer | draw(terms_of_purchase())
        case "option":
            end = draw(st.integers(0, quarters - 1))
            return offer | {
                "mode": "option",
                "price_usd": draw(beliefs(1000, 20000)),
                "fee_usd": draw(beliefs(100, 1e6)),
                "up_to_accelerators": draw(beliefs(1, 300)),
                "exercise_until": f"2026Q{end + 1}",
            }
        case _:
            del offer["lead_time_quarters"], offer["supply_accelerators"]
            return offer | {
                "mode": "programme",
                "nre_usd_per_quarter": draw(paths(quarters, 100, 1e5)),
                "nre_quarters": draw(st.integers(1, 6)),
                "success": {"probability": 0.7},
                "quarters_to_first_silicon": lead,
                "ramp_accelerators": [draw(numbers(0, 50)), draw(numbers(50, 300))],
                "ramp_times": draw(beliefs(0.5, 2)),
            }


@st.composite
def terms_of_purchase(draw: st.DrawFn) -> Raw:
    first, then = draw(numbers(0.6, 1.3)), draw(numbers(0.6, 1.3))
    return {
        "volume_prices": [
            {"above_accelerators": 20, "price_times": first},
            {"above_accelerators": 60, "price_times": then},
        ][: draw(st.integers(0, 2))],
        "cancellation_share": draw(st.sampled_from([None, 0.0, 0.25])),
        "minimum_order_accelerators": draw(st.sampled_from([None, 10.0])),
        "whole_units_of": draw(st.sampled_from([None, 8])),
    }


@st.composite
def power_contracts(draw: st.DrawFn, quarters: int) -> Raw:
    common = {
        "supply_mw": draw(paths(quarters, 0, 0.5)),
        "lead_time_quarters": draw(st.integers(0, 2)),
        "slip_quarters": draw(beliefs(0, 2)),
    }
    found = {
        "lease": lease(draw(paths(quarters, 10, 200)), draw(st.integers(1, 5)),
                       take_or_pay_share=draw(beliefs(0, 1)), **common),
        "build": build(draw(paths(quarters, 100, 3000)), draw(st.integers(1, 30)),
                       residual_share=draw(beliefs(0, 1)), **common),
    }  # fmt: skip
    return dict(list(found.items())[: draw(st.integers(0, 2))])


@st.composite
def scenarios(draw: st.DrawFn, *, plain: bool = False) -> Raw:
    """Return a scenario; a plain one has no shares, and offers that are one price and a length.

    The yes and no of the others take any share, so that optima are exact and quickly found.
    """
    quarters = draw(st.integers(1, 4))
    names = ["train", "serve"][: draw(st.integers(1, 2))]
    hall = site(
        power_mw=draw(paths(quarters, 0, 1)),
        pue=draw(beliefs(1, 1.5)),
        energy_usd_per_kwh=draw(paths(quarters, 0.01, 0.2)),
        hosting_usd_per_kw_month=draw(paths(quarters, 10, 150)),
    )
    sites = {"hall": hall, "cloud": site()}
    sites = dict(list(sites.items())[: draw(st.integers(1, 2))])
    chips = {}
    for k in range(draw(st.integers(2, 3))):
        able = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
        chips[f"chip{k}"] = platform(
            vendor=f"vendor{k % 2}",
            peak_pflops=draw(beliefs(0.2, 3)),
            realised_share=draw(beliefs(0.5, 1.2)),
            accelerator_kw=draw(beliefs(0.3, 2.5)),
            availability=draw(beliefs(0.7, 1)),
            utilisation={name: draw(beliefs(0.2, 0.6)) for name in able},
            idle_power_share=None if plain else draw(st.sampled_from([None, 0.0, 0.4])),
        )
    offer = plain_offers if plain else offers
    ways = {
        f"offer{k}": draw(offer(quarters, list(sites), draw(st.sampled_from(list(chips)))))
        for k in range(draw(st.integers(2, 4)))
    }
    works = {
        name: workload(
            draw(paths(quarters, 0, 150)), shortfall_usd_per_unit_hour=draw(numbers(10, 200))
        )
        for name in names
    }
    rate = draw(st.sampled_from([0.0, 0.08]))
    more: Raw = {}
    if not plain:
        more["limits"] = {"largest_vendor_share": {"vendor0": draw(beliefs(0.2, 0.9))}}
        more["power"] = draw(power_contracts(quarters))
        more["bets"] = "relaxed"
    return plan(quarters, works, chips, ways, sites=sites, rate=rate, **more)
