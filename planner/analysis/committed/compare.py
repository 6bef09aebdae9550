"""The task that carries plans out in the same samples, to be set against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from planner.analysis.cash import at_all_sites, at_work, standing
from planner.analysis.measures import in_service, served_share
from planner.analysis.tally_blocks import blocks
from planner.analysis.workbench import Workbench
from planner.errors import SolveError
from planner.model.coefficients import Coefficients
from planner.model.decisions import Decisions
from planner.model.sets import Sets
from planner.model.template import Array

_TOGETHER = 256
"""Samples of a task."""


@dataclass(frozen=True)
class Use:
    """What is done later, in each sample.

    Attributes
    ----------
    rented : ndarray, (sample, offer, quarter)
        Accelerators; 0 for offers that are signed.
    unserved : ndarray, (sample, workload, quarter)
    cancelled, undeployed : ndarray, (sample, quarter)
        Accelerators.
    """

    rented: Array
    unserved: Array
    cancelled: Array
    undeployed: Array


@dataclass(frozen=True)
class Compared:
    """Plans carried out in some samples.

    Attributes
    ----------
    costs : ndarray, (plan, sample)
        Discounted dollars.
    served_share : ndarray, (plan, sample, workload)
    use : Use
        Of the first plan.
    """

    costs: Array
    served_share: Array
    use: Use

    @staticmethod
    def joined(parts: Iterable[Compared]) -> Compared:
        """Return consecutive samples as one."""
        found = list(parts)
        return Compared(
            np.concatenate([part.costs for part in found], axis=1),
            np.concatenate([part.served_share for part in found], axis=1),
            Use(
                *(
                    np.concatenate([getattr(part.use, name) for part in found])
                    for name in ("rented", "unserved", "cancelled", "undeployed")
                )
            ),
        )


@dataclass(frozen=True)
class CompareBlock:
    """The task of a block.

    Attributes
    ----------
    first, n : int
    plans : tuple of ndarray, (first-stage column,)
    """

    first: int
    n: int
    plans: tuple[Array, ...]

    def run(self, bench: Workbench) -> Compared:
        """Return the plans carried out.

        Raises
        ------
        SolveError
            If the recourse of a sample is not proven optimal.
        """
        _, block = bench.draw(self.first, self.n)
        programs = bench.model.programs(block)
        costs, served, use = [], [], None
        for plan in self.plans:
            found = bench.outcomes.carried_out(plan, block, programs)
            if not found.proven.all():
                lost = self.first + int(np.flatnonzero(~found.proven)[0])
                raise SolveError(f"the recourse of sample {lost} is not proven optimal")
            done = bench.unpacker.unpack(found.solutions.x)
            costs.append(found.solutions.objective)
            served.append(served_share(block, done))
            use = use or _use(bench.model.sets, block, done)
        if use is None:
            raise ValueError("there is no plan to carry out")
        return Compared(np.array(costs), np.array(served), use)


def compare_tasks(
    bench: Workbench, plans: tuple[Array, ...], first: int, samples: int
) -> Iterator[CompareBlock]:
    """Yield the tasks of plans in consecutive samples."""
    for task in blocks(first, samples, min(bench.block_size, _TOGETHER)):
        yield CompareBlock(task.first, task.n, plans)


def _use(sets: Sets, block: Coefficients, done: Decisions) -> Use:
    held = standing(sets, done, at_work(done))
    idle = in_service(sets, block, done).sum(axis=1) - held.sum(axis=(1, 2))
    return Use(
        rented=at_all_sites(done, "rent"),
        unserved=np.ascontiguousarray(done["shortfall"]),
        cancelled=at_all_sites(done, "cancel").sum(axis=1),
        # A solver's rounding is no accelerator.
        undeployed=np.maximum(idle, 0.0),
    )
