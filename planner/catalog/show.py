"""One entry of the catalogue as text for a terminal, with every source."""

from __future__ import annotations

from collections.abc import Iterator

from planner.catalog.entries import PlatformEntry, PriceEntry, Reference
from planner.catalog.figures import Figure
from planner.catalog.known import Known, figures_of
from planner.catalog.ledger import claim_lines, speaks_of
from planner.catalog.listing import PRICE_HEAD, price_row
from planner.catalog.loading import Catalog
from planner.catalog.text import amount_in_words, by_evidence, labelled, listed, provenance
from planner.config.wording import aligned, did_you_mean, listing
from planner.errors import InputError, Problem

FACTS = ("released", "cooling", "export_class")


def show_entry(catalog: Catalog, name: str) -> str:
    """Return all that is known of a platform, price, reference or claim, with its sources.

    Raises
    ------
    InputError
        If the catalogue has no such name.
    """
    parts = [
        _platform(catalog, name) if name in catalog.platforms else [],
        _price(name, catalog.prices[name]) if name in catalog.prices else [],
        _reference(name, catalog.references[name]) if name in catalog.references else [],
        claim_lines(catalog, name) if name in catalog.claims else [],
    ]
    found = ["\n".join(part) for part in parts if part]
    if found:
        return "\n\n".join(found)
    names = [*catalog.platforms, *catalog.prices, *catalog.references, *catalog.claims]
    remedy = did_you_mean(name, names, "'planner catalog list' shows platforms and prices")
    message = "no platform, price, reference or claim of this name"
    allowed = listing(key for key in names if name in key)
    raise InputError([Problem("", message, allowed=allowed, remedy=remedy, value=name)])


def _platform(catalog: Catalog, name: str) -> list[str]:
    entry = catalog.platforms[name]
    figures = list(figures_of(catalog, name))
    called = f"{entry.full_name}, " if entry.full_name else ""
    counted = by_evidence(known.figure.evidence for known in figures)
    return [
        f"{name}: {called}a platform of {entry.vendor}; one accelerator is a {entry.unit}",
        f"{len(figures)} figures: {counted}",
        *_facts(entry),
        *(line for known in figures for line in ("", *_known(known))),
        *_prices(catalog, name),
        *_claims(catalog, name),
        *_references(catalog, name),
    ]


def _facts(entry: PlatformEntry) -> Iterator[str]:
    for key in FACTS:
        fact = getattr(entry, key)
        if fact is not None:
            yield ""
            yield f"{key}: {fact.value}"
            yield from provenance(fact)


def _known(known: Known) -> list[str]:
    path = known.name.partition(".")[2]
    if known.reference:
        path += f" (reference {known.reference})"
    return _figure(path, known.figure)


def _figure(label: str, figure: Figure) -> list[str]:
    lines = [f"{label}: {amount_in_words(figure)} {figure.unit}", *provenance(figure)]
    for other in figure.also:
        lines += [f"  also stated: {amount_in_words(other)} {other.unit}", *provenance(other, 4)]
    if figure.default_because is not None:
        lines += labelled("default because", figure.default_because)
    return lines


def _prices(catalog: Catalog, name: str) -> list[str]:
    rows = [price_row(key, one) for key, one in catalog.prices.items() if one.platform == name]
    if not rows:
        return ["", "prices: none in the catalogue"]
    # Of one platform: its own name in every line would say nothing.
    head, *lines = [PRICE_HEAD, *rows]
    return ["", *aligned(_without(head), (_without(row) for row in lines))]


def _without(row: tuple[str, ...]) -> tuple[str, ...]:
    at = PRICE_HEAD.index("platform")
    return (*row[:at], *row[at + 1 :])


def _claims(catalog: Catalog, name: str) -> list[str]:
    lines = ["", f"claims (planner catalog claims --platform {name}):"]
    for key, claim in catalog.claims.items():
        if speaks_of(claim, name):
            by = f"({claim.said_by}, {claim.date}, {claim.evidence})"
            lines += listed(f"{key}: {claim.said} {by}")
    return lines if len(lines) > 2 else ["", "claims: none in the catalogue"]


def _references(catalog: Catalog, name: str) -> list[str]:
    named = [key for key, one in catalog.references.items() if name in one.platforms]
    return ["", f"references: {', '.join(named) or 'none in the catalogue'}"]


def _price(name: str, entry: PriceEntry) -> list[str]:
    term = "" if entry.term_quarters is None else f" for {entry.term_quarters} quarters"
    return [
        f"{name}: what {entry.platform} costs to {_WORDS[entry.offer]}{term}; {entry.seller}",
        "",
        *_figure("price", entry),
        *([] if entry.historical is None else labelled("historical", entry.historical)),
    ]


_WORDS = {
    "buy": "buy",
    "reserve": "reserve",
    "rent": "rent on demand",
    "spot": "rent at a spot price",
}


def _reference(name: str, entry: Reference) -> list[str]:
    lines = [
        f"{name}: {entry.about}",
        f"{entry.quantity} in {entry.kind_of_work}, from {entry.points} points of "
        f"{', '.join(entry.platforms)}",
        "",
        *_figure(entry.quantity, entry.figure),
    ]
    if entry.reference_accelerators is not None:
        lines += ["", *_figure("reference_accelerators", entry.reference_accelerators)]
    return lines
