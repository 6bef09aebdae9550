"""Rent: held for one quarter, on demand, at the price of that quarter."""

from __future__ import annotations

import numpy as np

from planner.config.offers import Rent, Spot
from planner.model.blocks import times
from planner.model.instruments.terms import Array, Flows, Reader, Terms
from planner.model.time import HOURS_PER_QUARTER


def terms(offer: Rent, read: Reader) -> Terms:
    """Return what one accelerator gives and costs."""
    return for_one_quarter(offer, read, np.ones(1))


def for_one_quarter(offer: Rent | Spot, read: Reader, works: Array) -> Terms:
    """Return the terms of what is paid by the hour and counts for `works`, shape (sample,)."""
    same = np.eye(read.quarters)
    hourly = read.by_quarter("price_usd_per_hour", offer.price_usd_per_hour)
    nothing = np.zeros((1, read.quarters))
    paid = times((hourly * HOURS_PER_QUARTER)[:, :, None], same)
    serves = times(works[:, None, None], same)
    return Terms(serves, Flows({"rentals": paid}, worth_usd=nothing, owed_usd=nothing))
