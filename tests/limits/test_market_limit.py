"""Across offers: pools, vendor shares, growth and prices that fall."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from limit_checks import Raw, checked, exactly, never_more, numbers
from small import (
    HOURS,
    UNLIMITED,
    buy,
    contracted,
    cost,
    decisions,
    option,
    ordered,
    owned,
    plan,
    platform,
    programme,
    rent,
    reserve,
    uniform,
)

CHIP = {"chip": platform()}
VENDORS = {name: platform(vendor=name.upper()) for name in ("a", "b", "c")}
WHOLE = {"bet_gap": 0.0}


def hourly(usd: float) -> float:
    """Return the price by the hour of a quarter that costs so much."""
    return usd / HOURS


def test_a_pool_goes_to_where_it_saves_most() -> None:
    """1,000 GB in each of two quarters. Per GB the big chip (20 GB) saves 40, the small (10) 30.

    Of the big ones 30 are wanted by its work: 600 GB; the other 400 make 40 of 50 small ones. What
    is not made is reserved, which takes nothing: 10 small at 1,300. Both quarters alike.
    """
    works = {"heavy": {"demand": 30}, "light": {"demand": 50}}
    works = {name: {**work, "shortfall_usd_per_unit_hour": 9e3} for name, work in works.items()}
    chips = {"big": platform("heavy"), "small": platform("light")}
    offers = {
        "big": buy("big", 1000, 1),
        "small": buy("small", 1000, 1),
        "big-term": reserve("big", hourly(1800), 1),
        "small-term": reserve("small", hourly(1300), 1),
    }
    use = {"big": 20, "small": 10}
    pool = {"unit": "GB", "supply": 1000, "use_per_accelerator": use}
    raw = plan(2, works, chips, offers, pools={"memory": pool})
    assert cost(raw) == exactly(2 * (30 * 1000 + 40 * 1000 + 10 * 1300))


def test_a_pool_is_taken_by_options_and_programmes_too() -> None:
    """10 of one's own, under an option and built share 12; the rest is rented at 5,000."""
    offers = {
        "own": buy("chip", 1000, 1, supply_accelerators=10),
        "right": option("chip", 1100, 1, supply_accelerators=10),
        "made": programme("chip", 1200, 1, ramp_accelerators=[10]),
        "rent": rent("chip", hourly(5000)),
    }
    pool = {"unit": "wafers", "supply": 12, "use_per_accelerator": {"chip": 1}}
    raw = plan(1, 30, CHIP, offers, pools={"packaging": pool}, **WHOLE)
    assert cost(raw) == exactly(10 * 1000 + 2 * 1100 + 1 + 18 * 5000)


def shares(largest: Raw | None = None, smallest: Raw | None = None, **changes: Any) -> Raw:
    """100 of A at 1,000, B at 1,500 or C at 2,000 each; all can be rented at 1,800."""
    prices = {"a": 1000.0, "b": 1500.0, "c": 2000.0}
    offers: Raw = {name: buy(name, usd, 1) for name, usd in prices.items()}
    offers["rent"] = rent("a", hourly(1800))
    limits = {"largest_vendor_share": largest or {}, "smallest_vendor_share": smallest or {}}
    return plan(1, 100, VENDORS, offers, limits=limits, **changes)


@pytest.mark.parametrize(
    ("largest", "smallest", "mean"),
    [
        ({"A": 0.7}, {}, 0.7 * 1000 + 0.3 * 1500),
        ({"A": 0.7, "B": 0.2}, {}, 0.7 * 1000 + 0.2 * 1500 + 0.1 * 2000),
        ({}, {"C": 0.25}, 0.75 * 1000 + 0.25 * 2000),
        ({"A": 0.5}, {"C": 0.25}, 0.5 * 1000 + 0.25 * 1500 + 0.25 * 2000),
        ({"A": 1.0}, {"A": 0.0, "B": 0.0}, 1000.0),
        # On average 1,900, so all is rented: what is rented is not ordered.
        ({}, {"C": 0.9}, 1800.0),
        ({"A": 0.0, "B": 0.0}, {}, 1800.0),
    ],
)
def test_shares_of_what_is_ordered(largest: Raw, smallest: Raw, mean: float) -> None:
    """The cheapest mix of 100 that keeps the shares, or rent where that costs more."""
    assert cost(shares(largest, smallest)) == exactly(100 * mean)


