"""A block of recourse: its template, and what of a core's numbers stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from benchmarks.smps_format.numbers import Numbers
from planner.model.builder import TemplateBuilder
from planner.model.template import (
    Array,
    Bits,
    Indices,
    Label,
    LinearPrograms,
    Ref,
    Sense,
    Template,
    constant,
)
from planner.solve.two_stage.problem import BlockNumbers, RecourseBlock


class StandardColumn(NamedTuple):
    """A recourse column: `sign` times the core's, and 0 for one that is held at 0."""

    name: str
    of: int
    sign: float
    capped: bool
    whole: bool


class StandardRow(NamedTuple):
    """A row: one side of the core's, so far from its right-hand side."""

    name: str
    of: int
    sense: Sense
    offset: float


class StandardEntry(NamedTuple):
    """An entry: positions of its row and column, the core's entry, and its sign."""

    row: int
    column: int
    of: int
    sign: float


@dataclass(frozen=True)
class Part:
    """A block, and what it takes of the core's numbers.

    Attributes
    ----------
    block : RecourseBlock
    columns, signs : ndarray, (column,)
    limits : ndarray, (column,)
        Upper bounds of columns without a limit or held at 0; of others NaN.
    rows, offsets : ndarray, (row,)
    entries, entry_signs : ndarray, (entry,)
    technology : ndarray of int, (technology,)
        The core's entries.
    """

    block: RecourseBlock
    columns: Indices
    signs: Array
    limits: Array
    rows: Indices
    offsets: Array
    entries: Indices
    entry_signs: Array
    technology: Indices

    @property
    def width(self) -> int:
        """Numbers of a scenario."""
        return 3 * self.columns.size + self.rows.size + self.entries.size + self.technology.size

    def numbers(self, numbers: Numbers, room: Array, rhs: Array, n: int) -> BlockNumbers:
        """Return the block's numbers in some scenarios.

        Parameters
        ----------
        numbers : Numbers
        room : ndarray, (scenario or 1, core's column)
            Between the bounds.
        rhs : ndarray, (scenario or 1, core's row)
            Less what the start of columns takes off.
        n : int
            Number of scenarios.
        """
        own = np.where(np.isnan(self.limits), room[:, self.columns], self.limits)
        return BlockNumbers(
            LinearPrograms(
                self.block.template,
                cost=spread(numbers.cost[:, self.columns] * self.signs, n),
                matrix=spread(numbers.matrix[:, self.entries] * self.entry_signs, n),
                rhs=spread(rhs[:, self.rows] + self.offsets, n),
                lower=np.zeros((n, self.columns.size)),
                upper=spread(own, n),
            ),
            technology=spread(numbers.matrix[:, self.technology], n),
        )


def part(
    rows: Sequence[StandardRow],
    columns: Sequence[StandardColumn],
    own_rows: Sequence[int],
    entries: Sequence[StandardEntry],
    technology: Mapping[int, Sequence[tuple[int, int]]],
    ones: Bits,
) -> Part:
    """Return a block.

    Parameters
    ----------
    rows, columns : sequences
        Of the whole recourse.
    own_rows : sequence of int
        The block's, by position.
    entries : sequence of StandardEntry
        The block's.
    technology : mapping of int to pairs of int
        By row of the core: the effects in it, and the core's entries.
    ones : ndarray of bool, (core's entry,)
        Entries that are 1 in every scenario.
    """
    own_columns = sorted({entry.column for entry in entries})
    place = {c: k for k, c in enumerate(own_columns)}
    at = {r: k for k, r in enumerate(own_rows)}
    ordered = sorted(entries, key=lambda entry: (place[entry.column], at[entry.row]))
    template = _template(
        [columns[c] for c in own_columns], [rows[r] for r in own_rows],
        [(at[e.row], place[e.column]) for e in ordered],
        [bool(ones[e.of]) and e.sign == 1 for e in ordered],
    )  # fmt: skip
    acting = [(at[r], effect, e) for r in own_rows for effect, e in technology.get(rows[r].of, ())]
    chosen = [columns[c] for c in own_columns]
    return Part(
        block=RecourseBlock(
            template,
            np.array([item[0] for item in acting], dtype=np.int64),
            np.array([item[1] for item in acting], dtype=np.int64),
        ),
        columns=np.array([column.of for column in chosen], dtype=np.int64),
        signs=np.array([column.sign for column in chosen]),
        limits=np.array([_limit(column) for column in chosen]),
        rows=np.array([rows[r].of for r in own_rows], dtype=np.int64),
        offsets=np.array([rows[r].offset for r in own_rows]),
        entries=np.array([entry.of for entry in ordered], dtype=np.int64),
        entry_signs=np.array([entry.sign for entry in ordered]),
        technology=np.array([item[2] for item in acting], dtype=np.int64),
    )


def _limit(column: StandardColumn) -> float:
    if column.sign == 0:
        return 0.0
    return np.nan if column.capped else np.inf


def _template(
    columns: Sequence[StandardColumn],
    rows: Sequence[StandardRow],
    entries: Sequence[tuple[int, int]],
    ones: Sequence[bool],
) -> Template:
    """Return the pattern; entries, (row, column), are sorted by column and then by row."""
    builder = TemplateBuilder(
        {"cost": (len(columns),), "upper": (len(columns),), "rhs": (len(rows),),
         "entry": (len(entries),)}
    )  # fmt: skip
    labels = [Label("column", (column.name,)) for column in columns]
    for k, (label, column) in enumerate(zip(labels, columns, strict=True)):
        bounded = column.capped or column.sign == 0
        upper = Ref("upper", (k,)) if bounded else None
        builder.column(label, Ref("cost", (k,)), upper=upper, integer=column.whole)
    terms: list[list[tuple[Label, Ref]]] = [[] for _ in rows]
    for k, ((row, column_at), one) in enumerate(zip(entries, ones, strict=True)):
        terms[row].append((labels[column_at], constant(1) if one else Ref("entry", (k,))))
    for k, (row_of, own) in enumerate(zip(rows, terms, strict=True)):
        builder.row("row", (row_of.name, row_of.sense), row_of.sense, Ref("rhs", (k,)), own)
    template = builder.build()
    if template.row_of.tolist() != [row for row, _ in entries]:
        raise ValueError("the template's entries are in another order")
    return template


def spread(values: Array, n: int) -> Array:
    """Return values for each of `n` scenarios."""
    return np.ascontiguousarray(np.broadcast_to(values, (n, values.shape[1])))
