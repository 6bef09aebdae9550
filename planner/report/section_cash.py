"""When the money leaves, and what is still owed."""

from __future__ import annotations

from collections.abc import Sequence

from planner.analysis.results import Results
from planner.analysis.results_estimates import CashQuarter
from planner.report import reading
from planner.report.charts import image
from planner.report.numbers import NOT_KNOWN, Scale, compact, scaled, usd_scale
from planner.report.text import escape, listed, sample_counts, table


def cash_section(results: Results, charts: dict[str, str]) -> str:
    """Return cash by quarter with its parts, and the contract liability outstanding."""
    blocks = cash_blocks(results, charts, "cash")
    return "\n\n".join(["## Cash by quarter and contract liability", *blocks])


def cash_blocks(results: Results, charts: dict[str, str], key: str) -> list[str]:
    """Return cash and liabilities with the chart of a key, without a heading."""
    if not results.cash:
        return ["The results hold no cash by quarter."]
    scale = usd_scale(
        value
        for item in results.cash
        for value in (item.cash_usd.p90.value, item.liability_usd.p90.value)
    )
    blocks = [
        "Undiscounted cash that leaves in each quarter; the price of a shortfall is not cash and "
        "residual value is not counted, "
        f"{sample_counts([item.cash_usd.mean.n for item in results.cash])}.",
        *image(charts, key, "Cash by quarter, and contract liability outstanding"),
        _cash_table(results, scale),
        "Mean cash by part, which sums to the mean above:",
        *_parts_tables(results, scale),
        "**Contract liability outstanding** at the end of each quarter: payments that are still "
        "due later, also past the horizon, under what is signed by then "
        f"({listed(_owed_kinds(results))}), undiscounted.",
        _liability_table(results, scale),
    ]
    if not any(item.liability_usd.p90.value > 0 for item in results.cash):
        blocks.append("Nothing is owed at the end of any quarter in nine samples of ten or more.")
    return blocks


def _owed_kinds(results: Results) -> list[str]:
    kinds = ["reserved terms", "purchases not yet paid in full"]
    if results.power:
        kinds.append("power contracts")
    if any(item.kind == "programme" for item in results.bets):
        kinds.append("development once it has begun")
    return kinds


def _cash_table(results: Results, scale: Scale) -> str:
    rows = [_spread_row(item, scale, liability=False) for item in results.cash]
    total = compact(sum(item.cash_usd.mean.value for item in results.cash) / scale.divisor)
    rows.append(("Total", total, *[""] * 4))
    headers = [f"Cash, {scale.name}", "Mean", "Standard error", "P10", "P50", "P90"]
    return table(headers, rows)


def _liability_table(results: Results, scale: Scale) -> str:
    rows = [_spread_row(item, scale, liability=True) for item in results.cash]
    headers = [f"Liability, {scale.name}", "Mean", "Standard error", "P10", "P50", "P90"]
    return table(headers, rows)


def _spread_row(item: CashQuarter, scale: Scale, *, liability: bool) -> tuple[str, ...]:
    spread = item.liability_usd if liability else item.cash_usd
    return (
        escape(item.quarter),
        *scaled(spread.mean, scale),
        *(scaled(one, scale)[0] for one in (spread.p10, spread.p50, spread.p90)),
    )


def _parts_tables(results: Results, scale: Scale) -> list[str]:
    names = list(dict.fromkeys(name for item in results.cash for name in item.parts_usd))
    return [_parts_table(results, part, scale) for part in reading.chunks(names)]


def _parts_table(results: Results, names: Sequence[str], scale: Scale) -> str:
    rows = [
        (
            escape(item.quarter),
            *(
                compact(item.parts_usd[name] / scale.divisor)
                if name in item.parts_usd
                else NOT_KNOWN
                for name in names
            ),
        )
        for item in results.cash
    ]
    headers = [f"Mean cash, {scale.name}", *(escape(name.capitalize()) for name in names)]
    return table(headers, rows)
