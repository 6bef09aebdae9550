"""How a committed plan is sought: by what measure, how exactly, for how long, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from planner.analysis.committed.problem import OPTIMISED, Contracts, ScenarioProblem
from planner.config.commitment import Commitment
from planner.model.template import Array
from planner.solve.two_stage.lshaped import Decomposed, Iteration, decompose
from planner.solve.two_stage.problem import Risk


@dataclass(frozen=True)
class Effort:
    """How long a plan may be sought, and who is told.

    Attributes
    ----------
    alone : bool
        Whether nothing else is told of the samples' own optima.
    bracket : bool
        Whether the other reading of later is solved as well.
    threads : int
    iterations : int or None
    time_limit_s : float or None
    on_iteration, on_end : callable
    stop : callable
        Asked whether to make do with what there is.
    """

    alone: bool = False
    bracket: bool = False
    threads: int = 1
    iterations: int | None = None
    time_limit_s: float | None = None
    on_iteration: Callable[[Iteration], None] | None = None
    on_end: Callable[[], None] | None = None
    stop: Callable[[], bool] | None = None


def risk_measure(asked: Commitment) -> Risk:
    """Return the measure that a plan minimises."""
    return Risk(asked.cvar_weight, asked.cvar_level)


def sought(
    contracts: Contracts,
    asked: Commitment,
    risk: Risk,
    effort: Effort,
    price_times: float,
    start: Array | None,
) -> Decomposed:
    """Return the best plan under a multiple of the shortfall's price."""
    found = decompose(
        ScenarioProblem(contracts, OPTIMISED, asked.samples, price_times),
        risk,
        gap=asked.gap,
        iterations=effort.iterations,
        time_limit_s=effort.time_limit_s,
        threads=effort.threads,
        start=start,
        on_iteration=effort.on_iteration,
        stop=effort.stop,
    )
    if effort.on_end is not None:
        effort.on_end()
    return found
