"""Vendors: limits on their shares and how they bargain."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from planner.config.checks_names import same_but_for_case
from planner.config.document import Location
from planner.config.raw import Raw, extremes, mapping
from planner.config.wording import did_you_mean, listing, show
from planner.errors import Problem


def _named_vendors(raw: Raw) -> Iterator[tuple[Location, Any]]:
    """Yield every place that names a vendor of whom there must be platforms."""
    for key in ("largest_vendor_share", "smallest_vendor_share"):
        for vendor in mapping(raw.section("limits").get(key)):
            yield ("limits", key, vendor), vendor
    for key in ("price_falls", "allocation_cuts"):
        for name, body in mapping(raw.section("bargaining").get(key)).items():
            yield ("bargaining", key, name, "vendor"), mapping(body).get("vendor")


def _unknown_vendors(raw: Raw) -> Iterator[Problem]:
    """Vendors that sell nothing here."""
    if not raw.vendors or len(raw.vendors) < len(raw.entries("platforms")):
        return
    known = sorted(set(raw.vendors.values()))
    for location, vendor in _named_vendors(raw):
        if isinstance(vendor, str) and vendor not in known:
            yield raw.document.problem(
                location,
                "no platform here is of this vendor",
                allowed=listing(known),
                remedy=did_you_mean(vendor, known, "remove it, or use one of these"),
                value=show(vendor),
            )


def _spellings(raw: Raw) -> Iterator[Problem]:
    """One vendor in two spellings."""
    for first, second in same_but_for_case(sorted(set(raw.vendors.values()))):
        for name, vendor in raw.vendors.items():
            if vendor == second:
                yield raw.document.problem(
                    ("platforms", name, "vendor"),
                    f"this vendor is also written `{first}`; shares would count them apart",
                    remedy="write it in one way",
                    value=show(second),
                )


def _own_rivals(raw: Raw) -> Iterator[Problem]:
    """Price falls in which a vendor would give way to itself."""
    for name, fall in mapping(raw.section("bargaining").get("price_falls")).items():
        vendor = mapping(fall).get("vendor")
        others = mapping(fall).get("others")
        for position, platform in enumerate(others if isinstance(others, list) else ()):
            known = isinstance(platform, str) and platform in raw.vendors
            if known and raw.vendors[platform] == vendor:
                rivals = [other for other, whose in raw.vendors.items() if whose != vendor]
                yield raw.document.problem(
                    ("bargaining", "price_falls", name, "others", position),
                    f"this platform is of {vendor}, whose own price would fall for it",
                    allowed=listing(rivals) or "a platform of another vendor; there is none",
                    remedy="name platforms of other vendors",
                    value=show(platform),
                )


def _conflicts(raw: Raw) -> Iterator[Problem]:
    """Shares that cannot hold together, whatever is drawn."""
    least, most = _shares(raw, "smallest_vendor_share"), _shares(raw, "largest_vendor_share")
    for vendor, (low, _) in least.items():
        high = most.get(vendor, (0.0, 1.0))[1]
        if low > high:
            smallest: Location = ("limits", "smallest_vendor_share", vendor)
            largest: Location = ("limits", "largest_vendor_share", vendor)
            yield _conflict(
                raw,
                smallest,
                f"{raw.named(smallest)} is at least {low:g} and {raw.named(largest)} at most "
                f"{high:g}",
            )
    # The largest first, so that as few as possible are named.
    together: list[str] = []
    for vendor in sorted(least, key=lambda vendor: -least[vendor][0]):
        together.append(vendor)
        total = math.fsum(least[vendor][0] for vendor in together)
        if total > 1 + 1e-9:
            locations: list[Location] = [("limits", "smallest_vendor_share", v) for v in together]
            named = " and ".join(raw.named(location) for location in locations)
            yield _conflict(raw, locations[0], f"{named} sum to at least {total:g}, above 1")
            return


def _shares(raw: Raw, key: str) -> dict[str, tuple[float, float]]:
    """Return the smallest and largest share that can be drawn, of the vendors with a good one."""
    found = {v: extremes(share) for v, share in mapping(raw.section("limits").get(key)).items()}
    return {vendor: span for vendor, span in found.items() if span is not None and span[1] <= 1}


def _conflict(raw: Raw, location: Location, said: str) -> Problem:
    return raw.document.problem(
        location,
        f"these limits cannot hold together: {said}",
        allowed="shares that some plan can keep",
        remedy="lower a smallest share, or raise the largest",
    )


def _bargained_away(raw: Raw) -> Iterator[Problem]:
    """Discounts or cuts of one vendor that could sum to more than all of it."""
    for section, key, what in (
        ("price_falls", "discount_share", "discounts are more than the whole price"),
        ("allocation_cuts", "cut_share", "cuts are more than the whole supply"),
    ):
        entries = mapping(raw.section("bargaining").get(section))
        by_vendor: dict[str, list[tuple[Location, float]]] = {}
        for name, body in entries.items():
            vendor, span = mapping(body).get("vendor"), extremes(mapping(body).get(key))
            if isinstance(vendor, str) and span is not None and span[1] <= 1:
                here: Location = ("bargaining", section, name, key)
                by_vendor.setdefault(vendor, []).append((here, span[1]))
        for vendor, parts in by_vendor.items():
            total = math.fsum(most for _, most in parts)
            if total > 1 + 1e-9:
                named = " and ".join(raw.named(location) for location, _ in parts)
                yield raw.document.problem(
                    parts[0][0],
                    f"together the {vendor} {what}: {named} sum to up to {total:g}",
                    allowed="shares of one vendor that sum to at most 1",
                    remedy="lower some of them",
                )


VENDOR_CHECKS = (_unknown_vendors, _spellings, _own_rivals, _conflicts, _bargained_away)
