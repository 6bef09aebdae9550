"""The committed plan as one table that a spreadsheet opens and `planner evaluate` reads again."""

from __future__ import annotations

import csv
import io

from planner.analysis.results_committed import Committed, PlannedBet, PlannedOrder
from planner.report.cells import AMOUNT, USD, Cell, Sheet

BET = "bet"
"""Mode of the rows that are a yes or no; their count is 0 to 1."""

COLUMNS = (
    "offer", "mode", "platform", "site", "sign_in", "quarter", "count", "unit",
    "delivered_mean", "delivered_p10", "delivered_p90", "cost_usd",
)  # fmt: skip


def plan_rows(plan: Committed) -> list[tuple[Cell, ...]]:
    """Return the orders, by when they have to be signed, and then every bet, in `COLUMNS`."""
    return [*(_order(order) for order in plan.orders), *(_bet(bet) for bet in plan.bets)]


def _order(order: PlannedOrder) -> tuple[Cell, ...]:
    return (
        order.offer,
        order.mode,
        order.platform,
        order.site,
        order.sign_in,
        order.quarter,
        order.count,
        order.unit,
        order.delivered.mean.value,
        order.delivered.p10.value,
        order.delivered.p90.value,
        order.cost_usd.value,
    )


def _bet(bet: PlannedBet) -> tuple[Cell, ...]:
    return (bet.name, BET, bet.platform, *[None] * 3, bet.taken, bet.kind, *[None] * 4)


def plan_csv(plan: Committed) -> str:
    """Return the plan as CSV with every digit, so that it costs the same when it is read again."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(plan_rows(plan))
    return stream.getvalue()


def plan_sheet(plan: Committed) -> Sheet:
    """Return the plan as the one sheet of its own workbook."""
    formats = (*[None] * 6, AMOUNT, None, *[AMOUNT] * 3, USD)
    return Sheet("Plan", COLUMNS, formats, plan_rows(plan))
