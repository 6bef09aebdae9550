"""One instance of HiGHS's simplex that solves one linear program after the other, hot."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from planner.errors import SolveError
from planner.model.template import Array, Bits
from planner.solve.problem import Layout, Problem

PRECISION: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    # HiGHS drops smaller coefficients as zero; this is the least that it allows.
    "small_matrix_value": 1e-12,
}
"""Options of every instance of HiGHS."""

_DUAL, _PRIMAL = 1, 4

_ANSWERS = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)


class Simplex:
    """Linear programs of one layout, by the dual simplex unless told otherwise.

    Parameters
    ----------
    layout : Layout
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        # highspy ships incomplete type hints.
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        options = {"solver": "simplex", "simplex_strategy": _DUAL, "presolve": "off"}
        for option, value in (PRECISION | options).items():
            self._highs.setOptionValue(option, value)

    def load(self, problem: Problem, basis: Any = None) -> None:
        """Take a problem and forget the one before; without a basis, start from scratch."""
        self._layout.hand_over(self._highs, problem)
        if basis is not None:
            self.start_from(basis)

    def start_from(self, basis: Any) -> None:
        """Start the next run from a basis."""
        self._highs.setBasis(basis)

    def limit_columns(self, columns: NDArray[np.integer[Any]], lower: Array, upper: Array) -> None:
        """Give some columns other bounds."""
        self._highs.changeColsBounds(columns.size, columns.astype(np.int32), lower, upper)

    def limit_rows(self, low: Array, high: Array) -> None:
        """Give all rows other limits."""
        self._highs.changeRowsBounds(self._layout.rows.size, self._layout.rows, low, high)

    def minimise(self, cost: Array) -> None:
        """Minimise another cost from the point at hand, by the primal simplex."""
        self._highs.changeColsCost(self._layout.columns.size, self._layout.columns, cost)
        self._highs.setOptionValue("simplex_strategy", _PRIMAL)
        self._highs.run()
        self._highs.setOptionValue("simplex_strategy", _DUAL)

    def run(self) -> int:
        """Solve and return the iterations; without an optimum from a hot start, once more cold.

        That includes problems that the hot start calls infeasible.
        """
        spent = 0
        for attempt in ("hot", "cold"):
            self._highs.run()
            spent += int(self._highs.getInfo().simplex_iteration_count)
            if self.optimal:
                return spent
            if attempt == "hot":
                self._highs.clearSolver()
        return spent

    @property
    def optimal(self) -> bool:
        """Whether the last run proved an optimum."""
        return bool(self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def require_optimum(self) -> None:
        """Raise SolveError unless the last run proved an optimum."""
        if not self.optimal:
            words = self._highs.modelStatusToString(self._highs.getModelStatus())
            raise SolveError(f"HiGHS did not prove an optimum: it reports '{words}'")

    def require_answer(self) -> None:
        """Raise SolveError unless the last run proved an optimum or that there is none."""
        if self._highs.getModelStatus() not in _ANSWERS:
            self.require_optimum()

    def basis(self) -> Any:
        """Return the basis of the last run."""
        return self._highs.getBasis()

    def objective(self) -> float:
        """Return the cost of the last run's optimum, in the problem's units."""
        return float(self._highs.getInfo().objective_function_value)

    def values(self) -> Array:
        """Return the point of the last run, (column,)."""
        return np.array(self._highs.getSolution().col_value)

    def duals(self) -> tuple[Array, Array]:
        """Return the rows' duals and the columns' reduced costs, in the problem's units."""
        solution = self._highs.getSolution()
        return np.array(solution.row_dual), np.array(solution.col_dual)

    def basic(self) -> tuple[Bits, Bits]:
        """Return which columns and which rows are basic; none if HiGHS cannot tell."""
        columns = np.zeros(self._layout.columns.size, dtype=bool)
        rows = np.zeros(self._layout.rows.size, dtype=bool)
        status, found = self._highs.getBasicVariables()
        if status == highspy.HighsStatus.kOk:
            # HiGHS numbers a basic row r as -1 - r.
            columns[found[found >= 0]] = True
            rows[-1 - found[found < 0]] = True
        return columns, rows
