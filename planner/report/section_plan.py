"""The most typical sample's plan: what it orders, and what that gives by quarter."""

from __future__ import annotations

from planner.analysis.results import PlanQuarter, Results, TypicalPlan
from planner.report import reading
from planner.report.numbers import compact, count, percent, unit_scale, usd, usd_scale
from planner.report.plan_tables import line_blocks
from planner.report.text import escape, listed, plural, table

_MOST_COLUMNS = 9
_CENT_USD = 0.005


def typical_blocks(results: Results) -> list[str]:
    """Return the most typical sample's orders and its quarters as blocks of markdown."""
    plan = results.typical
    blocks = [
        f"### The most typical single plan: sample {plan.sample:,}",
        f"Of {_looked_through(results)}, this one is nearest to their average mix and "
        f"median cost. Its discounted cost is {usd(plan.cost_usd)} "
        f"({percent(plan.cost_rank)} of them cost less) and it serves "
        f"{_served_words(results)}. It is the best plan for that one future, "
        "known in advance; it is exact for that future and carries no sampling error. "
        "Accelerators are not rounded to whole ones by the model, only in print.",
        _cost_sentence(plan),
    ]
    if not plan.lines:
        return [*blocks, "This plan orders nothing."]
    blocks += line_blocks(results)
    blocks += ["**What is in service, by quarter**", *_quarter_tables(results)]
    return blocks


def _looked_through(results: Results) -> str:
    which = "the first" if reading.is_binned(results) else "all"
    return f"{which} {plural(results.samples_in_full, 'sample')}"


def _served_words(results: Results) -> str:
    share = percent(results.typical.served_share)
    if len(results.served) == 1 or results.typical.served_share >= 1:
        return f"{share} of its demand"
    return f"at least {share} of the demand of each workload"


def _cost_sentence(plan: TypicalPlan) -> str:
    """Return how the plan's cost adds up, and what it leaves to pay."""
    scale = usd_scale([plan.cost_usd, *plan.cost_parts_usd.values()])
    parts = [
        f"{escape(name)} {compact(value / scale.divisor)}"
        for name, value in plan.cost_parts_usd.items()
        if abs(value) >= _CENT_USD
    ]
    cost = compact(plan.cost_usd / scale.divisor)
    adds_up = f"In {scale.name}, discounted: {listed(parts)}; together {cost}. " if parts else ""
    return (
        f"{adds_up}After the last quarter {usd(plan.liability_usd)} is still owed (undiscounted)."
    )


def _quarter_tables(results: Results) -> list[str]:
    """Return what is in service by platform, and the totals, in tables that fit the page."""
    cells = {(item.platform, item.quarter): item for item in results.typical.quarters}
    names = [
        name
        for name in dict.fromkeys(item.platform for item in results.typical.quarters)
        if any(item.accelerators > 0 for (platform, _), item in cells.items() if platform == name)
    ]
    columns = [
        (
            f"{escape(name)}, accelerators",
            ["-" if (one := cells.get((name, q))) is None else count(one.accelerators)
             for q in results.quarters],
        )
        for name in names
    ]  # fmt: skip
    columns += _totals(results)
    quarters = [escape(quarter) for quarter in results.quarters]
    blocks = [
        table(
            ["Quarter", *(header for header, _ in part)],
            list(zip(quarters, *(values for _, values in part), strict=True)),
        )
        for part in reading.chunks(columns, _MOST_COLUMNS)
    ]
    idle = [escape(name) for name in results.platforms if name not in names]
    if idle:
        blocks.append(f"Not in this plan: {listed(idle)}.")
    return blocks


def _totals(results: Results) -> list[tuple[str, list[str]]]:
    """Return the columns that sum over platforms: what is served in each unit, power and cash."""
    by_quarter: list[list[PlanQuarter]] = [
        [item for item in results.typical.quarters if item.quarter == quarter]
        for quarter in results.quarters
    ]
    cash = [sum(item.cost_usd for item in items) for items in by_quarter]
    scale = usd_scale(cash)
    served = []
    for unit in reading.units(results):
        amounts = [sum(item.served[unit] for item in items) for items in by_quarter]
        shown_in = unit_scale(amounts, unit)
        cells = [compact(amount / shown_in.divisor) for amount in amounts]
        served.append((f"Total {escape(shown_in.name)}", cells))
    title = "Total cash" if not results.power else "Total cash without power contracts"
    return [
        *served,
        ("Total MW", [compact(sum(item.power_mw for item in items)) for items in by_quarter]),
        (f"{title}, {scale.name}", [compact(value / scale.divisor) for value in cash]),
    ]
