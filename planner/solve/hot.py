"""HiGHS, one instance kept alive: every sample starts from the basis of the one before.

Where the cheapest plan is not unique, a second pass over the optimal face chooses by the
secondary objective: columns and rows whose dual is not zero stay where they are, which is exactly
the set of optima, and the secondary cost is minimised over the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from planner.model.template import Array, LinearPrograms, Template
from planner.solve.problem import Layout, Problem
from planner.solve.simplex import Simplex
from planner.solve.solutions import Solutions, linear_solutions

_ZERO_DUAL = 1e-9
_SAME_COST = 1e-10


class HotHighs:
    """Solves the linear programs of one template; whole numbers only where they are fixed.

    Parameters
    ----------
    template : Template
    tie_cost : ndarray, (column,)
        The secondary objective; distinct weights make the choice unique.
    basis : object, optional
        The basis that every block starts from, from `basis`; without one, from scratch.

    Attributes
    ----------
    start : object or None
        The basis that every block starts from.
    """

    def __init__(self, template: Template, tie_cost: Array, basis: Any = None) -> None:
        self._tie_cost = tie_cost
        self.start = basis
        self._layout = Layout(template)
        self._simplex = Simplex(self._layout)

    def basis(self) -> Any:
        """Return the basis of the last linear program, for other instances to start from."""
        return self._simplex.basis()

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
        starts : sequence of bases or None, optional
            One starting basis per sample; a sample without one starts from the one before.

        Raises
        ------
        SolveError
            If HiGHS does not prove an optimum.
        """
        n, columns = programs.cost.shape
        x, duals = np.empty((n, columns)), np.empty(programs.rhs.shape)
        tied, iterations = np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64)
        bases: list[Any] = []
        simplex = self._simplex
        for k in range(n):
            problem = self._layout.problem(programs, k)
            given = starts[k] if starts is not None else None
            before = bases[-1] if bases else self.start
            simplex.load(problem, before if given is None else given)
            iterations[k] = simplex.run()
            simplex.require_optimum()
            bases.append(simplex.basis())
            x[k], (kept, reduced) = simplex.values(), simplex.duals()
            duals[k] = self._layout.duals(problem, kept, reduced)
            if break_ties:
                tied[k], x[k] = self._break_tie(problem, x[k], kept, reduced)
        # A fixed column is at its value, not at a solver's rounding beside it.
        x = np.where(programs.lower == programs.upper, programs.lower, x)
        return linear_solutions(
            programs, x, duals, tied=tied, iterations=iterations, bases=tuple(bases)
        )

    def _break_tie(
        self, problem: Problem, x: Array, duals: Array, reduced: Array
    ) -> tuple[bool, Array]:
        """Return whether the optimum is not proven unique, and the one that the tie-break takes."""
        if self._unique(problem, duals, reduced):
            return False, x
        at_lower = reduced > _ZERO_DUAL
        # A reduced cost below zero without a bound to be at is the solver's rounding.
        at_upper = (reduced < -_ZERO_DUAL) & np.isfinite(problem.upper)
        self._simplex.limit_columns(
            self._layout.columns,
            np.where(at_upper, problem.upper, problem.lower),
            np.where(at_lower, problem.lower, problem.upper),
        )
        held = np.abs(duals) > _ZERO_DUAL
        side = np.where(np.isfinite(problem.low), problem.low, problem.high)
        self._simplex.limit_rows(
            np.where(held, side, problem.low), np.where(held, side, problem.high)
        )
        # The optimum at hand is feasible for the changed problem, but not optimal.
        self._simplex.minimise(self._tie_cost)
        if not self._simplex.optimal:
            return True, x
        chosen = self._simplex.values()
        cost, other = float(problem.cost @ x), float(problem.cost @ chosen)
        return True, chosen if other - cost <= _SAME_COST * abs(cost) else x

    def _unique(self, problem: Problem, duals: Array, reduced: Array) -> bool:
        """Return whether all that is nonbasic and could move has a dual, so no other optimum is."""
        basic_columns, basic_rows = self._simplex.basic()
        columns = ~basic_columns & (problem.lower < problem.upper)
        rows = ~basic_rows & (problem.low < problem.high)
        sizes = np.concatenate([np.abs(reduced[columns]), np.abs(duals[rows])])
        return bool((sizes > _ZERO_DUAL).all())