@pytest.mark.parametrize(
    "limit", ["largest_vendor_share", "smallest_vendor_share", "growth", "fall"]
)
def test_what_is_cancelled_is_not_ordered(limit: str) -> None:
    """B could be ordered and cancelled for nothing: no limit is met by that, no discount earned.

    Largest share of A 0.6, smallest of B 0.4: 60 x 1,000 + 40 x 1,500. Growth by 60 and by all that
    served before: only with a fleet of B in Q1, for 20,000 each, could 120 of A begin in Q2.
    """
    offers: Raw = {
        "a": buy("a", 1000, 1, supply_accelerators=200),
        "b": buy("b", 1500, 1, supply_accelerators=200, cancellation_share=0.0),
    }
    raw = plan(1, 100, VENDORS, offers, **WHOLE)
    match limit:
        case "largest_vendor_share":
            raw["limits"] = {limit: {"A": 0.6}}
        case "smallest_vendor_share":
            raw["limits"] = {limit: {"B": 0.4}}
        case "growth":
            raw["quarters"] = 2
            raw["workloads"]["work"]["demand"] = [0, 120]
            raw["limits"] = {limit: {"accelerators_per_quarter": 60, "share_of_fleet": 1.0}}
            offers["a"]["supply_accelerators"] = [0, 200]
            offers["b"] |= {"supply_accelerators": [200, 0], "price_usd": 20_000}
            raw["workloads"]["work"]["shortfall_usd_per_unit_hour"] = hourly(9000)
            assert cost(raw) == exactly(60 * 1000 + 60 * 9000)
            return
        case _:
            fall = {"vendor": "A", "others": ["b"], "passes_share": 0.5, "discount_share": 0.4}
            raw["bargaining"] = {"price_falls": {"fall": fall}}
            # 50 of B at 1,500 and 50 of A at 600 are 105,000: no discount is earned.
            assert cost(raw) == exactly(100_000)
            return
    assert cost(raw) == exactly(60 * 1000 + 40 * 1500)
    assert decisions(raw)["cancel"].sum() == exactly(0)


def grown(demand: list[float], share: float, **changes: Any) -> Raw:
    """By 10 a quarter and a share of the fleet; what is missing costs 9,000 a quarter."""
    growth = {"accelerators_per_quarter": 10, "share_of_fleet": share}
    work = {"demand": demand, "shortfall_usd_per_unit_hour": hourly(9000)}
    offers = {"own": buy("chip", 1000, 9)}
    limits = {"growth": growth}
    return plan(len(demand), {"work": work}, CHIP, offers, limits=limits, **changes)


def test_growth_builds_on_what_served_the_quarter_before() -> None:
    """10, then 10 + 5, then 10 + 12.5: 10, 25 and 47.5 of 60 serve."""
    raw = grown([60, 60, 60], 0.5)
    fleet = [10, 25, 47.5]
    assert cost(raw) == exactly(1000 * fleet[-1] + sum(9000 * (60 - n) for n in fleet))


def test_growth_builds_on_the_existing_fleet() -> None:
    """40 owned for one quarter more, 20 contracted for three and 16 on order for Q1.

    Q1: 10 + (40 + 20) / 2 = 40 begin, and 116 serve. Q2: 10 + 116 / 2 = 68; 144 serve, as the 40
    have left. Q3: 10 + 72 = 82 are more than the 6 that are missing of 150.
    """
    fleet = {
        "old": owned("chip", 40, 1),
        "term": contracted("chip", 20, 0.0, 3),
        "due": ordered("chip", 16, 1.0, 9),
    }
    raw = grown([150, 150, 150], 0.5, existing=fleet)
    begun = decisions(raw).take[0, 0, 0]
    assert begun == exactly([40, 68, 6])
    assert cost(raw) == exactly(1000 * (40 + 68 + 6) + 9000 * (34 + 6) + 16)


def test_rent_does_not_grow() -> None:
    raw = grown([60], 0.0)
    raw["offers"]["rent"] = rent("chip", hourly(2000))
    assert cost(raw) == exactly(10 * 1000 + 50 * 2000)


