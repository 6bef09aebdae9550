"""What each place of a scenario accepts, in words: for errors and the reference."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, get_args, get_origin

import annotated_types
from pydantic import StringConstraints

from planner.config.base import LOOKED_UP_PATTERN, NAME_PATTERN, Strict
from planner.config.claims import (
    Claim,
    ClaimedPricePerformance,
    ClaimedRatio,
    ConflictingClaims,
    Measurement,
)
from planner.config.commitment import Commitment, PlannedService
from planner.config.compounds import MixturePart
from planner.config.demands import Campaign, Scaling, ServiceTarget, Workload
from planner.config.events import Begins, Effect, Event
from planner.config.limits import (
    AllocationCut,
    Bargaining,
    Budgets,
    Growth,
    Limits,
    Pool,
    PriceFall,
)
from planner.config.offers import QUARTER_PATTERN, Chance, Payment, PriceTier
from planner.config.places import Site
from planner.config.platforms import Platform, Porting
from planner.config.quantities import PROCESS
from planner.config.sampling import (
    CorrelatedGroup,
    CorrelatedPair,
    CorrelationMatrix,
    Correlations,
    Sampling,
)
from planner.config.schema import MODE_MODELS, Scenario
from planner.config.slots import TAGGED_MODELS, Slot, keys_of

NAME_WORDS = "a name: up to 64 letters, digits, - and _, the first a letter or digit"
_PATTERNS = {
    NAME_PATTERN: NAME_WORDS,
    LOOKED_UP_PATTERN: "a name of the catalogue, with dots to the figure of a platform",
    QUARTER_PATTERN: "a quarter, such as 2026Q1",
}
_MODE_NOUNS = {
    "offers": "an offer",
    "existing": "an existing fleet entry",
    "power": "a power contract",
}
_NOUNS: dict[type[Strict], str] = {
    Scenario: "a scenario",
    Commitment: "`commitment`",
    PlannedService: "`commitment.service`",
    Sampling: "`sampling`",
    Correlations: "`correlations`",
    CorrelatedPair: "a correlated pair",
    CorrelatedGroup: "a correlated group",
    CorrelationMatrix: "a correlation matrix",
    Site: "a site",
    Workload: "a workload",
    Campaign: "a campaign",
    ServiceTarget: "a service target",
    Scaling: "`scaling`",
    Platform: "a platform",
    Porting: "a port",
    Payment: "a payment",
    PriceTier: "a price tier",
    MixturePart: "a part of a mixture",
    Claim: "a claim",
    ClaimedRatio: "a claimed ratio",
    ClaimedPricePerformance: "a price-performance claim",
    ConflictingClaims: "a mapping with `claims`",
    Measurement: "a measurement",
    Chance: "a chance",
    Pool: "a pool",
    Limits: "`limits`",
    Growth: "`growth`",
    Budgets: "`budgets`",
    Bargaining: "`bargaining`",
    PriceFall: "a price fall",
    AllocationCut: "an allocation cut",
    Event: "an event",
    Begins: "`begins`",
    Effect: "an effect",
}


def noun(model: type[Strict]) -> str:
    """Return what a mapping of this model is, such as "an offer with mode buy"."""
    if model in _NOUNS:
        return _NOUNS[model]
    tag = next(tag for tag, tagged in TAGGED_MODELS.items() if tagged is model)
    prefix, _, word = tag.partition(":")
    if prefix == "mode":
        section = next(name for name, models in MODE_MODELS.items() if tag in models)
        return f"{_MODE_NOUNS[section]} with mode {word}"
    if "distribution" in model.model_fields:
        return f"a {word} belief"
    return f"a mapping with `{word.replace(PROCESS, 'process: ')}`"


def allowed(slot: Slot) -> str:
    """Return in words what may stand in a place."""
    if slot.figure is not None and slot.tags:
        return _figure(slot.figure.words, slot.tags)
    if slot.model is not None:
        return "a mapping with " + ", ".join(keys_of(slot.model))
    if slot.mode_models:
        section = next(name for name, found in MODE_MODELS.items() if found.keys() == slot.tags)
        modes = "`, `".join(slot.mode_models)
        return f"{_MODE_NOUNS[section]}: a mapping with `mode: {modes}` and its keys"
    origin = get_origin(slot.annotation)
    if origin is Literal:
        return ", ".join(f"`{word}`" for word in get_args(slot.annotation))
    if origin in (list, tuple):
        return "a list, each item " + allowed(slot.item)
    if origin is dict:
        item = slot.item
        return f"entries by name, each {allowed(item)}" if item.figure else "entries by name"
    return _scalar(slot)


def _scalar(slot: Slot) -> str:
    if slot.annotation is bool:
        return "`true` or `false`"
    if slot.annotation in (int, float):
        if slot.figure is not None:
            return slot.figure.words
        whole = "whole " if slot.annotation is int else ""
        return f"a {whole}number{_bounds(slot.metadata)}"
    return _text(slot) if slot.annotation is str else ""


def _figure(words: str, tags: frozenset[str]) -> str:
    kinds = [words, "a belief about it"]
    if "kind:by_quarter" in tags:
        kinds.append("a list, trend or process over the quarters")
    if "kind:unlimited" in tags:
        kinds.append("`unlimited`")
    return f"{', '.join(kinds[:-1])}, or {kinds[-1]}"


def _bounds(metadata: Iterable[Any]) -> str:
    """Return the limits of a number in words, with a space in front; empty if there are none."""
    found = {type(item): item for item in metadata}
    low, above = found.get(annotated_types.Ge), found.get(annotated_types.Gt)
    high, below = found.get(annotated_types.Le), found.get(annotated_types.Lt)
    if low:
        end = f" to {high.le:,}" if high else f" to below {below.lt:,}" if below else ""
        return f" from {low.ge:,}{end}" if end else f" of {low.ge:,} or more"
    end = f" and up to {high.le:,}" if high else f" and below {below.lt:,}" if below else ""
    return f" above {above.gt:,}{end}" if above else ""


def _text(slot: Slot) -> str:
    if slot.pattern is not None:
        return _PATTERNS.get(slot.pattern, "a text")
    least = most = None
    for item in slot.metadata:
        if isinstance(item, StringConstraints):
            least, most = item.min_length, item.max_length
        elif isinstance(item, annotated_types.MinLen):
            least = item.min_length
        elif isinstance(item, annotated_types.MaxLen):
            most = item.max_length
    if most is None:
        return "a text"
    return f"a text of {f'{least} to' if least else 'up to'} {most:,} characters"
