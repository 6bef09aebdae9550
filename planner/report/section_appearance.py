"""How often each platform is in the optimum, and how much of the service it gives."""

from __future__ import annotations

from collections.abc import Sequence

from planner.analysis.results import Appearance, Results
from planner.analysis.results_estimates import Spread
from planner.report import reading
from planner.report.chart_appearance import MOST_PLATFORMS
from planner.report.charts import image
from planner.report.numbers import (
    NOT_KNOWN,
    Scale,
    compact,
    error_of,
    percent_error,
    percent_interval,
    percent_of,
)
from planner.report.section_mix import spread_cell
from planner.report.text import escape, plural, sample_counts, table

_MOST_UNITS = 3
"""Of one table."""


def appearance_section(results: Results, charts: dict[str, str]) -> str:
    """Return how often each platform is in the optimum, and how much of it."""
    blocks = ["## How often each platform is in the optimum, and how much of it"]
    if not results.appearances:
        return "\n\n".join([*blocks, "The results hold no platform."])
    blocks += image(charts, "appearance", "How often each platform is in the optimum")
    ordered = [*reading.used(results), *reading.unused(results)]
    if "appearance" in charts and ordered[MOST_PLATFORMS:]:
        blocks.append(f"*Drawn: the first {MOST_PLATFORMS} platforms of the table.*")
    units = reading.units(results)
    is_one_table = len(units) == 1
    blocks.append(_often_table(ordered, units if is_one_table else []))
    if not is_one_table:
        blocks.append("**Share of service by unit**, mean ± standard error in points:")
        blocks += [_service_table(ordered, part) for part in reading.chunks(units, _MOST_UNITS)]
    blocks.append(_note(results))
    return "\n\n".join(blocks)


def _often_table(ordered: Sequence[Appearance], units: Sequence[str]) -> str:
    """Return the table of how often and how much; `units` are those whose share stands in it."""
    rows = []
    for item in ordered:
        amount = item.accelerator_quarters_if_used
        service = [item.share_of_service[unit] for unit in units]
        rows.append(
            (
                escape(item.platform),
                escape(item.unit),
                percent_of(item.share_of_samples),
                percent_interval(item.share_of_samples),
                *(text for one in service for text in (percent_of(one), percent_error(one))),
                "-" if amount is None else spread_cell(amount, Scale(1.0, "")),
                "-" if amount is None else _mean_error(amount),
            )
        )
    headers = [
        "Platform",
        "One accelerator is",
        "In the optimum, of samples",
        "95 % interval",
        *(text for _ in units for text in ("Share of service", "Standard error (points)")),
        "Accelerator-quarters if used: mean (P10–P90)",
        "Standard error",
    ]
    return table(headers, rows, left=2)


def _service_table(ordered: Sequence[Appearance], units: Sequence[str]) -> str:
    rows = [
        (
            escape(item.platform),
            *(
                f"{percent_of(item.share_of_service[unit])} ± "
                f"{percent_error(item.share_of_service[unit])}"
                for unit in units
            ),
        )
        for item in ordered
    ]
    return table(["Platform", *(f"Of {escape(unit)}" for unit in units)], rows)


def _mean_error(amount: Spread) -> str:
    error = error_of(amount.mean)
    return NOT_KNOWN if error is None else compact(error)


def _note(results: Results) -> str:
    units = reading.units(results)
    counts = [item.share_of_samples.n for item in results.appearances]
    service = (
        f"of all that is served over the plan, counted in {escape(units[0])}"
        if len(units) == 1
        else "of all that is served in a unit over the plan; shares of different units do not add"
    )
    text = (
        f"{sample_counts(counts)}; accelerator-quarters are over the samples that use the "
        f"platform alone. Share of service is {service}. A platform counts as in the optimum when "
        "any of it is in service in any quarter."
    )
    if any(line.mode in ("owned", "contracted", "ordered") for line in results.typical.lines):
        text += " What is owned or under contract already is in service too, at work or not."
    never = len(reading.unused(results))
    if never and counts:
        text += (
            f" {plural(never, 'platform')} never appeared: that does not prove that no future "
            "would want one; the interval says how rare it may still be."
        )
    return text
