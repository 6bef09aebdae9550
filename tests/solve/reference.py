"""HiGHS on every program as it stands: no row made a bound, no number changed but by powers of two.

Shares nothing with the planner's own use of HiGHS, whose answers it is to check.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from solve.exact import AT_LOWER, AT_UPPER, BASIC
from solve.frames import Array

from planner.model.template import LinearPrograms, Template

OPTIMAL, INFEASIBLE, UNBOUNDED, UNKNOWN = "optimal", "infeasible", "unbounded", "unknown"

_VERDICTS = {
    highspy.HighsModelStatus.kOptimal: OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: UNBOUNDED,
}

_HOT: dict[str, Any] = {"solver": "simplex", "simplex_strategy": 1, "presolve": "off"}

_ATTEMPTS: tuple[dict[str, Any], ...] = (
    {"solver": "choose", "simplex_strategy": 1, "presolve": "on"},
    {"solver": "simplex", "simplex_strategy": 1, "presolve": "off"},
    {"solver": "simplex", "simplex_strategy": 4, "presolve": "off"},
    {"solver": "ipm", "simplex_strategy": 1, "presolve": "on"},
)
"""How a program is solved from scratch until there is a verdict."""

_STATUS = {
    highspy.HighsBasisStatus.kBasic: BASIC,
    highspy.HighsBasisStatus.kUpper: AT_UPPER,
}


@dataclass(frozen=True)
class Reference:
    """What HiGHS says of a block.

    Attributes
    ----------
    verdicts : ndarray of str, (sample,)
    objective : ndarray, (sample,)
        Not a number where there is no optimum.
    bases : list
        HiGHS's own.
    attempts : ndarray of int, (sample,)
        How many starts from scratch it took.
    """

    verdicts: np.ndarray
    objective: Array
    bases: list[Any]
    attempts: np.ndarray


class HighsReference:
    """One instance for one template; each program starts from the basis of the one before.

    Parameters
    ----------
    template : Template
    """

    def __init__(self, template: Template) -> None:
        self._template = template
        self._highs: Any = highspy.Highs()
        self._set(
            {
                "output_flag": False,
                "threads": 1,
                "primal_feasibility_tolerance": 1e-9,
                "dual_feasibility_tolerance": 1e-9,
                "small_matrix_value": 1e-12,
            }
        )
        senses = np.array(template.senses)
        self._open_below, self._open_above = senses == "<=", senses == ">="
        self._starts = template.starts.astype(np.int32)
        self._row_of = template.row_of.astype(np.int32)

    def solve(self, programs: LinearPrograms) -> Reference:
        """Return what HiGHS says of each program, in order."""
        n = programs.n
        verdicts = np.full(n, UNKNOWN, dtype=object)
        objective, attempts = np.full(n, np.nan), np.zeros(n, dtype=int)
        bases: list[Any] = [None] * n
        hot = None
        for k in range(n):
            scale = self._load(programs, k)
            verdicts[k], attempts[k] = self._verdict(hot)
            basis = self._highs.getBasis()
            bases[k] = basis if basis.valid else None
            if verdicts[k] == OPTIMAL:
                objective[k] = scale * self._highs.getInfo().objective_function_value
                hot = basis
        return Reference(verdicts, objective, bases, attempts)

    def basis_without_presolve(self, programs: LinearPrograms, k: int, strategy: int) -> Any:
        """Return where a simplex (1: dual, 4: primal) ends that starts from scratch."""
        self._load(programs, k)
        self._set({"solver": "simplex", "simplex_strategy": strategy, "presolve": "off"})
        self._highs.run()
        return self._highs.getBasis()

    def _set(self, options: dict[str, Any]) -> None:
        for option, value in options.items():
            self._highs.setOptionValue(option, value)

    def _verdict(self, hot: Any) -> tuple[str, int]:
        if hot is not None:
            self._set(_HOT)
            self._highs.setBasis(hot)
            self._highs.run()
            if self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                return OPTIMAL, 0
        for attempt, options in enumerate(_ATTEMPTS, start=1):
            self._highs.clearSolver()
            self._set(options)
            self._highs.run()
            found = _VERDICTS.get(self._highs.getModelStatus(), UNKNOWN)
            if found != UNKNOWN:
                return found, attempt
        return UNKNOWN, len(_ATTEMPTS)

    def _load(self, programs: LinearPrograms, k: int) -> float:
        """Give HiGHS a program and return what its costs are to be multiplied with."""
        cost, rhs = programs.cost[k], programs.rhs[k]
        sizes = np.abs(cost[cost != 0])
        scale = float(np.exp2(np.rint(np.log2(sizes).mean()))) if sizes.size else 1.0
        infinity = highspy.kHighsInf
        status = self._highs.passModel(
            cost.size,
            rhs.size,
            self._row_of.size,
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            cost / scale,
            programs.lower[k],
            programs.upper[k],
            np.where(self._open_below, -infinity, rhs),
            np.where(self._open_above, infinity, rhs),
            self._starts,
            self._row_of,
            programs.matrix[k],
            np.zeros(cost.size, dtype=np.int32),
        )
        if status == highspy.HighsStatus.kError:
            raise ValueError(f"HiGHS does not take program {k} of its block")
        return scale


def full_basis(basis: Any) -> list[int]:
    """Return a basis of HiGHS as statuses of the columns and of the rows' slacks."""
    found = [*basis.col_status, *basis.row_status]
    return [_STATUS.get(status, AT_LOWER) for status in found]
