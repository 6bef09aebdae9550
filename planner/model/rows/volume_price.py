"""Volume price: a quarter's order fills its price tiers from the first on.

Tiers that rise fill in order by themselves. A tier that is cheaper than any before it opens only
when all of those are full, which takes a yes or no: the one just before may be dear, and would be
filled alone for the sake of it.
"""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.contracts import Contract
from planner.model.sets import Sets
from planner.model.template import Ref, constant
from planner.model.tiers import tiers_of

STAGE = "commitment"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add rows per offer with tiers and quarter, in accelerators."""
    for o, offer in enumerate(sets.offers):
        count = len(tiers_of(sets, offer))
        for u in offer.starts if count else ():
            key = (offer.name, sets.quarters[u])
            terms = [
                *((labels.take(sets, offer, i, u), constant(1)) for i in offer.sites),
                *((labels.tier(sets, offer, u, g), constant(-1)) for g in range(count)),
            ]
            builder.row("volume_price", (*key, "total"), "=", constant(0), terms)
            _cheaper(builder, sets, o, offer, u)


def _cheaper(
    builder: TemplateBuilder, sets: Sets, position: int, offer: Contract, quarter: int
) -> None:
    steps = tiers_of(sets, offer)
    for g, step in enumerate(steps):
        if not step.cheaper:
            continue
        key = (offer.name, sets.quarters[quarter], str(g))
        yes = labels.full(sets, offer, quarter, g)
        room = (
            Ref("supply", (position, quarter), -1.0)
            if step.width is None
            else constant(-step.width)
        )
        opens = [(labels.tier(sets, offer, quarter, g), constant(1)), (yes, room)]
        builder.row("volume_price", (*key, "opens"), "<=", constant(0), opens)
        needs = [
            *((labels.tier(sets, offer, quarter, before), constant(1)) for before in range(g)),
            (yes, constant(-step.above)),
        ]
        builder.row("volume_price", (*key, "needs"), ">=", constant(0), needs)
