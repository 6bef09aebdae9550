"""The lines of one plan as tables, one for each kind: bought, reserved, rented and so on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from planner.analysis.results import PlanLine, Results
from planner.report import reading
from planner.report.numbers import Scale, compact, count, number, percent, usd_scale
from planner.report.text import escape, listed, plural, table

Lines = Sequence[PlanLine]
Column = tuple[str, Callable[[Lines, Sequence[str]], str]]
"""A header, and what the cell says of a row's lines, given the quarters of the plan."""

_SELF_EVIDENT = ("buy", "reserve", "rent", "cancel")
"""Modes that the title of their table says already."""

_WHOLE = 1 - 1e-6
"""A yes, but for a solver's rounding."""


@dataclass(frozen=True)
class Kind:
    """A kind of line, with the columns between the first and the last, which is cash.

    ``texts`` is how many of the columns are text, not numbers; ``begins`` is whether the lines
    begin something that then serves, so that it is told by quarter.
    """

    title: str
    modes: tuple[str, ...]
    first: str
    columns: tuple[Column, ...]
    texts: int = 2
    begins: bool = False


def line_blocks(results: Results) -> list[str]:
    """Return the lines of the typical plan by kind, their sum, and what starts when.

    Raises
    ------
    KeyError
        If a line has a mode of no kind, for its cash would be missed.
    """
    lines, quarters = results.typical.lines, results.quarters
    scale = usd_scale(line.cash_usd for line in lines)
    by_kind: dict[str, list[PlanLine]] = {kind.title: [] for kind in KINDS}
    for line in lines:
        by_kind[_KIND_OF[line.mode]].append(line)
    blocks = [
        "**What it orders.** Cash is what is paid inside the plan, undiscounted. Paid each is the "
        "part of that of one accelerator (or MW); by the hour, over its hours inside the plan."
    ]
    for kind in KINDS:
        if by_kind[kind.title]:
            blocks += [f"*{kind.title}*", _kind_table(kind, by_kind[kind.title], quarters, scale)]
    blocks.append(_together(lines, scale))
    beginning = [line for kind in KINDS if kind.begins for line in by_kind[kind.title]]
    if beginning:
        blocks.append(
            "**When each starts** (it is signed as many quarters earlier as it is ordered ahead)"
        )
        for unit in dict.fromkeys(line.unit for line in beginning):
            blocks += _start_tables([i for i in beginning if i.unit == unit], unit, quarters)
    return blocks


def _together(lines: Lines, scale: Scale) -> str:
    """Return the sum of all lines, and what is not in it."""
    total = compact(sum(line.cash_usd for line in lines) / scale.divisor)
    leased = any(line.mode == "lease" for line in lines)
    left_out = (
        "energy, hosting and what leased power costs by use" if leased else "energy and hosting"
    )
    text = f"Together {total} {scale.name} inside the plan; {left_out} come on top."
    if any(line.mode == "cancel" for line in lines):
        text += (
            " What is cancelled of an offer is among its orders too; its cash is what cancelling "
            "changes (negative: saved or refunded)."
        )
    return text


def _rows(lines: Lines) -> list[list[PlanLine]]:
    """Return the lines by offer and site, in the order in which each first appears."""
    seen: dict[tuple[str, ...], list[PlanLine]] = {}
    for line in lines:
        key = (line.offer, line.mode, line.platform, line.site, line.unit, line.price_unit)
        seen.setdefault(key, []).append(line)
    return list(seen.values())


def _kind_table(kind: Kind, lines: Lines, quarters: Sequence[str], scale: Scale) -> str:
    rows = [
        (
            _name(group[0]),
            *(cell(group, quarters) for _, cell in kind.columns),
            compact(sum(line.cash_usd for line in group) / scale.divisor),
        )
        for group in _rows(lines)
    ]
    headers = [kind.first, *(header for header, _ in kind.columns), f"Cash, {scale.name}"]
    return table(headers, rows, left=1 + kind.texts)


def _name(line: PlanLine) -> str:
    if line.mode in (*_SELF_EVIDENT, *_BETS):
        return escape(line.offer)
    return f"{escape(line.offer)} ({escape(line.mode)})"


