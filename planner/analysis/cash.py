"""Where the money of a solved block goes: cash by quarter, what is owed, and the cost in parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.config.offers import Programme
from planner.model.blocks import by_quarter, is_nothing, total, weighted
from planner.model.coefficients import Coefficients
from planner.model.columns import draws_apart, fall_offers
from planner.model.contracts import funding, ordered_before
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
    """So many of something at the same money for each.

    Attributes
    ----------
    platform : int
        That causes it; -1 for what no single platform does.
    count : ndarray, (sample, start)
    flows : Flows
    signed_before : int
        Quarters before its start from which it is owed.
    starts : tuple of int
        Of all others the count is zero.
    """

    platform: int
    count: Array
    flows: Flows
    signed_before: int
    starts: tuple[int, ...]


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
    worth_usd : ndarray, (sample,)
        Value at the horizon of what is had by contract, less what is then unpaid of it.
    """

    by_part: Array
    by_platform: Array
    owed_usd: Array
    worth_usd: Array


def deals(sets: Sets, block: Coefficients, done: Decisions) -> Iterator[Deal]:
    """Yield everything that money is paid for by contract.

    What is cancelled stays owed until the day on which it is settled.
    """
    started, cancelled = at_all_sites(done, "start", "rent"), at_all_sites(done, "cancel")
    changed = relisted(sets, block, done)
    for o, offer in enumerate(sets.offers):
        terms, lead = block.terms[o], ordered_before(offer, sets.scenario)
        yield Deal(offer.platform, started[:, o], terms.flows, lead, offer.starts)
        if terms.listed is not None and o in changed:
            yield Deal(offer.platform, changed[o], terms.listed, lead, offer.starts)
        if terms.cancelled is not None:
            yield Deal(offer.platform, cancelled[:, o], terms.cancelled, 0, offer.starts)
    for e, entry in enumerate(sets.existing):
        terms, start = block.terms[len(sets.offers) + e], entry.starts[0]
        kept = _at(done["existing"][:, e], start, len(sets.quarters))
        if terms.cancelled is None:
            yield Deal(entry.platform, kept, terms.flows, start, entry.starts)
            continue
        void = _at(done["void"][:, e], start, len(sets.quarters))
        yield Deal(entry.platform, kept + void, terms.flows, start, entry.starts)
        instead = _instead(terms.cancelled, terms.flows)
        yield Deal(entry.platform, void, instead, 0, entry.starts)
    for k, item in enumerate(sets.power):
        flows = block.power_terms[k].flows
        yield Deal(-1, done["power"][:, k], flows, item.lead_quarters, item.starts)


def _instead(cancelled: Flows, kept: Flows) -> Flows:
    """Return what cancelling adds to the flows of what would have been kept."""
    return Flows(
        {**cancelled.paid, **{part: -paid for part, paid in kept.paid.items()}},
        worth_usd=cancelled.worth_usd - kept.worth_usd,
        owed_usd=cancelled.owed_usd - kept.owed_usd,
    )


def _at(count: Array, start: int, quarters: int) -> Array:
    placed = np.zeros((count.size, quarters), order="F")
    placed[:, start] = count
    return placed


def over_sites(values: Array) -> Array:
    """Return the sum over the sites, which are the third axis."""
    return total(np.moveaxis(values, 2, -1))


def at_all_sites(done: Decisions, *families: str) -> Array:
    """Return how many of some families at all sites, (sample, offer, start)."""
    found = [over_sites(done[name]) for name in families if name in done.taken]
    return sum(found[1:], start=found[0]) if found else over_sites(done[families[0]])


def at_work(done: Decisions) -> Array:
    """Return the accelerators that work, (sample, platform, site, quarter)."""
    return total(np.moveaxis(done["allocate"], 3, -1))


def standing(sets: Sets, done: Decisions, working: Array) -> Array:
    """Return the accelerators that stand powered; without idle power those that work do."""
    if not sets.idle_platforms:
        return working
    found = working.copy(order="K")
    for p in sets.idle_platforms:
        found[:, p] = done["deploy"][:, p]
    return found


def powered(sets: Sets, block: Coefficients, done: Decisions, working: Array) -> Array:
    """Return how many at work would draw as much as those that stand, (s, platform, site, t)."""
    if not sets.idle_platforms:
        return working
    idle = block.deployment.idle_share[:, :, None, None]
    return np.asarray(working + idle * (standing(sets, done, working) - working))


