"""Which platform may stand where and run what: regions, allow and deny lists, memory."""

from __future__ import annotations

from collections.abc import Callable

from planner.config.demands import Workload
from planner.config.places import Site
from planner.config.platforms import Platform, closing_rule
from planner.config.quantities import support_of
from planner.config.schema import Scenario

MayStand = Callable[[int, int], bool]


def platform_may_stand(scenario: Scenario) -> MayStand:
    """Return the test of whether the rules of export let a platform stand at a site."""
    platforms, sites = tuple(scenario.platforms.values()), tuple(scenario.sites.values())
    return lambda p, i: region_allows(platforms[p], sites[i])


def region_allows(platform: Platform, site: Site) -> bool:
    """Return whether a site's region is open to a platform.

    A site without a region is open unless the platform names the only regions that are.
    """
    closed = closing_rule(site.region, platform.allowed_regions, platform.denied_regions)
    return closed is None


def workload_allows(workload: Workload, platform: str, site: str) -> bool:
    """Return whether a workload's own lists let in a platform and a site."""
    for name, only, never in (
        (platform, workload.allowed_platforms, workload.denied_platforms),
        (site, workload.allowed_sites, workload.denied_sites),
    ):
        if (only is not None and name not in only) or name in never:
            return False
    return True


def memory_fits(workload: Workload, platform: Platform) -> bool:
    """Return whether one replica fits the memory of a scale-up domain."""
    if workload.memory_gb is None:
        return True
    if platform.memory_gb is None:
        return False
    own = support_of(platform.memory_gb)[0] * platform.accelerators_per_domain
    return own >= workload.memory_gb


def triples(scenario: Scenario) -> frozenset[tuple[int, int, int]]:
    """Return every (platform, workload, site) at which the workload can run."""
    workloads = tuple(scenario.workloads)
    return frozenset(
        (p, workloads.index(name), i)
        for p, (platform_name, platform) in enumerate(scenario.platforms.items())
        for i, (site_name, site) in enumerate(scenario.sites.items())
        if region_allows(platform, site)
        for name in platform.workloads()
        if workload_allows(scenario.workloads[name], platform_name, site_name)
        and memory_fits(scenario.workloads[name], platform)
    )
