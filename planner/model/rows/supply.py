"""Supply: an offer delivers or holds no more than it has, over all sites, in each quarter."""

from __future__ import annotations

from planner.model.builder import TemplateBuilder
from planner.model.columns import take
from planner.model.sets import Sets
from planner.model.template import Ref, constant


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per offer and quarter in which it can start, in accelerators."""
    for o, offer in enumerate(sets.offers):
        for t in range(offer.lead_quarters, len(sets.quarters)):
            terms = [(take(sets, offer, site, t), constant(1)) for site in offer.sites]
            key = (offer.name, sets.quarters[t])
            builder.row("supply", key, "<=", Ref("supply", (o, t)), terms)
