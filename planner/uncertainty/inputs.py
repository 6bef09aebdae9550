"""The uncertain inputs of a scenario: every belief found in it, by its YAML path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from planner.config.distributions import Belief
from planner.config.quantities import ByQuarter, Path, Quantity, Trend
from planner.config.schema import Scenario
from planner.uncertainty.beliefs import is_uncertain


@dataclass(frozen=True)
class Input:
    """One belief; ``name`` is its dotted YAML path and the name of its random stream."""

    name: str
    belief: Quantity


def parts(name: str, path: Path) -> dict[str, Quantity]:
    """Return the beliefs inside a quantity by the name of each, such as ``....first``."""
    match path:
        case Belief():
            return {name: path}
        case ByQuarter():
            return {} if path.times is None else {f"{name}.times": path.times}
        case Trend():
            return {f"{name}.first": path.first, f"{name}.change_per_year": path.change_per_year}
        case _:
            return {}


def quantities(scenario: Scenario) -> dict[str, Path]:
    """Return every quantity of the scenario that is more than a plain number, by YAML path."""
    return dict(_walk("", scenario))


def uncertain_inputs(scenario: Scenario) -> tuple[Input, ...]:
    """Return the inputs that differ between samples, in the order of the config."""
    return tuple(
        Input(name, belief)
        for path, quantity in quantities(scenario).items()
        for name, belief in parts(path, quantity).items()
        if is_uncertain(belief)
    )


def _walk(prefix: str, node: object) -> Iterator[tuple[str, Path]]:
    if isinstance(node, Belief | ByQuarter | Trend):
        yield prefix, node
        return
    children: Iterator[tuple[str, object]] = iter(())
    if isinstance(node, BaseModel):
        children = ((key, getattr(node, key)) for key in type(node).model_fields)
    elif isinstance(node, dict):
        children = iter(node.items())
    for key, child in children:
        yield from _walk(f"{prefix}.{key}" if prefix else str(key), child)
