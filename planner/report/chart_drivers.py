"""What moves the cost: a tornado."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.analysis.results import Results
from planner.analysis.results_estimates import Driver
from planner.report import reading
from planner.report.chart_style import (
    DARK,
    INK,
    LIGHT,
    WIDTH_INCHES,
    group_thousands,
    label,
    spans,
)
from planner.report.numbers import Scale, usd_scale
from planner.report.text import plural

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_DRIVERS = 12


def draw(figure: Figure, results: Results) -> None:
    """Draw the mean cost in the low and high fifth of each input, and the swing's interval."""
    shown = reading.all_drivers(results)[:_MOST_DRIVERS]
    figure.set_size_inches(WIDTH_INCHES, 1.45 + 0.34 * len(shown))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[3, 2])
    centre = results.cost_usd.mean.value
    scale = usd_scale([centre, *(item.swing_usd.value for item in shown)])
    for place, item in enumerate(shown):
        _draw_bars(left, place, item, centre, scale)
        _draw_swing(right, place, item, scale)
    left.axvline(centre / scale.divisor, color=INK, linewidth=0.8)
    right.axvline(0, color=INK, linewidth=0.8)
    left.set_yticks(range(len(shown)), [label(item.input) for item in shown])
    left.set_ylim(len(shown) - 0.4, -0.6)
    for axes in (left, right):
        axes.grid(visible=False, axis="y")
        axes.locator_params(axis="x", nbins=4)
        group_thousands(axes.xaxis)
    right.tick_params(left=False)
    left.set_xlabel(f"Mean cost, {scale.name}")
    right.set_xlabel(f"Swing, {scale.name}")
    left.set_title("Lowest and highest fifth of draws")
    right.set_title("High less low, 95 % interval")
    _add_legend(figure, shown, len(results.drivers))
    figure.suptitle(_drivers_title(results), fontsize=9.5, x=0.01, ha="left")


def _drivers_title(results: Results) -> str:
    telling = reading.telling_drivers(results)
    if not telling:
        return "No input's swing can be told from sampling noise"
    return f"{plural(len(telling), 'input')} of {len(results.drivers)} can be seen to move the cost"


def _draw_bars(axes: Axes, place: int, item: Driver, centre: float, scale: Scale) -> None:
    # The two halves never overlap, so both show when both are on one side of the mean.
    sides = (
        (place - 0.19, item.cost_if_low_usd.value, LIGHT, "////"),
        (place + 0.19, item.cost_if_high_usd.value, DARK, ""),
    )
    for height, value, color, hatch in sides:
        axes.barh(
            height,
            (value - centre) / scale.divisor,
            0.36,
            left=centre / scale.divisor,
            color=color if item.distinguishable else "white",
            hatch=hatch if item.distinguishable else "",
            edgecolor=INK if item.distinguishable else "0.6",
            linewidth=0.5,
            linestyle="-" if item.distinguishable else ":",
        )


def _draw_swing(axes: Axes, place: int, item: Driver, scale: Scale) -> None:
    below, above = spans([item.swing_usd])
    axes.errorbar(
        item.swing_usd.value / scale.divisor,
        place,
        xerr=[[below[0] / scale.divisor], [above[0] / scale.divisor]],
        fmt="o" if item.distinguishable else "s",
        markersize=4,
        color=DARK if item.distinguishable else "0.55",
        markerfacecolor=DARK if item.distinguishable else "white",
        elinewidth=1.2,
        capsize=2.5,
    )


def _add_legend(figure: Figure, shown: Sequence[Driver], inputs: int) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(facecolor=LIGHT, hatch="////", edgecolor=INK, label="input in its lowest fifth"),
        Patch(facecolor=DARK, edgecolor=INK, label="input in its highest fifth"),
    ]
    if not all(item.distinguishable for item in shown):
        # Among many inputs some intervals miss zero by chance, so the count belongs here.
        words = f"not told from noise among {plural(inputs, 'input')}"
        handles.append(Patch(facecolor="white", edgecolor="0.6", linestyle=":", label=words))
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
