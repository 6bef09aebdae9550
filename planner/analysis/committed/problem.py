"""The committed plan of a scenario as a two-stage problem over some of its samples."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.model.coefficients import Coefficients
from planner.model.program import Model
from planner.model.stages.commitments import Commitments, commitments
from planner.model.stages.partition import Partition, partition
from planner.model.stages.tranches import tranches
from planner.model.template import Array, Bits, Indices, LinearPrograms
from planner.solve.two_stage.problem import (
    BlockNumbers,
    FirstStage,
    RecourseBlock,
    Samples,
)
from planner.uncertainty.sampling import Sampler

OPTIMISED = 2**40
"""Sample number from which plans are optimised: far from those that they are judged on."""

_PILOT = 1024
"""First samples from which it is known what an offer can supply."""

_CHUNK, _LARGEST_CHUNK, _CHUNKS = 128, 2048, 64
"""Samples of a chunk: few, so that each has cuts of its own, unless there are very many chunks."""

_MOST_KEPT_BYTES = 2**29


@dataclass(frozen=True)
class Contracts:
    """What can be signed in a scenario, and what follows from it.

    Attributes
    ----------
    model : Model
    sampler : Sampler
    parts : Partition
    commitments : Commitments
    median : Coefficients
        Of one sample, at the medians of all inputs.
    """

    model: Model
    sampler: Sampler
    parts: Partition
    commitments: Commitments
    median: Coefficients

    @property
    def effect_of(self) -> Indices:
        """The signed column of the template that each first-stage column acts as."""
        return self.commitments.effect_of

    @property
    def median_programs(self) -> LinearPrograms:
        """One program, at the medians of all inputs."""
        return self.model.programs(self.median)

    def factor(self, block: Coefficients) -> Array:
        """Return how far each first-stage column is delivered, (sample, column)."""
        return np.ascontiguousarray(self.commitments.factor(self.model, block))

    @cached_property
    def first(self) -> FirstStage:
        """Its first stage."""
        own = self.commitments
        rows, columns = np.nonzero(own.matrix)
        return FirstStage(
            names=tuple(
                label.text() + (f".{tranche}" if tranche else "")
                for label, tranche in zip(own.labels, own.tranche.tolist(), strict=True)
            ),
            lower=own.lower,
            upper=own.upper,
            integer=own.integer,
            row_starts=np.searchsorted(rows, np.arange(own.low.size + 1)),
            column_of=columns,
            values=own.matrix[rows, columns],
            low=own.low,
            high=own.high,
        )

    @cached_property
    def blocks(self) -> tuple[RecourseBlock, ...]:
        """Its blocks of recourse."""
        return tuple(
            RecourseBlock(part.template, part.technology_rows, part.technology_effects)
            for part in self.parts.blocks
        )

    @cached_property
    def _shortfall(self) -> Bits:
        return np.array([label.family == "shortfall" for label in self.model.template.columns])

    def samples(
        self, block: Coefficients, probability: Array, shortfall_times: float = 1.0
    ) -> Samples:
        """Return samples as the generic problem knows them, at a multiple of shortfall's price."""
        programs = self.model.programs(block)
        if shortfall_times != 1:
            programs.cost[:, self._shortfall] *= shortfall_times
        values = self.parts.given_values(programs)
        constant = (programs.cost[:, self.parts.given] * values).sum(axis=1)
        return Samples(
            probability=probability,
            cost=programs.cost.take(self.parts.signed, axis=1),
            constant=constant,
            factor=self.factor(block),
            blocks=[
                BlockNumbers(
                    part.programs(programs, values), programs.matrix.take(part.technology, axis=1)
                )
                for part in self.parts.blocks
            ],
        )


def contracts_of(model: Model, sampler: Sampler, window: int | None = None) -> Contracts:
    """Return what can be signed in a scenario; with a window, only what is signed before it."""
    parts = partition(model.sets, model.template, window)
    median = model.coefficients(sampler.median())
    pilot = model.coefficients(sampler.draw(0, _PILOT))
    limits = tranches(model.sets, pilot)
    own = commitments(model, parts, limits, median, pilot)
    return Contracts(model, sampler, parts, own, median)


class ScenarioProblem:
    """A two-stage problem over consecutive samples of a scenario.

    Samples are made when they are asked for, and kept while they are few.

    Parameters
    ----------
    contracts : Contracts
    first_sample, n : int
    shortfall_times : float
        Of the stated price of shortfall.
    """

    def __init__(
        self, contracts: Contracts, first_sample: int, n: int, shortfall_times: float = 1.0
    ) -> None:
        self._shortfall_times = shortfall_times
        self._contracts, self._begin, self._n = contracts, first_sample, n
        self.first, self.blocks = contracts.first, contracts.blocks
        self.effect_of = contracts.effect_of
        self.effects = int(contracts.parts.signed.size)
        self._kept: dict[int, Samples] = {}
        template = contracts.model.template
        numbers = 3 * template.entries + 6 * len(template.columns)
        self._size = min(max(n // _CHUNKS, _CHUNK), _LARGEST_CHUNK)
        self._keeps = 8 * numbers * n <= _MOST_KEPT_BYTES

    def with_first(self, first: FirstStage) -> ScenarioProblem:
        """Return the same samples under another first stage of the same columns."""
        found = copy(self)
        found.first = first
        return found

    def fewer(self, n: int) -> ScenarioProblem:
        """Return the problem over its first samples."""
        return ScenarioProblem(self._contracts, self._begin, n, self._shortfall_times)

    @property
    def n(self) -> int:
        """Number of samples."""
        return self._n

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self._n // self._size)

    def size(self, chunk: int) -> int:
        """Return the number of samples of a chunk."""
        return min(self._size, self._n - chunk * self._size)

    def samples(self, chunk: int) -> Samples:
        """Return the samples of a chunk."""
        found = self._kept.get(chunk)
        if found is None:
            size = self.size(chunk)
            draws = self._contracts.sampler.draw(self._begin + chunk * self._size, size)
            block = self._contracts.model.coefficients(draws)
            uniform = np.full(size, 1 / self._n)
            found = self._contracts.samples(block, uniform, self._shortfall_times)
            if self._keeps:
                self._kept[chunk] = found
        return found
