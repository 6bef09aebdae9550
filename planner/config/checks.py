"""What must agree between the parts of a scenario.

The checks work on the raw data, so that they are reported together with the errors of the schema:
each looks only at parts that have the shape it needs and leaves the others to the schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from pydantic import TypeAdapter, ValidationError

from planner.config.base import Strict
from planner.config.describing import field_slot
from planner.config.document import Document, Location
from planner.config.quantities import NonNegativePath, support_of
from planner.config.schema import NAMED_SECTIONS, OFFER_MODELS, Site, Workload, quarters_from
from planner.config.wording import did_you_mean, listing, show
from planner.errors import Problem

_SECTION_MODELS: dict[str, tuple[type[Strict], ...]] = {
    "sites": (Site,),
    "workloads": (Workload,),
    "offers": tuple(OFFER_MODELS.values()),
}
PATH_KEYS: dict[str, frozenset[str]] = {
    section: frozenset(
        key
        for model in models
        for key in model.model_fields
        if "kind:by_quarter" in field_slot(model, key).tags
    )
    for section, models in _SECTION_MODELS.items()
}
"""By section, the keys that take one number for each quarter."""

_SUPPLY: TypeAdapter[Any] = TypeAdapter(NonNegativePath)
_SHOWN_QUARTERS = 6
MOST_OF_A_KIND = 100


def cross_checks(document: Document) -> list[Problem]:
    """Return what does not agree in a document, whatever else is wrong with it."""
    data = document.data
    if not isinstance(data, dict):
        return []
    checks = (_references, _loose_ends, _lengths, _no_supply, _vendor_limits, _twins)
    problems: list[Problem] = []
    for check in checks:
        found = list(islice(check(document, data), MOST_OF_A_KIND + 1))
        problems.extend(found[:MOST_OF_A_KIND])
        if len(found) > MOST_OF_A_KIND:
            remedy = "correct those that are shown first"
            message = f"there are more problems like that of {found[0].path}; they are not shown"
            problems.append(document.problem((), message, remedy=remedy))
    return problems


def _entries(data: Mapping[str, Any], section: str) -> dict[str, dict[str, Any]]:
    """Return the entries of a section that are mappings."""
    return {name: body for name, body in _all(data, section).items() if isinstance(body, dict)}


def _all(data: Mapping[str, Any], section: str) -> dict[str, Any]:
    """Return all entries of a section, also those that are broken."""
    entries = data.get(section)
    return entries if isinstance(entries, dict) else {}


def _references(document: Document, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Names that offers and platforms use and no section defines."""
    platforms, sites = _all(data, "platforms"), _all(data, "sites")
    for name, offer in _entries(data, "offers").items():
        here: Location = ("offers", name)
        yield from _unknown(
            document, (*here, "platform"), offer.get("platform"), platforms, "platforms"
        )
        listed = offer.get("sites")
        seen: set[str] = set()
        for position, site in enumerate(listed if isinstance(listed, list) else ()):
            at = (*here, "sites", position)
            yield from _unknown(document, at, site, sites, "sites")
            if not isinstance(site, str):
                continue
            if site in seen:
                message, remedy = "this site is listed twice", "remove one of the two"
                yield document.problem(at, message, remedy=remedy, value=show(site))
            seen.add(site)
    workloads = _all(data, "workloads")
    for name, platform in _entries(data, "platforms").items():
        utilisation = platform.get("utilisation")
        for workload in utilisation if isinstance(utilisation, dict) else ():
            at = ("platforms", name, "utilisation", workload)
            yield from _unknown(document, at, workload, workloads, "workloads")


def _unknown(
    document: Document, location: Location, name: Any, known: Mapping[str, Any], section: str
) -> Iterator[Problem]:
    # An empty section is a problem of its own; nothing can be right before it is filled.
    if isinstance(name, str) and known and name not in known:
        yield document.problem(
            location,
            f"there is no such entry under `{section}`",
            allowed=listing(known),
            remedy=did_you_mean(
                name, list(known), f"add it under `{section}`, or use one of these"
            ),
            value=show(name),
        )


