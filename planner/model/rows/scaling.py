"""Scaling: the accelerators of a workload's jobs fill the segments of their size.

Platforms that run the same workload share its jobs: what part of the jobs a platform has is how
far its first segment is filled, and no later segment is filled farther.
"""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.columns import segment_widths
from planner.model.sets import Sets
from planner.model.template import constant

STAGE = "recourse"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per platform, workload with scaling and quarter, and those of shared jobs."""
    for p, w in sets.runs:
        if not sets.scaled(w):
            continue
        for t in sets.run_quarters(p, w):
            terms = [
                *((labels.allocate(sets, p, i, w, t), constant(1)) for i in sets.run_sites(p, w)),
                *(
                    (labels.segment(sets, p, w, t, k), constant(-1))
                    for k in range(len(segment_widths(sets, w)))
                ),
            ]
            key = (sets.platforms[p], sets.workloads[w], sets.quarters[t])
            builder.row("scaling", key, "=", constant(0), terms)
    for w in range(len(sets.workloads)):
        for t in range(len(sets.quarters)) if sets.scaled(w) else ():
            _share_jobs(builder, sets, w, t)


def _share_jobs(builder: TemplateBuilder, sets: Sets, workload: int, quarter: int) -> None:
    """Add a row for all jobs, and one per platform and segment beyond the first.

    One platform alone has all jobs, and fills its segments in order because each yields less.
    """
    platforms = [
        p for p, w in sets.runs if w == workload and quarter in sets.run_quarters(p, workload)
    ]
    if len(platforms) < 2:
        return
    first, *later = segment_widths(sets, workload)
    key = (sets.workloads[workload], sets.quarters[quarter])
    firsts = {p: labels.segment(sets, p, workload, quarter, 0) for p in platforms}
    all_jobs = [(label, constant(1)) for label in firsts.values()]
    builder.row("scaling", (*key, "jobs"), "<=", constant(first), all_jobs)
    for p in platforms:
        for k, width in enumerate(later, start=1):
            terms = [
                (labels.segment(sets, p, workload, quarter, k), constant(1)),
                (firsts[p], constant(-width / first)),
            ]
            builder.row("scaling", (sets.platforms[p], *key, str(k)), "<=", constant(0), terms)
