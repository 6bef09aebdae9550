"""The index sets of a scenario: what there is, in the order in which the config names it."""

from __future__ import annotations

from dataclasses import dataclass

from planner.config.schema import Buy, Reserve, Scenario


@dataclass(frozen=True)
class OfferIndex:
    """An offer with its names resolved to positions.

    ``service_quarters`` is how long one accelerator serves from the quarter in which it starts:
    its life, its term, or one quarter of rent. ``lead_quarters`` is 0 for rent.
    """

    name: str
    mode: str
    platform: int
    sites: tuple[int, ...]
    lead_quarters: int
    service_quarters: int


@dataclass(frozen=True)
class Sets:
    """Names by position; `eligible` says which workloads a platform can run."""

    quarters: tuple[str, ...]
    sites: tuple[str, ...]
    workloads: tuple[str, ...]
    platforms: tuple[str, ...]
    vendors: tuple[str, ...]
    vendor_of: tuple[int, ...]
    offers: tuple[OfferIndex, ...]
    eligible: frozenset[tuple[int, int]]
    limited_sites: tuple[int, ...]
    limited_vendors: tuple[int, ...]

    def platform_sites(self) -> tuple[tuple[int, int], ...]:
        """Return the (platform, site) pairs at which some offer can place the platform."""
        pairs = {(offer.platform, site) for offer in self.offers for site in offer.sites}
        return tuple(sorted(pairs))


def build_sets(scenario: Scenario) -> Sets:
    """Return the index sets of a validated scenario."""
    sites, workloads = tuple(scenario.sites), tuple(scenario.workloads)
    platforms = tuple(scenario.platforms)
    vendors = tuple(dict.fromkeys(item.vendor for item in scenario.platforms.values()))
    offers = tuple(
        OfferIndex(
            name,
            offer.mode,
            platforms.index(offer.platform),
            tuple(sites.index(site) for site in offer.sites),
            offer.lead_time_quarters if isinstance(offer, Buy | Reserve) else 0,
            _service_quarters(offer),
        )
        for name, offer in scenario.offers.items()
    )
    return Sets(
        quarters=scenario.quarter_names(),
        sites=sites,
        workloads=workloads,
        platforms=platforms,
        vendors=vendors,
        vendor_of=tuple(vendors.index(item.vendor) for item in scenario.platforms.values()),
        offers=offers,
        eligible=frozenset(
            (platforms.index(name), workloads.index(workload))
            for name, item in scenario.platforms.items()
            for workload in item.utilisation
        ),
        limited_sites=tuple(
            sites.index(name)
            for name, site in scenario.sites.items()
            if site.power_mw != "unlimited"
        ),
        limited_vendors=tuple(vendors.index(v) for v in scenario.limits.largest_vendor_share),
    )


def _service_quarters(offer: object) -> int:
    if isinstance(offer, Buy):
        return offer.life_quarters
    return offer.term_quarters if isinstance(offer, Reserve) else 1
