"""A two-stage problem's numbers as whoever writes a model of it would have them: all samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.arrays import Floats
from planner.solve.two_stage.problem import RecourseBlock, Samples, TwoStage

_Ints = NDArray[np.int64]


@dataclass(frozen=True)
class BlockTerms:
    """Rows ``recourse y + signed x {<=, >=, =} rhs``, ``0 <= y <= upper``, of a block.

    Attributes
    ----------
    senses : tuple of str, (row,)
    rows, columns : ndarray of int, (entry,)
        Of the terms of recourse.
    values : ndarray, (sample, entry)
    signed_rows, signed_columns : ndarray of int, (signed entry,)
        Of the terms of first-stage columns.
    signed_values : ndarray, (sample, signed entry)
    rhs : ndarray, (sample, row)
    cost, lower, upper : ndarray, (sample, column)
    """

    senses: tuple[str, ...]
    rows: _Ints
    columns: _Ints
    values: Floats
    signed_rows: _Ints
    signed_columns: _Ints
    signed_values: Floats
    rhs: Floats
    cost: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class Numbers:
    """All samples of a problem.

    Attributes
    ----------
    probability, constant : ndarray, (sample,)
    own : ndarray, (sample, first-stage column)
        What a unit of a first-stage column costs.
    blocks : tuple of BlockTerms
    """

    probability: Floats
    constant: Floats
    own: Floats
    blocks: tuple[BlockTerms, ...]


def numbers_of(problem: TwoStage) -> Numbers:
    """Return the numbers of all samples."""
    parts = [problem.samples(k) for k in range(problem.chunks)]
    factors = [_factor(problem, part) for part in parts]
    return Numbers(
        probability=np.concatenate([part.probability for part in parts]),
        constant=np.concatenate([part.constant for part in parts]),
        own=np.concatenate(
            [f * part.cost[:, problem.effect_of] for f, part in zip(factors, parts, strict=True)]
        ),
        blocks=tuple(_block(problem, b, parts, factors) for b in range(len(problem.blocks))),
    )


def _factor(problem: TwoStage, part: Samples) -> Floats:
    whole = np.ones((part.n, problem.effect_of.size))
    return whole if part.factor is None else part.factor


def _block(problem: TwoStage, b: int, parts: list[Samples], factors: list[Floats]) -> BlockTerms:
    block, template = problem.blocks[b], problem.blocks[b].template
    pairs = np.array(list(_acting(problem, block)), dtype=np.int64).reshape(-1, 2)
    entry, column = pairs.T
    of = [part.blocks[b] for part in parts]
    return BlockTerms(
        senses=template.senses,
        rows=template.row_of,
        columns=np.repeat(np.arange(len(template.columns)), np.diff(template.starts)),
        values=np.concatenate([own.programs.matrix for own in of]),
        signed_rows=block.technology_rows[entry],
        signed_columns=column,
        signed_values=np.concatenate(
            [
                own.technology[:, entry] * factor[:, column]
                for own, factor in zip(of, factors, strict=True)
            ]
        ),
        rhs=np.concatenate([own.programs.rhs for own in of]),
        cost=np.concatenate([own.programs.cost for own in of]),
        lower=np.concatenate([own.programs.lower for own in of]),
        upper=np.concatenate([own.programs.upper for own in of]),
    )


def _acting(problem: TwoStage, block: RecourseBlock) -> Iterator[tuple[int, int]]:
    """Yield each technology entry with each first-stage column that acts through it."""
    for k, effect in enumerate(block.technology_effects.tolist()):
        for j in np.flatnonzero(problem.effect_of == effect).tolist():
            yield k, j
