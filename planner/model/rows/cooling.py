"""Cooling: liquid-cooled accelerators that stand deployed fit the site's liquid cooling."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.fleet import Term
from planner.model.sets import Sets
from planner.model.template import Ref

STAGE = "recourse"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per site of limited liquid cooling and quarter, in kW of accelerators."""
    for i, (name, site) in enumerate(sets.scenario.sites.items()):
        if site.liquid_cooling_mw == "unlimited":
            continue
        for t, quarter in enumerate(sets.quarters):
            rhs = Ref("cooling_kw", (i, t))
            builder.row("cooling", (name, quarter), "<=", rhs, _cooled(sets, i, t))


def _cooled(sets: Sets, site: int, quarter: int) -> list[Term]:
    platforms = tuple(sets.scenario.platforms.values())
    terms: list[Term] = []
    for p, i in sets.platform_sites:
        if i != site or not platforms[p].liquid_cooled:
            continue
        ref = Ref("it_kw", (p,))
        if p in sets.idle_platforms:
            terms.append((labels.deploy(sets, p, i, quarter), ref))
            continue
        terms.extend(
            (labels.allocate(sets, p, i, w, quarter), ref)
            for w in sets.run_workloads(p, i)
            if quarter in sets.run_quarters(p, w)
        )
    return terms
