"""Rebate: at a fallen price is what is kept of an order, once the fall is earned.

What is cancelled gives its discount back, so that a rebate is settled when that is known.
"""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.columns import fall_offers
from planner.model.rows.cancellation import kept
from planner.model.sets import Sets
from planner.model.template import Ref, constant

STAGE = "recourse"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add two rows per price fall, offer and quarter, in accelerators."""
    for f, name in enumerate(sets.falls):
        yes = labels.fall(sets, f)
        for o, offer in fall_offers(sets, f):
            for u in offer.starts:
                key = (name, offer.name, sets.quarters[u])
                rebate = (labels.rebate(sets, f, offer, u), constant(1))
                ordered = [rebate, *kept(sets, offer, u, constant(-1))]
                earned = [rebate, (yes, Ref("supply", (o, u), -1.0))]
                builder.row("rebate", (*key, "ordered"), "<=", constant(0), ordered)
                builder.row("rebate", (*key, "earned"), "<=", constant(0), earned)
