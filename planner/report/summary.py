"""The short table that a terminal shows at the end of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.analysis.results import Results
from planner.report import reading
from planner.report.numbers import error_of, percent_error, percent_of, usd_pm, usd_range
from planner.report.text import plain, plural

if TYPE_CHECKING:
    from rich.table import Table

_MOST_PLATFORMS = 12


def result_rows(results: Results) -> list[tuple[str, str]]:
    """Return what was found as pairs of a label and a value, plain text."""
    cost = results.cost_usd
    rows = [("samples", plural(results.samples_done, "sample"))]
    if not results.complete:
        text = f"INCOMPLETE: stopped at {results.samples_done:,} of {results.samples_asked:,}"
        rows = [("samples", text)]
    rows.append(("mean cost ± standard error", usd_pm(cost.mean)))
    if error_of(cost.mean) is None:
        rows.append(("cost, P10 to P90", "not known: one sample"))
    else:
        rows.append(("cost, P10 to P90", usd_range(cost.p10.value, cost.p90.value)))
    if results.usd_per_pflop_hour is not None:
        rows.append(("USD per effective PFLOP-hour", usd_pm(results.usd_per_pflop_hour.mean)))
    rows += [
        (f"{plain(item.workload)} served, mean", percent_of(item.share.mean))
        for item in results.served
    ]
    part = reading.shortfall_part(results)
    if part is not None:
        rows.append(("mean price of shortfall", usd_pm(part.cost_usd.mean)))
    return rows + _platform_rows(results)


def _platform_rows(results: Results) -> list[tuple[str, str]]:
    found = reading.used(results)
    if not found:
        return [("platforms", "none is in service in any sample")]
    rows = [
        (
            plain(item.platform),
            f"{percent_of(item.share_of_service)} ± {percent_error(item.share_of_service)} "
            f"of service, in {percent_of(item.share_of_samples)} of samples",
        )
        for item in found[:_MOST_PLATFORMS]
    ]
    if found[_MOST_PLATFORMS:]:
        rows.append(("others", f"{len(found) - _MOST_PLATFORMS:,} more; see the report"))
    never = [plain(item.platform) for item in reading.unused(results)]
    return [*rows, ("in no optimum", ", ".join(never))] if never else rows


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