def _start_tables(lines: Lines, unit: str, quarters: Sequence[str]) -> list[str]:
    blocks = []
    for part in reading.chunks(quarters):
        rows = []
        for group in _rows(lines):
            ordered = sorted(group, key=lambda line: line.quarter)
            amounts = {
                quarter: sum(line.count for line in same)
                for quarter, same in groupby(ordered, key=lambda line: line.quarter)
            }
            first = group[0]
            cells = [_amount(amounts[q], unit) if q in amounts else "-" for q in part]
            rows.append(
                (f"{escape(first.offer)} ({escape(first.mode)}, {escape(first.site)})", *cells)
            )
        header = f"{escape(unit[0].upper() + unit[1:])} that start"
        blocks.append(table([header, *map(escape, part)], rows))
    return blocks


def _amount(value: float, unit: str) -> str:
    return compact(value) if unit == "MW" else count(value)


def _total(lines: Lines, _: Sequence[str]) -> str:
    return _amount(sum(line.count for line in lines), lines[0].unit)


def _price(lines: Lines, _: Sequence[str]) -> str:
    return f"{_price_range(lines)} {escape(lines[0].price_unit)}"


def _bare_price(lines: Lines, _: Sequence[str]) -> str:
    return _price_range(lines)


def _price_range(lines: Lines) -> str:
    prices = [line.price for line in lines]
    low, high = number(min(prices)), number(max(prices))
    return low if low == high else f"{low}–{high}"


def _lead(lines: Lines, quarters: Sequence[str]) -> str:
    lead = quarters.index(lines[0].quarter) - quarters.index(lines[0].signed)
    return plural(lead, "quarter") if lead else "none"


def _serves(lines: Lines, _: Sequence[str]) -> str:
    return plural(lines[0].service_quarters, "quarter")


def _quarters(lines: Lines, _: Sequence[str]) -> str:
    return listed([escape(name) for name in dict.fromkeys(line.quarter for line in lines)])


def _purpose(lines: Lines, _: Sequence[str]) -> str:
    line = lines[0]
    return escape(f"{line.mode} {line.unit}" if line.mode == "porting" else line.mode)


def _taken(lines: Lines, _: Sequence[str]) -> str:
    return "yes" if lines[0].count >= _WHOLE else percent(lines[0].count)


_PLATFORM: Column = ("Platform", lambda lines, _: escape(lines[0].platform))
_SITE: Column = ("Site", lambda lines, _: escape(lines[0].site))
_ACCELERATORS: Column = ("Accelerators", _total)
_ORDER: tuple[Column, ...] = (
    _PLATFORM,
    _SITE,
    ("Paid each", _price),
    ("Order ahead", _lead),
    ("Serves", _serves),
    _ACCELERATORS,
)
_RENTAL: tuple[Column, ...] = (
    _PLATFORM,
    _SITE,
    ("Paid each", _price),
    ("Accelerator-quarters", _total),
)
_POWER: tuple[Column, ...] = (
    _SITE,
    ("Paid each, USD", _bare_price),
    ("Order ahead", _lead),
    ("Serves", _serves),
    ("MW", _total),
)
_BET: tuple[Column, ...] = (
    ("What is paid", _purpose),
    _PLATFORM,
    ("First paid in", _quarters),
    ("Taken", _taken),
)
_CANCELLED: tuple[Column, ...] = (_PLATFORM, _SITE, ("Due in", _quarters), _ACCELERATORS)
_EXISTING: tuple[Column, ...] = (
    _PLATFORM,
    _SITE,
    ("Paid each", _price),
    ("From", _quarters),
    ("Serves", _serves),
    _ACCELERATORS,
)
_BETS = ("option fees", "development", "porting")
KINDS = (
    Kind("Bets", _BETS, "Bet", _BET),
    Kind("Bought", ("buy", "option", "programme"), "Offer", _ORDER, begins=True),
    Kind("Reserved", ("reserve",), "Offer", _ORDER, begins=True),
    Kind("Rented, by the quarter", ("rent", "spot"), "Offer", _RENTAL, begins=True),
    Kind("Power", ("lease", "build"), "Power contract", _POWER, texts=1, begins=True),
    Kind("Cancelled", ("cancel",), "Offer", _CANCELLED),
    Kind("Existing, and kept", ("owned", "contracted", "ordered"), "Entry", _EXISTING),
)
"""In the order in which they stand in the report."""

_KIND_OF = {mode: kind.title for kind in KINDS for mode in kind.modes}
