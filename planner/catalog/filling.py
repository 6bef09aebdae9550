"""Fill a scenario's raw data from the catalogue.

Validation comes afterwards, so nothing here may rely on a type: what does not look as it should is
left as it is, for the validator to report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from planner.catalog.entries import PlatformEntry, PriceEntry
from planner.catalog.loading import Gathered
from planner.config.document import Document, Location
from planner.config.platforms import FILLED_FROM_CATALOG
from planner.config.slots import places
from planner.config.wording import did_you_mean, listing, nearest, show
from planner.errors import Problem

PRICE_UNITS = {"price_usd": "usd", "price_usd_per_hour": "usd_per_hour"}
"""Fields that take a catalogue price, and the unit it must have."""

PRICED_SECTIONS = ("offers", "existing")
"""Sections of a scenario whose entries have such prices."""


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
    filling = _Filling(document, gathered, whole)
    bulky = any(body.get("memory_gb") is not None for _, body in _mappings(data, "workloads"))
    for name, body in _mappings(data, "platforms"):
        filling.platform(name, body)
        filling.if_needed(name, body, memory=bulky)
    for section in PRICED_SECTIONS:
        for name, body in _mappings(data, section):
            filling.prices((section, name), body)
    filling.strays(data)
    return filling.problems


def _mappings(data: dict[str, Any], section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the entries of a section that are mappings."""
    entries = data.get(section)
    if isinstance(entries, dict):
        yield from ((name, body) for name, body in entries.items() if isinstance(body, dict))


@dataclass
class _Filling:
    document: Document
    gathered: Gathered
    whole: bool
    problems: list[Problem] = field(default_factory=list)

    def platform(self, name: str, body: dict[str, Any]) -> None:
        """Add what the catalogue knows of a platform and the scenario does not say."""
        missing = [key for key in FILLED_FROM_CATALOG if key not in body]
        entry = self.gathered.catalog.platforms.get(name)
        if entry is not None:
            body.update((key, _platform_field(entry, key)) for key in missing)
        elif missing and self._certain("platforms", name):
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
        """Add a platform's memory, if a workload asks for it, and the bandwidth if it yields so."""
        entry = self.gathered.catalog.platforms.get(name)
        wanted = {"memory_gb": memory, "memory_bandwidth_tbps": "bandwidth_utilisation" in body}
        for key, needed in wanted.items():
            if entry is not None and needed and key not in body and getattr(entry, key) is not None:
                body[key] = _platform_field(entry, key)

    def prices(self, entry: Location, body: dict[str, Any]) -> None:
        """Replace the look-ups in the prices of an offer or of something existing."""
        for key, unit in PRICE_UNITS.items():
            if key not in body:
                continue
            location = (*entry, key)
            body[key] = self._looked_up(body[key], location, body.get("platform"), unit)
            trend = body[key]
            if isinstance(trend, dict) and "first" in trend:
                trend["first"] = self._looked_up(
                    trend["first"], (*location, "first"), body.get("platform"), unit
                )

    def strays(self, data: dict[str, Any]) -> None:
        """Report look-ups where no price stands; those that were replaced are gone by now."""
        for location, slot, value in places(data):
            if slot.figure is None:
                continue
            if location[0] in PRICED_SECTIONS and location[-1] in PRICE_UNITS:
                # A look-up still at the top, or in `first`, has been reported already.
                self._strays_in_price(value, location)
            else:
                self._stray(value, location)

    def _strays_in_price(self, value: Any, location: Location) -> None:
        if not isinstance(value, dict):
            return
        for key, part in value.items():
            if key == "first":
                self._strays_in_price(part, (*location, key))
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
                    "the catalogue gives prices, and this is not a price",
                    value=show(value["catalog"]),
                    allowed="look-ups in price_usd, price_usd_per_hour, or a trend's `first` there",
                    remedy="write the figure itself",
                )
            )
        for key, part in value.items():
            self._stray(part, (*location, key))

    def _looked_up(self, node: Any, location: Location, platform: Any, unit: str) -> Any:
        """Return the figure that a look-up stands for, or what was written if it is none."""
        if not (isinstance(node, dict) and isinstance(node.get("catalog"), str)):
            return node
        if "value" in node or "distribution" in node:
            return node
        name = node["catalog"]
        price = self.gathered.catalog.prices.get(name)
        if price is None:
            self._unknown_price(name, (*location, "catalog"), platform, unit)
            return node
        self._check(price, name, (*location, "catalog"), platform, unit)
        rest = {key: part for key, part in node.items() if key not in ("catalog", "source")}
        return {"value": price.value, **rest, "source": _source(price, name, node.get("source"))}

    def _unknown_price(self, name: str, location: Location, platform: Any, unit: str) -> None:
        if self._certain("prices", name):
            known = list(self.gathered.catalog.prices)
            otherwise = "write a number, or add the price to a catalogue file"
            self.problems.append(
                self.document.problem(
                    location,
                    "the catalogue has no price of this name",
                    value=show(name),
                    allowed=self._prices_of(platform, unit),
                    remedy=did_you_mean(name, known, otherwise),
                )
            )

    def _check(
        self, price: PriceEntry, name: str, location: Location, platform: Any, unit: str
    ) -> None:
        """Report a price of another platform or unit than is wanted."""
        if isinstance(platform, str) and price.platform != platform:
            message = f"this is a price of {price.platform}, and another platform is wanted here"
        elif price.unit != unit:
            message = f"this price is in {price.unit}, and the field needs {unit}"
        else:
            return
        allowed = self._prices_of(platform, unit)
        remedy = "name a price of that platform in the unit of the field"
        self.problems.append(
            self.document.problem(
                location, message, value=show(name), allowed=allowed, remedy=remedy
            )
        )

    def _prices_of(self, platform: Any, unit: str) -> str:
        prices = self.gathered.catalog.prices.items()
        names = [n for n, price in prices if price.platform == platform and price.unit == unit]
        return listing(names) if names else f"the catalogue has none of this platform in {unit}"

    def _certain(self, section: str, name: str) -> bool:
        """Return whether a name is known to be missing: its entry may be one that is refused."""
        return self.whole and (section, name) not in self.gathered.broken


def _platform_field(entry: PlatformEntry, key: str) -> Any:
    if key in ("vendor", "unit"):
        return getattr(entry, key)
    figure = getattr(entry, key)
    return {"value": figure.value, "source": figure.citation()}


def _source(price: PriceEntry, name: str, own: Any) -> str:
    cited = f"catalogue price {name}: {price.citation()}"
    return f"{own}; {cited}" if isinstance(own, str) and own else cited