def relisted(sets: Sets, block: Coefficients, done: Decisions) -> dict[int, Array]:
    """Return by how many list prices tiers and falling prices change what is paid.

    By the position of the offers that have tiers or may become cheaper, (sample, start).
    """
    found: dict[int, Array] = {}
    lowest = lowest_price_times(sets)
    for f in range(len(sets.falls)):
        for o, _ in fall_offers(sets, f):
            rebated = done["rebate"][:, f, o] * -block.fall_discount[:, f, None] * lowest[o]
            found[o] = found[o] + rebated if o in found else rebated
    for o, offer in enumerate(sets.offers):
        for g, step in enumerate(tiers_of(sets, offer)):
            more = (step.price_times - 1) * done["tier"][:, o, :, g]
            found[o] = found[o] + more if o in found else more
    return found


def cash(sets: Sets, block: Coefficients, done: Decisions) -> Cash:
    """Return the cash of a block's optima."""
    n, quarters = block.n, len(sets.quarters)
    by_part = np.zeros((n, quarters, len(CASH_PARTS)), order="F")
    by_platform = np.zeros((n, len(sets.platforms), quarters), order="F")
    owed = np.zeros((n, quarters), order="F")
    worth = np.zeros(n)
    for deal in deals(sets, block, done):
        for part, paid in deal.flows.paid.items():
            if is_nothing(paid):
                continue
            spent = by_quarter(deal.count, paid, deal.starts)
            by_part[:, :, CASH_PARTS.index(part)] += spent
            if deal.platform >= 0:
                by_platform[:, deal.platform] += spent
        _add_owed(owed, deal)
        worth += _worth(deal)
    _add_running(by_part, by_platform, sets, block, done)
    for b, bet in enumerate(sets.bets):
        taken, paid = done.bets[:, b, None], block.bet_paid_usd[:, b]
        by_part[:, :, CASH_PARTS.index(PART_OF_BET[bet.family])] += taken * paid
        by_platform[:, bet.platform] += taken * paid
        owed += taken * _still_due(paid, block.bet_owed_usd[:, b], _taken_in(sets, bet))
    return Cash(by_part, by_platform, owed, worth)


def _add_running(
    by_part: Array, by_platform: Array, sets: Sets, block: Coefficients, done: Decisions
) -> None:
    """Add what is paid for what is drawn, and for what stands and works."""
    for k in range(len(sets.power)):
        if draws_apart(sets, k):
            drawn = done["draw"][:, k] * block.drawn_usd[:, k]
            by_part[:, :, CASH_PARTS.index("power leased")] += drawn
    place, working = block.deployment, at_work(done)
    energy = over_sites(powered(sets, block, done, working) * place.energy_usd)
    hosting = over_sites(standing(sets, done, working) * place.hosting_usd)
    for part, spent in (("energy", energy), ("hosting", hosting)):
        by_part[:, :, CASH_PARTS.index(part)] += total(np.moveaxis(spent, 1, -1))
        by_platform += spent


def _add_owed(owed: Array, deal: Deal) -> None:
    """Add what is still due after each quarter of a deal, once it is signed."""
    quarters = owed.shape[1]
    later = deal.flows.owed_usd
    firm = [
        paid
        for part, paid in deal.flows.paid.items()
        if part != "maintenance" and not is_nothing(paid)
    ]
    for t in reversed(range(quarters)):
        signed = [u for u in deal.starts if t >= u - deal.signed_before]
        if not is_nothing(later):
            for u in signed:
                owed[:, t] += deal.count[:, u] * later[:, u]
        if t:
            later = sum((paid[:, :, t] for paid in firm), start=later)


def _worth(deal: Deal) -> Array:
    """Return what a deal is worth at the horizon, (sample,)."""
    worth = deal.flows.worth_usd
    if is_nothing(worth):
        return np.zeros(1)
    return sum((deal.count[:, u] * worth[:, u] for u in deal.starts), start=np.zeros(1))


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
    found = np.empty((block.n, len(COST_PARTS)), order="F")
    found[:, : len(CASH_PARTS)] = weighted(np.moveaxis(spent.by_part, 1, -1), block.discount)
    found[:, COST_PARTS.index(RESIDUAL)] = -block.horizon_discount * spent.worth_usd
    found[:, COST_PARTS.index(SHORTFALL)] = _penalties(block, done)
    found[:, COST_PARTS.index(OVERRUN)] = _overrun(sets, block, done)
    return found


def _penalties(block: Coefficients, done: Decisions) -> Array:
    plain = done["shortfall"] * block.shortfall_usd
    if "below_target" in done.taken:
        plain = plain + done["below_target"] * block.target_usd
    return total(weighted(plain, block.discount))


def _overrun(sets: Sets, block: Coefficients, done: Decisions) -> Array:
    budgets = sets.scenario.limits.budgets
    if budgets is None:
        return np.zeros(1)
    last = np.array([block.discount[quarters[-1]] for quarters in sets.years])
    over = weighted(total(np.moveaxis(done["overrun"], 1, -1)), last)
    return np.asarray(over * budgets.overrun_usd_per_usd * USD_PER_MILLION)
