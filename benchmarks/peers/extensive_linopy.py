"""linopy: variables and constraints over all samples at once, and HiGHS as linopy calls it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.arrays import Floats
from benchmarks.peers.extensive_numbers import BlockTerms, Numbers, numbers_of
from planner.solve.two_stage.problem import FirstStage, Risk, TwoStage


def with_linopy(problem: TwoStage, risk: Risk) -> Callable[[], float]:
    """Return work that writes a linopy model from arrays of all samples and solves it.

    Raises
    ------
    ModuleNotFoundError
        If linopy is not installed.
    """
    # Not installed with the planner; that it is loaded does not count.
    import linopy

    del linopy
    return partial(_solve, problem.first, numbers_of(problem), risk)


def _solve(first: FirstStage, given: Numbers, risk: Risk) -> float:
    """Return the least cost.

    Raises
    ------
    RuntimeError
        If it is not solved to optimality.
    """
    written = _Written(first)
    total = (_array(given.own, "sample", "signed") * written.x).sum("signed")
    for b, terms in enumerate(given.blocks):
        total = total + written.add_block(f"block{b}", terms)
    probability = _array(given.probability, "sample")
    objective = ((1 - risk.weight) * probability * total).sum()
    if risk.weight > 0:
        constant = _array(given.constant, "sample")
        objective = objective + written.add_tail(total, constant, probability, risk)
    written.model.add_objective(objective)
    status, condition = written.model.solve(solver_name="highs", output_flag=False)
    if (status, condition) != ("ok", "optimal"):
        raise RuntimeError(f"linopy reports '{condition}'")
    fixed = (1 - risk.weight) * float(given.probability @ given.constant)
    return float(written.model.objective.value) + fixed


def _array(values: NDArray[Any], *dims: str) -> Any:
    import xarray

    named = zip(dims, values.shape, strict=True)
    return xarray.DataArray(values, dims=dims, coords={dim: np.arange(n) for dim, n in named})


class _Written:
    """A linopy model as it is written; its first stage is there from the start."""

    def __init__(self, first: FirstStage) -> None:
        import linopy

        self.model: Any = linopy.Model()
        self.x = self.model.add_variables(
            _array(first.lower, "signed"), _array(first.upper, "signed"), name="x"
        )
        if first.integer.any():
            whole = _array(first.integer, "signed")
            count = self.model.add_variables(
                _array(first.lower, "signed"),
                _array(first.upper, "signed"),
                mask=whole,
                integer=True,
                name="count",
            )
            held = self.x - count.fillna(0)
            self.model.add_constraints(held == 0, mask=whole, name="counts")
        entry_rows = np.repeat(np.arange(first.low.size), np.diff(first.row_starts))
        left = _rows(self.x, "signed", entry_rows, first.column_of, first.values, first.low.size)
        for name, sides, sense in (("low", first.low, ">="), ("high", first.high, "<=")):
            there = np.flatnonzero(np.isfinite(sides))
            if there.size:
                self.model.add_constraints(
                    left.isel(row=there), sense, _array(sides, "row").isel(row=there), name=name
                )

    def add_block(self, name: str, terms: BlockTerms) -> Any:
        """Add a block's variables and constraints and return its cost by sample."""
        y = self.model.add_variables(
            _array(terms.lower, "sample", name),
            _array(terms.upper, "sample", name),
            name=name,
        )
        rows = len(terms.senses)
        left = _rows(y, name, terms.rows, terms.columns, terms.values, rows)
        if terms.signed_rows.size:
            left = left + _rows(
                self.x, "signed", terms.signed_rows, terms.signed_columns, terms.signed_values, rows
            )
        sense = _array(np.array(terms.senses), "row")
        rhs = _array(terms.rhs, "sample", "row")
        self.model.add_constraints(left, sense, rhs, name=f"{name}_rows")
        return (_array(terms.cost, "sample", name) * y).sum(name)

    def add_tail(self, total: Any, constant: Any, probability: Any, risk: Risk) -> Any:
        """Add CVaR, by its quantile and what is over it, and return its part of the objective."""
        quantile = self.model.add_variables(name="quantile")
        excess = self.model.add_variables(lower=0 * constant, name="excess")
        self.model.add_constraints(excess + quantile - total, ">=", constant, name="tail")
        beyond = (risk.weight / (1 - risk.level) * probability * excess).sum()
        return risk.weight * quantile + beyond


def _index(positions: NDArray[np.int64], *dims: str) -> Any:
    import xarray

    return xarray.DataArray(positions, dims=dims)


def _rows(
    variables: Any,
    dim: str,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    values: Floats,
    count: int,
) -> Any:
    """Return ``sum of values times variables`` over a dimension `row`.

    Every row gets as many terms as the longest has: those that it lacks are zeros.
    """
    order = np.argsort(rows, kind="stable")
    length = np.bincount(rows, minlength=count)
    place = np.arange(rows.size) - np.repeat(np.cumsum(length) - length, length)
    shape = (count, max(int(length.max(initial=0)), 1))
    column_of = np.zeros(shape, dtype=np.int64)
    column_of[rows[order], place] = columns[order]
    filled = np.zeros((*values.shape[:-1], *shape))
    filled[..., rows[order], place] = values[..., order]
    dims = ("sample", "row", "term") if values.ndim > 1 else ("row", "term")
    chosen = variables.isel({dim: _index(column_of, "row", "term")})
    return (_array(filled, *dims) * chosen.assign_coords(row=np.arange(count))).sum("term")
