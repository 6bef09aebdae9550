"""``configs/every-instrument.yaml`` uses all that there is; other solvers confirm its optima."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.analysis.workbench import SolveBlock, SolvedBlock, Workbench, build_workbench
from planner.catalog.resolve import LoadedScenario, load_scenario
from planner.config.base import Strict
from planner.config.processes import StepChange
from planner.config.quantities import Fixed, FromCatalog, Trend
from planner.export import export_sample
from planner.model.columns import COLUMN_FAMILIES
from planner.model.rows import ROW_FAMILIES

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "configs" / "every-instrument.yaml"
BENCHMARK = runpy.run_path(str(ROOT / "benchmarks" / "every_instrument.py"))

EXACT = "bet_gap=0"
SOLVED = 3
RELAXED = 20

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
def solved(bench: Workbench) -> SolvedBlock:
    return SolveBlock(0, SOLVED).run(bench)


def test_it_is_as_large_as_it_says(loaded: LoadedScenario) -> None:
    scenario = loaded.scenario
    assert (scenario.quarters, len(scenario.platforms), len(scenario.sites)) == (8, 12, 3)
    assert len({site.region for site in scenario.sites.values()}) > 1
    assert (scenario.samples, scenario.bets, scenario.bet_gap) == (1024, "whole", 1e-4)


def test_every_family_of_columns_and_rows_is_in_it(bench: Workbench) -> None:
    template = bench.model.template
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
    looked_up = isinstance(read, Fixed) and "catalog" in written
    for key, source in written.items():
        if isinstance(read, dict):
            yield from used_keys(read[key], source)
        elif looked_up and key == "catalog":
            yield FromCatalog.__name__, key
        else:
            yield owner(FromCatalog if looked_up else type(read), key), key
            yield from used_keys(getattr(read, key), source)


def test_every_key_of_the_schema_is_used(loaded: LoadedScenario) -> None:
    """Every instrument here; what is not known has configs of its own."""
    others = [ROOT / "configs" / f"{name}.yaml" for name in ("every-belief", "supply-shocks")]
    used: set[Key] = set()
    for config in (loaded, *map(load_scenario, others)):
        used |= set(used_keys(config.scenario, config.document.data))
    known = {key for key in known_keys(Strict) if key[0] not in INTERNAL}
    assert sorted(known - used) == []


def unsourced(node: Any, path: str, sourced: bool = False) -> Iterator[str]:
    """Yield the beliefs that have no source, neither their own nor that of what they are in."""
    if not isinstance(node, dict):
        return
    sourced = sourced or "source" in node
    if ("distribution" in node or "probability" in node) and not sourced:
        yield path
    for key, part in node.items():
        yield from unsourced(part, f"{path}.{key}", sourced)


def test_every_belief_has_a_source(loaded: LoadedScenario) -> None:
    assert list(unsourced(loaded.document.data, "")) == []


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
def test_other_solvers_confirm_the_optima_of_exports(solved: SolvedBlock, tmp_path: Path) -> None:
    """HiGHS on the exported file to 1e-8, CBC to 1e-7; benchmarks/every_instrument.py does 20."""
    for sample, ours in enumerate(solved.cost_usd):
        file = export_sample(CONFIG, [EXACT], sample, "mps", tmp_path / f"{sample}.mps")
        assert BENCHMARK["highs_optimum"](file) == pytest.approx(ours, rel=1e-8)
        assert BENCHMARK["cbc_optimum"](file) == pytest.approx(ours, rel=1e-7)


@pytest.mark.slow
def test_other_solvers_confirm_the_optima_of_relaxed_exports(tmp_path: Path) -> None:
    relaxed = "bets=relaxed"
    scenario = load_scenario(CONFIG, [relaxed]).scenario
    found = SolveBlock(0, RELAXED).run(build_workbench(scenario))
    assert np.array_equal(found.gap, np.zeros(RELAXED))
    for sample, ours in enumerate(found.cost_usd):
        file = export_sample(CONFIG, [relaxed], sample, "mps", tmp_path / f"{sample}.mps")
        assert BENCHMARK["highs_optimum"](file) == pytest.approx(ours, rel=1e-8)
        assert BENCHMARK["cbc_optimum"](file) == pytest.approx(ours, rel=1e-7)
