"""What claimed ratios are compared with: the same figure of the platform that is named.

Validation comes afterwards: what does not look as it should is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from planner.catalog.entries import UNIT_OF_FIELD
from planner.catalog.known import written
from planner.catalog.loading import Gathered
from planner.config.checks_claims import WrittenClaim, written_claims
from planner.config.document import Document, Location, dotted
from planner.config.quantities import Number, support_of
from planner.config.wording import listing, nearest, show
from planner.errors import Problem

_FIGURE: TypeAdapter[Any] = TypeAdapter(Number)
_OWN = "give `baseline: {value: ..., source: ...}`"
_ALLOWED = "a platform of the scenario or the catalogue, or any words and an explicit `baseline`"


def fill_baselines(
    data: dict[str, Any], document: Document, gathered: Gathered, *, whole: bool
) -> list[Problem]:
    """Give every claimed ratio the figure of the platform that it is compared with.

    Parameters
    ----------
    data : dict
        A copy of the document's data with the catalogue's figures; changed in place.
    document : Document
        For the origins of problems.
    gathered : Gathered
    whole : bool
        False if a catalogue file could not be read: then an unknown platform is no problem.

    Returns
    -------
    list of Problem
    """
    lookup = _Lookup(data, document, gathered, whole)
    # From the data as they were: a baseline that is itself a ratio is not known either way.
    for claim in written_claims(data):
        if "claim" not in claim.body and claim.body.get("baseline") is None:
            lookup.fill(claim)
    return lookup.problems


@dataclass
class _Lookup:
    data: dict[str, Any]
    document: Document
    gathered: Gathered
    whole: bool
    problems: list[Problem] = field(default_factory=list)

    def fill(self, claim: WrittenClaim) -> None:
        """Add the baseline to one claim, or the reason why there is none."""
        against = claim.body.get("against")
        if not isinstance(against, str):
            return
        known = [*self._section("platforms"), *self.gathered.catalog.platforms]
        if against not in known:
            if self.whole and ("platforms", against) not in self.gathered.broken:
                self._refuse(claim, "there is no platform of this name", _meant(against, known))
        elif against == self._own_platform(claim):
            self._refuse(claim, "a platform is not compared with itself", "name another platform")
        else:
            self._look_up(claim, against)

    def _look_up(self, claim: WrittenClaim, against: str) -> None:
        found = self._same_figures(claim, against)
        what = dotted(claim.place[2:])
        if not found:
            message = f"{against} has no `{what}` to compare with"
            self._refuse(claim, message, f"{_OWN}, or give {against} this figure")
        elif len(found) > 1:
            places = listing(f"`{dotted(place)}`" for place, _ in found)
            self._refuse(claim, f"{against} has several: {places}", _OWN)
        else:
            self._take(claim, *found[0])

    def _take(self, claim: WrittenClaim, place: Location, figure: Any) -> None:
        try:
            low, high = support_of(_FIGURE.validate_python(figure))
        except ValidationError:
            # A path over the quarters, or what the schema refuses at its own place.
            low, high = 0.0, 1.0
        if low != high:
            message = f"`{dotted(place)}` is uncertain or moves, and a ratio needs a known baseline"
            self._refuse(
                claim, message, f"{_OWN}, such as its median: the two are then drawn apart"
            )
            return
        cited = dotted(place)
        source = figure.get("source") if isinstance(figure, dict) else None
        text = f"{cited}: {source}" if isinstance(source, str) and source else cited
        claim.body["baseline"] = {"value": low, "source": text}

    def _same_figures(self, claim: WrittenClaim, against: str) -> list[tuple[Location, Any]]:
        """Return the figures of another platform that are the same as the one that is claimed."""
        section, inside = claim.place[0], claim.place[2:]
        if not claim.is_figure:
            return []
        if section == "platforms":
            return self._of_platform(against, inside)
        if section in ("offers", "existing"):
            entry = self._section(str(section)).get(claim.place[1], {})
            return [
                ((section, name, *inside), body[inside[0]])
                for name, body in self._section(str(section)).items()
                if isinstance(body, dict)
                and body.get("platform") == against
                and body.get("mode") == entry.get("mode")
                and len(inside) == 1
                and inside[0] in body
            ]
        return []

    def _of_platform(self, against: str, inside: Location) -> list[tuple[Location, Any]]:
        found: Any = self._section("platforms").get(against)
        for key in inside:
            found = found.get(key) if isinstance(found, dict) else None
        if found is not None:
            return [(("platforms", against, *inside), found)]
        entry = self.gathered.catalog.platforms.get(against)
        known = len(inside) == 1 and inside[0] in UNIT_OF_FIELD
        figure = getattr(entry, str(inside[0]), None) if known else None
        if figure is None:
            return []
        # As the catalogue's spread says: a figure that has one is no known baseline.
        return [
            (("platforms", against, *inside), written(figure, f"catalogue: {figure.citation()}"))
        ]

    def _own_platform(self, claim: WrittenClaim) -> Any:
        section, name, *_ = (*claim.place, "")
        if section == "platforms":
            return name
        entry = self._section(str(section)).get(name)
        return entry.get("platform") if isinstance(entry, dict) else None

    def _section(self, name: str) -> dict[Any, Any]:
        section = self.data.get(name)
        return section if isinstance(section, dict) else {}

    def _refuse(self, claim: WrittenClaim, message: str, remedy: str) -> None:
        self.problems.append(
            self.document.problem(
                (*claim.location, "against"),
                message,
                value=show(claim.body["against"]),
                allowed=_ALLOWED,
                remedy=remedy,
            )
        )


def _meant(against: str, known: list[str]) -> str:
    near = nearest(against, known)
    return f"did you mean `{near}`? Else {_OWN}" if near else _OWN
