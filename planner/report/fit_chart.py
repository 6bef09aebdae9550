"""A fit as a picture: distribution functions beside what was seen, or paths and what is ahead."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from planner.analysis.fit import FittedCurves, FittedPaths
from planner.report.chart_style import DARK, INK, LIGHT, WIDTH_INCHES, group_thousands, short
from planner.report.painting import paint

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DASHES = ("-", "--", "-.", ":")


def draw_fit(path: Path, picture: list[FittedCurves] | FittedPaths) -> None:
    """Draw a fit as PNG.

    Distributions: what was seen and every one that was tried, a panel for each group. A process:
    every series, and P10 to P90 of what is ahead of the median one.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    if isinstance(picture, FittedPaths):
        paint(path, partial(_paths, paths=picture))
    else:
        paint(path, partial(_curves, curves=picture))


def _curves(figure: Figure, curves: Sequence[FittedCurves]) -> None:
    figure.set_size_inches(WIDTH_INCHES, 0.4 + 2.4 * len(curves))
    for axes, one in zip(figure.subplots(len(curves), squeeze=False)[:, 0], curves, strict=True):
        seen = np.arange(1, one.values.size + 1) / one.values.size
        axes.step(one.values, seen, where="post", color=DARK, linewidth=1.8, label="seen")
        for dashes, (name, share) in zip(_DASHES, one.shares.items(), strict=False):
            axes.plot(one.at, share, linestyle=dashes, color=INK, linewidth=1, label=name)
        axes.set_title(short(one.name, 70))
        axes.set_ylabel("share at most")
        group_thousands(axes.xaxis)
        axes.legend(loc="lower right")


def _paths(figure: Figure, paths: FittedPaths) -> None:
    figure.set_size_inches(WIDTH_INCHES, 3.4)
    axes = figure.subplots()
    p10, p50, p90 = paths.levels
    now = max(years[-1] for years in paths.years)
    ahead = now + np.arange(p50.size) / 4
    for place, (years, values) in enumerate(zip(paths.years, paths.values, strict=True)):
        label = "seen, each series" if place == 0 else None
        axes.step(years, values, where="post", color="0.6", linewidth=0.8, label=label)
    axes.fill_between(ahead, p10, p90, color=LIGHT, linewidth=0, label="P10 to P90 from the median")
    axes.plot(ahead, p50, color=DARK, marker="o", markersize=3, label="P50")
    axes.set_ylim(bottom=0)
    axes.set_title(short(paths.name, 70))
    axes.set_xlabel("year")
    group_thousands(axes.yaxis)
    axes.legend(loc="best")
