"""What a first stage must satisfy so that a sample's recourse has any solution.

The least sum by which rows have to be broken is a linear program that always has a solution; its
duals give a linear function of the first stage that is at most that sum, and must not be positive
(Van Slyke and Wets 1969, doi:10.1137/0117061).
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

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
    from scipy.sparse import coo_array, eye_array, hstack

    template, rhs = programs.template, programs.rhs[k]
    rows, columns, infinity = len(template.rows), len(template.columns), highspy.kHighsInf
    column_of = np.repeat(np.arange(columns), np.diff(template.starts))
    own = coo_array((programs.matrix[k], (template.row_of, column_of)), shape=(rows, columns))
    matrix = hstack([own, eye_array(rows), -eye_array(rows)], format="csc")
    senses, width = np.array(template.senses, dtype=object), columns + 2 * rows
    price = 1 / (1 + np.abs(rhs))
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
        np.concatenate([np.zeros(columns), price, price]),
        np.concatenate([programs.lower[k], np.zeros(2 * rows)]),
        np.concatenate([np.minimum(programs.upper[k], infinity), np.full(2 * rows, infinity)]),
        np.where(senses == "<=", -infinity, rhs),
        np.where(senses == ">=", infinity, rhs),
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
        np.zeros(width, dtype=np.int32),
    )
    highs.run()
    broken = float(highs.getInfo().objective_function_value)
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal or broken <= _BROKEN:
        return None
    return broken, np.array(highs.getSolution().row_dual)
