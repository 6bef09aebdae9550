"""What is done once the future is known: what is rented, cancelled, left idle and unserved."""

from __future__ import annotations

from collections.abc import Sequence

from planner.analysis.results import Results
from planner.analysis.results_committed import Committed
from planner.analysis.results_estimates import Spread
from planner.report import plan_reading, reading
from planner.report.charts import image
from planner.report.numbers import Scale, unit_scale
from planner.report.recourse_uses import ACCELERATORS, Use, uses
from planner.report.section_cash import cash_blocks
from planner.report.section_mix import spread_cell
from planner.report.section_served import served_blocks
from planner.report.text import escape, listed, sample_counts, table

_COLUMNS = 6


def recourse_section(results: Results, plan: Committed, charts: dict[str, str]) -> str:
    """Return how far each kind of recourse is used in each quarter, and what is served."""
    found = uses(results, plan)
    used = [use for use in found if use.is_used]
    blocks = ["## What is done later"]
    if not used:
        blocks.append("Nothing: in no sample is anything rented, cancelled, idle or unserved.")
    else:
        counts = sample_counts([use.spreads[0].mean.n for use in used])
        blocks += [
            "Once the future is known, this is done on top of the plan. Each cell is the mean over "
            f"the samples, with P10–P90 in brackets where they differ from it; {counts}. "
            "Accelerators are rounded to whole ones in print. A mean above zero with a P90 of zero "
            "is something rare. Cancelled counts what was to start in the quarter.",
            *image(charts, "plan-recourse", "What is rented and what goes unserved, by quarter"),
            *_tables(used, results.quarters),
        ]
        never = [escape(use.name[0].lower() + use.name[1:]) for use in found if not use.is_used]
        if never:
            blocks.append(f"Never used: {listed(never)}.")
    blocks += [
        "**Demand served under the plan.**",
        *served_blocks(plan_reading.plan_view(results, plan), "the plan and what is done later"),
    ]
    return "\n\n".join(blocks)


def _tables(used: Sequence[Use], quarters: Sequence[str]) -> list[str]:
    blocks = []
    for part in reading.chunks(range(len(quarters)), _COLUMNS):
        rows = []
        for use in used:
            scale = _scale(use)
            cells = [_cell(use, use.spreads[t], scale) for t in part]
            rows.append((f"{escape(use.name)} ({escape(scale.name)})", *cells))
        blocks.append(table(["", *(escape(quarters[t]) for t in part)], rows))
    return blocks


def _cell(use: Use, spread: Spread, scale: Scale) -> str:
    """Return a mean with P10–P90; accelerators are whole ones, as a solver's dust is none."""
    if use.unit != ACCELERATORS:
        return spread_cell(spread, scale)
    mean, low, high = (f"{item.value:,.0f}" for item in (spread.mean, spread.p10, spread.p90))
    return mean if low == mean == high else f"{mean} ({low}–{high})"


def _scale(use: Use) -> Scale:
    if use.unit == ACCELERATORS:
        return reading.ACCELERATORS
    return unit_scale((spread.p90.value for spread in use.spreads), use.unit)


def plan_cash_section(results: Results, plan: Committed, charts: dict[str, str]) -> str:
    """Return the plan's cash and liabilities by quarter."""
    blocks = cash_blocks(plan_reading.plan_view(results, plan), charts, "plan-cash")
    return "\n\n".join(["## Cash and liabilities of the plan", *blocks])
