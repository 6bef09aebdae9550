"""The search for the best first stage: points to look at, cuts they give, and what is proven.

Cuts are taken between the best point and the master's optimum (Ben-Ameur and Neto 2007,
doi:10.1002/net.20190), for the master jumps from corner to corner while it has few cuts. With whole
columns the search is first without them, whose cuts stay good; then the master proposes whole
numbers, and with these held the search goes on over the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import numpy as np

from planner.errors import SolveError
from planner.model.template import Array
from planner.solve.two_stage.master import Master, NoFirstStageError, Proposal
from planner.solve.two_stage.problem import Risk, probability_of
from planner.solve.two_stage.recourse import Recourse

_FIRST_STEP, _SHORT_STEP, _FULL_STEP = 0.5, 0.3, 1.0
"""Of the way from the best point to the master's optimum."""

_PATIENCE = 3
"""Steps without a better bound before the whole way is gone."""

_STALLED = 3
"""Whole ways that led to nothing new."""

_NOTHING_NEW = 1e-10

_MOST_WAITED = 500
"""Steps without a better bound, after which no more are made."""

_MOST_CORNERS = 12
"""Looks at corners once the gap is closed."""

_NOT_WORSE = 1e-12

_LEAST = 1e-9
"""Of a typical objective, what gaps are relative to at least."""

_AT_BOUND = 1e-12
"""Of a column's size, from its bound: a residue would be a right-hand side of recourse."""

_ROUNDING = 1e-9

_RELAXED_GAP = 1e-3
"""To which the search without whole numbers goes at least."""

_INTEGER_SHARE = 0.2
"""Of the wanted gap, that the master may leave to its own branch and bound."""


