"""highspy: one instance is kept alive and starts every sample from a basis of another one."""

from __future__ import annotations

import itertools
from typing import Any, Literal

import highspy
import numpy as np

from benchmarks.arrays import Arrays
from benchmarks.peers.peer import Peer, fastest

OPTIONS: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,
    "solver": "simplex",
    "presolve": "off",
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    "small_matrix_value": 1e-12,
}

Loading = Literal["in place", "previous basis", "first basis"]

DUAL, PRIMAL = 1, 4


class HighspyHot:
    """The simplex method, hot.

    Parameters
    ----------
    arrays : Arrays
    loading : str
        ``in place`` changes the numbers inside HiGHS, which keeps its basis; the others hand the
        whole model over and set the basis of the sample before, or that of the first sample.
    strategy : int
        `DUAL` or `PRIMAL`.
    """

    def __init__(self, arrays: Arrays, loading: Loading, strategy: int) -> None:
        self._arrays, self._loading = arrays, loading
        self._highs: Any = highspy.Highs()
        for option, value in (OPTIONS | {"simplex_strategy": strategy}).items():
            self._highs.setOptionValue(option, value)
        self._columns = np.arange(arrays.cost.shape[1], dtype=np.int32)
        self._rows = np.arange(arrays.low.shape[1], dtype=np.int32)
        self._continuous = np.zeros(self._columns.size, dtype=np.int32)
        self._varying = np.flatnonzero((arrays.matrix != arrays.matrix[0]).any(axis=0))
        rows, columns = arrays.row_of[self._varying], arrays.column_of[self._varying]
        self._places = list(zip(rows.tolist(), columns.tolist(), strict=True))
        self._pass(0)
        self._run(0)
        self._basis = self._highs.getBasis()

    def solve(self, k: int) -> float:
        """Return the least cost of program `k` in dollars; its plan is read, too."""
        if self._loading == "in place":
            self._change(k)
        else:
            self._pass(k)
            self._highs.setBasis(self._basis)
        self._run(k)
        if self._loading == "previous basis":
            self._basis = self._highs.getBasis()
        plan = np.array(self._highs.getSolution().col_value)
        return float(self._arrays.cost[k] @ plan * self._arrays.scale[k])

    def _pass(self, k: int) -> None:
        a = self._arrays
        self._highs.passModel(
            self._columns.size,
            self._rows.size,
            a.row_of.size,
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            a.cost[k],
            a.lower[k],
            a.upper[k],
            a.low[k],
            a.high[k],
            a.starts,
            a.row_of,
            a.matrix[k],
            self._continuous,
        )

    def _change(self, k: int) -> None:
        a, highs = self._arrays, self._highs
        highs.changeColsCost(self._columns.size, self._columns, a.cost[k])
        highs.changeColsBounds(self._columns.size, self._columns, a.lower[k], a.upper[k])
        highs.changeRowsBounds(self._rows.size, self._rows, a.low[k], a.high[k])
        values = a.matrix[k, self._varying].tolist()
        for (row, column), value in zip(self._places, values, strict=True):
            highs.changeCoeff(row, column, value)

    def _run(self, k: int) -> None:
        """Solve; without an optimum from a hot start, once more from scratch."""
        for _ in ("hot", "cold"):
            self._highs.run()
            if self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                return
            self._highs.clearSolver()
        raise RuntimeError(f"HiGHS proves no optimum of program {k}")


def with_highspy(arrays: Arrays) -> Peer:
    """Return the fastest of all ways to hand the numbers over and both simplex methods."""
    loadings: tuple[Loading, ...] = ("in place", "previous basis", "first basis")
    ways = itertools.product(loadings, (DUAL, PRIMAL))
    return fastest([HighspyHot(arrays, *way) for way in ways], arrays.n)
