"""The uncertain inputs of a scenario: every belief found in it, by its YAML path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from planner.beliefs.kinds import is_uncertain
from planner.config.distributions import Belief
from planner.config.processes import Process
from planner.config.quantities import ByQuarter, Path, Quantity, Trend
from planner.config.schema import Scenario
from planner.uncertainty.events import event_beliefs
from planner.uncertainty.processes import shock_belief


@dataclass(frozen=True)
class Input:
    """One belief; ``name`` is its dotted YAML path and the name of its random stream."""

    name: str
    belief: Quantity
    part_of: str = ""

    @property
    def quantity(self) -> str:
        """The path of the quantity that it is a part of, or else its own."""
        return self.part_of or self.name

    @property
    def part(self) -> str:
        """What it is of that quantity, such as ``first``; empty where it is all of it."""
        return self.name.removeprefix(self.quantity).removeprefix(".")


SHOCKS = "shocks"
"""Stands in an input's name between the path of the quantity and the quarter: ``.shocks.2026Q2``"""


def parts(name: str, path: Path, quarters: Sequence[str]) -> dict[str, Quantity]:
    """Return the beliefs inside a quantity by the name of each, such as ``....first``.

    Parameters
    ----------
    name : str
        The quantity's YAML path.
    path : Path
    quarters : sequence of str
        The plan's quarters by name: each after the first has a shock of its own, if any has.
    """
    match path:
        case Belief():
            return {name: path}
        case ByQuarter():
            return {} if path.times is None else {f"{name}.times": path.times}
        case Trend():
            found = {f"{name}.first": path.first, f"{name}.change_per_year": path.change_per_year}
            if path.error_sd is not None:
                found[f"{name}.error_sd"] = path.error_sd
            return found | _shocks(name, path, quarters)
        case Process():
            found = {f"{name}.{key}": getattr(path, key) for key in path.parameters}
            return found | _shocks(name, path, quarters)
        case _:
            return {}


def _shocks(name: str, path: Process | Trend, quarters: Sequence[str]) -> dict[str, Quantity]:
    belief = shock_belief(path)
    return {} if belief is None else {f"{name}.{SHOCKS}.{q}": belief for q in quarters[1:]}


def quantities(scenario: Scenario) -> dict[str, Path]:
    """Return every quantity of the scenario that is more than a plain number, by YAML path."""
    return dict(_walk("", scenario))


def uncertain_inputs(scenario: Scenario) -> tuple[Input, ...]:
    """Return the inputs that differ between samples, in the order of the config.

    Events come last, each with what decides about it before its own figures.
    """
    quarters = scenario.quarter_names()
    of_figures = (
        Input(name, belief, path)
        for path, quantity in quantities(scenario).items()
        if not path.startswith("events.")
        for name, belief in parts(path, quantity, quarters).items()
    )
    of_events = (Input(name, belief, _event_of(name)) for name, belief in event_beliefs(scenario))
    return tuple(item for item in (*of_figures, *of_events) if is_uncertain(item.belief))


def _event_of(name: str) -> str:
    """Return the path of the event that an input belongs to; a group's is its own."""
    section, event, *_ = name.split(".")
    return f"{section}.{event}"


def _walk(prefix: str, node: object) -> Iterator[tuple[str, Path]]:
    if isinstance(node, Belief | ByQuarter | Trend | Process):
        yield prefix, node
        return
    children: Iterator[tuple[str, object]] = iter(())
    if isinstance(node, BaseModel):
        children = ((key, getattr(node, key)) for key in type(node).model_fields)
    elif isinstance(node, dict):
        children = iter(node.items())
    elif isinstance(node, list):
        children = ((str(k), child) for k, child in enumerate(node))
    for key, child in children:
        yield from _walk(f"{prefix}.{key}" if prefix else str(key), child)
