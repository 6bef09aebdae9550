"""Whole numbers by HiGHS's own branch and cut, for more of them than can be enumerated."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

from planner.errors import SolveError
from planner.model.template import Indices
from planner.solve.branching import Found
from planner.solve.problem import Layout, Problem
from planner.solve.simplex import PRECISION

_MOST_NODES = 100_000
"""A limit of time would make the result depend on the machine."""

_OPTIONS: dict[str, Any] = {
    "random_seed": 0,
    "mip_abs_gap": 0.0,
    "mip_max_nodes": _MOST_NODES,
    # With the default 1e-6 a yes that gates 100 MW would give 100 W for nothing.
    "mip_feasibility_tolerance": 1e-9,
}


_LOOSER = {"primal_feasibility_tolerance": 1e-7, "dual_feasibility_tolerance": 1e-7}


def solve_milp(layout: Layout, problem: Problem, columns: Indices, gap: float) -> Found:
    """Return the best whole numbers with HiGHS's proven bound.

    Each call has an instance of its own, so that nothing of one problem can reach the next.

    Parameters
    ----------
    layout : Layout
    problem : Problem
    columns : ndarray of int
        Those that must be whole.
    gap : float
        The relative gap at which to stop.

    Raises
    ------
    SolveError
        If HiGHS does not prove the gap.
    """
    # highspy ships incomplete type hints.
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (PRECISION | _OPTIONS | {"mip_rel_gap": gap}).items():
        highs.setOptionValue(option, value)
    whole = np.zeros(layout.columns.size, dtype=bool)
    whole[columns] = True
    layout.hand_over(highs, problem, whole)
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kSolveError:
        # A linear program inside did not meet the tight tolerances. The proof that counts is of
        # the linear program with the whole numbers fixed, and of the gap to the bound.
        for option, value in _LOOSER.items():
            highs.setOptionValue(option, value)
        highs.clearSolver()
        highs.run()
        status = highs.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        words = highs.modelStatusToString(status)
        raise SolveError(
            f"HiGHS did not prove whole numbers to a gap of {gap:g}: it reports '{words}'"
        )
    info = highs.getInfo()
    values = np.rint(np.array(highs.getSolution().col_value)[columns]) + 0.0
    return Found(
        values=values,
        bound=float(info.mip_dual_bound),
        complete=True,
        nodes=max(int(info.mip_node_count), 0),
        iterations=max(int(info.simplex_iteration_count), 0),
        milp=True,
    )
