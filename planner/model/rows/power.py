"""Power: what stands deployed fits what the site has, leases and has built."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.columns import draws_apart
from planner.model.fleet import Term
from planner.model.sets import Sets
from planner.model.template import Ref, constant

STAGE = "recourse"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per site of limited power and quarter, in kW at the meter."""
    for i, (name, site) in enumerate(sets.scenario.sites.items()):
        if site.power_mw == "unlimited":
            continue
        for t, quarter in enumerate(sets.quarters):
            terms = [*_taken(sets, i, t), *_contracted(sets, i, t)]
            builder.row("power", (name, quarter), "<=", Ref("site_kw", (i, t)), terms)


def _taken(sets: Sets, site: int, quarter: int) -> list[Term]:
    terms: list[Term] = []
    for p, i in sets.platform_sites:
        if i != site:
            continue
        if p in sets.idle_platforms:
            terms.append((labels.deploy(sets, p, i, quarter), Ref("idle_kw", (p, i))))
        terms.extend(
            (labels.allocate(sets, p, i, w, quarter), Ref("work_kw", (p, i)))
            for w in sets.run_workloads(p, i)
            if quarter in sets.run_quarters(p, w)
        )
    return terms


def _contracted(sets: Sets, site: int, quarter: int) -> list[Term]:
    terms: list[Term] = []
    for k, item in enumerate(sets.power):
        if item.sites != (site,):
            continue
        if draws_apart(sets, k):
            terms.append((labels.draw(sets, item, quarter), constant(-1)))
            continue
        terms.extend(
            (labels.power(sets, item, u), Ref("power_serves", (k, u, quarter), -1.0))
            for u in item.starts
            if quarter in item.reach(u, len(sets.quarters))
        )
    return terms
