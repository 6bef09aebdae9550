"""A scenario for each family of rows: so small that its rows are read at a glance."""

from __future__ import annotations

from typing import Any

from small import (
    build,
    buy,
    campaign,
    contracted,
    lease,
    option,
    ordered,
    owned,
    plan,
    platform,
    programme,
    rent,
    reserve,
    site,
    spot,
    workload,
)

Raw = dict[str, Any]

CHIP = {"chip": platform()}


def _demand() -> Raw:
    """One workload is served by two platforms, the other in jobs that lose with their size."""
    works = {"serve": workload([10, 12]), "large": workload([7, 8], scaling=_SCALING)}
    platforms = {
        "a-chip": platform(peak_pflops=2, utilisation={"serve": 0.25, "large": 0.45}),
        "b-chip": platform(utilisation={"serve": 0.3}),
    }
    offers = {"a": rent("a-chip", 1, sites=["hall", "cloud"]), "b": rent("b-chip", 1)}
    return plan(2, works, platforms, offers, sites={"hall": site(), "cloud": site()})


_SCALING = {
    "jobs": 5,
    "reference_accelerators": 4,
    "exponent": 0.5,
    "largest_accelerators": 64,
    "segments": 2,
}
"""Sizes 0, 4, 16, 64 put out 0, 4, 8, 16: slopes 1, 1/3, 1/6."""


def _campaign() -> Raw:
    """30 unit-quarters in the second or third of four quarters, with a yield of a half."""
    works = {"work": campaign(30, "2026Q3", from_quarter="2026Q2")}
    return plan(4, works, {"chip": platform(peak_pflops=0.5)}, {"rent": rent("chip", 1)})


def _service_target() -> Raw:
    """90 % of a rate of 10 and then 20, and of a campaign of 30."""
    target = {"share": 0.9, "shortfall_usd_per_unit_hour": 3000.0}
    works = {
        "rate": workload([10, 20], service_target=target),
        "once": {**campaign(30, "2026Q2"), "service_target": target},
    }
    return plan(2, works, {"chip": platform("rate", "once")}, {"rent": rent("chip", 1)})


def _scaling() -> Raw:
    works = {"work": workload([7, 8], scaling=_SCALING)}
    offers = {"rent": rent("chip", 1, sites=["hall", "cloud"])}
    return plan(2, works, CHIP, offers, sites={"hall": site(), "cloud": site()})


def _shared_jobs() -> Raw:
    """Two platforms share 5 jobs of 4 in the first segment; then 3 and 12 times what it holds."""
    platforms = {"a-chip": platform(), "b-chip": platform()}
    offers = {"a": rent("a-chip", 1), "b": rent("b-chip", 1)}
    return plan(1, {"work": workload(7, scaling=_SCALING)}, platforms, offers)


def _porting() -> Raw:
    """Begun in the second quarter, of use in the third; a campaign at once."""
    porting = {
        "rate": {"cost_usd": 5, "delay_quarters": 1, "from_quarter": "2026Q2"},
        "once": {"cost_usd": 7, "delay_quarters": 0},
    }
    chip = platform(porting=porting, utilisation={"rate": 0.5, "once": 0.25})
    works = {"rate": workload([10, 20, 30, 40]), "once": campaign(50, "2026Q2")}
    return plan(4, works, {"chip": chip}, {"rent": rent("chip", 1)})


def _allocation() -> Raw:
    """Delivered to 90 % and cancellable, interrupted for a quarter, there before; and idle."""
    platforms = {
        "chip": platform(utilisation={"train": 1, "serve": 1}),
        "idler": platform("train", idle_power_share=0.3),
    }
    offers = {
        "own": buy("chip", 9000, 1, delivered_share=0.9, cancellation_share=0.1),
        "spot": spot("chip", 1, interruption_share=0.25),
        "idle": rent("idler", 1, sites=["hall"]),
    }
    existing = {"old": owned("chip", 50, 1)}
    works = {"train": workload([100, 120]), "serve": workload([10, 12])}
    return plan(2, works, platforms, offers, existing=existing)


def _idle() -> Raw:
    """Bought for two quarters, of which 90 % come, and 50 that leave after the first quarter."""
    offers = {
        "own": buy("chip", 9000, 2, delivered_share=0.9, cancellation_share=0.1),
        "rent": rent("chip", 1),
    }
    existing = {"old": owned("chip", 50, 1)}
    chip = platform(idle_power_share=0.3)
    return plan(3, 10, {"chip": chip}, offers, existing=existing)


