"""The most typical sample: the one nearest to the average mix and the median cost.

It is looked for among the first samples of a run, those that are kept in full.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.analysis.cash import COST_PARTS
from planner.analysis.measures import Measures, measure
from planner.analysis.plan_lines import plan_lines
from planner.analysis.repeats import by_unit, units_of
from planner.analysis.results import PlanQuarter, TypicalPlan
from planner.model.coefficients import Coefficients
from planner.model.decisions import Decisions
from planner.model.sets import Sets

Array = NDArray[np.float64]


def typical_sample(service: Array, cost_usd: Array) -> int:
    """Return the sample nearest to the mean mix and the median cost.

    Squared distances: of the (platform, quarter) service, relative to its total variance and
    averaged over the units, and of the cost, relative to its variance; the two count alike.

    Parameters
    ----------
    service : ndarray, (sample, unit, platform, quarter)
    cost_usd : ndarray, (sample,)
    """
    apart = ((service - service.mean(axis=0)) ** 2).sum(axis=(2, 3))
    spread = apart.mean(axis=0)
    varies = spread > 0
    parts = [(apart[:, varies] / spread[varies]).mean(axis=1)] if varies.any() else []
    cost = (cost_usd - np.median(cost_usd)) ** 2
    if cost.mean() > 0:
        parts.append(cost / cost.mean())
    return int(np.sum(parts, axis=0).argmin()) if parts else 0


@dataclass(frozen=True)
class Typical:
    """The typical sample's number, and the share of the first samples that cost less than it."""

    sample: int
    cost_rank: float


def find_typical(service: Array, cost_usd: Array) -> Typical:
    """Return the typical one of the first samples, by their own mean mix and median cost.

    Parameters
    ----------
    service : ndarray, (sample, unit, platform, quarter)
    cost_usd : ndarray, (sample,)
    """
    sample = typical_sample(service, cost_usd)
    return Typical(sample, float((cost_usd < cost_usd[sample]).mean()))


def typical_plan(
    sets: Sets,
    typical: Typical,
    numbers: NDArray[np.int64],
    base: Coefficients,
    cost_usd: Array,
    done: Decisions,
) -> TypicalPlan:
    """Return the plan of a sample; the other arguments are of the samples of `numbers`."""
    k = int(np.searchsorted(numbers, typical.sample))
    found = measure(sets, base, done)
    shares = found.served_share[k][base.demand[k].sum(axis=1) > 0]
    return TypicalPlan(
        sample=typical.sample,
        cost_usd=float(cost_usd[k]),
        cost_rank=typical.cost_rank,
        cost_parts_usd=dict(zip(COST_PARTS, found.cost_parts_usd[k].tolist(), strict=True)),
        liability_usd=float(found.liability_usd[k, -1]),
        served_share=float(shares.min()) if shares.size else 1.0,
        lines=plan_lines(sets, base, done, k),
        quarters=_quarters(sets, found, k),
    )


def _quarters(sets: Sets, found: Measures, k: int) -> list[PlanQuarter]:
    units = dict.fromkeys(units_of(sets).values())
    served = by_unit(sets, found.service)[k]
    return [
        PlanQuarter(
            platform=platform,
            quarter=quarter,
            accelerators=float(found.accelerators[k, p, t]),
            served={unit: float(served[u, p, t]) for u, unit in enumerate(units)},
            cost_usd=float(found.platform_cash_usd[k, p, t]),
            power_mw=float(found.power_mw[k, p, t]),
        )
        for p, platform in enumerate(sets.platforms)
        for t, quarter in enumerate(sets.quarters)
    ]
