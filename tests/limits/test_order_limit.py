"""Orders: supply and its cuts, rights, minimum orders, price tiers and whole units."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limit_checks import Raw, checked, exactly, never_more, numbers
from small import (
    HOURS,
    buy,
    cost,
    decisions,
    mid_quarter,
    option,
    plan,
    platform,
    programme,
    rent,
    reserve,
    site,
    spot,
    workload,
)

CHIP = {"chip": platform()}
RATE = 0.1
WHOLE = {"bet_gap": 0.0}


def test_supply_is_over_all_sites_and_by_quarter() -> None:
    """3 and then 5 of the cheap at 1 USD for a quarter, at two sites together; the rest at 4."""
    sites = {"hall": site(), "mill": site()}
    offers = {
        "cheap": reserve("chip", 1.0, 1, sites=["hall", "mill"], supply_accelerators=[3, 5]),
        "dear": spot("chip", 3.0, interruption_share=0.25),
    }
    raw = plan(2, 10, CHIP, offers, sites=sites, rate=RATE)
    d = [mid_quarter(RATE, t) for t in range(2)]
    assert cost(raw) == exactly(HOURS * ((3 + 7 * 4) * d[0] + (5 + 5 * 4) * d[1]))


def cut(own_price: float, share: float = 0.5, **changes: Any) -> Raw:
    """100 bought, 60 reserved and 40 under an option of A, at 1,000; and a chip of one's own.

    200 are wanted, and what is missing is rented of A at 5,000; the chip costs 30,000 to develop.
    """
    chips = {"a": platform(vendor="A"), "own": platform(vendor="me")}
    offers = {
        "buy": buy("a", 1000, 1, supply_accelerators=100),
        "term": reserve("a", 1000 / HOURS, 1, supply_accelerators=60),
        "right": option("a", 1000, 1, supply_accelerators=40),
        "rent": rent("a", 5000 / HOURS, supply_accelerators=60),
        "chip": programme("own", own_price, 1, nre_usd_per_quarter=30_000.0),
    }
    cuts = {"cut": {"vendor": "A", "programme": "chip", "cut_share": share}}
    return plan(1, 200, chips, offers, bargaining={"allocation_cuts": cuts}, **{**WHOLE, **changes})


def test_who_funds_a_chip_is_supplied_less() -> None:
    """All 200 of A cost 200,000 and the fee of 1. Funded, A supplies 100; the chip has the rest.

    100 x 1,000 + 100 x price + 30,000 + 1, or all on the chip: 200 x price + 30,000. What is
    rented is not cut.
    """
    assert cost(cut(900.0)) == exactly(200_001)
    assert cost(cut(600.0)) == exactly(200 * 600 + 30_000)
    dear = cut(900.0)
    dear["workloads"]["work"] = workload(300)
    # 300 wanted: with A's 200 at most 60 more can be rented; on the chip all 300 at 900.
    assert cost(dear) == exactly(300 * 900 + 30_000)
    # Where the chip has a ramp of 150, A's 100 of 200 and 50 at 5,000 come on top.
    dear["offers"]["chip"]["ramp_accelerators"] = [150]
    assert cost(dear) == exactly(150 * 900 + 100 * 1000 + 50 * 5000 + 30_000 + 1)


@checked
@given(price=numbers(100, 1500), low=numbers(0, 1), high=numbers(0, 1))
def test_a_larger_cut_never_costs_less(price: float, low: float, high: float) -> None:
    small, large = sorted((low, high))
    raw = cut(price, small)
    never_more(cost(raw), cost(cut(price, large)))
    del raw["bargaining"]
    never_more(cost(raw), cost(cut(price, small)))


@pytest.mark.parametrize("fee", [14_999.0, 15_001.0])
def test_an_option_is_worth_what_it_saves(fee: float) -> None:
    """30 at 500 in place of 1,000 save 15,000, over both quarters; the right is for all of it.

    cost = min(fee + 30 x 500 + 10 x 1000, 40 x 1000)
    """
    offers = {
        "right": option(
            "chip", 500, 8, fee_usd=fee, up_to_accelerators=30, exercise_until="2026Q2"
        ),
        "own": buy("chip", 1000, 8),
    }
    raw = plan(2, [20, 40], CHIP, offers, **WHOLE)
    assert cost(raw) == exactly(min(fee + 25_000, 40_000))


def test_an_option_is_delivered_up_to_its_last_order() -> None:
    """Lead time 1, ordered until Q2: delivered in Q2 and Q3. In Q4 only the dear can be bought."""
    offers = {
        "right": option("chip", 500, 1, lead_time_quarters=1, exercise_until="2026Q2"),
        "own": buy("chip", 1000, 1),
    }
    raw = plan(4, 10, CHIP, offers)
    assert cost(raw) == exactly(10 * (1000 + 500 + 500 + 1000) + 1)


@pytest.mark.parametrize(("price", "expected"), [(1300.0, 5 * 1300.0), (1700.0, 8 * 1000.0)])
def test_a_minimum_order_is_met_or_another_is_taken(price: float, expected: float) -> None:
    """5 wanted, 8 at least at 1,000; another seller has single ones at 1,300 or 1,700."""
    offers = {
        "lot": buy("chip", 1000, 1, minimum_order_accelerators=8, supply_accelerators=50),
        "single": buy("chip", price, 1),
    }
    assert cost(plan(1, 5, CHIP, offers, **WHOLE)) == exactly(expected)


def test_a_minimum_order_is_of_each_quarter_and_over_all_sites() -> None:
    """8 in Q1 of which 5 are used; in Q2 4 at each of two sites are one order of 8."""
    sites = {"hall": site(power_mw=[0.005, 0.004]), "mill": site(power_mw=[0, 0.004])}
    terms: Raw = {"minimum_order_accelerators": 8, "supply_accelerators": 50}
    offers = {"lot": reserve("chip", 1.0, 1, sites=["hall", "mill"], **terms)}
    demand = {"work": workload([5, 8], shortfall_usd_per_unit_hour=9.0)}
    assert cost(plan(2, demand, CHIP, offers, sites=sites, **WHOLE)) == exactly(16 * HOURS)


def tiered(count: float, *tiers: tuple[float, float]) -> Raw:
    steps = [{"above_accelerators": edge, "price_times": times} for edge, times in tiers]
    own = buy("chip", 1000, 1, volume_prices=steps, supply_accelerators=500)
    return plan(1, count, CHIP, {"own": own}, **WHOLE)


def by_hand(count: float, *tiers: tuple[float, float]) -> float:
    """Each accelerator at the price of the tier that it falls in."""
    edges = [0.0, *(edge for edge, _ in tiers), 1e9]
    times = [1.0, *(step for _, step in tiers)]
    parts = zip(edges, edges[1:], times, strict=False)
    return sum(1000 * step * max(min(count, high) - low, 0) for low, high, step in parts)


@checked
@given(
    count=numbers(1, 400),
    times=st.lists(st.sampled_from([0.4, 0.7, 0.9, 1.0, 1.1, 1.6]), min_size=1, max_size=3),
)
def test_every_accelerator_has_the_price_of_its_tier(count: float, times: list[float]) -> None:
    """However prices fall and rise from tier to tier."""
    tiers = tuple((80.0 * (k + 1), step) for k, step in enumerate(times))
    assert cost(tiered(count, *tiers)) == exactly(by_hand(count, *tiers))


def test_tiers_are_of_one_quarter() -> None:
    """60 in each of two quarters: 10 of each at half price, not 70 of 120."""
    raw = tiered(60, (50, 0.5))
    raw["quarters"] = 2
    assert cost(raw) == exactly(2 * (50_000 + 5000))


def in_units(demand: float, size: int | None, price: float = 1.0, **changes: Any) -> Raw:
    terms: Raw = {} if size is None else {"whole_units_of": size}
    offers = {
        "pod": rent("chip", price, supply_accelerators=1000, **terms),
        "single": rent("chip", 3.0),
    }
    return plan(1, demand, CHIP, offers, **{**WHOLE, **changes})


@pytest.mark.parametrize(("demand", "pods"), [(16.0, 2), (17.0, 2), (19.0, 3), (24.1, 3)])
def test_pods_come_whole(demand: float, pods: int) -> None:
    """8 at 1 USD each, singles at 3: one more pod pays from 8 / 3 of it on."""
    single = max(demand - 8 * pods, 0)
    raw = in_units(demand, 8)
    assert decisions(raw)["lots"].sum() == exactly(pods)
    assert cost(raw) == exactly((8 * pods + 3 * single) * HOURS)


def test_pods_are_whole_at_each_site() -> None:
    """12 in two halls of 6: two pods of 8, one at each, and not one and a half at one."""
    sites = {"hall": site(power_mw=0.006), "mill": site(power_mw=0.006)}
    offers = {"pod": rent("chip", 1.0, whole_units_of=8, sites=["hall", "mill"])}
    raw = plan(1, 12, CHIP, offers, sites=sites, **WHOLE)
    assert cost(raw) == exactly(16 * HOURS)


@checked
@given(demand=numbers(1, 60), size=st.integers(1, 6), times=st.integers(2, 3))
def test_larger_units_never_cost_less(demand: float, size: int, times: int) -> None:
    """Whatever can be had in larger units can be had in parts of them; any number costs least."""
    coarse, fine = cost(in_units(demand, size * times)), cost(in_units(demand, size))
    never_more(fine, coarse)
    never_more(cost(in_units(demand, None)), fine)
    # A share of a yes or no is a lower bound.
    never_more(cost(in_units(demand, size, bets="relaxed")), fine)


@checked
@given(demand=numbers(1, 60), least=numbers(1, 40), less=numbers(0, 1), price=numbers(0.5, 3))
def test_a_smaller_minimum_order_never_costs_more(
    demand: float, least: float, less: float, price: float
) -> None:
    def found(minimum: float | None) -> float:
        terms: Raw = {} if minimum is None else {"minimum_order_accelerators": minimum}
        offers = {
            "lot": reserve("chip", 1.0, 1, supply_accelerators=50, **terms),
            "single": rent("chip", price),
        }
        return cost(plan(1, demand, CHIP, offers, **WHOLE))

    never_more(found(max(least * less, 0.5)), found(least))
    never_more(found(None), found(least))
    if demand >= 50:
        assert found(least) == exactly(found(None))


@checked
@given(demand=numbers(1, 60), fee=numbers(1, 20_000), right=numbers(1, 60), less=numbers(0, 1))
def test_a_cheaper_or_larger_right_never_costs_more(
    demand: float, fee: float, right: float, less: float
) -> None:
    def found(fee_usd: float, up_to: float, **changes: Any) -> float:
        terms: Raw = {"fee_usd": fee_usd, "up_to_accelerators": up_to, **changes}
        offers = {"right": option("chip", 500, 1, **terms), "own": buy("chip", 1000, 1)}
        return cost(plan(1, demand, CHIP, offers, **WHOLE))

    now = found(fee, right)
    never_more(found(max(fee * less, 0.01), right), now)
    never_more(found(fee, right * (1 + less)), now)
    never_more(found(fee, right, divisible=True), now)
    never_more(now, demand * 1000)
