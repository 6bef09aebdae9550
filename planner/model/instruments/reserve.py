"""Reserve: held for a term and paid by the hour, in part when it begins."""

from __future__ import annotations

import numpy as np

from planner.config.offers import Reserve
from planner.model.blocks import times
from planner.model.instruments.terms import Flows, Reader, Terms, after_plan, window
from planner.model.time import HOURS_PER_QUARTER


def terms(offer: Reserve, read: Reader) -> Terms:
    """Return what one accelerator gives and costs."""
    begin = read.slipped(offer.slip_quarters)
    share = read.number("delivered_share", offer.delivered_share)[:, None]
    hourly = read.by_quarter("price_usd_per_hour", offer.price_usd_per_hour)
    quarterly = times(share, hourly * HOURS_PER_QUARTER)
    upfront = read.number("upfront_share", offer.upfront_share)[:, None]
    held = window(begin, offer.term_quarters, read.quarters)
    first = np.equal(begin[:, :, None], np.arange(read.quarters), order="F")
    # Of one quarter's price, by quarter: most often the same in every sample.
    due = times(held, (1 - upfront)[:, :, None])
    due = due + times(first, (upfront * offer.term_quarters)[:, :, None])
    later = after_plan(begin, offer.term_quarters, read.quarters)
    begun = begin < read.quarters
    flows = Flows(
        {"reservations": times(quarterly[:, :, None], due)},
        worth_usd=times(quarterly, times(later * begun, upfront)),
        owed_usd=times(quarterly, later * np.where(begun, 1 - upfront, 1.0)),
    )
    return Terms(times(held, share[:, :, None]), flows, listed=flows)
