"""How the plan's cost is distributed, against that of each future's own optimum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.analysis.results import Results
from planner.analysis.results_estimates import Histogram
from planner.report.chart_style import DARK, INK, LIGHT, WIDTH_INCHES, group_thousands
from planner.report.numbers import Scale, percent, usd, usd_of, usd_scale
from planner.report.plan_words import tail_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROOM = 0.62
"""Where on the axis the last mark stands, so that its label has room to the right of it."""


def draw(figure: Figure, results: Results) -> None:
    """Draw both histograms as densities, with the plan's mean, P90 and tail mean marked."""
    plan = results.committed
    if plan is None:
        raise ValueError("there is no plan to draw")
    figure.set_size_inches(WIDTH_INCHES, 3.2)
    axes = figure.subplots()
    own, best = plan.cost_histogram, results.cost_histogram
    scale = usd_scale([*own.edges, *best.edges, plan.cvar_usd.value])
    tops = [
        _outline(axes, own, scale, "the plan", filled=True),
        _outline(axes, best, scale, "each future's own optimum", filled=False),
    ]
    tail = f"mean of the worst {tail_words(plan.cvar_level)}"
    marks = [
        ("optimum, mean", results.cost_usd.mean, ":"),
        ("plan, mean", plan.cost_usd.mean, "--"),
        ("plan, P90", plan.cost_usd.p90, "-"),
        (f"plan, {tail}", plan.cvar_usd, "-."),
    ]
    left = min(own.edges[0], best.edges[0])
    end = left + (max(mark.value for _, mark, _ in marks) - left) / _ROOM
    # A few futures far out would squeeze all others into a corner; the axis says what it leaves.
    beyond = _beyond(own, end)
    if end > left:
        axes.set_xlim(right=end / scale.divisor)
    _mark(axes, [(f"{name} {usd_of(e)}", e.value, style) for name, e, style in marks], scale, tops)
    group_thousands(axes.xaxis)
    axes.grid(visible=False, axis="x")
    most = usd(own.edges[-1])
    more = f"; {percent(beyond)} of the plan's lie beyond, up to {most}" if beyond > 0 else ""
    axes.set_xlabel(f"Discounted cost, {scale.name}{more}")
    axes.set_ylabel(f"Samples, % per {scale.name}")
    axes.set_title("What the plan costs, and what knowing the future would have cost")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2)


def _beyond(found: Histogram, end: float) -> float:
    """Return the share of samples in bins that begin beyond a value."""
    out = sum(n for n, low in zip(found.counts, found.edges[:-1], strict=True) if low >= end)
    return out / sum(found.counts)


def _outline(axes: Axes, found: Histogram, scale: Scale, label: str, *, filled: bool) -> float:
    """Draw a histogram as a density, so that bins of different widths compare; return its top."""
    total = sum(found.counts)
    edges = [edge / scale.divisor for edge in found.edges]
    heights = [
        100 * count / total / (high - low) if total and high > low else 0.0
        for count, low, high in zip(found.counts, edges[:-1], edges[1:], strict=True)
    ]
    axes.stairs(
        heights,
        edges,
        fill=filled,
        facecolor=LIGHT if filled else "none",
        edgecolor=LIGHT if filled else DARK,
        linewidth=1.2,
        label=label,
    )
    return max(heights, default=0.0)


def _mark(
    axes: Axes,
    marks: Sequence[tuple[str, float, str]],
    scale: Scale,
    tops: Sequence[float],
) -> None:
    top = max(tops) or 1.0
    ordered = sorted(marks, key=lambda mark: -mark[1])
    # A staircase: further left stands higher, so no label lies on another's line.
    for step, (words, value, style) in enumerate(ordered):
        place, height = value / scale.divisor, (1.06 + 0.1 * step) * top
        axes.plot([place, place], [0, height], color=INK, linestyle=style, linewidth=1.1)
        axes.annotate(
            words,
            (place, height),
            xytext=(3, -1),
            textcoords="offset points",
            ha="left",
            va="center",
            fontsize=8,
        )
    axes.set_ylim(0, 1.48 * top)
