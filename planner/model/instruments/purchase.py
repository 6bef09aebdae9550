"""What all owned things have in common: a price in parts, maintenance, a value at the horizon."""

from __future__ import annotations

from dataclasses import dataclass

from planner.config.offers import Buy, Option, Programme
from planner.model.blocks import times
from planner.model.instruments.terms import (
    Array,
    Flows,
    Reader,
    Terms,
    Whole,
    after_plan,
    schedule,
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
    return after_plan(delivered, life, quarters) / life


def maintenance(serves: Array, usd_per_year: Array) -> Array:
    """Return what is paid in the quarters in which it serves, (sample, start, quarter)."""
    return times(serves, usd_per_year[:, None] / QUARTERS_PER_YEAR)


def purchase(offer: Buy | Option | Programme, read: Reader, delivered: Whole) -> Purchase:
    """Return what one accelerator of an owned offer gives and costs.

    Source of the formulas: docs/formulation.md, "Owned".

    Parameters
    ----------
    offer : Buy, Option or Programme
    read : Reader
    delivered : ndarray of int, (sample, start)
        By planned start.
    """
    share = read.number("delivered_share", offer.delivered_share)[:, None]
    price = times(share, read.by_quarter("price_usd", offer.price_usd))
    equipment = times(
        share,
        read.by_quarter("server_share_usd", offer.server_share_usd)
        + read.by_quarter("network_share_usd", offer.network_share_usd),
    )
    installation = times(share, read.by_quarter("installation_usd", offer.installation_usd))
    left = read.number("residual_share", offer.residual_share)[:, None]
    left = times(left, book_share(delivered, offer.life_quarters, read.quarters))
    held = window(delivered, offer.life_quarters, read.quarters)
    serves = times(held, share[:, :, None])
    yearly = read.by_quarter("maintenance_usd_per_year", offer.maintenance_usd_per_year)
    total = price + equipment + installation
    when = schedule(offer.payments, read.planned, delivered, read.quarters)
    paid, unpaid = when.of(total)
    list_paid, list_unpaid = when.of(price)
    return Purchase(
        serves=serves,
        flows=Flows(
            {"purchases": paid, "maintenance": maintenance(serves, yearly)},
            worth_usd=times(price + equipment, left) - unpaid,
            owed_usd=unpaid,
        ),
        listed=Flows({"purchases": list_paid}, times(price, left) - list_unpaid, list_unpaid),
        price_usd=total,
    )


def terms_of(bought: Purchase) -> Terms:
    """Return the terms of a purchase that cannot be cancelled."""
    return Terms(bought.serves, bought.flows, bought.listed)
