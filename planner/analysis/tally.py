"""What is known of any number of samples once they are added up: it takes the room of one block."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from planner.analysis.drivers import DriverSums
from planner.analysis.moments import Moments
from planner.analysis.replicates import Between
from planner.analysis.workbench import SolvedBlock

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SolveSums:
    """How the samples' programs ended: counts and sums, and the largest of what is `largest_`."""

    optimal: int
    ties_broken: int
    simplex_iterations: int
    search_nodes: int
    by_milp: int
    integer_gap: float
    left_to_highs: int
    audited: int
    largest_audit_difference: float
    largest_primal_residual: float
    largest_dual_residual: float
    largest_relative_gap: float
    largest_integer_gap: float

    @classmethod
    def of(cls, block: SolvedBlock) -> Self:
        """Return those of a block."""
        return cls(
            optimal=int(block.cost_usd.size),
            ties_broken=int(block.tied.sum()),
            simplex_iterations=int(block.iterations.sum()),
            search_nodes=int(block.nodes.sum()),
            by_milp=int(block.milp.sum()),
            integer_gap=float(block.gap.sum()),
            left_to_highs=int(block.left_to_highs.sum()),
            audited=block.audit.size,
            largest_audit_difference=float(block.audit.max(initial=0.0)),
            largest_primal_residual=float(block.certificates.primal.max()),
            largest_dual_residual=float(block.certificates.dual.max()),
            largest_relative_gap=float(block.certificates.gap.max()),
            largest_integer_gap=float(block.gap.max()),
        )

    def merged(self, other: SolveSums) -> SolveSums:
        """Return those of both."""
        both: dict[str, Any] = {}
        for field in fields(self):
            pair = getattr(self, field.name), getattr(other, field.name)
            both[field.name] = max(pair) if field.name.startswith("largest_") else sum(pair)
        return SolveSums(**both)


@dataclass(frozen=True)
class Tally:
    """What is told of the quantities, of the drivers, and of how the samples ended.

    Sums round, so that tallies are to be merged in one order for equal runs to be equal.

    Attributes
    ----------
    moments : Moments
        Of the quantities that have rows.
    sums : ndarray, (quantity,)
        Of those that have none.
    drivers : DriverSums
    solves : SolveSums
    between : Between or None
        Of the quantities with rows and then of the others, where samples depend on each other
        within replicates.
    """

    moments: Moments
    sums: Array
    drivers: DriverSums
    solves: SolveSums
    between: Between | None = None

    @property
    def n(self) -> int:
        """Number of samples."""
        return self.drivers.samples

    def merged(self, other: Tally) -> Tally:
        """Return the tally of both."""
        return Tally(
            self.moments.merged(other.moments),
            self.sums + other.sums,
            self.drivers.merged(other.drivers),
            self.solves.merged(other.solves),
            None
            if self.between is None or other.between is None
            else self.between.merged(other.between),
        )
