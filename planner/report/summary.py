"""The short table that a terminal shows at the end of a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from planner.analysis.results import Appearance, Results
from planner.analysis.results_estimates import ServedShare
from planner.report import reading
from planner.report.numbers import error_of, exact, percent_error, percent_of, usd_pm, usd_range
from planner.report.plan_lines import plan_lines
from planner.report.text import plain, plural

if TYPE_CHECKING:
    from rich.table import Table

_MOST_PLATFORMS = 12
_MOST_BETS = 6


def result_rows(results: Results) -> list[tuple[str, str]]:
    """Return what was found as pairs of a label and a value, plain text."""
    cost = results.cost_usd
    rows = [("samples", plural(results.samples_done, "sample"))]
    if not results.complete:
        text = f"INCOMPLETE: stopped at {results.samples_done:,} of {results.samples_asked:,}"
        rows = [("samples", text)]
    if results.solves.unproven:
        unproven = plural(len(results.solves.unproven), "sample")
        rows.append(("NOT PROVEN OPTIMAL", f"{unproven}, left out of every number"))
    if results.committed is not None:
        hindsight = ("mean cost if each future were known", usd_pm(cost.mean))
        return [*rows, *plan_lines(results, results.committed), hindsight]
    rows.append(("mean cost ± standard error", usd_pm(cost.mean)))
    if error_of(cost.mean) is None:
        rows.append(("cost, P10 to P90", "not known: one sample"))
    else:
        rows.append(("cost, P10 to P90", usd_range(cost.p10.value, cost.p90.value)))
    if results.usd_per_unit_hour is not None:
        unit = plain(reading.units(results)[0])
        rows.append((f"USD per hour of 1 {unit}", usd_pm(results.usd_per_unit_hour.mean)))
    for item in results.served:
        rows += _served_rows(item)
    part = reading.shortfall_part(results)
    if part is not None:
        rows.append(("mean price of shortfall", usd_pm(part.cost_usd.mean)))
    return [*rows, *_platform_rows(results), *_bet_rows(results)]


def _served_rows(item: ServedShare) -> Iterator[tuple[str, str]]:
    never = "" if item.fully_served.value > 0 else "; in full in no sample"
    yield f"{plain(item.workload)} served, mean", f"{percent_of(item.share.mean)}{never}"
    if item.target_share is not None and item.target_met is not None:
        yield (
            f"{plain(item.workload)}, target of {exact(100 * item.target_share)} %",
            f"met in {percent_of(item.target_met)} of samples",
        )


def _bet_rows(results: Results) -> list[tuple[str, str]]:
    rows = [
        (
            f"{plain(item.name)} ({plain(item.kind)})",
            f"taken in {percent_of(item.taken)} of samples, each known beforehand",
        )
        for item in results.bets[:_MOST_BETS]
    ]
    if results.bets[_MOST_BETS:]:
        rows.append(("other bets", f"{len(results.bets) - _MOST_BETS:,} more; see the report"))
    return rows


def _platform_rows(results: Results) -> list[tuple[str, str]]:
    found = reading.used(results)
    if not found:
        return [("platforms", "none is in service in any sample")]
    rows = [
        (
            plain(item.platform),
            f"{_service_words(results, item)}, in {percent_of(item.share_of_samples)} of samples",
        )
        for item in found[:_MOST_PLATFORMS]
    ]
    if found[_MOST_PLATFORMS:]:
        rows.append(("others", f"{len(found) - _MOST_PLATFORMS:,} more; see the report"))
    never = [plain(item.platform) for item in reading.unused(results)]
    return [*rows, ("in no optimum", ", ".join(never))] if never else rows


def _service_words(results: Results, item: Appearance) -> str:
    return ", ".join(
        f"{percent_of(share)} ± {percent_error(share)} "
        f"of {plain(reading.service_of(results, unit))}"
        for unit, share in item.share_of_service.items()
    )


def result_table(results: Results) -> Table:
    """Return the rows as a table for a terminal; names never act as its markup."""
    from rich.box import SIMPLE
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column()
    for name, value in result_rows(results):
        table.add_row(Text(name), Text(value))
    return table


def print_summary(results: Results) -> None:
    """Print the table to standard output."""
    from rich.console import Console

    Console(soft_wrap=False).print(result_table(results))
