"""Build: power that one builds; paid once, used for its life."""

from __future__ import annotations

import numpy as np

from planner.config.places import PowerBuild
from planner.model.instruments.purchase import book_share
from planner.model.instruments.terms import Flows, Reader, Terms, payments, window


def terms(item: PowerBuild, read: Reader) -> Terms:
    """Return what one kW that one builds gives and costs."""
    planned = np.broadcast_to(read.start, (read.draws.n, read.quarters))
    begin = planned + read.slip(item.slip_quarters)[:, None]
    price = read.by_quarter("capex_usd_per_kw", item.capex_usd_per_kw)
    paid, unpaid = payments(price, item.payments, planned, begin, read.quarters)
    left = read.number("residual_share", item.residual_share)[:, None]
    left = left * book_share(begin, item.life_quarters, read.quarters)
    flows = Flows({"power built": paid}, left * price - unpaid, unpaid)
    return Terms(window(begin, item.life_quarters, read.quarters), flows)
