"""What must hold in every scenario, tried on random small ones, solved as a run solves them."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from small import bench, buy, plan, platform, rent, reserve, scenario, site, solved, workload

from planner.analysis.workbench import SolveBlock
from planner.uncertainty.inputs import uncertain_inputs
from planner.uncertainty.sampling import BLOCK_SIZE, draw_block

Raw = dict[str, Any]

SAMPLES = 4

checked = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    # Shrinking a failure takes a minute for each test; add Phase.shrink to study one.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


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
    return {"value": b, "times": {"distribution": "uniform", "low": a / b, "high": 1.0}}


@st.composite
def paths(draw: st.DrawFn, quarters: int, low: float, high: float) -> Any:
    """A belief, or one number a quarter."""
    if draw(st.booleans()):
        return draw(beliefs(low, high))
    values = draw(st.lists(numbers(low, high), min_size=quarters, max_size=quarters))
    times = draw(st.sampled_from([None, {"distribution": "uniform", "low": 0.8, "high": 1.25}]))
    return values if times is None else {"by_quarter": values, "times": times}


@st.composite
def offers(draw: st.DrawFn, quarters: int, sites: list[str], name: str) -> Raw:
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
def scenarios(draw: st.DrawFn, *, shares: bool = True) -> Raw:
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
        )
    ways = {
        f"offer{k}": draw(offers(quarters, list(sites), draw(st.sampled_from(list(chips)))))
        for k in range(draw(st.integers(2, 4)))
    }
    works = {
        name: workload(
            draw(paths(quarters, 0, 150)), shortfall_usd_per_pflop_hour=draw(numbers(10, 200))
        )
        for name in names
    }
    limits = {"largest_vendor_share": {"vendor0": draw(beliefs(0.2, 0.9))}} if shares else {}
    rate = draw(st.sampled_from([0.0, 0.08]))
    return plan(quarters, works, chips, ways, sites=sites, rate=rate, limits=limits)


def costs(raw: Raw) -> np.ndarray[Any, np.dtype[np.float64]]:
    return solved(raw, SAMPLES).cost_usd


def scaled(quantity: Any, factor: float) -> Any:
    """Return a quantity times a factor, drawn from the same stream."""
    if quantity == "unlimited":
        return quantity
    if isinstance(quantity, list):
        return [value * factor for value in quantity]
    if not isinstance(quantity, dict):
        return quantity * factor
    linear = ("low", "mode", "high", "values", "by_quarter", "value")
    return {
        key: scaled(value, factor) if key in linear else value for key, value in quantity.items()
    }


def changed(raw: Raw, section: str, keys: tuple[str, ...], factor: float) -> Raw:
    """Return a scenario with quantities of every entry of a section scaled."""
    other = copy.deepcopy(raw)
    for body in other[section].values():
        for key in keys:
            if key in body:
                body[key] = scaled(body[key], factor)
    return other


def assert_none_above(lower: Any, upper: Any) -> None:
    assert (lower <= upper * (1 + 1e-10) + 1e-6).all(), (lower - upper).max()


@checked
@given(raw=scenarios(), factor=st.sampled_from([1.001, 1.5, 100]))
def test_more_supply_never_costs_more(raw: Raw, factor: float) -> None:
    more = changed(raw, "offers", ("supply_accelerators",), factor)
    assert_none_above(costs(more), costs(raw))


@checked
@given(raw=scenarios(), factor=st.sampled_from([1.001, 1.5, 100]))
def test_more_power_never_costs_more(raw: Raw, factor: float) -> None:
    more = changed(raw, "sites", ("power_mw",), factor)
    assert_none_above(costs(more), costs(raw))
    free = copy.deepcopy(raw)
    free["sites"]["hall"]["power_mw"] = "unlimited"
    assert_none_above(costs(free), costs(more))


@checked
@given(raw=scenarios())
def test_one_more_offer_never_costs_more(raw: Raw) -> None:
    fewer = copy.deepcopy(raw)
    fewer["offers"].popitem()
    assert_none_above(costs(raw), costs(fewer))


@checked
@given(raw=scenarios(), factor=st.sampled_from([1.001, 1.5, 10]))
def test_more_demand_never_costs_less(raw: Raw, factor: float) -> None:
    assert_none_above(costs(raw), costs(changed(raw, "workloads", ("demand_pflops",), factor)))


@checked
@given(raw=scenarios())
def test_no_plan_costs_more_than_serving_nothing(raw: Raw) -> None:
    """Nor less than nothing: a residual value never exceeds what was paid."""
    made = bench(raw)
    found = SolveBlock(0, SAMPLES).run(made).cost_usd
    _, block = made.draw(0, SAMPLES)
    nothing = (block.demand_pflops * block.shortfall_usd * block.discount).sum(axis=(1, 2))
    assert_none_above(found, nothing)
    assert (found >= 0).all()


MONEY = {
    "sites": ("energy_usd_per_kwh", "hosting_usd_per_kw_month"),
    "workloads": ("shortfall_usd_per_pflop_hour",),
    "offers": ("price_usd", "price_usd_per_hour"),
}


@checked
@given(raw=scenarios(), factor=st.sampled_from([1000.0, 0.37, 1e-6, 1e6]))
def test_money_in_another_unit(raw: Raw, factor: float) -> None:
    other = raw
    for section, keys in MONEY.items():
        other = changed(other, section, keys, factor)
    assert costs(other) == pytest.approx(costs(raw) * factor, rel=1e-12, abs=0)


@checked
@given(raw=scenarios(), factor=st.sampled_from([1000.0, 0.37, 1e-5, 1e6]))
def test_compute_in_another_unit(raw: Raw, factor: float) -> None:
    other = changed(raw, "workloads", ("demand_pflops",), factor)
    other = changed(other, "workloads", ("shortfall_usd_per_pflop_hour",), 1 / factor)
    other = changed(other, "platforms", ("peak_pflops",), factor)
    assert costs(other) == pytest.approx(costs(raw), rel=1e-12, abs=0)


@checked
@given(raw=scenarios())
def test_the_order_of_the_config_does_not_change_the_cost(raw: Raw) -> None:
    other = copy.deepcopy(raw)
    for section in ("sites", "workloads", "platforms", "offers"):
        other[section] = dict(reversed(other[section].items()))
    assert costs(other) == pytest.approx(costs(raw), rel=1e-12)


@checked
@given(raw=scenarios())
def test_a_shortfall_at_any_price_changes_nothing_where_all_is_served(raw: Raw) -> None:
    raw = changed(raw, "offers", ("supply_accelerators",), 1e4)
    raw["offers"]["last"] = rent("chip0", 9.0, sites=["cloud"])
    raw["sites"].setdefault("cloud", site())
    raw["platforms"]["chip0"]["utilisation"] = dict.fromkeys(raw["workloads"], 0.5)
    high = changed(raw, "workloads", ("shortfall_usd_per_pflop_hour",), 1e4)
    block = solved(high, SAMPLES)
    assume((block.measures.served_share >= 1).all())
    higher = changed(high, "workloads", ("shortfall_usd_per_pflop_hour",), 1e4)
    assert costs(higher) == pytest.approx(block.cost_usd, rel=1e-10)


def _with_a_dearer_twin(raw: Raw, factor: float) -> tuple[Raw, list[tuple[str, str]]]:
    """Return the scenario with a twin of the first offer's platform, every offer of it dearer."""
    other = copy.deepcopy(raw)
    chip = next(iter(other["offers"].values()))["platform"]
    # The twin's yield and power must be the same in every sample, so they are known numbers.
    other["platforms"][chip] = platform(
        *other["workloads"], peak_pflops=0.8, accelerator_kw=1.1, vendor="acme"
    )
    other["platforms"]["twin"] = copy.deepcopy(other["platforms"][chip])
    pairs = []
    for name, body in list(other["offers"].items()):
        if body["platform"] == chip:
            key = "price_usd" if body["mode"] == "buy" else "price_usd_per_hour"
            body[key] = _middle(body[key])
            if body["mode"] == "buy":
                body["residual_share"] = 0.3
            twin = {**copy.deepcopy(body), "platform": "twin", "supply_accelerators": 1e6}
            twin[key] = scaled(body[key], factor)
            other["offers"][f"{name}-twin"] = twin
            pairs.append((name, f"{name}-twin"))
    return other, pairs


