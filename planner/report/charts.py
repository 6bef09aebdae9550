"""The charts of a report: which there are, and how they reach the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from planner.analysis.results import Results
from planner.report import (
    chart_appearance,
    chart_cash,
    chart_cost,
    chart_drivers,
    chart_mix,
    reading,
)
from planner.report.painting import paint
from planner.report.text import escape

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class DrawChart:
    """The task of one chart; any process can draw it."""

    results: Results
    key: str
    folder: Path

    def run(self, _state: object) -> str:
        """Draw the chart and return its file name.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        name, draw = f"{self.key}.png", _wanted(self.results)[self.key]
        paint(self.folder / name, lambda figure: draw(figure, self.results))
        return name


def chart_tasks(results: Results, folder: Path) -> list[DrawChart]:
    """Return a task for each chart that the results can fill: PNG files in an existing folder.

    The keys are ``mix`` (see `mix_key`), ``cost``, ``cash``, ``drivers`` and ``appearance``; a
    chart with nothing to show has no task.
    """
    return [DrawChart(results, key, folder) for key in _wanted(results)]


def mix_key(results: Results, unit: str) -> str:
    """Return the key of a unit's chart: ``mix``, or of several ``mix-1``, ``mix-2`` and so on."""
    units = reading.units(results)
    return "mix" if len(units) == 1 else f"mix-{units.index(unit) + 1}"


def image(charts: dict[str, str], key: str, words: str) -> list[str]:
    """Return the markdown of a chart as a list of one block, empty when it was not drawn."""
    return [f"![{escape(words)}]({charts[key]})"] if key in charts else []


def _has_cash(results: Results) -> bool:
    spreads = [spread for item in results.cash for spread in (item.cash_usd, item.liability_usd)]
    return any(spread.p90.value != 0 or spread.mean.value != 0 for spread in spreads)


def _wanted(results: Results) -> dict[str, Callable[[Figure, Results], None]]:
    histogram = results.cost_histogram
    has_spread = not reading.is_certain(results) and len(histogram.counts) > 1
    candidates: list[tuple[str, bool, Callable[[Figure, Results], None]]] = [
        *(
            (
                mix_key(results, unit),
                bool(reading.serving(results, unit)),
                partial(chart_mix.draw, unit=unit),
            )
            for unit in reading.units(results)
        ),
        ("cost", has_spread, chart_cost.draw),
        ("cash", _has_cash(results), chart_cash.draw),
        ("drivers", bool(results.drivers), chart_drivers.draw),
        ("appearance", bool(reading.used(results)), chart_appearance.draw),
    ]
    return {key: draw for key, is_wanted, draw in candidates if is_wanted}
