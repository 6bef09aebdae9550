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
from planner.model.template import Array, Indices, LinearPrograms, Template

TOLERANCE = 1e-7
"""Largest accepted relative residual and gap of a proven optimum."""

_NAMED = 5
_TINY = float(np.finfo(np.float64).tiny)

_PRIMAL_FLOOR = 1e-2
"""Of a row's size: part of what its entries make of the largest number in the solution."""

_DUAL_FLOOR = 0.1
"""Of a column's size: part of what a typical column costs."""


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
    duality), whatever solver they came from. A residual is relative to the terms of its own row or
    column, so that no number of another size (a price of shortfall that stands for "at any
    price", a supply that stands for "unlimited") can hide it. Only where all terms of a row or
    column nearly vanish does a floor keep a rounding error from passing for a violation.
    """
    below = np.array([sense == "<=" for sense in programs.template.senses])
    dual, floor = _dual_residual(programs, duals, below)
    paid, bound = programs.cost * x, programs.rhs * duals
    size = np.maximum(np.abs(paid).sum(axis=1), np.abs(bound).sum(axis=1)) + floor
    gap = np.abs(paid.sum(axis=1) - bound.sum(axis=1)) / size
    return Certificates(_primal_residual(programs, x, below), dual, gap)


def _primal_residual(programs: LinearPrograms, x: Array, below: NDArray[np.bool_]) -> Array:
    columns, rows = _columns_of(programs.template), programs.template.row_of
    largest = np.maximum(np.abs(x).max(axis=1, initial=0), _TINY)[:, None]
    products = programs.matrix * x[:, columns]
    activity = _sum_by(products, rows, below.size)
    excess = np.where(below, activity - programs.rhs, programs.rhs - activity)
    floor = _PRIMAL_FLOOR * largest * _sum_by(np.abs(programs.matrix), rows, below.size)
    size = np.abs(programs.rhs) + _sum_by(np.abs(products), rows, below.size) + floor
    return np.maximum(_largest(excess / np.maximum(size, _TINY)), _largest(-x / largest))


def _dual_residual(
    programs: LinearPrograms, duals: Array, below: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Return the residual and the floor of a column's size in dollars, both (sample,)."""
    columns, rows = _columns_of(programs.template), programs.template.row_of
    count = len(programs.template.columns)
    priced = programs.matrix * duals[:, rows]
    reduced = programs.cost - _sum_by(priced, columns, count)
    terms = np.abs(programs.cost) + _sum_by(np.abs(priced), columns, count)
    floor = _DUAL_FLOOR * _lower_median(np.where(programs.cost != 0, terms, np.inf))
    size = terms + floor[:, None]
    # A dual of the wrong sign matters by what it does to the columns of its row.
    wrong_sign = np.maximum(np.where(below, duals, -duals), 0)[:, rows]
    moved = np.abs(programs.matrix) * wrong_sign / size[:, columns]
    return np.maximum(_largest(-reduced / size), _largest(moved)), floor


def require_proven(certificates: Certificates, samples: Sequence[int]) -> None:
    """Raise SolveError, naming the samples, unless every solution is proven optimal."""
    failed = certificates.failed()
    if failed.size:
        named = ", ".join(str(samples[k]) for k in failed[:_NAMED])
        raise SolveError(
            f"{failed.size} of {len(samples)} solutions are not proven optimal to {TOLERANCE:g} "
            f"(samples {named}{', ...' if failed.size > _NAMED else ''}); look at one with "
            "'planner export': a coefficient may be too small or too large beside the others"
        )


def _columns_of(template: Template) -> Indices:
    """Return the column of each entry."""
    return np.repeat(np.arange(len(template.columns)), np.diff(template.starts))


def _lower_median(sizes: Array) -> Array:
    """Return the lower median of each row's finite values, never 0, shape (sample,)."""
    middle = (np.isfinite(sizes).sum(axis=1, keepdims=True) - 1) // 2
    found = np.take_along_axis(np.sort(sizes, axis=1), np.maximum(middle, 0), axis=1)[:, 0]
    return np.asarray(np.where(np.isfinite(found), np.maximum(found, _TINY), _TINY))


def _largest(values: Array) -> Array:
    """Return each sample's largest value, at least 0."""
    return np.asarray(np.maximum(values, 0).max(axis=1, initial=0))


def _sum_by(values: Array, groups: NDArray[np.int64], count: int) -> Array:
    """Return sums of the last axis by group, shape (sample, count)."""
    n = values.shape[0]
    flat = (np.arange(n)[:, None] * count + groups).ravel()
    sums = np.bincount(flat, weights=values.ravel(), minlength=n * count)
    return sums.astype(np.float64).reshape(n, count)
