"""Checks of a catalogue across its entries: names that must exist, and figures that must fit."""

from __future__ import annotations

from collections.abc import Iterator

from planner.catalog.entries import (
    UNIT_OF_QUANTITY,
    UNIT_OF_TABLE,
    ByReference,
    Reference,
)
from planner.catalog.gathering import Gathering
from planner.config.document import Location
from planner.config.wording import did_you_mean, listing, show
from planner.errors import Problem


def cross_problems(gathering: Gathering) -> Iterator[Problem]:
    """Yield every name that no file has, and every reference that does not fit where it is named.

    Parameters
    ----------
    gathering : Gathering
        All files added and validated. A name whose entry is refused is known all the same.
    """
    yield from _platforms_of_prices(gathering)
    yield from _references_of_platforms(gathering)
    yield from _platforms_of_references(gathering)
    yield from _claims(gathering)


def _platforms_of_prices(gathering: Gathering) -> Iterator[Problem]:
    known = gathering.names("platforms")
    for name, price in gathering.prices.items():
        if price.platform not in known:
            yield gathering.problem(
                ("prices", name, "platform"),
                "the price is of a platform that no catalogue file describes",
                value=price.platform,
                remedy=did_you_mean(
                    price.platform, known, f"describe {price.platform} under `platforms:`"
                ),
            )


def _references_of_platforms(gathering: Gathering) -> Iterator[Problem]:
    for name, entry in gathering.platforms.items():
        for path, figure in entry.by_kind_of_work():
            if isinstance(figure, ByReference):
                table, kind = path.split(".")
                place = ("platforms", name, table, kind, "reference")
                yield from _reference(gathering, place, table, figure.reference)


def _reference(gathering: Gathering, place: Location, table: str, name: str) -> Iterator[Problem]:
    unit = UNIT_OF_TABLE[table]
    fitting = [key for key, one in gathering.references.items() if _unit(one) == unit]
    found = gathering.references.get(name)
    allowed = listing(fitting) or "no reference is of this"
    if found is not None and name not in fitting:
        message = f"this reference is of {found.quantity}, and does not fit in `{table}`"
        remedy = f"name a reference in {unit}, or give a figure"
        yield gathering.problem(place, message, value=show(name), allowed=allowed, remedy=remedy)
    elif found is None and not gathering.knows("references", name):
        yield gathering.problem(
            place,
            "no catalogue file has a reference of this name",
            value=show(name),
            allowed=allowed,
            remedy=did_you_mean(name, fitting, "give a figure instead"),
        )


def _unit(reference: Reference) -> str:
    return UNIT_OF_QUANTITY[reference.quantity]


def _platforms_of_references(gathering: Gathering) -> Iterator[Problem]:
    known = gathering.names("platforms")
    for name, reference in gathering.references.items():
        for position, platform in enumerate(reference.platforms):
            if platform not in known:
                yield gathering.problem(
                    ("references", name, "platforms", position),
                    "the reference is of a platform that no catalogue file describes",
                    value=show(platform),
                    remedy=did_you_mean(platform, known, "name a platform of the catalogue"),
                )


def _claims(gathering: Gathering) -> Iterator[Problem]:
    for name, claim in gathering.claims.items():
        others = [key for key in gathering.names("claims") if key != name]
        for position, other in enumerate(claim.conflicts_with):
            if other not in others:
                itself = "a claim cannot conflict with itself"
                unknown = "no catalogue file has a claim of this name"
                yield gathering.problem(
                    ("claims", name, "conflicts_with", position),
                    itself if other == name else unknown,
                    value=show(other),
                    remedy=did_you_mean(other, others, "remove it"),
                )
