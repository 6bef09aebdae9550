"""The most typical sample's plan: what it orders, and what that gives by quarter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from planner.analysis.results import PlanLine, PlanQuarter, Results, TypicalPlan
from planner.report import reading
from planner.report.numbers import compact, count, number, percent, usd, usd_scale
from planner.report.text import escape, listed, plural, table

_MOST_PLATFORMS = 6
_STARTS = "**When each starts** (it is signed as many quarters earlier as it is ordered ahead)"


def typical_blocks(results: Results) -> list[str]:
    """Return the most typical sample's orders and its quarters as blocks of markdown."""
    plan = results.typical
    blocks = [
        f"### The most typical single plan: sample {plan.sample:,}",
        f"Of all {plural(results.samples_done, 'sample')}, this one is nearest to the average mix "
        f"and the median cost. Its discounted cost is {usd(plan.cost_usd)} "
        f"({percent(plan.cost_rank)} of the samples cost less) and it serves "
        f"{percent(plan.served_share)} of its demand. It is the best plan for that one future, "
        "known in advance; it is exact for that future and carries no sampling error. "
        "Accelerators are not rounded to whole ones by the model, only in print.",
        _cost_sentence(plan),
    ]
    if not plan.lines:
        return [*blocks, "This plan orders nothing."]
    blocks += ["**What it orders**", _orders_table(plan.lines, results.quarters), _STARTS]
    blocks += _starts_tables(results, plan.lines)
    blocks += ["**What is in service, by quarter**", *_quarter_tables(results)]
    return blocks


def _cost_sentence(plan: TypicalPlan) -> str:
    """Return how the plan's cost adds up, and what it leaves to pay."""
    scale = usd_scale([plan.cost_usd, *plan.cost_parts_usd.values()])
    parts = [
        f"{escape(name)} {compact(value / scale.divisor)}"
        for name, value in plan.cost_parts_usd.items()
        if value
    ]
    cost = compact(plan.cost_usd / scale.divisor)
    adds_up = f"In {scale.name}, discounted: {listed(parts)}; together {cost}. " if parts else ""
    return (
        f"{adds_up}After the last quarter {usd(plan.liability_usd)} is still owed (undiscounted)."
    )


def _orders(lines: Sequence[PlanLine]) -> list[tuple[tuple[str, ...], list[PlanLine]]]:
    """Return the lines by offer and site, in the order in which each first appears."""
    seen: dict[tuple[str, ...], list[PlanLine]] = {}
    for line in lines:
        key = (line.offer, line.mode, line.platform, line.site, line.price_unit)
        seen.setdefault(key, []).append(line)
    return list(seen.items())


def _orders_table(lines: Sequence[PlanLine], quarters: Sequence[str]) -> str:
    scale = usd_scale(line.cash_usd for line in lines)
    rows: list[tuple[str, ...]] = []
    for (offer, mode, platform, site, price_unit), group in _orders(lines):
        prices = [line.price for line in group]
        low, high = number(min(prices)), number(max(prices))
        first = group[0]
        lead = quarters.index(first.quarter) - quarters.index(first.signed)
        what = "accelerator-quarters" if mode == "rent" else "accelerators"
        rows.append(
            (
                escape(offer),
                escape(mode),
                escape(platform),
                escape(site),
                f"{low} {escape(price_unit)}"
                if low == high
                else f"{low}–{high} {escape(price_unit)}",
                plural(lead, "quarter") if lead else "none",
                "the quarter" if mode == "rent" else plural(first.service_quarters, "quarter"),
                f"{count(sum(line.accelerators for line in group))} {what}",
                compact(sum(line.cash_usd for line in group) / scale.divisor),
            )
        )
    total = compact(sum(line.cash_usd for line in lines) / scale.divisor)
    rows.append(("Total inside the plan", *[""] * 7, total))
    headers = [
        "Offer",
        "Mode",
        "Platform",
        "Site",
        "Price",
        "Order ahead",
        "Serves",
        "Amount",
        f"Cash, {scale.name}",
    ]
    return table(headers, rows, left=4)


def _starts_tables(results: Results, lines: Sequence[PlanLine]) -> list[str]:
    blocks = []
    for quarters in reading.chunks(results.quarters):
        rows = []
        for (offer, mode, _, site, _), group in _orders(lines):
            amounts = {
                quarter: sum(line.accelerators for line in same)
                for quarter, same in groupby(
                    sorted(group, key=lambda line: line.quarter), key=lambda line: line.quarter
                )
            }
            cells = [count(amounts[q]) if q in amounts else "-" for q in quarters]
            rows.append((f"{escape(offer)} ({escape(mode)}, {escape(site)})", *cells))
        blocks.append(table(["Accelerators that start", *map(escape, quarters)], rows))
    return blocks


def _quarter_tables(results: Results) -> list[str]:
    cells = {(item.platform, item.quarter): item for item in results.typical.quarters}
    names = [
        name
        for name in dict.fromkeys(item.platform for item in results.typical.quarters)
        if any(item.accelerators > 0 for (platform, _), item in cells.items() if platform == name)
    ]
    idle = [escape(p) for p in results.platforms if p not in names]
    parts = -(-len(names) // _MOST_PLATFORMS)
    blocks = []
    for part in range(parts):
        shown = names[part * len(names) // parts : (part + 1) * len(names) // parts]
        blocks.append(_quarter_table(results, cells, shown, with_totals=part == parts - 1))
    if idle:
        blocks.append(f"Not in this plan: {listed(idle)}.")
    return blocks


def _quarter_table(
    results: Results,
    cells: dict[tuple[str, str], PlanQuarter],
    names: Sequence[str],
    *,
    with_totals: bool,
) -> str:
    by_quarter = {
        quarter: [item for item in cells.values() if item.quarter == quarter]
        for quarter in results.quarters
    }
    scale = usd_scale(
        sum(item.cost_usd for item in by_quarter[quarter]) for quarter in results.quarters
    )
    rows = []
    for quarter in results.quarters:
        found = [cells.get((name, quarter)) for name in names]
        row = [escape(quarter), *("-" if one is None else count(one.accelerators) for one in found)]
        if with_totals:
            items = by_quarter[quarter]
            row += [
                compact(sum(item.effective_pflops for item in items)),
                compact(sum(item.power_mw for item in items)),
                compact(sum(item.cost_usd for item in items) / scale.divisor),
            ]
        rows.append(row)
    headers = ["Quarter", *(f"{escape(name)}, accelerators" for name in names)]
    if with_totals:
        headers += ["Total effective PFLOP/s", "Total MW", f"Total cash, {scale.name}"]
    return table(headers, rows)
