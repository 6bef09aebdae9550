"""How the cost is distributed over the samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.analysis.results import Results
from planner.report.chart_style import DARK, INK, LIGHT, WIDTH_INCHES, group_thousands
from planner.report.numbers import usd_of, usd_range, usd_scale

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROOM = 0.75
"""Share of the axis up to which a label has room to the right of its line."""


def draw(figure: Figure, results: Results) -> None:
    """Draw the histogram of the cost with mean, P10, P50 and P90 marked."""
    figure.set_size_inches(WIDTH_INCHES, 2.9)
    axes = figure.subplots()
    cost, histogram = results.cost_usd, results.cost_histogram
    scale = usd_scale([*histogram.edges, cost.p90.value])
    edges = [edge / scale.divisor for edge in histogram.edges]
    axes.stairs(histogram.counts, edges, fill=True, facecolor=LIGHT, edgecolor=DARK, linewidth=0.8)
    top = max(histogram.counts)
    marks = [("P10", cost.p10), ("P50", cost.p50), ("mean", cost.mean), ("P90", cost.p90)]
    # A staircase: further left stands higher, so no label lies on another's line.
    marks.sort(key=lambda mark: -mark[1].value)
    for step, (name, estimate) in enumerate(marks):
        place, height = estimate.value / scale.divisor, (1.06 + 0.1 * step) * top
        color, style = (INK, "--") if name == "mean" else (DARK, "-")
        axes.plot([place, place], [0, height], color=color, linestyle=style, linewidth=1.2)
        near_the_end = place > edges[0] + _ROOM * (edges[-1] - edges[0])
        axes.annotate(
            f"{name} {usd_of(estimate)}",
            (place, height),
            xytext=(-3 if near_the_end else 3, -1),
            textcoords="offset points",
            ha="right" if near_the_end else "left",
            va="center",
            fontsize=8,
        )
    axes.set_ylim(0, 1.46 * top)
    group_thousands(axes.xaxis)
    group_thousands(axes.yaxis)
    axes.grid(visible=False, axis="x")
    axes.set_xlabel(f"Discounted cost, {scale.name}")
    axes.set_ylabel("Samples")
    spread = usd_range(cost.p10.value, cost.p90.value)
    axes.set_title(f"Eight futures in ten cost {spread} in their own optimum")
