"""Where the money of a solved block goes: cash by quarter, what is owed, and the cost in parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.config.offers import Programme
from planner.model.coefficients import Coefficients
from planner.model.columns import draws_apart
from planner.model.contracts import Contract, funding
from planner.model.decisions import Decisions
from planner.model.instruments.terms import CASH_PARTS, Flows
from planner.model.sets import Bet, Sets
from planner.model.sources import PART_OF_BET
from planner.model.tiers import lowest_price_times, tiers_of
from planner.model.units import USD_PER_MILLION

Array = NDArray[np.float64]

RESIDUAL, SHORTFALL, OVERRUN = "residual value", "shortfall", "budget overrun"
COST_PARTS = (*CASH_PARTS, RESIDUAL, SHORTFALL, OVERRUN)
"""Cash, discounted, and what is not cash: residual value less what is then unpaid; penalties."""


@dataclass(frozen=True)
class Deal:
    """So many of something at the same money for each; the axes are (sample, start).

    Attributes
    ----------
    platform : int
        That causes it; -1 for what no single platform does.
    count : ndarray
    flows : Flows
    signed_before : int
        Quarters before its start from which it is owed.
    """

    platform: int
    count: Array
    flows: Flows
    signed_before: int


@dataclass(frozen=True)
class Cash:
    """Undiscounted cash of a block.

    Attributes
    ----------
    by_part : ndarray, (sample, quarter, part)
        By `CASH_PARTS`.
    by_platform : ndarray, (sample, platform, quarter)
        What each platform causes; power contracts are no platform's.
    owed_usd : ndarray, (sample, quarter)
        Still due after the quarter under what is signed by then.
    """

    by_part: Array
    by_platform: Array
    owed_usd: Array


def deals(sets: Sets, block: Coefficients, done: Decisions) -> Iterator[Deal]:
    """Yield everything that money is paid for by contract.

    What is cancelled stays owed until the day on which it is settled.
    """
    started = done.take.sum(axis=2)
    cancelled = done["cancel"].sum(axis=2)
    changed = relisted(sets, block, done)
    for o, offer in enumerate(sets.offers):
        terms, lead = block.terms[o], ordered_before(sets, offer)
        yield Deal(offer.platform, started[:, o], terms.flows, lead)
        if terms.listed is not None:
            yield Deal(offer.platform, changed[:, o], terms.listed, lead)
        if terms.cancelled is not None:
            yield Deal(offer.platform, cancelled[:, o], terms.cancelled, 0)
    for e, entry in enumerate(sets.existing):
        terms, start = block.terms[len(sets.offers) + e], entry.starts[0]
        kept = _at(done["existing"][:, e], start, len(sets.quarters))
        if terms.cancelled is None:
            yield Deal(entry.platform, kept, terms.flows, start)
            continue
        void = _at(done["void"][:, e], start, len(sets.quarters))
        yield Deal(entry.platform, kept + void, terms.flows, start)
        yield Deal(entry.platform, void, _instead(terms.cancelled, terms.flows), 0)
    for k, item in enumerate(sets.power):
        yield Deal(-1, done["power"][:, k], block.power_terms[k].flows, item.lead_quarters)


def ordered_before(sets: Sets, offer: Contract) -> int:
    """Return how many quarters before its start an order is placed.

    Nothing says when an own chip is ordered, but it is before anything is paid for it.
    """
    config = sets.scenario.offers[offer.name] if offer.mode == "programme" else None
    if not isinstance(config, Programme):
        return offer.lead_quarters
    return max((0, *(part.quarters_before_delivery for part in config.payments)))


def _instead(cancelled: Flows, kept: Flows) -> Flows:
    """Return what cancelling adds to the flows of what would have been kept."""
    return Flows(
        {**cancelled.paid, **{part: -paid for part, paid in kept.paid.items()}},
        worth_usd=cancelled.worth_usd - kept.worth_usd,
        owed_usd=cancelled.owed_usd - kept.owed_usd,
    )


def _at(count: Array, start: int, quarters: int) -> Array:
    placed = np.zeros((count.size, quarters))
    placed[:, start] = count
    return placed


def relisted(sets: Sets, block: Coefficients, done: Decisions) -> Array:
    """Return by how many list prices tiers and falling prices change what is paid, (s, o, u)."""
    rebated = np.einsum("sfou,sf->sou", done["rebate"], block.fall_discount)
    found = -rebated * lowest_price_times(sets)[:, None]
    for o, offer in enumerate(sets.offers):
        for g, step in enumerate(tiers_of(sets, offer)):
            found[:, o] += (step.price_times - 1) * done["tier"][:, o, :, g]
    return np.asarray(found)


def cash(sets: Sets, block: Coefficients, done: Decisions) -> Cash:
    """Return the cash of a block's optima."""
    n, quarters = block.n, len(sets.quarters)
    by_part = np.zeros((n, quarters, len(CASH_PARTS)))
    by_platform = np.zeros((n, len(sets.platforms), quarters))
    owed = np.zeros((n, quarters))
    for deal in deals(sets, block, done):
        for part, paid in deal.flows.paid.items():
            spent = np.einsum("su,sut->st", deal.count, paid)
            by_part[:, :, CASH_PARTS.index(part)] += spent
            if deal.platform >= 0:
                by_platform[:, deal.platform] += spent
        owed += _owed(deal, quarters)
    for part, platform, spent in _by_quarter(sets, block, done):
        by_part[:, :, CASH_PARTS.index(part)] += spent
        if platform >= 0:
            by_platform[:, platform] += spent
    for b, bet in enumerate(sets.bets):
        paid, later = block.bet_paid_usd[:, b], block.bet_owed_usd[:, b]
        owed += done.bets[:, b, None] * _still_due(paid, later, _taken_in(sets, bet))
    return Cash(by_part, by_platform, owed)


