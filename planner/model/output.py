"""What a platform puts out on a workload: terms of rows, with or without loss by size."""

from __future__ import annotations

from planner.model import labels
from planner.model.columns import segment_widths
from planner.model.fleet import Term
from planner.model.sets import Sets
from planner.model.template import Ref


def output(
    sets: Sets, platform: int, workload: int, quarter: int, factor: float = 1.0
) -> list[Term]:
    """Return the terms of a platform's output in a quarter, in the workload's unit."""
    if quarter not in sets.run_quarters(platform, workload):
        return []
    if sets.scaled(workload):
        return [
            (
                labels.segment(sets, platform, workload, quarter, k),
                Ref("segment_yield", (platform, workload, k), factor),
            )
            for k in range(len(segment_widths(sets, workload)))
        ]
    return [
        (
            labels.allocate(sets, platform, i, workload, quarter),
            Ref("yield", (platform, workload), factor),
        )
        for i in sets.run_sites(platform, workload)
    ]


def outputs(sets: Sets, workload: int, quarter: int) -> list[Term]:
    """Return the terms of all platforms' output on a workload in a quarter."""
    return [
        term for p, w in sets.runs if w == workload for term in output(sets, p, workload, quarter)
    ]
