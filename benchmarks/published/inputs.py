"""What a computation uses: figures by their catalogue names, and the few that are not in there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from benchmarks.published.ranges import Range, by_evidence, range_of, span
from planner.catalog.entries import ByReference, PlatformEntry
from planner.catalog.figures import Figure, Stated
from planner.catalog.loading import Catalog
from planner.config.evidence import Evidence


class Missing(Exception):
    """The catalogue lacks a figure: the claim cannot be told, and the page says so."""


@dataclass(frozen=True)
class Used:
    """An input of a computation, as the page lists it."""

    name: str
    value: Range
    unit: str
    evidence: Evidence
    source: str = ""
    """Empty for what stands in the catalogue, which has the source."""


@dataclass(frozen=True)
class Outside:
    """A figure that the catalogue has no place for, with its source."""

    name: str
    value: float
    unit: str
    evidence: Evidence
    date: str
    source: str
    low: float | None = None
    high: float | None = None

    def range(self) -> Range:
        """Return it with its range, or that of its evidence."""
        if self.low is None or self.high is None:
            return by_evidence(self.value, self.evidence)
        return Range(self.low, self.value, self.high)


@dataclass
class Inputs:
    """Looks figures up for one computation, and keeps what was used."""

    catalog: Catalog
    claim: str = ""
    """What is judged: figures that the catalogue has from it are left out."""
    used: list[Used] = field(default_factory=list)
    remarked: list[Used] = field(default_factory=list)
    """What only a remark needs: ours does not rest on it."""

    @property
    def remark(self) -> Inputs:
        """Where to look figures up that ours does not rest on."""
        return Inputs(self.catalog, self.claim, self.remarked, self.remarked)

    def of(self, platform: str, name: str) -> Range:
        """Return a platform's figure by its dotted name, such as ``utilisation.inference``.

        Raises
        ------
        Missing
            If the catalogue has no such platform or figure.
        """
        if platform not in self.catalog.platforms:
            raise Missing(f"the catalogue has no platform {platform}")
        figure = self._figure(self.catalog.platforms[platform], name)
        if figure is None:
            raise Missing(f"the catalogue has no `{name}` of {platform}")
        return self._keep(f"{platform}.{name}", figure)

    def price(self, name: str) -> Range:
        """Return what one accelerator costs to buy, or for an hour.

        Raises
        ------
        Missing
            If the catalogue has no such price.
        """
        if name not in self.catalog.prices:
            raise Missing(f"the catalogue has no price {name}")
        return self._keep(name, self.catalog.prices[name])

    def outside(self, figure: Outside) -> Range:
        """Return a figure that does not stand in the catalogue."""
        value = figure.range()
        source = f"{figure.source} ({figure.date})"
        self._note(Used(figure.name, value, figure.unit, figure.evidence, source))
        return value

    def claimed(self, name: str) -> float:
        """Return the figure of another claim: no evidence, and so no input."""
        value = self.catalog.claims[name].value
        if value is None:
            raise ValueError(f"the claim {name} has no figure")
        return value

    @property
    def evidence(self) -> frozenset[Evidence]:
        """Of every input so far."""
        return frozenset(one.evidence for one in self.used)

    def _figure(self, platform: PlatformEntry, name: str) -> Figure | None:
        table, _, kind = name.partition(".")
        found = getattr(platform, table)
        if kind:
            found = found.get(kind)
        if isinstance(found, ByReference):
            if found.reference not in self.catalog.references:
                raise Missing(f"the catalogue has no reference {found.reference}")
            return self.catalog.references[found.reference].figure
        assert found is None or isinstance(found, Figure)
        return found

    def _keep(self, name: str, figure: Figure) -> Range:
        value = range_of(figure)
        if figure.quantiles is None and figure.also:
            value = span(value, *(_as_stated(one) for one in figure.also if self._is_other(one)))
        self._note(Used(name, value, figure.unit, figure.evidence))
        return value

    def _is_other(self, stated: Stated) -> bool:
        """Return whether a source is another one than the claim that is judged."""
        return not (self.claim and re.search(rf"\bclaim {self.claim}\b", stated.source))

    def _note(self, used: Used) -> None:
        if used not in self.used:
            self.used.append(used)


def _as_stated(other: Stated) -> Range:
    """Return what another source states, without a range that it does not give."""
    low, high = other.extremes()
    return Range(other.low or low, other.central, other.high or high)
