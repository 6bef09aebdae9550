"""What sites give and what a deployed accelerator takes: power, cooling, energy and hosting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.config.schema import Scenario
from planner.model.time import HOURS_PER_QUARTER, MONTHS_PER_QUARTER
from planner.model.units import KW_PER_MW
from planner.uncertainty.sampling import Draws

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Deployment:
    """What one deployed accelerator takes; the first axis is the sample.

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
    power = np.full((draws.n, len(scenario.sites), scenario.quarters), np.inf)
    for i, (name, site) in enumerate(scenario.sites.items()):
        limit = getattr(site, field)
        if limit != "unlimited":
            power[:, i] = KW_PER_MW * draws.path(f"sites.{name}.{field}", limit, scenario.quarters)
    return power


def deployment(scenario: Scenario, draws: Draws) -> Deployment:
    """Return what a deployed accelerator takes."""
    n, quarters = draws.n, scenario.quarters
    it_kw = np.empty((n, len(scenario.platforms)))
    idle = np.zeros_like(it_kw)
    for p, (name, platform) in enumerate(scenario.platforms.items()):
        path = f"platforms.{name}"
        it_kw[:, p] = draws.number(f"{path}.accelerator_kw", platform.accelerator_kw)
        if platform.idle_power_share is not None:
            idle[:, p] = draws.number(f"{path}.idle_power_share", platform.idle_power_share)
    meter_kw = np.empty((n, it_kw.shape[1], len(scenario.sites)))
    energy = np.empty((*meter_kw.shape, quarters))
    hosting = np.empty_like(energy)
    for i, (name, site) in enumerate(scenario.sites.items()):
        path = f"sites.{name}"
        meter_kw[:, :, i] = it_kw * draws.number(f"{path}.pue", site.pue)[:, None]
        per_kwh = draws.path(f"{path}.energy_usd_per_kwh", site.energy_usd_per_kwh, quarters)
        monthly = draws.path(
            f"{path}.hosting_usd_per_kw_month", site.hosting_usd_per_kw_month, quarters
        )
        energy[:, :, i] = meter_kw[:, :, i, None] * HOURS_PER_QUARTER * per_kwh[:, None]
        hosting[:, :, i] = it_kw[:, :, None] * MONTHS_PER_QUARTER * monthly[:, None]
    return Deployment(it_kw, meter_kw, idle, energy, hosting)
