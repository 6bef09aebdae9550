"""What a solved block means in accelerators, units of work, megawatts and dollars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from planner.analysis.cash import cash, cost_parts
from planner.model.coefficients import Coefficients
from planner.model.decisions import Decisions
from planner.model.sets import Sets
from planner.model.time import HOURS_PER_QUARTER
from planner.model.units import KW_PER_MW

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Measures:
    """Per-sample measures; the first axis is the sample.

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
    demand = block.demand.sum(axis=2)
    served = block.demand - done["shortfall"]
    hours = (served * block.discount).sum(axis=2) * HOURS_PER_QUARTER
    return Measures(
        accelerators=in_service(sets, block, done),
        power_mw=_power_mw(sets, block, done),
        service=service(sets, block, done),
        platform_cash_usd=spent.by_platform,
        cash_usd=spent.by_part,
        liability_usd=spent.owed_usd,
        cost_parts_usd=cost_parts(sets, block, done, spent),
        served_share=1 - _share(done["shortfall"].sum(axis=2), demand),
        below_target=_share(done["below_target"].sum(axis=2), demand),
        served_unit_hours=hours,
        bets=done.bets,
        power_started_mw=done["power"].sum(axis=2) / KW_PER_MW,
        falls=done["fall"],
    )


def join(blocks: Sequence[Measures]) -> Measures:
    """Return the measures of consecutive blocks as one."""
    return Measures(
        *(np.concatenate([getattr(b, f.name) for b in blocks]) for f in fields(Measures))
    )


def in_service(sets: Sets, block: Coefficients, done: Decisions) -> Array:
    """Return accelerators in service, (sample, platform, quarter): delivered and still there.

    Of the spot market all that are held count, interrupted or not.
    """
    total = np.zeros((block.n, len(sets.platforms), len(sets.quarters)))
    net = (done.take - done["cancel"]).sum(axis=2)
    for o, offer in enumerate(sets.offers):
        serves = block.terms[o].serves
        held = np.ceil(serves) if offer.mode == "spot" else serves
        total[:, offer.platform] += np.einsum("su,sut->st", net[:, o], held)
    for e, entry in enumerate(sets.existing):
        serves = block.terms[len(sets.offers) + e].serves[:, entry.starts[0]]
        total[:, entry.platform] += done["existing"][:, e, None] * serves
    return total


def service(sets: Sets, block: Coefficients, done: Decisions) -> Array:
    """Return what is put out, (sample, platform, workload, quarter), in the workload's unit."""
    working = done["allocate"].sum(axis=2)
    found = working * block.yields[..., None]
    for w in range(len(sets.workloads)):
        if sets.scaled(w):
            effective = np.einsum("sptk,sk->spt", done["segment"][:, :, w], _slopes(block, done, w))
            found[:, :, w] = effective * block.yields[:, :, w, None]
    return np.asarray(found)


def _slopes(block: Coefficients, done: Decisions, workload: int) -> Array:
    return block.slopes[:, workload, : done["segment"].shape[-1]]


def _power_mw(sets: Sets, block: Coefficients, done: Decisions) -> Array:
    working = done["allocate"].sum(axis=3)
    drawn = working.copy()
    for p in sets.idle_platforms:
        idle = block.deployment.idle_share[:, p, None, None]
        drawn[:, p] += idle * (done["deploy"][:, p] - working[:, p])
    return np.asarray(np.einsum("spit,spi->spt", drawn, block.deployment.meter_kw) / KW_PER_MW)


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