def _loose_ends(document: Document, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Workloads that nothing can serve and platforms that nothing delivers."""
    platforms = _entries(data, "platforms")
    tables = [body.get("utilisation") for body in platforms.values()]
    if platforms and all(isinstance(table, dict) for table in tables):
        served = {workload for table in tables if isinstance(table, dict) for workload in table}
        for workload in _all(data, "workloads"):
            if workload not in served:
                yield document.problem(
                    ("workloads", workload),
                    "no platform can serve this workload: none has a utilisation for it",
                    remedy=f"add `{workload}: ...` under `utilisation` of a platform",
                )
    offers = [body.get("platform") for body in _entries(data, "offers").values()]
    if offers and all(isinstance(platform, str) for platform in offers):
        delivered = set(offers)
        for platform in _all(data, "platforms"):
            if platform not in delivered:
                yield document.problem(
                    ("platforms", platform),
                    "no offer delivers this platform",
                    remedy="remove it, or add an offer of it",
                )


def _lengths(document: Document, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Lists over the quarters with too few or too many values."""
    count = data.get("quarters")
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 20:
        return
    start = data.get("start")
    try:
        quarters = quarters_from(start, count + 1) if isinstance(start, str) else None
    except ValueError:
        quarters = None
    for section, keys in PATH_KEYS.items():
        for name, body in _entries(data, section).items():
            for key in sorted(keys & body.keys()):
                at: Location = (section, name, key)
                value = body[key]
                if isinstance(value, dict) and "by_quarter" in value:
                    at, value = (*at, "by_quarter"), value["by_quarter"]
                if isinstance(value, list) and value and len(value) != count:
                    yield _wrong_length(document, at, value, count, quarters)


def _wrong_length(
    document: Document,
    location: Location,
    values: list[Any],
    count: int,
    quarters: tuple[str, ...] | None,
) -> Problem:
    given = len(values)
    message = f"{given} value{'' if given == 1 else 's'} for {count} quarters"
    if quarters is not None and given < count:
        missing = quarters[given:count]
        verb = "has" if len(missing) == 1 else "have"
        message += f": {_named(missing)} {verb} no value"
    elif quarters is not None:
        message += f": the plan ends with {quarters[count - 1]}, the list does not"
    remedy = "add the missing values" if given < count else "remove the last ones"
    return document.problem(
        location,
        message,
        allowed=f"a list of {count} numbers, one for each of `quarters`",
        remedy=f"{remedy}, or change `quarters`",
        value=show(values),
    )


def _named(quarters: Sequence[str]) -> str:
    if len(quarters) > _SHOWN_QUARTERS:
        return f"{quarters[0]} to {quarters[-1]}"
    *most, last = quarters
    return f"{', '.join(most)} and {last}" if most else last


def _no_supply(document: Document, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Offers that can never deliver anything."""
    for name, offer in _entries(data, "offers").items():
        supply = offer.get("supply_accelerators")
        try:
            most = support_of(_SUPPLY.validate_python(supply))[1]
        except ValidationError:
            continue
        if most == 0:
            yield document.problem(
                ("offers", name, "supply_accelerators"),
                "this offer has no supply in any quarter",
                allowed="a number above 0 in at least one quarter",
                remedy="remove the offer, or say what it can deliver",
                value=show(supply),
            )


def _vendor_limits(document: Document, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Limits on vendors that sell nothing here, and one vendor in two spellings."""
    vendors = [platform.get("vendor") for platform in _entries(data, "platforms").values()]
    if not vendors or not all(isinstance(vendor, str) for vendor in vendors):
        return
    known = sorted(set(map(str, vendors)))
    limits = data.get("limits")
    shares = limits.get("largest_vendor_share") if isinstance(limits, dict) else None
    for vendor in shares if isinstance(shares, dict) else ():
        if vendor not in known:
            yield document.problem(
                ("limits", "largest_vendor_share", vendor),
                "no platform here is of this vendor",
                allowed=listing(known),
                remedy=did_you_mean(vendor, known, "remove it, or use one of these"),
                value=show(vendor),
            )
    for first, second in _same_but_for_case(known):
        for name, platform in _entries(data, "platforms").items():
            if platform.get("vendor") == second:
                yield document.problem(
                    ("platforms", name, "vendor"),
                    f"this vendor is also written `{first}`; shares would count them apart",
                    remedy="write it in one way",
                    value=show(second),
                )


def _twins(document: Document, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Names that differ in nothing but capital letters."""
    for section in NAMED_SECTIONS:
        for first, second in _same_but_for_case(_all(data, section)):
            yield document.problem(
                (section, second),
                f"this name and `{first}` differ only in capital letters",
                remedy="choose names that a reader can tell apart",
            )


def _same_but_for_case(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(name.casefold(), name)
        if other != name:
            yield other, name
