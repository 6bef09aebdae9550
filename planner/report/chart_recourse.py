"""What is done once the future is known, by quarter: a panel for each kind of recourse."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planner.analysis.results import Results
from planner.report.chart_mix import panel
from planner.report.chart_style import (
    WIDTH_INCHES,
    group_thousands,
    mark_quarters,
    short,
)
from planner.report.numbers import Scale, unit_scale
from planner.report.recourse_uses import Use, uses

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_PANELS = 12
"""More kinds of recourse than this are only in the table."""

_COLUMNS = 3
_PANEL_INCHES = 1.5


def draw(figure: Figure, results: Results) -> None:
    """Draw mean, median and P10 to P90 of each kind of recourse that is used, each to its scale."""
    plan = results.committed
    if plan is None:
        raise ValueError("there is no plan to draw")
    found = [use for use in uses(results, plan) if use.is_used][:MOST_PANELS]
    columns = min(_COLUMNS, len(found))
    rows = math.ceil(len(found) / columns)
    figure.set_size_inches(WIDTH_INCHES, max(2.6, _PANEL_INCHES * rows + 0.75))
    grid = figure.subplots(rows, columns, sharex=True, squeeze=False)
    panels = list(grid.flat)
    for axes, use in zip(panels, found, strict=False):
        scale = _scale(use)
        panel(axes, use.spreads, scale)
        axes.set_title(f"{short(use.name, 26)}\n{short(scale.name, 26)}", fontsize=8.5)
        axes.set_ylim(bottom=-0.03 * axes.get_ylim()[1])
        group_thousands(axes.yaxis)
    for axes in panels[len(found) :]:
        axes.set_visible(False)
    for column in range(columns):
        last = max(row for row in range(rows) if row * columns + column < len(found))
        grid[last][column].tick_params(labelbottom=True)
    mark_quarters(panels[0], results.quarters, most=3)
    figure.suptitle(
        "What is done later, over the futures (each panel has its own scale)",
        fontsize=9.5,
        x=0.01,
        ha="left",
    )
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)


def _scale(use: Use) -> Scale:
    return unit_scale((spread.p90.value for spread in use.spreads), use.unit)
