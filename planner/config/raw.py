"""A document as the cross checks see it: each takes the parts that have the shape it needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from planner.config.document import Document, Location, dotted
from planner.config.quantities import NonNegativePath, support_of
from planner.config.schema import quarters_from

_FIGURE: TypeAdapter[Any] = TypeAdapter(NonNegativePath)


def mapping(value: Any) -> dict[str, Any]:
    """Return a mapping as it is, and an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def texts(value: Any) -> list[str]:
    """Return the texts in a list; none for anything else."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def extremes(figure: Any) -> tuple[float, float] | None:
    """Return the smallest and largest value of a figure of 0 or more; None if it is none."""
    try:
        return support_of(_FIGURE.validate_python(figure))
    except ValidationError:
        return None


@dataclass(frozen=True)
class Raw:
    """The data of a document, whatever is wrong with it."""

    document: Document

    def section(self, name: str) -> dict[str, Any]:
        """Return all entries of a section, also those that are broken."""
        return mapping(mapping(self.document.data).get(name))

    def entries(self, name: str) -> dict[str, dict[str, Any]]:
        """Return the entries of a section that are mappings."""
        return self._entries.get(name, {})

    @cached_property
    def _entries(self) -> dict[str, dict[str, dict[str, Any]]]:
        return {
            name: {key: body for key, body in mapping(section).items() if isinstance(body, dict)}
            for name, section in mapping(self.document.data).items()
        }

    def named(self, location: Location) -> str:
        """Return a location with its line, for a problem that stands in several places."""
        line = self.document.origin(location).line
        return f"`{dotted(location)}`" + ("" if line is None else f" (line {line})")

    @cached_property
    def count(self) -> int | None:
        """Length of the plan in quarters, if it is right."""
        count = mapping(self.document.data).get("quarters")
        good = isinstance(count, int) and not isinstance(count, bool) and 1 <= count <= 20
        return count if good else None

    @cached_property
    def quarters(self) -> tuple[str, ...] | None:
        """The quarters of the plan by name, if start and length are right."""
        start = mapping(self.document.data).get("start")
        if self.count is None or not isinstance(start, str):
            return None
        try:
            return quarters_from(start, self.count)
        except ValueError:
            return None

    @cached_property
    def vendors(self) -> dict[str, str]:
        """The vendor of every platform that names one."""
        vendors = {name: body.get("vendor") for name, body in self.entries("platforms").items()}
        return {name: vendor for name, vendor in vendors.items() if isinstance(vendor, str)}
