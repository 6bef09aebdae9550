"""The sheets of the workbook, as plain rows."""

from __future__ import annotations

from dataclasses import replace

from planner.analysis.results import Results
from planner.report import plan_reading, reading
from planner.report.cells import (
    AMOUNT,
    COUNT,
    USD,
    USD_SMALL,
    Cell,
    Sheet,
    mean_cells,
    mean_headers,
    spread_cells,
    spread_headers,
)
from planner.report.numbers import exact
from planner.report.sheets_committed import plan_sheets, plan_summary_rows
from planner.report.sheets_draws import draws_sheets
from planner.report.sheets_plan import bets_sheets, typical_sheet
from planner.report.sheets_why import (
    assumptions_sheet,
    computation_sheet,
    drivers_sheet,
    limits_sheet,
    served_words,
    shortfall_sheet,
)


def sheets(results: Results) -> list[Sheet]:
    """Return every sheet of the workbook in order."""
    return [
        _summary(results),
        *_committed(results),
        _cost(results, with_bound=reading.has_whole(results)),
        _mix(results),
        typical_sheet(results),
        _cash(results),
        *bets_sheets(results),
        limits_sheet(results),
        drivers_sheet(results),
        shortfall_sheet(results),
        assumptions_sheet(results),
        *draws_sheets(results),
        computation_sheet(results),
    ]


def _committed(results: Results) -> list[Sheet]:
    """Return the sheets of the committed plan; none without one."""
    plan = results.committed
    if plan is None:
        return []
    view = plan_reading.plan_view(results, plan)
    own, *others = plan_sheets(results, plan)
    alike = (_cost(view, with_bound=False), _mix(view), _cash(view), drivers_sheet(view))
    return [own, *(replace(sheet, title=f"Plan {sheet.title.lower()}") for sheet in alike), *others]


def _summary(results: Results) -> Sheet:
    headers = ("What", "Name", *mean_headers("value"))
    state = "complete" if results.complete else "INCOMPLETE: the run was stopped"
    rows: list[tuple[Cell, ...]] = [
        ("Question", results.question, *[None] * 5),
        ("Run", state, results.samples_done, *[None] * 4),
        *([] if results.committed is None else plan_summary_rows(results.committed)),
        *_hindsight_row(results),
        ("Mean discounted cost, USD", "", *mean_cells(results.cost_usd.mean)),
    ]
    for served in results.served:
        rows += [
            ("Share of demand served, mean", served.workload, *mean_cells(served.share.mean)),
            ("Served in full, share of samples", served.workload, *mean_cells(served.fully_served)),
        ]
        if served.target_share is not None and served.target_met is not None:
            what = f"Service target of {exact(100 * served.target_share)} % met, share of samples"
            rows.append((what, served.workload, *mean_cells(served.target_met)))
    for item in [*reading.used(results), *reading.unused(results)]:
        often = mean_cells(item.share_of_samples)
        rows.append(("In the optimum, share of samples", item.platform, *often))
        rows += [
            (f"Share of {served_words(results, unit)}, mean", item.platform, *mean_cells(share))
            for unit, share in item.share_of_service.items()
        ]
        amount = item.accelerator_quarters_if_used
        if amount is not None:
            what = f"Accelerator-quarters if used, mean ({item.unit})"
            rows.append((what, item.platform, *mean_cells(amount.mean)))
    rows += [
        (text, "", *[None] * 5)
        for text in (
            "Each future is solved with perfect knowledge of itself: the mean cost is a lower "
            "bound on what any one plan can achieve on average.",
            "An average of per-sample optima is nobody's plan; see the sheet Typical plan.",
            "Standard errors and intervals are of the sampling alone.",
        )
    ]
    amounts = "#,##0.0###"
    return Sheet("Summary", headers, (None, None, *[amounts] * 4, COUNT), rows)


def _hindsight_row(results: Results) -> list[tuple[Cell, ...]]:
    if results.committed is None:
        return []
    return [("From here on: each future's own optimum, which nobody can buy", "", *[None] * 5)]


def _cost(results: Results, *, with_bound: bool) -> Sheet:
    spreads = [
        ("Cost", "USD, discounted", results.cost_usd),
        ("Cost without shortfall", "USD, discounted", results.cost_without_shortfall_usd),
        *((f"Part: {part.name}", "USD, discounted", part.cost_usd) for part in results.cost_parts),
    ]
    if results.usd_per_unit_hour is not None:
        unit = f"USD per hour of 1 {reading.units(results)[0]}"
        spreads.append(("Cost of compute", unit, results.usd_per_unit_hour))
    rows: list[tuple[Cell, ...]] = []
    for name, unit, spread in spreads:
        levels = (
            ("mean", spread.mean),
            ("P10", spread.p10),
            ("P50", spread.p50),
            ("P90", spread.p90),
        )
        rows += [(name, unit, level, *mean_cells(item)) for level, item in levels]
    if with_bound:
        bound = mean_cells(results.cost_bound_usd)
        rows.append(("Proven lower bound of the cost", "USD, discounted", "mean", *bound))
    edges, counts = results.cost_histogram.edges, results.cost_histogram.counts
    rows += [
        ("Histogram", "samples with a cost from, to (USD)", None, count, None, low, high, None)
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]
    headers = ("Quantity", "Unit", "Statistic", *mean_headers("value"))
    return Sheet("Cost", headers, (None, None, None, *[USD_SMALL] * 4, COUNT), rows)


def _mix(results: Results) -> Sheet:
    units = reading.units(results)
    headers = (
        "Platform",
        "Quarter",
        *spread_headers("accelerators"),
        *(header for unit in units for header in spread_headers(unit)),
        *spread_headers("cash, USD"),
        *spread_headers("power, MW"),
        "n samples",
    )
    rows = [
        (
            cell.platform,
            cell.quarter,
            *spread_cells(cell.accelerators),
            *(value for unit in units for value in spread_cells(cell.served[unit])),
            *spread_cells(cell.cost_usd),
            *spread_cells(cell.power_mw),
            cell.accelerators.mean.n,
        )
        for cell in results.mix
    ]
    formats = (None, None, *[AMOUNT] * 5 * (1 + len(units)), *[USD] * 5, *[AMOUNT] * 5, COUNT)
    return Sheet("Mix", headers, formats, rows)


def _cash(results: Results) -> Sheet:
    parts = list(dict.fromkeys(name for item in results.cash for name in item.parts_usd))
    headers = (
        "Quarter",
        *spread_headers("cash, USD"),
        *(f"mean {name}, USD" for name in parts),
        *spread_headers("liability at the end, USD"),
        "n samples",
    )
    rows = [
        (
            item.quarter,
            *spread_cells(item.cash_usd),
            *(item.parts_usd.get(name) for name in parts),
            *spread_cells(item.liability_usd),
            item.cash_usd.mean.n,
        )
        for item in results.cash
    ]
    return Sheet("Cash", headers, (None, *[USD] * (len(headers) - 2), COUNT), rows)
