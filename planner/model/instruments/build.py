"""Build: power that one builds; paid once, used for its life."""

from __future__ import annotations

from planner.config.places import PowerBuild
from planner.model.blocks import times
from planner.model.instruments.purchase import book_share
from planner.model.instruments.terms import Flows, Reader, Terms, schedule, window


def terms(item: PowerBuild, read: Reader) -> Terms:
    """Return what one kW that one builds gives and costs."""
    begin = read.slipped(item.slip_quarters)
    price = read.by_quarter("capex_usd_per_kw", item.capex_usd_per_kw)
    paid, unpaid = schedule(item.payments, read.planned, begin, read.quarters).of(price)
    left = read.number("residual_share", item.residual_share)[:, None]
    left = times(left, book_share(begin, item.life_quarters, read.quarters))
    flows = Flows({"power built": paid}, times(price, left) - unpaid, unpaid)
    return Terms(window(begin, item.life_quarters, read.quarters), flows)
