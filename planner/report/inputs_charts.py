"""The uncertain inputs as pictures: what is drawn of each, and fans of what moves over time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from planner.analysis.inputs_view import Fan, InputsView
from planner.analysis.results_draws import DrawnInput
from planner.report.chart_style import DARK, LIGHT, PALE, WIDTH_INCHES, mark_quarters, short
from planner.report.painting import paint

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ON_A_PAGE = 20


def write_inputs_charts(view: InputsView, folder: Path) -> list[Path]:
    """Draw every input and every fan to PNG files in a folder, and return the files.

    Raises
    ------
    OSError
        If they cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [*_spans(view, folder), *_fans(view, folder)]


def _spans(view: InputsView, folder: Path) -> Iterator[Path]:
    """Yield pages of inputs: P5 to P95 as specified beside what is drawn, in medians."""
    inputs = [item for item in view.check.inputs if item.specified[1]]
    for page, begin in enumerate(range(0, len(inputs), _ON_A_PAGE), start=1):
        shown = inputs[begin : begin + _ON_A_PAGE]
        path = folder / f"inputs-{page}.png"
        paint(path, partial(_draw_spans, inputs=shown))
        yield path


def _draw_spans(figure: Figure, inputs: list[DrawnInput]) -> None:
    figure.set_size_inches(WIDTH_INCHES, 1.1 + 0.3 * len(inputs))
    axes = figure.subplots()
    for place, item in enumerate(inputs):
        middle = abs(item.specified[1])
        for values, off, color, words in (
            (item.specified, -0.16, DARK, "as the config says"),
            (item.sampled, 0.16, "0.6", "as drawn"),
        ):
            low, centre, high = (100 * value / middle for value in values)
            axes.hlines(place + off, low, high, color=color, linewidth=3)
            label = words if place == 0 else None
            axes.plot(centre, place + off, "o", color=color, markersize=4, label=label)
    axes.set_yticks(range(len(inputs)), [short(item.name, 48) for item in inputs], fontsize=7)
    axes.invert_yaxis()
    axes.set_xlabel("P5, P50 and P95, in percent of the median")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False)


def _fans(view: InputsView, folder: Path) -> Iterator[Path]:
    for fan in view.fans:
        path = folder / f"{fan.path}.png"
        paint(path, partial(_draw_fan, fan=fan, quarters=view.quarters))
        yield path


def _draw_fan(figure: Figure, fan: Fan, quarters: tuple[str, ...]) -> None:
    figure.set_size_inches(WIDTH_INCHES, 3.2)
    axes = figure.subplots()
    places = range(len(quarters))
    p5, p25, p50, p75, p95 = zip(*fan.levels, strict=True)
    axes.fill_between(places, p5, p95, color=PALE, linewidth=0, label="P5 to P95")
    axes.fill_between(places, p25, p75, color=LIGHT, linewidth=0, label="P25 to P75")
    axes.plot(places, p50, color=DARK, marker="o", markersize=3, label="P50")
    mark_quarters(axes, list(quarters), most=10)
    axes.set_title(short(fan.path, 70))
    axes.legend(loc="best", frameon=False, fontsize=8)
