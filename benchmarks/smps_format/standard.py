"""The standard form of a core: recourse columns of 0 or more, rows with one side.

A recourse column is counted from its lower bound, or down from its upper bound where it has no
other, or is the difference of two; a row with two sides becomes two. All of it is done by scenario,
for any number of the second stage may be random.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from benchmarks.smps_format.block import (
    Part,
    StandardColumn,
    StandardEntry,
    StandardRow,
    part,
    spread,
)
from benchmarks.smps_format.core import Core
from benchmarks.smps_format.numbers import CoreNumbers, Numbers
from benchmarks.smps_format.outcomes import Place
from benchmarks.smps_format.periods import Stages
from planner.errors import SolveError
from planner.model.template import Array, Indices
from planner.solve.two_stage.problem import FirstStage, RecourseBlock, Samples


class StandardForm:
    """A core in two stages, scenario by scenario.

    Parameters
    ----------
    core : Core
    stages : Stages
    places : sequence of Place
        Of the random numbers.
    weight : ndarray, (column,)
        How often costs count.

    Attributes
    ----------
    first : FirstStage
    blocks : tuple of RecourseBlock
    width : int
        Numbers of a scenario, to tell how many scenarios fit into memory.
    """

    def __init__(
        self, core: Core, stages: Stages, places: tuple[Place, ...], weight: Array
    ) -> None:
        self._core, self._stages = core, stages
        self._numbers = CoreNumbers(core, places, weight)
        self._columns = self._standard_columns()
        rows = self._standard_rows()
        entries = self._standard_entries(rows)
        settled, rows, entries = self._settle(rows, entries)
        self.first = self._first_stage(settled)
        self._parts, self._loose = self._split(rows, entries)
        self.blocks: tuple[RecourseBlock, ...] = tuple(own.block for own in self._parts)
        self.width = sum(own.width for own in self._parts)

    def samples(self, values: Array, probability: Array) -> Samples:
        """Return the standard form of some scenarios.

        Parameters
        ----------
        values : ndarray, (scenario, place)
        probability : ndarray, (scenario,)

        Raises
        ------
        SolveError
            If a random bound leaves a column no value, or a column that is in no row costs less
            without end.
        """
        numbers, n = self._numbers.of(values), probability.size
        room = numbers.upper - numbers.lower
        if (room < 0).any():
            column = self._core.columns[int(np.argwhere(room < 0)[0, 1])]
            raise SolveError(f"in a scenario column {column} has no value between its bounds")
        shift = self._shift(numbers)
        rhs = numbers.rhs - self._moved(numbers, shift)
        fixed = numbers.constant + (numbers.cost * shift).sum(axis=1, keepdims=True)
        fixed = fixed + self._loose_cost(numbers, room)
        first = np.flatnonzero(~self._stages.columns)
        return Samples(
            probability=probability,
            cost=spread(numbers.cost[:, first], n),
            constant=spread(fixed, n)[:, 0].copy(),
            factor=None,
            blocks=[own.numbers(numbers, room, rhs, n) for own in self._parts],
        )

    def _standard_columns(self) -> list[StandardColumn]:
        """Return the recourse columns; a column that is fixed has none."""
        core, found = self._core, []
        random = {*self._numbers.random("lower").tolist(), *self._numbers.random("upper").tolist()}
        for j in np.flatnonzero(self._stages.columns).tolist():
            lower, upper = core.lower[j], core.upper[j]
            name, whole = core.columns[j], bool(core.integer[j])
            if np.isfinite(lower):
                if lower < upper or j in random:
                    found.append(StandardColumn(name, j, 1.0, bool(np.isfinite(upper)), whole))
            elif np.isfinite(upper):
                found.append(StandardColumn(name, j, -1.0, False, whole))
            else:
                found.append(StandardColumn(name, j, 1.0, False, whole))
                found.append(StandardColumn(f"{name} below 0", j, -1.0, False, whole))
        return found

    def _standard_rows(self) -> list[StandardRow]:
        core, found = self._core, []
        for i in np.flatnonzero(self._stages.rows).tolist():
            below, above, name = core.below[i], core.above[i], core.rows[i]
            if below == 0 and above == 0:
                found.append(StandardRow(name, i, "=", 0.0))
                continue
            if np.isfinite(below):
                found.append(StandardRow(name, i, ">=", -below))
            if np.isfinite(above):
                found.append(StandardRow(name, i, "<=", above))
        return found

    def _standard_entries(self, rows: list[StandardRow]) -> list[StandardEntry]:
        """Return the entries of recourse columns, by positions of their rows and columns."""
        of_column, of_row = defaultdict(list), defaultdict(list)
        for c, column in enumerate(self._columns):
            of_column[column.of].append(c)
        for r, row in enumerate(rows):
            of_row[row.of].append(r)
        pairs = zip(self._numbers.row_of.tolist(), self._numbers.column_of.tolist(), strict=True)
        return [
            StandardEntry(r, c, e, self._columns[c].sign)
            for e, (i, j) in enumerate(pairs)
            for r in of_row[i]
            for c in of_column[j]
        ]

    def _settle(
        self, rows: list[StandardRow], entries: list[StandardEntry]
    ) -> tuple[Indices, list[StandardRow], list[StandardEntry]]:
        """Give rows without recourse to the first stage, or a column that is held at 0.

        Those in which nothing is random bind the first stage alone. Of the others, every scenario
        has its own.
        """
        with_recourse = {entry.row for entry in entries}
        alone = {row.of for r, row in enumerate(rows) if r not in with_recourse}
        random = set(self._numbers.random("rhs").tolist())
        random |= set(self._numbers.row_of[self._numbers.random("entry")].tolist())
        settled = alone - random
        kept = [r for r, row in enumerate(rows) if row.of not in settled]
        new = {r: k for k, r in enumerate(kept)}
        entries = [entry._replace(row=new[entry.row]) for entry in entries]
        rows = [rows[r] for r in kept]
        one = self._numbers.row_of.size
        for r in sorted(set(range(len(rows))) - {entry.row for entry in entries}):
            entries.append(StandardEntry(r, len(self._columns), one, 1.0))
            name = f"nothing in {rows[r].name} {rows[r].sense}"
            self._columns.append(StandardColumn(name, 0, 0.0, False, False))
        return np.array(sorted(settled), dtype=np.int64), rows, entries

    def _first_stage(self, settled: Indices) -> FirstStage:
        """Return the first stage, with those rows of the second that nothing else is in."""
        core, numbers = self._core, self._numbers
        columns = np.flatnonzero(~self._stages.columns)
        rows = np.concatenate([np.flatnonzero(~self._stages.rows), settled])
        base = numbers.base
        rhs = (base.rhs - self._moved(base, self._shift(base)))[0, rows]
        place = np.full(len(core.rows), -1)
        place[rows] = np.arange(rows.size)
        new = np.cumsum(~self._stages.columns) - 1
        there = (place[numbers.row_of] >= 0) & ~self._stages.columns[numbers.column_of]
        own = np.flatnonzero(there)
        own = own[np.lexsort((numbers.column_of[own], place[numbers.row_of[own]]))]
        at = place[numbers.row_of[own]]
        return FirstStage(
            names=tuple(core.columns[j] for j in columns),
            lower=core.lower[columns],
            upper=core.upper[columns],
            integer=core.integer[columns],
            row_starts=np.searchsorted(at, np.arange(rows.size + 1)).astype(np.int64),
            column_of=new[numbers.column_of[own]],
            values=base.matrix[0, own],
            low=rhs - core.below[rows],
            high=rhs + core.above[rows],
        )

    def _split(
        self, rows: list[StandardRow], entries: list[StandardEntry]
    ) -> tuple[list[Part], list[int]]:
        """Return the parts of recourse that no row and no column connects, and loose columns."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        size = len(rows) + len(self._columns)
        ends = [e.row for e in entries], [len(rows) + e.column for e in entries]
        graph = coo_array((np.ones(len(entries)), ends), shape=(size, size))
        _, of = connected_components(graph, directed=False)
        inside = {entry.column for entry in entries}
        loose = [c for c in range(len(self._columns)) if c not in inside]
        members = defaultdict(list)
        for r in range(len(rows)):
            members[of[r]].append(r)
        by_part = defaultdict(list)
        for entry in entries:
            by_part[of[entry.row]].append(entry)
        technology = defaultdict(list)
        new = np.cumsum(~self._stages.columns) - 1
        pairs = zip(self._numbers.row_of.tolist(), self._numbers.column_of.tolist(), strict=True)
        for e, (i, j) in enumerate(pairs):
            if not self._stages.columns[j]:
                technology[i].append((int(new[j]), e))
        varies = np.zeros(self._numbers.row_of.size + 1, dtype=bool)
        varies[self._numbers.random("entry")] = True
        ones = ~varies & (self._numbers.base.matrix[0] == 1)
        # What holds a column at 0 must stay a row: a bound could not tell that it is broken.
        ones[-1] = False
        parts = [
            part(rows, self._columns, members[label], by_part[label], technology, ones)
            for label in members
        ]
        return parts, loose

    def _shift(self, numbers: Numbers) -> Array:
        """Return from where columns are counted, (scenario, column): 0 for those of the first."""
        lower, upper = numbers.lower, numbers.upper
        start = np.where(np.isfinite(lower), lower, np.where(np.isfinite(upper), upper, 0.0))
        return np.where(self._stages.columns, start, 0.0)

    def _moved(self, numbers: Numbers, shift: Array) -> Array:
        """Return what the shift adds to the terms of each row, (scenario, row)."""
        stages, own = self._stages, self._numbers
        e = np.flatnonzero(
            stages.rows[own.row_of]
            & stages.columns[own.column_of]
            & (shift != 0).any(axis=0)[own.column_of]
        )
        terms = numbers.matrix[:, e] * shift[:, own.column_of[e]]
        found = np.zeros((terms.shape[0], len(self._core.rows)))
        np.add.at(found.T, own.row_of[e], terms.T)
        return found

    def _loose_cost(self, numbers: Numbers, room: Array) -> Array:
        """Return the least cost of columns that are in no row, beside that of their shift."""
        found = np.zeros((1, 1))
        for column in (self._columns[c] for c in self._loose):
            cost = column.sign * numbers.cost[:, [column.of]]
            limit = room[:, [column.of]] if column.capped else np.full((1, 1), np.inf)
            gains = cost < 0
            if (gains & np.isinf(limit)).any():
                raise SolveError(
                    f"column {column.name} is in no row, has no bound and costs less without end"
                )
            found = found + np.where(gains, cost * np.where(gains, limit, 0.0), 0.0)
        return found
