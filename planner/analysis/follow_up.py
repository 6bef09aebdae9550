"""What is solved again once the samples are known: the typical plan, limits, shortfall prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.analysis.repeats import RepeatedBlock, repeat
from planner.analysis.results import TypicalPlan
from planner.analysis.typical import Typical, typical_plan
from planner.analysis.workbench import Workbench
from planner.model.coefficients import Coefficients
from planner.model.template import Array
from planner.solve.solutions import Solutions


@dataclass(frozen=True)
class FollowedUp:
    """A block's part of the follow-ups; None or empty where the block was not asked for it.

    A repeat is None if not all of its samples have a proven optimum.
    """

    plan: TypicalPlan | None
    limit_changes: Array | None
    repeats: tuple[RepeatedBlock | None, ...]


@dataclass(frozen=True)
class FollowUpBlock:
    """The task that solves a block once more as it was, and then changed, from its own bases.

    Attributes
    ----------
    typical : Typical or None
        The typical sample, when it is in this block.
    limits : tuple of int or None
        Positions of the limits to move.
    factors : tuple of float
        Of the shortfall price.
    """

    first: int
    n: int
    typical: Typical | None = None
    limits: tuple[int, ...] | None = None
    factors: tuple[float, ...] = ()

    def run(self, bench: Workbench) -> FollowedUp:
        """Return the block's part."""
        samples = bench.solved(self.first, self.n)
        base, solved = samples.coefficients, samples.found.solutions
        plan = None
        if self.typical is not None:
            done = bench.unpacker.unpack(solved.x)
            plan = typical_plan(
                bench.model.sets, self.typical, samples.numbers, base, solved.objective, done
            )
        return FollowedUp(
            plan=plan,
            limit_changes=None
            if self.limits is None
            else limit_changes(bench, base, solved, self.limits),
            repeats=tuple(repeat(bench, base, solved, factor) for factor in self.factors),
        )


def limit_changes(
    bench: Workbench, base: Coefficients, solved: Solutions, positions: tuple[int, ...]
) -> Array:
    """Solve a block again with each chosen limit moved up and down by a unit.

    Whole bets stay as they were: to decide them anew is worth as much or more, and their gap would
    drown what a unit is worth. A sample in which one of the changes has no proven optimum is left
    out.

    Returns
    -------
    ndarray, (sample, limit, 2)
        Changes of cost: one more, one less.
    """
    changes = np.zeros((solved.objective.size, len(positions), 2))
    proven = np.ones(solved.objective.size, dtype=bool)
    for k, position in enumerate(positions):
        for side, units in enumerate((1, -1)):
            programs = bench.model.programs(bench.limits[position].changed(base, units))
            again = bench.solve(programs, starts=solved.bases, break_ties=False, bets=solved.x)
            changes[:, k, side] = again.solutions.objective - solved.objective
            proven &= again.proven
    return changes[proven]


@dataclass(frozen=True)
class FollowUps:
    """The follow-ups of a run; only the plan when the run was stopped."""

    typical: TypicalPlan
    limits: tuple[int, ...] = ()
    limit_changes: Array | None = None
    repeats: tuple[RepeatedBlock, ...] = ()


def combine(limits: tuple[int, ...], parts: list[FollowedUp]) -> FollowUps:
    """Return the follow-ups of blocks in order; one of them must have the typical plan.

    Without a proven optimum of each there are no repeats at all.
    """
    plan = next(part.plan for part in parts if part.plan is not None)
    changes = [part.limit_changes for part in parts if part.limit_changes is not None]
    repeats = [block for part in parts for block in part.repeats]
    known = [block for block in repeats if block is not None]
    return FollowUps(
        typical=plan,
        limits=limits,
        limit_changes=np.concatenate(changes) if changes else None,
        repeats=tuple(known) if len(known) == len(repeats) else (),
    )
