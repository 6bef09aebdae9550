"""The rows of a CSV file that a fit is made of."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from planner.config.wording import did_you_mean, listing, show
from planner.errors import InputError, Problem

Array = NDArray[np.float64]

_Cell = TypeVar("_Cell")

DATE = "date"
"""The column of dates where none is named."""

_SHOWN_LINES = 3


@dataclass(frozen=True)
class Observations:
    """Values of one column in the order of the file.

    Attributes
    ----------
    values : ndarray, (row,)
    dates : tuple of date
        One for each row, or none at all.
    labels : tuple of str
        What tells the row's series from others, one for each row: "" for all if nothing does.
    lines : tuple of int
        Where each row stands in the file.
    """

    values: Array
    dates: tuple[date, ...]
    labels: tuple[str, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Wanted:
    """Which column and which rows of a file are to be read.

    Attributes
    ----------
    column : str
    date : str or None
        The column of dates; none is read unless it is named.
    by : sequence of str
        The columns that tell series apart.
    where : sequence of str
        ``COLUMN=VALUE``: what a row must have. Values for one column are alternatives.
    """

    column: str
    date: str | None = None
    by: Sequence[str] = ()
    where: Sequence[str] = ()


@dataclass
class _Bad:
    """Cells that cannot be read, by what they should have been."""

    what: str
    remedy: str
    found: list[tuple[int, str]] = field(default_factory=list)

    def problem(self, path: Path, column: str) -> Problem:
        """Return all of them as one problem, at the line of the first."""
        lines = ", ".join(str(line) for line, _ in self.found[:_SHOWN_LINES])
        more = len(self.found) - _SHOWN_LINES
        where = f"lines {lines}" + (f" and {more:,} more" if more > 0 else "")
        return Problem(
            column,
            f"{len(self.found):,} of this column's values cannot be read ({where})",
            allowed=self.what,
            remedy=self.remedy,
            value=show(self.found[0][1]),
            file=str(path),
            line=self.found[0][0],
        )


def read_observations(path: Path, wanted: Wanted) -> Observations:
    """Return the rows that are wanted.

    Raises
    ------
    InputError
        If the file, a column or a cell cannot be read, or no row is left; all problems at once.
    """
    header, rows = _rows(path)
    must = _conditions(wanted.where)
    _refuse_unknown(path, header, wanted, must)
    at = {name: header.index(name) for name in header}
    kept = [
        (line, row)
        for line, row in rows
        if all(_cell(row, at[name]) in values for name, values in must.items())
    ]
    if not kept:
        raise InputError([_nothing_left(path, rows, at, must)])
    numbers = _Bad("a finite number", "mend these cells, or leave their rows out with --where")
    days = _Bad("dates as YYYY-MM-DD or YYYY-MM", "mend these cells, or name another --date")
    values = [_read(_number, _cell(row, at[wanted.column]), line, numbers) for line, row in kept]
    dates = (
        []
        if wanted.date is None
        else [_read(_day, _cell(row, at[wanted.date]), line, days) for line, row in kept]
    )
    problems = [
        bad.problem(path, str(name))
        for bad, name in ((numbers, wanted.column), (days, wanted.date))
        if bad.found
    ]
    if problems:
        raise InputError(problems)
    return Observations(
        np.array(values, dtype=float),
        tuple(day for day in dates if day is not None),
        tuple(" / ".join(_cell(row, at[name]) for name in wanted.by) for _, row in kept),
        tuple(line for line, _ in kept),
    )


def _rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = [name.strip() for name in next(reader, [])]
            return header, [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        problem = Problem(
            "",
            f"the file cannot be read as CSV: {reason}",
            allowed="UTF-8 text: a line of column names, then values with commas between",
            remedy="check the name, or save the file again",
            file=str(path),
        )
        raise InputError([problem]) from None


def _conditions(where: Sequence[str]) -> dict[str, set[str]]:
    must: dict[str, set[str]] = {}
    for condition in where:
        name, equals, value = condition.partition("=")
        if not equals or not name.strip():
            raise InputError(
                [
                    Problem(
                        "",
                        "this is no condition on a column",
                        allowed="COLUMN=VALUE",
                        remedy="write, for example, --where pricing=spot",
                        value=show(condition),
                        file="--where",
                    )
                ]
            )
        must.setdefault(name.strip(), set()).add(value.strip())
    return must


def _refuse_unknown(
    path: Path, header: Sequence[str], wanted: Wanted, must: dict[str, set[str]]
) -> None:
    named = [("--column", wanted.column), *(("--by", name) for name in wanted.by)]
    named += [("--where", name) for name in must]
    named += [] if wanted.date is None else [("--date", wanted.date)]
    problems = [
        Problem(
            name,
            f"{path} has {'several columns' if name in header else 'no column'} of this name",
            allowed=listing(header) or "the file has no columns",
            remedy="give each column a name of its own"
            if name in header
            else did_you_mean(name, header, f"name another column with {option}"),
            file=option,
        )
        for option, name in named
        if header.count(name) != 1
    ]
    if problems:
        raise InputError(problems)


def _nothing_left(
    path: Path,
    rows: Sequence[tuple[int, list[str]]],
    at: dict[str, int],
    must: dict[str, set[str]],
) -> Problem:
    if not rows:
        return Problem(
            "", "the file has no rows", remedy="add rows below the names", file=str(path)
        )
    name = next(iter(must))
    # The first condition that no row meets by itself, if there is one.
    for candidate, values in must.items():
        if not any(_cell(row, at[candidate]) in values for _, row in rows):
            name = candidate
            break
    there = sorted({_cell(row, at[name]) for _, row in rows})
    return Problem(
        name,
        "no row meets the conditions of --where",
        allowed=listing(show(value) for value in there),
        remedy="write a value as the file does",
        value=", ".join(sorted(must[name])),
        file=str(path),
    )


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _read(read: Callable[[str], _Cell], text: str, line: int, bad: _Bad) -> _Cell | None:
    try:
        return read(text)
    except ValueError:
        bad.found.append((line, text))
        return None


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value) or "_" in text:
        raise ValueError
    return value


def _day(text: str) -> date:
    """Read a date, or the first of a month; a time of day after it is not looked at."""
    return date.fromisoformat(f"{text}-01" if len(text) == len("2024-06") else text[:10])


def groups(labels: Sequence[str]) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Yield each label with the positions of its rows, in the order of first appearance."""
    places: dict[str, list[int]] = {}
    for position, label in enumerate(labels):
        places.setdefault(label, []).append(position)
    for label, positions in places.items():
        yield label, np.array(positions, dtype=np.intp)
