"""HiGHS, one instance kept alive: every sample starts from the basis of the one before.

Where the cheapest plan is not unique, a second pass over the optimal face chooses by the
secondary objective: columns and rows whose dual is not zero stay where they are, which is exactly
the set of optima, and the secondary cost is minimised over the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from planner.errors import SolveError
from planner.model.template import CONSTANT, Array, Indices, LinearPrograms, Template
from planner.solve.solutions import Solutions

ENGINE = "highs"

_ZERO_DUAL = 1e-9
_SAME_COST = 1e-10

_DUAL, _PRIMAL = 1, 4

_OPTIONS: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,
    "solver": "simplex",
    "simplex_strategy": _DUAL,
    "presolve": "off",
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    # HiGHS drops smaller coefficients as zero; this is the least that it allows.
    "small_matrix_value": 1e-12,
}


class HotHighs:
    """Solves the linear programs of one template.

    A row with a single, constant entry is handed to HiGHS as the upper bound of its column: the
    same problem with fewer rows. Its dual is the column's reduced cost at that bound.

    Parameters
    ----------
    template : Template
    tie_cost : ndarray, (column,)
        The secondary objective; distinct weights make the choice unique.
    basis : object, optional
        The basis that every block starts from, from `basis`; without one, from scratch.
    """

    def __init__(self, template: Template, tie_cost: Array, basis: Any = None) -> None:
        self._tie_cost = tie_cost
        self._start = basis
        self._bounds = _bounding_rows(template)
        kept = np.ones(len(template.rows), dtype=bool)
        kept[self._bounds.rows] = False
        self._kept = np.flatnonzero(kept)
        self._entries = np.flatnonzero(kept[template.row_of])
        column_of = np.repeat(np.arange(len(template.columns)), np.diff(template.starts))
        counts = np.bincount(column_of[self._entries], minlength=len(template.columns))
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        renumbered = np.cumsum(kept) - 1
        self._row_of = renumbered[template.row_of[self._entries]].astype(np.int32)
        self._below = np.array([sense == "<=" for sense in template.senses])[self._kept]
        self._columns = np.arange(len(template.columns), dtype=np.int32)
        self._rows = np.arange(self._kept.size, dtype=np.int32)
        self._continuous = np.zeros(self._columns.size, dtype=np.int32)
        # highspy ships incomplete type hints.
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in _OPTIONS.items():
            self._highs.setOptionValue(option, value)

    def basis(self) -> Any:
        """Return the basis of the last linear program, for other instances to start from."""
        return self._highs.getBasis()

    def solve(
        self,
        programs: LinearPrograms,
        *,
        break_ties: bool = True,
        starts: Sequence[Any] | None = None,
    ) -> Solutions:
        """Solve a block, in order; the same block always gives the same bytes.

        Parameters
        ----------
        programs : LinearPrograms
        break_ties : bool
            Whether to apply the secondary objective.
        starts : sequence of bases, optional
            One starting basis per sample; without them each sample starts from the one before.

        Raises
        ------
        SolveError
            If HiGHS does not prove an optimum.
        """
        n, columns = programs.cost.shape
        x, duals = np.empty((n, columns)), np.zeros(programs.rhs.shape)
        tied, iterations = np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64)
        bases: list[Any] = []
        scales = np.array([_middle_size(cost) for cost in programs.cost])
        for k in range(n):
            problem = self._problem(programs, k, float(scales[k]))
            self._pass(problem)
            basis = starts[k] if starts else (bases[-1] if bases else self._start)
            if basis is not None:
                self._highs.setBasis(basis)
            iterations[k] = self._run()
            bases.append(self._highs.getBasis())
            x[k], kept, reduced = self._read()
            duals[k, self._kept] = kept
            duals[k, self._bounds.rows] = np.minimum(reduced[self._bounds.columns], 0.0)
            if break_ties:
                tied[k], x[k] = self._break_tie(problem, x[k], kept, reduced)
        duals *= scales[:, None]
        objective = (programs.cost * x).sum(axis=1)
        return Solutions(x, duals, objective, tied, iterations, tuple(bases))

    def _problem(self, programs: LinearPrograms, k: int, scale: float) -> _Problem:
        """Return sample `k` as HiGHS gets it, its cost divided by `scale`."""
        infinity = highspy.kHighsInf
        upper = np.full(self._columns.size, infinity)
        upper[self._bounds.columns] = programs.rhs[k, self._bounds.rows]
        rhs = programs.rhs[k, self._kept]
        return _Problem(
            cost=programs.cost[k] / scale,
            upper=upper,
            low=np.where(self._below, -infinity, rhs),
            high=np.where(self._below, rhs, infinity),
            matrix=programs.matrix[k, self._entries],
        )

    def _pass(self, problem: _Problem) -> None:
        self._highs.passModel(
            self._columns.size,
            self._rows.size,
            problem.matrix.size,
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            problem.cost,
            np.zeros(self._columns.size),
            problem.upper,
            problem.low,
            problem.high,
            self._starts,
            self._row_of,
            problem.matrix,
            self._continuous,
        )

    def _run(self) -> int:
        """Solve; when the hot start does not end in an optimum, solve once more from scratch."""
        spent = 0
        for attempt in ("hot", "cold"):
            self._highs.run()
            spent += int(self._highs.getInfo().simplex_iteration_count)
            status = self._highs.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                return spent
            if attempt == "hot":
                self._highs.clearSolver()
        words = self._highs.modelStatusToString(status)
        raise SolveError(f"HiGHS did not prove an optimum: it reports '{words}'")

    def _read(self) -> tuple[Array, Array, Array]:
        solution = self._highs.getSolution()
        return (
            np.array(solution.col_value),
            np.array(solution.row_dual),
            np.array(solution.col_dual),
        )

    def _break_tie(
        self, problem: _Problem, x: Array, duals: Array, reduced: Array
    ) -> tuple[bool, Array]:
        """Return whether the optimum is not proven unique, and the one that the tie-break takes."""
        if _unique(duals, reduced):
            return False, x
        at_zero, at_bound = reduced > _ZERO_DUAL, reduced < -_ZERO_DUAL
        held = np.abs(duals) > _ZERO_DUAL
        columns, rows = self._columns, self._rows
        self._highs.changeColsBounds(
            columns.size,
            columns,
            np.where(at_bound, problem.upper, 0.0),
            np.where(at_zero, 0.0, problem.upper),
        )
        self._highs.changeRowsBounds(
            rows.size,
            rows,
            np.where(self._below & held, problem.high, problem.low),
            np.where(~self._below & held, problem.low, problem.high),
        )
        self._highs.changeColsCost(columns.size, columns, self._tie_cost)
        # The optimum at hand is feasible for the changed problem, but not optimal.
        self._highs.setOptionValue("simplex_strategy", _PRIMAL)
        self._highs.run()
        self._highs.setOptionValue("simplex_strategy", _DUAL)
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return True, x
        chosen = np.array(self._highs.getSolution().col_value)
        cost, other = float(problem.cost @ x), float(problem.cost @ chosen)
        return True, chosen if other - cost <= _SAME_COST * abs(cost) else x


@dataclass(frozen=True)
class _Problem:
    """One linear program as arrays in the order of HiGHS's columns and rows."""

    cost: Array
    upper: Array
    low: Array
    high: Array
    matrix: Array


