"""What must hold in every scenario, tried on random small ones, solved as a run solves them."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from random_scenarios import Raw, scenarios
from small import bench, plan, platform, rent, scenario, site, solved

from planner.analysis.workbench import SolveBlock
from planner.uncertainty.inputs import uncertain_inputs
from planner.uncertainty.sampling import Sampler

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
    for body in other.get(section, {}).values():
        for key in keys:
            if key in body:
                body[key] = scaled(body[key], factor)
    return other


def assert_none_above(lower: Any, upper: Any) -> None:
    assert (lower <= upper * (1 + 1e-10) + 1e-6).all(), (lower - upper).max()


@checked
@given(raw=scenarios(), factor=st.sampled_from([1.001, 1.5, 100]))
def test_more_supply_never_costs_more(raw: Raw, factor: float) -> None:
    more = changed(raw, "offers", ("supply_accelerators", "ramp_accelerators"), factor)
    more = changed(more, "offers", ("up_to_accelerators",), factor)
    assert_none_above(costs(more), costs(raw))


@checked
@given(raw=scenarios(), factor=st.sampled_from([1.001, 1.5, 100]))
def test_more_power_never_costs_more(raw: Raw, factor: float) -> None:
    more = changed(raw, "sites", ("power_mw",), factor)
    assert_none_above(costs(more), costs(raw))
    assert_none_above(costs(changed(raw, "power", ("supply_mw",), factor)), costs(raw))
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
    assert_none_above(costs(raw), costs(changed(raw, "workloads", ("demand",), factor)))


@checked
@given(raw=scenarios())
def test_no_plan_costs_more_than_serving_nothing(raw: Raw) -> None:
    """Nor less than nothing: a residual value never exceeds what was paid."""
    made = bench(raw)
    found = SolveBlock(0, SAMPLES).run(made).cost_usd
    _, block = made.draw(0, SAMPLES)
    nothing = (block.demand * block.shortfall_usd * block.discount).sum(axis=(1, 2))
    assert_none_above(found, nothing)
    assert (found >= 0).all()


PRICES = {
    "offers": (
        "price_usd",
        "price_usd_per_hour",
        "server_share_usd",
        "maintenance_usd_per_year",
        "fee_usd",
        "nre_usd_per_quarter",
    ),
    "power": ("price_usd_per_kw_month", "capex_usd_per_kw"),
    "sites": ("energy_usd_per_kwh", "hosting_usd_per_kw_month"),
}
MONEY = {**PRICES, "workloads": ("shortfall_usd_per_unit_hour",)}


@checked
@given(raw=scenarios(), factor=st.sampled_from([0.999, 0.5, 0.001]), data=st.data())
def test_a_lower_price_never_costs_more(raw: Raw, factor: float, data: st.DataObject) -> None:
    there = [
        (section, key)
        for section, keys in PRICES.items()
        for key in keys
        if any(key in body for body in raw.get(section, {}).values())
    ]
    section, key = data.draw(st.sampled_from(there))
    assert_none_above(costs(changed(raw, section, (key,), factor)), costs(raw))


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
    other = changed(raw, "workloads", ("demand",), factor)
    other = changed(other, "workloads", ("shortfall_usd_per_unit_hour",), 1 / factor)
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
    high = changed(raw, "workloads", ("shortfall_usd_per_unit_hour",), 1e4)
    block = solved(high, SAMPLES)
    assume((block.measures.served_share >= 1).all())
    higher = changed(high, "workloads", ("shortfall_usd_per_unit_hour",), 1e4)
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
@given(raw=scenarios(plain=True), factor=st.sampled_from([1.0001, 1.3]))
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
@given(raw=scenarios(plain=True))
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
    before, after = Sampler(inputs, 5).draw(192, 64), Sampler(rest, 5).draw(192, 64)
    for item in rest:
        assert (before.values[item.name] == after.values[item.name]).all()


@checked
@given(raw=scenarios(), n=st.integers(1, 11), first=st.integers(0, 99))
def test_a_sample_is_the_same_however_many_there_are(raw: Raw, n: int, first: int) -> None:
    made = bench(raw)
    few, many = SolveBlock(first, n).run(made), SolveBlock(first, 12).run(made)
    assert (few.draws == many.draws[:n]).all()
    assert (few.x == many.x[:n]).all()
    assert (few.cost_usd == many.cost_usd[:n]).all()


def test_samples_of_different_blocks_seeds_and_inputs_differ() -> None:
    belief = {"distribution": "uniform", "low": 1, "high": 2}
    raw = plan(1, belief, {"chip": platform()}, {"rent": rent("chip", belief)})
    inputs = uncertain_inputs(scenario(raw))
    assert len(inputs) == 2
    streams = [
        tuple(Sampler(inputs, seed).draw(first, 64).values[item.name])
        for seed in (1, 2)
        for first in (0, 64)
        for item in inputs
    ]
    assert len(set(streams)) == 8
    assert all(len(set(stream)) == 64 for stream in streams)
