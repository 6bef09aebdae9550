"""What a solver returns for a block of linear programs, and the proof that it is optimal.

Sign convention of duals: the change of the optimal cost per unit of right-hand side, so a ``<=``
row has a dual of 0 or less, a ``>=`` row of 0 or more and a ``=`` row of any sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.errors import SolveError
from planner.model.template import Array, Bits, Indices, LinearPrograms, Template

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
        Whether another optimum existed with the same whole numbers, so that the tie-break chose.
    iterations : ndarray of int, (sample,)
        Of the simplex, over all linear programs of the sample.
    bases : tuple
        Where each sample ended, for the same solver to start a changed problem from.
    bound : ndarray, (sample,)
        What is proven: no solution, of any whole numbers, costs less. Of a linear program, the
        objective.
    gap : ndarray, (sample,)
        ``objective - bound`` relative to the objective (never to less than a typical column's
        cost); 0 for a linear program.
    nodes : ndarray of int, (sample,)
        Of the search for whole numbers; 0 for a linear program.
    milp : ndarray of bool, (sample,)
        Whether the whole numbers come from HiGHS's own branch and bound.
    """

    x: Array
    duals: Array
    objective: Array
    tied: Bits
    iterations: NDArray[np.int64]
    bases: tuple[Any, ...]
    bound: Array
    gap: Array
    nodes: NDArray[np.int64]
    milp: Bits


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

    The dual objective counts each column at the bound that its reduced cost presses it to. A
    negative reduced cost may count against the upper bound or, as where there is none, as a
    violation: both prove, and the smaller is taken, so that a bound that stands for "unlimited"
    does not make a large gap of a rounding error.
    """
    priced = _price(programs, x, duals)
    paid, rows = programs.cost * x, programs.rhs * duals
    columns = np.maximum(priced.reduced, 0) * programs.lower + _at_upper(programs, priced)
    bound = np.abs(rows).sum(axis=1) + np.abs(columns).sum(axis=1)
    size = np.maximum(np.abs(paid).sum(axis=1), bound) + priced.floor
    gap = np.abs(paid.sum(axis=1) - rows.sum(axis=1) - columns.sum(axis=1)) / size
    return Certificates(_primal_residual(programs, x), _dual_residual(programs, duals, priced), gap)


@dataclass(frozen=True)
class _Priced:
    """The columns at the prices of the rows.

    Attributes
    ----------
    reduced : ndarray, (sample, column)
        Cost less what the column's entries are worth.
    size : ndarray, (sample, column)
        Of the terms of the reduced cost, with the floor.
    floor : ndarray, (sample,)
        Of a column's size in dollars.
    at_upper : ndarray of bool, (sample, column)
        Columns of negative reduced cost that count at their upper bound.
    """

    reduced: Array
    size: Array
    floor: Array
    at_upper: Bits


def _price(programs: LinearPrograms, x: Array, duals: Array) -> _Priced:
    columns, count = _columns_of(programs.template), len(programs.template.columns)
    worth = programs.matrix * duals[:, programs.template.row_of]
    reduced = programs.cost - _sum_by(worth, columns, count)
    terms = np.abs(programs.cost) + _sum_by(np.abs(worth), columns, count)
    floor = _DUAL_FLOOR * _lower_median(np.where(programs.cost != 0, terms, np.inf))
    size = terms + floor[:, None]
    # What the column adds to the gap, beside what it is as a violation.
    below = np.where(reduced < 0, programs.upper - x, 0.0)
    paid = np.abs(programs.cost * x).sum(axis=1) + floor
    at_upper = (reduced < 0) & (below * size <= paid[:, None])
    return _Priced(reduced, size, floor, at_upper)


def _at_upper(programs: LinearPrograms, priced: _Priced) -> Array:
    """Return what the columns that count at their upper bound add to the dual objective."""
    upper = np.where(priced.at_upper, programs.upper, 0.0)
    return np.minimum(priced.reduced, 0) * upper


def _primal_residual(programs: LinearPrograms, x: Array) -> Array:
    columns, rows = _columns_of(programs.template), programs.template.row_of
    below, above = _senses(programs.template)
    largest = np.maximum(np.abs(x).max(axis=1, initial=0), _TINY)[:, None]
    products = programs.matrix * x[:, columns]
    off = _sum_by(products, rows, below.size) - programs.rhs
    excess = np.maximum(np.where(above, 0.0, off), np.where(below, 0.0, -off))
    # A yes or no can make no more of its entry than the entry itself.
    reach = np.minimum(programs.upper, largest)[:, columns]
    floor = _PRIMAL_FLOOR * _sum_by(np.abs(programs.matrix) * reach, rows, below.size)
    size = np.abs(programs.rhs) + _sum_by(np.abs(products), rows, below.size) + floor
    return np.maximum(_largest(excess / np.maximum(size, _TINY)), _outside(programs, x, largest))


def _outside(programs: LinearPrograms, x: Array, largest: Array) -> Array:
    """Return how far the columns are outside of their bounds, (sample,).

    Whole numbers have their own size, 1: they need not be of the same kind as the largest.
    """
    whole = programs.template.integer
    under, over = programs.lower - x, x - programs.upper
    small = np.where(whole, 1 + programs.lower, largest + programs.lower)
    upper = np.where(np.isfinite(programs.upper), np.abs(programs.upper), 0.0)
    large = np.where(whole, 1 + upper, _PRIMAL_FLOOR * largest + np.abs(x) + upper)
    return np.maximum(_largest(under / small), _largest(over / large))


def _dual_residual(programs: LinearPrograms, duals: Array, priced: _Priced) -> Array:
    columns, rows = _columns_of(programs.template), programs.template.row_of
    below, above = _senses(programs.template)
    # A dual of the wrong sign matters by what it does to the columns of its row.
    wrong = np.maximum(np.where(below, duals, 0.0), np.where(above, -duals, 0.0))
    moved = np.abs(programs.matrix) * wrong[:, rows] / priced.size[:, columns]
    unpriced = np.where(priced.at_upper, 0.0, -priced.reduced / priced.size)
    return np.maximum(_largest(unpriced), _largest(moved))


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


def _senses(template: Template) -> tuple[Bits, Bits]:
    """Return which rows are ``<=`` and which are ``>=``; the others are equations."""
    senses = np.array(template.senses, dtype=object)
    return senses == "<=", senses == ">="


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
