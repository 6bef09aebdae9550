"""The master: the first stage under a model of what recourse costs, made of cuts.

    min  (1 - weight) (direct x + constant + sum of theta) + weight phi
    with the rows and bounds of the first stage,
         theta[b] at least every cut of block b, phi at least every cut of the tail

Its optimum is below that of the problem whatever cuts there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from planner.errors import SolveError
from planner.model.template import Array
from planner.solve.simplex import PRECISION
from planner.solve.two_stage.problem import FirstStage, Risk
from planner.solve.two_stage.recourse import Cut, Slopes

_INFINITY = highspy.kHighsInf

_NO_CUT = 1e7
"""What the cost of recourse is not below, in units of the master, while nothing is known of it."""

_NO_PRICE = 1e-9

_FURTHER, _FARTHEST = 1e3, 1e18

_FAR = 1e6
"""Bounds that stand in for infinite ones, in units of the largest finite one: a master that has
few cuts may have no optimum without them."""


class NoFirstStageError(SolveError):
    """No first stage satisfies its rows and bounds and leaves a recourse."""


@dataclass(frozen=True)
class Proposal:
    """The master's optimum.

    Attributes
    ----------
    x : ndarray, (column,)
    value : float
        Of the master at its optimum.
    stopped : bool
        Whether a bound that stands in for an infinite one is in the way.
    bound : float
        No first stage has a lower risk measure; minus infinity where something has no cut yet, or
        a bound that stands in for an infinite one is in the way.
    """

    x: Array
    value: float
    stopped: bool
    bound: float


class Master:
    """A master that cuts are added to.

    Parameters
    ----------
    first : FirstStage
    risk : Risk
    mean : Slopes
        Under the probabilities, at any point: what is paid directly, and how large costs are.
    integer_gap : float
        Relative, of the master's own whole numbers.
    """

    def __init__(self, first: FirstStage, risk: Risk, mean: Slopes, integer_gap: float) -> None:
        self._first, self._risk = first, risk
        # Costs of about 1,000, so that tolerances are small beside them.
        known = float(np.nan_to_num(mean.total, nan=0.0, posinf=0.0))
        self._unit = max(abs(known), float(np.abs(mean.direct).max(initial=0.0)), 1e-3) / 1e3
        self._columns, self._blocks = first.lower.size, mean.value.size
        self._constant = (1 - risk.weight) * mean.constant
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        whole = {"mip_rel_gap": integer_gap, "mip_feasibility_tolerance": 1e-9}
        for option, value in {**PRECISION, **whole}.items():
            self._highs.setOptionValue(option, value)
        self._far = _far(first)
        self._cut = np.zeros(self._blocks + (risk.weight > 0), dtype=bool)
        self._pass_model((1 - risk.weight) * mean.direct / self._unit)
        self._is_whole = False
        self._limits = first.lower, first.upper

    @property
    def scale(self) -> float:
        """Dollars (or whatever costs are in) that are a typical objective."""
        return 1e3 * self._unit

    def widen(self) -> bool:
        """Move the bounds that stand in for infinite ones further out, if there is any further."""
        self._far *= _FURTHER
        self.limit(*self._limits)
        return self._far <= _FARTHEST

    def _pass_model(self, direct: Array) -> None:
        first, averse = self._first, self._risk.weight > 0
        others = self._blocks + averse
        weights = [1 - self._risk.weight] * self._blocks + [self._risk.weight] * averse
        self._highs.passModel(
            self._columns + others,
            first.low.size,
            first.values.size,
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            np.concatenate([direct, weights]),
            np.concatenate([np.maximum(first.lower, -self._far), np.full(others, -_NO_CUT)]),
            np.concatenate([np.minimum(first.upper, self._far), np.full(others, _INFINITY)]),
            np.maximum(first.low, -_INFINITY),
            np.minimum(first.high, _INFINITY),
            first.row_starts.astype(np.int32),
            first.column_of.astype(np.int32),
            first.values,
            np.zeros(self._columns + others, dtype=np.int32),
        )

    def add(self, mean: Slopes, tail: Slopes | None = None) -> None:
        """Add the cuts of the mean by blocks, and of the tail."""
        self._add_mean_cuts(mean)
        if tail is not None:
            slope = tail.direct + tail.slope.sum(axis=0)
            value = tail.constant + tail.value.sum() - tail.slope.sum(axis=0) @ tail.point
            self._at_least(self._columns + self._blocks, float(value), slope)

    def _add_mean_cuts(self, mean: Slopes) -> None:
        for b in np.flatnonzero(np.isfinite(mean.value)).tolist():
            value = float(mean.value[b] - mean.slope[b] @ mean.point)
            self._at_least(self._columns + b, value, mean.slope[b])

    def _at_least(self, column: int, value: float, slope: Array) -> None:
        """Hold a column to at least ``value + slope x``."""
        there = np.flatnonzero(slope)
        self._cut[column - self._columns] = True
        self._highs.addRow(
            value / self._unit,
            _INFINITY,
            there.size + 1,
            np.append(there, column).astype(np.int32),
            np.append(-slope[there] / self._unit, 1.0),
        )

    def forbid(self, cut: Cut) -> None:
        """Hold a cut to at most 0: beyond it there is no recourse."""
        there = np.flatnonzero(cut.slope)
        # Slopes of 1e-6 would let the solver's tolerance break the cut by a thousandth.
        size = float(np.abs(cut.slope).max(initial=0.0)) or 1.0
        side = (float(cut.slope @ cut.point) - cut.value) / size
        values = cut.slope[there] / size
        self._highs.addRow(-_INFINITY, side, there.size, there.astype(np.int32), values)

    def limit(self, lower: Array, upper: Array) -> None:
        """Give the first stage other bounds."""
        self._limits = lower, upper
        columns = np.arange(self._columns, dtype=np.int32)
        self._highs.changeColsBounds(
            columns.size, columns, np.maximum(lower, -self._far), np.minimum(upper, self._far)
        )

    def solve(self, *, whole: bool) -> Proposal:
        """Return the optimum, whole columns in whole numbers or not.

        Raises
        ------
        SolveError
            If there is none, or HiGHS does not prove it.
        """
        self._require(whole)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            self._highs.clearSolver()
            self._highs.run()
            status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise NoFirstStageError("no first stage satisfies its rows and leaves a recourse")
        if status != highspy.HighsModelStatus.kOptimal:
            words = self._highs.modelStatusToString(status)
            raise SolveError(f"HiGHS did not prove an optimum of the master: it reports '{words}'")
        info, first = self._highs.getInfo(), self._first
        x = np.array(self._highs.getSolution().col_value[: self._columns])
        value = info.mip_dual_bound if self._is_whole else info.objective_function_value
        lower, upper = self._limits
        stopped = (np.isinf(upper) & (x >= self._far)) | (np.isinf(lower) & (x <= -self._far))
        if not self._is_whole:
            # A tie that happens to lie there costs nothing and keeps nothing from being lower.
            price = np.array(self._highs.getSolution().col_dual[: self._columns])
            stopped &= np.abs(price) > _NO_PRICE
        value = value * self._unit + self._constant
        known = self._cut.all() and not stopped.any()
        return Proposal(
            # A solver's rounding beside a bound is no order of -1e-12.
            x=np.clip(x, first.lower, first.upper),
            value=float(value),
            stopped=bool(stopped.any()),
            bound=float(value) if known else -np.inf,
        )

    def _require(self, whole: bool) -> None:
        if whole == self._is_whole:
            return
        self._is_whole = whole
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        for column in np.flatnonzero(self._first.integer).tolist():
            self._highs.changeColIntegrality(column, kind)


def _far(first: FirstStage) -> float:
    sizes = np.concatenate([first.lower, first.upper, first.low, first.high])
    sizes = np.abs(sizes[np.isfinite(sizes)])
    return _FAR * (1 + float(sizes.max(initial=0.0)))
