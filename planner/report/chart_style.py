"""What all charts share: colours that differ in grey, labels that fit, spans from estimates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.analysis.results_estimates import Estimate
from planner.report.text import plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

WIDTH_INCHES = 6.7

DARK = "#12385b"
LIGHT = "#c3d7e8"
PALE = "#e6e6e6"
INK = "0.15"

_LONGEST_LINE = 30


def label(text: str, longest: int = _LONGEST_LINE) -> str:
    """Return a name for an axis: in two lines when long, its middle left out when longer still."""
    shown = plain(text)
    if len(shown) > 2 * longest:
        shown = f"{shown[: longest - 1]}…{shown[-longest:]}"
    if len(shown) <= longest:
        return shown
    # Between the parts of a path rather than inside a name, and near the middle.
    for marks in (".", ".-_ …"):
        breaks = [i + 1 for i, char in enumerate(shown) if char in marks]
        fitting = [i for i in breaks if i <= longest and len(shown) - i <= longest]
        if fitting:
            middle = min(fitting, key=lambda i: abs(i - len(shown) / 2))
            return f"{shown[:middle]}\n{shown[middle:]}"
    return f"{shown[:longest]}\n{shown[longest:]}"


def short(text: str, longest: int) -> str:
    """Return a name on one line of at most `longest` characters, its middle left out if need be."""
    shown = plain(text)
    if len(shown) <= longest:
        return shown
    tail = longest // 2
    return f"{shown[: longest - tail - 1]}…{shown[-tail:]}"


def finite(value: float) -> float:
    """Return a value that can be drawn; what is not known becomes a gap, not a zero."""
    return value if math.isfinite(value) else math.nan


def spans(estimates: Sequence[Estimate]) -> list[list[float]]:
    """Return the 95 % intervals as distances below and above the values; 0 where not known."""
    below, above = [], []
    for item in estimates:
        below.append(0.0 if item.low is None else max(item.value - item.low, 0.0))
        above.append(0.0 if item.high is None else max(item.high - item.value, 0.0))
    return [below, above]


def group_thousands(axis: Axis) -> None:
    """Write the numbers of an axis as the tables do, such as 1,200."""
    from matplotlib.ticker import StrMethodFormatter

    axis.set_major_formatter(StrMethodFormatter("{x:,g}"))


def mark_quarters(axes: Axes, quarters: Sequence[str], most: int) -> None:
    """Label the quarters on the x axis, at most about `most` of them, at an even step."""
    step = max(1, math.ceil(len(quarters) / most))
    if step > 1:
        # Steps of whole half-years and years keep the labels on the same quarters.
        step = next((s for s in (2, 4, 8, 12) if s >= step), step)
    places = list(range(0, len(quarters), step))
    axes.set_xticks(places, [plain(quarters[i]) for i in places])
    axes.set_xlim(-0.6, len(quarters) - 0.4)
