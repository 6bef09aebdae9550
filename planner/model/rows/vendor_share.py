"""Vendor share: of all accelerators ordered, at most a share is one vendor's.

It counts accelerators, not compute, over the whole horizon; what is cancelled or not delivered
inside the plan does not count, nor what is rented by the quarter. Written as
``own - share x all <= 0``, so it stays linear.
"""

from __future__ import annotations

from planner.model.builder import TemplateBuilder
from planner.model.fleet import Term
from planner.model.rows.cancellation import kept
from planner.model.sets import Sets
from planner.model.template import Ref, constant

STAGE = "commitment"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per vendor with a largest share, in accelerators."""
    for vendor in sets.scenario.limits.largest_vendor_share:
        terms = own_less_share(sets, sets.vendors.index(vendor), "share_counts")
        builder.row("vendor_share", (vendor,), "<=", constant(0), terms)


def own_less_share(sets: Sets, vendor: int, source: str) -> list[Term]:
    """Return the terms of a vendor's orders less a share of all orders."""
    terms: list[Term] = []
    for o, offer in sets.starts_of():
        own = sets.vendor_of[offer.platform] == vendor
        for u in offer.starts:
            terms.extend(kept(sets, offer, u, Ref(source, (vendor, o, u), -1.0)))
            if own:
                terms.extend(kept(sets, offer, u, Ref("counts", (o, u))))
    return terms
