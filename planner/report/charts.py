"""The charts of a report: which there are, and how they reach the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.analysis.results import Results
from planner.report import chart_cash, chart_cost, chart_drivers, chart_mix, reading
from planner.report.text import escape

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS_PER_INCH = 150

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.labelsize": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "0.88",
    "grid.linewidth": 0.6,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "hatch.linewidth": 0.6,
    # A dollar sign is money here, never the start of a formula.
    "text.parse_math": False,
}


def draw_charts(results: Results, folder: Path) -> dict[str, str]:
    """Draw every chart that the results can fill, as PNG.

    Parameters
    ----------
    results : Results
    folder : Path
        An existing folder.

    Returns
    -------
    dict of str to str
        File names in `folder` by chart key: ``mix``, ``cost``, ``cash``, ``drivers`` and
        ``appearance``; a chart with nothing to show is not drawn and not in the dict.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = {}
    with matplotlib.rc_context():
        # A user's own matplotlibrc must not change the report.
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        for key, draw in _wanted(results).items():
            figure = Figure(dpi=DOTS_PER_INCH, layout="constrained")
            FigureCanvasAgg(figure)
            draw(figure, results)
            names[key] = f"{key}.png"
            # Without the software's name and a date, equal results give equal bytes.
            figure.savefig(
                folder / names[key],
                format="png",
                metadata={"Software": None},
                pil_kwargs={"compress_level": 4},
            )
    return names


def image(charts: dict[str, str], key: str, words: str) -> list[str]:
    """Return the markdown of a chart as a list of one block, empty when it was not drawn."""
    return [f"![{escape(words)}]({charts[key]})"] if key in charts else []


def _has_cash(results: Results) -> bool:
    spreads = [spread for item in results.cash for spread in (item.cash_usd, item.liability_usd)]
    return any(spread.p90.value != 0 or spread.mean.value != 0 for spread in spreads)


def _wanted(results: Results) -> dict[str, Callable[[Figure, Results], None]]:
    histogram = results.cost_histogram
    has_spread = not reading.is_certain(results) and len(histogram.counts) > 1
    some_used = bool(reading.used(results))
    candidates: list[tuple[str, bool, Callable[[Figure, Results], None]]] = [
        ("mix", some_used, chart_mix.draw),
        ("cost", has_spread, chart_cost.draw),
        ("cash", _has_cash(results), chart_cash.draw),
        ("drivers", bool(results.drivers), chart_drivers.draw_drivers),
        ("appearance", some_used, chart_drivers.draw_appearance),
    ]
    return {key: draw for key, is_wanted, draw in candidates if is_wanted}
