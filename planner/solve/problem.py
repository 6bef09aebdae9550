"""From a template's numbers to the arrays that HiGHS takes, and back to the template's duals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from planner.errors import SolveError
from planner.model.template import CONSTANT, Array, Bits, Indices, LinearPrograms, Template
from planner.solve.tableau import UNLIMITED


@dataclass(frozen=True)
class Problem:
    """One sample as arrays in the order of HiGHS's columns and rows.

    Attributes
    ----------
    scale : float
        Dollars per unit of `cost`.
    cost, lower, upper : ndarray, (column,)
    low, high : ndarray, (row of HiGHS,)
        Limits of the rows; equal for an equation.
    matrix : ndarray, (entry of HiGHS,)
    owned : ndarray of bool, (bounding row,)
        Whether `upper` is that row's right-hand side, so that the dual is the row's.
    """

    scale: float
    cost: Array
    lower: Array
    upper: Array
    low: Array
    high: Array
    matrix: Array
    owned: Bits


class Layout:
    """Which row and entry of a template stands where in HiGHS.

    A ``<=`` row with a single, constant entry 1 is handed over as the upper bound of its column:
    the same problem with fewer rows. Where the column has an upper bound of its own, the tighter
    of the two is handed over and owns the dual (the reduced cost at that bound); of two that are
    equal, the row. The bounds of a fixed column are an equation, which owns all of its dual.

    Parameters
    ----------
    template : Template

    Attributes
    ----------
    bounds : Bounds
        The rows that are handed over as bounds.
    kept, entries : ndarray of int
        The other rows, and their entries, by their positions in the template.
    starts, row_of, column_of : ndarray of int
        The pattern of those entries by columns, rows numbered as in `kept`.
    senses : tuple of Sense
        Of the rows in `kept`.
    """

    def __init__(self, template: Template) -> None:
        self._template = template
        self.bounds = _bounding_rows(template)
        kept = np.ones(len(template.rows), dtype=bool)
        kept[self.bounds.rows] = False
        self.kept = np.flatnonzero(kept)
        self.entries = np.flatnonzero(kept[template.row_of])
        column_of = np.repeat(np.arange(len(template.columns)), np.diff(template.starts))
        self.column_of = column_of[self.entries]
        counts = np.bincount(self.column_of, minlength=len(template.columns))
        self.starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        renumbered = np.cumsum(kept) - 1
        self.row_of = renumbered[template.row_of[self.entries]].astype(np.int32)
        self.senses = tuple(template.senses[r] for r in self.kept)
        senses = np.array(self.senses, dtype=object)
        self._open_below, self._open_above = senses == "<=", senses == ">="
        self.columns = np.arange(len(template.columns), dtype=np.int32)
        self.rows = np.arange(self.kept.size, dtype=np.int32)

    def problem(self, programs: LinearPrograms, k: int) -> Problem:
        """Return sample `k`, its cost in units of a typical cost."""
        infinity = highspy.kHighsInf
        scale = _middle_size(programs.cost[k])
        lower, own = programs.lower[k], programs.upper[k]
        columns, bounds = self.bounds.columns, programs.rhs[k, self.bounds.rows]
        owned = (bounds <= own[columns]) & (lower[columns] < own[columns])
        upper = np.where(own < UNLIMITED, own, infinity)
        upper[columns] = np.where(
            bounds < UNLIMITED, np.minimum(upper[columns], bounds), upper[columns]
        )
        rhs = programs.rhs[k, self.kept]
        return Problem(
            scale=scale,
            cost=programs.cost[k] / scale,
            lower=lower,
            upper=upper,
            low=np.where(self._open_below, -infinity, rhs),
            high=np.where(self._open_above, infinity, rhs),
            matrix=programs.matrix[k, self.entries],
            owned=owned,
        )

    def hand_over(self, highs: Any, problem: Problem, integer: Bits | None = None) -> None:
        """Give HiGHS a problem; without `integer` every column is continuous.

        Raises
        ------
        SolveError
            If HiGHS does not take it.
        """
        count = self.columns.size
        kinds = np.zeros(count, dtype=np.int32) if integer is None else integer.astype(np.int32)
        status = highs.passModel(
            count,
            self.rows.size,
            problem.matrix.size,
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            problem.cost,
            problem.lower,
            problem.upper,
            problem.low,
            problem.high,
            self.starts,
            self.row_of,
            problem.matrix,
            kinds,
        )
        if status == highspy.HighsStatus.kError:
            raise SolveError(
                "HiGHS does not take the numbers of this sample: a coefficient above 1e15 or an "
                "equation or fixed column above 1e20; look at it with 'planner export'"
            )

    def duals(self, problem: Problem, row_duals: Array, reduced: Array) -> Array:
        """Return the duals of the template's rows in dollars, (row,)."""
        found = np.zeros(len(self._template.rows))
        found[self.kept] = row_duals
        at_bound = np.minimum(reduced[self.bounds.columns], 0.0)
        found[self.bounds.rows] = np.where(problem.owned, at_bound, 0.0)
        return found * problem.scale


@dataclass(frozen=True)
class Bounds:
    """Rows that only bound a column, and those columns."""

    rows: Indices
    columns: Indices


def _bounding_rows(template: Template) -> Bounds:
    """Return the ``<=`` rows whose only entry is a constant 1; of several on a column, one."""
    column_of = np.repeat(np.arange(len(template.columns)), np.diff(template.starts))
    in_row = np.bincount(template.row_of, minlength=len(template.rows))
    terms = np.bincount(template.entry_of, minlength=template.entries)
    one = template.layout[CONSTANT]
    found: dict[int, int] = {}
    for term, entry in enumerate(template.entry_of):
        row, column = int(template.row_of[entry]), int(column_of[entry])
        constant = template.entry_at[term] == one and template.entry_factor[term] == 1
        alone = in_row[row] == 1 and terms[entry] == 1
        if constant and alone and template.senses[row] == "<=":
            found.setdefault(column, row)
    return Bounds(np.array(list(found.values()), int), np.array(list(found), int))


def _middle_size(cost: Array) -> float:
    """Return the geometric mean of the sizes of the costs that are not zero.

    Not the mean: one price of shortfall that stands for "at any price" would drown the rest in
    the solver's tolerance.
    """
    sizes = np.abs(cost[cost != 0])
    return float(np.exp(np.log(sizes).mean())) if sizes.size else 1.0
