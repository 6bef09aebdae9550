"""A two-stage stochastic linear program: what is decided first, and what each sample then costs.

    min  risk of  c[s] v[s] + constant[s] + sum over blocks b of  Q[b, s](v[s])
    with v[s, e] = sum over columns j that act as e of factor[s, j] x[j],
         low <= A x <= high,  lower <= x <= upper,  some x whole,
    and  Q[b, s](v) = min { q y : W y {<=, >=, =} h - T v,  0 <= y <= u }

Nothing here knows what is planned. A first-stage column acts as an *effect*: usually one of its
own, but several columns may act as the same one, each by a factor that differs by sample (as an
order of which a part is delivered).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from planner.model.template import Array, Bits, Indices, LinearPrograms, Template


@dataclass(frozen=True)
class FirstStage:
    """The columns that are decided first, and the rows that bind them alone.

    Attributes
    ----------
    names : tuple of str, (column,)
    lower, upper : ndarray, (column,)
        May be infinite.
    integer : ndarray of bool, (column,)
    row_starts, column_of, values : ndarray
        The rows' entries: those of row `i` are ``row_starts[i]:row_starts[i + 1]``.
    low, high : ndarray, (row,)
        May be infinite; equal for an equation.
    """

    names: tuple[str, ...]
    lower: Array
    upper: Array
    integer: Bits
    row_starts: Indices
    column_of: Indices
    values: Array
    low: Array
    high: Array


@dataclass(frozen=True)
class RecourseBlock:
    """The pattern of recourse that depends on no other: a linear program for each sample.

    Attributes
    ----------
    template : Template
        Of the recourse columns and rows.
    technology_rows, technology_effects : ndarray of int, (technology,)
        Where the entries of T stand: rows of the template, and effects.
    """

    template: Template
    technology_rows: Indices
    technology_effects: Indices


@dataclass(frozen=True)
class BlockNumbers:
    """The numbers of a block in some samples.

    Attributes
    ----------
    programs : LinearPrograms
        Their right-hand side is ``h``: nothing of the first stage is taken off.
    technology : ndarray, (sample, technology)
    """

    programs: LinearPrograms
    technology: Array


@dataclass(frozen=True)
class Samples:
    """Some consecutive samples.

    Attributes
    ----------
    probability : ndarray, (sample,)
        Over all samples of a problem they sum to 1.
    cost : ndarray, (sample, effect)
    constant : ndarray, (sample,)
        What no decision changes.
    factor : ndarray, (sample, column), or None
        How far a first-stage column acts; without it, wholly.
    blocks : sequence of BlockNumbers
        In the order of `TwoStage.blocks`.
    """

    probability: Array
    cost: Array
    constant: Array
    factor: Array | None
    blocks: Sequence[BlockNumbers]

    @property
    def n(self) -> int:
        """Number of samples."""
        return int(self.probability.size)

    def chosen(self, samples: Indices) -> Samples:
        """Return some of the samples, by their positions; their probabilities stay."""
        return Samples(
            self.probability[samples],
            self.cost[samples],
            self.constant[samples],
            None if self.factor is None else self.factor[samples],
            [
                BlockNumbers(item.programs.chosen(samples), item.technology[samples])
                for item in self.blocks
            ],
        )


class TwoStage(Protocol):
    """A problem whose samples come in chunks, so that not all need be there at once."""

    @property
    def first(self) -> FirstStage:
        """What is decided first."""
        ...

    @property
    def effect_of(self) -> Indices:
        """The effect that each first-stage column acts as."""
        ...

    @property
    def effects(self) -> int:
        """Number of effects."""
        ...

    @property
    def blocks(self) -> tuple[RecourseBlock, ...]:
        """The patterns of recourse."""
        ...

    @property
    def n(self) -> int:
        """Number of samples."""
        ...

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        ...

    def size(self, chunk: int) -> int:
        """Return the number of samples of a chunk."""
        ...

    def samples(self, chunk: int) -> Samples:
        """Return the samples of a chunk; the same every time."""
        ...


@dataclass(frozen=True)
class Listed:
    """A two-stage problem whose samples are all at hand."""

    first: FirstStage
    effect_of: Indices
    effects: int
    blocks: tuple[RecourseBlock, ...]
    parts: tuple[Samples, ...]

    @property
    def n(self) -> int:
        """Number of samples."""
        return sum(part.n for part in self.parts)

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return len(self.parts)

    def size(self, chunk: int) -> int:
        """Return the number of samples of a chunk."""
        return self.parts[chunk].n

    def samples(self, chunk: int) -> Samples:
        """Return the samples of a chunk."""
        return self.parts[chunk]


@dataclass(frozen=True)
class Risk:
    """The measure of a cost that is minimised: ``(1 - weight) mean + weight CVaR``.

    CVaR at a level is the mean of the worst ``1 - level`` of the samples (Rockafellar and Uryasev
    2000, doi:10.21314/JOR.2000.038).

    Attributes
    ----------
    weight : float
        From 0, which is the mean alone, to 1.
    level : float
        From 0 to below 1.
    """

    weight: float = 0.0
    level: float = 0.95

    def of(self, costs: Array, probability: Array) -> float:
        """Return the measure of a cost, (sample,)."""
        mean = float(probability @ costs)
        if self.weight == 0:
            return mean
        return (1 - self.weight) * mean + self.weight * float(self.tail(costs, probability) @ costs)

    def tail(self, costs: Array, probability: Array) -> Array:
        """Return the weights, which sum to 1, under which the mean is the CVaR, (sample,).

        They are on the costliest samples; the last of these may have a part of its probability.
        """
        order = np.argsort(-costs, kind="stable")
        share = probability[order] / (1 - self.level)
        before = np.cumsum(share) - share
        weights = np.empty(share.size)
        weights[order] = np.clip(1 - before, 0.0, share)
        found: Array = weights / weights.sum()
        return found


NEUTRAL = Risk()
"""The mean alone."""


def probability_of(problem: TwoStage) -> Array:
    """Return the probabilities of all samples, (sample,)."""
    return np.concatenate([problem.samples(k).probability for k in range(problem.chunks)])
