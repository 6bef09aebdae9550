"""Which platform can do which work where, how well, and at what draw of power."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from drawn import HOURS, MONTHS, SECONDS_PER_HOUR, Array, Sample
from ledger import Flow, running

from planner.config.demands import Workload
from planner.config.platforms import Platform


@dataclass(frozen=True)
class Curve:
    """The straight pieces of one scaled workload: their widths over all jobs, and slopes."""

    widths: list[float]
    slopes: list[float]


@dataclass(frozen=True)
class Want:
    """What a workload wants: `demand` has a campaign's whole amount in its last quarter."""

    demand: Array
    window: range
    is_campaign: bool


def pairs(sample: Sample) -> set[tuple[str, str]]:
    """Return where each platform may stand and has a way to come to."""
    scenario = sample.scenario
    offered = {(item.platform, site) for item in scenario.offers.values() for site in item.sites}
    held = {(item.platform, item.site) for item in scenario.existing.values()}
    return {(p, i) for p, i in offered | held if lets_in(sample, p, i)}


def lets_in(sample: Sample, platform: str, site: str) -> bool:
    """Return whether the platform's regions let in the site's."""
    terms, region = sample.scenario.platforms[platform], sample.scenario.sites[site].region
    if region is None:
        return terms.allowed_regions is None
    allowed = terms.allowed_regions is None or region in terms.allowed_regions
    return allowed and region not in terms.denied_regions


def triples(sample: Sample) -> list[tuple[str, str, str]]:
    """Return what may work on what, and where: platform, site, workload."""
    return list(_triples(sample))


def _triples(sample: Sample) -> Iterator[tuple[str, str, str]]:
    scenario = sample.scenario
    for p, i in sorted(pairs(sample)):
        platform = scenario.platforms[p]
        for w in platform.workloads():
            work = scenario.workloads[w]
            platforms = work.allowed_platforms is None or p in work.allowed_platforms
            sites = work.allowed_sites is None or i in work.allowed_sites
            denied = p in work.denied_platforms or i in work.denied_sites
            if platforms and sites and not denied and _fits(sample, p, platform, work):
                yield p, i, w


def _fits(sample: Sample, name: str, platform: Platform, work: Workload) -> bool:
    if work.memory_gb is None:
        return True
    if platform.memory_gb is None:
        return False
    one = sample.number(f"platforms.{name}.memory_gb", platform.memory_gb)
    return one * platform.accelerators_per_domain >= work.memory_gb


def yields(sample: Sample) -> dict[tuple[str, str], float]:
    """Return what one accelerator at work gives, by platform and workload."""
    return {
        (name, w): _yield(sample, name, platform, w)
        for name, platform in sample.scenario.platforms.items()
        for w in platform.workloads()
    }


def _yield(sample: Sample, name: str, platform: Platform, w: str) -> float:
    at = f"platforms.{name}"
    here = sample.number(f"{at}.availability", platform.availability)
    if w in platform.yield_per_accelerator:
        given = platform.yield_per_accelerator[w]
        return here * sample.number(f"{at}.yield_per_accelerator.{w}", given)
    if w in platform.bandwidth_utilisation:
        work = sample.scenario.workloads[w]
        used = platform.bandwidth_utilisation[w]
        here *= sample.number(f"{at}.bandwidth_utilisation.{w}", used)
        bandwidth = sample.number(f"{at}.memory_bandwidth_tbps", platform.memory_bandwidth_tbps)
        at = f"workloads.{w}.memory_traffic_gb_per_unit"
        return 1000 * bandwidth * here / sample.number(at, work.memory_traffic_gb_per_unit)
    here *= sample.number(f"{at}.utilisation.{w}", platform.utilisation[w])
    here *= sample.number(f"{at}.realised_share", platform.realised_share)
    return here * sample.number(f"{at}.peak_pflops", platform.peak_pflops)


def want(sample: Sample, name: str) -> Want:
    """Return what a workload wants."""
    work, quarters = sample.scenario.workloads[name], sample.quarters
    if work.campaign is None:
        demand = sample.by_quarter(f"workloads.{name}.demand", work.demand)
        return Want(demand, range(quarters), False)
    campaign, at = work.campaign, f"workloads.{name}.campaign"
    if campaign.total_flop is not None:
        flop = sample.number(f"{at}.total_flop", campaign.total_flop)
        amount = flop / (1e15 * SECONDS_PER_HOUR * HOURS)
    else:
        amount = sample.number(f"{at}.total_unit_hours", campaign.total_unit_hours) / HOURS
    last = sample.position(campaign.until_quarter)
    demand = np.zeros(quarters)
    demand[last] = amount
    return Want(demand, range(sample.position(campaign.from_quarter), last + 1), True)


def curve(sample: Sample, name: str) -> Curve | None:
    """Return the pieces of a scaled workload, or None for one that scales freely."""
    scaling = sample.scenario.workloads[name].scaling
    if scaling is None:
        return None
    exponent = sample.number(f"workloads.{name}.scaling.exponent", scaling.exponent)
    reference, largest = scaling.reference_accelerators, scaling.largest_accelerators
    steps = [(largest / reference) ** (k / scaling.segments) for k in range(scaling.segments + 1)]
    sizes = [0.0, *(reference * step for step in steps)]
    outputs = [0.0, *(reference * step**exponent for step in steps)]
    widths, gains = np.diff(sizes), np.diff(outputs)
    return Curve(list(scaling.jobs * widths), list(gains / widths))


@dataclass(frozen=True)
class Draw:
    """What one accelerator draws at a site, and what a quarter of it costs."""

    it_kw: float
    meter_kw: float
    idle_share: float | None
    energy: Array
    hosting: Array

    def standing(self, t: int) -> Flow:
        """Return what one costs that stands powered in a quarter."""
        usd = self.hosting[t] + (self.idle_share or 0.0) * self.energy[t]
        return running([(t, usd)], len(self.energy))

    def working(self, t: int) -> Flow:
        """Return what work costs in a quarter, beyond standing where that is paid apart."""
        if self.idle_share is None:
            return running([(t, self.hosting[t] + self.energy[t])], len(self.energy))
        return running([(t, (1 - self.idle_share) * self.energy[t])], len(self.energy))


def draw(sample: Sample, p: str, i: str) -> Draw:
    """Return what one accelerator of a platform draws at a site."""
    platform, site = sample.scenario.platforms[p], sample.scenario.sites[i]
    it_kw = sample.number(f"platforms.{p}.accelerator_kw", platform.accelerator_kw)
    meter_kw = it_kw * sample.number(f"sites.{i}.pue", site.pue)
    idle = None
    if platform.idle_power_share is not None:
        idle = sample.number(f"platforms.{p}.idle_power_share", platform.idle_power_share)
    price = sample.by_quarter(f"sites.{i}.energy_usd_per_kwh", site.energy_usd_per_kwh)
    monthly = sample.by_quarter(
        f"sites.{i}.hosting_usd_per_kw_month", site.hosting_usd_per_kw_month
    )
    return Draw(it_kw, meter_kw, idle, meter_kw * HOURS * price, it_kw * MONTHS * monthly)
