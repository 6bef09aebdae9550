"""The sheets of the typical plan, of bets, of power contracts and of events."""

from __future__ import annotations

from planner.analysis.results import PlanLine, PlanQuarter, Results
from planner.report import reading
from planner.report.cells import (
    AMOUNT,
    COUNT,
    SHARE,
    USD,
    USD_SMALL,
    Cell,
    Sheet,
    mean_cells,
    mean_headers,
    spread_cells,
    spread_headers,
)


def typical_sheet(results: Results) -> Sheet:
    """Return the typical plan: orders first, then what is in service, told apart for filtering."""
    plan, units = results.typical, reading.units(results)
    headers = (
        "Row",
        "Platform",
        "Quarter",
        "Offer",
        "Mode",
        "Site",
        "Signed",
        "Serves, quarters",
        "Amount",
        "Unit of the amount",
        "Price",
        "Unit of the price",
        "Cash, USD",
        *units,
        "Power, MW",
    )
    after_cash = [None] * (len(units) + 1)
    rows: list[tuple[Cell, ...]] = [
        (f"Sample {plan.sample}: discounted cost", *[None] * 11, plan.cost_usd, *after_cash)
    ]
    rows += [(*_line(line), *after_cash) for line in plan.lines]
    rows += [_in_service(item, units) for item in plan.quarters]
    formats = (
        *[None] * 7, COUNT, AMOUNT, None, USD_SMALL, None, USD, *[AMOUNT] * (len(units) + 1)
    )  # fmt: skip
    return Sheet("Typical plan", headers, formats, rows)


def _line(line: PlanLine) -> tuple[Cell, ...]:
    return (
        "Order",
        line.platform,
        line.quarter,
        line.offer,
        line.mode,
        line.site,
        line.signed,
        line.service_quarters,
        line.count,
        line.unit,
        line.price,
        line.price_unit,
        line.cash_usd,
    )


def _in_service(item: PlanQuarter, units: list[str]) -> tuple[Cell, ...]:
    return (
        "In service",
        item.platform,
        item.quarter,
        *[None] * 5,
        item.accelerators,
        "accelerators",
        None,
        None,
        item.cost_usd,
        *(item.served[unit] for unit in units),
        item.power_mw,
    )


def bets_sheets(results: Results) -> list[Sheet]:
    """Return the sheets of bets, power contracts and events that have something to say."""
    found = []
    if results.bets:
        found.append(_bets(results))
    if results.power:
        found.append(_power(results))
    if results.events:
        found.append(_events(results))
    return found


def _events(results: Results) -> Sheet:
    headers = (
        "Event", "Asked for", "When", "Probability", *mean_headers("happened, share of samples"),
        "Effects", "Source",
    )  # fmt: skip
    rows = [
        (
            item.name,
            item.asked,
            item.when,
            item.probability,
            *mean_cells(item.happened),
            "; ".join(item.effects),
            item.source,
        )
        for item in results.events
    ]
    shares = (SHARE, "0.00%", SHARE, SHARE, COUNT)
    return Sheet("Events", headers, (None, None, None, SHARE, *shares, None, None), rows)


def _bets(results: Results) -> Sheet:
    headers = (
        "Bet",
        "Kind",
        "Platform or vendor",
        *mean_headers("taken, share of samples"),
        *mean_headers("extent, mean share"),
    )
    rows = [
        (item.name, item.kind, item.platform, *mean_cells(item.taken), *mean_cells(item.extent))
        for item in results.bets
    ]
    shares = (SHARE, "0.00%", SHARE, SHARE, COUNT)
    return Sheet("Bets", headers, (None, None, None, *shares, *shares), rows)


def _power(results: Results) -> Sheet:
    headers = (
        "Power contract", "Kind", "Site", *spread_headers("MW that begin"), "n samples",
    )  # fmt: skip
    rows = [
        (item.name, item.mode, item.site, *spread_cells(item.megawatts), item.megawatts.mean.n)
        for item in results.power
    ]
    return Sheet("Power", headers, (None, None, None, *[AMOUNT] * 5, COUNT), rows)
