"""The most typical sample: the one nearest to the average mix and the median cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.analysis.measures import COST_PARTS, Measures, in_service, measure
from planner.analysis.results import PlanLine, PlanQuarter, TypicalPlan
from planner.model.coefficients import HOURS_PER_QUARTER, Coefficients
from planner.model.decisions import Decisions
from planner.model.sets import OfferIndex, Sets
from planner.uncertainty.sampling import BLOCK_SIZE

Array = NDArray[np.float64]

_LEAST = 1e-6
"""Accelerators below which a line is a rounding error of the solver."""


def typical_sample(effective_pflops: Array, cost_usd: Array) -> int:
    """Return the sample nearest to the mean mix and the median cost.

    Squared distances: of the (platform, quarter) service in PFLOP/s, relative to its total
    variance, and of the cost, relative to its variance; the two count alike.
    """
    mix = ((effective_pflops - effective_pflops.mean(axis=0)) ** 2).sum(axis=(1, 2))
    cost = (cost_usd - np.median(cost_usd)) ** 2
    parts = [part / part.mean() for part in (mix, cost) if part.mean() > 0]
    return int(np.sum(parts, axis=0).argmin()) if parts else 0


@dataclass(frozen=True)
class Typical:
    """The typical sample's number, and the share of samples that cost less than it."""

    sample: int
    cost_rank: float


def find_typical(effective_pflops: Array, cost_usd: Array) -> Typical:
    """Return the typical sample with its rank."""
    sample = typical_sample(effective_pflops, cost_usd)
    return Typical(sample, float((cost_usd < cost_usd[sample]).mean()))


def typical_plan(
    sets: Sets, typical: Typical, base: Coefficients, cost_usd: Array, done: Decisions
) -> TypicalPlan:
    """Return the plan of a sample; `base`, `cost_usd` and `done` are of its whole block."""
    k = typical.sample % BLOCK_SIZE
    found = measure(sets, base, done)
    demand = float(base.demand_pflops[k].sum())
    short = float(done.shortfall[k].sum())
    return TypicalPlan(
        sample=typical.sample,
        cost_usd=float(cost_usd[k]),
        cost_rank=typical.cost_rank,
        cost_parts_usd=dict(zip(COST_PARTS, found.cost_parts_usd[k].tolist(), strict=True)),
        liability_usd=float(found.liability_usd[k, -1]),
        served_share=1 - short / demand if demand > 0 else 1.0,
        lines=_lines(sets, base, done, k),
        quarters=_quarters(sets, found, k),
    )


def _lines(sets: Sets, base: Coefficients, done: Decisions, k: int) -> list[PlanLine]:
    lines = []
    for o, offer in enumerate(sets.offers):
        for site, t in np.argwhere(done.take[k, o] > _LEAST):
            count, price = float(done.take[k, o, site, t]), float(base.price_usd[k, o, t])
            hourly = offer.mode != "buy"
            lines.append(
                PlanLine(
                    offer=offer.name,
                    mode=offer.mode,
                    platform=sets.platforms[offer.platform],
                    site=sets.sites[site],
                    signed=sets.quarters[t - offer.lead_quarters],
                    quarter=sets.quarters[t],
                    service_quarters=offer.service_quarters,
                    accelerators=count,
                    price=price / HOURS_PER_QUARTER if hourly else price,
                    price_unit="USD per hour" if hourly else "USD",
                    cash_usd=count * price * _payments(offer, int(t), len(sets.quarters)),
                )
            )
    return sorted(lines, key=lambda line: (sets.quarters.index(line.quarter), line.offer))


def _payments(offer: OfferIndex, start: int, quarters: int) -> float:
    """Return how many payments of the price fall inside the horizon."""
    return float(in_service(offer, quarters)[start].sum()) if offer.mode == "reserve" else 1.0


def _quarters(sets: Sets, found: Measures, k: int) -> list[PlanQuarter]:
    return [
        PlanQuarter(
            platform=platform,
            quarter=quarter,
            accelerators=float(found.accelerators[k, p, t]),
            effective_pflops=float(found.effective_pflops[k, p, t]),
            cost_usd=float(found.cash_usd[k, p, t].sum()),
            power_mw=float(found.power_mw[k, p, t]),
        )
        for p, platform in enumerate(sets.platforms)
        for t, quarter in enumerate(sets.quarters)
    ]
