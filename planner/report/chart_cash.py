"""Cash by quarter in its parts, and the contract liability outstanding below it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.analysis.results import Results
from planner.report.chart_style import (
    DARK,
    INK,
    LIGHT,
    WIDTH_INCHES,
    finite,
    group_thousands,
    mark_quarters,
    short,
)
from planner.report.numbers import Scale, usd_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = 3
"""Of the legend."""

# Light and dark alternate, each with its own hatch, so neighbours differ in grey.
LOOKS = (
    (DARK, ""),
    (LIGHT, "////"),
    ("#6f93b3", ""),
    ("white", "...."),
    ("0.35", "\\\\\\\\"),
    ("0.85", "xxxx"),
    ("#27303a", ""),
    ("0.95", "----"),
    ("#8f8f8f", "////"),
    ("white", "||||"),
    ("#4a6a8a", "oo"),
    ("0.75", "++++"),
)
"""As many as there are parts of cash."""


def draw(figure: Figure, results: Results) -> None:
    """Draw stacked mean parts with the total's P10 to P90, and the liability on its own panel."""
    names = _drawn_parts(results)
    figure.set_size_inches(WIDTH_INCHES, 4.2 + 0.17 * math.ceil((len(names) + 2) / _COLUMNS))
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    _draw_parts(upper, results, names)
    _draw_liability(lower, results)
    mark_quarters(lower, [item.quarter for item in results.cash], most=10)
    for axes in (upper, lower):
        group_thousands(axes.yaxis)
    figure.legend(
        *upper.get_legend_handles_labels(),
        loc="outside upper center",
        ncols=_COLUMNS,
        handlelength=2.2,
    )


def _drawn_parts(results: Results) -> list[str]:
    """Return the parts of cash that are not zero in every quarter."""
    names = dict.fromkeys(name for item in results.cash for name in item.parts_usd)
    return [name for name in names if any(item.parts_usd.get(name) for item in results.cash)]


def _draw_parts(axes: Axes, results: Results, names: Sequence[str]) -> None:
    places = list(range(len(results.cash)))
    spreads = [item.cash_usd for item in results.cash]
    scale = usd_scale(spread.p90.value for spread in spreads)
    # Money that comes back stacks downwards from zero, or the bars would overlap.
    up, down = [0.0] * len(places), [0.0] * len(places)
    for position, name in enumerate(names):
        values = [item.parts_usd.get(name, 0.0) / scale.divisor for item in results.cash]
        bottoms = [up[i] if value >= 0 else down[i] for i, value in enumerate(values)]
        color, hatch = LOOKS[position % len(LOOKS)]
        axes.bar(
            places,
            values,
            0.62,
            bottom=bottoms,
            color=color,
            hatch=hatch,
            edgecolor=INK,
            linewidth=0.5,
            label=f"{short(name.capitalize(), 30)} (mean)",
        )
        for i, value in enumerate(values):
            up[i] += max(value, 0.0)
            down[i] += min(value, 0.0)
    low = [finite(spread.p10.value) / scale.divisor for spread in spreads]
    high = [finite(spread.p90.value) / scale.divisor for spread in spreads]
    beside = [place + 0.4 for place in places]
    axes.vlines(beside, low, high, color=INK, linewidth=1.4, label="Total, P10 to P90")
    axes.plot(
        beside,
        [finite(spread.p50.value) / scale.divisor for spread in spreads],
        linestyle="none",
        marker="D",
        markersize=3.5,
        color=INK,
        label="Total, median",
    )
    axes.grid(visible=False, axis="x")
    axes.set_ylabel(_in_lines("Cash in the quarter", scale))
    axes.set_title("Cash that leaves in each quarter, undiscounted")


def _draw_liability(axes: Axes, results: Results) -> None:
    places = range(len(results.cash))
    spreads = [item.liability_usd for item in results.cash]
    scale = usd_scale(spread.p90.value for spread in spreads)
    low, middle, high = (
        [finite(item.value) / scale.divisor for item in series]
        for series in zip(*((s.p10, s.p50, s.p90) for s in spreads), strict=True)
    )
    if len(spreads) == 1:
        axes.vlines([0], low, high, color=LIGHT, linewidth=12)
    else:
        axes.fill_between(places, low, high, color=LIGHT, linewidth=0)
    axes.plot(places, middle, color=DARK, marker="o", markersize=3, linewidth=1.4)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(_in_lines("Still owed", scale))
    axes.set_title("Contract liability at the end of each quarter: median and P10 to P90")


def _in_lines(words: str, scale: Scale) -> str:
    return f"{words},\n{scale.name}"