def bargain(passes: float, discount: float, b_price: float = 1300.0, **changes: Any) -> Raw:
    """100 of A at 1,000, bought or reserved, or B at its price; A gives way when B has a share."""
    offers: Raw = {
        "a": buy("a", 1000, 1, supply_accelerators=60),
        "a-term": reserve("a", hourly(1000), 1, supply_accelerators=90),
        "b": buy("b", b_price, 1, supply_accelerators=100),
    }
    fall = {"vendor": "A", "others": ["b"], "passes_share": passes, "discount_share": discount}
    raw = plan(1, 100, VENDORS, offers, bargaining={"price_falls": {"fall": fall}}, **WHOLE)
    return {**raw, **changes}


@checked
@given(passes=numbers(0.05, 0.95), discount=numbers(0, 0.6), b_price=numbers(1000, 2000))
def test_a_price_falls_where_the_others_pay(passes: float, discount: float, b_price: float) -> None:
    """cost = min(100 x 1,000, 100 (passes x B + (1 - passes) x 1,000 x (1 - discount))).

    Never more than the share, as B costs more; below 10 of B are always bought of it.
    """
    share = max(passes, 0.0)
    fallen = 100 * (share * b_price + (1 - share) * 1000 * (1 - discount))
    assert cost(bargain(passes, discount, b_price)) == exactly(min(100_000, fallen))


def test_a_threshold_is_met_exactly_or_not() -> None:
    """B can supply 30 of 100: a share of 0.3 makes A 40 % cheaper, and one just above does not."""
    raw = bargain(0.3, 0.4)
    raw["offers"]["b"]["supply_accelerators"] = 30
    assert cost(raw) == exactly(30 * 1300 + 70 * 600)
    raw["bargaining"]["price_falls"]["fall"]["passes_share"] = 0.3001
    assert cost(raw) == exactly(100_000)


def test_a_third_vendor_counts_on_neither_side_but_in_the_whole() -> None:
    """10 of C are forced by a share: B needs 30 of all 100, C's own price does not fall."""
    raw = bargain(0.3, 0.4)
    raw["offers"]["c"] = buy("c", 1500, 1)
    raw["limits"] = {"smallest_vendor_share": {"C": 0.1}}
    assert cost(raw) == exactly(10 * 1500 + 30 * 1300 + 60 * 600)


@checked
@given(
    passes=numbers(0.05, 0.9),
    more=numbers(0, 0.05),
    discount=numbers(0, 0.5),
    less=numbers(0, 1),
)
def test_an_easier_or_larger_discount_never_costs_more(
    passes: float, more: float, discount: float, less: float
) -> None:
    now = cost(bargain(passes, discount))
    never_more(now, cost(bargain(passes + more, discount)))
    never_more(now, cost(bargain(passes, discount * less)))
    never_more(cost(bargain(passes, discount, bets="relaxed")), now)


@checked
@given(low=numbers(0, 1), high=numbers(0, 1))
def test_a_looser_share_never_costs_more(low: float, high: float) -> None:
    tight, loose = sorted((low, high))
    never_more(cost(shares({"A": loose})), cost(shares({"A": tight})))
    never_more(cost(shares({}, {"C": tight})), cost(shares({}, {"C": loose})))
    never_more(cost(shares()), cost(shares({"A": tight}, {"C": 1 - loose})))


@checked
@given(level=numbers(0, 30), more=numbers(0, 30), share=numbers(0, 1))
def test_faster_growth_never_costs_more(level: float, more: float, share: float) -> None:
    def found(per_quarter: Any, of_fleet: float) -> float:
        raw = grown([40, 60, 50], of_fleet)
        raw["limits"]["growth"]["accelerators_per_quarter"] = per_quarter
        return cost(raw)

    never_more(found(level + more, share), found(level, share))
    never_more(found(level, share), found(level, share / 2))
    free = grown([40, 60, 50], 0.0)
    del free["limits"]
    assert found(UNLIMITED, 0.0) == exactly(cost(free))
    assert found([40, 20, 0], 0.0) == exactly(cost(free))


def test_beliefs_about_limits_are_drawn() -> None:
    """A pool and a share that are uncertain: every sample keeps its own."""
    raw = shares({"A": uniform(0.2, 0.8)})
    found = decisions(raw, n=16).take[:, :3, 0, 0]
    assert found.sum(axis=1) == exactly([100.0] * 16)
    assert len(set(found[:, 0].round(6))) == 16