def _supply() -> Raw:
    """A programme that works, one quarter late, and a vendor that cuts 70 % for it."""
    platforms = {"chip": platform(), "own": platform(vendor="self")}
    ramp = {"ramp_accelerators": [100, 200], "slip_quarters": 1.0, "ramp_times": 0.5}
    offers = {
        "buy": buy("chip", 9000, 4, sites=["hall", "cloud"], supply_accelerators=[40, 50, 60]),
        "term": reserve("chip", 1, 1, lead_time_quarters=2, supply_accelerators=30),
        "right": option("chip", 9000, 4, supply_accelerators=20),
        "rent": rent("chip", 4, supply_accelerators=[70, 80, 90]),
        "ours": programme("own", 500, 4, **ramp),
    }
    cut = {"vendor": "acme", "programme": "ours", "cut_share": 0.7}
    bargaining = {"allocation_cuts": {"cut": cut}}
    sites = {"hall": site(), "cloud": site()}
    return plan(3, 10, platforms, offers, sites=sites, bargaining=bargaining)


def _cancellation() -> Raw:
    offers = {
        "may": buy("chip", 9000, 4, sites=["hall", "cloud"], cancellation_share=0.1,
                   lead_time_quarters=1),
        "may-not": buy("chip", 9000, 4),
    }  # fmt: skip
    return plan(3, 10, CHIP, offers, sites={"hall": site(), "cloud": site()})


def _existing() -> Raw:
    existing = {
        "kept": owned("chip", 50, 4),
        "paid": contracted("chip", 60, 2.0, 3),
        "fixed": ordered("chip", 70, 9000, 4),
        "open": ordered("chip", 80, 9000, 4, cancellation_share=0.1),
    }
    return plan(2, 10, CHIP, {"rent": rent("chip", 1)}, existing=existing)


def _option_right() -> Raw:
    """70 in all, ordered in the first two quarters for the second and third of four."""
    right = option("chip", 9000, 4, up_to_accelerators=70, exercise_until="2026Q2",
                   lead_time_quarters=1, sites=["hall", "cloud"])  # fmt: skip
    return plan(4, 10, CHIP, {"right": right}, sites={"hall": site(), "cloud": site()})


def _minimum_order() -> Raw:
    least = {"minimum_order_accelerators": 25, "supply_accelerators": [40, 50]}
    offers = {
        "buy": buy("chip", 9000, 4, sites=["hall", "cloud"], **least),
        "term": reserve("chip", 1, 1, lead_time_quarters=1, **least),
    }
    return plan(2, 10, CHIP, offers, sites={"hall": site(), "cloud": site()})


def _volume_price() -> Raw:
    """The price falls above 20, rises above 50 and falls again above 90."""
    tiers = [
        {"above_accelerators": 20, "price_times": 0.9},
        {"above_accelerators": 50, "price_times": 1.2},
        {"above_accelerators": 90, "price_times": 0.8},
    ]
    offer = buy("chip", 9000, 4, supply_accelerators=120, volume_prices=tiers,
                sites=["hall", "cloud"])  # fmt: skip
    return plan(1, 10, CHIP, {"buy": offer}, sites={"hall": site(), "cloud": site()})


def _whole_units() -> Raw:
    """What is kept comes in lots: up to 10 servers of 8, and 2.5 pods of 64."""
    two = ["hall", "cloud"]
    offers = {
        "servers": buy("chip", 9000, 4, whole_units_of=8, sites=two, supply_accelerators=80,
                       cancellation_share=0.1),
        "pods": rent("chip", 1, whole_units_of=64, supply_accelerators=160),
    }  # fmt: skip
    return plan(1, 10, CHIP, offers, sites={"hall": site(), "cloud": site()})


def _powered() -> Raw:
    """1.5 kW with a PUE of 1.2: 1.8 kW at work, and 0.54 kW idle; 0.6 kW at 0.5 kW."""
    platforms = {
        "idler": platform("train", accelerator_kw=1.5, idle_power_share=0.3),
        "chip": platform("train", "serve", accelerator_kw=0.5),
    }
    offers = {"idle": rent("idler", 1), "chips": rent("chip", 1)}
    works = {"train": workload([100, 120]), "serve": workload([10, 12])}
    power = {
        "grid": lease(100, 1, lead_time_quarters=1, supply_mw=0.4),
        "engines": build(900, 8, supply_mw=[0.5, 0.6]),
    }
    hall = {"hall": site(power_mw=[0.2, 0.3], pue=1.2)}
    return plan(2, works, platforms, offers, sites=hall, power=power)


