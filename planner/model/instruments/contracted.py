"""Contracted: reserved before the plan begins, and paid by the hour to the end of its term."""

from __future__ import annotations

import numpy as np

from planner.config.fleet import Contracted
from planner.model.blocks import times
from planner.model.instruments.terms import Flows, Reader, Terms, after_plan, window
from planner.model.time import HOURS_PER_QUARTER


def terms(entry: Contracted, read: Reader) -> Terms:
    """Return what one accelerator gives and costs to the end of its term."""
    begin = read.planned
    serves = window(begin, entry.term_left_quarters, read.quarters)
    hourly = read.number("price_usd_per_hour", entry.price_usd_per_hour)
    quarterly = (hourly * HOURS_PER_QUARTER)[:, None]
    later = after_plan(begin, entry.term_left_quarters, read.quarters)
    flows = Flows(
        {"reservations": times(serves, quarterly[:, :, None])},
        worth_usd=np.zeros(begin.shape),
        owed_usd=times(quarterly, later),
    )
    return Terms(serves, flows)
