"""From samples to what is known of them all: solved and added up by workers, in bounded memory.

The first samples are kept in full: as many as a few million numbers hold. A run of no more has
exact percentiles. Of a larger one the others are only added up, and counted into bins that the
first samples suggest. What is kept and which blocks are added up together follows from the
scenario alone, so that no result depends on the number of workers.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from planner.analysis.bins import count, edges_of
from planner.analysis.cost_chart import chart_edges
from planner.analysis.drivers import fifths
from planner.analysis.gathered import Binned, Gathered
from planner.analysis.quantities import Layout, layout_of
from planner.analysis.results_estimates import Estimate
from planner.analysis.tally import Tally
from planner.analysis.tally_blocks import Keep, Recipe, Tallied, TallyBlocks, blocks
from planner.analysis.workbench import Workbench
from planner.solve.audit import audited_samples

Array = NDArray[np.float64]

NUMBERS_IN_FULL = 2**23
"""Numbers that are kept of the first samples: 64 MiB."""

FEWEST_IN_FULL = 1024
"""Samples that are kept however many numbers each has."""

_TOGETHER = 2**15
"""Samples that one task adds up, if blocks are large."""

_MOST_BLOCKS = 32
"""Blocks that one task adds up, if they are small."""


def samples_in_full(layout: Layout, block_size: int) -> int:
    """Return how many of the first samples are kept in full: whole blocks."""
    fewest = -(-FEWEST_IN_FULL // block_size)
    return max(NUMBERS_IN_FULL // layout.kept // block_size, fewest) * block_size


class Gathering:
    """Makes the tasks of a run, and adds up what comes back.

    Parameters
    ----------
    bench : Workbench
    wanted : int
        Samples in all.
    keep : Keep
    most : int, optional
        Samples that may be added to these.
    plan : ndarray, (first-stage column,), optional
        Carried out in every sample; nothing is audited then.
    """

    def __init__(
        self,
        bench: Workbench,
        wanted: int,
        keep: Keep = "nothing",
        most: int | None = None,
        plan: Array | None = None,
    ) -> None:
        # A replicate is added up by one task.
        self._size = max(bench.block_size, bench.sampler.replicate)
        self._wanted = max(wanted, most or wanted)
        self._replicate = bench.sampler.replicate
        layout = layout_of(bench)
        self._recipe = Recipe(layout, fifths(bench.inputs), keep)
        in_full = min(self._wanted, samples_in_full(layout, self._size))
        self._rows = np.empty((layout.kept, in_full))
        self._tally: Tally | None = None
        self._binned: Binned | None = None
        self._unproven: list[int] = []
        self._plan = plan
        seed = bench.sampler.seed
        # Of the samples that are wanted for sure, as many as without the others.
        later = audited_samples(seed, self._wanted)
        self._audited = np.concatenate([audited_samples(seed, wanted), later[later >= wanted]])

    @property
    def n(self) -> int:
        """Samples added up so far."""
        return 0 if self._tally is None else self._tally.n

    @property
    def solved(self) -> int:
        """Samples that were tried so far, proven or not."""
        return self.n + len(self._unproven)

    def stages(self) -> Iterator[Iterator[TallyBlocks]]:
        """Yield the tasks of the first samples, and once they are added up those of the others."""
        in_full = self._rows.shape[1]
        yield self._tasks(0, in_full, self._size, None)
        if self._wanted > in_full:
            together = self._size * min(max(_TOGETHER // self._size, 1), _MOST_BLOCKS)
            yield self._tasks(in_full, self._wanted - in_full, together, self._edges())

    def _tasks(
        self, first: int, n: int, together: int, edges: Array | None
    ) -> Iterator[TallyBlocks]:
        for task in blocks(first, n, together):
            if self._plan is not None:
                yield TallyBlocks(task.first, task.n, self._recipe, (), edges, self._plan)
                continue
            inside = np.searchsorted(self._audited, [task.first, task.first + task.n])
            audited = tuple(self._audited[slice(*inside)].tolist())
            yield TallyBlocks(task.first, task.n, self._recipe, audited, edges)

    def _edges(self) -> Array:
        """Return where bins end, and count the first samples by them."""
        rows, row = self._rows[:, : self.n], self._recipe.layout.rows["cost_usd"][1].start
        bars = chart_edges(rows[row], ends=2)
        edges = edges_of(rows, {row: bars})
        self._binned = Binned(edges, bars, count(rows, edges))
        return edges

    def add(self, part: Tallied) -> None:
        """Add up the next samples."""
        if part.rows is not None:
            self._rows[:, self.n : self.n + part.rows.shape[1]] = part.rows
        if part.counts is not None and self._binned is not None:
            np.add(self._binned.counts, part.counts, out=self._binned.counts)
        self._unproven += part.unproven
        self._tally = part.tally if self._tally is None else self._tally.merged(part.tally)

    def mean_cost(self) -> Estimate:
        """Return the mean cost of the samples added up so far."""
        return self.found().means("cost_usd")[0]

    def found(self) -> Gathered:
        """Return what is known of the samples added up so far, of which there is at least one."""
        if self._tally is None:
            raise ValueError("no samples to estimate from")
        asked = self._rows.shape[1]
        in_full = min(self.n, asked - sum(number < asked for number in self._unproven))
        return Gathered(
            layout=self._recipe.layout,
            tally=self._tally,
            rows=self._rows[:, :in_full],
            binned=self._binned if self.n > in_full else None,
            unproven=tuple(self._unproven),
            replicate=self._replicate,
        )
