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
    chart_orders,
    chart_plan_cost,
    chart_recourse,
    plan_reading,
    reading,
)
from planner.report.painting import paint
from planner.report.recourse_uses import uses
from planner.report.text import escape

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Draw = Callable[["Figure", Results], None]


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

    The keys are ``mix`` (see `mix_key`), ``cost``, ``cash``, ``drivers`` and ``appearance``, and
    with a committed plan ``plan-orders``, ``plan-recourse``, ``plan-cash``, ``plan-cost`` and
    ``plan-drivers``; a chart with nothing to show has no task.
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


def _of_plan(draw: Draw) -> Draw:
    """Return what draws the plan's figures as `draw` does those of the samples' own optima."""
    return partial(_draw_plan, draw)


def _draw_plan(draw: Draw, figure: Figure, results: Results) -> None:
    if results.committed is not None:
        draw(figure, plan_reading.plan_view(results, results.committed))


def _plan_charts(results: Results) -> list[tuple[str, bool, Draw]]:
    plan = results.committed
    if plan is None:
        return []
    view = plan_reading.plan_view(results, plan)
    has_spread = not reading.is_certain(results) and len(plan.cost_histogram.counts) > 1
    return [
        ("plan-orders", bool(plan_reading.accelerators(plan.orders)), chart_orders.draw),
        ("plan-recourse", any(use.is_used for use in uses(results, plan)), chart_recourse.draw),
        ("plan-cash", _has_cash(view), _of_plan(chart_cash.draw)),
        ("plan-cost", has_spread, chart_plan_cost.draw),
        ("plan-drivers", bool(plan.drivers), _of_plan(chart_drivers.draw)),
    ]


def _wanted(results: Results) -> dict[str, Draw]:
    histogram = results.cost_histogram
    has_spread = not reading.is_certain(results) and len(histogram.counts) > 1
    candidates: list[tuple[str, bool, Draw]] = [
        *_plan_charts(results),
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
