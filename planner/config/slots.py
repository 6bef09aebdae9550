"""The places of a scenario, read off the schema: what may stand where, for checks and for words."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import StringConstraints, Tag
from pydantic.fields import FieldInfo

from planner.config.base import Strict
from planner.config.document import Location
from planner.config.quantities import QUANTITY_MODELS, QUANTITY_TAGS, Figure
from planner.config.schema import MODE_MODELS, Scenario

TAGGED_MODELS: dict[str, type[Strict]] = dict(QUANTITY_MODELS)
for _models in MODE_MODELS.values():
    TAGGED_MODELS.update(_models)
TAGS = QUANTITY_TAGS | TAGGED_MODELS.keys()


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
    def pattern(self) -> str | None:
        """What a text here must match, if anything."""
        patterns = (item.pattern for item in self.metadata if isinstance(item, StringConstraints))
        return next((pattern for pattern in patterns if isinstance(pattern, str)), None)

    @cached_property
    def tags(self) -> frozenset[str]:
        """The tags of a union."""
        members = get_args(self.annotation) if get_origin(self.annotation) is Union else ()
        extras = (extra for member in members for extra in get_args(member)[1:])
        return frozenset(extra.tag for extra in extras if isinstance(extra, Tag))

    @cached_property
    def mode_models(self) -> dict[str, type[Strict]]:
        """The models that a ``mode`` chooses from here, by mode; empty if it chooses nothing."""
        models = next((found for found in MODE_MODELS.values() if found.keys() == self.tags), {})
        return {tag.removeprefix("mode:"): model for tag, model in models.items()}

    @cached_property
    def item(self) -> Slot:
        """The place of every item of a list or value of a mapping of names; else `NOWHERE`."""
        arguments = [part for part in get_args(self.annotation) if part is not Ellipsis]
        if get_origin(self.annotation) in (dict, list, tuple) and arguments:
            return _unwrapped(arguments[-1], ())
        return NOWHERE


NOWHERE = Slot(None)
TOP = Slot(Scenario)


def slot_at(location: Location) -> Slot:
    """Return the place at the location of a pydantic error, with tags in it."""
    slot = TOP
    for part in location:
        slot = _step(slot, part)
    return slot


@lru_cache(maxsize=1024)
def field_slot(model: type[Strict], name: str) -> Slot:
    """Return the place of a model's field; `NOWHERE` if it has none of this name."""
    field = model.model_fields.get(name)
    if field is None:
        return NOWHERE
    slot = _unwrapped(field.annotation, tuple(field.metadata))
    return Slot(slot.annotation, slot.metadata, field.description or "")


def places(data: Any) -> Iterator[tuple[Location, Slot, Any]]:
    """Yield every place of raw data that the schema has, with what stands there.

    A figure is one place, whatever it is made of. An entry whose ``mode`` nobody knows is looked at
    as if it had the keys of every mode.
    """
    yield from _places(data, TOP, ())


def _places(value: Any, slot: Slot, here: Location) -> Iterator[tuple[Location, Slot, Any]]:
    yield here, slot, value
    if slot.figure is not None:
        return
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _places(part, _inside(slot, key, value), (*here, key))
    elif isinstance(value, list):
        for position, part in enumerate(value):
            yield from _places(part, slot.item, (*here, position))


def _inside(slot: Slot, key: str, holder: dict[str, Any]) -> Slot:
    if slot.model is not None:
        return field_slot(slot.model, key)
    modes = slot.mode_models
    if not modes:
        return slot.item
    chosen = modes.get(str(holder.get("mode")))
    models = (chosen,) if chosen is not None else tuple(modes.values())
    return next((field_slot(model, key) for model in models if key in model.model_fields), NOWHERE)


def keys_of(model: type[Strict]) -> list[str]:
    """Return a model's keys in the order for a reader: what tells it apart, required, others."""

    def rank(key: str) -> tuple[bool, bool, bool]:
        field = model.model_fields[key]
        tells_apart = field.is_required() and get_origin(field.annotation) is Literal
        return not tells_apart, not field.is_required(), key == "source"

    return sorted(model.model_fields, key=rank)


def _step(slot: Slot, part: str | int) -> Slot:
    if part in TAGGED_MODELS:
        return Slot(TAGGED_MODELS[str(part)])
    if part == "kind:number":
        return Slot(float, slot.metadata, slot.description)
    if part == "kind:list":
        return Slot(list[float], slot.metadata, slot.description)
    if slot.model is not None:
        return field_slot(slot.model, str(part))
    return slot.item


def _unwrapped(annotation: Any, metadata: tuple[Any, ...]) -> Slot:
    """Take off `Annotated` and `| None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        if len(members) == 1:
            return _unwrapped(members[0], metadata)
    if get_origin(annotation) is Annotated:
        bare, *extras = get_args(annotation)
        return _unwrapped(bare, (*metadata, *_bare(extras)))
    return Slot(annotation, metadata)


def _bare(extras: Iterable[Any]) -> Iterator[Any]:
    """Take the constraints out of what `Field` made."""
    for extra in extras:
        if isinstance(extra, FieldInfo):
            yield from extra.metadata
        else:
            yield extra
