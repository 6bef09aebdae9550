"""Ordered: under way when the plan begins; it is kept, or cancelled for a fee."""

from __future__ import annotations

import numpy as np

from planner.config.fleet import Ordered
from planner.model.instruments.purchase import book_share
from planner.model.instruments.terms import Flows, Reader, Terms, payments, window
from planner.model.time import QUARTERS_PER_YEAR


def terms(entry: Ordered, read: Reader) -> Terms:
    """Return what one accelerator gives and costs, and what cancelling it costs instead."""
    planned = np.broadcast_to(read.start, (read.draws.n, read.quarters))
    delivered = planned + read.slip(entry.slip_quarters)[:, None]
    price = np.broadcast_to(read.number("price_usd", entry.price_usd)[:, None], planned.shape)
    before = read.number("paid_share", entry.paid_share)[:, None]
    paid, unpaid = payments((1 - before) * price, (), planned, delivered, read.quarters)
    left = read.number("residual_share", entry.residual_share)[:, None]
    left = left * book_share(delivered, entry.life_quarters, read.quarters)
    serves = window(delivered, entry.life_quarters, read.quarters)
    yearly = read.by_quarter("maintenance_usd_per_year", entry.maintenance_usd_per_year)
    flows = Flows(
        {"purchases": paid, "maintenance": serves * yearly[:, None, :] / QUARTERS_PER_YEAR},
        worth_usd=left * price - unpaid,
        owed_usd=unpaid,
    )
    if entry.cancellation_share is None:
        return Terms(serves, flows)
    lost = read.number("cancellation_share", entry.cancellation_share)[:, None]
    nothing = np.zeros(planned.shape)
    settled = ((lost - before) * price)[:, :, None] * np.eye(read.quarters)
    return Terms(serves, flows, cancelled=Flows({"cancellations": settled}, nothing, nothing))
