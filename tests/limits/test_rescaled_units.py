"""One plan with every limit in it: counted or priced in other units it has the same answer.

And each limit, where it is wider than anything needs, changes nothing at all.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from limit_checks import Raw, checked, numbers
from small import (
    build,
    buy,
    campaign,
    contracted,
    cost,
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
    workload,
)


def everything() -> Raw:
    """Six quarters in which every family of rows has a row."""
    hall = site(
        power_mw=[0.05, 0.05, 0.06, 0.06, 0.08, 0.08], pue=1.25, energy_usd_per_kwh=0.1,
        hosting_usd_per_kw_month=80.0, liquid_cooling_mw=0.02,
    )  # fmt: skip
    target = {"share": 0.8, "shortfall_usd_per_unit_hour": 30.0}
    works = {
        "serve": workload(
            [20, 25, 60, 70, 80, 90], shortfall_usd_per_unit_hour=9.0, service_target=target
        ),
        "train": {
            **workload(30, shortfall_usd_per_unit_hour=7.0),
            "scaling": {
                "jobs": 2, "reference_accelerators": 6.0, "exponent": 0.8,
                "largest_accelerators": 30.0, "segments": 2,
            },
        },
        "due": {**campaign(90, "2027Q1"), "shortfall_usd_per_unit_hour": 8.0},
    }  # fmt: skip
    porting = {"serve": {"cost_usd": 9000.0, "delay_quarters": 1}}
    chips = {
        "a": platform(*works, vendor="A", liquid_cooled=True),
        "b": platform(*works, vendor="B", idle_power_share=0.3, porting=porting),
        "own": platform(*works, vendor="me", peak_pflops=0.9),
    }
    tiers = [{"above_accelerators": 8.0, "price_times": 0.9}]
    offers = {
        "a-buy": buy(
            "a", 9000.0, 4, lead_time_quarters=1, supply_accelerators=20.0, residual_share=0.4,
            volume_prices=tiers,
        ),
        "a-term": reserve(
            "a", 2.0, 3, supply_accelerators=15.0, minimum_order_accelerators=14.0
        ),
        "b-buy": buy(
            "b", 8000.0, 5, supply_accelerators=12.0, cancellation_share=0.2, residual_share=0.3
        ),
        "b-right": option(
            "b", 7000.0, 4, fee_usd=9000.0, up_to_accelerators=20.0, exercise_until="2026Q3",
            supply_accelerators=15.0,
        ),
        "chip": programme(
            "own", 4000.0, 4, nre_usd_per_quarter=20_000.0, quarters_to_first_silicon=2,
            ramp_accelerators=[10.0, 20.0], nre_quarters=2,
        ),
        "rent": rent("a", 5.0, sites=["cloud"], supply_accelerators=10.0),
    }  # fmt: skip
    fleet = {
        "old": owned("b", 10.0, 3, maintenance_usd_per_year=300.0),
        "term": contracted("a", 5.0, 1.0, 2),
        "due": ordered("b", 6.0, 9000.0, 4, delivery_in_quarters=2, cancellation_share=0.1),
    }
    power = {
        "line": lease(30.0, 2, supply_mw=0.01, take_or_pay_share=0.6),
        "mast": build(500.0, 20, supply_mw=0.005, lead_time_quarters=1, residual_share=0.5),
    }
    use = {"a": 2.0, "b": 1.0, "own": 3.0}
    limits = {
        "largest_vendor_share": {"A": 0.15},
        "smallest_vendor_share": {"B": 0.7},
        "growth": {"accelerators_per_quarter": 18.0, "share_of_fleet": 0.1},
        "budgets": {
            "capex_usd_by_year": [3e5, 2e5], "opex_usd_by_year": [4e5, 2e5],
            "overrun_usd_per_usd": 0.2,
        },
    }  # fmt: skip
    fall = {"vendor": "A", "others": ["b", "own"], "passes_share": 0.5, "discount_share": 0.1}
    cut = {"vendor": "A", "programme": "chip", "cut_share": 0.3}
    return plan(
        6, works, chips, offers, sites={"hall": hall, "cloud": site()}, rate=0.08, power=power,
        existing=fleet, limits=limits, bet_gap=1e-9,
        pools={"memory": {"unit": "GB", "supply": 60.0, "use_per_accelerator": use}},
        bargaining={"price_falls": {"fall": fall}, "allocation_cuts": {"cut": cut}},
    )  # fmt: skip


COUNTS = {
    "demand", "total_unit_hours", "power_mw", "liquid_cooling_mw", "supply_mw",
    "supply_accelerators", "up_to_accelerators", "ramp_accelerators", "accelerators",
    "minimum_order_accelerators", "above_accelerators", "accelerators_per_quarter", "supply",
    "reference_accelerators", "largest_accelerators",
}  # fmt: skip
"""Fields that say how many."""

SUMS = {
    "fee_usd", "nre_usd_per_quarter", "cost_usd", "capex_usd_by_year", "opex_usd_by_year",
}  # fmt: skip
"""Fields that are US dollars in all, whatever their number."""

PRICES = {
    "price_usd", "price_usd_per_hour", "price_usd_per_kw_month", "capex_usd_per_kw",
    "energy_usd_per_kwh", "hosting_usd_per_kw_month", "maintenance_usd_per_year",
    "shortfall_usd_per_unit_hour",
}  # fmt: skip
"""Fields that are US dollars for each of something."""


def scaled(node: Any, keys: set[str], factor: float, *, within: bool = False) -> Any:
    """Return a config in which the numbers under some keys are multiplied."""
    if isinstance(node, dict):
        return {k: scaled(v, keys, factor, within=k in keys) for k, v in node.items()}
    if isinstance(node, list):
        return [scaled(item, keys, factor, within=within) for item in node]
    number = isinstance(node, int | float) and not isinstance(node, bool)
    return node * factor if within and number else node


@cache
def plain() -> float:
    return cost(everything())


few = settings(checked, max_examples=4)


def test_everything_is_in_it() -> None:
    """Every family of rows that there is."""
    from small import bench

    from planner.model.rows import ROW_FAMILIES

    raw = everything()
    raw["offers"]["rent"]["whole_units_of"] = 2
    found = {row.family for row in bench(raw).model.template.rows}
    assert found == set(ROW_FAMILIES)


@few
@given(factor=numbers(0.01, 50))
def test_ten_times_as_many_of_everything_cost_ten_times_as_much(factor: float) -> None:
    factor = max(factor, 0.02)
    other = scaled(scaled(everything(), COUNTS, factor), SUMS, factor)
    assert cost(other) == pytest.approx(plain() * factor, rel=1e-7)


@few
@given(factor=numbers(0.01, 50))
def test_money_in_another_unit(factor: float) -> None:
    factor = max(factor, 0.02)
    other = scaled(everything(), PRICES | SUMS, factor)
    assert cost(other) == pytest.approx(plain() * factor, rel=1e-7)


@few
@given(factor=numbers(0.1, 20))
def test_compute_in_another_unit(factor: float) -> None:
    other = scaled(everything(), {"demand", "total_unit_hours", "peak_pflops"}, factor)
    other = scaled(other, {"shortfall_usd_per_unit_hour"}, 1 / factor)
    assert cost(other) == pytest.approx(plain(), rel=1e-7)


@few
@given(factor=numbers(0.1, 20))
def test_accelerators_of_another_size(factor: float) -> None:
    """Half as strong, half the kW and half the price: twice as many, at the same cost."""
    raw = everything()
    each = {"peak_pflops", "accelerator_kw", "price_usd", "price_usd_per_hour"}
    each |= {"maintenance_usd_per_year"}
    other = scaled(raw, each, factor)
    count = COUNTS - {"demand", "total_unit_hours", "power_mw", "liquid_cooling_mw", "supply_mw"}
    other = scaled(other, count - {"supply"}, 1 / factor)
    other["pools"]["memory"]["use_per_accelerator"] = scaled(
        raw["pools"]["memory"]["use_per_accelerator"], {"a", "b", "own"}, factor
    )
    assert cost(other) == pytest.approx(plain(), rel=1e-7)


HUGE = 1e5

LOOSE: dict[str, Any] = {
    "pools.memory.supply": HUGE,
    "limits.growth.accelerators_per_quarter": HUGE,
    "limits.largest_vendor_share.A": 1.0,
    "limits.smallest_vendor_share.B": 0.0,
    "limits.budgets.overrun_usd_per_usd": 1e-12,
    "sites.hall.power_mw": HUGE,
    "sites.hall.liquid_cooling_mw": HUGE,
    "bargaining.price_falls.fall.discount_share": 0.0,
    "bargaining.allocation_cuts.cut.cut_share": 0.0,
    "workloads.train.scaling.exponent": 1.0,
    "workloads.serve.service_target.shortfall_usd_per_unit_hour": 9.0 + 1e-9,
    "platforms.b.porting.serve.cost_usd": 0.0,
    "offers.a-term.minimum_order_accelerators": 1e-9,
    "offers.b-buy.cancellation_share": 1.0,
}
"""Values at which a limit says nothing, or a term gives nothing, by place."""

WITHOUT: dict[str, Any] = {
    "pools.memory.supply": "pools.memory",
    "limits.growth.accelerators_per_quarter": "limits.growth",
    "limits.budgets.overrun_usd_per_usd": "limits.budgets",
    "sites.hall.power_mw": {"sites.hall.power_mw": "unlimited", "power": {}},
    "sites.hall.liquid_cooling_mw": "sites.hall.liquid_cooling_mw",
    "bargaining.price_falls.fall.discount_share": "bargaining.price_falls",
    "bargaining.allocation_cuts.cut.cut_share": "bargaining.allocation_cuts",
    "workloads.serve.service_target.shortfall_usd_per_unit_hour": "workloads.serve.service_target",
}
"""What to take away, or to set, for the scenario without it; else the place itself."""


GIVES = ("bargaining.price_falls.fall.discount_share",)
"""What makes the plan cheaper while it says something."""

TIGHT = {"sites.hall.liquid_cooling_mw": 0.001}
"""Where the plan's own value is too wide to be felt."""


