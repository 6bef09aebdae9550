"""What all owned things have in common: a price in parts, maintenance, a value at the horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.config.offers import Buy, Option, Programme
from planner.model.instruments.terms import (
    Array,
    Flows,
    Reader,
    Terms,
    Whole,
    payments,
    window,
)
from planner.model.time import QUARTERS_PER_YEAR


@dataclass(frozen=True)
class Purchase:
    """A purchase of a block: when it comes, and its money."""

    serves: Array
    flows: Flows
    listed: Flows
    price_usd: Array


def book_share(delivered: Whole, life: int, quarters: int) -> Array:
    """Return the straight-line share of a life that is left at the horizon."""
    return np.asarray(np.clip(delivered + life - quarters, 0, life) / life, dtype=float)


def purchase(offer: Buy | Option | Programme, read: Reader, slip: Whole) -> Purchase:
    """Return what one accelerator of an owned offer gives and costs.

    Source of the formulas: docs/formulation.md, "Owned".
    """
    planned = np.broadcast_to(read.start, (read.draws.n, read.quarters))
    delivered = planned + slip[:, None]
    share = read.number("delivered_share", offer.delivered_share)[:, None]
    price = share * read.by_quarter("price_usd", offer.price_usd)
    equipment = share * (
        read.by_quarter("server_share_usd", offer.server_share_usd)
        + read.by_quarter("network_share_usd", offer.network_share_usd)
    )
    installation = share * read.by_quarter("installation_usd", offer.installation_usd)
    left = read.number("residual_share", offer.residual_share)[:, None]
    left = left * book_share(delivered, offer.life_quarters, read.quarters)
    serves = window(delivered, offer.life_quarters, read.quarters) * share[:, :, None]
    yearly = read.by_quarter("maintenance_usd_per_year", offer.maintenance_usd_per_year)
    total = price + equipment + installation
    paid, unpaid = payments(total, offer.payments, planned, delivered, read.quarters)
    list_paid, list_unpaid = payments(price, offer.payments, planned, delivered, read.quarters)
    return Purchase(
        serves=serves,
        flows=Flows(
            {
                "purchases": paid,
                "maintenance": serves * yearly[:, None, :] / QUARTERS_PER_YEAR,
            },
            worth_usd=left * (price + equipment) - unpaid,
            owed_usd=unpaid,
        ),
        listed=Flows({"purchases": list_paid}, left * price - list_unpaid, list_unpaid),
        price_usd=total,
    )


def terms_of(bought: Purchase) -> Terms:
    """Return the terms of a purchase that cannot be cancelled."""
    return Terms(bought.serves, bought.flows, bought.listed)
