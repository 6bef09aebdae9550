"""Whole numbers where the template asks for them, with a proof, and then the linear program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.errors import SolveError
from planner.model.template import Array, Indices, LinearPrograms, Template
from planner.solve.branching import Found, search
from planner.solve.hot import HotHighs
from planner.solve.milp import solve_milp
from planner.solve.problem import Layout, Problem
from planner.solve.pseudocosts import Pseudocosts
from planner.solve.simplex import Simplex
from planner.solve.solutions import TOLERANCE, Solutions


@dataclass(frozen=True)
class Start:
    """Where a sample ended, to start the same sample from after a change.

    Attributes
    ----------
    root, leaf : object or None
        Bases of the relaxation and of the linear program with the whole numbers fixed.
    values : ndarray, (column,), or None
        The whole numbers, in the integer columns; None if there was no search.
    """

    root: Any
    leaf: Any
    values: Array | None


@dataclass(frozen=True)
class _Choice:
    """The whole numbers of one sample as in `Start`, with their proof in dollars."""

    values: Array
    bound: float
    scale: float
    found: Found


class IntegerSolver:
    """Solves blocks whose templates may have integer columns.

    The whole numbers of each sample are searched for first; they are then fixed, and the linear
    program that is left gives the solution, its duals and its certificate. Of whole numbers
    of equal cost the search takes one, always the same for the same block; the secondary
    objective has no part in that.

    Parameters
    ----------
    template : Template
    hot : HotHighs
        Solves the linear programs, and has the basis that every block starts from.
    gap : float
        The relative gap between the cost and its proven bound at which a search ends; 0 for the
        optimum itself.
    """

    def __init__(self, template: Template, hot: HotHighs, gap: float) -> None:
        self._integer, self._hot, self._gap = template.integer, hot, gap
        self._layout = Layout(template)
        self._simplex = Simplex(self._layout)

    def solve(
        self,
        programs: LinearPrograms,
        *,
        break_ties: bool = True,
        starts: Sequence[Any] | None = None,
        relaxed: bool = False,
    ) -> Solutions:
        """Solve a block, in order; the same block always gives the same bytes.

        Parameters
        ----------
        programs : LinearPrograms
            Integer columns that are fixed (`LinearPrograms.fixed`) stay as they are.
        break_ties : bool
            Whether to apply the secondary objective, at the whole numbers found.
        starts : sequence, optional
            `Solutions.bases` of the same samples from this solver; without them each sample
            starts from the one before.
        relaxed : bool
            Whether to allow fractions.

        Raises
        ------
        SolveError
            If no optimum is proven, or no whole numbers within the gap.
        """
        if not self._integer.any():
            return self._hot.solve(programs, break_ties=break_ties, starts=starts)
        free = self._integer & (programs.lower < programs.upper)
        if relaxed or not free.any():
            bases = [start.root if relaxed else start.leaf for start in starts or ()]
            solved = self._hot.solve(programs, break_ties=break_ties, starts=bases or None)
            held = [None] * programs.n if relaxed else list(solved.x)
            ends = zip(solved.bases, held, strict=True)
            return replace(solved, bases=tuple(Start(b, b, values) for b, values in ends))
        choices: list[_Choice] = []
        pseudocosts = Pseudocosts(self._integer.size)
        start = Start(self._hot.start, None, None)
        for k in range(programs.n):
            problem, columns = self._layout.problem(programs, k), np.flatnonzero(free[k])
            start = starts[k] if starts is not None else start
            choices.append(self._choose(problem, columns, start, pseudocosts))
            start = Start(choices[-1].found.root, None, choices[-1].values)
        return self._settle(programs, choices, break_ties)

    def _choose(
        self, problem: Problem, columns: Indices, start: Start, pseudocosts: Pseudocosts
    ) -> _Choice:
        """Return the whole numbers of one sample: those that are fixed, and those found."""
        root = self._hot.start if start.root is None else start.root
        guesses = () if start.values is None else (start.values[columns],)
        found = search(self._simplex, problem, columns, self._gap, pseudocosts, guesses, root)
        if not found.complete:
            better = solve_milp(self._layout, problem, columns, self._gap)
            found = replace(
                better,
                nodes=found.nodes + better.nodes,
                iterations=found.iterations + better.iterations,
                root=found.root,
            )
        values = problem.lower.copy()
        values[columns] = found.values
        return _Choice(values, found.bound * problem.scale, problem.scale, found)

    def _settle(
        self, programs: LinearPrograms, choices: Sequence[_Choice], break_ties: bool
    ) -> Solutions:
        """Solve the linear programs that are left, and say how good the whole numbers are."""
        fixed = programs.fixed(np.array([choice.values for choice in choices]))
        leaves = [choice.found.leaf for choice in choices]
        solved = self._hot.solve(fixed, break_ties=break_ties, starts=leaves)
        bound = np.minimum([choice.bound for choice in choices], solved.objective)
        size = np.maximum(np.abs(solved.objective), [choice.scale for choice in choices])
        gap = (solved.objective - bound) / size
        if not (gap <= self._gap + TOLERANCE).all():
            raise SolveError(
                f"a plan with whole numbers is only proven to a gap of {gap.max():.2g}, not "
                f"{self._gap:g}: a coefficient may be too small or too large beside the others"
            )
        found = [choice.found for choice in choices]
        return replace(
            solved,
            iterations=solved.iterations + np.array([item.iterations for item in found]),
            bases=tuple(
                Start(choice.found.root, leaf, choice.values)
                for choice, leaf in zip(choices, solved.bases, strict=True)
            ),
            bound=bound,
            gap=gap,
            nodes=np.array([item.nodes for item in found], dtype=np.int64),
            milp=np.array([item.milp for item in found], dtype=bool),
        )
