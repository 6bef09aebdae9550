"""A YAML file as plain data, with the line of every key and item that errors can point at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from planner.errors import Problem

Location = tuple[str | int, ...]
"""Keys and list positions from the top, such as ``("offers", "h100-buy", "price_usd")``."""


@dataclass(frozen=True)
class Origin:
    """Where a value was written: the file's name (or ``--set``) and its one-based line."""

    file: str
    line: int | None


@dataclass(frozen=True)
class Document:
    """Plain data (dict, list, str, int, float, bool, None) and the origin of every part of it.

    Attributes
    ----------
    data : Any
    origins : mapping of Location to Origin
        Of every key's value and every list item; the empty location is the whole file.
    path : Path
        The file that was read.
    """

    data: Any
    origins: Mapping[Location, Origin]
    path: Path

    def origin(self, location: Location) -> Origin:
        """Return the origin of a location, or that of its nearest enclosing part."""
        for end in range(len(location), -1, -1):
            if location[:end] in self.origins:
                return self.origins[location[:end]]
        return Origin(self.path.name, None)

    def problem(
        self,
        location: Location,
        message: str,
        *,
        allowed: str = "",
        remedy: str = "",
        value: str = "",
    ) -> Problem:
        """Return a problem at a location, with the file and line where that part was written."""
        origin = self.origin(location)
        return Problem(dotted(location), message, allowed, remedy, value, origin.file, origin.line)

    def with_data(self, data: Any) -> Document:
        """Return the same document with other data, for example with the catalogue filled in."""
        return replace(self, data=data)


def dotted(location: Location) -> str:
    """Return a location as the user writes it in ``--set``: ``sites.own.power_mw.3``."""
    return ".".join(str(part) for part in location)
