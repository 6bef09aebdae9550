"""Allocation: no more accelerators are deployed than are installed and rented."""

from __future__ import annotations

from planner.model.builder import TemplateBuilder
from planner.model.columns import allocation, take
from planner.model.sets import Sets
from planner.model.template import Label, Ref, constant


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per platform, site and quarter, in accelerators."""
    for p, i in sets.platform_sites():
        for t, quarter in enumerate(sets.quarters):
            used = [
                (allocation(sets, p, i, w, t), constant(1))
                for w in range(len(sets.workloads))
                if (p, w) in sets.eligible
            ]
            terms = [*used, *_in_service(sets, p, i, t)]
            key = (sets.platforms[p], sets.sites[i], quarter)
            builder.row("allocation", key, "<=", constant(0), terms)


def _in_service(sets: Sets, platform: int, site: int, quarter: int) -> list[tuple[Label, Ref]]:
    """Return what serves in the quarter: started no later, and not yet past its life or term."""
    return [
        (take(sets, offer, site, start), constant(-1))
        for offer in sets.offers
        if offer.platform == platform and site in offer.sites
        for start in range(offer.lead_quarters, quarter + 1)
        if quarter < start + offer.service_quarters
    ]
