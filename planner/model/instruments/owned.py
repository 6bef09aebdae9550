"""Owned: paid for before the plan begins; it costs maintenance to the end of its life."""

from __future__ import annotations

import numpy as np

from planner.config.fleet import Owned
from planner.model.instruments.purchase import maintenance
from planner.model.instruments.terms import Flows, Reader, Terms, window


def terms(entry: Owned, read: Reader) -> Terms:
    """Return what one accelerator gives and costs; its price is spent already."""
    begin = read.planned
    serves = window(begin, entry.life_left_quarters, read.quarters)
    yearly = read.by_quarter("maintenance_usd_per_year", entry.maintenance_usd_per_year)
    nothing = np.zeros(begin.shape)
    return Terms(serves, Flows({"maintenance": maintenance(serves, yearly)}, nothing, nothing))
