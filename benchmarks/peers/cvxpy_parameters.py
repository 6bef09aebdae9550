"""CVXPY: one problem, compiled once, whose parameters are set for every sample (DPP)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from benchmarks.arrays import Arrays, Floats
from benchmarks.peers.peer import Peer, fastest


class CvxpyParameters:
    """Costs, bounds, right sides and the entries that vary are parameters; HiGHS solves.

    Parameters
    ----------
    arrays : Arrays
        With lower bounds of 0.
    options : mapping of str to object
        For ``Problem.solve``.
    """

    def __init__(self, arrays: Arrays, options: Mapping[str, Any]) -> None:
        # Not installed with the planner, and of no use to the other peers.
        import cvxpy

        self._cvxpy, self._arrays, self._options = cvxpy, arrays, options
        self._values: list[tuple[Any, Floats]] = []
        x = cvxpy.Variable(arrays.cost.shape[1], nonneg=True)
        cost = self._parameter(arrays.cost)
        self._problem = cvxpy.Problem(cvxpy.Minimize(cost @ x), list(self._constraints(x)))

    def _parameter(self, values: Floats) -> Any:
        made = self._cvxpy.Parameter(values.shape[1])
        self._values.append((made, values))
        return made

    def _constraints(self, x: Any) -> Iterator[Any]:
        a, rows = self._arrays, self._rows(x)
        bounded = np.flatnonzero(np.isfinite(a.upper[0]))
        if bounded.size:
            yield x[bounded] <= self._parameter(a.upper[:, bounded])
        below, above = np.isfinite(a.low[0]), np.isfinite(a.high[0])
        most, least = np.flatnonzero(above & ~below), np.flatnonzero(below & ~above)
        equal = np.flatnonzero(below & above)
        if most.size:
            yield rows[most] <= self._parameter(a.high[:, most])
        if least.size:
            yield rows[least] >= self._parameter(a.low[:, least])
        if equal.size:
            yield rows[equal] == self._parameter(a.low[:, equal])

    def _rows(self, x: Any) -> Any:
        """Return A x: what varies is spread to entries, multiplied, and summed to rows."""
        a, count = self._arrays, self._arrays.matrix.shape[1]
        shape, numbers = (a.low.shape[1], a.cost.shape[1]), np.arange(count)
        varies = (a.matrix != a.matrix[0]).any(axis=0)
        known = np.where(varies, 0.0, a.matrix[0])
        product = csr_array((known, (a.row_of, a.column_of)), shape=shape) @ x
        if not varies.any():
            return product
        ones = np.ones(count)
        of_row = csr_array((ones, (a.row_of, numbers)), shape=(shape[0], count))[:, varies]
        of_column = csr_array((ones, (numbers, a.column_of)), shape=(count, shape[1]))[varies]
        entries = self._parameter(a.matrix[:, varies])
        return product + of_row @ self._cvxpy.multiply(entries, of_column @ x)

    def solve(self, k: int) -> float:
        """Return the least cost of program `k` in dollars."""
        for parameter, values in self._values:
            parameter.value = values[k]
        cost = self._problem.solve(solver=self._cvxpy.HIGHS, threads=1, **self._options)
        if self._problem.status != self._cvxpy.OPTIMAL:
            raise RuntimeError(f"CVXPY reports '{self._problem.status}' for program {k}")
        return float(cost * self._arrays.scale[k])


def with_cvxpy(arrays: Arrays) -> Peer:
    """Return CVXPY with or without presolve and its own warm start, whichever is fastest."""
    ways = [
        CvxpyParameters(arrays, {"presolve": presolve, "warm_start": warm})
        for presolve in ("choose", "off")
        for warm in (False, True)
    ]
    return fastest(ways, arrays.n)
