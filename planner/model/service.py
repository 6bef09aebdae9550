"""What workloads want and what an accelerator yields: demand, yields, scaling, shortfall."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planner.config.demands import Scaling
from planner.config.platforms import Platform
from planner.model.blocks import assembled
from planner.model.sets import Sets
from planner.model.time import HOURS_PER_QUARTER, SECONDS_PER_HOUR
from planner.uncertainty.sampling import Draws

Array = NDArray[np.float64]

FLOP_PER_PFLOP = 1e15
_GB_PER_TB = 1000.0


def demand(sets: Sets, draws: Draws) -> Array:
    """Return the demand, (sample, workload, quarter); a campaign's in unit-quarters at its end.

    Also where it is known there is one for every sample: this array tells how many there are.
    """
    quarters = len(sets.quarters)
    wanted = np.zeros((draws.n, len(sets.workloads), quarters), order="F")
    for w, (name, item) in enumerate(sets.scenario.workloads.items()):
        path = f"workloads.{name}"
        if item.demand is not None:
            wanted[:, w] = draws.path(f"{path}.demand", item.demand, quarters)
        campaign = item.campaign
        if campaign is None:
            continue
        hours = np.zeros(1)
        if campaign.total_unit_hours is not None:
            hours = draws.number(f"{path}.campaign.total_unit_hours", campaign.total_unit_hours)
        elif campaign.total_flop is not None:
            flop = draws.number(f"{path}.campaign.total_flop", campaign.total_flop)
            hours = flop / (FLOP_PER_PFLOP * SECONDS_PER_HOUR)
        wanted[:, w, sets.windows[w].last] = hours / HOURS_PER_QUARTER
    return wanted


def yields(sets: Sets, draws: Draws) -> Array:
    """Return the units of a workload that one accelerator serves, (sample, platform, workload)."""
    found = {}
    for p, (name, item) in enumerate(sets.scenario.platforms.items()):
        available = draws.number(f"platforms.{name}.availability", item.availability)
        for workload, working in _working_yields(sets, name, item, draws).items():
            found[p, sets.workloads.index(workload)] = working * available
    return assembled((len(sets.platforms), len(sets.workloads)), found.items())


def _working_yields(sets: Sets, name: str, item: Platform, draws: Draws) -> dict[str, Array]:
    """Return by workload what one accelerator serves while it is available."""
    path = f"platforms.{name}"
    found = {}
    peak = draws.number(f"{path}.peak_pflops", item.peak_pflops)
    peak = peak * draws.number(f"{path}.realised_share", item.realised_share)
    for workload, share in item.utilisation.items():
        found[workload] = peak * draws.number(f"{path}.utilisation.{workload}", share)
    for workload, share in item.bandwidth_utilisation.items():
        traffic = sets.scenario.workloads[workload].memory_traffic_gb_per_unit
        if item.memory_bandwidth_tbps is None or traffic is None:
            raise ValueError(f"{path}.bandwidth_utilisation.{workload} has nothing to go by")
        bandwidth = draws.number(f"{path}.memory_bandwidth_tbps", item.memory_bandwidth_tbps)
        used = draws.number(f"{path}.bandwidth_utilisation.{workload}", share)
        per_unit = draws.number(f"workloads.{workload}.memory_traffic_gb_per_unit", traffic)
        found[workload] = _GB_PER_TB * bandwidth * used / per_unit
    for workload, each in item.yield_per_accelerator.items():
        found[workload] = draws.number(f"{path}.yield_per_accelerator.{workload}", each)
    return found


def breakpoints(scaling: Scaling) -> Array:
    """Return the sizes of one job, in accelerators, between which its output is a straight line."""
    first, last = scaling.reference_accelerators, scaling.largest_accelerators
    steps = np.arange(scaling.segments + 1) / scaling.segments
    return np.concatenate([[0.0], first * (last / first) ** steps])


def job_output(size: Array, reference: float, exponent: Array) -> Array:
    """Return one job's output in accelerators of the reference's efficiency."""
    beyond = np.maximum(size / reference, 1.0)
    return np.asarray(np.minimum(size, reference) * beyond**exponent)


def slopes(sets: Sets, draws: Draws) -> Array:
    """Return the output per accelerator of each segment, (sample, workload, segment).

    Chords of the curve: they never overstate the output.
    """
    scalings = {
        w: item.scaling
        for w, item in enumerate(sets.scenario.workloads.values())
        if item.scaling is not None
    }
    most = max((item.segments + 1 for item in scalings.values()), default=0)
    found = []
    for w, item in scalings.items():
        path = f"workloads.{sets.workloads[w]}.scaling.exponent"
        exponent = draws.number(path, item.exponent)[:, None]
        edges = breakpoints(item)
        output = job_output(edges, item.reference_accelerators, exponent)
        chords = np.diff(output, axis=1) / np.diff(edges)
        found.append(((w, slice(item.segments + 1)), chords))
    return assembled((len(sets.workloads), most), found, otherwise=1.0)


def scaling_error(scaling: Scaling, exponent: float) -> float:
    """Return the largest share by which the segments understate a job's output.

    Between ``x`` and ``q x`` the chord is farthest from ``a ** b``, relatively, at the size
    ``a = x b / (1 - b) * (q - q ** b) / (q ** b - 1)``: where the derivative of chord over curve
    vanishes.
    """
    if exponent in (0.0, 1.0):
        return 0.0
    ratio = (scaling.largest_accelerators / scaling.reference_accelerators) ** (
        1 / scaling.segments
    )
    rise = ratio**exponent - 1
    size = exponent / (1 - exponent) * (ratio - 1 - rise) / rise
    chord = 1 + rise / (ratio - 1) * (size - 1)
    return float(1 - chord / size**exponent)


def shortfall_usd(sets: Sets) -> Array:
    """Return the undiscounted price of one unit missing for a quarter."""
    prices = [item.shortfall_usd_per_unit_hour for item in sets.scenario.workloads.values()]
    return _by_quarter(prices, len(sets.quarters))


def target_usd(sets: Sets) -> Array:
    """Return what a unit below the service target costs more for a quarter; 0 without one."""
    prices = [
        item.service_target.shortfall_usd_per_unit_hour - item.shortfall_usd_per_unit_hour
        if item.service_target is not None
        else 0.0
        for item in sets.scenario.workloads.values()
    ]
    return _by_quarter(prices, len(sets.quarters))


def _by_quarter(hourly: list[float], quarters: int) -> Array:
    quarterly = np.array(hourly)[None, :, None] * HOURS_PER_QUARTER
    return np.broadcast_to(quarterly, (1, len(hourly), quarters))
