"""Linear programs as the arrays that solvers take, made before any clock starts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.model.template import LinearPrograms

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]


@dataclass(frozen=True)
class Arrays:
    """Linear programs ``min c x, low <= A x <= high, lower <= x <= upper`` of one pattern.

    Attributes
    ----------
    scale : ndarray, (sample,)
        Dollars per unit of `cost`.
    cost, lower, upper : ndarray, (sample, column)
    low, high : ndarray, (sample, row)
    matrix : ndarray, (sample, entry)
    starts, row_of : ndarray
        The pattern of A by columns: entries ``starts[j]:starts[j + 1]`` are in rows `row_of`.
    """

    scale: Floats
    cost: Floats
    lower: Floats
    upper: Floats
    low: Floats
    high: Floats
    matrix: Floats
    starts: Integers
    row_of: Integers

    @property
    def n(self) -> int:
        """Number of samples."""
        return int(self.cost.shape[0])

    @property
    def column_of(self) -> Integers:
        """The column of every entry."""
        return np.repeat(np.arange(self.cost.shape[1], dtype=np.int32), np.diff(self.starts))


def as_arrays(programs: LinearPrograms) -> Arrays:
    """Return programs with costs near 1, and rows that only bound a column as its bounds.

    Both make the solvers faster than the numbers as they stand would.

    Raises
    ------
    ValueError
        If a column takes whole numbers only.
    """
    template = programs.template
    if template.integer.any():
        raise ValueError("only linear programs can be compared: set bets=relaxed")
    senses = np.array(template.senses)
    column_of = np.repeat(np.arange(len(template.columns)), np.diff(template.starts))
    alone = np.bincount(template.row_of, minlength=senses.size) == 1
    ones = (programs.matrix == 1).all(axis=0)
    bounding = alone[template.row_of] & ones & (senses[template.row_of] == "<=")
    upper = programs.upper.copy()
    for entry in np.flatnonzero(bounding):
        column, row = column_of[entry], template.row_of[entry]
        upper[:, column] = np.minimum(upper[:, column], programs.rhs[:, row])
    kept = np.ones(senses.size, dtype=bool)
    kept[template.row_of[bounding]] = False
    rhs = programs.rhs[:, kept]
    scale = _typical(programs.cost)
    counts = np.bincount(column_of[~bounding], minlength=len(template.columns))
    return Arrays(
        scale=scale,
        cost=programs.cost / scale[:, None],
        lower=programs.lower,
        upper=upper,
        low=np.where(senses[kept] == "<=", -np.inf, rhs),
        high=np.where(senses[kept] == ">=", np.inf, rhs),
        matrix=np.ascontiguousarray(programs.matrix[:, ~bounding]),
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        row_of=(np.cumsum(kept) - 1)[template.row_of[~bounding]].astype(np.int32),
    )


def _typical(cost: Floats) -> Floats:
    """Return the geometric mean of each sample's costs that are not zero."""
    sizes = np.abs(cost)
    logs = np.log(np.where(sizes > 0, sizes, 1.0)).sum(axis=1)
    return np.asarray(np.exp(logs / np.maximum((sizes > 0).sum(axis=1), 1)))
