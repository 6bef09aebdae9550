"""Beliefs as the user wrote them, wherever they stand, also inside others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.config.document import Location
from planner.config.slots import places

Written = tuple[Location, dict[str, Any]]


def written_beliefs(data: Any) -> Iterator[Written]:
    """Yield every mapping with a ``distribution`` in the raw data of a scenario, inner ones first.

    Nothing is known of what stands in it but that it is where a figure is wanted.
    """
    for location, slot, value in places(data):
        if slot.figure is not None:
            yield from _within(value, location)


def _within(value: Any, location: Location) -> Iterator[Written]:
    parts: Iterator[tuple[str | int, Any]] = iter(())
    if isinstance(value, dict):
        parts = iter(value.items())
    elif isinstance(value, list):
        parts = iter(enumerate(value))
    for key, part in parts:
        yield from _within(part, (*location, key))
    if isinstance(value, dict) and "distribution" in value:
        yield location, value
