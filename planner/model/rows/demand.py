"""Demand: what is allocated to a workload, times its yield, plus the shortfall covers it."""

from __future__ import annotations

from planner.model.builder import TemplateBuilder
from planner.model.columns import allocation, shortfall
from planner.model.sets import Sets
from planner.model.template import Ref, constant


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per workload and quarter, in effective PFLOP/s."""
    for w, workload in enumerate(sets.workloads):
        for t, quarter in enumerate(sets.quarters):
            terms = [
                (allocation(sets, p, i, w, t), Ref("yield", (p, w)))
                for p, i in sets.platform_sites()
                if (p, w) in sets.eligible
            ]
            terms.append((shortfall(sets, w, t), constant(1)))
            builder.row("demand", (workload, quarter), ">=", Ref("demand", (w, t)), terms)
