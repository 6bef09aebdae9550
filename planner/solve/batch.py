"""Blocks of programs through the kernel: scaled once for all, numbers in, points and duals out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.model.template import Array, Bits, Indices, LinearPrograms, Template
from planner.solve import kernel, lockstep
from planner.solve.lanes import new_lanes
from planner.solve.problem import Layout
from planner.solve.solutions import (
    Certificates,
    Solutions,
    certify,
    linear_solutions,
    numbers_of,
)
from planner.solve.tableau import (
    AT_LOWER,
    AT_UPPER,
    BASIC,
    Ends,
    Program,
    Programs,
    Statuses,
    new_tableau,
)
from planner.solve.units import Places, into_kernel, out_of_kernel

EXACT, SURE = 1e-11, 1e-10
"""Largest residual and gap, and largest error, of an answer that is taken. Between rows that are
nearly parallel a much smaller residual than HiGHS's tolerance makes another optimum; such programs
are left to HiGHS."""

_ROUNDS = 4
_LIMIT, _LIMIT_IN_LANES = 20, 4
"""Pivots of a pass, by row: many times what programs need."""

_MOST_IN_LANES = 4096
"""Numbers of a tableau up to which those of all lanes fit in the fast caches."""


@dataclass(frozen=True)
class Scaling:
    """Powers of two that bring a template's numbers near 1 without rounding any.

    Attributes
    ----------
    rows, columns, entries : ndarray
        What rows, columns and entries of A are multiplied with.
    quantity, price : float
        One unit of scaled right-hand sides, and of scaled costs.
    """

    rows: Array
    columns: Array
    entries: Array
    quantity: float
    price: float


def choose_scaling(layout: Layout, median: LinearPrograms) -> Scaling:
    """Return the geometric scaling of one program (Fulkerson and Wolfe 1962, SIAM Review 4)."""
    rows, columns = layout.row_of, layout.column_of
    with np.errstate(divide="ignore"):
        sizes = np.log2(np.abs(median.matrix[0, layout.entries]))
    known = np.isfinite(sizes)
    of_row, of_column = np.zeros(layout.rows.size), np.zeros(layout.columns.size)
    for _ in range(_ROUNDS):
        of_row = -_mean_by(sizes + of_column[columns], rows, known, of_row.size)
        of_column = -_mean_by(sizes + of_row[rows], columns, known, of_column.size)
    of_row, of_column = np.exp2(np.rint(of_row)), np.exp2(np.rint(of_column))
    sides = np.concatenate(
        [
            median.rhs[0, layout.kept] * of_row,
            median.rhs[0, layout.bounds.rows] / of_column[layout.bounds.columns],
        ]
    )
    return Scaling(
        rows=of_row,
        columns=of_column,
        entries=of_row[rows] * of_column[columns],
        quantity=_typical(sides),
        price=_typical(median.cost[0] * of_column),
    )


def _mean_by(values: Array, groups: NDArray[np.integer[Any]], known: Bits, count: int) -> Array:
    total = np.bincount(groups[known], weights=values[known], minlength=count)
    return total / np.maximum(np.bincount(groups[known], minlength=count), 1)


def _typical(values: Array) -> float:
    """Return the power of two nearest to the geometric mean of what is not zero."""
    sizes = np.abs(values[(values != 0) & np.isfinite(values)])
    return float(np.exp2(np.rint(np.log2(sizes).mean()))) if sizes.size else 1.0


def _places(layout: Layout, scaling: Scaling) -> Places:
    return Places(
        entries=layout.entries,
        rows=layout.kept,
        bound_rows=layout.bounds.rows,
        bound_columns=layout.bounds.columns,
        of_entry=scaling.entries,
        of_row=scaling.rows / scaling.quantity,
        of_cost=scaling.columns / scaling.price,
        size=scaling.columns * scaling.quantity,
        dual=scaling.rows * scaling.price,
        price=scaling.price / scaling.columns,
    )


@dataclass(frozen=True)
class Answers:
    """What the kernel makes of a block; of what it gave up, the numbers mean nothing.

    Attributes
    ----------
    optimal : ndarray of bool, (sample,)
        Whether it ended, and its certificate is nearly exact.
    x : ndarray, (sample, column)
    duals : ndarray, (sample, row)
    find_basis : callable
        Finds `basis`, for which few ask.
    tied : ndarray of bool, (sample,)
    pivots : ndarray of int, (sample,)
    certificates : Certificates
        Infinite where it is not optimal.
    """

    optimal: Bits
    x: Array
    duals: Array
    find_basis: Callable[[], Statuses]
    tied: Bits
    pivots: Indices
    certificates: Certificates

    @cached_property
    def basis(self) -> Statuses:
        """Of the columns and then of the rows' slacks: `AT_LOWER`, `AT_UPPER` or `BASIC`."""
        return self.find_basis()


