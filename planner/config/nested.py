"""Beliefs as the user wrote them, wherever they stand, also inside others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.config.claims import CLAIMS
from planner.config.document import Location
from planner.config.slots import places

Written = tuple[Location, dict[str, Any]]


def written_beliefs(data: Any) -> Iterator[Written]:
    """Yield every mapping with a ``distribution`` in the raw data of a scenario, inner ones first.

    Nothing is known of what stands in it but that it is where a figure is wanted.
    """
    for location, written in written_figures(data):
        if "distribution" in written:
            yield location, written


def written_figures(data: Any) -> Iterator[Written]:
    """Yield every mapping with a ``distribution``, and every claim, inner ones first."""
    for location, slot, value in places(data):
        if slot.figure is not None:
            yield from written_in(value, location)


def is_claim(written: Any) -> bool:
    """Return whether a mapping is one claim, as far as its keys tell."""
    single = (key for key in CLAIMS if key != "claims")
    return isinstance(written, dict) and any(key in written for key in single)


def written_in(value: Any, location: Location) -> Iterator[Written]:
    """Yield what `written_figures` does of one value, which stands at a location."""
    parts: Iterator[tuple[str | int, Any]] = iter(())
    if isinstance(value, dict):
        parts = iter(value.items())
    elif isinstance(value, list):
        parts = iter(enumerate(value))
    for key, part in parts:
        yield from written_in(part, (*location, key))
    if isinstance(value, dict) and not value.keys().isdisjoint(("distribution", *CLAIMS)):
        yield location, value
