"""The committed plan in full: every order by quarter, what is in service, and the bets."""

from __future__ import annotations

from collections.abc import Sequence

from planner.analysis.results import Results
from planner.analysis.results_committed import Committed, PlannedBet, PlannedOrder
from planner.report import plan_reading, reading
from planner.report.charts import image
from planner.report.numbers import compact, count, percent, scaled, usd_pm, usd_scale
from planner.report.plan_words import tail_words
from planner.report.section_mix import spread_cell
from planner.report.text import escape, listed, plural, sample_counts, table

_MOST_ORDERS = 40
_IN_SERVICE_COLUMNS = 6
_ONE = plan_reading.WHOLE


def orders_section(results: Results, plan: Committed, charts: dict[str, str]) -> str:
    """Return the orders by quarter of start and by when they have to be signed, and the bets."""
    blocks = ["## The plan", _measure_words(plan), *_bets_blocks(plan)]
    if not plan.orders:
        blocks.append("It signs for nothing: what is needed is rented as each quarter comes.")
        return "\n\n".join(blocks)
    blocks += [
        *image(charts, "plan-orders", "Accelerators by quarter of signing and of start"),
        "**What starts when.** Signed for, before any of it fails to arrive; in bold what has to "
        "be signed now.",
    ]
    for unit in dict.fromkeys(order.unit for order in plan.orders):
        mine = [order for order in plan.orders if order.unit == unit]
        blocks += _start_tables(mine, results.quarters)
    blocks += [
        "**Order by order**, in the order in which they have to be signed. Delivered: what of it "
        "arrives, less where supply, a pool or an event cuts it, "
        f"{sample_counts([order.delivered.mean.n for order in plan.orders])}. Cost: discounted, "
        "paid inside the plan for what arrives, less what it is worth at the end.",
        _orders_table(plan.orders[:_MOST_ORDERS]),
    ]
    left = len(plan.orders) - _MOST_ORDERS
    if left > 0:
        blocks.append(f"{plural(left, 'more order')}, all signed later, in `plan.csv`.")
    return "\n\n".join([*blocks, *_in_service_blocks(results, plan)])


def _measure_words(plan: Committed) -> str:
    """Return what the plan is best at, and what may follow it."""
    level = tail_words(plan.cvar_level)
    if plan.cvar_weight <= 0:
        aim = "has the least mean cost"
    elif plan.cvar_weight >= 1:
        aim = f"has the least mean cost in the worst {level} of futures (CVaR): "
    else:
        aim = (
            f"has the least sum of {percent(1 - plan.cvar_weight)} of the mean cost and "
            f"{percent(plan.cvar_weight)} of the mean of the worst {level} (CVaR): "
        )
    value = usd_pm(plan.risk_usd) if plan.cvar_weight > 0 else ""
    later = (
        "only renting, placing work and leaving demand unserved follow it"
        if plan.recourse == "rent"
        else "what is signed after the window is decided again, with everything known"
    )
    return (
        f"The plan is the one that {aim}{value} over all futures, where {later}. It is kept as "
        "`plan.csv` and `plan.xlsx`."
    )


def _bets_blocks(plan: Committed) -> list[str]:
    if not plan.bets:
        return []
    rows = [
        (escape(bet.name), escape(bet.kind), escape(bet.platform) or "-", _answer(bet))
        for bet in plan.bets
    ]
    return [
        "**Decided by yes or no**, the same for all futures:",
        table(["Bet", "Kind", "Platform or vendor", "Taken"], rows, left=4),
    ]


def _answer(bet: PlannedBet) -> str:
    if bet.taken >= _ONE:
        return "**yes**"
    return "no" if bet.taken <= 1 - _ONE else f"{percent(bet.taken)} of it"


def _start_tables(orders: Sequence[PlannedOrder], quarters: Sequence[str]) -> list[str]:
    """Return the amounts of one unit by offer, site and quarter of start."""
    rows: dict[tuple[str, str, str], dict[str, PlannedOrder]] = {}
    for order in orders:
        rows.setdefault((order.offer, order.mode, order.site), {})[order.quarter] = order
    unit = orders[0].unit
    blocks = []
    for part in reading.chunks(quarters):
        body = [
            (
                f"{escape(offer)} ({escape(mode)}, {escape(site)})",
                *(_start_cell(by_quarter.get(quarter)) for quarter in part),
            )
            for (offer, mode, site), by_quarter in rows.items()
        ]
        header = f"{escape(unit[0].upper() + unit[1:])} that start"
        blocks.append(table([header, *map(escape, part)], body))
    return blocks


def _start_cell(order: PlannedOrder | None) -> str:
    if order is None:
        return "-"
    text = count(order.count) if order.platform else compact(order.count)
    return f"**{text}**" if order.sign_now else text


def _orders_table(orders: Sequence[PlannedOrder]) -> str:
    scale = usd_scale(order.cost_usd.value for order in orders)
    headers = [
        "Sign by",
        "Offer",
        "Site",
        "Starts",
        "Serves",
        "Signed for",
        "Delivered, mean",
        "P10–P90",
        f"Cost, {scale.name}",
        "Standard error",
    ]
    rows = [
        (
            f"**{escape(order.sign_in)}**" if order.sign_now else escape(order.sign_in),
            f"{escape(order.offer)} ({escape(order.mode)})",
            escape(order.site),
            escape(order.quarter),
            plural(order.service_quarters, "quarter"),
            _amount(order, order.count),
            _amount(order, order.delivered.mean.value),
            f"{_bare(order, order.delivered.p10.value)}–{_bare(order, order.delivered.p90.value)}",
            *scaled(order.cost_usd, scale),
        )
        for order in orders
    ]
    return table(headers, rows, left=4)


def _amount(order: PlannedOrder, value: float) -> str:
    shown = _bare(order, value)
    return shown if order.platform else f"{shown} {escape(order.unit)}"


def _bare(order: PlannedOrder, value: float) -> str:
    return count(value) if order.platform else compact(value)


def _in_service_blocks(results: Results, plan: Committed) -> list[str]:
    """Return the accelerators in service by platform and quarter, rented ones included."""
    cells = {(cell.platform, cell.quarter): cell.accelerators for cell in plan.mix}
    names = [
        name
        for name in results.platforms
        if any(
            spread.mean.value > plan_reading.LEAST
            for (platform, _), spread in cells.items()
            if platform == name
        )
    ]
    if not names:
        return ["No accelerator is in service under this plan in any sample."]
    scale = reading.ACCELERATORS
    blocks = [
        "**In service, rented ones included**, mean with P10–P90 in brackets where they differ "
        f"from it, {sample_counts([cell.accelerators.mean.n for cell in plan.mix])}:"
    ]
    for part in reading.chunks(results.quarters, _IN_SERVICE_COLUMNS):
        rows = [
            (escape(name), *(spread_cell(cells.get((name, q)), scale) for q in part))
            for name in names
        ]
        blocks.append(table(["Accelerators", *map(escape, part)], rows))
    never = [escape(name) for name in results.platforms if name not in names]
    if never:
        blocks.append(f"Not in this plan, nor rented later: {listed(never)}.")
    return blocks
