"""Fill a scenario's raw data from the catalogue.

Validation comes afterwards, so nothing here may rely on a type: what does not look as it should is
left as it is, for the validator to report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from planner.catalog.entries import PlatformEntry
from planner.catalog.known import written
from planner.catalog.loading import Gathered
from planner.catalog.lookups import ALLOWED_PLACES, Finder, unit_of_slot
from planner.catalog.text import amount_in_words
from planner.config.base import LOOKED_UP_PATTERN
from planner.config.document import Document, Location
from planner.config.platforms import FILLED_FROM_CATALOG
from planner.config.slots import places
from planner.config.wording import listing, nearest, show
from planner.errors import Problem


def fill(
    data: dict[str, Any], document: Document, gathered: Gathered, *, whole: bool
) -> list[Problem]:
    """Replace what a scenario leaves to the catalogue by the catalogue's figures.

    Parameters
    ----------
    data : dict
        A copy of the document's data; changed in place.
    document : Document
        For the origins of problems.
    gathered : Gathered
    whole : bool
        False if a catalogue file could not be read: then a name that is not in the catalogue is
        no problem to report.

    Returns
    -------
    list of Problem
    """
    filling = _Filling(document, gathered, Finder(document, gathered, whole))
    bulky = any(body.get("memory_gb") is not None for _, body in _mappings(data, "workloads"))
    for name, body in _mappings(data, "platforms"):
        filling.platform(name, body, whole)
        filling.if_needed(name, body, memory=bulky)
    for location, slot, value in list(places(data)):
        if slot.figure is not None:
            _put(data, location, filling.figure(value, location, data))
    return filling.problems


def _mappings(data: dict[str, Any], section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the entries of a section that are mappings."""
    entries = data.get(section)
    if isinstance(entries, dict):
        yield from ((name, body) for name, body in entries.items() if isinstance(body, dict))


def _put(data: Any, location: Location, value: Any) -> None:
    for part in location[:-1]:
        data = data[part]
    data[location[-1]] = value


@dataclass
class _Filling:
    document: Document
    gathered: Gathered
    finder: Finder

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with look-ups and platforms so far."""
        return self.finder.problems

    def platform(self, name: str, body: dict[str, Any], whole: bool) -> None:
        """Add what the catalogue knows of a platform and the scenario does not say."""
        missing = [key for key in FILLED_FROM_CATALOG if key not in body]
        entry = self.gathered.catalog.platforms.get(name)
        if entry is not None:
            body.update((key, _platform_field(entry, key)) for key in missing)
        elif missing and whole and ("platforms", name) not in self.gathered.broken:
            known = list(self.gathered.catalog.platforms)
            inline = f"give {', '.join(missing)} here"
            near = nearest(name, known)
            self.problems.append(
                self.document.problem(
                    ("platforms", name),
                    "the catalogue does not have this platform, and its own figures are incomplete",
                    value=show(name),
                    allowed=listing(known),
                    remedy=f"did you mean `{near}`? Else {inline}" if near else inline,
                )
            )

    def if_needed(self, name: str, body: dict[str, Any], *, memory: bool) -> None:
        """Add memory and scale-up domain, if a workload asks for memory, and the bandwidth if a
        yield rests on it.
        """
        entry = self.gathered.catalog.platforms.get(name)
        if entry is None:
            return
        wanted = {"memory_gb": memory, "memory_bandwidth_tbps": "bandwidth_utilisation" in body}
        for key, needed in wanted.items():
            if needed and key not in body and getattr(entry, key) is not None:
                body[key] = _platform_field(entry, key)
        if memory and "accelerators_per_domain" not in body:
            self._domain(name, body, entry)

    def _domain(self, name: str, body: dict[str, Any], entry: PlatformEntry) -> None:
        known = entry.scale_up_accelerators
        if known is None:
            return
        if known.value is not None and known.value.is_integer():
            body["accelerators_per_domain"] = int(known.value)
            return
        self.problems.append(
            self.document.problem(
                ("platforms", name),
                "a workload needs memory, and the catalogue does not know how many accelerators "
                "share it",
                value=f"scale_up_accelerators: {amount_in_words(known)}",
                allowed="a whole number that is known",
                remedy="give `accelerators_per_domain` here",
            )
        )

    def figure(self, value: Any, location: Location, data: dict[str, Any]) -> Any:
        """Return what stands in a place with its look-ups replaced, or note what is wrong."""
        unit = unit_of_slot(location)
        if unit is None:
            self._stray(value, location)
            return value
        value = self._looked_up(value, location, location, data)
        if isinstance(value, dict) and "first" in value:
            place = (*location, "first")
            value = {**value, "first": self._looked_up(value["first"], place, location, data)}
        self._strays_inside(value, location)
        return value

    def _looked_up(self, node: Any, place: Location, slot: Location, data: dict[str, Any]) -> Any:
        """Return the figure that a look-up stands for, or what was written if it is none."""
        if not (isinstance(node, dict) and isinstance(node.get("catalog"), str)):
            return node
        if "value" in node or "distribution" in node:
            return node
        if re.fullmatch(LOOKED_UP_PATTERN, node["catalog"]) is None:
            # What can be no name is told by the schema.
            return node
        unit = unit_of_slot(slot)
        assert unit is not None  # `figure` asks
        known = self.finder.find(node["catalog"], place, unit, _owner(slot, data))
        if known is None:
            return node
        own = node.get("source")
        source = f"{own}; {known.cited()}" if isinstance(own, str) and own else known.cited()
        rest = {k: part for k, part in node.items() if k not in ("catalog", "source", "times")}
        return {**written(known.figure, source, node.get("times")), **rest}

    def _strays_inside(self, value: Any, location: Location) -> None:
        """Report the look-ups in a figure; one at the top, or in `first`, is no stray."""
        if not isinstance(value, dict):
            return
        for key, part in value.items():
            if key == "first":
                self._strays_inside(part, (*location, key))
            else:
                self._stray(part, (*location, key))

    def _stray(self, value: Any, location: Location) -> None:
        if isinstance(value, list):
            for position, part in enumerate(value):
                self._stray(part, (*location, position))
        if not isinstance(value, dict):
            return
        if "catalog" in value:
            self.problems.append(
                self.document.problem(
                    (*location, "catalog"),
                    "no figure of the catalogue belongs here",
                    value=show(value["catalog"]),
                    allowed=ALLOWED_PLACES,
                    remedy="write the figure itself",
                )
            )
        for key, part in value.items():
            self._stray(part, (*location, key))


def _owner(slot: Location, data: dict[str, Any]) -> Any:
    """Return the platform that a place belongs to, as written; None if to none."""
    section, name = slot[0], slot[1]
    if section == "platforms":
        return name
    return data[section][name].get("platform") if section in ("offers", "existing") else None


def _platform_field(entry: PlatformEntry, key: str) -> Any:
    if key in ("vendor", "unit"):
        return getattr(entry, key)
    figure = getattr(entry, key)
    return written(figure, figure.citation())
