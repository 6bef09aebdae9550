"""The platforms and prices of the catalogue, a line each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from planner.catalog.entries import PlatformEntry, PriceEntry
from planner.catalog.figures import Figure
from planner.catalog.known import figures_of
from planner.catalog.loading import Catalog
from planner.catalog.text import amount, by_evidence
from planner.config.evidence import Evidence
from planner.config.wording import aligned, did_you_mean, listing
from planner.errors import InputError, Problem

PLATFORM_HEAD = (
    *("platform", "vendor", "unit", "released", "PFLOP/s", "kW", "GB", "TB/s"),
    *("evidence of the peak", "all figures"),
)
PRICE_HEAD = ("price", "platform", "offer", "seller", "value", "unit", "evidence", "date")


def list_catalog(catalog: Catalog, vendor: str | None = None, evidence: str | None = None) -> str:
    """Return every platform and price, a line each.

    Parameters
    ----------
    catalog : Catalog
    vendor : str, optional
        Only its platforms, and their prices; capital letters or small ones.
    evidence : str, optional
        Only platforms with a figure on such evidence, and prices on it.

    Raises
    ------
    InputError
        If nobody knows the vendor or the evidence.
    """
    wanted = None if vendor is None else vendor_of(catalog, vendor)
    kind = None if evidence is None else evidence_of(evidence)
    chosen = {
        name: entry
        for name, entry in catalog.platforms.items()
        if wanted in (None, entry.vendor) and kind in (None, *_kinds(catalog, name))
    }
    prices = [
        (name, price)
        for name, price in catalog.prices.items()
        if wanted in (None, catalog.platforms[price.platform].vendor)
        and kind in (None, price.evidence)
    ]
    return "\n".join(
        [
            *aligned(PLATFORM_HEAD, (_platform(catalog, *item, kind) for item in chosen.items())),
            "",
            *aligned(PRICE_HEAD, (price_row(*item) for item in prices)),
        ]
    )


def vendor_of(catalog: Catalog, written: str) -> str:
    """Return the vendor of a name, or refuse it; see `list_catalog`."""
    vendors = sorted({entry.vendor for entry in catalog.platforms.values()})
    for vendor in vendors:
        if vendor.casefold() == written.casefold():
            return vendor
    raise _unknown("no vendor of this name", written, vendors)


def evidence_of(written: str) -> Evidence:
    """Return the kind of evidence of a name, or refuse it; see `list_catalog`."""
    kinds: tuple[Evidence, ...] = get_args(Evidence)
    for kind in kinds:
        if kind == written:
            return kind
    raise _unknown("there is no such evidence", written, kinds)


def price_row(name: str, price: PriceEntry) -> tuple[str, ...]:
    """Return a price's cells under `PRICE_HEAD`."""
    offer = price.offer if price.term_quarters is None else f"{price.offer}, {price.term_quarters}q"
    return (
        *(name, price.platform, offer, price.seller),
        *(amount(price), price.unit, price.evidence, price.date),
    )


def _kinds(catalog: Catalog, platform: str) -> list[Evidence]:
    return [known.figure.evidence for known in figures_of(catalog, platform)]


def _platform(
    catalog: Catalog, name: str, entry: PlatformEntry, kind: Evidence | None
) -> tuple[str, ...]:
    kinds = _kinds(catalog, name)
    counted = by_evidence(kinds) if kind is None else f"{kinds.count(kind)} of {len(kinds)} {kind}"
    return (
        *(name, entry.vendor, entry.unit, entry.released.value if entry.released else ""),
        *_cells((entry.peak_pflops, entry.accelerator_kw)),
        *_cells((entry.memory_gb, entry.memory_bandwidth_tbps)),
        *(entry.peak_pflops.evidence, counted),
    )


def _cells(figures: Iterable[Figure | None]) -> list[str]:
    return ["" if figure is None else amount(figure) for figure in figures]


def _unknown(message: str, written: str, known: Iterable[str]) -> InputError:
    names = list(known)
    remedy = did_you_mean(written, names, "use one of these")
    problem = Problem("", message, allowed=listing(names), remedy=remedy, value=written)
    return InputError([problem])
