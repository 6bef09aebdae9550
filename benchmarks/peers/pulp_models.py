"""PuLP: the model is written again for every sample, as its users do."""

from __future__ import annotations

from typing import Any

import pulp

from planner.model.template import LinearPrograms
from planner.solve.pulp_reference import to_pulp


class PulpModels:
    """A new PuLP model for every sample, solved by one of PuLP's solvers.

    Parameters
    ----------
    programs : LinearPrograms
    solver : pulp.LpSolver
    """

    def __init__(self, programs: LinearPrograms, solver: Any) -> None:
        self._programs, self._solver = programs, solver

    def solve(self, k: int) -> float:
        """Return the least cost of program `k` in dollars."""
        problem = to_pulp(self._programs, k)
        problem.solve(self._solver)
        if problem.status != pulp.LpStatusOptimal:
            raise RuntimeError(f"PuLP reports '{pulp.LpStatus[problem.status]}' for program {k}")
        return float(pulp.value(problem.objective))


def with_cbc(programs: LinearPrograms) -> PulpModels:
    """Return models for the CBC that PuLP brings along, a process of its own for each."""
    return PulpModels(programs, pulp.PULP_CBC_CMD(msg=False, threads=1))


def with_highs(programs: LinearPrograms) -> PulpModels:
    """Return models for HiGHS in this process."""
    return PulpModels(programs, pulp.HiGHS(msg=False, threads=1))
