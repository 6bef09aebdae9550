"""Deployment: no more accelerators stand powered than are in service."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.fleet import in_service
from planner.model.sets import Sets
from planner.model.template import constant

STAGE = "recourse"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per platform with idle power, site and quarter, in accelerators."""
    for p, i in sets.platform_sites:
        if p in sets.idle_platforms:
            for t, quarter in enumerate(sets.quarters):
                stands = (labels.deploy(sets, p, i, t), constant(1))
                terms = [stands, *in_service(sets, p, i, t, -1.0)]
                key = (sets.platforms[p], sets.sites[i], quarter)
                builder.row("deployment", key, "<=", constant(0), terms)
