"""Campaign: the output of all quarters in the window, plus the shortfall, covers the amount."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.output import outputs
from planner.model.sets import Sets
from planner.model.template import Ref, constant

STAGE = "recourse"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per campaign, in the workload's unit times quarters."""
    for w, window in sets.windows.items():
        done = [term for t in range(window.first, window.last + 1) for term in outputs(sets, w, t)]
        terms = [*done, (labels.shortfall(sets, w, window.last), constant(1))]
        rhs = Ref("demand", (w, window.last))
        builder.row("campaign", (sets.workloads[w],), ">=", rhs, terms)
