"""Vendor share: of all accelerators bought and reserved, at most a share is one vendor's.

It counts accelerators, not compute, over the whole horizon; what is rented by the quarter is no
commitment and does not count. Written as ``own - share x all <= 0``, so it stays linear.
"""

from __future__ import annotations

from planner.model.builder import TemplateBuilder
from planner.model.columns import offer_columns
from planner.model.sets import Sets
from planner.model.template import Label, Ref, constant


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per vendor with a limit, in accelerators."""
    commitments = [
        (label, sets.vendor_of[offer.platform])
        for offer in sets.offers
        if offer.mode != "rent"
        for label, _ in offer_columns(sets, offer)
    ]
    for v in sets.limited_vendors:
        terms: list[tuple[Label, Ref]] = []
        for label, vendor in commitments:
            terms.append((label, Ref("vendor_share", (v,), -1.0)))
            if vendor == v:
                terms.append((label, constant(1)))
        builder.row("vendor_share", (sets.vendors[v],), "<=", constant(0), terms)