def _middle(quantity: Any) -> float:
    return float(quantity) if isinstance(quantity, int | float) else 3000.0


@checked
@given(raw=scenarios(shares=False), factor=st.sampled_from([1.0001, 1.3]))
def test_a_dominated_offer_is_taken_only_where_its_dominator_is_sold_out(
    raw: Raw, factor: float
) -> None:
    """Same yield, power, sites and length, dearer: any of it could be swapped for the cheaper."""
    other, pairs = _with_a_dearer_twin(raw, factor)
    made = bench(other)
    found = SolveBlock(0, SAMPLES).run(made)
    taken = made.unpacker.unpack(found.x).take.sum(axis=2)
    _, block = made.draw(0, SAMPLES)
    names = [offer.name for offer in made.model.sets.offers]
    for cheap, dear in pairs:
        slack = (block.supply - taken)[:, names.index(cheap)]
        assert not ((taken[:, names.index(dear)] > 1e-6) & (slack > 1e-6)).any()


@checked
@given(raw=scenarios(shares=False))
def test_a_dominated_platform_never_appears_while_its_dominator_is_slack(raw: Raw) -> None:
    other, pairs = _with_a_dearer_twin(raw, 1.01)
    for cheap, _ in pairs:
        other["offers"][cheap]["supply_accelerators"] = 1e6
    block = solved(other, SAMPLES)
    assert (block.measures.accelerators[:, list(other["platforms"]).index("twin")] <= 1e-6).all()


@checked
@given(raw=scenarios(), data=st.data())
def test_an_input_less_leaves_all_other_draws_as_they_were(raw: Raw, data: st.DataObject) -> None:
    inputs = uncertain_inputs(scenario(raw))
    assume(len(inputs) > 1)
    gone = data.draw(st.sampled_from(inputs))
    rest = tuple(item for item in reversed(inputs) if item != gone)
    before, after = draw_block(inputs, 5, 3), draw_block(rest, 5, 3)
    for item in rest:
        assert (before.values[item.name] == after.values[item.name]).all()


@checked
@given(raw=scenarios(), n=st.integers(1, 11), block=st.integers(0, 2))
def test_a_sample_is_the_same_however_many_there_are(raw: Raw, n: int, block: int) -> None:
    made = bench(raw)
    few, many = SolveBlock(block, n).run(made), SolveBlock(block, 12).run(made)
    assert (few.draws == many.draws[:n]).all()
    assert (few.x == many.x[:n]).all()
    assert (few.cost_usd == many.cost_usd[:n]).all()


def test_samples_of_different_blocks_seeds_and_inputs_differ() -> None:
    belief = {"distribution": "uniform", "low": 1, "high": 2}
    raw = plan(1, belief, {"chip": platform()}, {"rent": rent("chip", belief)})
    inputs = uncertain_inputs(scenario(raw))
    assert len(inputs) == 2
    streams = [
        tuple(draw_block(inputs, seed, block).values[item.name])
        for seed in (1, 2)
        for block in (0, 1)
        for item in inputs
    ]
    assert len(set(streams)) == 8
    assert all(len(set(stream)) == BLOCK_SIZE for stream in streams)
