"""``scipy.optimize.linprog``: sparse matrices are made for every sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_array

from benchmarks.arrays import Arrays, Floats
from benchmarks.peers.peer import Peer, fastest


class ScipyLinprog:
    """The dual or interior method, as ``method="highs"`` chooses.

    Parameters
    ----------
    arrays : Arrays
    presolve : bool
    """

    def __init__(self, arrays: Arrays, presolve: bool) -> None:
        self._arrays, self._presolve = arrays, presolve
        below, above = np.isfinite(arrays.low[0]), np.isfinite(arrays.high[0])
        self._equal = _Rows(arrays, np.flatnonzero(below & above))
        self._less = _Rows(arrays, np.flatnonzero(below != above))
        # linprog has no rows of at least: their signs are turned.
        self._turned = below[self._less.rows]
        self._signs = np.where(below, -1.0, 1.0)[arrays.row_of[self._less.entries]]

    def solve(self, k: int) -> float:
        """Return the least cost of program `k` in dollars."""
        a, less, equal = self._arrays, self._less, self._equal
        low, high, entries = a.low[k], a.high[k], a.matrix[k]
        found = linprog(
            a.cost[k],
            A_ub=less.matrix(entries[less.entries] * self._signs),
            b_ub=np.where(self._turned, -low[less.rows], high[less.rows]),
            A_eq=equal.matrix(entries[equal.entries]) if equal.rows.size else None,
            b_eq=low[equal.rows] if equal.rows.size else None,
            bounds=np.column_stack([a.lower[k], a.upper[k]]),
            method="highs",
            options={"presolve": self._presolve},
        )
        if found.status != 0:
            raise RuntimeError(f"linprog reports '{found.message}' for program {k}")
        return float(found.fun * a.scale[k])


class _Rows:
    """Some rows of the matrix: their pattern, made once."""

    def __init__(self, arrays: Arrays, rows: NDArray[np.int64]) -> None:
        columns = arrays.cost.shape[1]
        place = np.full(arrays.low.shape[1], -1)
        place[rows] = np.arange(rows.size)
        self.rows = rows
        self.entries = np.flatnonzero(place[arrays.row_of] >= 0)
        counts = np.bincount(arrays.column_of[self.entries], minlength=columns)
        self._indices = place[arrays.row_of[self.entries]]
        self._starts = np.concatenate([[0], np.cumsum(counts)])
        self._shape = (rows.size, columns)

    def matrix(self, values: Floats) -> csc_array:
        return csc_array((values, self._indices, self._starts), shape=self._shape)


def with_linprog(arrays: Arrays) -> Peer:
    """Return linprog with or without presolve, whichever is faster."""
    return fastest([ScipyLinprog(arrays, presolve) for presolve in (True, False)], arrays.n)
