"""Platforms and sites: that every platform can come from somewhere and stand somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.config.document import Location
from planner.config.platforms import closing_rule
from planner.config.raw import Raw, texts
from planner.config.wording import listing, show
from planner.errors import Problem


def _holders(raw: Raw) -> Iterator[tuple[Location, str, list[str]]]:
    """Yield where sites are named, of which platform, and which."""
    for section, key in (("offers", "sites"), ("existing", "site")):
        for name, body in raw.entries(section).items():
            platform, found = body.get("platform"), body.get(key)
            known = raw.entries("sites")
            sites = texts(found if isinstance(found, list) else [found])
            if isinstance(platform, str):
                yield (section, name, key), platform, [site for site in sites if site in known]


def _closing(raw: Raw, platform: str, site: str) -> str | None:
    body = raw.entries("platforms").get(platform, {})
    region = raw.entries("sites")[site].get("region")
    allowed = body.get("allowed_regions")
    only = texts(allowed) if isinstance(allowed, list) else None
    return closing_rule(
        region if isinstance(region, str) else None, only, texts(body.get("denied_regions"))
    )


def standing(raw: Raw) -> dict[str, list[str]]:
    """Return the sites that each platform can stand at, by offers, existing entries and regions."""
    found: dict[str, dict[str, None]] = {}
    for _, platform, sites in _holders(raw):
        open_sites = (site for site in sites if _closing(raw, platform, site) is None)
        found.setdefault(platform, {}).update(dict.fromkeys(open_sites))
    return {platform: list(sites) for platform, sites in found.items()}


def _closed(raw: Raw) -> Iterator[Problem]:
    """Offers and existing entries with no site that rules of export leave open."""
    for location, platform, sites in _holders(raw):
        rules = {site: _closing(raw, platform, site) for site in sites}
        if not rules or not all(rules.values()):
            continue
        named: list[Location] = [
            ("platforms", platform, str(rule)) for rule in dict.fromkeys(rules.values())
        ]
        open_sites = [s for s in raw.entries("sites") if _closing(raw, platform, s) is None]
        yield raw.document.problem(
            location,
            f"{' and '.join(raw.named(rule) for rule in named)} does not let {platform} stand at "
            f"{listing(sites)}",
            allowed=listing(open_sites) or "a site in another region; there is none",
            remedy="name a site that the rule leaves open, or correct the rule or the region",
            value=show(sites if location[-1] == "sites" else sites[0]),
        )


def _undelivered(raw: Raw) -> Iterator[Problem]:
    """Platforms that nothing delivers."""
    entries = [*raw.entries("offers").values(), *raw.entries("existing").values()]
    sources = [body.get("platform") for body in entries]
    if not raw.entries("offers") or not all(isinstance(source, str) for source in sources):
        return
    for platform in raw.section("platforms"):
        if platform not in sources:
            yield raw.document.problem(
                ("platforms", platform),
                "no offer delivers this platform, and none exists",
                remedy="remove it, or add an offer of it",
            )


def _unlimited(raw: Raw) -> Iterator[Problem]:
    """Contracts for power at sites that have any amount."""
    sites = raw.entries("sites")
    limited = [name for name, site in sites.items() if site.get("power_mw") != "unlimited"]
    for name, contract in raw.entries("power").items():
        site: Any = contract.get("site")
        if isinstance(site, str) and site in sites and site not in limited:
            yield raw.document.problem(
                ("power", name, "site"),
                "this site has unlimited power already",
                allowed=listing(limited) or "a site of limited power; there is none",
                remedy="name a site of limited power, or remove the contract",
                value=show(site),
            )


FLEET_CHECKS = (_closed, _undelivered, _unlimited)
