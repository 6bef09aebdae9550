"""Standing: what was deployed stays deployed until it leaves service.

What is rented for a quarter stands for that quarter, so that it cannot leave in the place of
something that is to be switched off.
"""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.fleet import leaving, rented
from planner.model.sets import Sets
from planner.model.template import constant

STAGE = "recourse"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per platform with idle power, site and quarter after the first."""
    for p, i in sets.platform_sites:
        if p in sets.idle_platforms:
            for t in range(1, len(sets.quarters)):
                terms = [
                    (labels.deploy(sets, p, i, t), constant(1)),
                    (labels.deploy(sets, p, i, t - 1), constant(-1)),
                    *leaving(sets, p, i, t),
                    *rented(sets, p, i, t, -1.0),
                ]
                key = (sets.platforms[p], sets.sites[i], sets.quarters[t])
                builder.row("standing", key, ">=", constant(0), terms)
