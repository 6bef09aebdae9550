"""Which figures of a scenario an event can change, and what they can then be."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from pydantic import BaseModel

from planner.config.distributions import Belief
from planner.config.events import Effect
from planner.config.offers import Chance
from planner.config.quantities import Path, support_of
from planner.config.schema import Scenario
from planner.config.slots import TOP, Slot, field_slot

Span = tuple[float, float]
"""The smallest and the largest value."""

_NO_FIGURE = "an event changes figures, and this is a setting or a name"
_DECIDES = "this decides what fits where for the whole plan, so no event can change it"
_RULES = "limits and checks of the plan rest on this, so no event can change it"
_UNUSED = "no workload is served by memory bandwidth here, so nothing would change"
_APART = (
    ("platforms.*.memory_gb", _DECIDES),
    ("limits.*_vendor_share.*", _RULES),
    ("bargaining.*", _RULES),
    ("events.*", "an event cannot change an event: use `only_if`"),
)
"""Figures that no event can change, and why; the first that fits."""


@dataclass(frozen=True)
class Place:
    """A place of a scenario, which an event can change or not.

    Attributes
    ----------
    refusal : str
        Why it cannot be changed; empty if it can.
    words : str
        What its values must be.
    low, high : float
        Bounds of these.
    low_is_allowed : bool
    by_quarter : bool
        Whether it has a value for each quarter.
    moves : bool
        Whether these may differ.
    span : Span
        Of what it is without any event.
    """

    refusal: str = ""
    words: str = ""
    low: float = -math.inf
    high: float = math.inf
    low_is_allowed: bool = True
    by_quarter: bool = False
    moves: bool = False
    span: Span = (0.0, 0.0)

    def allows(self, low: float, high: float) -> bool:
        """Return whether all values from `low` to `high` may stand here."""
        above = low >= self.low if self.low_is_allowed else low > self.low
        return above and high <= self.high


def places_of(scenario: Scenario) -> dict[str, Place]:
    """Return every place of a scenario by its path, also those that no event can change."""
    return dict(_places(scenario, TOP, "", scenario))


def figure_effects(scenario: Scenario, path: str) -> list[tuple[str, int, Effect]]:
    """Return the effects on a figure in the order in which they act: event, position, effect."""
    return [
        (name, k, effect)
        for name, event in scenario.events.items()
        for k, effect in enumerate(event.effects)
        if any(fnmatchcase(path, pattern) for pattern in effect.on)
    ]


def span_of(scenario: Scenario, path: str, figure: Path) -> Span:
    """Return the smallest and the largest value of a figure, with any events or none."""
    span = support_of(figure)
    for _, _, effect in figure_effects(scenario, path):
        changed = changed_span(effect, span)
        span = min(span[0], changed[0]), max(span[1], changed[1])
    return span


def changed_span(effect: Effect, span: Span) -> Span:
    """Return the smallest and the largest value that an effect can make of some values."""
    (low, high), (least, most) = span, support_of(effect.amount)
    match effect.kind:
        case "multiply":
            products = [_product(value, factor) for value in span for factor in (least, most)]
            return min(products), max(products)
        case "add":
            return low + least, high + most
        case "set":
            return least, most
        case "cap":
            return min(low, least), min(high, most)
        case _:
            return span


def _product(value: float, factor: float) -> float:
    """Return the product, that of 0 and infinity being 0: neither is a value that is drawn."""
    if value == 0 or factor == 0:
        return 0.0
    # The least number above 0 stands for a tail that never reaches it.
    return value * factor or math.copysign(math.ulp(0.0), value)


def _places(node: object, slot: Slot, path: str, scenario: Scenario) -> Iterator[tuple[str, Place]]:
    if (slot.figure is not None and slot.tags) or isinstance(node, Chance):
        yield path, _figure(node, slot, path, scenario)
        return
    children: Iterator[tuple[Any, object, Slot]] = iter(())
    match node:
        case BaseModel():
            model: Any = type(node)
            children = (
                (key, getattr(node, key), field_slot(model, key)) for key in model.model_fields
            )
        case dict():
            children = ((key, child, slot.item) for key, child in node.items())
        case list() | tuple() if node and isinstance(node[0], BaseModel):
            children = ((k, child, slot.item) for k, child in enumerate(node))
        case _:
            yield path, Place(_NO_FIGURE)
    for key, child, inner in children:
        yield from _places(child, inner, f"{path}.{key}" if path else str(key), scenario)


def _figure(node: object, slot: Slot, path: str, scenario: Scenario) -> Place:
    for pattern, why in _APART:
        if fnmatchcase(path, pattern):
            return Place(why)
    if node is None:
        return Place("this is not given here, so there is nothing to change")
    if node == "unlimited":
        return Place("this is unlimited: give it a number that an event can change")
    if _has_no_use(path, scenario):
        return Place(_UNUSED)
    figure: Any = node
    if isinstance(node, Chance):
        return Place("", "0 or 1, or a share between them", 0.0, 1.0, span=support_of(figure))
    bounds = dict(slot.figure.bounds) if slot.figure is not None else {}
    return Place(
        words=slot.figure.words if slot.figure is not None else "",
        low=bounds.get("exclusiveMinimum", bounds.get("minimum", -math.inf)),
        high=bounds.get("maximum", math.inf),
        low_is_allowed="exclusiveMinimum" not in bounds,
        by_quarter="kind:by_quarter" in slot.tags,
        moves=not isinstance(node, Belief | int | float),
        span=support_of(figure),
    )


def _has_no_use(path: str, scenario: Scenario) -> bool:
    """Return whether a figure is only for yields by bandwidth, of which there are none."""
    section, name, *rest = path.split(".")
    tables = {key: item.bandwidth_utilisation for key, item in scenario.platforms.items()}
    if section == "platforms" and rest == ["memory_bandwidth_tbps"]:
        return not tables[name]
    if section == "workloads" and rest == ["memory_traffic_gb_per_unit"]:
        return not any(name in table for table in tables.values())
    return False
