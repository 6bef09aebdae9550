"""What a first stage must satisfy so that a sample's recourse has any solution.

The least sum by which rows have to be broken is a linear program that always has a solution; its
duals give a linear function of the first stage that is at most that sum, and must not be positive
(Van Slyke and Wets 1969, doi:10.1137/0117061).
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

from planner.errors import SolveError
from planner.model.template import Array, LinearPrograms
from planner.solve.simplex import PRECISION

_BROKEN = 1e-7
"""Of a row's size: less is rounding."""


def broken_rows(programs: LinearPrograms, k: int) -> tuple[float, Array] | None:
    """Return by how much a program's rows must be broken, and the duals of that; None if by none.

    Parameters
    ----------
    programs : LinearPrograms
    k : int
        Position of the sample.
    """
    size = 1 + np.abs(programs.rhs[k])
    highs = _solved(programs, k, np.zeros_like(programs.cost[k]), 1 / size, np.inf * size)
    broken = float(highs.getInfo().objective_function_value)
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal or broken <= _BROKEN:
        return None
    return broken, np.array(highs.getSolution().row_dual)


def nearly_solved(programs: LinearPrograms, k: int) -> tuple[float, Array]:
    """Return value and duals of a program whose rows may each be broken by rounding, for nothing.

    The value is at most the program's own and its duals are feasible, so that a cut stays one.

    Raises
    ------
    SolveError
        If that has no optimum either: then the costs have no lower limit.
    """
    cost = programs.cost[k]
    unit = float(np.abs(cost).max(initial=0.0)) or 1.0
    size = 1 + np.abs(programs.rhs[k])
    highs = _solved(programs, k, cost / unit, np.zeros(size.size), _BROKEN * size)
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise SolveError(
            "the recourse of a sample is not proven optimal, though it has a solution: a "
            "coefficient may be too small or too large beside the others, or what it costs is "
            "without a lower limit"
        )
    value = float(highs.getInfo().objective_function_value)
    return value * unit, np.array(highs.getSolution().row_dual) * unit


def _solved(programs: LinearPrograms, k: int, cost: Array, price: Array, most: Array) -> Any:
    """Return HiGHS with a program solved whose rows may give way either way, at a price."""
    from scipy.sparse import coo_array, eye_array, hstack

    template, rhs = programs.template, programs.rhs[k]
    rows, columns, infinity = len(template.rows), len(template.columns), highspy.kHighsInf
    column_of = np.repeat(np.arange(columns), np.diff(template.starts))
    own = coo_array((programs.matrix[k], (template.row_of, column_of)), shape=(rows, columns))
    matrix = hstack([own, eye_array(rows), -eye_array(rows)], format="csc")
    senses, width = np.array(template.senses, dtype=object), columns + 2 * rows
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in PRECISION.items():
        highs.setOptionValue(option, value)
    highs.passModel(
        width,
        rows,
        matrix.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        np.concatenate([cost, price, price]),
        np.concatenate([programs.lower[k], np.zeros(2 * rows)]),
        np.minimum(np.concatenate([programs.upper[k], most, most]), infinity),
        np.where(senses == "<=", -infinity, rhs),
        np.where(senses == ">=", infinity, rhs),
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
        np.zeros(width, dtype=np.int32),
    )
    highs.run()
    return highs
