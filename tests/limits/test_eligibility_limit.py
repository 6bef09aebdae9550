"""What may run where: yields in three forms, memory, regions, lists of names, and porting."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from limit_checks import Raw, checked, exactly, never_more, numbers
from small import (
    HOURS,
    campaign,
    cost,
    decisions,
    mid_quarter,
    plan,
    platform,
    rent,
    site,
    workload,
)

SITES = {"hall": site(region="here"), "mill": site(region="there"), "barn": site()}


def test_a_yield_by_peak() -> None:
    """peak x realised share x utilisation x availability = 2 x 0.9 x 0.4 x 0.95 = 0.684."""
    chip = platform(
        peak_pflops=2.0, realised_share=0.9, availability=0.95, utilisation={"work": 0.4}
    )
    raw = plan(1, 171, {"chip": chip}, {"rent": rent("chip", 1.0)})
    assert cost(raw) == exactly(171 / 0.684 * HOURS)


def test_a_yield_by_memory_bandwidth() -> None:
    """1000 GB/TB x 4 TB/s x 0.6 / 0.8 GB per token x 0.9 = 2,700 tokens/s; the peak is no part."""
    chip = platform(
        utilisation={},
        bandwidth_utilisation={"work": 0.6},
        memory_bandwidth_tbps=4.0,
        availability=0.9,
        peak_pflops=77.0,
        realised_share=0.5,
    )
    work = workload(54_000, unit="tokens/s", memory_traffic_gb_per_unit=0.8)
    raw = plan(1, {"work": work}, {"chip": chip}, {"rent": rent("chip", 1.0)})
    assert cost(raw) == exactly(20 * HOURS)


def test_a_yield_as_it_is() -> None:
    """40 each x 0.9 available = 36; a campaign counts the same units."""
    chip = platform(utilisation={}, yield_per_accelerator={"work": 40.0}, availability=0.9)
    offers = {"rent": rent("chip", 1.0)}
    assert cost(
        plan(1, {"work": workload(720, unit="cards/h")}, {"chip": chip}, offers)
    ) == exactly(20 * HOURS)
    assert cost(plan(2, {"work": campaign(720, "2026Q2")}, {"chip": chip}, offers)) == exactly(
        20 * HOURS
    )


@checked
@given(factor=numbers(0.1, 50))
def test_a_unit_of_another_size_changes_nothing(factor: float) -> None:
    """Thousand tokens instead of tokens: demand, yield and price go along."""

    def counted(times: float) -> float:
        chip = platform(utilisation={}, yield_per_accelerator={"work": 40.0 * times})
        work = workload(500.0 * times, unit="x", shortfall_usd_per_unit_hour=0.04 / times)
        offers = {"rent": rent("chip", 1.0, supply_accelerators=10)}
        return cost(plan(1, {"work": work}, {"chip": chip}, offers))

    assert counted(factor) == exactly(counted(1.0))


@pytest.mark.parametrize(
    ("memory_gb", "per_domain", "fits"),
    [(80, 8, True), (79.9, 8, False), (640, 1, True), (80, 1, False)],
)
def test_a_replica_fits_a_domain_or_does_not_run(
    memory_gb: float, per_domain: int, fits: bool
) -> None:
    """640 GB: on eight of 80 GB it runs at 1 USD, or else on the big chip at 3."""
    chips = {
        "small": platform(memory_gb=memory_gb, accelerators_per_domain=per_domain),
        "big": platform(memory_gb=1000.0),
    }
    offers = {"small": rent("small", 1.0), "big": rent("big", 3.0)}
    raw = plan(1, {"work": workload(10, memory_gb=640.0)}, chips, offers)
    assert cost(raw) == exactly(10 * (1 if fits else 3) * HOURS)


def test_a_workload_without_a_need_of_memory_runs_anywhere() -> None:
    works = {"big": workload(10, memory_gb=640.0), "any": workload(10)}
    chips = {"chip": platform("big", "any", memory_gb=80.0)}
    found = decisions(plan(1, works, chips, {"rent": rent("chip", 1.0)}))
    assert found["shortfall"][0].sum(axis=1) == exactly([10, 0])


@pytest.mark.parametrize(
    ("rule", "open_sites"),
    [
        ({}, {"hall", "mill", "barn"}),
        ({"allowed_regions": ["here"]}, {"hall"}),
        ({"denied_regions": ["here"]}, {"mill", "barn"}),
        ({"allowed_regions": ["here", "there"], "denied_regions": ["there"]}, {"hall"}),
        ({"allowed_regions": ["elsewhere"]}, set()),
    ],
)
def test_regions(rule: Raw, open_sites: set[str]) -> None:
    """10 can be placed at each site that is open, of 40 wanted; the rest is missing at 50.

    A site without a region is open unless the only open regions are named.
    """
    sites = {name: {**body, "power_mw": 0.01} for name, body in SITES.items()}
    offers = {"rent": rent("chip", 1.0, sites=list(SITES))}
    demand = {"work": workload(40, shortfall_usd_per_unit_hour=50.0)}
    raw = plan(1, demand, {"chip": platform(**rule)}, offers, sites=sites)
    count = 10 * len(open_sites)
    assert cost(raw) == exactly((count + (40 - count) * 50) * HOURS)
    stands = decisions(raw)["allocate"][0, 0, :, 0, 0]
    assert {name for name, n in zip(SITES, stands, strict=True) if n > 0} == open_sites


@pytest.mark.parametrize(
    ("rule", "price"),
    [
        ({}, 1.0),
        ({"denied_platforms": ["cheap"]}, 2.0),
        ({"allowed_platforms": ["dear"]}, 4.0),
        ({"allowed_platforms": ["cheap", "dear"], "denied_platforms": ["cheap"]}, 4.0),
        ({"denied_sites": ["hall"]}, 2.0),
        ({"allowed_sites": ["barn"]}, 4.0),
        ({"allowed_platforms": ["cheap"], "denied_sites": ["hall"]}, 50.0),
    ],
)
def test_lists(rule: Raw, price: float) -> None:
    """cheap in the hall at 1, middling in the mill at 2, dear in the barn at 4; missing costs 50.

    The lists of one workload leave another alone.
    """
    chips = {name: platform("work", "other") for name in ("cheap", "middling", "dear")}
    offers = {
        name: rent(name, usd, sites=[at])
        for name, usd, at in (
            ("cheap", 1.0, "hall"),
            ("middling", 2.0, "mill"),
            ("dear", 4.0, "barn"),
        )
    }
    works = {
        "work": workload(10, shortfall_usd_per_unit_hour=50.0, **rule),
        "other": workload(3, shortfall_usd_per_unit_hour=50.0),
    }
    assert cost(plan(1, works, chips, offers, sites=SITES)) == exactly((10 * price + 3) * HOURS)


def ported(demand: Any, cost_usd: float, quarters: int = 1, **terms: Any) -> Raw:
    """A cheap platform at 1 USD that the work must be ported to, and another at 3."""
    porting = {"work": {"cost_usd": cost_usd, "delay_quarters": 0, **terms}}
    chips = {"new": platform(porting=porting), "old": platform()}
    offers = {"new": rent("new", 1.0), "old": rent("old", 3.0)}
    return plan(quarters, demand, chips, offers, rate=0.1)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_porting_pays_from_its_savings(side: float) -> None:
    """100 x (3 - 1) x 2190 x d[0] are saved by what costs a dollar less, or a dollar more."""
    d = mid_quarter(0.1, 0)
    saved = 100 * 2 * HOURS
    raw = ported(100, saved + side)
    dear = 300 * HOURS
    assert cost(raw) == exactly(d * min(dear, 100 * HOURS + saved + side))
    assert decisions(raw)["adopt"].sum() == exactly(0 if side > 0 else 1)


def test_a_part_of_a_porting_is_for_a_part_of_the_demand() -> None:
    """With shares of yes or no: 40 of 100 on the new one take 0.4 of the cost. A lower bound."""
    raw = {**ported(100, 50_000.0), "bets": "relaxed", "discount_rate_per_year": 0.0}
    raw["offers"]["new"]["supply_accelerators"] = 40
    assert cost(raw) == exactly((40 * 1 + 60 * 3) * HOURS + 0.4 * 50_000)


def test_porting_takes_its_time_from_its_quarter() -> None:
    """Begun and paid in Q2, ready one quarter later: 10 at 3, 3 and 1 USD, and 5,000 x d[1]."""
    d = [mid_quarter(0.1, t) for t in range(3)]
    raw = ported(10, 5000.0, 3, delay_quarters=1, from_quarter="2026Q2")
    assert cost(raw) == exactly(10 * HOURS * (3 * d[0] + 3 * d[1] + d[2]) + 5000 * d[1])


def test_a_campaign_waits_for_its_porting() -> None:
    """20 unit-quarters until Q3, 8 of the new a quarter: 16 in Q2 and Q3, and 4 on the old."""
    raw = ported({"work": campaign(20, "2026Q3")}, 100.0, 3, delay_quarters=1)
    raw["offers"]["new"]["supply_accelerators"] = 8
    raw["discount_rate_per_year"] = 0.0
    assert cost(raw) == exactly((16 * 1 + 4 * 3) * HOURS + 100)


@checked
@given(demand=numbers(1, 90), price=numbers(0, 3e5), more=numbers(0, 1e5))
def test_dearer_or_slower_porting_never_costs_less(
    demand: float, price: float, more: float
) -> None:
    now = cost(ported(demand, price, 2))
    never_more(now, cost(ported(demand, price + more, 2)))
    never_more(now, cost(ported(demand, price, 2, delay_quarters=1)))
    without = ported(demand, price, 2)
    del without["platforms"]["new"]["porting"]
    never_more(cost(without), now)
    never_more(now, cost(without) + price)


@checked
@given(demand=numbers(1, 90), limit=numbers(1, 50))
def test_opening_a_list_never_costs_more(demand: float, limit: float) -> None:
    chips = {name: platform() for name in ("a", "b")}
    offers = {"a": rent("a", 1.0, supply_accelerators=limit), "b": rent("b", 2.0)}
    only = cost(plan(1, {"work": workload(demand, allowed_platforms=["b"])}, chips, offers))
    both = cost(plan(1, {"work": workload(demand, allowed_platforms=["a", "b"])}, chips, offers))
    never_more(both, only)
    assert both == exactly(cost(plan(1, demand, chips, offers)))
