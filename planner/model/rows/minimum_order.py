"""Minimum order: a quarter's order is nothing, or at least the minimum."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.columns import minimum_order
from planner.model.sets import Sets
from planner.model.template import Ref, constant

STAGE = "commitment"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add two rows per offer with a minimum order and quarter, in accelerators."""
    for o, offer in enumerate(sets.offers):
        least = minimum_order(sets, offer)
        if least is None:
            continue
        for u in offer.starts:
            ordered = [(labels.take(sets, offer, i, u), constant(1)) for i in offer.sites]
            yes = labels.order(sets, offer, u)
            key = (offer.name, sets.quarters[u])
            builder.row(
                "minimum_order", (*key, "least"), ">=", constant(0),
                [*ordered, (yes, constant(-least))],
            )  # fmt: skip
            builder.row(
                "minimum_order", (*key, "most"), "<=", constant(0),
                [*ordered, (yes, Ref("supply", (o, u), -1.0))],
            )  # fmt: skip
