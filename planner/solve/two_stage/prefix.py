"""The first samples of a problem, as a problem of their own."""

from __future__ import annotations

from dataclasses import replace

from planner.solve.two_stage.problem import Samples, TwoStage


class Prefix:
    """The first chunks of a two-stage problem, their probabilities brought to a sum of 1.

    Parameters
    ----------
    problem : TwoStage
    chunks : int
    """

    def __init__(self, problem: TwoStage, chunks: int) -> None:
        self._problem, self._chunks = problem, chunks
        self.first, self.blocks = problem.first, problem.blocks
        self.effect_of, self.effects = problem.effect_of, problem.effects
        self._total = sum(float(problem.samples(k).probability.sum()) for k in range(chunks))

    @property
    def n(self) -> int:
        """Number of samples."""
        return sum(self._problem.size(k) for k in range(self._chunks))

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return self._chunks

    def size(self, chunk: int) -> int:
        """Return the number of samples of a chunk."""
        return self._problem.size(chunk)

    def samples(self, chunk: int) -> Samples:
        """Return the samples of a chunk."""
        found = self._problem.samples(chunk)
        return replace(found, probability=found.probability / self._total)
