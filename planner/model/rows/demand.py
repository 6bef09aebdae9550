"""Demand: what is put out for a workload, plus the shortfall, covers what is wanted."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.output import outputs
from planner.model.sets import Sets
from planner.model.template import Ref, constant

STAGE = "recourse"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per workload with a rate and quarter, in the workload's unit."""
    for w, workload in enumerate(sets.workloads):
        if w in sets.windows:
            continue
        for t, quarter in enumerate(sets.quarters):
            terms = [*outputs(sets, w, t), (labels.shortfall(sets, w, t), constant(1))]
            builder.row("demand", (workload, quarter), ">=", Ref("demand", (w, t)), terms)
