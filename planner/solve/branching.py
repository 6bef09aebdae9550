"""Whole numbers by implicit enumeration: best-first branch and bound over hot linear programs.

Only bounds of columns change between the nodes, so every node starts from its parent's basis,
which stays dual feasible: a few dozen iterations each. For a few dozen yes-or-no decisions that
is several times faster than a general solver, whose presolve and cuts cost more than the tree.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from planner.errors import SolveError
from planner.model.template import Array, Indices
from planner.solve.problem import Problem
from planner.solve.pseudocosts import Pseudocosts
from planner.solve.simplex import Simplex

EXACT = 1e-10
"""Smallest relative gap that is asked for: below is the rounding of two equal costs."""

_MOST_NODES = 500
"""Of a search; one that needs more is given up. A time would depend on the machine."""

_WHOLE = 1e-9


@dataclass(frozen=True)
class Found:
    """What a search for whole numbers found, costs in the problem's units.

    Attributes
    ----------
    values : ndarray, (integer column,), or None
        The best whole numbers; None if none were found.
    bound : float
        No solution costs less.
    complete : bool
        Whether the best point is within the gap of the bound.
    root, leaf : object or None
        Bases of the relaxation and of the best point.
    milp : bool
        Whether HiGHS's MILP solver found it.
    """

    values: Array | None
    bound: float
    complete: bool
    nodes: int = 0
    iterations: int = 0
    root: Any = None
    leaf: Any = None
    milp: bool = False


@dataclass(order=True)
class _Node:
    """A box of whole numbers with the optimum of its relaxation; sorts by cost, then newest."""

    cost: float
    age: int
    lower: Array = field(compare=False)
    upper: Array = field(compare=False)
    at: Array = field(compare=False)
    basis: Any = field(compare=False)


def whole_bounds(problem: Problem, columns: Indices) -> tuple[Array, Array]:
    """Return the smallest and largest whole numbers within the bounds of some columns."""
    return np.ceil(problem.lower[columns] - _WHOLE), np.floor(problem.upper[columns] + _WHOLE)


def search(
    simplex: Simplex,
    problem: Problem,
    columns: Indices,
    gap: float,
    pseudocosts: Pseudocosts,
    guesses: Sequence[Array] = (),
    basis: Any = None,
) -> Found:
    """Return the best whole numbers with a bound, or what is known after too many nodes.

    Parameters
    ----------
    simplex : Simplex
        Holds the problem afterwards, with other bounds.
    problem : Problem
    columns : ndarray of int
        Those that must be whole.
    gap : float
        The relative gap at which to stop.
    pseudocosts : Pseudocosts
        What searches before this one taught; learns from this one.
    guesses : sequence of ndarray, (integer column,)
        Whole numbers to try first.
    basis : object, optional
        To start the relaxation from.

    Raises
    ------
    SolveError
        If no whole numbers are feasible, or HiGHS proves nothing of a node.
    """
    simplex.load(problem, basis)
    lower, upper = whole_bounds(problem, columns)
    return _Search(simplex, columns, max(gap, EXACT), pseudocosts).run(lower, upper, guesses)


class _Search:
    """One search; the state is the best point so far and the open nodes."""

    def __init__(
        self, simplex: Simplex, columns: Indices, gap: float, pseudocosts: Pseudocosts
    ) -> None:
        self._simplex, self._columns, self._gap = simplex, columns, gap
        self._pseudocosts = pseudocosts
        self._best: Array | None = None
        self._leaf: Any = None
        self._cost = np.inf
        self._open: list[_Node] = []
        self._made, self._iterations = 0, 0

    def run(self, lower: Array, upper: Array, guesses: Sequence[Array]) -> Found:
        """Search a box of whole numbers."""
        if not self._solve(lower, upper, None):
            self._simplex.require_optimum()
        root = self._keep_open(lower, upper)
        points = [*guesses, np.rint(root.at), np.ceil(root.at - _WHOLE)]
        for point in np.unique(np.clip(points, lower, upper) + 0.0, axis=0):
            self._try(point, root.basis)
        nodes = 0
        while self._open and self._open[0].cost < self._cutoff() and nodes < _MOST_NODES:
            self._branch(heapq.heappop(self._open))
            nodes += 1
        if not self._open and self._best is None:
            raise SolveError("no whole numbers are feasible, though fractions are")
        bound = min([self._cost, *(node.cost for node in self._open[:1])])
        complete = bound >= self._cutoff()
        return Found(self._best, bound, complete, nodes, self._iterations, root.basis, self._leaf)

    def _cutoff(self) -> float:
        """Return the cost from which on a node need not be looked at; a typical cost is 1."""
        if self._best is None:
            return np.inf
        return self._cost - self._gap * max(abs(self._cost), 1.0)

    def _solve(self, lower: Array, upper: Array, basis: Any) -> bool:
        """Solve the linear program of a box; return whether it is feasible."""
        self._simplex.limit_columns(self._columns, lower, upper)
        if basis is not None:
            self._simplex.start_from(basis)
        self._iterations += self._simplex.run()
        self._simplex.require_answer()
        return self._simplex.optimal

    def _keep_open(self, lower: Array, upper: Array) -> _Node:
        """Keep the box just solved as an open node."""
        self._made += 1
        at = self._simplex.values()[self._columns]
        cost, basis = self._simplex.objective(), self._simplex.basis()
        node = _Node(cost, -self._made, lower, upper, at, basis)
        heapq.heappush(self._open, node)
        return node

    def _try(self, point: Array, basis: Any) -> None:
        """Solve with all whole numbers given and keep the point if it is the best so far."""
        if self._solve(point, point, basis) and self._simplex.objective() < self._cost:
            self._best, self._cost = point, self._simplex.objective()
            self._leaf = self._simplex.basis()

    def _branch(self, node: _Node) -> None:
        """Try a node whose point is whole; unless that settles it, split it in two."""
        away = np.where(node.lower < node.upper, np.abs(node.at - np.rint(node.at)), -1.0)
        if away.max() <= _WHOLE:
            self._try(np.rint(node.at) + 0.0, node.basis)
            if node.cost >= self._cutoff():
                heapq.heappush(self._open, node)
                return
            # Whole to rounding only, and at another cost: then a column is split all the same.
            j = int(away.argmax())
        else:
            promise = self._pseudocosts.score(self._columns, node.at)
            j = int(np.where(away > _WHOLE, promise, -1.0).argmax())
        split = np.clip(np.floor(node.at[j]), node.lower[j], node.upper[j] - 1)
        down, up = node.upper.copy(), node.lower.copy()
        down[j], up[j] = split, split + 1
        self._descend(node, j, split - node.at[j], node.lower, down)
        self._descend(node, j, split + 1 - node.at[j], up, node.upper)

    def _descend(self, node: _Node, j: int, moved: float, lower: Array, upper: Array) -> None:
        """Open one side of a split, unless it is infeasible."""
        if self._solve(lower, upper, node.basis):
            rise = self._keep_open(lower, upper).cost - node.cost
            self._pseudocosts.learn(int(self._columns[j]), float(moved), rise)