def _leased() -> Raw:
    """Two quarters each, from one quarter after the signature on."""
    power = {"grid": lease(100, 2, lead_time_quarters=1, supply_mw=[0.1, 0.2, 0.3, 0.4])}
    hall = {"hall": site(power_mw=0.5)}
    return plan(4, 10, CHIP, {"rent": rent("chip", 1)}, sites=hall, power=power)


def _cooling() -> Raw:
    """1.5 kW in liquid, whatever the PUE; 0.7 kW in liquid and idle; 0.5 kW in air."""
    platforms = {
        "wet": platform("train", "serve", accelerator_kw=1.5, liquid_cooled=True),
        "idler": platform("train", accelerator_kw=0.7, liquid_cooled=True, idle_power_share=0.3),
        "dry": platform("train", accelerator_kw=0.5),
    }
    offers = {name: rent(name, 1, sites=["hall", "cloud"]) for name in platforms}
    sites = {"hall": site(liquid_cooling_mw=[0.2, 0.3], pue=1.2), "cloud": site()}
    works = {"train": workload([100, 120]), "serve": workload([10, 12])}
    return plan(2, works, platforms, offers, sites=sites)


def _pool() -> Raw:
    """Only what is newly made takes memory, and of the two kinds only one takes wafers."""
    platforms = {"chip": platform(), "own": platform(vendor="self")}
    offers = {
        "buy": buy("chip", 9000, 4, sites=["hall", "cloud"]),
        "right": option("chip", 9000, 4),
        "ours": programme("own", 500, 4),
        "term": reserve("chip", 1, 1),
        "rent": rent("chip", 4),
    }
    pools = {
        "memory": {
            "unit": "GB",
            "supply": [7000, 8000],
            "use_per_accelerator": {"chip": 80, "own": 96},
        },
        "wafers": {"unit": "wafers", "supply": 30, "use_per_accelerator": {"own": 0.05}},
    }
    sites = {"hall": site(), "cloud": site()}
    return plan(2, 10, platforms, offers, sites=sites, pools=pools)


def _growth() -> Raw:
    """30, 40 and 50, and a quarter of what served the quarter before; cancelled is neither."""
    offers = {
        "own": buy("chip", 9000, 2, delivered_share=0.9, cancellation_share=0.1),
        "term": reserve("chip", 1, 1, lead_time_quarters=1, sites=["hall", "cloud"]),
        "rent": rent("chip", 4),
    }
    existing = {
        "old": owned("chip", 50, 1),
        "paid": contracted("chip", 60, 2.0, 4),
        "due": ordered("chip", 70, 9000, 4, delivery_in_quarters=1),
    }
    growth = {"accelerators_per_quarter": [30, 40, 50], "share_of_fleet": 0.25}
    sites = {"hall": site(), "cloud": site()}
    limits = {"growth": growth}
    return plan(3, 10, CHIP, offers, sites=sites, existing=existing, limits=limits)


def _vendors(limit: str) -> Raw:
    """Counted as far as it comes: 90 % of A's, C's first order; not what is rented or cancelled."""
    platforms = {name: platform(vendor=name.upper()) for name in ("a", "b", "c")}
    offers = {
        "a-buy": buy("a", 9000, 4, sites=["hall", "cloud"], cancellation_share=0.1,
                     delivered_share=0.9),
        "a-rent": rent("a", 4),
        "b-term": reserve("b", 1, 1, lead_time_quarters=1),
        "c-buy": buy("c", 9000, 4, slip_quarters=1.0),
    }  # fmt: skip
    sites = {"hall": site(), "cloud": site()}
    return plan(2, 10, platforms, offers, sites=sites, limits={limit: {"A": 0.6, "B": 0.2}})


def _price_fall() -> Raw:
    """A's prices fall if B has 30 % of what comes; M is 0.3 (40 + 50 + 60 + 70) = 66."""
    platforms = {name: platform(vendor=name.upper()) for name in ("a", "b", "c")}
    offers = {
        "a-buy": buy("a", 9000, 4, sites=["hall", "cloud"], supply_accelerators=[40, 50],
                     cancellation_share=0.1),
        "a-term": reserve("a", 1, 1, lead_time_quarters=1, supply_accelerators=60),
        "b-buy": buy("b", 8000, 4, supply_accelerators=1000, delivered_share=0.9),
        "c-buy": buy("c", 7000, 4, lead_time_quarters=1, supply_accelerators=70),
    }  # fmt: skip
    fall = {"vendor": "A", "others": ["b"], "passes_share": 0.3, "discount_share": 0.1}
    sites = {"hall": site(), "cloud": site()}
    bargaining = {"price_falls": {"rivalry": fall}}
    return plan(2, 10, platforms, offers, sites=sites, bargaining=bargaining)


