"""``configs/kitchen-sink.yaml`` uses every key, ``every-instrument.yaml`` all that is modelled.

Other solvers confirm the optima of both.
"""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.analysis.workbench import SolveBlock, SolvedBlock, Workbench, build_workbench
from planner.catalog.lookups import ANY, UNIT_OF_SLOT
from planner.catalog.resolve import LoadedScenario, load_scenario
from planner.config.base import Strict
from planner.config.distributions import Belief
from planner.config.processes import StepChange
from planner.config.quantities import Fixed, FromCatalog, Trend
from planner.export import export_sample
from planner.model.columns import COLUMN_FAMILIES
from planner.model.program import build_model
from planner.model.rows import ROW_FAMILIES

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "configs" / "every-instrument.yaml"
KITCHEN_SINK = ROOT / "configs" / "kitchen-sink.yaml"
BENCHMARK = runpy.run_path(str(ROOT / "benchmarks" / "every_instrument.py"))

EXACT = "bet_gap=0"
RELAXED = "bets=relaxed"
SOLVED = 3

OTHERWISE = [
    "commitment.service={fully_served_share: 0.5}",
    "sampling={method: sobol, leading: [workloads.inference.demand.first]}",
]
"""What the kitchen sink can only have in the place of something else that it has."""

Key = tuple[str, str]

INTERNAL = {StepChange.__name__}
"""What nobody writes: it is made of what is written."""


@pytest.fixture(scope="module")
def loaded() -> LoadedScenario:
    return load_scenario(CONFIG)


@pytest.fixture(scope="module")
def bench() -> Workbench:
    scenario = load_scenario(CONFIG, [EXACT]).scenario
    return build_workbench(scenario)


@pytest.fixture(scope="module")
def kitchen_sink() -> LoadedScenario:
    return load_scenario(KITCHEN_SINK)


@pytest.fixture(scope="module")
def solved(bench: Workbench) -> SolvedBlock:
    return SolveBlock(0, SOLVED).run(bench)


def test_it_is_as_large_as_it_says(loaded: LoadedScenario) -> None:
    scenario = loaded.scenario
    assert (scenario.quarters, len(scenario.platforms), len(scenario.sites)) == (8, 12, 3)
    assert len({site.region for site in scenario.sites.values()}) > 1
    assert (scenario.samples, scenario.bets, scenario.bet_gap) == (1024, "whole", 1e-4)


@pytest.mark.parametrize("name", ["loaded", "kitchen_sink"])
def test_every_family_of_columns_and_rows_is_in_it(
    name: str, request: pytest.FixtureRequest
) -> None:
    template = build_model(request.getfixturevalue(name).scenario).template
    assert {label.family for label in template.columns} == set(COLUMN_FAMILIES)
    assert {label.family for label in template.rows} == set(ROW_FAMILIES)
    assert template.integer.any()


def owner(model: type[Strict], key: str) -> str:
    """Return the class that first has a key, so that what is inherited counts once."""
    return [base for base in model.__mro__ if key in getattr(base, "model_fields", {})][-1].__name__


def known_keys(model: type[Strict]) -> Iterator[Key]:
    """Yield the keys of all that a user can write, from the base of the schema down."""
    for part in model.__subclasses__():
        if part.__module__.startswith("planner.config."):
            yield from ((owner(part, key), key) for key in part.model_fields)
            yield from known_keys(part)


def used_keys(read: Any, written: Any) -> Iterator[Key]:
    """Yield the keys that the document has, by the models that they were read as."""
    if isinstance(written, list):
        for part, source in zip(read, written, strict=True):
            yield from used_keys(part, source)
    if not isinstance(written, dict):
        return
    # A look-up has been replaced by its figure.
    looked_up = isinstance(read, Belief) and "catalog" in written
    for key, source in written.items():
        if isinstance(read, dict):
            yield from used_keys(read[key], source)
        elif looked_up and key == "catalog":
            yield FromCatalog.__name__, key
        else:
            yield owner(FromCatalog if looked_up else type(read), key), key
            yield from used_keys(getattr(read, key), source)


