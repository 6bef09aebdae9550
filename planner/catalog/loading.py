"""Read the shipped catalogue and a user's overlay, and refuse every figure that is not sourced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from planner.catalog.entries import PlatformEntry, PriceEntry
from planner.catalog.wording import explain
from planner.config.base import NAME_PATTERN
from planner.config.document import Document
from planner.config.wording import did_you_mean, listing, shorten, show
from planner.config.yaml_tree import read_document
from planner.errors import InputError, PlannerError, Problem

DATA_FOLDER = Path(__file__).parent / "data"
SECTIONS = ("platforms", "prices")
EntryLocation = tuple[str, str]
"""Section and name, such as ``("prices", "h100-buy")``."""

_NAMES = "up to 64 letters, digits, - and _, the first a letter or digit"
_Entry = TypeVar("_Entry", bound=BaseModel)


@dataclass(frozen=True)
class Catalog:
    """What is known of platforms and prices, by name."""

    platforms: Mapping[str, PlatformEntry]
    prices: Mapping[str, PriceEntry]


@dataclass(frozen=True)
class Gathered:
    """The entries that can be used, what is wrong with the others, and where those stand."""

    catalog: Catalog
    problems: tuple[Problem, ...]
    broken: frozenset[EntryLocation]


def load_catalog(overlay: Document | None = None) -> Catalog:
    """Return the shipped catalogue, with the entries of an overlay replaced or added by name.

    Parameters
    ----------
    overlay : Document, optional
        A user's own catalogue file.

    Raises
    ------
    InputError
        With every problem of every file.
    """
    gathered = gather(shipped_documents(), overlay)
    if gathered.problems:
        raise InputError(gathered.problems)
    return gathered.catalog


@cache
def shipped_documents() -> tuple[Document, ...]:
    """Return the catalogue files that come with the planner, in the order of their names."""
    paths = sorted(DATA_FOLDER.glob("*.yaml"))
    if not paths:
        raise PlannerError("this installation has no catalogue files; install the planner again")
    return tuple(read_document(path) for path in paths)


def gather(shipped: Sequence[Document], overlay: Document | None = None) -> Gathered:
    """Return all entries of the files that can be used, and every problem of the others.

    Parameters
    ----------
    shipped : sequence of Document
        No name may stand in two of them.
    overlay : Document, optional
        Its entries replace those of the same name.
    """
    gathering = _Gathering()
    for document in shipped:
        gathering.add(document)
    if overlay is not None:
        gathering.add(overlay, replaces=True)
    gathering.check_platforms_of_prices()
    return Gathered(
        Catalog(dict(sorted(gathering.platforms.items())), dict(sorted(gathering.prices.items()))),
        tuple(gathering.problems),
        frozenset(gathering.broken),
    )


@dataclass
class _Gathering:
    platforms: dict[str, PlatformEntry] = field(default_factory=dict)
    prices: dict[str, PriceEntry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: set[EntryLocation] = field(default_factory=set)
    homes: dict[EntryLocation, Document] = field(default_factory=dict)

    def add(self, document: Document, *, replaces: bool = False) -> None:
        """Keep a file's good entries, and note what is wrong with the others."""
        for section in document.data:
            if section not in SECTIONS:
                message = f"a catalogue has no key `{shorten(section)}`"
                remedy = did_you_mean(section, SECTIONS, "remove the key")
                self.problems.append(
                    document.problem((section,), message, allowed=listing(SECTIONS), remedy=remedy)
                )
        for name, raw in self._entries(document, "platforms", replaces):
            self._keep(document, ("platforms", name), raw, PlatformEntry, self.platforms)
        for name, raw in self._entries(document, "prices", replaces):
            self._keep(document, ("prices", name), raw, PriceEntry, self.prices)

    def check_platforms_of_prices(self) -> None:
        """Note every price of a platform that no file describes, once all files are added."""
        broken = (name for section, name in self.broken if section == "platforms")
        known = [*self.platforms, *broken]
        for name, price in self.prices.items():
            if price.platform not in known:
                describe = f"describe {price.platform} under `platforms:`"
                self.problems.append(
                    self.homes["prices", name].problem(
                        ("prices", name, "platform"),
                        "the price is of a platform that no catalogue file describes",
                        value=price.platform,
                        remedy=did_you_mean(price.platform, known, describe),
                    )
                )

    def _entries(
        self, document: Document, section: str, replaces: bool
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
            elif location in self.homes and not replaces:
                message = f"this name already stands in {self.homes[location].path.name}"
                remedy = "give each entry a name of its own"
                self.problems.append(document.problem(location, message, remedy=remedy))
            else:
                self.homes[location] = document
                yield name, raw

    def _keep(
        self,
        document: Document,
        location: EntryLocation,
        raw: Any,
        model: type[_Entry],
        kept: dict[str, _Entry],
    ) -> None:
        name = location[1]
        try:
            kept[name] = model.model_validate(raw)
        except ValidationError as error:
            # What the overlay meant to replace must not stand in for it.
            kept.pop(name, None)
            self.broken.add(location)
            self.problems.extend(explain(error, model, document, location))
