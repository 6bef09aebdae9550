"""The structure of a scenario's linear program, built once; only its numbers change by sample.

Every coefficient is a factor times one number of a derived array. The numbers that any coefficient
refers to stand in one table, so that all coefficients of all samples come from a single gather.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from planner.model.filling import Filler, Room, Sums

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Sense = Literal["<=", ">=", "="]
Key = tuple[str, ...]

CONSTANT = "1"
"""The name of the source whose only entry is 1."""

Bits = NDArray[np.bool_]

_ONE = {CONSTANT: np.ones((1, 1))}


@dataclass(frozen=True)
class Ref:
    """A factor times one entry of a derived array (less its sample axis)."""

    source: str
    index: tuple[int, ...] = ()
    factor: float = 1.0


def constant(value: float) -> Ref:
    """Return a reference to a number that is the same in every sample."""
    return Ref(CONSTANT, (), value)


@dataclass(frozen=True)
class Label:
    """A row's or column's family and the names that index it."""

    family: str
    key: Key

    def text(self) -> str:
        """Return a name that LP and MPS files accept: no minus sign, bracket or blank."""
        return ".".join((self.family, *self.key)).replace("-", "~")


def table_layout(picked: Mapping[str, Indices]) -> dict[str, int]:
    """Return by source where its numbers begin in the table, one source after the other."""
    begins = np.cumsum([0, *(at.size for at in picked.values())]).tolist()
    return dict(zip(picked, begins, strict=False))


@dataclass(frozen=True)
class Template:
    """A linear program ``min c x, A x {<=, >=, =} b, 0 <= x <= u`` with coefficients as references.

    Attributes
    ----------
    columns, rows : tuple of Label
    senses : tuple of Sense
        Per row.
    starts, row_of : ndarray
        The pattern of A by columns: entries ``starts[j]:starts[j + 1]`` are in rows `row_of`.
    entry_of, entry_at, entry_factor : ndarray
        Terms of the entries: several may add up to one entry.
    cost_at, cost_factor, rhs_at, rhs_factor : ndarray
        One term for each cost and each right-hand side.
    bounded : ndarray of int
        The columns that have an upper bound; of the others it is infinite.
    upper_at, upper_factor : ndarray
        One term for each column in `bounded`.
    integer : ndarray of bool, (column,)
        Columns that may take whole numbers only.
    picked : mapping of str to ndarray of int
        By source: which of its numbers, less the sample axis in Fortran order, are in the table.
    """

    columns: tuple[Label, ...]
    rows: tuple[Label, ...]
    senses: tuple[Sense, ...]
    starts: Indices
    row_of: Indices
    entry_of: Indices
    entry_at: Indices
    entry_factor: Array
    cost_at: Indices
    cost_factor: Array
    rhs_at: Indices
    rhs_factor: Array
    bounded: Indices
    upper_at: Indices
    upper_factor: Array
    integer: Bits
    picked: Mapping[str, Indices]

    @property
    def entries(self) -> int:
        """Number of non-zeros."""
        return int(self.row_of.size)

    @property
    def width(self) -> int:
        """How many numbers of derived arrays there are in the table."""
        return sum(at.size for at in self.picked.values())

    @cached_property
    def by_rows(self) -> tuple[Indices, Indices, Indices]:
        """The pattern of A by rows: where each begins, its entries, and the column of each."""
        order = np.argsort(self.row_of, kind="stable")
        starts = np.searchsorted(self.row_of[order], np.arange(len(self.rows) + 1))
        column_of = np.repeat(np.arange(len(self.columns)), np.diff(self.starts))
        return starts, order, column_of[order]

    @cached_property
    def layout(self) -> Mapping[str, int]:
        """Where the numbers of each source begin in the table."""
        return table_layout(self.picked)

    @cached_property
    def used(self) -> frozenset[str]:
        """The sources that any coefficient refers to."""
        return frozenset(self.picked) - {CONSTANT}

    def fill(self, sources: Mapping[str, Array]) -> LinearPrograms:
        """Return the linear programs of a block of samples.

        Parameters
        ----------
        sources : mapping of str to ndarray
            The derived arrays, sample axis first, of length 1 where it is the same in every sample.

        Raises
        ------
        ValueError
            If a coefficient is not finite.
        """
        (cost, matrix, rhs, upper), finite = self._filler.arrays({**_ONE, **sources})
        filled = LinearPrograms(self, cost, matrix, rhs, np.zeros_like(cost), upper)
        if not finite or (upper[:, self.bounded] < 0).any():
            filled.require_finite()
        return filled

    @cached_property
    def _filler(self) -> Filler:
        columns, rows = len(self.columns), len(self.rows)
        entries = np.arange(self.entries)
        slot_of = [np.arange(columns), columns + self.entry_of]
        slot_of += [columns + self.entries + np.arange(rows + self.bounded.size)]
        terms = Sums(
            np.concatenate(slot_of),
            np.concatenate([self.cost_at, self.entry_at, self.rhs_at, self.upper_at]),
            np.concatenate(
                [self.cost_factor, self.entry_factor, self.rhs_factor, self.upper_factor]
            ),
        )
        rooms = (
            Room(columns, np.arange(columns)),
            Room(self.entries, entries),
            Room(rows, np.arange(rows)),
            Room(columns, self.bounded, otherwise=np.inf),
        )
        return Filler(terms, rooms, self.picked)


@dataclass(frozen=True)
class LinearPrograms:
    """The numbers of a block of linear programs that share a template.

    Attributes
    ----------
    cost : ndarray, (sample, column)
    matrix : ndarray, (sample, entry)
    rhs : ndarray, (sample, row)
    lower, upper : ndarray, (sample, column)
        Bounds of the columns; the lower is 0 unless a column is fixed, the upper may be infinite.
    """

    template: Template
    cost: Array
    matrix: Array
    rhs: Array
    lower: Array
    upper: Array

    @property
    def n(self) -> int:
        """Number of samples."""
        return int(self.cost.shape[0])

    def chosen(self, samples: Indices) -> LinearPrograms:
        """Return the programs of some samples, by their positions."""
        return replace(
            self,
            cost=self.cost[samples],
            matrix=self.matrix[samples],
            rhs=self.rhs[samples],
            lower=self.lower[samples],
            upper=self.upper[samples],
        )

    def fixed(self, values: Array) -> LinearPrograms:
        """Return the programs with every integer column fixed at its value in `values`."""
        whole = self.template.integer
        held = np.rint(values)
        return replace(
            self,
            lower=np.where(whole, held, self.lower),
            upper=np.where(whole, held, self.upper),
        )

    def require_finite(self) -> None:
        """Raise ValueError, naming the row or column, if any number is not finite."""
        template = self.template
        for values, labels in ((self.cost, template.columns), (self.rhs, template.rows)):
            bad = np.argwhere(~np.isfinite(values))
            if bad.size:
                raise ValueError(f"{labels[bad[0][1]].text()} has a number that is not finite")
        if not np.isfinite(self.matrix).all():
            raise ValueError("the matrix has a number that is not finite")
        if np.isnan(self.upper).any() or (self.upper < self.lower).any():
            raise ValueError("a column has bounds that no number is between")

    def ranges(self) -> dict[str, tuple[float, float]]:
        """Return the smallest and largest non-zero magnitudes of cost, matrix and right side."""
        found = {}
        for name in ("cost", "matrix", "rhs"):
            sizes = np.abs(getattr(self, name))
            sizes = sizes[sizes > 0]
            found[name] = (float(sizes.min()), float(sizes.max())) if sizes.size else (0.0, 0.0)
        return found