def at(raw: Raw, place: str) -> tuple[Raw, str]:
    *path, key = place.split(".")
    for part in path:
        raw = raw[part]
    return raw, key


@pytest.mark.parametrize("place", LOOSE)
def test_a_limit_that_does_not_bind_changes_nothing(place: str) -> None:
    loose, without = everything(), everything()
    body, key = at(loose, place)
    body[key] = LOOSE[place]
    match WITHOUT.get(place, place):
        case str() as gone if gone == "workloads.train.scaling.exponent":
            # Jobs of the largest size can be had without loss, and no more than these are wanted.
            del without["workloads"]["train"]["scaling"]
        case str() as gone if gone == "platforms.b.porting.serve.cost_usd":
            porting = without["platforms"]["b"].pop("porting")["serve"]
            loose["platforms"]["b"]["porting"]["serve"] = {
                **porting,
                "cost_usd": 0.0,
                "delay_quarters": 0,
            }
        case str() as gone:
            body, key = at(without, gone)
            del body[key]
        case changes:
            for where, value in changes.items():
                body, key = at(without, where)
                body[key] = copy.deepcopy(value)
    assert cost(loose) == pytest.approx(cost(without), rel=1e-7)
    if place != "offers.b-buy.cancellation_share":
        # And each of them can be felt, so that a row that is left out is seen.
        tight = everything()
        body, key = at(tight, place)
        body[key] = TIGHT.get(place, body[key])
        less, more = (tight, loose) if place in GIVES else (loose, tight)
        assert cost(less) < cost(more) * (1 - 1e-6)
