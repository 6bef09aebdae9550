"""Price fall: a vendor's discount is earned when enough is ordered of others; a yes or no.

What is cancelled earns none, and nor does it count as ordered of others; what is not delivered
inside the plan does not count either.
"""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.fleet import Term
from planner.model.rows.cancellation import kept
from planner.model.sets import Sets
from planner.model.template import Ref

STAGE = "commitment"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add a threshold per price fall, in accelerators."""
    for f, name in enumerate(sets.falls):
        yes = labels.fall(sets, f)
        terms = [*_others_less_share(sets, f), (yes, Ref("fall_most", (f,), -1.0))]
        rhs = Ref("fall_most", (f,), -1.0)
        builder.row("price_fall", (name, "threshold"), ">=", rhs, terms)


def _others_less_share(sets: Sets, position: int) -> list[Term]:
    fall = sets.scenario.bargaining.price_falls[sets.falls[position]]
    others = {sets.platforms.index(name) for name in fall.others}
    return [
        term
        for o, offer in sets.starts_of()
        for u in offer.starts
        for term in kept(
            sets, offer, u, Ref("counts", (o, u), (offer.platform in others) - fall.passes_share)
        )
    ]
