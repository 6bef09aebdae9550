"""Lease draw: no more is drawn under a lease than it has energised."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.columns import draws_apart
from planner.model.sets import Sets
from planner.model.template import Ref, constant

STAGE = "recourse"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per lease and quarter, in kW at the meter."""
    for k, item in enumerate(sets.power):
        if not draws_apart(sets, k):
            continue
        for t, quarter in enumerate(sets.quarters):
            terms = [
                (labels.draw(sets, item, t), constant(1)),
                *(
                    (labels.power(sets, item, u), Ref("power_serves", (k, u, t), -1.0))
                    for u in item.starts
                    if t in item.reach(u, len(sets.quarters))
                ),
            ]
            builder.row("lease_draw", (item.name, quarter), "<=", constant(0), terms)
