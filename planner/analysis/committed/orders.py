"""A plan line by line: what is signed when, what of it arrives, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.analysis import estimates
from planner.analysis.bets import KINDS, bet_name
from planner.analysis.committed.problem import Contracts
from planner.analysis.results_committed import PlannedBet, PlannedOrder
from planner.model.contracts import Contract, ordered_before
from planner.model.template import Array
from planner.model.units import KW_PER_MW

_LEAST = 1e-6
"""Accelerators below which an order is a solver's rounding."""


@dataclass(frozen=True)
class Delivery:
    """Signed columns in some samples.

    Attributes
    ----------
    factor : ndarray, (sample, first-stage column)
        How far each is delivered.
    cost_usd : ndarray, (sample, first-stage column)
        Of one that is delivered.
    """

    factor: Array
    cost_usd: Array


def delivery(contracts: Contracts, first: int, n: int) -> Delivery:
    """Return what is delivered in some samples, and at what cost."""
    block = contracts.model.coefficients(contracts.sampler.draw(first, n))
    cost = contracts.model.programs(block).cost.take(contracts.parts.signed, axis=1)
    return Delivery(contracts.factor(block), cost.take(contracts.effect_of, axis=1))


def planned_orders(contracts: Contracts, plan: Array, arrives: Delivery) -> list[PlannedOrder]:
    """Return the orders of a plan, by when they have to be signed.

    Parameters
    ----------
    contracts : Contracts
    plan : ndarray, (first-stage column,)
    arrives : Delivery
        In the samples that estimates are made from.
    """
    quarters = contracts.model.sets.quarters
    found = list(_orders(contracts, plan, arrives))
    return sorted(found, key=lambda o: (quarters.index(o.sign_in), quarters.index(o.quarter)))


def _orders(contracts: Contracts, plan: Array, arrives: Delivery) -> Iterator[PlannedOrder]:
    sets, labels = contracts.model.sets, contracts.commitments.labels
    offers = {item.name: item for item in (*sets.offers, *sets.power)}
    for label in dict.fromkeys(labels):
        if label.family not in ("start", "power"):
            continue
        mine = np.array([other == label for other in labels])
        if plan[mine].sum() <= _LEAST:
            continue
        offer, quarter = offers[label.key[0]], label.key[-1]
        change = _changed_prices(contracts, plan, arrives, label.key[0], quarter)
        whole = sum(plan[k] for k, other in enumerate(labels) if other.family == label.family
                    and other.key[0] == label.key[0] and other.key[-1] == quarter)  # fmt: skip
        cost = (arrives.factor * arrives.cost_usd)[:, mine] @ plan[mine]
        yield _order(
            contracts,
            offer,
            label.key[1] if label.family == "start" else sets.sites[offer.sites[0]],
            quarter,
            float(plan[mine].sum()),
            arrives.factor[:, mine] @ plan[mine],
            cost + change * float(plan[mine].sum() / whole),
        )


def _changed_prices(
    contracts: Contracts, plan: Array, arrives: Delivery, offer: str, quarter: str
) -> Array:
    """Return what tiers add to the cost of a quarter's orders, (sample,)."""
    mine = np.array(
        [
            label.family == "tier" and label.key[:2] == (offer, quarter)
            for label in contracts.commitments.labels
        ]
    )
    found: Array = (arrives.factor * arrives.cost_usd)[:, mine] @ plan[mine]
    return found


def _order(
    contracts: Contracts,
    offer: Contract,
    site: str,
    quarter: str,
    count: float,
    delivered: Array,
    cost_usd: Array,
) -> PlannedOrder:
    sets = contracts.model.sets
    power = offer.platform < 0
    unit = KW_PER_MW if power else 1.0
    lead = offer.lead_quarters if power else ordered_before(offer, sets.scenario)
    signed = max(sets.quarters.index(quarter) - lead, 0)
    return PlannedOrder(
        offer=offer.name,
        mode=offer.mode,
        platform="" if power else sets.platforms[offer.platform],
        site=site,
        sign_in=sets.quarters[signed],
        quarter=quarter,
        service_quarters=offer.service_quarters,
        count=count / unit,
        unit="MW" if power else "accelerators",
        delivered=estimates.spread(delivered / unit),
        cost_usd=estimates.mean(cost_usd),
        sign_now=signed == 0,
    )


def planned_bets(contracts: Contracts, plan: Array) -> list[PlannedBet]:
    """Return every yes or no that could be taken, and how far it is."""
    sets, at = contracts.model.sets, {}
    for j, label in enumerate(contracts.commitments.labels):
        at[label] = float(plan[j])
    found = [
        PlannedBet(bet_name(bet), KINDS[bet.family], sets.platforms[bet.platform], value)
        for bet in sets.bets
        for label, value in at.items()
        if label.family == bet.family and label.key == bet.key
    ]
    falls = sets.scenario.bargaining.price_falls
    return [
        *found,
        *(
            PlannedBet(label.key[0], "price fall", falls[label.key[0]].vendor, value)
            for label, value in at.items()
            if label.family == "fall"
        ),
    ]


def plan_notes(contracts: Contracts) -> list[str]:
    """Return what a reader must know about what can be signed, and what arrives of it."""
    sets, own = contracts.model.sets, contracts.commitments
    found = []
    if own.tranche.any():
        found.append(
            "Where supply is uncertain, at most its 90 % point can be signed for; what arrives is "
            "never more than the future's supply, and an order between the median and that point "
            "is cut in proportion."
        )
    expected = ("vendor_share", "smallest_vendor_share", "growth", "price_fall")
    if any(label.family in expected for label in own.rows):
        found.append(
            "Vendor shares, growth and price falls count what is expected to be delivered of an "
            "order, when it is signed."
        )
    if sets.scenario.commitment.service is not None:
        found.append("The plan is the best one under a price of shortfall that was raised.")
    return found
