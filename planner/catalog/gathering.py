"""The entries of several catalogue files: merged, validated, each with the files it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from planner.catalog.entries import (
    UNIT_OF_TABLE,
    ClaimEntry,
    PlatformEntry,
    PriceEntry,
    Reference,
)
from planner.catalog.wording import explain
from planner.config.base import NAME_PATTERN
from planner.config.document import Document, Location, Origin
from planner.config.wording import did_you_mean, listing, shorten, show
from planner.errors import Problem

EntryLocation = tuple[str, str]
"""Section and name, such as ``("prices", "h100-buy")``."""

MODELS: dict[str, type[BaseModel]] = {
    "platforms": PlatformEntry,
    "prices": PriceEntry,
    "references": Reference,
    "claims": ClaimEntry,
}
"""What the entries of each section of a catalogue file are."""

_NAMES = "up to 64 letters, digits, - and _, the first a letter or digit"


@dataclass
class Gathering:
    """Entries by section and name; `add` every file, then `validate` once.

    Attributes
    ----------
    platforms, prices, references, claims : dict
        The entries that can be used.
    problems : list of Problem
        What is wrong with the others.
    broken : set of (str, str)
        Section and name of the entries that are refused.
    """

    platforms: dict[str, PlatformEntry] = field(default_factory=dict)
    prices: dict[str, PriceEntry] = field(default_factory=dict)
    references: dict[str, Reference] = field(default_factory=dict)
    claims: dict[str, ClaimEntry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: set[EntryLocation] = field(default_factory=set)
    _raw: dict[EntryLocation, Any] = field(default_factory=dict)
    _homes: dict[EntryLocation, tuple[Document, ...]] = field(default_factory=dict)

    def add(self, document: Document, *, overlays: bool = False) -> None:
        """Add a file's entries, those of an overlay over those that are there."""
        for section in document.data:
            if section not in MODELS:
                message = f"a catalogue has no key `{shorten(section)}`"
                remedy = did_you_mean(section, list(MODELS), "remove the key")
                self.problems.append(
                    document.problem((section,), message, allowed=listing(MODELS), remedy=remedy)
                )
        for section in MODELS:
            for name, raw in self._entries(document, section, overlays):
                location = (section, name)
                homes: tuple[Document, ...] = (document,)
                if section == "platforms" and location in self._raw:
                    raw, homes = _merged(self._raw[location], raw), (*homes, *self._homes[location])
                self._raw[location], self._homes[location] = raw, homes

    def validate(self) -> None:
        """Keep the good entries, and note what is wrong with the others."""
        for location, raw in self._raw.items():
            section, name = location
            model = MODELS[section]
            try:
                getattr(self, section)[name] = model.model_validate(raw)
            except ValidationError as error:
                self.broken.add(location)
                self.problems.extend(
                    self.problem(place, **words) for place, words in explain(error, model, location)
                )

    def origin(self, location: Location) -> Origin:
        """Return the file and line of a part of an entry, of a merged one where the part stands."""
        return self._home(location).origin(location)

    def problem(self, location: Location, message: str, **words: str) -> Problem:
        """Return a problem with a part of an entry; see `Document.problem`."""
        return self._home(location).problem(location, message, **words)

    def is_overlaid(self, location: Location) -> bool:
        """Return whether a part of a shipped platform stands in the overlay."""
        homes = self._homes[str(location[0]), str(location[1])]
        return len(homes) > 1 and self._home(location) is homes[0]

    def knows(self, section: str, name: str) -> bool:
        """Return whether an entry of this name stands in any file, usable or not."""
        return (section, name) in self._raw

    def names(self, section: str) -> list[str]:
        """Return the names of all entries of a section, usable or not."""
        return [name for where, name in self._raw if where == section]

    def entries(self) -> Iterator[tuple[EntryLocation, Any]]:
        """Yield every entry as it was written, overlays merged."""
        yield from self._raw.items()

    def _home(self, location: Location) -> Document:
        """Return the file that gives a part: of a merged platform, the one that has its field."""
        homes = self._homes[str(location[0]), str(location[1])]
        field_of = location[: 4 if location[2:3] and location[2] in UNIT_OF_TABLE else 3]
        return next((home for home in homes if field_of in home.origins), homes[0])

    def _entries(
        self, document: Document, section: str, overlays: bool
    ) -> Iterator[tuple[str, Any]]:
        """Yield the entries of a section whose names can be used."""
        entries = document.data.get(section, {})
        if not isinstance(entries, dict):
            message, found = f"`{section}` is not a mapping", show(entries)
            self.problems.append(
                document.problem((section,), message, value=found, allowed="entries by name")
            )
            return
        for name, raw in entries.items():
            location = (section, name)
            if not re.fullmatch(NAME_PATTERN, name):
                message = "this name cannot be used"
                self.problems.append(
                    document.problem(location, message, value=show(name), allowed=_NAMES)
                )
            elif location in self._raw and not overlays:
                message = f"this name already stands in {self._homes[location][0].path.name}"
                remedy = "give each entry a name of its own"
                self.problems.append(document.problem(location, message, remedy=remedy))
            else:
                yield name, raw


def _merged(shipped: Any, own: Any) -> Any:
    """Return a platform with the fields of an overlay, in its tables by kind of work."""
    if not (isinstance(shipped, dict) and isinstance(own, dict)):
        return own
    merged = {**shipped, **own}
    for table in UNIT_OF_TABLE:
        parts = (shipped.get(table), own.get(table))
        if all(isinstance(part, dict) for part in parts):
            merged[table] = {**shipped[table], **own[table]}
    return merged