class Search:
    """The state of a search.

    Parameters
    ----------
    recourse : Recourse
    risk : Risk
    gap : float
        The wanted one, relative to the best.

    Attributes
    ----------
    x, costs : ndarray, (column,) and (sample,)
        The best point so far, and its cost in each sample.
    best, bound : float
        Its risk measure, and what no point is below.
    """

    def __init__(self, recourse: Recourse, risk: Risk, gap: float) -> None:
        self._recourse, self._risk, self._wanted = recourse, risk, gap
        self._first = first = recourse.problem.first
        self._probability = probability_of(recourse.problem)
        self.x = np.clip(np.zeros(first.lower.size), first.lower, first.upper)
        self.costs = np.full(self._probability.size, np.inf)
        self.best, self.bound = np.inf, -np.inf
        self._master: Master | None = None
        self._corner: Array | None = None

    @property
    def gap(self) -> float:
        """The difference of best and bound, relative to the best; infinite without either."""
        if not np.isfinite(self.best) or not np.isfinite(self.bound):
            return np.inf
        return max(self.best - self.bound, 0.0) / max(abs(self.best), self._least)

    @property
    def _least(self) -> float:
        return _LEAST * (1.0 if self._master is None else self._master.scale)

    @property
    def closed(self) -> bool:
        """Whether the wanted gap is reached."""
        return self.gap <= self._wanted

    def steps(self, start: Array | None) -> Iterator[None]:
        """Search until the gap is closed or nothing moves, with a pause after each look.

        Raises
        ------
        SolveError
            If a program cannot be solved, or there is no first stage with a recourse.
        """
        first, whole = self._first, self._first.integer
        begin = self.x if start is None else start
        if not whole.any():
            yield from self._descend(begin, whole=True)
            return
        yield from self._descend(begin, whole=False)
        tried: set[bytes] = set()
        while not self.closed:
            proposal = self._propose(whole=True)
            self.bound = max(self.bound, proposal.bound)
            held = np.rint(proposal.x[whole])
            if self.closed or held.tobytes() in tried:
                break
            tried.add(held.tobytes())
            lower, upper, point = first.lower.copy(), first.upper.copy(), proposal.x.copy()
            lower[whole] = upper[whole] = point[whole] = held
            self._of_master().limit(lower, upper)
            # These whole numbers may leave no recourse at all; others may.
            with suppress(NoFirstStageError):
                yield from self._descend(point, whole=True, within=True)
            self._of_master().limit(first.lower, first.upper)
        yield

    def _of_master(self) -> Master:
        if self._master is None:
            raise ValueError("nothing has been looked at")
        return self._master

    def _propose(self, *, whole: bool) -> Proposal:
        found = self._of_master().solve(whole=whole)
        self._corner = found.x if whole or not self._first.integer.any() else None
        return found

    def _descend(self, begin: Array, *, whole: bool, within: bool = False) -> Iterator[None]:
        """Search over points that the master may propose.

        Parameters
        ----------
        begin : ndarray, (column,)
        whole : bool
            Whether points are solutions: what is found without whole numbers is a bound alone.
        within : bool
            Whether only some points are searched, so that there is no bound for all.
        """
        inside, best, bound = begin, np.inf, -np.inf
        if self._master is None or within:
            allowed = self._is_feasible(begin)
            best = self._look_at(begin, keep=whole and allowed)
            best = best if allowed else np.inf
            yield
        step, waited, stuck = _FIRST_STEP, 0, 0
        wanted = self._wanted if whole else max(self._wanted, _RELAXED_GAP)
        while True:
            proposal = self._propose(whole=False)
            gained = proposal.bound > bound + _NOT_WORSE * abs(bound)
            bound = max(bound, proposal.bound)
            if not within:
                self.bound = max(self.bound, bound)
            limit = min(best, self.best) if within else best
            left = 1 - _INTEGER_SHARE if within else 1.0
            if np.isfinite(limit) and limit - bound <= left * wanted * abs(limit):
                return
            waited = 0 if gained else waited + 1
            share = _FULL_STEP if waited >= _PATIENCE or not np.isfinite(best) else step
            x = inside + share * (proposal.x - inside)
            value = self._look_at(x, keep=whole)
            yield
            step = _FIRST_STEP if value < best else _SHORT_STEP
            if value < best:
                inside, best = x, value
            if share == _FULL_STEP and self._nothing_new(value, proposal):
                stuck += 1
                if proposal.stopped and not self._of_master().widen():
                    raise SolveError(
                        "the costs have no lower limit: nothing bounds the first stage"
                    )
                stuck = 0 if proposal.stopped else stuck
            if stuck >= _STALLED or waited >= _MOST_WAITED:
                return

    def _nothing_new(self, value: float, proposal: Proposal) -> bool:
        """Return whether a look at the master's optimum takes nothing off it: only rounding."""
        size = max(abs(value), _LEAST * self._of_master().scale)
        return bool(np.isfinite(value)) and value - proposal.value <= _NOTHING_NEW * size

    def salvage(self) -> None:
        """Find some solution where a search ended before it had one: the master's own."""
        if self._master is None or np.isfinite(self.best):
            return
        proposal = self._propose(whole=True)
        self.bound = max(self.bound, proposal.bound)
        x, whole = proposal.x, self._first.integer
        self._look_at(np.where(whole, np.rint(x), x), keep=True)

    def finish(self) -> None:
        """Take a corner of the master instead of a point between, if one is as good as is wanted.

        A corner has few columns that are not at a bound, where a point between has a little of
        everything that was ever proposed. Each look at one brings the next nearer.
        """
        for _ in range(_MOST_CORNERS):
            if self._corner is None or not self.closed:
                return
            self._corner = self._at_bounds(self._corner)
            value, costs = self._look(self._corner)
            if value - self.bound <= self._wanted * abs(value):
                self.x, self.best, self.costs = self._corner, value, costs
                return
            proposal = self._propose(whole=bool(self._first.integer.any()))
            self.bound = max(self.bound, proposal.bound)

    def _is_feasible(self, x: Array) -> bool:
        first = self._first
        rows = np.repeat(np.arange(first.low.size), np.diff(first.row_starts))
        terms = first.values * x[first.column_of]
        sums = np.bincount(rows, terms, minlength=first.low.size)
        slack = _ROUNDING * (1 + np.bincount(rows, np.abs(terms), minlength=first.low.size))
        inside = (x >= first.lower).all() and (x <= first.upper).all()
        return bool(
            inside and (sums >= first.low - slack).all() and (sums <= first.high + slack).all()
        )

    def _look_at(self, x: Array, *, keep: bool) -> float:
        """Cut at a point; return its risk measure, and keep it if it is the best solution."""
        x = self._at_bounds(x)
        value, costs = self._look(x)
        if keep and value < self.best:
            self.x, self.best, self.costs = x, value, costs
        return value

    def _at_bounds(self, x: Array) -> Array:
        """Return a point with what is nearly at a bound moved there."""
        size = _AT_BOUND * (1 + np.abs(x).max(initial=0.0))
        for bound in (self._first.lower, self._first.upper):
            x = np.where(np.abs(x - bound) <= size, bound, x)
        return x

    def _look(self, x: Array) -> tuple[float, Array]:
        """Cut at a point; return its risk measure, and its costs."""
        found, averse, tail = self._recourse.evaluate(x), self._risk.weight > 0, None
        if averse and not found.forbidden:
            weights = self._risk.tail(found.costs, self._probability)
            tail = self._recourse.evaluate(x, weights).slopes
        if self._master is None:
            own = _INTEGER_SHARE * self._wanted
            self._master = Master(self._first, self._risk, found.slopes, own)
        self._master.add(found.slopes, tail)
        for cut in found.forbidden:
            self._master.forbid(cut)
        if found.forbidden:
            return np.inf, found.costs
        value = found.slopes.total
        if tail is not None:
            value = (1 - self._risk.weight) * value + self._risk.weight * tail.total
        return value, found.costs
