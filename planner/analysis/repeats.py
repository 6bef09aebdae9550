"""The answer again at half and at double the price of shortfall, on the same samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from planner.analysis import estimates
from planner.analysis.measures import measure
from planner.analysis.results import ShortfallRepeat
from planner.analysis.results_estimates import Estimate
from planner.model.blocks import total
from planner.model.coefficients import Coefficients
from planner.model.sets import Sets
from planner.solve.solutions import Solutions

if TYPE_CHECKING:
    from planner.analysis.workbench import Workbench

Array = NDArray[np.float64]

FACTORS = (0.5, 2.0)


@dataclass(frozen=True)
class RepeatedBlock:
    """Samples at a multiple of the stated price of shortfall.

    Attributes
    ----------
    cost_usd : ndarray, (sample,)
    served_share : ndarray, (sample, workload)
    service : ndarray, (sample, unit, platform)
        Part of all that is put out in a unit.
    """

    factor: float
    cost_usd: Array
    served_share: Array
    service: Array


def repeat(
    bench: Workbench, base: Coefficients, solved: Solutions, factor: float
) -> RepeatedBlock | None:
    """Return a block's optima with the price of shortfall times `factor`.

    None if a sample has no proven optimum: what is left would not be the same samples.
    """
    other = replace(
        base, shortfall_usd=base.shortfall_usd * factor, target_usd=base.target_usd * factor
    )
    again = bench.solve(bench.model.programs(other), starts=solved.bases)
    if not again.proven.all():
        return None
    found = measure(bench.model.sets, other, bench.unpacker.unpack(again.solutions.x))
    service = service_share(by_unit(bench.model.sets, found.service))
    return RepeatedBlock(factor, again.solutions.objective, found.served_share, service)


def units_of(sets: Sets) -> dict[str, str]:
    """Return the unit of each workload."""
    return {name: item.unit for name, item in sets.scenario.workloads.items()}


def by_unit(sets: Sets, service: Array) -> Array:
    """Return what is put out, (sample, unit, platform, quarter), from that by workload."""
    of = list(units_of(sets).values())
    units = list(dict.fromkeys(of))
    n, platforms, _, quarters = service.shape
    found = np.zeros((n, len(units), platforms, quarters))
    for w, unit in enumerate(of):
        found[:, units.index(unit)] += service[:, :, w]
    return found


def service_share(by_unit: Array) -> Array:
    """Return each platform's part of what is put out, (sample, unit, platform); 0 of nothing."""
    by_platform = total(by_unit)
    whole = total(by_platform)[..., None]
    share: Array = np.zeros_like(by_platform)
    np.divide(by_platform, whole, out=share, where=whole > 0)
    return share


def shortfall_repeats(
    sets: Sets, blocks: Sequence[RepeatedBlock], base: RepeatedBlock
) -> list[ShortfallRepeat]:
    """Return the stated price and the repeats by factor, all on the repeats' samples.

    Parameters
    ----------
    sets : Sets
    blocks : sequence of RepeatedBlock
        In the order of the samples, factor by factor or block by block.
    base : RepeatedBlock
        At least as many of the run's first samples at the stated price, factor 1.
    """
    factors = dict.fromkeys(block.factor for block in blocks)
    joined = [_joined([block for block in blocks if block.factor == f]) for f in factors]
    if not joined:
        return []
    return [_repeat_of(sets, each, base) for each in (_first(base, joined[0]), *joined)]


def _joined(blocks: Sequence[RepeatedBlock]) -> RepeatedBlock:
    return RepeatedBlock(
        blocks[0].factor,
        np.concatenate([block.cost_usd for block in blocks]),
        np.concatenate([block.served_share for block in blocks]),
        np.concatenate([block.service for block in blocks]),
    )


def _first(base: RepeatedBlock, like: RepeatedBlock) -> RepeatedBlock:
    """Return as many of the first samples of `base` as `like` has."""
    n = like.cost_usd.size
    return RepeatedBlock(base.factor, base.cost_usd[:n], base.served_share[:n], base.service[:n])


def _repeat_of(sets: Sets, own: RepeatedBlock, base: RepeatedBlock) -> ShortfallRepeat:
    same = _first(base, own)
    return ShortfallRepeat(
        factor=own.factor,
        cost_usd=estimates.mean(own.cost_usd),
        cost_change_usd=estimates.mean(own.cost_usd - same.cost_usd),
        served_share=_means(sets.workloads, own.served_share),
        service_by_platform=_by_unit(sets, own.service),
        service_change_by_platform=_by_unit(sets, own.service - same.service),
    )


def _by_unit(sets: Sets, values: Array) -> dict[str, dict[str, Estimate]]:
    units = dict.fromkeys(units_of(sets).values())
    return {unit: _means(sets.platforms, values[:, k]) for k, unit in enumerate(units)}


def _means(names: Sequence[str], values: Array) -> dict[str, Estimate]:
    return {name: estimates.mean(values[:, k]) for k, name in enumerate(names)}
