"""What can go wrong with the committed plan: its cost's spread, its tail, its regret."""

from __future__ import annotations

from planner.analysis.results import Results
from planner.analysis.results_committed import Committed, Regret, RegretCause
from planner.analysis.results_estimates import Estimate
from planner.report import plan_reading
from planner.report.charts import image
from planner.report.numbers import (
    number,
    percent_interval,
    percent_of,
    usd,
    usd_error,
    usd_interval,
    usd_of,
    usd_pm,
)
from planner.report.plan_words import tail_words
from planner.report.section_cost import part_blocks
from planner.report.section_why import driver_blocks
from planner.report.text import code, plural, sample_counts, table


def risk_section(results: Results, plan: Committed, charts: dict[str, str]) -> str:
    """Return the spread of the plan's cost, its tail, its regret and what moves it."""
    view = plan_reading.plan_view(results, plan)
    blocks = [
        "## What can go wrong",
        "Discounted cost of the plan and of what is done later, with the price of the shortfall "
        "and less the residual value at the horizon, beside that of each future's own optimum, "
        f"{sample_counts([plan.cost_usd.mean.n])}:",
        _spread_table(results, plan),
        *image(charts, "plan-cost", "Histogram of the plan's cost and of each future's optimum"),
        "The parts of the plan's cost, which sum to it sample by sample; so their means sum to its "
        "mean, and their percentiles do not sum to anything:",
        *part_blocks(view),
        *_regret_blocks(plan.regret),
        "**What drives the plan's cost.**",
        *driver_blocks(view, charts, "plan-drivers"),
    ]
    return "\n\n".join(block for block in blocks if block)


def _spread_table(results: Results, plan: Committed) -> str:
    own, best = plan.cost_usd, results.cost_usd
    rows = [
        _spread_row(name, one, other)
        for name, one, other in (
            ("Mean", own.mean, best.mean),
            ("P10", own.p10, best.p10),
            ("P50 (median)", own.p50, best.p50),
            ("P90", own.p90, best.p90),
        )
    ]
    level = tail_words(plan.cvar_level)
    tail = plan.cvar_usd
    rows.append(
        (f"Mean of the worst {level} (CVaR)", usd_of(tail), usd_interval(tail), usd_error(tail), "")
    )
    headers = ["", "The plan", "95 % interval", "Standard error", "Each future's own optimum"]
    return table(headers, rows)


def _spread_row(name: str, own: Estimate, best: Estimate) -> tuple[str, ...]:
    return name, usd_of(own), usd_interval(own), usd_error(own), usd_pm(best)


def _regret_blocks(regret: Regret) -> list[str]:
    mean = regret.mean_usd
    blocks = [
        "**Regret** is what the plan costs more than the optimum of the future that comes: "
        f"{usd_of(mean)} on average (standard error {usd_error(mean)}, "
        f"{plural(mean.n, 'sample')}), {usd(regret.p50_usd)} in the middle, "
        f"{usd(regret.p95_usd)} or more in one future of twenty, and {usd(regret.worst_usd)} in "
        f"the worst (sample {regret.worst_sample:,})."
    ]
    if not regret.causes:
        return [
            *blocks,
            "No input could be told to differ in the twentieth of samples with the largest regret "
            "from what it is in all.",
        ]
    blocks.append(
        "**What the worst twentieth has in common**, "
        f"{sample_counts([cause.rank_in_worst.n for cause in regret.causes])}. Rank: where the "
        "input's draws lie among all its draws, on average (50 % is as in all samples, 100 % the "
        "highest). Only inputs whose rank differs by more than chance, after correction for the "
        "number of inputs."
    )
    headers = [
        "Input",
        "Rank in the worst",
        "95 % interval",
        "Median in the worst",
        "Median in all",
    ]
    blocks.append(table(headers, [_cause_row(cause) for cause in regret.causes]))
    return blocks


def _is_event(cause: RegretCause) -> bool:
    return cause.input.startswith("events.") and cause.input.endswith(".happens")


def _cause_row(cause: RegretCause) -> tuple[str, ...]:
    rank = cause.rank_in_worst
    medians = (cause.median_in_worst, cause.median_in_all)
    shown = (
        ["it happens" if value >= 0.5 else "it does not" for value in medians]
        if _is_event(cause)
        else [number(value) for value in medians]
    )
    return code(cause.input), percent_of(rank), percent_interval(rank), *shown
