"""How often each platform is in the optimum, and how much of the service it gives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.analysis.results import Appearance, Results
from planner.analysis.results_estimates import Estimate
from planner.report import reading
from planner.report.chart_style import DARK, PALE, WIDTH_INCHES, label, short, spans

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_PLATFORMS = 16
"""More platforms than this are in the table only."""

_COLUMNS = 3


def draw(figure: Figure, results: Results) -> None:
    """Draw how often each platform is in the optimum, beside its share of each unit's service."""
    shown = [*reading.used(results), *reading.unused(results)][:MOST_PLATFORMS]
    units = reading.units(results)
    columns = min(_COLUMNS, 1 + len(units))
    rows = math.ceil((1 + len(units)) / columns)
    figure.set_size_inches(WIDTH_INCHES, rows * (1.0 + 0.27 * len(shown)))
    grid = figure.subplots(rows, columns, sharey=True, squeeze=False)
    panels = list(grid.flat)
    _draw_often(panels[0], results, shown)
    for axes, unit in zip(panels[1:], units, strict=False):
        _draw_service(axes, results, shown, unit)
    for axes in panels[1 + len(units) :]:
        axes.set_visible(False)
    for position, axes in enumerate(panels):
        axes.tick_params(left=position % columns == 0)
    panels[0].set_yticks(range(len(shown)), [label(item.platform, 26) for item in shown])
    panels[0].set_ylim(len(shown) - 0.4, -0.6)


def _draw_often(axes: Axes, results: Results, shown: Sequence[Appearance]) -> None:
    _draw_shares(axes, [item.share_of_samples for item in shown], "o")
    if len(reading.units(results)) == 1:
        axes.set_xlabel("% of samples, with 95 % interval")
        axes.set_title("How often it is in the optimum")
    else:
        axes.set_xlabel("% of samples, 95 % interval")
        axes.set_title("In the optimum")


def _draw_service(axes: Axes, results: Results, shown: Sequence[Appearance], unit: str) -> None:
    _draw_shares(axes, [item.share_of_service[unit] for item in shown], "D")
    if len(reading.units(results)) == 1:
        axes.set_xlabel("% of compute served, with 95 % interval")
        axes.set_title("How much of the service it gives")
    else:
        axes.set_xlabel("% of it, 95 % interval")
        axes.set_title(f"Share of {short(unit, 20)}")


def _draw_shares(axes: Axes, estimates: Sequence[Estimate], mark: str) -> None:
    places = range(len(estimates))
    axes.hlines(places, 0, 100, color=PALE, linewidth=0.8)
    axes.errorbar(
        [100 * item.value for item in estimates],
        places,
        xerr=[[100 * one for one in side] for side in spans(estimates)],
        fmt=mark,
        markersize=4.5,
        color=DARK,
        elinewidth=1.2,
        capsize=2.5,
    )
    axes.set_xlim(-4, 104)
    axes.grid(visible=False, axis="y")
