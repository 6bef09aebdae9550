"""The L-shaped method: recourse by the batch kernel, a master over the first stage.

Cuts of the mean are by block of recourse (Van Slyke and Wets 1969, doi:10.1137/0117061; in parts:
Birge and Louveaux 1988, doi:10.1016/0377-2217(88)90159-2). CVaR has one variable of its own, cut on
each sample's total cost with the tail weights at the point: the CVaR is the largest mean under any
weights of a tail, so a mean under fixed ones is below it everywhere (Rockafellar and Uryasev 2000,
doi:10.21314/JOR.2000.038). Cuts by block with tail weights would not be, for each block has a tail
of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from planner.errors import SolveError
from planner.model.template import Array
from planner.solve.two_stage.prefix import Prefix
from planner.solve.two_stage.problem import NEUTRAL, Risk, TwoStage
from planner.solve.two_stage.recourse import Recourse
from planner.solve.two_stage.search import Search

Ending = Literal["gap", "iterations", "time", "stopped", "stalled"]

_FEWER = 8
"""Times fewer samples to begin with."""

_MANY = 512
"""Samples from which on it pays to begin with fewer."""

_ROUGHLY = 10
"""Times the wanted gap, to which fewer samples are searched."""


@dataclass(frozen=True)
class Iteration:
    """A line of the log.

    Attributes
    ----------
    number : int
    seconds : float
        Since the start.
    bound, best : float
        What is proven so far, and the objective of the best point so far.
    gap : float
        Their difference, relative to the best.
    """

    number: int
    seconds: float
    bound: float
    best: float
    gap: float


@dataclass(frozen=True)
class Decomposed:
    """The best first stage that was found.

    Attributes
    ----------
    x : ndarray, (column,)
    objective, bound, gap : float
        The risk measure of `x` on the problem's samples, what no first stage is below, and their
        relative difference.
    costs : ndarray, (sample,)
        Of `x`.
    iterations : list of Iteration
    ended : str
        ``gap`` if it is as small as wanted, else what ended the search; ``stalled`` is rounding.
    """

    x: Array
    objective: float
    bound: float
    gap: float
    costs: Array
    iterations: list[Iteration]
    ended: Ending


def decompose(
    problem: TwoStage,
    risk: Risk = NEUTRAL,
    *,
    gap: float = 1e-4,
    iterations: int | None = None,
    time_limit_s: float | None = None,
    threads: int = 1,
    start: Array | None = None,
    on_iteration: Callable[[Iteration], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Decomposed:
    """Return the best first stage to within a relative gap, or when a limit is reached.

    Where there are many samples, a first stage that is good for an eighth of them is the start.

    Parameters
    ----------
    problem : TwoStage
    risk : Risk
    gap : float
        Relative to the best.
    iterations : int, optional
        At most so many.
    time_limit_s : float, optional
        No iteration begins after it.
    threads : int
        The answer does not depend on it.
    start : ndarray, (column,), optional
        A first stage to begin with.
    on_iteration : callable, optional
        Told of each iteration.
    stop : callable, optional
        Asked after each iteration whether to end.

    Raises
    ------
    SolveError
        If a program cannot be solved, or the limit comes before any solution.
    """
    begin = time.perf_counter()

    def stopped() -> Ending | None:
        if time_limit_s is not None and time.perf_counter() - begin >= time_limit_s:
            return "time"
        return "stopped" if stop is not None and stop() else None

    if problem.n >= _MANY and problem.chunks >= _FEWER:
        fewer = Prefix(problem, -(-problem.chunks // _FEWER))
        start = decompose(
            fewer, risk, gap=_ROUGHLY * gap, iterations=iterations, threads=threads, start=start,
            stop=lambda: stopped() is not None,
        ).x  # fmt: skip
    search, log = Search(Recourse(problem, threads), risk, gap), list[Iteration]()
    ended: Ending | None = None
    for _ in search.steps(start):
        seconds = time.perf_counter() - begin
        log.append(Iteration(len(log) + 1, seconds, search.bound, search.best, search.gap))
        if on_iteration is not None:
            on_iteration(log[-1])
        ended = stopped()
        if iterations is not None and len(log) >= iterations:
            ended = "iterations"
        if ended is not None:
            break
    search.salvage()
    search.finish()
    if search.best == float("inf"):
        raise SolveError("the search was ended before it had a solution: allow it more time")
    return Decomposed(
        x=search.x,
        objective=search.best,
        bound=search.bound,
        gap=search.gap,
        costs=search.costs,
        iterations=log,
        ended="gap" if search.closed else ended or "stalled",
    )


def costs_of(problem: TwoStage, x: Array, *, threads: int = 1) -> Array:
    """Return the cost of a first stage in every sample, (sample,); infinite without a recourse."""
    return Recourse(problem, threads).evaluate(x).costs
