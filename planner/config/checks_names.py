"""Names: that what one part of a scenario names is defined in another, once and unmistakably."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from planner.config.document import Location
from planner.config.platforms import YIELD_TABLES
from planner.config.raw import Raw, mapping, texts
from planner.config.schema import NAMED_SECTIONS
from planner.config.wording import did_you_mean, listing, show
from planner.errors import Problem

_SINGLE = (
    ("offers", "platform", "platforms"),
    ("existing", "platform", "platforms"),
    ("existing", "site", "sites"),
    ("power", "site", "sites"),
)
_LISTS = (
    ("offers", "sites", "sites"),
    ("workloads", "allowed_platforms", "platforms"),
    ("workloads", "denied_platforms", "platforms"),
    ("workloads", "allowed_sites", "sites"),
    ("workloads", "denied_sites", "sites"),
)
_TABLES = (
    *(("platforms", table, "workloads") for table in (*YIELD_TABLES, "porting")),
    ("pools", "use_per_accelerator", "platforms"),
)
"""Section, its key that names something, and the section that this must stand in."""


def _references(raw: Raw) -> Iterator[Problem]:
    """Names that one section uses and another does not define."""
    for section, key, target in _SINGLE:
        for name, body in raw.entries(section).items():
            yield from _unknown(raw, (section, name, key), body.get(key), target)
    for section, key, target in _LISTS:
        for name, body in raw.entries(section).items():
            yield from _listed(raw, (section, name, key), body.get(key), target)
    for section, key, target in _TABLES:
        for name, body in raw.entries(section).items():
            for used in mapping(body.get(key)):
                yield from _unknown(raw, (section, name, key, used), used, target)
    for name, fall in mapping(raw.section("bargaining").get("price_falls")).items():
        here = ("bargaining", "price_falls", name, "others")
        yield from _listed(raw, here, mapping(fall).get("others"), "platforms")


def _listed(raw: Raw, location: Location, names: Any, section: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, name in enumerate(names if isinstance(names, list) else ()):
        at = (*location, position)
        yield from _unknown(raw, at, name, section)
        if not isinstance(name, str):
            continue
        if name in seen:
            message, remedy = f"this {section[:-1]} is listed twice", "remove one of the two"
            yield raw.document.problem(at, message, remedy=remedy, value=show(name))
        seen.add(name)


def _unknown(raw: Raw, location: Location, name: Any, section: str) -> Iterator[Problem]:
    known = raw.section(section)
    # An empty section is a problem of its own; nothing can be right before it is filled.
    if isinstance(name, str) and known and name not in known:
        yield raw.document.problem(
            location,
            f"there is no such entry under `{section}`",
            allowed=listing(known),
            remedy=did_you_mean(
                name, list(known), f"add it under `{section}`, or use one of these"
            ),
            value=show(name),
        )


def _programmes(raw: Raw) -> Iterator[Problem]:
    """Allocation cuts for what is no programme."""
    offers = raw.section("offers")
    programmes = [name for name, body in raw.entries("offers").items() if _is_programme(body)]
    for name, cut in mapping(raw.section("bargaining").get("allocation_cuts")).items():
        minded = mapping(cut).get("programme")
        if not isinstance(minded, str) or not offers or minded in programmes:
            continue
        known = minded in offers
        yield raw.document.problem(
            ("bargaining", "allocation_cuts", name, "programme"),
            "this offer is no programme" if known else "there is no such programme under `offers`",
            allowed=listing(programmes) or "an offer with `mode: programme`; there is none",
            remedy=did_you_mean(minded, programmes, "name a programme, or remove the cut"),
            value=show(minded),
        )


def _is_programme(offer: Mapping[str, Any]) -> bool:
    return offer.get("mode") == "programme"


def _regions(raw: Raw) -> Iterator[Problem]:
    """Rules about regions that no site is in: more likely mistyped than meant."""
    sites = raw.entries("sites").values()
    known = dict.fromkeys(r for site in sites if isinstance(r := site.get("region"), str))
    for name, platform in raw.entries("platforms").items():
        for key in ("allowed_regions", "denied_regions"):
            listed = platform.get(key)
            for position, region in enumerate(listed if isinstance(listed, list) else ()):
                if isinstance(region, str) and region not in known:
                    yield raw.document.problem(
                        ("platforms", name, key, position),
                        "no site is in this region, so the rule holds for nothing",
                        allowed=listing(known) or "the `region` of a site; none has one",
                        remedy=did_you_mean(
                            region, list(known), "remove it, or give a site the region"
                        ),
                        value=show(region),
                    )


def _twins(raw: Raw) -> Iterator[Problem]:
    """Names that differ in nothing but capital letters."""
    bargaining = raw.section("bargaining")
    sections: list[tuple[Location, Iterable[str]]] = [
        *(((section,), raw.section(section)) for section in NAMED_SECTIONS),
        *((("bargaining", key), mapping(bargaining.get(key))) for key in sorted(bargaining)),
    ]
    for location, names in sections:
        for first, second in same_but_for_case(names):
            yield raw.document.problem(
                (*location, second),
                f"this name and `{first}` differ only in capital letters",
                remedy="choose names that a reader can tell apart",
            )
    regions = {name: site.get("region") for name, site in raw.entries("sites").items()}
    for first, second in same_but_for_case(texts(list(regions.values()))):
        for name in (name for name, region in regions.items() if region == second):
            yield raw.document.problem(
                ("sites", name, "region"),
                f"this region is also written `{first}`; rules would tell them apart",
                remedy="write it in one way",
                value=show(second),
            )


def same_but_for_case(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the names that differ from an earlier one in nothing but capital letters."""
    first: dict[str, str] = {}
    for name in dict.fromkeys(names):
        other = first.setdefault(name.casefold(), name)
        if other != name:
            yield other, name


NAME_CHECKS = (_references, _programmes, _regions, _twins)
