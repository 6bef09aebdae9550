"""How much of the demand is served, and whether the service targets are met."""

from __future__ import annotations

from planner.analysis.results import Results
from planner.report.numbers import (
    exact,
    percent,
    percent_at_most,
    percent_error,
    percent_interval,
    percent_of,
)
from planner.report.text import escape, listed, plural, sample_counts, table


def served_section(results: Results) -> str:
    """Return how much of each workload's demand is served."""
    blocks = served_blocks(results, "the optimum")
    return "\n\n".join(["## Demand served", *blocks, *_scaling_sentence(results)])


def served_blocks(results: Results, by: str) -> list[str]:
    """Return the shares served and the targets met; `by` says what serves."""
    if not results.served:
        return ["The results hold no workload."]
    rows = [
        (
            escape(item.workload),
            percent_of(item.share.mean),
            percent_error(item.share.mean),
            *(percent(one.value) for one in (item.share.p10, item.share.p50, item.share.p90)),
            percent_of(item.fully_served),
            percent_interval(item.fully_served),
        )
        for item in results.served
    ]
    headers = [
        "Workload",
        "Mean share served",
        "Standard error (points)",
        "P10",
        "P50",
        "P90",
        "Served in full, of samples",
        "95 % interval",
    ]
    intro = (
        f"Share of each workload's demand that {by} serves, over all its quarters, "
        f"{sample_counts([item.share.mean.n for item in results.served])}. P10 is the share "
        "that is reached or exceeded in nine samples of ten."
    )
    return [intro, table(headers, rows), *_target_blocks(results)]


def _target_blocks(results: Results) -> list[str]:
    found = [(s, s.target_share, s.target_met) for s in results.served]
    rows = [
        (
            escape(item.workload),
            f"{exact(100 * share)} %",
            percent_of(met),
            percent_interval(met),
            f"{met.n:,}",
        )
        for item, share, met in found
        if share is not None and met is not None
    ]
    if not rows:
        return []
    headers = ["Service target", "Share", "Met, of samples", "95 % interval", "n"]
    return [
        "**Service targets.** A target is met in a sample when no quarter (of a campaign, the "
        "whole) is served below it; what lies below is in the cost at the target's own price.",
        table(headers, rows),
    ]


def _scaling_sentence(results: Results) -> list[str]:
    if not results.scaling:
        return []
    parts = [
        f"at most {percent_at_most(item.largest_understatement)} for {escape(item.workload)} "
        f"({plural(item.jobs, 'job')})"
        for item in results.scaling
    ]
    return [
        "**Scaling.** What a job loses as it grows is drawn in straight pieces, which understate "
        f"the output by {listed(parts)}, with the exponent at its median. Platforms that "
        "serve the same workload share its jobs in any proportion, also parts of a job; that a "
        "part of a job loses nothing is optimistic."
    ]
