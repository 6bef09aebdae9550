"""What a solved block means in accelerators, units of work, megawatts and dollars."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.analysis.cash import at_all_sites, at_work, cash, cost_parts, over_sites, powered
from planner.model.blocks import by_quarter, total, weighted
from planner.model.coefficients import Coefficients
from planner.model.decisions import Decisions
from planner.model.sets import Sets
from planner.model.time import HOURS_PER_QUARTER
from planner.model.units import KW_PER_MW

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Measures:
    """Per-sample measures; the first axis is the sample, side by side in memory.

    Attributes
    ----------
    accelerators, power_mw : ndarray, (sample, platform, quarter)
        In service, and drawn at the meter.
    service : ndarray, (sample, platform, workload, quarter)
        What is put out, in the workload's unit.
    platform_cash_usd : ndarray, (sample, platform, quarter)
        Undiscounted; what no single platform causes (power contracts) is not in it.
    cash_usd : ndarray, (sample, quarter, part)
        Undiscounted, by `CASH_PARTS`.
    liability_usd : ndarray, (sample, quarter)
        Still due after the quarter under signed contracts.
    cost_parts_usd : ndarray, (sample, part)
        Discounted, by `COST_PARTS`.
    served_share : ndarray, (sample, workload)
        Of the demand of all quarters; 1 where there is no demand.
    below_target : ndarray, (sample, workload)
        Shortfall below the service target over all quarters, as a share of the demand.
    served_unit_hours : ndarray, (sample, workload)
        Discounted units served times hours.
    bets : ndarray, (sample, bet)
        How far each bet is taken.
    power_started_mw : ndarray, (sample, power contract)
    falls : ndarray, (sample, price fall)
    """

    accelerators: Array
    power_mw: Array
    service: Array
    platform_cash_usd: Array
    cash_usd: Array
    liability_usd: Array
    cost_parts_usd: Array
    served_share: Array
    below_target: Array
    served_unit_hours: Array
    bets: Array
    power_started_mw: Array
    falls: Array


def measure(sets: Sets, block: Coefficients, done: Decisions) -> Measures:
    """Return the measures of a block's optima."""
    spent = cash(sets, block, done)
    demand = total(block.demand)
    served = block.demand - done["shortfall"]
    return Measures(
        accelerators=in_service(sets, block, done),
        power_mw=_power_mw(sets, block, done),
        service=service(sets, block, done),
        platform_cash_usd=spent.by_platform,
        cash_usd=spent.by_part,
        liability_usd=spent.owed_usd,
        cost_parts_usd=cost_parts(sets, block, done, spent),
        served_share=served_share(block, done),
        below_target=_share(total(done["below_target"]), demand),
        served_unit_hours=weighted(served, block.discount * HOURS_PER_QUARTER),
        bets=done.bets,
        power_started_mw=total(done["power"]) / KW_PER_MW,
        falls=done["fall"],
    )


def served_share(block: Coefficients, done: Decisions) -> Array:
    """Return the served share of the demand of all quarters, (sample, workload); 1 of none."""
    return 1 - _share(total(done["shortfall"]), total(block.demand))


def in_service(sets: Sets, block: Coefficients, done: Decisions) -> Array:
    """Return accelerators in service, (sample, platform, quarter): delivered and still there.

    Of the spot market all that are held count, interrupted or not.
    """
    found = np.zeros((block.n, len(sets.platforms), len(sets.quarters)), order="F")
    net = at_all_sites(done, "start", "rent") - at_all_sites(done, "cancel")
    for o, offer in enumerate(sets.offers):
        serves = block.terms[o].serves
        held = np.ceil(serves) if offer.mode == "spot" else serves
        found[:, offer.platform] += by_quarter(net[:, o], held, offer.starts)
    for e, entry in enumerate(sets.existing):
        serves = block.terms[len(sets.offers) + e].serves[:, entry.starts[0]]
        found[:, entry.platform] += done["existing"][:, e, None] * serves
    return found


def service(sets: Sets, block: Coefficients, done: Decisions) -> Array:
    """Return what is put out, (sample, platform, workload, quarter), in the workload's unit."""
    found = over_sites(done["allocate"]) * block.yields[..., None]
    for w in range(len(sets.workloads)):
        if sets.scaled(w):
            slopes = block.slopes[:, None, w, None, : done["segment"].shape[-1]]
            effective = total(done["segment"][:, :, w] * slopes)
            found[:, :, w] = effective * block.yields[:, :, w, None]
    return found


def _power_mw(sets: Sets, block: Coefficients, done: Decisions) -> Array:
    """Return the megawatts drawn at the meter, (sample, platform, quarter)."""
    drawn = powered(sets, block, done, at_work(done)) * block.deployment.meter_kw[..., None]
    return np.asarray(over_sites(drawn) / KW_PER_MW)


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros(part.shape, order="F"), where=whole > 0)
