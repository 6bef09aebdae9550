"""Lease: power held for a term; a share of its price is due whether it is drawn or not."""

from __future__ import annotations

import numpy as np

from planner.config.places import PowerLease
from planner.model.blocks import times
from planner.model.instruments.terms import Array, Flows, Reader, Terms, after_plan, window
from planner.model.time import MONTHS_PER_QUARTER


def terms(item: PowerLease, read: Reader) -> Terms:
    """Return what one kW gives, and what is paid for it whether used or not."""
    begin = read.slipped(item.slip_quarters)
    serves = window(begin, item.term_quarters, read.quarters)
    fixed = read.number("take_or_pay_share", item.take_or_pay_share)[:, None]
    fixed = times(fixed, _quarterly(item, read))
    later = after_plan(begin, item.term_quarters, read.quarters)
    flows = Flows(
        {"power leased": times(serves, fixed[:, :, None])},
        worth_usd=np.zeros(begin.shape),
        owed_usd=times(fixed, later),
    )
    return Terms(serves, flows)


def drawn_usd(item: PowerLease, read: Reader) -> Array:
    """Return what a kW that is drawn for a quarter costs on top, (sample, quarter)."""
    used = 1 - read.number("take_or_pay_share", item.take_or_pay_share)
    return times(used[:, None], _quarterly(item, read))


def _quarterly(item: PowerLease, read: Reader) -> Array:
    monthly = read.by_quarter("price_usd_per_kw_month", item.price_usd_per_kw_month)
    return monthly * MONTHS_PER_QUARTER
