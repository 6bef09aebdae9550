"""One sample's plan line by line: what is ordered, rented, leased, bet on and cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.analysis.cash import relisted
from planner.analysis.results import PlanLine
from planner.model.blocks import one_sample
from planner.model.coefficients import Coefficients
from planner.model.contracts import Contract, ordered_before
from planner.model.decisions import Decisions
from planner.model.instruments.terms import Flows
from planner.model.sets import Bet, Sets
from planner.model.sources import PART_OF_BET
from planner.model.time import HOURS_PER_QUARTER
from planner.model.units import KW_PER_MW

Array = NDArray[np.float64]

_LEAST = 1e-6
"""Accelerators below which a line is a rounding error of the solver."""


@dataclass(frozen=True)
class _Money:
    """What one of something pays inside the plan, and what is then still due."""

    in_plan: float
    later: float

    def plus(self, other: _Money, times: float) -> _Money:
        return _Money(self.in_plan + times * other.in_plan, self.later + times * other.later)


def plan_lines(sets: Sets, block: Coefficients, done: Decisions, k: int) -> list[PlanLine]:
    """Return the lines of sample `k` of a block, by the quarter in which they begin."""
    lines = [
        *_bets(sets, block, done, k),
        *_offers(sets, block, done, k),
        *_existing(sets, block, done, k),
        *_power(sets, block, done, k),
    ]
    return sorted(lines, key=lambda line: (sets.quarters.index(line.quarter), line.offer))


def _offers(sets: Sets, block: Coefficients, done: Decisions, k: int) -> Iterator[PlanLine]:
    changed = relisted(sets, block, done)
    for o, offer in enumerate(sets.offers):
        terms = block.terms[o]
        for site, t in np.argwhere(done.take[k, o] > _LEAST):
            count = float(done.take[k, o, site, t])
            each = _each(terms.flows, k, t)
            if terms.listed is not None and o in changed:
                # Tiers and discounts are of a quarter's whole order; each site bears its part.
                part = changed[o][k, t] / done.take[k, o, :, t].sum()
                each = each.plus(_each(terms.listed, k, t), part)
            yield _line(sets, offer, site, t, count, each)
        if terms.cancelled is not None:
            for site, t in np.argwhere(done["cancel"][k, o] > _LEAST):
                each = _each(terms.cancelled, k, t)
                yield _line(sets, offer, site, t, float(done["cancel"][k, o, site, t]), each, True)


def _line(
    sets: Sets,
    offer: Contract,
    site: int,
    start: int,
    count: float,
    each: _Money,
    cancelled: bool = False,
) -> PlanLine:
    """Return a line; its price is what one accelerator pays inside the plan, or for an hour.

    The hour is one of the whole term, also past the plan: what is paid in advance or begins late
    does not change its price.
    """
    hourly = offer.mode in ("reserve", "rent", "spot", "contracted")
    hours = offer.service_quarters * HOURS_PER_QUARTER
    return PlanLine(
        offer=offer.name,
        mode="cancel" if cancelled else offer.mode,
        platform=sets.platforms[offer.platform],
        site=sets.sites[site],
        signed=sets.quarters[max(start - ordered_before(offer, sets.scenario), 0)],
        quarter=sets.quarters[start],
        service_quarters=0 if cancelled else offer.service_quarters,
        count=count,
        unit="accelerators",
        price=(each.in_plan + each.later) / hours if hourly else each.in_plan,
        price_unit="USD per hour" if hourly else "USD",
        cash_usd=count * each.in_plan,
    )


def _existing(sets: Sets, block: Coefficients, done: Decisions, k: int) -> Iterator[PlanLine]:
    for e, entry in enumerate(sets.existing):
        terms, start = block.terms[len(sets.offers) + e], entry.starts[0]
        kept = float(done["existing"][k, e])
        if kept > _LEAST:
            yield _line(sets, entry, entry.sites[0], start, kept, _each(terms.flows, k, start))
        void = float(done["void"][k, e])
        if void > _LEAST and terms.cancelled is not None:
            each = _each(terms.cancelled, k, start)
            yield _line(sets, entry, entry.sites[0], start, void, each, True)


def _power(sets: Sets, block: Coefficients, done: Decisions, k: int) -> Iterator[PlanLine]:
    for j, item in enumerate(sets.power):
        for t in np.flatnonzero(done["power"][k, j] > _LEAST).tolist():
            cash = _each(block.power_terms[j].flows, k, t).in_plan * KW_PER_MW
            megawatts = float(done["power"][k, j, t]) / KW_PER_MW
            yield PlanLine(
                offer=item.name,
                mode=item.mode,
                platform="",
                site=sets.sites[item.sites[0]],
                signed=sets.quarters[max(t - item.lead_quarters, 0)],
                quarter=sets.quarters[t],
                service_quarters=item.service_quarters,
                count=megawatts,
                unit="MW",
                price=cash,
                price_unit="USD per MW in the plan",
                cash_usd=megawatts * cash,
            )


def _bets(sets: Sets, block: Coefficients, done: Decisions, k: int) -> Iterator[PlanLine]:
    for b, bet in enumerate(sets.bets):
        taken = float(done.bets[k, b])
        if taken > _LEAST:
            yield _bet_line(sets, bet, one_sample(block.bet_paid_usd, k)[b], taken)


def _bet_line(sets: Sets, bet: Bet, paid_usd: Array, taken: float) -> PlanLine:
    begins = int(np.flatnonzero(paid_usd)[0]) if paid_usd.any() else 0
    return PlanLine(
        offer=bet.key[0],
        mode=PART_OF_BET[bet.family],
        platform=sets.platforms[bet.platform],
        site="",
        signed=sets.quarters[begins],
        quarter=sets.quarters[begins],
        service_quarters=0,
        count=taken,
        unit=f"for {bet.key[1]}" if bet.family == "adopt" else "yes",
        price=float(paid_usd.sum()),
        price_unit="USD",
        cash_usd=taken * float(paid_usd.sum()),
    )


def _each(flows: Flows, k: int, start: int) -> _Money:
    in_plan = sum(float(one_sample(paid, k)[start].sum()) for paid in flows.paid.values())
    return _Money(in_plan, float(one_sample(flows.owed_usd, k)[start]))
