"""What the committed plan signs for, by quarter of signing and of start, and by platform."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from planner.analysis.results import Results
from planner.analysis.results_committed import PlannedOrder
from planner.report import plan_reading
from planner.report.chart_cash import LOOKS
from planner.report.chart_style import (
    INK,
    PALE,
    WIDTH_INCHES,
    group_thousands,
    mark_quarters,
    short,
)
from planner.report.numbers import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_PLATFORMS = 11
_OTHERS = "others"
_LEGEND_COLUMNS = 4


def draw(figure: Figure, results: Results) -> None:
    """Draw stacked accelerators by platform: by when they are signed, and by when they start."""
    plan = results.committed
    if plan is None:
        raise ValueError("there is no plan to draw")
    orders = plan_reading.accelerators(plan.orders)
    names = list(plan_reading.counted(orders, lambda order: order.platform))
    rows = -(-min(len(names), _MOST_PLATFORMS + 1) // _LEGEND_COLUMNS)
    figure.set_size_inches(WIDTH_INCHES, 4.1 + 0.17 * rows)
    upper, lower = figure.subplots(2, 1, sharex=True, sharey=True)
    upper.axvspan(-0.5, 0.5, color=PALE, linewidth=0)
    _stack(upper, orders, names, results.quarters, lambda order: order.sign_in)
    _stack(lower, orders, names, results.quarters, lambda order: order.quarter)
    now = count(sum(order.count for order in orders if order.sign_now))
    upper.set_title(f"To be signed by: {now} of {count(sum(o.count for o in orders))} now (shaded)")
    lower.set_title("Start in (before any of it fails to arrive)")
    mark_quarters(lower, results.quarters, most=10)
    for axes in (upper, lower):
        group_thousands(axes.yaxis)
        axes.grid(visible=False, axis="x")
        axes.set_ylabel("Accelerators")
    figure.legend(
        *upper.get_legend_handles_labels(),
        loc="outside lower center",
        ncols=_LEGEND_COLUMNS,
        handlelength=2.2,
    )


def _stack(
    axes: Axes,
    orders: Sequence[PlannedOrder],
    names: Sequence[str],
    quarters: Sequence[str],
    when: Callable[[PlannedOrder], str],
) -> None:
    drawn = list(names[:_MOST_PLATFORMS])
    bottoms = [0.0] * len(quarters)
    for position, name in enumerate([*drawn, *([_OTHERS] if len(names) > len(drawn) else [])]):
        heights = [0.0] * len(quarters)
        for order in orders:
            if order.platform == name or (name == _OTHERS and order.platform not in drawn):
                heights[quarters.index(when(order))] += order.count
        color, hatch = LOOKS[position % len(LOOKS)]
        axes.bar(
            range(len(quarters)),
            heights,
            0.66,
            bottom=bottoms,
            color=color,
            hatch=hatch,
            edgecolor=INK,
            linewidth=0.5,
            label=short(name, 26),
        )
        bottoms = [bottom + height for bottom, height in zip(bottoms, heights, strict=True)]
