"""What a first stage costs: recourse of all samples, its value and its slopes.

Chunks of samples are worked on by threads, for the compiled kernel leaves the interpreter's lock;
sums go in the order of the chunks, so that they are the same on any number of threads.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import reduce
from queue import SimpleQueue
from typing import NamedTuple

import numpy as np

from planner.model.template import Array, Indices, LinearPrograms
from planner.solve.engine import Engine, suited
from planner.solve.two_stage.feasibility import broken_rows, nearly_solved
from planner.solve.two_stage.problem import BlockNumbers, RecourseBlock, Samples, TwoStage

_CUTS = 64
"""Of a look at a point, at most, unless there are more blocks."""


class Cut(NamedTuple):
    """A linear function ``value + slope (x - point)`` of the first stage."""

    value: float
    slope: Array
    point: Array


@dataclass(frozen=True)
class Slopes:
    """The mean of costs under some weights, as linear functions that are nowhere above it.

    ``value[b] + slope[b] (x - point)`` for each block (of each group of samples), and
    ``constant + direct x``.

    Attributes
    ----------
    point : ndarray, (column,)
    value : ndarray, (block,)
    slope : ndarray, (block, column)
    constant : float
        What no decision changes.
    direct : ndarray, (column,)
        What each column costs directly.
    """

    point: Array
    value: Array
    slope: Array
    constant: float
    direct: Array

    @property
    def total(self) -> float:
        """The mean at the point."""
        return float(self.constant + self.direct @ self.point + self.value.sum())

    def plus(self, other: Slopes) -> Slopes:
        """Return the sum of two means at the same point."""
        return replace(
            self,
            value=self.value + other.value,
            slope=self.slope + other.slope,
            constant=self.constant + other.constant,
            direct=self.direct + other.direct,
        )

    def beside(self, other: Slopes) -> Slopes:
        """Return both at the same point, their blocks side by side."""
        return replace(
            self,
            value=np.concatenate([self.value, other.value]),
            slope=np.concatenate([self.slope, other.slope]),
            constant=self.constant + other.constant,
            direct=self.direct + other.direct,
        )


@dataclass(frozen=True)
class Answered:
    """Recourse at a first stage.

    Attributes
    ----------
    costs : ndarray, (sample,)
        Direct, constant and of recourse; infinite where there is no recourse, and NaN where none
        was asked for.
    slopes : Slopes
        Under the weights that were asked for.
    forbidden : tuple of Cut
        What must be at most 0 for recourse to exist; empty if it does.
    """

    costs: Array
    slopes: Slopes
    forbidden: tuple[Cut, ...]


class Recourse:
    """Evaluates first stages of a problem.

    Parameters
    ----------
    problem : TwoStage
    threads : int
    """

    def __init__(self, problem: TwoStage, threads: int = 1) -> None:
        for block in problem.blocks:
            if (block.technology_rows >= len(block.template.rows)).any():
                raise ValueError("an entry of the technology matrix is in no row")
        self.problem = problem
        self._threads = max(1, min(threads, problem.chunks))
        # More cuts at a time where there are few blocks: each of fewer samples.
        self._groups = max(1, min(problem.chunks, _CUTS // max(len(problem.blocks), 1)))
        order = np.argsort(problem.effect_of, kind="stable").astype(np.int64)
        starts = np.searchsorted(problem.effect_of[order], np.arange(problem.effects + 1))
        self._acting = order, starts.astype(np.int64)
        blocks = problem.samples(0).blocks
        self._engines: SimpleQueue[list[Engine]] = SimpleQueue()
        for _ in range(self._threads):
            pairs = zip(problem.blocks, blocks, strict=True)
            self._engines.put([_engine(block, own) for block, own in pairs])

    def evaluate(self, x: Array, weights: Array | None = None) -> Answered:
        """Return costs and slopes at a first stage.

        Parameters
        ----------
        x : ndarray, (column,)
        weights : ndarray, (sample,), optional
            Under which slopes are added up; the probabilities unless given. Samples without a
            weight are not solved.

        Raises
        ------
        SolveError
            If a sample's recourse is neither proven optimal nor proven not to exist.
        """
        parts = list(self._chunks(x, weights))
        ends = np.linspace(0, len(parts), self._groups + 1).astype(int).tolist()
        groups = [
            reduce(Slopes.plus, (part.slopes for part in parts[low:high]))
            for low, high in itertools.pairwise(ends)
        ]
        return Answered(
            np.concatenate([part.costs for part in parts]),
            reduce(Slopes.beside, groups),
            tuple(cut for part in parts for cut in part.forbidden),
        )

    def _chunks(self, x: Array, weights: Array | None) -> Iterator[Answered]:
        sizes = [self.problem.size(k) for k in range(self.problem.chunks)]
        spans = list(itertools.pairwise(itertools.accumulate(sizes, initial=0)))

        def answer(k: int) -> Answered:
            own = None if weights is None else weights[slice(*spans[k])]
            return self._answer(self.problem.samples(k), x, own)

        if self._threads == 1:
            yield from map(answer, range(len(sizes)))
            return
        with ThreadPoolExecutor(self._threads) as pool:
            yield from pool.map(answer, range(len(sizes)))

    def _answer(self, samples: Samples, x: Array, weights: Array | None) -> Answered:
        if weights is not None and not (weights > 0).all():
            wanted = np.flatnonzero(weights > 0)
            costs = np.full(samples.n, np.nan)
            if not wanted.size:
                return Answered(costs, self._nothing(x), ())
            found = self._answer(samples.chosen(wanted), x, weights[wanted])
            costs[wanted] = found.costs
            return replace(found, costs=costs)
        engines = self._engines.get()
        try:
            return self._solved(samples, x, samples.probability if weights is None else weights,
                                engines)  # fmt: skip
        finally:
            self._engines.put(engines)

    def _nothing(self, x: Array) -> Slopes:
        blocks, columns = len(self.problem.blocks), x.size
        return Slopes(x, np.zeros(blocks), np.zeros((blocks, columns)), 0.0, np.zeros(columns))

    def _solved(
        self, samples: Samples, x: Array, weights: Array, engines: list[Engine]
    ) -> Answered:
        from planner.solve.slopes import act, add_slopes, take_off

        n, problem = samples.n, self.problem
        factor = np.ones((n, x.size)) if samples.factor is None else samples.factor
        factor = np.ascontiguousarray(factor)
        effect = np.zeros((n, problem.effects))
        act(factor, x, problem.effect_of, effect)
        costs = samples.constant + (samples.cost * effect).sum(axis=1)
        slopes = self._nothing(x)
        direct = (weights[:, None] * factor * samples.cost[:, problem.effect_of]).sum(axis=0)
        forbidden: list[Cut] = []
        for b, (block, own) in enumerate(zip(problem.blocks, samples.blocks, strict=True)):
            rows, effects = block.technology_rows, block.technology_effects
            programs = replace(own.programs, rhs=np.array(own.programs.rhs, order="C"))
            technology = np.ascontiguousarray(own.technology)
            gross = np.empty(programs.rhs.shape[1])
            take_off(programs.rhs, technology, rows, effects, effect, gross)
            found = engines[b].solve(programs, break_ties=False)
            value = found.solutions.objective
            duals = found.solutions.duals
            if not found.proven.all():
                value, duals = value.copy(), duals.copy()
                lost = np.flatnonzero(~found.proven)
                value[lost], duals[lost] = np.inf, 0.0
                forbidden += self._forbidden(
                    block, technology, programs, lost, factor, x, (value, duals)
                )
            costs = costs + value
            some = weights > 0
            slopes.value[b] = float(weights[some] @ value[some])
            add_slopes(
                slopes.slope[b], weights, duals, technology, rows, effects, *self._acting,
                factor,
            )  # fmt: skip
        constant = float((weights * samples.constant).sum())
        return Answered(costs, replace(slopes, constant=constant, direct=direct), tuple(forbidden))

    def _forbidden(
        self,
        block: RecourseBlock,
        technology: Array,
        programs: LinearPrograms,
        lost: Indices,
        factor: Array,
        x: Array,
        answers: tuple[Array, Array],
    ) -> Iterator[Cut]:
        """Yield what recourse of some samples asks of the first stage.

        Recourse that is missed by less than a solver's tolerance is taken with rows that give way
        by as much: value and duals are written to `answers`.
        """
        from planner.solve.slopes import add_slopes

        values, of_rows = answers
        for s in lost.tolist():
            broken = broken_rows(programs, s)
            if broken is None:
                values[s], of_rows[s] = nearly_solved(programs, s)
                continue
            value, duals = broken
            slope, here = np.zeros(x.size), slice(s, s + 1)
            add_slopes(
                slope, np.ones(1), duals[None], technology[here], block.technology_rows,
                block.technology_effects, *self._acting, factor[here],
            )  # fmt: skip
            yield Cut(value, slope, x)


def _engine(block: RecourseBlock, numbers: BlockNumbers) -> Engine:
    """Return what solves a block; its first sample is where HiGHS starts, if it is needed."""
    one = numbers.programs.chosen(np.array([0]))
    return Engine(suited(block.template), block.template, np.zeros(one.cost.shape[1]), one, 0.0)