def test_every_key_of_the_schema_is_used(kitchen_sink: LoadedScenario) -> None:
    """Each kind of belief, process, claim, effect and instrument has a key of its own."""
    other = load_scenario(KITCHEN_SINK, OTHERWISE)
    used = {
        key
        for config in (kitchen_sink, other)
        for key in used_keys(config.scenario, config.document.data)
    }
    known = {key for key in known_keys(Strict) if key[0] not in INTERNAL}
    assert sorted(known - used) == []


def lookups(node: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the place of every look-up, that in `first` as one of the path itself, and its name."""
    if isinstance(node, dict):
        if place and isinstance(node.get("catalog"), str):
            yield place, node["catalog"]
        for key, part in node.items():
            yield from lookups(part, place if key == "first" else (*place, key))


def test_every_place_has_a_look_up_and_every_kind_of_figure_is_one(
    kitchen_sink: LoadedScenario,
) -> None:
    """Prices, with and without quantiles, references, and figures of platforms."""
    catalog, found = kitchen_sink.catalog, dict(lookups(kitchen_sink.document.data))
    places = [
        any(
            len(place) == len(slot)
            and all(part in (ANY, key) for part, key in zip(slot, place, strict=True))
            for place in found
        )
        for slot in UNIT_OF_SLOT
    ]
    assert all(places), [slot for slot, used in zip(UNIT_OF_SLOT, places, strict=True) if not used]
    prices = [catalog.prices[name] for name in found.values() if name in catalog.prices]
    assert {price.quantiles is None for price in prices} == {True, False}
    assert set(found.values()) & set(catalog.references)
    assert any("." in name for name in found.values())


def unsourced(node: Any, path: str, sourced: bool = False) -> Iterator[str]:
    """Yield the beliefs that have no source, neither their own nor that of what they are in."""
    if not isinstance(node, dict):
        return
    sourced = sourced or "source" in node
    if ("distribution" in node or "probability" in node) and not sourced:
        yield path
    for key, part in node.items():
        yield from unsourced(part, f"{path}.{key}", sourced)


@pytest.mark.parametrize("name", ["loaded", "kitchen_sink"])
def test_every_belief_has_a_source(name: str, request: pytest.FixtureRequest) -> None:
    assert list(unsourced(request.getfixturevalue(name).document.data, "")) == []


def test_every_price_of_an_offer_comes_from_a_catalogue(loaded: LoadedScenario) -> None:
    for name, offer in loaded.scenario.offers.items():
        path = getattr(offer, "price_usd", None) or getattr(offer, "price_usd_per_hour", None)
        first = path.first if isinstance(path, Trend) else path
        assert isinstance(first, Fixed), name
        assert "catalogue price" in (first.source or ""), name


def test_plans_cost_money_and_serve_most_of_the_demand(
    bench: Workbench, solved: SolvedBlock
) -> None:
    """A negative cost, or a part of it without a payer, would be an error of the model."""
    assert (solved.cost_usd > 5e7).all()
    assert (solved.measures.served_share > 0.5).all()
    families = {
        label.family
        for label, most in zip(bench.model.template.columns, solved.x.max(axis=0), strict=True)
        if most > 1e-6
    }
    assert {"start", "rent", "existing", "allocate", "deploy", "segment", "tier"} <= families


@pytest.mark.slow
@pytest.mark.spread
@pytest.mark.parametrize(
    ("config", "bets", "samples"),
    [
        (KITCHEN_SINK, EXACT, 8),
        (KITCHEN_SINK, RELAXED, 20),
        (CONFIG, EXACT, 1),
        (CONFIG, RELAXED, 3),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else str(value),
)
def test_other_solvers_confirm_the_optima_of_exports(
    config: Path, bets: str, samples: int, tmp_path: Path
) -> None:
    """HiGHS on the exported file to 1e-8, CBC to 1e-7; benchmarks/every_instrument.py does 20."""
    found = SolveBlock(0, samples).run(build_workbench(load_scenario(config, [bets]).scenario))
    # Without whole numbers there is nothing to prove; with them a bound is rounded.
    assert found.gap.max() <= (1e-12 if bets == EXACT else 0.0)
    for sample, ours in enumerate(found.cost_usd):
        file = export_sample(config, [bets], sample, "mps", tmp_path / f"{sample}.mps")
        assert BENCHMARK["highs_optimum"](file) == pytest.approx(ours, rel=1e-8)
        assert BENCHMARK["cbc_optimum"](file) == pytest.approx(ours, rel=1e-7)
