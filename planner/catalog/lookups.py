"""Where a scenario may look figures up in the catalogue, and which figures fit there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.catalog.entries import ByReference
from planner.catalog.figures import Unit
from planner.catalog.known import Known, figures_of, price_of, reference_of
from planner.catalog.loading import Catalog, Gathered
from planner.config.document import Document, Location
from planner.config.wording import did_you_mean, listing, show
from planner.errors import Problem

ANY = "*"
UNIT_OF_SLOT: dict[tuple[str, ...], Unit] = {
    ("offers", ANY, "price_usd"): "USD",
    ("existing", ANY, "price_usd"): "USD",
    ("offers", ANY, "price_usd_per_hour"): "USD/hour",
    ("existing", ANY, "price_usd_per_hour"): "USD/hour",
    ("offers", ANY, "supply_accelerators"): "accelerators/quarter",
    ("platforms", ANY, "peak_pflops"): "PFLOP/s",
    ("platforms", ANY, "accelerator_kw"): "kW",
    ("platforms", ANY, "memory_gb"): "GB",
    ("platforms", ANY, "memory_bandwidth_tbps"): "TB/s",
    ("platforms", ANY, "availability"): "share of hours",
    ("platforms", ANY, "utilisation", ANY): "share of peak FLOP/s",
    ("platforms", ANY, "bandwidth_utilisation", ANY): "share of bandwidth",
    ("workloads", ANY, "scaling", "exponent"): "exponent",
}
"""Every place of a scenario that takes a figure of the catalogue, and the unit that it needs.

