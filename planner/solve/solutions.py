"""What a solver returns for a block of linear programs, and the proof that it is optimal.

Sign convention of duals: the change of the optimal cost per unit of right-hand side, so a ``<=``
row has a dual of 0 or less, a ``>=`` row of 0 or more and a ``=`` row of any sign.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from planner.model.template import Array, Bits, Indices, LinearPrograms, Template

if TYPE_CHECKING:
    from planner.solve.certificates import Numbers

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

    def chosen(self, samples: Indices) -> Solutions:
        """Return those at some positions."""
        bases = tuple(self.bases[k] for k in samples.tolist()) if self.bases else ()
        return Solutions(bases=bases, **_at(self, samples))


def linear_solutions(
    programs: LinearPrograms,
    x: Array,
    duals: Array,
    *,
    tied: Bits | None = None,
    iterations: NDArray[np.int64] | None = None,
    bases: tuple[Any, ...] = (),
) -> Solutions:
    """Return the optima of linear programs, whose bound is the optimum itself."""
    n = programs.n
    objective = (programs.cost * x).sum(axis=1)
    return Solutions(
        x=x,
        duals=duals,
        objective=objective,
        tied=np.zeros(n, dtype=bool) if tied is None else tied,
        iterations=np.zeros(n, dtype=np.int64) if iterations is None else iterations,
        bases=bases,
        bound=objective.copy(),
        gap=np.zeros(n),
        nodes=np.zeros(n, dtype=np.int64),
        milp=np.zeros(n, dtype=bool),
    )


@dataclass(frozen=True)
class Certificates:
    """Residuals of each sample's solution, relative to the size of their row, column or objective.

    Attributes
    ----------
    primal, dual, gap : ndarray, (sample,)
    error : ndarray, (sample,)
        What the rows' residuals and rounding errors are worth at their duals, relative to what is
        paid: where rows are nearly parallel, much more than the residuals tell.
    """

    primal: Array
    dual: Array
    gap: Array
    error: Array

    def chosen(self, samples: Indices) -> Certificates:
        """Return those at some positions."""
        return Certificates(**_at(self, samples))

    def failed(self, tolerance: float = TOLERANCE) -> NDArray[np.int64]:
        """Return the positions of the samples that are not proven optimal."""
        worst = np.maximum(np.maximum(self.primal, self.dual), self.gap)
        return np.flatnonzero(~(worst <= tolerance))


def arrays(of: Solutions | Certificates) -> dict[str, NDArray[Any]]:
    """Return what a block has for each sample, by name; bases, which are no array, left out."""
    found = {field.name: getattr(of, field.name) for field in fields(of)}
    return {name: value for name, value in found.items() if isinstance(value, np.ndarray)}


def _at(of: Solutions | Certificates, samples: Indices) -> dict[str, Any]:
    return {name: values[samples] for name, values in arrays(of).items()}


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
    # Compiled: imported where a proof is needed, for the import alone takes half a second.
    from planner.solve.certificates import Pattern, new_room, residuals

    template = programs.template
    below, above = _senses(template)
    pattern = Pattern(
        template.starts, template.row_of, *template.by_rows, below, above, template.integer
    )
    found, room = np.zeros((programs.n, 4)), new_room(x.shape[1], duals.shape[1])
    residuals(pattern, numbers_of(programs), x, duals, room, found)
    return Certificates(*found.T.copy())


def numbers_of(programs: LinearPrograms) -> Numbers:
    """Return a block's numbers as compiled code takes them."""
    from planner.solve.certificates import Numbers

    # One order in memory, for another one would be compiled for as well.
    parts = (programs.matrix, programs.cost, programs.rhs, programs.lower, programs.upper)
    return Numbers(*map(np.ascontiguousarray, parts))


def _senses(template: Template) -> tuple[Bits, Bits]:
    """Return which rows are ``<=`` and which are ``>=``; the others are equations."""
    senses = np.array(template.senses, dtype=object)
    return senses == "<=", senses == ">="
