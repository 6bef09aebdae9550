"""Read the shipped catalogue and a user's overlay, and refuse every figure that is not sourced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from planner.catalog.cross_checks import cross_problems
from planner.catalog.entries import ClaimEntry, PlatformEntry, PriceEntry, Reference
from planner.catalog.gathering import EntryLocation, Gathering
from planner.config.document import Document
from planner.config.yaml_tree import read_document
from planner.errors import InputError, PlannerError, Problem

DATA_FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Catalog:
    """What is known of platforms and prices, and what is claimed of them, by name."""

    platforms: Mapping[str, PlatformEntry]
    prices: Mapping[str, PriceEntry]
    references: Mapping[str, Reference]
    claims: Mapping[str, ClaimEntry]


@dataclass(frozen=True)
class Gathered:
    """The entries that can be used, what is wrong with the others, and where those stand.

    Attributes
    ----------
    catalog : Catalog
    problems : tuple of Problem
    broken : frozenset of (str, str)
        Section and name of the entries that are refused.
    files : Gathering
        Makes problems with the file and line where a part of the catalogue stands.
    """

    catalog: Catalog
    problems: tuple[Problem, ...]
    broken: frozenset[EntryLocation]
    files: Gathering


def load_catalog(overlay: Document | None = None) -> Catalog:
    """Return the shipped catalogue, with the entries of an overlay merged, replaced or added.

    Parameters
    ----------
    overlay : Document, optional
        A user's own catalogue file; see `gather`.

    Raises
    ------
    InputError
        With every problem of every file.
    """
    gathered = gather(shipped_documents(), overlay)
    if gathered.problems:
        raise InputError(gathered.problems)
    return gathered.catalog


def load_catalog_with(overlay: Path | None) -> Catalog:
    """Return the shipped catalogue with a user's own file over it, if one is named.

    Raises
    ------
    InputError
        With every problem of every file.
    """
    return load_catalog(None if overlay is None else read_document(overlay))


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
        A platform of a shipped name replaces only the figures that it gives; a price, a reference
        or a claim replaces the whole entry of its name.
    """
    gathering = Gathering()
    for document in shipped:
        gathering.add(document)
    if overlay is not None:
        gathering.add(overlay, overlays=True)
    gathering.validate()
    problems = (*gathering.problems, *cross_problems(gathering))
    catalog = Catalog(
        dict(sorted(gathering.platforms.items())),
        dict(sorted(gathering.prices.items())),
        dict(sorted(gathering.references.items())),
        dict(gathering.claims),
    )
    return Gathered(catalog, problems, frozenset(gathering.broken), gathering)
