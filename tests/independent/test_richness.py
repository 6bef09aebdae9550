"""The rich scenarios use every key, doubt every quantity, and need every decision and row."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyomo.environ as pyo
import pytest
from constraints import constrain
from drawn import samples
from formulation import Decisions
from pydantic import BaseModel
from scenarios import SCENARIOS, optima

from planner.config import demands, fleet, limits, offers, places, platforms, schema
from planner.config.base import Strict
from planner.config.distributions import Belief
from planner.config.quantities import Figure
from planner.config.schema import Scenario
from planner.uncertainty.inputs import uncertain_inputs

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "formulation.md"
ROOMS = (demands, fleet, limits, offers, places, platforms, schema)
UNUSED = {
    ("Scenario", "catalog"),
    ("Scenario", "commitment"),
    ("Scenario", "sampling"),
    ("Scenario", "correlations"),
    ("Scenario", "events"),
}
"""Keys that no model can need: the catalogue's figures are in a scenario before it is solved."""

READ = {name: Scenario.model_validate(raw) for name, raw in SCENARIOS.items()}


def models(node: Any, at: str = "") -> Iterator[tuple[str, Strict]]:
    """Yield every part of a scenario that has keys of its own, and its path."""
    if isinstance(node, Strict) and type(node).__module__ in {room.__name__ for room in ROOMS}:
        yield at, node
    children: Any = ()
    if isinstance(node, BaseModel):
        children = ((key, getattr(node, key)) for key in type(node).model_fields)
    elif isinstance(node, dict):
        children = node.items()
    elif isinstance(node, tuple):
        children = enumerate(node)
    for key, child in children:
        yield from models(child, f"{at}.{key}" if at else str(key))


def classes(base: type = Strict) -> Iterator[type[Strict]]:
    for kind in base.__subclasses__():
        yield from classes(kind)
        if kind.__module__ in {room.__name__ for room in ROOMS} and kind.__name__[0] != "_":
            yield kind


def is_quantity(annotation: Any) -> bool:
    return isinstance(annotation, Figure) or any(map(is_quantity, typing.get_args(annotation)))


def every_key() -> set[tuple[str, str]]:
    kinds = [kind for kind in classes() if not issubclass(kind, Belief)]
    return {(kind.__name__, key) for kind in kinds for key in kind.model_fields}


def every_quantity() -> set[tuple[str, str]]:
    return {
        (kind.__name__, key)
        for kind in classes()
        for key, field in kind.model_fields.items()
        if any(map(is_quantity, (field.annotation, *field.metadata)))
    }


def test_every_key_is_written_somewhere() -> None:
    written = {
        (type(part).__name__, key)
        for scenario in READ.values()
        for _, part in models(scenario)
        for key in part.model_fields_set
    }
    assert every_key() - written == UNUSED


def test_every_quantity_is_uncertain_somewhere() -> None:
    assert len(every_quantity()) > 50
    doubted = set()
    for scenario in READ.values():
        drawn = [item.name for item in uncertain_inputs(scenario)]
        for at, part in models(scenario):
            for key in type(part).model_fields:
                path = f"{at}.{key}"
                if any(name == path or name.startswith(f"{path}.") for name in drawn):
                    doubted.add((type(part).__name__, key))
    # Memory decides what exists in the program, so the checks of a config refuse a spread in it.
    assert every_quantity() - doubted == {("Platform", "memory_gb")}


def families(section: str) -> set[str]:
    """Return the first column of a table of the document."""
    text = DOCUMENT.read_text("utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE))


def test_the_families_are_those_of_the_document() -> None:
    [sample] = samples(READ["fleet"], 1)
    plan = Decisions(sample)
    constrain(plan)
    assert set(plan.x.component_map(pyo.Var)) == families("Columns")
    assert set(plan.model.rows.component_map(pyo.Constraint)) == families("Rows")


def decision(scenario: Scenario, family: str, key: Any) -> str:
    """Return the family of a column, and its kind where the document tells kinds apart."""
    first = key[0] if isinstance(key, tuple) else key
    sections = {
        "start": scenario.offers,
        "rent": scenario.offers,
        "existing": scenario.existing,
        "power": scenario.power,
    }
    if family in sections:
        return f"{family} {sections[family][first].mode}"
    if family == "allocate":
        platform = scenario.platforms[first]
        tables = ("utilisation", "bandwidth_utilisation", "yield_per_accelerator")
        return f"{family} by {next(name for name in tables if key[2] in getattr(platform, name))}"
    return f"{family} {first}" if family == "overrun" else family


def row(family: str, key: Any) -> str:
    """Return the family of a row, and its kind where there are several."""
    if family == "budget":
        return f"{family} {key[0]}"
    return f"{family} {key[-1]}" if family in KINDS else family


KINDS = {
    "minimum_order": ("least", "most"),
    "volume_price": ("total", "opens", "needs"),
    "rebate": ("ordered", "earned"),
}
NEGLIGIBLE = 1e-6
"""Accelerators, kW, units of a workload; for shadow prices, a thousandth of it (in dollars)."""


@pytest.fixture(scope="module")
def taken() -> set[str]:
    return {
        decision(READ[name], family, key)
        for name in SCENARIOS
        for found in optima(name)
        for family, values in found.columns.items()
        for key, value in values.items()
        if value > NEGLIGIBLE
    }


@pytest.fixture(scope="module")
def binding() -> set[str]:
    return {
        row(family, key)
        for name in SCENARIOS
        for found in optima(name)
        for family, values in found.prices.items()
        for key, value in values.items()
        if abs(value) > NEGLIGIBLE / 1000
    }


def test_every_decision_is_taken_in_some_optimum(taken: set[str]) -> None:
    kinds = {
        "start": ("buy", "reserve", "option", "programme"),
        "rent": ("rent", "spot"),
        "existing": ("owned", "contracted", "ordered"),
        "power": ("lease", "build"),
        "allocate": ("by utilisation", "by bandwidth_utilisation", "by yield_per_accelerator"),
        "overrun": ("capex", "opex"),
    }
    wanted = {f"{f} {kind}" for f, several in kinds.items() for kind in several}
    assert (wanted | (families("Columns") - kinds.keys())) - taken == set()


def test_every_row_has_a_shadow_price_in_some_optimum(binding: set[str]) -> None:
    kinds = {**KINDS, "budget": ("capex", "opex")}
    wanted = {f"{f} {kind}" for f, several in kinds.items() for kind in several}
    assert (wanted | (families("Rows") - kinds.keys())) - binding == set()
