"""Allocation: no more accelerators work than are in service, or than are deployed."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.fleet import in_service
from planner.model.sets import Sets
from planner.model.template import constant

STAGE = "recourse"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per platform, site and quarter, in accelerators."""
    for p, i in sets.platform_sites:
        for t, quarter in enumerate(sets.quarters):
            used = [
                (labels.allocate(sets, p, i, w, t), constant(1))
                for w in sets.run_workloads(p, i)
                if t in sets.run_quarters(p, w)
            ]
            if not used:
                continue
            have = (
                [(labels.deploy(sets, p, i, t), constant(-1))]
                if p in sets.idle_platforms
                else in_service(sets, p, i, t, -1.0)
            )
            key = (sets.platforms[p], sets.sites[i], quarter)
            builder.row("allocation", key, "<=", constant(0), [*used, *have])
