"""What knowing more, and what minding chance, is worth: WS, EV and EEV beside the optimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.smps_format.instance import Instance
from benchmarks.smps_format.scenarios import Every, Mean
from planner.errors import SolveError
from planner.model.template import Array
from planner.solve.two_stage.extensive import solve_extensive
from planner.solve.two_stage.lshaped import costs_of
from planner.solve.two_stage.problem import probability_of


@dataclass(frozen=True)
class Values:
    """Means over all scenarios, as what is minimised.

    Attributes
    ----------
    ws : float
        Of the best that each scenario allows: wait-and-see.
    ev : float
        The optimum where every random number is its mean.
    eev : float
        Of what is decided first in that optimum; infinite if it leaves a scenario no recourse.
        Where the optimum is not unique, of the one that was found.
    """

    ws: float
    ev: float
    eev: float


def mean_value_start(instance: Instance) -> Array | None:
    """Return what is best first where every random number is its mean; None if nothing is."""
    try:
        return solve_extensive(instance.problem(Mean(instance.outcomes))).x
    except SolveError:
        return None


def values_of(instance: Instance, *, threads: int) -> Values:
    """Return WS, EV and EEV of an instance whose scenarios can be listed.

    Raises
    ------
    SolveError
        If a scenario, or the mean of all, has no optimum.
    """
    every = Every(instance.outcomes)
    seen, ahead = instance.wait_and_see(every), instance.problem(every)
    best = costs_of(seen, np.zeros(0), threads=threads)
    if np.isinf(best).any():
        raise SolveError(f"{int(np.isinf(best).sum())} scenarios have no solution at all")
    mean = solve_extensive(instance.problem(Mean(instance.outcomes)))
    costs = costs_of(ahead, mean.x, threads=threads)
    probability = probability_of(ahead)
    return Values(float(probability @ best), mean.objective, float(probability @ costs))
