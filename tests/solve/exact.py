"""Linear programs in exact rational arithmetic: what a basis is worth, and the true optimum.

The numbers of a program are taken as the rationals that they are. A basis is given as in the
answers of the batch kernel: one status per column and per row's slack (``a x + slack = b``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from solve.equations import DependentError, Rows, solve

from planner.model.template import LinearPrograms

AT_LOWER, AT_UPPER, BASIC = 0, 1, 2

Basis = list[int]


class NoBasisError(Exception):
    """The statuses do not name a basis: a wrong number of basics, or no bound to be at."""


class ExactProgram:
    """One program with all numbers as integers: rows, all columns together and costs are scaled.

    Attributes
    ----------
    rows : list of dict of int to int
        Entries of each row by column.
    lower, upper : list of int or None
        Bounds of the columns, then of the slacks; None where there is none.
    cost, rhs : list of int
    unit : Fraction
        What one unit of the integer program's objective is of the given one's.
    """

    def __init__(self, programs: LinearPrograms, k: int) -> None:
        template = programs.template
        self.columns, m = len(template.columns), len(template.rows)
        entries = _entries(programs, k)
        rhs = [Fraction(float(side)) for side in programs.rhs[k]]
        bounds = [[_bound(value) for value in side[k]] for side in (programs.lower, programs.upper)]
        scales = [lcm(*(value.denominator for value in row.values())) for row in entries]
        self.rows: Rows = [
            {j: int(value * scale) for j, value in row.items()}
            for row, scale in zip(entries, scales, strict=True)
        ]
        sides = [side * scale for side, scale in zip(rhs, scales, strict=True)]
        finite = [value for side in bounds for value in side if value is not None]
        grid = lcm(*(value.denominator for value in (*sides, *finite)))
        self.rhs = [int(side * grid) for side in sides]
        below = [0 if sense != ">=" else None for sense in template.senses]
        above = [0 if sense != "<=" else None for sense in template.senses]
        self.lower, self.upper = (
            [None if value is None else int(value * grid) for value in side] + slack
            for side, slack in zip(bounds, (below, above), strict=True)
        )
        cost = [Fraction(float(value)) for value in programs.cost[k]]
        cents = lcm(*(value.denominator for value in cost))
        self.cost = [int(value * cents) for value in cost] + [0] * m
        self.unit = Fraction(1, grid * cents)
        self._grid, self._worth = grid, [Fraction(scale, cents) for scale in scales]

    def slack_basis(self) -> Basis:
        """Return the basis of all slacks."""
        return [AT_LOWER] * self.columns + [BASIC] * len(self.rows)

    def x(self, point: Point) -> list[Fraction]:
        """Return the columns' values in the given program's units."""
        return [
            Fraction(value, point.denominator * self._grid)
            for value in point.values[: self.columns]
        ]

    def duals(self, reduced: list[int], denominator: int) -> list[Fraction]:
        """Return the rows' duals in the given program's units."""
        slacks = reduced[self.columns :]
        return [
            Fraction(-value, denominator) * worth
            for value, worth in zip(slacks, self._worth, strict=True)
        ]

    def at(self, variable: int, status: int) -> int:
        """Return the value of a nonbasic variable: its bound, or the only one that it has."""
        bounds = (self.lower[variable], self.upper[variable])
        bound = bounds[status] if bounds[status] is not None else bounds[1 - status]
        if bound is None:
            raise NoBasisError(f"variable {variable} has no bound to be at")
        return bound


def _entries(programs: LinearPrograms, k: int) -> list[dict[int, Fraction]]:
    template = programs.template
    found: list[dict[int, Fraction]] = [{} for _ in template.rows]
    for j in range(len(template.columns)):
        for entry in range(template.starts[j], template.starts[j + 1]):
            value = float(programs.matrix[k, entry])
            if value != 0:
                found[template.row_of[entry]][j] = Fraction(value)
    return found


def _bound(value: float) -> Fraction | None:
    return Fraction(float(value)) if np.isfinite(value) else None


@dataclass(frozen=True)
class Point:
    """The values of all variables at a basis, each a numerator over one positive denominator."""

    values: list[int]
    denominator: int


class _Solver:
    """Solves with the basis matrix; only basic columns in rows without a basic slack are coupled.

    Parameters
    ----------
    program : ExactProgram
    basis : list of int
    """

    def __init__(self, program: ExactProgram, basis: Basis) -> None:
        n = program.columns
        self.program, self.basis = program, basis
        self.inside = [j for j in range(n) if basis[j] == BASIC]
        self.tight = [i for i in range(len(program.rows)) if basis[n + i] != BASIC]
        self.loose = [i for i in range(len(program.rows)) if basis[n + i] == BASIC]
        if len(self.inside) != len(self.tight):
            raise NoBasisError("the number of basic variables is not the number of rows")
        place = {j: at for at, j in enumerate(self.inside)}
        self.matrix: Rows = [
            {place[j]: value for j, value in program.rows[i].items() if j in place}
            for i in self.tight
        ]
        self.turned: Rows = [{} for _ in self.inside]
        for at, row in enumerate(self.matrix):
            for to, value in row.items():
                self.turned[to][at] = value

    def forward(self, side: Sequence[int]) -> tuple[dict[int, int], int]:
        """Return what all basic variables must be that their columns add up to `side`."""
        program = self.program
        found, scale = solve(self.matrix, [side[i] for i in self.tight])
        values = dict(zip(self.inside, found, strict=True))
        for i in self.loose:
            used = sum(a * values[j] for j, a in program.rows[i].items() if j in values)
            values[program.columns + i] = side[i] * scale - used
        return values, scale

    def point(self) -> Point:
        """Return the values of all variables."""
        program, basis = self.program, self.basis
        outside = {j: program.at(j, s) for j, s in enumerate(basis) if s != BASIC}
        side = [
            b - sum(a * outside[j] for j, a in row.items() if j in outside)
            for b, row in zip(program.rhs, program.rows, strict=True)
        ]
        values, scale = self.forward(side)
        whole = [values[j] if j in values else outside[j] * scale for j in range(len(basis))]
        return Point(whole, scale)

    def reduced(self, cost: Sequence[int]) -> tuple[list[int], int]:
        """Return the reduced costs of all variables; a row's dual is minus its slack's, plus cost.

        All are numerators over the positive denominator.
        """
        program, n = self.program, self.program.columns
        side = [cost[j] for j in self.inside]
        place = {j: at for at, j in enumerate(self.inside)}
        for i in self.loose:
            if cost[n + i]:
                for j, a in program.rows[i].items():
                    if j in place:
                        side[place[j]] -= a * cost[n + i]
        found, scale = solve(self.turned, side)
        duals = [0] * len(program.rows)
        for i, dual in zip(self.tight, found, strict=True):
            duals[i] = dual
        for i in self.loose:
            duals[i] = cost[n + i] * scale
        reduced = [value * scale for value in cost]
        for i, row in enumerate(program.rows):
            if duals[i]:
                reduced[n + i] -= duals[i]
                for j, a in row.items():
                    reduced[j] -= a * duals[i]
        return reduced, scale


@dataclass(frozen=True)
class Evaluation:
    """What a basis is, exactly.

    Attributes
    ----------
    primal, dual : bool
        Whether it is primal and dual feasible; with both it is optimal.
    objective : Fraction
    terms : Fraction
        The sum of the sizes of the terms ``cost * x`` of the objective; where all are zero, what
        the largest quantity would cost at the highest price.
    x, duals : list of Fraction
    """

    primal: bool
    dual: bool
    objective: Fraction
    terms: Fraction
    x: list[Fraction]
    duals: list[Fraction]

    @property
    def optimal(self) -> bool:
        """Whether the basis is optimal."""
        return self.primal and self.dual


def evaluate(program: ExactProgram, basis: Sequence[int]) -> Evaluation:
    """Return what a basis is worth, in the given program's units.

    Raises
    ------
    NoBasisError, DependentError
        If the statuses do not name a basis.
    """
    solver = _Solver(program, list(basis))
    point = solver.point()
    reduced, scale = solver.reduced(program.cost)
    paid = [c * x for c, x in zip(program.cost, point.values, strict=False) if c]
    terms = sum(map(abs, paid)) or _largest_amount(program, point)
    return Evaluation(
        primal=not _outside(program, point),
        dual=not _improving(program, basis, reduced),
        objective=Fraction(sum(paid), point.denominator) * program.unit,
        terms=Fraction(terms, point.denominator) * program.unit,
        x=program.x(point),
        duals=program.duals(reduced, scale),
    )


def _largest_amount(program: ExactProgram, point: Point) -> int:
    """Return the largest cost times the largest quantity: a column, or a row of one column."""
    sizes = [abs(value) for value in point.values[: program.columns]]
    for row, side in zip(program.rows, program.rhs, strict=True):
        if row and side:
            sizes.append(abs(side) * point.denominator // max(map(abs, row.values())))
    return max(sizes, default=0) * max(map(abs, program.cost))


def _outside(program: ExactProgram, point: Point) -> dict[int, int]:
    """Return the variables beyond a bound: -1 below the lower, 1 above the upper."""
    found, scale = {}, point.denominator
    for j, value in enumerate(point.values):
        lower, upper = program.lower[j], program.upper[j]
        if lower is not None and value < lower * scale:
            found[j] = -1
        elif upper is not None and value > upper * scale:
            found[j] = 1
    return found


def _improving(program: ExactProgram, basis: Sequence[int], reduced: list[int]) -> list[int]:
    """Return the nonbasic variables that would lower the cost by moving off their bound."""
    found = []
    for j, status in enumerate(basis):
        lower, upper = program.lower[j], program.upper[j]
        if status != BASIC and lower != upper:
            at_lower = lower is not None and (status == AT_LOWER or upper is None)
            if (reduced[j] < 0) if at_lower else (reduced[j] > 0):
                found.append(j)
    return found


@dataclass(frozen=True)
class Truth:
    """What a program is, exactly.

    Attributes
    ----------
    status : str
        "optimal", "infeasible" or "unbounded".
    evaluation : Evaluation or None
        Of the optimal basis.
    pivots : int
        From the basis that was given to the one that proves the status.
    """

    status: str
    evaluation: Evaluation | None
    pivots: int


def truth(program: ExactProgram, basis: Sequence[int] | None = None) -> Truth:
    """Return what a program is, by the exact simplex from a basis, else from all slacks.

    Infeasibilities are removed by lowering their sum. After a step of length zero the smallest
    index chooses (Bland), so that it ends.
    """
    try:
        return _simplex(program, list(basis) if basis is not None else program.slack_basis())
    except (NoBasisError, DependentError):
        return _simplex(program, program.slack_basis())


def _simplex(program: ExactProgram, basis: Basis) -> Truth:
    pivots, bland = 0, False
    while True:
        solver = _Solver(program, basis)
        point = solver.point()
        outside = _outside(program, point)
        cost = [outside.get(j, 0) for j in range(len(basis))] if outside else program.cost
        reduced, _ = solver.reduced(cost)
        choices = _improving(program, basis, reduced)
        if not choices and outside:
            return Truth("infeasible", None, pivots)
        if not choices:
            return Truth("optimal", evaluate(program, basis), pivots)
        entering = choices[0] if bland else max(choices, key=lambda j: abs(reduced[j]))
        step = _step(solver, point, outside, entering, up=reduced[entering] < 0)
        if step is None:
            return Truth("unbounded", None, pivots)
        _move(basis, entering, step)
        pivots, bland = pivots + 1, step.length == 0


@dataclass(frozen=True)
class _Step:
    length: Fraction
    leaving: int
    to: int


def _step(
    solver: _Solver, point: Point, outside: dict[int, int], entering: int, *, up: bool
) -> _Step | None:
    """Return how far the entering variable goes and what stops it; None if nothing does."""
    program, n = solver.program, solver.program.columns
    column = [row.get(entering, 0) for row in program.rows]
    if entering >= n:
        column[entering - n] = 1
    change, scale = solver.forward(column)
    found = []
    lower, upper = program.lower[entering], program.upper[entering]
    if lower is not None and upper is not None:
        found.append(_Step(Fraction(upper - lower), entering, AT_UPPER if up else AT_LOWER))
    for j, amount in change.items():
        rising = (amount < 0) == up
        to = _stop(outside.get(j, 0), rising)
        bound = program.upper[j] if to == AT_UPPER else program.lower[j]
        if amount and to is not None and bound is not None:
            room = abs(Fraction(point.values[j], point.denominator) - bound)
            found.append(_Step(room * scale / abs(amount), j, to))
    return min(found, key=lambda step: (step.length, step.leaving)) if found else None


def _stop(side: int, rising: bool) -> int | None:
    """Return the bound that stops a basic variable: one beyond a bound stops where it comes in."""
    if side < 0:
        return AT_LOWER if rising else None
    if side > 0:
        return None if rising else AT_UPPER
    return AT_UPPER if rising else AT_LOWER


def _move(basis: Basis, entering: int, step: _Step) -> None:
    basis[entering] = BASIC
    basis[step.leaving] = step.to
