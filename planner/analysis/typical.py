"""The most typical sample: the one whose mix is nearest to the average mix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planner.analysis.measures import Measures, in_service, measure
from planner.analysis.results import PlanLine, PlanQuarter, TypicalPlan
from planner.model.coefficients import HOURS_PER_QUARTER, Coefficients
from planner.model.decisions import Decisions
from planner.model.sets import OfferIndex, Sets
from planner.uncertainty.sampling import BLOCK_SIZE

Array = NDArray[np.float64]

_LEAST = 1e-6
"""Accelerators below which a line is a rounding error of the solver."""


def typical_sample(effective_pflops: Array) -> int:
    """Return the sample whose (platform, quarter) service is nearest to the mean's, in PFLOP/s."""
    distance = ((effective_pflops - effective_pflops.mean(axis=0)) ** 2).sum(axis=(1, 2))
    return int(distance.argmin())


def typical_plan(
    sets: Sets, sample: int, base: Coefficients, cost_usd: Array, done: Decisions
) -> TypicalPlan:
    """Return the plan of a sample; `base`, `cost_usd` and `done` are of its whole block."""
    k = sample % BLOCK_SIZE
    demand = float(base.demand_pflops[k].sum())
    short = float(done.shortfall[k].sum())
    return TypicalPlan(
        sample=sample,
        cost_usd=float(cost_usd[k]),
        served_share=1 - short / demand if demand > 0 else 1.0,
        lines=_lines(sets, base, done, k),
        quarters=_quarters(sets, measure(sets, base, done), k),
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
                    quarter=sets.quarters[t],
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