@dataclass(frozen=True)
class _Bounds:
    """Rows that only bound a column, and those columns."""

    rows: Indices
    columns: Indices


def _bounding_rows(template: Template) -> _Bounds:
    """Return the ``<=`` rows whose only entry is a constant 1; of several on a column, one."""
    column_of = np.repeat(np.arange(len(template.columns)), np.diff(template.starts))
    in_row = np.bincount(template.row_of, minlength=len(template.rows))
    terms = np.bincount(template.entry_of, minlength=template.entries)
    one = template.layout[CONSTANT]
    found: dict[int, int] = {}
    for term, entry in enumerate(template.entry_of):
        row, column = int(template.row_of[entry]), int(column_of[entry])
        constant = template.entry_at[term] == one and template.entry_factor[term] == 1
        alone = in_row[row] == 1 and terms[entry] == 1
        if constant and alone and template.senses[row] == "<=":
            found.setdefault(column, row)
    return _Bounds(np.array(list(found.values()), int), np.array(list(found), int))


def _unique(duals: Array, reduced: Array) -> bool:
    """Return whether every nonbasic column and row has a dual, so that no other optimum is.

    Basic ones have none, and there are as many of them as rows.
    """
    without = (np.abs(reduced) <= _ZERO_DUAL).sum() + (np.abs(duals) <= _ZERO_DUAL).sum()
    return bool(without <= duals.size)


def _middle_size(cost: Array) -> float:
    """Return the geometric mean of the sizes of the costs that are not zero.

    Not the mean: one price of shortfall that stands for "at any price" would drown the rest in
    the solver's tolerance.
    """
    sizes = np.abs(cost[cost != 0])
    return float(np.exp(np.log(sizes).mean())) if sizes.size else 1.0
