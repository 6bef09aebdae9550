"""Reserve: held for a term and paid by the hour, in part when it begins."""

from __future__ import annotations

import numpy as np

from planner.config.offers import Reserve
from planner.model.instruments.terms import Flows, Reader, Terms, after_plan, window
from planner.model.time import HOURS_PER_QUARTER


def terms(offer: Reserve, read: Reader) -> Terms:
    """Return what one accelerator gives and costs."""
    begin = read.start + read.slip(offer.slip_quarters)[:, None]
    share = read.number("delivered_share", offer.delivered_share)[:, None]
    hourly = read.by_quarter("price_usd_per_hour", offer.price_usd_per_hour)
    quarterly = share * hourly * HOURS_PER_QUARTER
    upfront = read.number("upfront_share", offer.upfront_share)[:, None]
    held = window(begin, offer.term_quarters, read.quarters)
    first = begin[:, :, None] == np.arange(read.quarters)
    paid = ((1 - upfront) * quarterly)[:, :, None] * held
    paid += (upfront * quarterly * offer.term_quarters)[:, :, None] * first
    later = after_plan(begin, offer.term_quarters, read.quarters)
    begun = begin < read.quarters
    flows = Flows(
        {"reservations": paid},
        worth_usd=upfront * quarterly * later * begun,
        owed_usd=quarterly * later * np.where(begun, 1 - upfront, 1.0),
    )
    return Terms(held * share[:, :, None], flows, listed=flows)
