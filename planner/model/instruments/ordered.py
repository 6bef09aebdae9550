"""Ordered: under way when the plan begins; it is kept, or cancelled for a fee."""

from __future__ import annotations

import numpy as np

from planner.config.fleet import Ordered
from planner.model.blocks import times
from planner.model.instruments.purchase import book_share, maintenance
from planner.model.instruments.terms import Flows, Reader, Terms, schedule, window


def terms(entry: Ordered, read: Reader) -> Terms:
    """Return what one accelerator gives and costs, and what cancelling it costs instead."""
    planned, delivered = read.planned, read.slipped(entry.slip_quarters)
    price = read.by_quarter("price_usd", entry.price_usd)
    before = read.number("paid_share", entry.paid_share)[:, None]
    due = times(1 - before, price)
    paid, unpaid = schedule((), planned, delivered, read.quarters).of(due)
    left = read.number("residual_share", entry.residual_share)[:, None]
    left = times(left, book_share(delivered, entry.life_quarters, read.quarters))
    serves = window(delivered, entry.life_quarters, read.quarters)
    yearly = read.by_quarter("maintenance_usd_per_year", entry.maintenance_usd_per_year)
    flows = Flows(
        {"purchases": paid, "maintenance": maintenance(serves, yearly)},
        worth_usd=times(price, left) - unpaid,
        owed_usd=unpaid,
    )
    if entry.cancellation_share is None:
        return Terms(serves, flows)
    lost = read.number("cancellation_share", entry.cancellation_share)[:, None]
    nothing = np.zeros(planned.shape)
    fee = times(lost - before, price)
    settled = times(fee[:, :, None], np.eye(read.quarters))
    return Terms(serves, flows, cancelled=Flows({"cancellations": settled}, nothing, nothing))
