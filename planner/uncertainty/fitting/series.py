"""Series of month-ends: the last value of each month, and its changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from planner.errors import InputError, Problem
from planner.uncertainty.fitting.table import Array, Observations, groups

QUARTER = 3
"""Months in a quarter."""

MONTHS_OF_YEAR = 12

SAME = 1e-9
"""A logarithm that moves by less has not moved: only rounding in the file's arithmetic."""


@dataclass(frozen=True)
class Series:
    """Values above 0 at the ends of months; months without a value are left out.

    Attributes
    ----------
    name : str
    months : ndarray of int, (month,)
        Ascending; January of the year 0 is 0.
    values : ndarray, (month,)
    """

    name: str
    months: NDArray[np.intp]
    values: Array

    @property
    def logs(self) -> Array:
        """The logarithms of the values."""
        return np.log(self.values)

    def until(self, month: int) -> Series:
        """Return the part up to a month, this included."""
        kept = self.months <= month
        return Series(self.name, self.months[kept], self.values[kept])

    def at(self, month: int) -> float | None:
        """Return the value of a month; None if there is none."""
        place = int(np.searchsorted(self.months, month))
        there = place < self.months.size and self.months[place] == month
        return float(self.values[place]) if there else None


@dataclass(frozen=True)
class Changes:
    """Changes of the logarithm over a number of months, of several series together.

    Attributes
    ----------
    size : ndarray, (change,)
    month : ndarray of int, (change,)
        In which it ends.
    series : ndarray of int, (change,)
        Number of the series.
    before : ndarray, (change,)
        The logarithm that it starts from.
    """

    size: Array
    month: NDArray[np.intp]
    series: NDArray[np.intp]
    before: Array

    def only(self, kept: NDArray[np.bool_]) -> Changes:
        """Return some of the changes."""
        return Changes(self.size[kept], self.month[kept], self.series[kept], self.before[kept])


def month_of(day: date) -> int:
    """Return the number of a day's month."""
    return MONTHS_OF_YEAR * day.year + day.month - 1


def month_name(month: int) -> str:
    """Return a month as 2024-06."""
    return f"{month // MONTHS_OF_YEAR:04d}-{month % MONTHS_OF_YEAR + 1:02d}"


def month_ends(observed: Observations) -> list[Series]:
    """Return one series for each label: of every month the last value, by date and then by row."""
    month = np.array([month_of(day) for day in observed.dates], dtype=np.intp)
    order = sorted(range(month.size), key=lambda row: observed.dates[row])
    place = np.empty(month.size, dtype=np.intp)
    place[order] = np.arange(month.size)
    found = []
    for label, rows in groups(observed.labels):
        ordered = rows[np.argsort(place[rows])]
        last = np.append(month[ordered][1:] != month[ordered][:-1], True)
        found.append(Series(label, month[ordered][last], observed.values[ordered][last]))
    return sorted(found, key=lambda series: series.name)


def refuse_two_on_a_day(observed: Observations, file: str) -> None:
    """Check that no series has two different values on one day.

    Raises
    ------
    InputError
    """
    seen: dict[tuple[str, date], float] = {}
    rows = zip(observed.labels, observed.dates, observed.values, observed.lines, strict=True)
    for label, day, value, line in rows:
        if seen.setdefault((label, day), value) != value:
            raise InputError(
                [
                    Problem(
                        label,
                        f"there are two different values on {day}",
                        allowed="one value of a series on a day",
                        remedy="name what tells the series apart with --by, or choose rows with "
                        "--where",
                        value=f"{seen[label, day]:g} and {value:g}",
                        file=file,
                        line=line,
                    )
                ]
            )


def distinct(series: Sequence[Series]) -> list[Series]:
    """Return the series without those that repeat another month by month: one seller, one price."""
    kept: dict[tuple[bytes, bytes], Series] = {}
    for one in series:
        kept.setdefault((one.months.tobytes(), one.values.tobytes()), one)
    return list(kept.values())


def changes(series: Sequence[Series], months: int) -> Changes:
    """Return every change over a number of months, overlapping ones too."""
    sizes, ends, numbers, befores = [], [], [], []
    for number, one in enumerate(series):
        _, first, last = np.intersect1d(one.months + months, one.months, return_indices=True)
        sizes.append(one.logs[last] - one.logs[first])
        ends.append(one.months[last])
        numbers.append(np.full(first.size, number, dtype=np.intp))
        befores.append(one.logs[first])
    size = np.concatenate(sizes)
    return Changes(
        np.where(np.abs(size) < SAME, 0.0, size),
        np.concatenate(ends),
        np.concatenate(numbers),
        np.concatenate(befores),
    )


def usual_gap(series: Sequence[Series]) -> int:
    """Return the number of months that most often lies between a value and the next."""
    gaps = np.concatenate([np.diff(one.months) for one in series])
    return int(np.bincount(gaps).argmax())
