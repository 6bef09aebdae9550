"""Power: deployed accelerators, times their power at the meter, fit what the site has."""

from __future__ import annotations

from planner.model.builder import TemplateBuilder
from planner.model.columns import allocation
from planner.model.sets import Sets
from planner.model.template import Ref


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per site of limited power and quarter, in kW at the meter."""
    for i in sets.limited_sites:
        for t, quarter in enumerate(sets.quarters):
            terms = [
                (allocation(sets, p, i, w, t), Ref("meter_kw", (p, i)))
                for p, site in sets.platform_sites()
                if site == i
                for w in range(len(sets.workloads))
                if (p, w) in sets.eligible
            ]
            builder.row("power", (sets.sites[i], quarter), "<=", Ref("site_kw", (i, t)), terms)
