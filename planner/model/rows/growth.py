"""Growth: no more accelerators begin in a quarter than can be brought into service.

What is cancelled neither begins nor serves.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.columns import cancellable
from planner.model.fleet import Term, committed
from planner.model.rows.cancellation import kept
from planner.model.sets import Sets
from planner.model.template import Ref, constant

STAGE = "commitment"

FLEET = "fleet"
"""What the rows are named by before their quarter: all accelerators together."""

_ALREADY_THERE = ("owned", "contracted")


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per quarter, in accelerators."""
    if sets.scenario.limits.growth is None:
        return
    for t, quarter in enumerate(sets.quarters):
        begins: list[Term] = [
            term
            for _, offer in sets.starts_of()
            if t in offer.starts
            for term in kept(sets, offer, t, constant(1))
        ]
        if begins:
            terms = [*begins, *_share_of_fleet(sets, t)]
            builder.row("growth", (FLEET, quarter), "<=", Ref("growth", (0, t)), terms)


def _share_of_fleet(sets: Sets, quarter: int) -> list[Term]:
    """Return what the fleet of the quarter before adds to the limit, as terms on the left."""
    if quarter == 0:
        first = len(sets.offers)
        return [
            (labels.existing(entry), Ref("growth_serves", (first + e, 0, 0), -1.0))
            for e, entry in enumerate(sets.existing)
            if entry.mode in _ALREADY_THERE
        ]
    before = committed(sets, quarter - 1, "growth_serves")
    gone = _cancelled(sets, quarter - 1)
    return [*((label, Ref(ref.source, ref.index, -1.0)) for label, ref in before), *gone]


def _cancelled(sets: Sets, quarter: int) -> Iterator[Term]:
    """Yield what would serve in a quarter and was cancelled."""
    for o, offer in enumerate(sets.offers):
        if cancellable(sets, offer):
            for u in offer.starts:
                if quarter in offer.reach(u, len(sets.quarters)):
                    for i in offer.sites:
                        served = Ref("growth_serves", (o, u, quarter))
                        yield labels.cancel(sets, offer, i, u), served
