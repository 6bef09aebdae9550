"""Which mix: by quarter, the most typical plan, and how often each platform is in the optimum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from planner.analysis.results import MixCell, Results, Spread
from planner.report import reading
from planner.report.chart_mix import MOST_PANELS
from planner.report.charts import image
from planner.report.numbers import (
    NOT_KNOWN,
    Scale,
    compact,
    error_of,
    percent_error,
    percent_interval,
    percent_of,
    usd_scale,
)
from planner.report.section_plan import typical_blocks
from planner.report.text import escape, listed, plural, sample_counts, table


@dataclass(frozen=True)
class Measure:
    """One way to measure the mix; ``adds_up`` is whether it can be summed over platforms."""

    title: str
    unit: str
    spread: Callable[[MixCell], Spread]
    adds_up: bool


MEASURES = (
    Measure("In service", "accelerators", lambda cell: cell.accelerators, False),
    Measure("Compute served", "effective PFLOP/s", lambda cell: cell.effective_pflops, True),
    Measure("Cash", "USD", lambda cell: cell.cost_usd, True),
    Measure("Power at the meter", "MW", lambda cell: cell.power_mw, True),
)


def mix_section(results: Results, charts: dict[str, str]) -> str:
    """Return the mix per quarter with, beside it, the most typical sample's plan."""
    names = [item.platform for item in reading.used(results)]
    blocks = ["## The mix per quarter"]
    if not names:
        blocks.append("No platform is in service in any sample, so there is no mix to show.")
        return "\n\n".join(blocks)
    blocks += image(charts, "mix", "Effective PFLOP/s by platform and quarter, with P10 to P90")
    blocks += [
        _caption(results),
        "**An average of per-sample optima is nobody's plan.** The tables under *Average over "
        "the samples* say how the optimum spreads over futures; do not sign for them. The plan "
        "of one typical future comes first.",
        *typical_blocks(results),
        "### Average over the samples",
        "Each cell is the mean, with P10–P90 in brackets where they differ from it. "
        f"{sample_counts([cell.accelerators.mean.n for cell in results.mix])}. "
        "Totals are sums of means; their percentiles are not the sums of the percentiles.",
    ]
    for measure in MEASURES:
        blocks += _measure_blocks(results, measure, names)
    return "\n\n".join(blocks)


def _caption(results: Results) -> str:
    never = [escape(item.platform) for item in reading.unused(results)]
    found = [escape(item.platform) for item in reading.used(results)]
    text = "Line: median. Dashed: mean. Band: P10 to P90 over the samples' own optima."
    if found[MOST_PANELS:]:
        text += f" Not drawn for space: {listed(found[MOST_PANELS:])}."
    if never:
        text += f" In no optimum, so not drawn and not in the tables: {listed(never)}."
    return f"*{text}*"


def _measure_blocks(results: Results, measure: Measure, names: Sequence[str]) -> list[str]:
    spreads = {
        key: measure.spread(cell)
        for key, cell in reading.mix_cells(results).items()
        if key[0] in names
    }
    scale = Scale(1.0, measure.unit)
    if measure.unit == "USD":
        scale = usd_scale(spread.p90.value for spread in spreads.values())
    blocks = [f"**{measure.title} ({scale.name})**"]
    for quarters in reading.chunks(results.quarters):
        rows = [
            (escape(name), *(_cell(spreads.get((name, quarter)), scale) for quarter in quarters))
            for name in names
        ]
        if measure.adds_up and len(names) > 1:
            totals = [_total(spreads, names, quarter, scale) for quarter in quarters]
            rows.append(("Total", *totals))
        blocks.append(table(["Platform", *map(escape, quarters)], rows))
    blocks.append(_error_note(spreads, scale))
    return blocks


def _cell(spread: Spread | None, scale: Scale) -> str:
    if spread is None:
        return NOT_KNOWN
    mean, low, high = (
        compact(item.value / scale.divisor) for item in (spread.mean, spread.p10, spread.p90)
    )
    return mean if low == mean == high else f"{mean} ({low}–{high})"


def _total(
    spreads: dict[tuple[str, str], Spread], names: Sequence[str], quarter: str, scale: Scale
) -> str:
    cells = [spreads.get((name, quarter)) for name in names]
    if any(cell is None for cell in cells):
        return NOT_KNOWN
    return compact(sum(cell.mean.value for cell in cells if cell is not None) / scale.divisor)


def _error_note(spreads: dict[tuple[str, str], Spread], scale: Scale) -> str:
    """Return the largest standard error of a mean in the table, and where it is."""
    errors = {key: error_of(spread.mean) for key, spread in spreads.items()}
    known = {key: error for key, error in errors.items() if error is not None}
    if not known:
        return f"The standard errors of these means are {NOT_KNOWN}."
    platform, quarter = max(known, key=lambda key: known[key])
    worst = known[platform, quarter]
    if worst == 0:
        return "These means have no sampling error: all samples agree."
    return (
        f"Largest standard error of a mean above: {compact(worst / scale.divisor)} {scale.name} "
        f"({escape(platform)}, {escape(quarter)})."
    )


def appearance_section(results: Results, charts: dict[str, str]) -> str:
    """Return how often each platform is in the optimum, and how much of it."""
    blocks = ["## How often each platform is in the optimum, and how much of it"]
    if not results.appearances:
        return "\n\n".join([*blocks, "The results hold no platform."])
    blocks += image(charts, "appearance", "How often each platform is in the optimum")
    ordered = [*reading.used(results), *reading.unused(results)]
    rows = []
    for item in ordered:
        amount = item.accelerator_quarters_if_used
        cell = "-" if amount is None else _cell(amount, Scale(1.0, ""))
        error = "-" if amount is None else _mean_error(amount)
        rows.append(
            (
                escape(item.platform),
                escape(item.unit),
                percent_of(item.share_of_samples),
                percent_interval(item.share_of_samples),
                percent_of(item.share_of_service),
                percent_error(item.share_of_service),
                cell,
                error,
            )
        )
    headers = [
        "Platform",
        "One accelerator is",
        "In the optimum, of samples",
        "95 % interval",
        "Share of service",
        "Standard error (points)",
        "Accelerator-quarters if used: mean (P10–P90)",
        "Standard error",
    ]
    never = len(reading.unused(results))
    blocks += [table(headers, rows, left=2), _appearance_note(results, never)]
    return "\n\n".join(blocks)


def _mean_error(amount: Spread) -> str:
    error = error_of(amount.mean)
    return NOT_KNOWN if error is None else compact(error)


def _appearance_note(results: Results, never: int) -> str:
    counts = [item.share_of_samples.n for item in results.appearances]
    text = (
        f"{sample_counts(counts)}; accelerator-quarters are over the samples that use the "
        "platform alone. Share of service is of all effective PFLOP-hours served. A platform "
        "counts as in the optimum when any of it is in service in any quarter."
    )
    if never and counts:
        text += (
            f" {plural(never, 'platform')} never appeared: that does not prove that no future "
            "would want one; the interval says how rare it may still be."
        )
    return text
