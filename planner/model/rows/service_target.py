"""Service target: shortfall beyond what the target allows is counted a second time."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.sets import Sets
from planner.model.template import Ref, constant

STAGE = "recourse"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per workload with a target and quarter of demand, in the workload's unit."""
    for w, (name, item) in enumerate(sets.scenario.workloads.items()):
        if item.service_target is None:
            continue
        for t in sets.demand_quarters(w):
            terms = [
                (labels.shortfall(sets, w, t), constant(1)),
                (labels.below_target(sets, w, t), constant(-1)),
            ]
            allowed = Ref("demand", (w, t), 1 - item.service_target.share)
            builder.row("service_target", (name, sets.quarters[t]), "<=", allowed, terms)
