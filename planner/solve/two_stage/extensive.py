"""The extensive form: all samples of a two-stage problem in one linear program.

For small numbers of samples, as a check of what decomposition finds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from planner.errors import SolveError
from planner.model.template import Array, Bits
from planner.solve.simplex import PRECISION
from planner.solve.two_stage.problem import (
    NEUTRAL,
    BlockNumbers,
    RecourseBlock,
    Risk,
    Samples,
    TwoStage,
)


@dataclass(frozen=True)
class Extensive:
    """``min cost x + constant``, ``low <= matrix x <= high``, ``lower <= x <= upper``.

    The first-stage columns are the first ones.

    Attributes
    ----------
    matrix : scipy.sparse.csc_array, (row, column)
    """

    cost: Array
    constant: float
    matrix: Any
    low: Array
    high: Array
    lower: Array
    upper: Array
    integer: Bits


@dataclass
class _Assembly:
    """Columns (cost, lower, upper) and rows (low, high) as they come, and the entries."""

    columns: list[tuple[Array, Array, Array]] = field(default_factory=list)
    rows: list[tuple[Array, Array]] = field(default_factory=list)
    entries: list[tuple[Array, Array, Array]] = field(default_factory=list)
    width: int = 0
    height: int = 0

    def add_columns(self, cost: Array, lower: Array, upper: Array) -> int:
        begin, self.width = self.width, self.width + cost.size
        self.columns.append((cost, lower, upper))
        return begin

    def add_rows(self, low: Array, high: Array) -> int:
        begin, self.height = self.height, self.height + low.size
        self.rows.append((low, high))
        return begin

    def add_entries(self, rows: Any, columns: Any, values: Any) -> None:
        of_row, of_column, value = np.broadcast_arrays(rows, columns, values)
        self.entries.append((of_row, of_column, value))


def extensive_form(problem: TwoStage, risk: Risk = NEUTRAL) -> Extensive:
    """Return the extensive form of a problem under a risk measure."""
    from scipy.sparse import coo_array

    first, found = problem.first, _Assembly()
    count = first.lower.size
    found.add_columns(np.zeros(count), first.lower, first.upper)
    found.add_rows(first.low, first.high)
    of_entry = np.repeat(np.arange(first.low.size), np.diff(first.row_starts))
    found.add_entries(of_entry, first.column_of, first.values)
    eta = -1
    if risk.weight > 0:
        # CVaR is the least over eta of eta + mean(excess over eta) / (1 - level).
        eta = found.add_columns(np.array([risk.weight]), np.full(1, -np.inf), np.full(1, np.inf))
    constant = 0.0
    for k in range(problem.chunks):
        samples = problem.samples(k)
        for s in range(samples.n):
            constant += _add_sample(found, problem, samples, s, risk, eta)
    cost, lower, upper = (np.concatenate(part) for part in zip(*found.columns, strict=True))
    low, high = (np.concatenate(part) for part in zip(*found.rows, strict=True))
    rows, columns, values = (np.concatenate(part) for part in zip(*found.entries, strict=True))
    matrix = coo_array((values, (rows, columns)), shape=(found.height, found.width)).tocsc()
    integer = np.zeros(found.width, dtype=bool)
    integer[:count] = first.integer
    return Extensive(cost, constant, matrix, low, high, lower, upper, integer)


def _add_sample(
    found: _Assembly, problem: TwoStage, samples: Samples, s: int, risk: Risk, eta: int
) -> float:
    """Add a sample's recourse; return what no decision changes of the objective."""
    count = problem.effect_of.size
    factor = np.ones(count) if samples.factor is None else samples.factor[s]
    weight = (1 - risk.weight) * samples.probability[s]
    own = factor * samples.cost[s, problem.effect_of]
    found.columns[0][0][:] += weight * own
    places, costs = [np.arange(count)], [own]
    for block, numbers in zip(problem.blocks, samples.blocks, strict=True):
        begin = _add_block(found, problem, factor, block, numbers, s, weight)
        costs.append(numbers.programs.cost[s])
        places.append(begin + np.arange(costs[-1].size))
    fixed = float(samples.constant[s])
    if eta >= 0:
        tail = np.array([risk.weight * samples.probability[s] / (1 - risk.level)])
        excess = found.add_columns(tail, np.zeros(1), np.full(1, np.inf))
        row = found.add_rows(np.array([fixed]), np.full(1, np.inf))
        found.add_entries(row, np.array([excess, eta]), 1.0)
        found.add_entries(row, np.concatenate(places), -np.concatenate(costs))
    return float(weight * fixed)


def _add_block(
    found: _Assembly,
    problem: TwoStage,
    factor: Array,
    block: RecourseBlock,
    numbers: BlockNumbers,
    s: int,
    weight: float,
) -> int:
    """Add a block's columns and rows; return where its columns begin."""
    from scipy.sparse import coo_array

    programs, template = numbers.programs, block.template
    begin = found.add_columns(weight * programs.cost[s], programs.lower[s], programs.upper[s])
    senses, rhs = np.array(template.senses, dtype=object), programs.rhs[s]
    low = found.add_rows(
        np.where(senses == "<=", -np.inf, rhs), np.where(senses == ">=", np.inf, rhs)
    )
    column_of = np.repeat(np.arange(len(template.columns)), np.diff(template.starts))
    found.add_entries(low + template.row_of, begin + column_of, programs.matrix[s])
    acts = coo_array(
        (factor, (problem.effect_of, np.arange(factor.size))),
        shape=(problem.effects, factor.size),
    )
    technology = coo_array(
        (numbers.technology[s], (block.technology_rows, block.technology_effects)),
        shape=(len(template.rows), problem.effects),
    )
    on_columns = (technology.tocsr() @ acts.tocsr()).tocoo()
    found.add_entries(low + on_columns.row, on_columns.col, on_columns.data)
    return begin


@dataclass(frozen=True)
class ExtensiveOptimum:
    """The optimum of an extensive form.

    Attributes
    ----------
    x : ndarray, (first-stage column,)
    objective : float
    """

    x: Array
    objective: float


def solve_extensive(
    problem: TwoStage, risk: Risk = NEUTRAL, *, integer_gap: float = 1e-9
) -> ExtensiveOptimum:
    """Return the optimum of the extensive form by HiGHS.

    Raises
    ------
    SolveError
        If HiGHS does not prove an optimum.
    """
    import highspy

    form = extensive_form(problem, risk)
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in {**PRECISION, "mip_rel_gap": integer_gap}.items():
        highs.setOptionValue(option, value)
    scale = float(np.abs(form.cost).max(initial=0.0)) or 1.0
    matrix = form.matrix
    highs.passModel(
        form.cost.size, form.low.size, matrix.nnz, int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize), 0.0, form.cost / scale, form.lower, form.upper,
        form.low, form.high, matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32),
        matrix.data, form.integer.astype(np.int32),
    )  # fmt: skip
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        status = highs.modelStatusToString(highs.getModelStatus())
        raise SolveError(f"HiGHS ends the extensive form as '{status}'")
    x = np.array(highs.getSolution().col_value)
    return ExtensiveOptimum(x[: problem.effect_of.size], float(form.cost @ x) + form.constant)
