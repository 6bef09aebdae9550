"""The task of a worker: solve consecutive samples and add them up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from planner.analysis.bins import count
from planner.analysis.drivers import driver_sums
from planner.analysis.moments import moments
from planner.analysis.quantities import Layout, Quantities, quantities
from planner.analysis.replicates import GroupSums, between
from planner.analysis.tally import SolveSums, Tally
from planner.analysis.workbench import SolveBlock, SolvedBlock, Workbench

Array = NDArray[np.float64]

Keep = Literal["nothing", "results", "everything"]
"""What is kept of each sample beside what is added up."""


@dataclass(frozen=True)
class KeptSamples:
    """What is kept of a block's samples; draws and optima only where everything is.

    Attributes
    ----------
    numbers : ndarray of int, (sample,)
    cost_usd, cost_without_shortfall_usd, bound_usd : ndarray, (sample,)
    draws : ndarray, (sample, input), or None
    x : ndarray, (sample, column), or None
    """

    numbers: NDArray[np.int64]
    cost_usd: Array
    cost_without_shortfall_usd: Array
    bound_usd: Array
    draws: Array | None
    x: Array | None

    @classmethod
    def of(cls, block: SolvedBlock, keep: Keep) -> list[KeptSamples]:
        """Return what is kept of a block: one item or none."""
        if keep == "nothing":
            return []
        everything = keep == "everything"
        return [
            cls(
                block.numbers,
                block.cost_usd,
                block.cost_without_shortfall_usd,
                block.bound_usd,
                block.draws if everything else None,
                block.x if everything else None,
            )
        ]


@dataclass(frozen=True)
class Recipe:
    """How blocks are added up.

    Attributes
    ----------
    layout : Layout
    fifths : ndarray, (side, input)
    keep : Keep
    """

    layout: Layout
    fifths: Array
    keep: Keep


@dataclass(frozen=True)
class Tallied:
    """Consecutive samples, added up.

    Attributes
    ----------
    tally : Tally
    counts : ndarray of int, (quantity, bin), or None
        How many fell into each bin, if there were bins.
    rows : ndarray, (quantity, sample), or None
        The samples themselves, if there were none; as far as percentiles are told.
    kept : list of KeptSamples
    unproven : tuple of int
        Numbers of the samples that have no proven optimum and are not in any of these.
    """

    tally: Tally
    counts: NDArray[np.int64] | None
    rows: Array | None
    kept: list[KeptSamples]
    unproven: tuple[int, ...] = ()


@dataclass(frozen=True)
class TallyBlocks:
    """The task that solves consecutive samples in blocks and adds them up.

    Attributes
    ----------
    first, n : int
    recipe : Recipe
    audited : tuple of int
        Numbers of the samples to solve once more by HiGHS.
    edges : ndarray, (quantity, bin), or None
        Where bins end; without them the samples come back themselves.
    plan : ndarray, (first-stage column,), or None
        What is signed in all of them; else each has the optimum of its own.
    """

    first: int
    n: int
    recipe: Recipe
    audited: tuple[int, ...] = ()
    edges: Array | None = None
    plan: Array | None = None

    def run(self, bench: Workbench) -> Tallied:
        """Return the samples added up.

        Raises
        ------
        SolveError
            If no sample of a block is proven optimal, or a cost is not the sum of its parts.
        """
        layout = self.recipe.layout
        tallies, kept, n = [], [], 0
        unproven: list[int] = []
        replicates: list[GroupSums] = []
        told = np.empty((layout.kept, self.n))
        for task in blocks(self.first, self.n, bench.block_size):
            block = replace(task, audited=self.audited, plan=self.plan).run(bench)
            found = quantities(bench, layout, block)
            told[:, n : n + block.numbers.size] = found.rows[: layout.kept]
            n += block.numbers.size
            tallies.append(tally(self.recipe, block, found))
            kept += KeptSamples.of(block, self.recipe.keep)
            unproven += block.unproven
            replicates += [] if found.replicates is None else [found.replicates]
        total, told = reduce(Tally.merged, tallies), told[:, :n]
        if replicates:
            total = replace(total, between=between(replicates))
        if self.edges is None:
            return Tallied(total, None, told, kept, tuple(unproven))
        return Tallied(total, count(told, self.edges), None, kept, tuple(unproven))


def blocks(first: int, n: int, size: int) -> Iterator[SolveBlock]:
    """Yield the blocks of consecutive samples; the last may be short."""
    for begin in range(first, first + n, size):
        yield SolveBlock(begin, min(size, first + n - begin))


def tally(recipe: Recipe, block: SolvedBlock, found: Quantities) -> Tally:
    """Return a block's samples added up.

    Raises
    ------
    ValueError
        If a sample that has to count is not a finite number.
    """
    of_rows = moments(found.rows)
    missing = of_rows.deviations.n != found.rows.shape[1]
    if (missing & ~recipe.layout.partial).any() or not np.isfinite(found.sums).all():
        raise ValueError("a sample is not finite")
    drivers = driver_sums(recipe.fifths, block.draws, block.cost_usd)
    return Tally(of_rows, found.sums, drivers, SolveSums.of(block))
