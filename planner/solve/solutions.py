"""What a solver returns for a block of linear programs, and the proof that it is optimal.

Sign convention of duals: the change of the optimal cost per unit of right-hand side, so a ``<=``
row has a dual of 0 or less and a ``>=`` row of 0 or more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.errors import SolveError
from planner.model.template import Array, LinearPrograms

TOLERANCE = 1e-7
"""Largest accepted relative residual and gap of a proven optimum."""


@dataclass(frozen=True)
class Solutions:
    """Optima of a block, in sample order.

    Attributes
    ----------
    x : ndarray, (sample, column)
        The optimum after the tie-break.
    duals : ndarray, (sample, row)
    objective : ndarray, (sample,)
        ``cost . x`` from the original data.
    tied : ndarray of bool, (sample,)
        Whether another optimum existed, so that the tie-break chose.
    iterations : ndarray of int, (sample,)
    bases : tuple
        The engine's optimal basis of each sample, to start a changed problem from.
    """

    x: Array
    duals: Array
    objective: Array
    tied: NDArray[np.bool_]
    iterations: NDArray[np.int64]
    bases: tuple[Any, ...]


@dataclass(frozen=True)
class Certificates:
    """Residuals of each sample's solution, relative to the size of their row, column or objective.

    Attributes
    ----------
    primal, dual, gap : ndarray, (sample,)
    """

    primal: Array
    dual: Array
    gap: Array

    def failed(self) -> NDArray[np.int64]:
        """Return the positions of the samples that are not proven optimal."""
        worst = np.maximum(np.maximum(self.primal, self.dual), self.gap)
        return np.flatnonzero(~(worst <= TOLERANCE))


def certify(programs: LinearPrograms, x: Array, duals: Array) -> Certificates:
    """Return how far each solution is from satisfying the conditions of optimality.

    A feasible point and a feasible dual of equal objective prove each other optimal (weak
    duality), whatever solver they came from.
    """
    template = programs.template
    columns = np.repeat(np.arange(len(template.columns)), np.diff(template.starts))
    below = np.array([sense == "<=" for sense in template.senses])
    products = programs.matrix * x[:, columns]
    activity = _sum_by(products, template.row_of, len(template.rows))
    row_size = 1 + np.abs(programs.rhs) + _sum_by(np.abs(products), template.row_of, below.size)
    excess = np.where(below, activity - programs.rhs, programs.rhs - activity)
    primal = np.maximum(_largest(excess / row_size), _largest(-x / (1 + np.abs(x).max(initial=0))))
    priced = programs.matrix * duals[:, template.row_of]
    reduced = programs.cost - _sum_by(priced, columns, len(template.columns))
    cost_size = np.abs(programs.cost) + _sum_by(np.abs(priced), columns, len(template.columns))
    wrong_sign = np.where(below, duals, -duals)
    dual = np.maximum(
        _largest(-reduced / np.maximum(cost_size, np.finfo(float).tiny)),
        _largest(wrong_sign / (1 + np.abs(duals).max(axis=1, initial=0))[:, None]),
    )
    cost = (programs.cost * x).sum(axis=1)
    bound = (programs.rhs * duals).sum(axis=1)
    size = 1 + np.abs(programs.cost * x).sum(axis=1)
    return Certificates(primal, dual, np.abs(cost - bound) / size)


def require_proven(certificates: Certificates, samples: Sequence[int]) -> None:
    """Raise SolveError, naming the samples, unless every solution is proven optimal."""
    failed = certificates.failed()
    if failed.size:
        named = ", ".join(str(samples[k]) for k in failed[:5])
        raise SolveError(
            f"{failed.size} solutions are not proven optimal to {TOLERANCE:g} (samples {named}); "
            "export one with 'planner export' and check the units and sizes of its coefficients"
        )


def _largest(values: Array) -> Array:
    """Return each sample's largest value, at least 0."""
    return np.asarray(np.maximum(values, 0).max(axis=1, initial=0))


def _sum_by(values: Array, groups: NDArray[np.int64], count: int) -> Array:
    """Return sums of the last axis by group, shape (sample, count)."""
    n = values.shape[0]
    flat = (np.arange(n)[:, None] * count + groups).ravel()
    sums = np.bincount(flat, weights=values.ravel(), minlength=n * count)
    return sums.astype(np.float64).reshape(n, count)
