"""HiGHS, one instance kept alive: every sample starts from the basis of the one before.

Where the cheapest plan is not unique, a second pass over the optimal face chooses by the
secondary objective: columns and rows whose dual is not zero stay where they are, which is exactly
the set of optima, and the secondary cost is minimised over the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np

from planner.errors import SolveError
from planner.model.template import Array, LinearPrograms, Template
from planner.solve.solutions import Solutions

ENGINE = "highs"

_ZERO_DUAL = 1e-9
_SAME_COST = 1e-10


class HotHighs:
    """Solves the linear programs of one template.

    Parameters
    ----------
    template : Template
    tie_cost : ndarray, (column,)
        The secondary objective; distinct weights make the choice unique.
    basis : object, optional
        The basis that every block starts from, from `basis`; without one, from scratch.
    """

    def __init__(self, template: Template, tie_cost: Array, basis: Any = None) -> None:
        self._template = template
        self._tie_cost = tie_cost
        self._start = basis
        self._below = np.array([sense == "<=" for sense in template.senses])
        self._columns = np.arange(len(template.columns), dtype=np.int32)
        self._rows = np.arange(len(template.rows), dtype=np.int32)
        self._starts = template.starts.astype(np.int32)
        self._row_of = template.row_of.astype(np.int32)
        self._none = np.zeros(len(template.columns))
        self._unbounded = np.full(len(template.columns), highspy.kHighsInf)
        self._continuous = np.zeros(len(template.columns), dtype=np.int32)
        # highspy ships incomplete type hints.
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("solver", "simplex"),
            ("simplex_strategy", 4),
            ("presolve", "off"),
            ("primal_feasibility_tolerance", 1e-9),
            ("dual_feasibility_tolerance", 1e-9),
        ):
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
        x, duals = np.empty((n, columns)), np.empty(programs.rhs.shape)
        tied, iterations = np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64)
        bases: list[Any] = []
        scales = np.abs(programs.cost).mean(axis=1)
        scales[scales == 0] = 1.0
        for k in range(n):
            self._pass(programs, k, float(scales[k]))
            basis = starts[k] if starts else (bases[-1] if bases else self._start)
            if basis is not None:
                self._highs.setBasis(basis)
            iterations[k] = self._run()
            bases.append(self._highs.getBasis())
            x[k], duals[k], reduced = self._read()
            if break_ties:
                tied[k], x[k] = self._break_tie(programs, k, x[k], duals[k], reduced)
        duals *= scales[:, None]
        objective = (programs.cost * x).sum(axis=1)
        return Solutions(x, duals, objective, tied, iterations, tuple(bases))

    def _pass(self, programs: LinearPrograms, k: int, scale: float) -> None:
        """Load sample `k` with its cost divided by `scale`."""
        template, infinity = self._template, highspy.kHighsInf
        rhs = programs.rhs[k]
        self._highs.passModel(
            self._columns.size,
            self._rows.size,
            template.entries,
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            programs.cost[k] / scale,
            self._none,
            self._unbounded,
            np.where(self._below, -infinity, rhs),
            np.where(self._below, rhs, infinity),
            self._starts,
            self._row_of,
            programs.matrix[k],
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
        self, programs: LinearPrograms, k: int, x: Array, duals: Array, reduced: Array
    ) -> tuple[bool, Array]:
        """Return whether the optimum was not unique, and the one that the tie-break chooses."""
        if self._unique(duals, reduced):
            return False, x
        infinity = highspy.kHighsInf
        upper = np.where(np.abs(reduced) > _ZERO_DUAL, 0.0, infinity)
        held = np.abs(duals) > _ZERO_DUAL
        lower_rows = np.where(self._below & ~held, -infinity, programs.rhs[k])
        upper_rows = np.where(self._below | held, programs.rhs[k], infinity)
        columns, rows = self._columns, self._rows
        self._highs.changeColsBounds(columns.size, columns, self._none, upper)
        self._highs.changeRowsBounds(rows.size, rows, lower_rows, upper_rows)
        self._highs.changeColsCost(columns.size, columns, self._tie_cost)
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return True, x
        chosen = np.array(self._highs.getSolution().col_value)
        cost, other = float(programs.cost[k] @ x), float(programs.cost[k] @ chosen)
        return True, chosen if other - cost <= _SAME_COST * abs(cost) else x

    def _unique(self, duals: Array, reduced: Array) -> bool:
        """Return whether every nonbasic column and row has a dual, so that no other optimum is.

        Basic ones have none, and there are as many of them as rows.
        """
        without = (np.abs(reduced) <= _ZERO_DUAL).sum() + (np.abs(duals) <= _ZERO_DUAL).sum()
        return bool(without <= duals.size)