def _by_quarter(
    sets: Sets, block: Coefficients, done: Decisions
) -> Iterator[tuple[str, int, Array]]:
    """Yield part, platform and cash by quarter of what is not under contract, and of bets."""
    for b, bet in enumerate(sets.bets):
        spent = done.bets[:, b, None] * block.bet_paid_usd[:, b]
        yield PART_OF_BET[bet.family], bet.platform, spent
    for k in range(len(sets.power)):
        if draws_apart(sets, k):
            yield "power leased", -1, done["draw"][:, k] * block.drawn_usd[:, k]
    place = block.deployment
    working = done["allocate"].sum(axis=3)
    for p in range(len(sets.platforms)):
        standing = done["deploy"][:, p] if p in sets.idle_platforms else working[:, p]
        idle = place.idle_share[:, p, None, None]
        powered = working[:, p] + idle * (standing - working[:, p])
        yield "energy", p, (powered * place.energy_usd[:, p]).sum(axis=1)
        yield "hosting", p, (standing * place.hosting_usd[:, p]).sum(axis=1)


def _owed(deal: Deal, quarters: int) -> Array:
    """Return what is still due after each quarter of a deal, once it is signed."""
    owed = np.zeros((deal.count.shape[0], quarters))
    signed = np.arange(quarters) >= (np.arange(quarters) - deal.signed_before)[:, None]
    for part, paid in deal.flows.paid.items():
        if part != "maintenance":
            due = np.flip(np.cumsum(np.flip(paid, axis=2), axis=2), axis=2) - paid
            owed += np.einsum("su,sut->st", deal.count, due * signed)
    after = deal.count * deal.flows.owed_usd
    return np.asarray(owed + after @ signed.astype(float))


def _taken_in(sets: Sets, bet: Bet) -> int:
    """Return the quarter from which on a bet is owed: any but a programme is paid at once."""
    offer = sets.scenario.offers[bet.key[0]] if bet.family == "fund" else None
    return funding(offer, sets.scenario) if isinstance(offer, Programme) else len(sets.quarters)


def _still_due(paid: Array, owed: Array, taken: int) -> Array:
    """Return what is due after each quarter, from the one in which it is taken on."""
    later = np.flip(np.cumsum(np.flip(paid, axis=1), axis=1), axis=1) - paid
    return np.asarray((later + owed[:, None]) * (np.arange(paid.shape[1]) >= taken))


def cost_parts(sets: Sets, block: Coefficients, done: Decisions, spent: Cash) -> Array:
    """Return the discounted cost by `COST_PARTS`, (sample, part)."""
    parts: Mapping[str, Array] = {
        RESIDUAL: -block.horizon_discount
        * sum(
            ((deal.count * deal.flows.worth_usd).sum(axis=1) for deal in deals(sets, block, done)),
            start=np.zeros(block.n),
        ),
        SHORTFALL: _penalties(block, done),
        OVERRUN: _overrun(sets, block, done),
    }
    cash_parts = np.einsum("stk,t->sk", spent.by_part, block.discount)
    return np.concatenate([cash_parts, np.stack(list(parts.values()), axis=1)], axis=1)


def _penalties(block: Coefficients, done: Decisions) -> Array:
    plain = done["shortfall"] * block.shortfall_usd + done["below_target"] * block.target_usd
    return np.asarray((plain * block.discount).sum(axis=(1, 2)))


def _overrun(sets: Sets, block: Coefficients, done: Decisions) -> Array:
    budgets = sets.scenario.limits.budgets
    if budgets is None:
        return np.zeros(block.n)
    last = np.array([block.discount[quarters[-1]] for quarters in sets.years])
    over = done["overrun"].sum(axis=1) @ last
    return np.asarray(over * budgets.overrun_usd_per_usd * USD_PER_MILLION)
