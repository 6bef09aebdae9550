"""The catalogue as text for a terminal."""

from __future__ import annotations

import textwrap

from planner.catalog.entries import Figure, PlatformEntry, PriceEntry
from planner.catalog.loading import Catalog, load_catalog
from planner.config.wording import aligned, did_you_mean
from planner.errors import InputError, Problem

_UNITS = {
    "peak_pflops": "PFLOP/s, dense BF16",
    "accelerator_kw": "kW, all-in, before PUE",
    "memory_gb": "GB",
    "memory_bandwidth_tbps": "TB/s",
    "tdp_kw": "kW",
    "usd": "USD",
    "usd_per_hour": "USD per hour",
}


def list_catalog() -> str:
    """Return every platform and price, a line each."""
    catalog = load_catalog()
    platforms = [
        (name, entry.vendor, entry.unit, f"{entry.peak_pflops.value:g}",
         f"{entry.accelerator_kw.value:g}", entry.peak_pflops.kind)
        for name, entry in catalog.platforms.items()
    ]  # fmt: skip
    prices = [
        (name, entry.platform, entry.offer, f"{entry.value:,g}", _UNITS[entry.unit], entry.kind)
        for name, entry in catalog.prices.items()
    ]
    return "\n".join(
        [
            *aligned(("platform", "vendor", "unit", "PFLOP/s", "kW", "evidence"), platforms),
            "",
            *aligned(("price", "platform", "offer", "value", "unit", "evidence"), prices),
        ]
    )


def show_entry(name: str) -> str:
    """Return every figure of a platform or price, with its source.

    Raises
    ------
    InputError
        If the catalogue has no such name.
    """
    catalog = load_catalog()
    if name in catalog.platforms:
        return "\n".join(_platform(catalog, name, catalog.platforms[name]))
    if name in catalog.prices:
        return "\n".join(_price(name, catalog.prices[name]))
    names = [*catalog.platforms, *catalog.prices]
    remedy = did_you_mean(name, names, "'planner catalog list' shows all names")
    raise InputError([Problem("", "no platform or price of this name", remedy=remedy, value=name)])


def _platform(catalog: Catalog, name: str, entry: PlatformEntry) -> list[str]:
    lines = [f"{name}: a platform of {entry.vendor}; one accelerator is a {entry.unit}"]
    for field in PlatformEntry.model_fields:
        figure = getattr(entry, field)
        if isinstance(figure, Figure):
            lines += ["", *_figure(f"{field} ({_UNITS[field]})", figure)]
    offered = [key for key, price in catalog.prices.items() if price.platform == name]
    return [*lines, "", f"prices: {', '.join(offered) or 'none in the catalogue'}"]


def _price(name: str, entry: PriceEntry) -> list[str]:
    head = f"{name}: what {entry.platform} costs to {entry.offer}"
    return [head, "", *_figure(f"price ({_UNITS[entry.unit]})", entry)]


def _figure(label: str, figure: Figure) -> list[str]:
    span = ""
    if figure.low is not None or figure.high is not None:
        span = f", from {figure.low or figure.value:g} to {figure.high or figure.value:g}"
    source = textwrap.wrap(
        f"source    {figure.source}", 96, initial_indent="  ", subsequent_indent=" " * 12
    )
    return [
        f"{label}: {figure.value:g}{span}",
        f"  evidence  {figure.kind}, {figure.date}",
        *source,
    ]