Where the place is a path over the quarters, its ``first`` takes one too.
"""

PRICE_UNITS = ("USD", "USD/hour")

ALLOWED_PLACES = (
    "look-ups in price_usd, price_usd_per_hour and supply_accelerators (or in `first` there), in "
    "a platform's peak_pflops, accelerator_kw, memory_gb, memory_bandwidth_tbps, availability, "
    "utilisation and bandwidth_utilisation, and in a workload's scaling.exponent"
)

_UNFIT = {
    ("accelerator_kw", "tdp_kw"): "a TDP is of the accelerator alone, without its share of server "
    "and network, and the power of a site is all-in"
}
"""What has the unit of a place and means something else, by the keys of both."""


def unit_of_slot(location: Location) -> Unit | None:
    """Return the unit of the figures that can be looked up in a place, or None for none at all."""
    for pattern, unit in UNIT_OF_SLOT.items():
        if len(pattern) == len(location) and all(
            part in (ANY, key) for part, key in zip(pattern, location, strict=True)
        ):
            return unit
    return None


class Finder:
    """Finds the figures that look-ups name, and says why one cannot be used.

    Parameters
    ----------
    document : Document
        For the origins of problems.
    gathered : Gathered
    whole : bool
        False if a catalogue file could not be read: then an unknown name is no problem.
    """

    def __init__(self, document: Document, gathered: Gathered, whole: bool) -> None:
        self.document, self.gathered, self.whole = document, gathered, whole
        self.problems: list[Problem] = []

    @property
    def catalog(self) -> Catalog:
        """What is known."""
        return self.gathered.catalog

    def find(self, name: str, place: Location, unit: Unit, platform: Any) -> Known | None:
        """Return the figure of a name, or note why it cannot stand in a place.

        Parameters
        ----------
        name : str
            Of a price, a reference, or ``PLATFORM.FIELD`` with the kind of work if it has one.
        place : Location
            Of the figure that the look-up stands for.
        unit : str
            That the place needs.
        platform : object
            The one that the place belongs to, as written; anything else if to none.
        """
        if unit in PRICE_UNITS:
            return self._price(name, place, unit, platform)
        if "." in name:
            return self._of_platform(name, place, unit, platform)
        if name in self.catalog.references:
            known = reference_of(self.catalog, name)
            return self._fitting(known, place, unit, platform)
        if name in self.catalog.prices:
            price = self.catalog.prices[name]
            self._wrong_unit(name, f"this price is in {price.unit}", place, unit, platform)
        elif name in self.catalog.platforms:
            message = "this is a platform, and a figure of it is wanted"
            self._refuse(name, message, place, unit, platform, "add the figure after a dot")
        elif self._certain("references", name) and self._certain("platforms", name):
            message = "the catalogue has no reference of this name"
            remedy = self._meant(name, unit, platform)
            self._refuse(name, message, place, unit, platform, remedy)
        return None

    def _price(self, name: str, place: Location, unit: Unit, platform: Any) -> Known | None:
        price = self.catalog.prices.get(name)
        remedy = "name a price of that platform in the unit of the field"
        if price is None:
            if self._certain("prices", name):
                message = "the catalogue has no price of this name"
                otherwise = "write a number, or add the price to a catalogue file"
                remedy = did_you_mean(name, list(self.catalog.prices), otherwise)
                self._refuse(name, message, place, unit, platform, remedy)
            return None
        if isinstance(platform, str) and price.platform != platform:
            message = f"this is a price of {price.platform}, and another platform is wanted here"
        elif price.unit != unit:
            message = f"this price is in {price.unit}, and the field needs {unit}"
        else:
            return price_of(self.catalog, name)
        self._refuse(name, message, place, unit, platform, remedy)
        return None

    def _of_platform(self, name: str, place: Location, unit: Unit, platform: Any) -> Known | None:
        owner, _, path = name.partition(".")
        if owner not in self.catalog.platforms:
            if self._certain("platforms", owner):
                message = f"the catalogue has no platform {owner}"
                known = list(self.catalog.platforms)
                remedy = did_you_mean(owner, known, "write the figure itself")
                self._refuse(name, message, place, unit, platform, remedy)
            return None
        figures = {known.name: known for known in figures_of(self.catalog, owner)}
        if name in figures:
            return self._fitting(figures[name], place, unit, platform)
        if not self._refers_to_broken(owner, path):
            message = f"the catalogue has no `{path}` of {owner}"
            remedy = self._meant(name, unit, owner)
            self._refuse(name, message, place, unit, owner, remedy)
        return None

    def _fitting(self, known: Known, place: Location, unit: Unit, platform: Any) -> Known | None:
        found = known.figure.unit
        if found != unit:
            self._wrong_unit(known.name, f"this figure is in {found}", place, unit, platform)
            return None
        key = known.name.split(".")[1] if "." in known.name else ""
        unfit = _UNFIT.get((str(place[-1]), key))
        if unfit is None:
            return known
        self._refuse(known.name, unfit, place, unit, platform, f"look up `{place[-1]}`")
        return None

    def _wrong_unit(self, name: str, what: str, place: Location, unit: Unit, platform: Any) -> None:
        message = f"{what}, and the field needs {unit}"
        self._refuse(name, message, place, unit, platform, "name a figure in the unit of the field")

    def _refuse(
        self, name: str, message: str, place: Location, unit: Unit, platform: Any, remedy: str
    ) -> None:
        self.problems.append(
            self.document.problem(
                (*place, "catalog"),
                message,
                value=show(name),
                allowed=self._allowed(unit, platform),
                remedy=remedy,
            )
        )

    def _meant(self, name: str, unit: Unit, platform: Any) -> str:
        names = list(self._names(unit, platform))
        return did_you_mean(name, names, "write the figure itself")

    def _allowed(self, unit: Unit, platform: Any) -> str:
        names = list(self._names(unit, platform))
        if names:
            return listing(names)
        of = "of this platform " if platform in self.catalog.platforms else ""
        return f"the catalogue has none {of}in {unit}"

    def _names(self, unit: Unit, platform: Any) -> Iterator[str]:
        """Yield what fits in a place: figures of its platform, or of all if it is of none."""
        if unit in PRICE_UNITS:
            for name, price in self.catalog.prices.items():
                if price.platform == platform and price.unit == unit:
                    yield name
            return
        own = isinstance(platform, str) and platform in self.catalog.platforms
        for owner in [platform] if own else self.catalog.platforms:
            for known in figures_of(self.catalog, owner):
                if known.figure.unit == unit:
                    yield known.name
        for name, reference in self.catalog.references.items():
            if reference.figure.unit == unit:
                yield name

    def _certain(self, section: str, name: str) -> bool:
        """Return whether a name is known to be missing: its entry may be one that is refused."""
        return self.whole and (section, name) not in self.gathered.broken

    def _refers_to_broken(self, owner: str, path: str) -> bool:
        """Return whether a figure stands in a reference that is refused."""
        for known, named in self.catalog.platforms[owner].by_kind_of_work():
            if known == path and isinstance(named, ByReference):
                return ("references", named.reference) in self.gathered.broken
        return False
