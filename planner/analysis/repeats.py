"""The answer again at half and at double the price of shortfall, on the same samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from planner.analysis import estimates
from planner.analysis.measures import measure
from planner.analysis.results import Estimate, ShortfallRepeat
from planner.model.coefficients import Coefficients
from planner.model.sets import Sets
from planner.solve.solutions import Solutions

if TYPE_CHECKING:
    from planner.analysis.workbench import Workbench

Array = NDArray[np.float64]

FACTORS = (0.5, 2.0)


@dataclass(frozen=True)
class RepeatedBlock:
    """A block at another price of shortfall.

    Attributes
    ----------
    cost_usd : ndarray, (sample,)
    served_share : ndarray, (sample, workload)
    service : ndarray, (sample, platform)
        Part of all effective PFLOP-hours.
    """

    factor: float
    cost_usd: Array
    served_share: Array
    service: Array


def repeat(
    bench: Workbench, block: int, base: Coefficients, solved: Solutions, factor: float
) -> RepeatedBlock:
    """Return a block's optima with the price of shortfall times `factor`."""
    other = replace(base, shortfall_usd=base.shortfall_usd * factor)
    again, _ = bench.solve(block, bench.model.programs(other), starts=solved.bases)
    found = measure(bench.model.sets, other, bench.unpacker.unpack(again.x))
    service = service_share(found.effective_pflops)
    return RepeatedBlock(factor, again.objective, found.served_share, service)


def service_share(effective_pflops: Array) -> Array:
    """Return each platform's part of the service, (sample, platform); 0 where nothing is served."""
    by_platform = effective_pflops.sum(axis=2)
    total = by_platform.sum(axis=1, keepdims=True)
    share: Array = np.zeros_like(by_platform)
    np.divide(by_platform, total, out=share, where=total > 0)
    return share


def shortfall_repeats(
    sets: Sets, blocks: Sequence[RepeatedBlock], base_cost_usd: Array, base_service: Array
) -> list[ShortfallRepeat]:
    """Return the repeats by factor.

    Parameters
    ----------
    sets : Sets
    blocks : sequence of RepeatedBlock
    base_cost_usd : ndarray, (sample,)
        Of all samples at the stated price.
    base_service : ndarray, (sample, platform)
        Likewise.
    """
    factors = dict.fromkeys(block.factor for block in blocks)
    return [
        _repeat_of(
            sets, [block for block in blocks if block.factor == factor], base_cost_usd, base_service
        )
        for factor in factors
    ]


def _repeat_of(
    sets: Sets, own: Sequence[RepeatedBlock], base_cost_usd: Array, base_service: Array
) -> ShortfallRepeat:
    cost = np.concatenate([block.cost_usd for block in own])
    served = np.concatenate([block.served_share for block in own])
    service = np.concatenate([block.service for block in own])
    n = cost.size
    return ShortfallRepeat(
        factor=own[0].factor,
        cost_usd=estimates.mean(cost),
        cost_change_usd=estimates.mean(cost - base_cost_usd[:n]),
        served_share=_means(sets.workloads, served),
        service_by_platform=_means(sets.platforms, service),
        service_change_by_platform=_means(sets.platforms, service - base_service[:n]),
    )


def _means(names: Sequence[str], values: Array) -> dict[str, Estimate]:
    return {name: estimates.mean(values[:, k]) for k, name in enumerate(names)}
