"""The table of page one: what is signed now, what may wait until when, and what it binds to."""

from __future__ import annotations

from collections.abc import Sequence

from planner.analysis.results import Results
from planner.analysis.results_committed import Committed, PlannedOrder
from planner.analysis.results_estimates import Spread
from planner.report import plan_reading
from planner.report.numbers import (
    NOT_KNOWN,
    Scale,
    compact,
    error_of,
    usd,
    usd_error,
    usd_of,
    usd_range,
    usd_scale,
)
from planner.report.plan_words import amount_words, span_words
from planner.report.text import escape, listed, plural, table

_MOST_ROWS = 14


def signing_blocks(results: Results, plan: Committed) -> list[str]:
    """Return the table of what is signed now and what may wait, by offer."""
    found = plan_reading.signed_by_offer(plan)
    if not found:
        return []
    scale = usd_scale(order.cost_usd.value for order in plan.orders)
    shown = found[:_MOST_ROWS]
    headers = [
        "Offer",
        "Platform",
        "Sites",
        f"Sign now, {escape(results.quarters[0])}",
        "Starts",
        f"Cost, {scale.name}",
        "May wait",
        "Sign by",
        f"Cost, {scale.name}",
    ]
    rows = [_signing_row(row, results.quarters, scale) for row in shown]
    rows.append(_total_row(plan, scale))
    left = len(found) - len(shown)
    more = "" if not left else f" {plural(left, 'more offer')}: see *The plan*."
    return [
        table(headers, rows, left=3),
        "*Accelerators are not rounded to whole ones. Cost: expected and discounted, paid inside "
        "the plan for what arrives, less what it is worth at the end; energy, hosting and rent "
        f"come on top. Standard error of the cost signed now: {_error_words(plan)}.*{more}",
        *_owed_blocks(results, plan),
    ]


def _owed_blocks(results: Results, plan: Committed) -> list[str]:
    """Return what signing now binds to pay, and the most that is owed at any time."""
    if not plan.cash:
        return []
    first = plan.cash[0].liability_usd
    most = max(plan.cash, key=lambda item: item.liability_usd.mean.value)
    text = (
        f"**What it binds to.** At the end of {escape(results.quarters[0])} {_owed(first)} is "
        "still to be paid under what is signed by then, undiscounted and before anything comes "
        "back"
    )
    if most is not plan.cash[0]:
        text += f"; the most is owed at the end of {escape(most.quarter)}: "
        text += _owed(most.liability_usd)
    return [f"{text}."]


def _owed(owed: Spread) -> str:
    if error_of(owed.mean) is None:
        return usd(owed.mean.value)
    ends = usd_range(owed.p10.value, owed.p90.value)
    return f"**{usd_of(owed.mean)}** (standard error {usd_error(owed.mean)}; P10 to P90 {ends})"


def _error_words(plan: Committed) -> str:
    """Return what the standard error of all that is signed now is at most."""
    error = plan_reading.most_error(plan_reading.signed_now(plan))
    return NOT_KNOWN if error is None else f"at most {usd(error, digits=2)}"


def _signing_row(
    row: plan_reading.Signed, quarters: Sequence[str], scale: Scale
) -> tuple[str, ...]:
    return (
        f"{escape(row.offer)} ({escape(row.mode)})",
        escape(row.platform) or "-",
        listed([escape(site) for site in row.sites]),
        amount_words(row.now),
        _span([order.quarter for order in row.now], quarters),
        _cost(row.now, scale),
        amount_words(row.later),
        _span([order.sign_in for order in row.later], quarters),
        _cost(row.later, scale),
    )


def _total_row(plan: Committed, scale: Scale) -> tuple[str, ...]:
    now, later = plan_reading.signed_now(plan), plan_reading.may_wait(plan)
    return ("**Together**", "", "", "", "", _cost(now, scale), "", "", _cost(later, scale))


def _cost(orders: Sequence[PlannedOrder], scale: Scale) -> str:
    return compact(plan_reading.total_cost(orders) / scale.divisor) if orders else "-"


def _span(names: Sequence[str], quarters: Sequence[str]) -> str:
    found = sorted(set(names), key=quarters.index)
    return span_words(found) if found else "-"
