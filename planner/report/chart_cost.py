"""How the cost is distributed over the samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.analysis.results import Results
from planner.report.chart_style import DARK, INK, LIGHT, WIDTH_INCHES
from planner.report.numbers import usd_of, usd_range, usd_scale

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(figure: Figure, results: Results) -> None:
    """Draw the histogram of the cost with mean, P10, P50 and P90 marked."""
    figure.set_size_inches(WIDTH_INCHES, 2.9)
    axes = figure.subplots()
    cost, histogram = results.cost_usd, results.cost_histogram
    scale = usd_scale([*histogram.edges, cost.p90.value])
    edges = [edge / scale.divisor for edge in histogram.edges]
    axes.stairs(histogram.counts, edges, fill=True, facecolor=LIGHT, edgecolor=DARK, linewidth=0.8)
    top = max(histogram.counts)
    marks = (
        ("P10", cost.p10, "-", 1.07),
        ("P50", cost.p50, "-", 1.07),
        ("mean", cost.mean, "--", 1.19),
        ("P90", cost.p90, "-", 1.07),
    )
    for name, estimate, style, height in marks:
        place = estimate.value / scale.divisor
        color = INK if name == "mean" else DARK
        axes.plot([place, place], [0, height * top], color=color, linestyle=style, linewidth=1.2)
        axes.text(
            place,
            height * top,
            f"{name} {usd_of(estimate)}",
            ha="center",
            va="bottom",
            fontsize=8,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )
    axes.set_ylim(0, 1.32 * top)
    axes.grid(visible=False, axis="x")
    axes.set_xlabel(f"Discounted cost, {scale.name}")
    axes.set_ylabel("Samples")
    spread = usd_range(cost.p10.value, cost.p90.value)
    axes.set_title(f"Eight futures in ten cost {spread} in their own optimum")