class BatchKernel:
    """Solves blocks of one template.

    Parameters
    ----------
    template : Template
    tie_cost : ndarray, (column,)
        The secondary objective.
    median : LinearPrograms
        Its first program sets the scaling.
    """

    def __init__(self, template: Template, tie_cost: Array, median: LinearPrograms) -> None:
        self._layout = layout = Layout(template)
        scaling = choose_scaling(layout, median)
        self._places = _places(layout, scaling)
        columns, rows = layout.columns.size, layout.rows.size
        tie = np.zeros(columns + rows)
        largest = float(np.abs(tie_cost).max(initial=0.0)) or 1.0
        tie[:columns] = tie_cost * scaling.columns / largest
        below = [-np.inf if sense == ">=" else 0.0 for sense in layout.senses]
        above = [np.inf if sense == "<=" else 0.0 for sense in layout.senses]
        program = Program(
            starts=layout.starts.astype(np.int64),
            row_of=layout.row_of.astype(np.int64),
            values=np.zeros(layout.entries.size),
            cost=np.zeros(columns + rows),
            tie_cost=tie,
            lower=np.concatenate([np.zeros(columns), below]),
            upper=np.concatenate([np.zeros(columns), above]),
            rhs=np.zeros(rows),
        )
        self._room = program, new_tableau(columns, rows)
        small = (rows + 1) * columns <= _MOST_IN_LANES
        self._lanes = new_lanes(program) if small else None

    def solve(self, programs: LinearPrograms, *, break_ties: bool = True) -> Answers:
        """Solve a block; the same program always gives the same bytes."""
        n, total = programs.n, self._layout.columns.size + self._layout.rows.size
        ends = Ends(
            x=np.zeros((n, total)),
            reduced=np.zeros((n, total)),
            basis=np.zeros((n, total), dtype=np.int8),
            optimal=np.zeros(n, dtype=bool),
            tied=np.zeros(n, dtype=bool),
            pivots=np.zeros(n, dtype=np.int64),
        )
        scaled, rows = self._scaled(programs), self._layout.rows.size + 10
        if self._lanes is not None:
            lockstep.solve_block(scaled, self._lanes, _LIMIT_IN_LANES * rows, break_ties, ends)
        left = np.flatnonzero(~ends.optimal)
        if left.size:
            # Copies, both of what goes in and of what comes out.
            rest = Ends._make(part[left] for part in ends)
            some = Programs._make(part[left] for part in scaled)
            kernel.solve_block(some, *self._room, _LIMIT * rows, break_ties, rest)
            for name, own in rest._asdict().items():
                getattr(ends, name)[left] = own
        return self._answers(programs, ends)

    def solutions(
        self,
        programs: LinearPrograms,
        *,
        break_ties: bool = True,
        starts: object = None,  # noqa: ARG002
    ) -> tuple[Solutions, Certificates]:
        """Solve a block; every program starts from its slacks, whatever there is to start from."""
        found = self.solve(programs, break_ties=break_ties)
        solved = linear_solutions(
            programs, found.x, found.duals, tied=found.tied, iterations=found.pivots
        )
        return solved, found.certificates

    def _scaled(self, programs: LinearPrograms) -> Programs:
        (n, columns), rows = programs.cost.shape, self._places.rows.size
        found = Programs(
            values=np.empty((n, self._places.entries.size)),
            cost=np.empty((n, columns)),
            lower=np.empty((n, columns)),
            upper=np.empty((n, columns)),
            rhs=np.empty((n, rows)),
        )
        into_kernel(self._places, numbers_of(programs), found)
        return found

    def _answers(self, programs: LinearPrograms, ends: Ends) -> Answers:
        """Undo the scaling, and prove what comes out."""
        x, duals = np.empty(programs.cost.shape), np.zeros(programs.rhs.shape)
        out_of_kernel(self._places, numbers_of(programs), ends, x, duals)
        proof = certify(programs, x, duals)
        optimal = ends.optimal.copy()
        optimal[proof.failed(EXACT)] = False
        optimal &= proof.error <= SURE
        return Answers(
            optimal=optimal,
            x=x,
            duals=duals,
            find_basis=lambda: self._basis(programs, ends),
            tied=ends.tied,
            pivots=ends.pivots,
            certificates=Certificates(
                *(
                    np.where(optimal, part, np.inf)
                    for part in (proof.primal, proof.dual, proof.gap, proof.error)
                )
            ),
        )

    def _basis(self, programs: LinearPrograms, ends: Ends) -> Statuses:
        layout, bounds, columns = self._layout, self._layout.bounds, self._layout.columns.size
        own, below = programs.upper[:, bounds.columns], programs.lower[:, bounds.columns]
        owned = (programs.rhs[:, bounds.rows] <= own) & (below < own)
        rows = np.full(programs.rhs.shape, BASIC, dtype=np.int8)
        rows[:, layout.kept] = ends.basis[:, columns:]
        of_columns = ends.basis[:, :columns].copy()
        moved = owned & (of_columns[:, bounds.columns] == AT_UPPER)
        of_columns[:, bounds.columns] = np.where(moved, BASIC, of_columns[:, bounds.columns])
        rows[:, bounds.rows] = np.where(moved, AT_LOWER, BASIC)
        return np.concatenate([of_columns, rows], axis=1)
