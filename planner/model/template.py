"""The structure of a scenario's linear program, built once; only its numbers change by sample.

Every coefficient is a factor times one entry of a derived array. The derived arrays of a block of
samples are laid side by side in one table, so that all coefficients of all samples come from a
single gather.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Sense = Literal["<=", ">=", "="]
Key = tuple[str, ...]

CONSTANT = "1"
"""The name of the source whose only entry is 1."""

Bits = NDArray[np.bool_]


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
    layout : mapping of str to tuple of int
        Offset of each source in the table of derived arrays.
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
    layout: Mapping[str, int]
    width: int

    @property
    def entries(self) -> int:
        """Number of non-zeros."""
        return int(self.row_of.size)

    def fill(self, sources: Mapping[str, Array]) -> LinearPrograms:
        """Return the linear programs of a block of samples.

        Parameters
        ----------
        sources : mapping of str to ndarray
            The derived arrays, sample axis first.

        Raises
        ------
        ValueError
            If a coefficient is not finite.
        """
        n = next(iter(sources.values())).shape[0]
        table = np.ones((n, self.width))
        for name, offset in self.layout.items():
            if name != CONSTANT:
                flat = sources[name].reshape(n, -1)
                table[:, offset : offset + flat.shape[1]] = flat
        terms = table[:, self.entry_at] * self.entry_factor
        # Terms are sorted by entry, so each entry is one run of terms.
        first = np.searchsorted(self.entry_of, np.arange(self.entries))
        matrix = np.add.reduceat(terms, first, axis=1) if self.entries else terms
        upper = np.full((n, len(self.columns)), np.inf)
        upper[:, self.bounded] = table[:, self.upper_at] * self.upper_factor
        filled = LinearPrograms(
            template=self,
            cost=table[:, self.cost_at] * self.cost_factor,
            matrix=matrix,
            rhs=table[:, self.rhs_at] * self.rhs_factor,
            lower=np.zeros((n, len(self.columns))),
            upper=upper,
        )
        filled.require_finite()
        return filled


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
