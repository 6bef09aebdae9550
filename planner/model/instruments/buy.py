"""Buy: owned from delivery on; may be cancelled before, where the offer says so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.config.offers import Buy
from planner.model.blocks import times
from planner.model.instruments.purchase import Purchase, purchase, terms_of
from planner.model.instruments.terms import Array, Flows, Reader, Terms, early_share


def terms(offer: Buy, read: Reader) -> Terms:
    """Return what one accelerator gives and costs."""
    bought = purchase(offer, read, read.slipped(offer.slip_quarters))
    made = terms_of(bought)
    if offer.cancellation_share is None:
        return made
    lost = read.number("cancellation_share", offer.cancellation_share)[:, None]
    return replace(made, cancelled=_cancelled(offer, bought, lost))


def lowest_times(offer: Buy) -> float:
    """Return the smallest multiplier of the price over the tiers."""
    return min((1.0, *(tier.price_times for tier in offer.volume_prices)))


def _cancelled(offer: Buy, bought: Purchase, lost_share: Array) -> Flows:
    """Return what cancelling adds: what is no longer paid, and the fee less the deposit.

    What is saved is counted at the cheapest tier's price, so that no order is worth placing for
    the sake of cancelling it.
    """
    start, quarter = np.indices(bought.serves.shape[1:])
    due = bought.flows.paid["purchases"] * (quarter >= start)
    settled = (lost_share - early_share(offer.payments)) * bought.price_usd
    kept = 1 - lowest_times(offer)
    listed = bought.listed
    on_day = times(settled[:, :, None], quarter == start)
    return Flows(
        {
            "cancellations": on_day - due + kept * listed.paid["purchases"],
            "maintenance": -bought.flows.paid["maintenance"],
        },
        worth_usd=kept * listed.worth_usd - bought.flows.worth_usd,
        owed_usd=kept * listed.owed_usd - bought.flows.owed_usd,
    )
