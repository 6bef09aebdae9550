"""What may stand in a cell of the workbook, and how text is kept from being anything but text."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from planner.analysis.results_estimates import Estimate, Spread
from planner.report.text import plain

USD = "#,##0;[Red]-#,##0"
USD_SMALL = "#,##0.00##;[Red]-#,##0.00##"
SHARE = "0.0%"
COUNT = "#,##0"
AMOUNT = "#,##0.0##"

Cell = str | float | int | bool | None

_LONGEST = 32_767
_CUT = " … (cut; the whole text is in results.json)"
# Spreadsheets read _x0041_ in a file as the letter A; the escape is the file format's own.
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``formats`` has one number format per column, None for text and mixed."""

    title: str
    headers: Sequence[str]
    formats: Sequence[str | None]
    rows: Sequence[Sequence[Cell]]


def mean_cells(estimate: Estimate) -> tuple[Cell, ...]:
    """Return value, standard error, bounds of the 95 % interval and n."""
    return estimate.value, estimate.standard_error, estimate.low, estimate.high, estimate.n


def mean_headers(unit: str) -> tuple[str, ...]:
    """Return the headers of `mean_cells`."""
    return (
        unit,
        f"standard error of {unit}",
        f"{unit}, 95 % from",
        f"{unit}, 95 % to",
        "n samples",
    )


def spread_cells(spread: Spread) -> tuple[Cell, ...]:
    """Return mean, its standard error, P10, P50 and P90."""
    mean = spread.mean
    levels = (spread.p10.value, spread.p50.value, spread.p90.value)
    return mean.value, mean.standard_error, *levels


def spread_headers(name: str) -> tuple[str, ...]:
    """Return the headers of `spread_cells`; `name` says the quantity with its unit."""
    return (
        f"{name}: mean",
        f"{name}: standard error",
        *(f"{name}: {p}" for p in ("P10", "P50", "P90")),
    )


def stored_value(value: object) -> Cell:
    """Return what a cell holds; an unknown or infinite number is an empty cell.

    Raises
    ------
    TypeError
        If the value is neither text nor a number.
    """
    match value:
        case None:
            return None
        case str():
            return stored_text(value)
        case bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
    raise TypeError(f"not a cell: {value!r}")


def stored_text(text: object) -> str:
    """Return text on one line, as long as a cell can hold, with no character that a file cannot."""
    shown = _ESCAPED.sub("_x005F_", plain(str(text)))
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - len(_CUT)] + _CUT


def is_dangerous(text: str) -> bool:
    """Return whether a spreadsheet might read text as a formula once it is edited or exported."""
    return text.startswith(("=", "+", "-", "@", "|", "%"))
