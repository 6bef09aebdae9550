"""Which mix: by quarter over the samples, beside the most typical plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from planner.analysis.results import Results
from planner.analysis.results_estimates import MixCell, Spread
from planner.report import reading
from planner.report.chart_mix import MOST_PANELS
from planner.report.charts import image, mix_key
from planner.report.numbers import (
    NOT_KNOWN,
    Scale,
    compact,
    error_of,
    unit_scale,
    usd_scale,
)
from planner.report.section_plan import typical_blocks
from planner.report.text import escape, listed, sample_counts, table


@dataclass(frozen=True)
class Measure:
    """One way to measure the mix; ``adds_up`` is whether it can be summed over platforms.

    ``scale`` gives the unit in which a table is shown, from its values.
    """

    title: str
    scale: Callable[[Sequence[float]], Scale]
    spread: Callable[[MixCell], Spread]
    adds_up: bool


def _measures(results: Results) -> list[Measure]:
    """Return how the mix is measured; what is served in each unit is never summed over units."""
    return [
        Measure("In service", _plain_scale("accelerators"), lambda cell: cell.accelerators, False),
        *(
            Measure(
                "Compute served",
                partial(unit_scale, unit=escape(unit)),
                partial(_served, unit=unit),
                True,
            )
            for unit in reading.units(results)
        ),
        Measure("Cash", usd_scale, lambda cell: cell.cost_usd, True),
        Measure("Power at the meter", _plain_scale("MW"), lambda cell: cell.power_mw, True),
    ]


def _plain_scale(unit: str) -> Callable[[Sequence[float]], Scale]:
    return lambda _: Scale(1.0, unit)


def _served(cell: MixCell, unit: str) -> Spread:
    return cell.served[unit]


def mix_section(results: Results, charts: dict[str, str]) -> str:
    """Return the mix per quarter with, beside it, the most typical sample's plan."""
    names = [item.platform for item in reading.used(results)]
    blocks = ["## The mix per quarter"]
    if not names:
        blocks.append("No platform is in service in any sample, so there is no mix to show.")
        return "\n\n".join(blocks)
    for unit in reading.units(results):
        words = f"{unit} by platform and quarter, with P10 to P90"
        blocks += image(charts, mix_key(results, unit), words)
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
    for measure in _measures(results):
        blocks += _measure_blocks(results, measure, names)
    return "\n\n".join(blocks)


def _caption(results: Results) -> str:
    never = [escape(item.platform) for item in reading.unused(results)]
    idle = [escape(item.platform) for item in reading.idle(results)]
    undrawn = [
        escape(item.platform)
        for unit in reading.units(results)
        for item in reading.serving(results, unit)[MOST_PANELS:]
    ]
    text = "Line: median. Dashed: mean. Band: P10 to P90 over the samples' own optima."
    if len(reading.units(results)) > 1:
        text += " One chart for each unit, with the platforms that serve it."
    if undrawn:
        text += f" Not drawn for space: {listed(list(dict.fromkeys(undrawn)))}."
    if idle:
        text += f" In service but never at work, so not drawn: {listed(idle)}."
    if never:
        text += f" In no optimum, so not drawn and not in the tables: {listed(never)}."
    return f"*{text}*"


def _measure_blocks(results: Results, measure: Measure, names: Sequence[str]) -> list[str]:
    spreads = {
        key: measure.spread(cell)
        for key, cell in reading.mix_cells(results).items()
        if key[0] in names
    }
    largest = [spread.p90.value for spread in spreads.values()]
    scale = measure.scale(largest)
    blocks = [f"**{measure.title} ({scale.name})**"]
    for quarters in reading.chunks(results.quarters):
        rows = [
            (
                escape(name),
                *(spread_cell(spreads.get((name, quarter)), scale) for quarter in quarters),
            )
            for name in names
        ]
        if measure.adds_up and len(names) > 1:
            totals = [_total(spreads, names, quarter, scale) for quarter in quarters]
            rows.append(("Total", *totals))
        blocks.append(table(["Platform", *map(escape, quarters)], rows))
    blocks.append(_error_note(spreads, scale) + _left_out(results, measure))
    return blocks


def _left_out(results: Results, measure: Measure) -> str:
    """Return what no platform causes, so that no reader takes the total for all of it."""
    if measure.title != "Cash" or not results.power:
        return ""
    return " What power contracts cost is no platform's and not in this table."


def spread_cell(spread: Spread | None, scale: Scale) -> str:
    """Return a mean with P10–P90 in brackets where they differ from it."""
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
