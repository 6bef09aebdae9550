"""What is served by platform and quarter, with the spread over the samples' optima."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planner.analysis.results import Results
from planner.analysis.results_estimates import Spread
from planner.report import reading
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
from planner.report.numbers import Scale, percent, unit_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_PANELS = 12
"""More platforms than this are named in the caption instead of drawn."""

_COLUMNS = 3
_PANEL_INCHES = 1.45


def draw(figure: Figure, results: Results, unit: str) -> None:
    """Draw one small panel per platform that puts out some of `unit`, all on one scale."""
    found = reading.serving(results, unit)[:MOST_PANELS]
    service = short(reading.service_of(results, unit), 20)
    columns = min(_COLUMNS, len(found))
    rows = math.ceil(len(found) / columns)
    figure.set_size_inches(WIDTH_INCHES, max(2.6, _PANEL_INCHES * rows + 0.75))
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    cells = reading.mix_cells(results)
    scale = unit_scale((cell.served[unit].p90.value for cell in cells.values()), unit)
    panels = list(grid.flat)
    for axes, item in zip(panels, found, strict=False):
        spreads = [
            cells[item.platform, quarter].served[unit]
            for quarter in results.quarters
            if (item.platform, quarter) in cells
        ]
        share = percent(item.share_of_service[unit].value)
        if len(spreads) == len(results.quarters):
            panel(axes, spreads, scale)
        axes.set_title(f"{short(item.platform, 26)}\n{share} of {service}", fontsize=8.5)
    for axes in panels[len(found) :]:
        axes.set_visible(False)
    # With a shared x axis, the last panel of each column is the one that shows the quarters.
    for column in range(columns):
        last = max(row for row in range(rows) if row * columns + column < len(found))
        grid[last][column].tick_params(labelbottom=True)
    mark_quarters(panels[0], results.quarters, most=3)
    # A little below zero, so that a median of nothing is a line and not hidden by the axis.
    panels[0].set_ylim(bottom=-0.03 * panels[0].get_ylim()[1])
    group_thousands(panels[0].yaxis)
    figure.supylabel(short(scale.name, 48), fontsize=8.5)
    figure.suptitle(
        "What each platform serves in each future's own optimum", fontsize=9.5, x=0.01, ha="left"
    )
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)


def panel(axes: Axes, spreads: list[Spread], scale: Scale) -> None:
    """Draw spreads by quarter: median, mean and P10 to P90, in the unit of a scale."""
    places = range(len(spreads))
    low, middle, high, mean = (
        [finite(item.value) / scale.divisor for item in series]
        for series in zip(*((s.p10, s.p50, s.p90, s.mean) for s in spreads), strict=True)
    )
    if len(spreads) == 1:
        axes.vlines([0], low, high, color=LIGHT, linewidth=12, label="P10 to P90")
    else:
        axes.fill_between(places, low, high, color=LIGHT, linewidth=0, label="P10 to P90")
    axes.plot(places, middle, color=DARK, marker="o", markersize=3, linewidth=1.4, label="median")
    axes.plot(
        places,
        mean,
        color=INK,
        linestyle="--",
        marker="x",
        markersize=3,
        linewidth=0.9,
        label="mean",
    )