def _budget() -> Raw:
    """Two years, the second of one quarter; amounts in millions that are easy to spot.

    Bought for 3 M and a server of 1 M, half a quarter before; kept up for 0.4 M a year, cancelled
    for 75 %. A kW is leased for 3 M a quarter, 80 % whether drawn or not. Hosting of one is 2 kW
    x 3 months x 0.1 M, its energy 2 kW x 2190 h x 100 USD, a quarter of it without work.
    """
    hall = site(power_mw=0.5, energy_usd_per_kwh=100, hosting_usd_per_kw_month=1e5)
    chip = platform(accelerator_kw=2, idle_power_share=0.25)
    own = buy(
        "chip", 3e6, 8, server_share_usd=1e6, maintenance_usd_per_year=4e5, lead_time_quarters=4,
        payments=[{"share": 0.5, "quarters_before_delivery": 1}], cancellation_share=0.75,
        volume_prices=[{"above_accelerators": 10, "price_times": 1.5}],
    )  # fmt: skip
    power = {"grid": lease(1e6, 1, lead_time_quarters=4, take_or_pay_share=0.8)}
    budgets = {
        "capex_usd_by_year": [7e6, 8e6],
        "opex_usd_by_year": [5e6, 6e6],
        "overrun_usd_per_usd": 0.1,
    }
    works = {"work": campaign(10, "2027Q1", from_quarter="2027Q1")}
    return plan(
        5, works, {"chip": chip}, {"own": own}, sites={"hall": hall}, power=power,
        limits={"budgets": budgets},
    )  # fmt: skip


def _budget_of_one_quarter() -> Raw:
    """What else is capex (fees, built power, refunds) and opex: each with an amount of its own."""
    hall = site(power_mw=0.5)
    porting = {"work": {"cost_usd": 4e6, "delay_quarters": 0}}
    platforms = {
        "chip": platform(vendor="A", porting=porting),
        "own": platform(vendor="self"),
    }
    tier = [{"above_accelerators": 10, "price_times": 0.8}]
    offers = {
        "buy": buy("chip", 5e6, 4, server_share_usd=1e6, volume_prices=tier),
        "term": reserve("chip", 1000, 2, upfront_share=0.5),
        "rent": rent("chip", 4000),
        "right": option("chip", 7e6, 4, fee_usd=2e6),
        "ours": programme("own", 8e6, 4, nre_usd_per_quarter=3e6),
    }
    existing = {
        "old": owned("chip", 50, 4, maintenance_usd_per_year=1.2e6),
        "held": contracted("chip", 60, 3000, 2),
        "due": ordered("chip", 70, 9e6, 4, paid_share=0.2, cancellation_share=0.5),
    }
    fall = {"vendor": "A", "others": ["own"], "passes_share": 0.3, "discount_share": 0.1}
    budgets = {
        "capex_usd_by_year": [7e6],
        "opex_usd_by_year": [5e6],
        "overrun_usd_per_usd": 0.1,
    }
    return plan(
        1, 10, platforms, offers, sites={"hall": hall}, existing=existing,
        power={"engines": build(11e6, 8)}, limits={"budgets": budgets},
        bargaining={"price_falls": {"rivalry": fall}},
    )  # fmt: skip


# A family that has more to show than one scenario can has another, after a dash.
ROW_SCENARIOS: dict[str, Raw] = {
    "demand": _demand(),
    "campaign": _campaign(),
    "service_target": _service_target(),
    "scaling": _scaling(),
    "scaling-shared": _shared_jobs(),
    "porting": _porting(),
    "allocation": _allocation(),
    "deployment": _idle(),
    "standing": _idle(),
    "supply": _supply(),
    "cancellation": _cancellation(),
    "existing": _existing(),
    "option_right": _option_right(),
    "minimum_order": _minimum_order(),
    "volume_price": _volume_price(),
    "whole_units": _whole_units(),
    "power": _powered(),
    "lease_draw": _leased(),
    "power_supply": _leased(),
    "cooling": _cooling(),
    "pool": _pool(),
    "vendor_share": _vendors("largest_vendor_share"),
    "smallest_vendor_share": _vendors("smallest_vendor_share"),
    "growth": _growth(),
    "price_fall": _price_fall(),
    "rebate": _price_fall(),
    "budget": _budget(),
    "budget-other": _budget_of_one_quarter(),
}
