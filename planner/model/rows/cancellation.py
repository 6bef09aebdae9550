"""Cancellation: no more is cancelled than was ordered, and what is cancelled counts for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.columns import cancellable
from planner.model.contracts import Contract
from planner.model.fleet import Term
from planner.model.sets import Sets
from planner.model.template import Ref, constant

STAGE = "recourse"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per offer with a cancellation share, site and quarter, in accelerators."""
    for offer in sets.offers:
        if not cancellable(sets, offer):
            continue
        for i in offer.sites:
            for u in offer.starts:
                terms = [
                    (labels.cancel(sets, offer, i, u), constant(1)),
                    (labels.take(sets, offer, i, u), constant(-1)),
                ]
                key = (offer.name, sets.sites[i], sets.quarters[u])
                builder.row("cancellation", key, "<=", constant(0), terms)


def kept(sets: Sets, offer: Contract, quarter: int, ref: Ref) -> Iterator[Term]:
    """Yield what is ordered of an offer for a quarter, at all sites, less what is cancelled.

    An order that is placed only to be cancelled must not meet a limit or earn a discount.
    """
    for i in offer.sites:
        yield labels.take(sets, offer, i, quarter), ref
        if cancellable(sets, offer):
            less = Ref(ref.source, ref.index, -ref.factor)
            yield labels.cancel(sets, offer, i, quarter), less
