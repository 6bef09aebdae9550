"""What sites give and what a deployed accelerator takes: power, cooling, energy and hosting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.config.schema import Scenario
from planner.model.blocks import assembled, times
from planner.model.time import HOURS_PER_QUARTER, MONTHS_PER_QUARTER
from planner.model.units import KW_PER_MW
from planner.uncertainty.sampling import Draws

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Deployment:
    """What one deployed accelerator takes; see `blocks` for the sample axis.

    Attributes
    ----------
    it_kw : ndarray, (sample, platform)
        Without the site's overhead.
    meter_kw : ndarray, (sample, platform, site)
        At work, overhead included.
    idle_share : ndarray, (sample, platform)
        Of its power that it draws without work; 0 where it is switched off then.
    energy_usd, hosting_usd : ndarray, (sample, platform, site, quarter)
        Undiscounted, for a quarter; the energy is that of one at work.
    """

    it_kw: Array
    meter_kw: Array
    idle_share: Array
    energy_usd: Array
    hosting_usd: Array


def site_kw(scenario: Scenario, draws: Draws) -> Array:
    """Return power at the meter, (sample, site, quarter); infinite where unlimited."""
    return _megawatts(scenario, draws, "power_mw")


def cooling_kw(scenario: Scenario, draws: Draws) -> Array:
    """Return liquid cooling, (sample, site, quarter); infinite where unlimited."""
    return _megawatts(scenario, draws, "liquid_cooling_mw")


def _megawatts(scenario: Scenario, draws: Draws, field: str) -> Array:
    quarters = scenario.quarters
    found = []
    for i, (name, site) in enumerate(scenario.sites.items()):
        limit = getattr(site, field)
        if limit != "unlimited":
            kw = KW_PER_MW * draws.path(f"sites.{name}.{field}", limit, quarters)
            found.append((i, kw))
    return assembled((len(scenario.sites), quarters), found, otherwise=np.inf)


def deployment(scenario: Scenario, draws: Draws) -> Deployment:
    """Return what a deployed accelerator takes."""
    quarters = scenario.quarters
    it, idle, meter, energy, hosting = [], [], [], [], []
    for p, (name, platform) in enumerate(scenario.platforms.items()):
        path = f"platforms.{name}"
        it.append((p, draws.number(f"{path}.accelerator_kw", platform.accelerator_kw)))
        if platform.idle_power_share is not None:
            share = draws.number(f"{path}.idle_power_share", platform.idle_power_share)
            idle.append((p, share))
    it_kw = assembled((len(scenario.platforms),), it)
    for i, (name, site) in enumerate(scenario.sites.items()):
        path, here = f"sites.{name}", (slice(None), i)
        per_kwh = draws.path(f"{path}.energy_usd_per_kwh", site.energy_usd_per_kwh, quarters)
        monthly = draws.path(
            f"{path}.hosting_usd_per_kw_month", site.hosting_usd_per_kw_month, quarters
        )
        meter_kw = it_kw * draws.number(f"{path}.pue", site.pue)[:, None]
        meter.append((here, meter_kw))
        energy.append((here, _each(meter_kw * HOURS_PER_QUARTER, per_kwh)))
        hosting.append((here, _each(it_kw * MONTHS_PER_QUARTER, monthly)))
    placed = (len(scenario.platforms), len(scenario.sites))
    return Deployment(
        it_kw=it_kw,
        meter_kw=assembled(placed, meter),
        idle_share=assembled((len(scenario.platforms),), idle),
        energy_usd=assembled((*placed, quarters), energy),
        hosting_usd=assembled((*placed, quarters), hosting),
    )


def _each(amount: Array, price: Array) -> Array:
    """Return what each platform pays for its amount by quarter, (sample, platform, quarter)."""
    return times(amount[:, :, None], price[:, None])
