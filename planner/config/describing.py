"""What each place of a scenario accepts, read off the schema: for errors and the reference."""

from __future__ import annotations

import types
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import StringConstraints, Tag

from planner.config.base import NAME_PATTERN, Strict
from planner.config.document import Location
from planner.config.quantities import QUANTITY_MODELS, QUANTITY_TAGS, Figure
from planner.config.schema import OFFER_MODELS, QUARTER_PATTERN, Scenario

TAGGED_MODELS: dict[str, type[Strict]] = {**QUANTITY_MODELS, **OFFER_MODELS}
TAGS = QUANTITY_TAGS | OFFER_MODELS.keys()

NAME_WORDS = "a name: up to 64 letters, digits, - and _, the first a letter or digit"
_PATTERNS = {NAME_PATTERN: NAME_WORDS, QUARTER_PATTERN: "a quarter, such as 2026Q1"}


@dataclass(frozen=True)
class Slot:
    """A place in a scenario.

    Attributes
    ----------
    annotation : type
        Without `Annotated`; None for a place that the schema does not have.
    metadata : tuple
        What `Annotated` or `Field` adds to it.
    description : str
    """

    annotation: Any
    metadata: tuple[Any, ...] = ()
    description: str = ""

    @property
    def model(self) -> type[Strict] | None:
        """The model that a mapping here is, if it is one."""
        is_model = isinstance(self.annotation, type) and issubclass(self.annotation, Strict)
        return self.annotation if is_model else None

    @property
    def figure(self) -> Figure | None:
        """What goes with a quantity."""
        return next((item for item in self.metadata if isinstance(item, Figure)), None)

    @property
    def tags(self) -> frozenset[str]:
        """The tags of a union."""
        members = get_args(self.annotation) if get_origin(self.annotation) is Union else ()
        extras = (extra for member in members for extra in get_args(member)[1:])
        return frozenset(extra.tag for extra in extras if isinstance(extra, Tag))


NOWHERE = Slot(None)
TOP = Slot(Scenario)


def slot_at(location: Location) -> Slot:
    """Return the place at the location of a pydantic error, with tags in it."""
    slot = TOP
    for part in location:
        slot = _step(slot, part)
    return slot


def field_slot(model: type[Strict], name: str) -> Slot:
    """Return the place of a model's field; `NOWHERE` if it has none of this name."""
    field = model.model_fields.get(name)
    if field is None:
        return NOWHERE
    slot = _unwrapped(field.annotation, tuple(field.metadata))
    return Slot(slot.annotation, slot.metadata, field.description or "")


def item_slot(slot: Slot) -> Slot:
    """Return the place of every item of a list or value of a mapping of names."""
    arguments = get_args(slot.annotation)
    if get_origin(slot.annotation) in (dict, list) and arguments:
        return _unwrapped(arguments[-1], ())
    return NOWHERE


def _step(slot: Slot, part: str | int) -> Slot:
    if part in TAGGED_MODELS:
        return Slot(TAGGED_MODELS[str(part)])
    if part == "kind:number":
        return Slot(float, slot.metadata, slot.description)
    if part == "kind:list":
        return Slot(list[float], slot.metadata, slot.description)
    if slot.model is not None:
        return field_slot(slot.model, str(part))
    return item_slot(slot)


def _unwrapped(annotation: Any, metadata: tuple[Any, ...]) -> Slot:
    """Take off `Annotated` and `| None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        if len(members) == 1:
            return _unwrapped(members[0], metadata)
    if get_origin(annotation) is Annotated:
        bare, *extras = get_args(annotation)
        return _unwrapped(bare, (*metadata, *extras))
    return Slot(annotation, metadata)


def allowed(slot: Slot) -> str:
    """Return in words what may stand in a place."""
    if slot.figure is not None and slot.tags:
        return _figure(slot.figure.words, slot.tags)
    if slot.model is not None:
        return "a mapping with " + ", ".join(slot.model.model_fields)
    if "mode:buy" in slot.tags:
        return "an offer: a mapping with `mode: " + "`, `".join(modes()) + "` and its keys"
    origin = get_origin(slot.annotation)
    if origin is Literal:
        return ", ".join(f"`{word}`" for word in get_args(slot.annotation))
    if origin is list:
        return "a list, each item " + allowed(item_slot(slot))
    if origin is dict:
        item = item_slot(slot)
        return f"entries by name, each {allowed(item)}" if item.figure else "entries by name"
    if slot.annotation in (int, float):
        if slot.figure is not None:
            return slot.figure.words
        noun = "a whole number" if slot.annotation is int else "a number"
        return noun + _bounds(slot.metadata)
    return _text(slot.metadata) if slot.annotation is str else ""


def modes() -> list[str]:
    """Return the modes that an offer can have."""
    return [tag.removeprefix("mode:") for tag in OFFER_MODELS]


def _figure(words: str, tags: frozenset[str]) -> str:
    kinds = [words, "a belief about it"]
    if "kind:by_quarter" in tags:
        kinds.append("a list or trend over the quarters")
    if "kind:unlimited" in tags:
        kinds.append("`unlimited`")
    return f"{', '.join(kinds[:-1])}, or {kinds[-1]}"


def _bounds(metadata: Iterable[Any]) -> str:
    """Return the limits of a number in words, with a space in front; empty if there are none."""
    found = {type(item): item for item in metadata}
    low, above = found.get(annotated_types.Ge), found.get(annotated_types.Gt)
    high, below = found.get(annotated_types.Le), found.get(annotated_types.Lt)
    if low and high:
        return f" from {low.ge:,} to {high.le:,}"
    if low and below:
        return f" from {low.ge:,} to below {below.lt:,}"
    if low:
        return f" of {low.ge:,} or more"
    return f" above {above.gt:,}" if above else ""


def _text(metadata: Iterable[Any]) -> str:
    for item in metadata:
        if isinstance(item, StringConstraints) and isinstance(item.pattern, str):
            return _PATTERNS.get(item.pattern, "a text")
        if isinstance(item, StringConstraints) and item.max_length is not None:
            return f"a text of {item.min_length or 0} to {item.max_length:,} characters"
        if isinstance(item, annotated_types.MaxLen):
            return f"a text of up to {item.max_length} characters"
    return "a text"
