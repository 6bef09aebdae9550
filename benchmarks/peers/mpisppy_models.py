"""mpi-sppy: a Pyomo model for each sample, joined to an extensive form or solved by L-shaped cuts.

Its L-shaped method takes the cost of the first stage from the first scenario alone, and multiplies
no constant by a probability; so each model has a variable of recourse that is what its sample
makes of the first stage's cost and of all constants. One process: no MPI job is needed for that,
but its cuts are Pyomo's, which want mpi4py.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.peers.extensive_numbers import BlockTerms, Numbers, numbers_of
from planner.solve.two_stage.problem import FirstStage, Risk, TwoStage

_GAP = 1e-4
_MOST_ITERATIONS = 100_000


def with_extensive_form(problem: TwoStage, risk: Risk) -> Callable[[], float]:
    """Return work that makes all models, joins them and has HiGHS solve the whole.

    Raises
    ------
    ModuleNotFoundError
        If mpi-sppy is not installed.
    """
    # Not installed with the planner; that it is loaded does not count.
    import mpisppy.opt.ef

    models = _Models(problem.first, numbers_of(problem), risk)
    return partial(_solve_whole, mpisppy.opt.ef.ExtensiveForm, models)


def with_lshaped(
    problem: TwoStage, risk: Risk, reference: float | None = None
) -> Callable[[], float]:
    """Return work that makes all models and runs mpi-sppy's L-shaped method.

    It knows no upper bound. With the optimum of another engine as `reference`, it stops as soon as
    its lower bound is within the gap of that: earlier than any rule of its own could.

    Raises
    ------
    ModuleNotFoundError
        If mpi-sppy or mpi4py is not installed.
    """
    import mpi4py
    import mpisppy.opt.lshaped

    del mpi4py
    models = _Models(problem.first, numbers_of(problem), risk)
    return partial(_solve_by_cuts, mpisppy.opt.lshaped.LShapedMethod, models, reference)


def _solve_whole(method: Any, models: _Models) -> float:
    whole = method({"solver": "appsi_highs"}, models.names, models.make)
    whole.solve_extensive_form()
    return float(whole.get_objective_value())


def _solve_by_cuts(method: Any, models: _Models, reference: float | None) -> float:
    options = {
        "root_solver": "highs",
        "sp_solver": "highs",
        "max_iter": _MOST_ITERATIONS,
        "tol": 1e-6,
        "verbose": False,
    }
    cuts = method(options, models.names, models.make)
    cuts.lshaped_algorithm(converger=partial(_NearEnough, reference=reference))
    return float(cuts._LShaped_bound)


class _NearEnough:
    """The way that mpi-sppy asks whether to stop."""

    def __init__(self, method: Any, rank: int, processes: int, reference: float | None) -> None:
        self._method, self._reference = method, reference
        del rank, processes

    def convergence_value(self) -> float:
        if self._reference is None:
            return float("inf")
        return float(self._reference - self._method._LShaped_bound) / abs(self._reference)

    def is_converged(self) -> bool:
        return self.convergence_value() <= _GAP


class _Models:
    """What mpi-sppy calls a scenario creator."""

    def __init__(self, first: FirstStage, numbers: Numbers, risk: Risk) -> None:
        self._first, self._numbers, self._risk = first, numbers, risk
        self.names = [f"sample{s}" for s in range(numbers.probability.size)]

    def make(self, name: str) -> Any:
        """Return the Pyomo model of a sample."""
        import pyomo.environ as pyo
        from mpisppy.utils.sputils import attach_root_node

        s, numbers = int(name.removeprefix("sample")), self._numbers
        model = pyo.ConcreteModel(name)
        model.x = _variables(pyo, self._first.lower, self._first.upper, self._first.integer)
        _sign(pyo, model, self._first)
        own, fixed = numbers.own[s].tolist(), float(numbers.constant[s])
        model.own = pyo.Var()
        paid = pyo.quicksum(c * model.x[j] for j, c in enumerate(own) if c)
        model.owes = pyo.Constraint(expr=model.own == paid + fixed)
        total = model.own
        for b, terms in enumerate(numbers.blocks):
            total = total + _add_block(pyo, model, f"block{b}", terms, s)
        nonants = [model.x]
        if self._risk.weight > 0:
            total = self._add_tail(pyo, model, total)
            nonants.append(model.quantile)
        model.cost = pyo.Objective(expr=total)
        attach_root_node(model, 0.0, nonants)
        model._mpisppy_probability = float(numbers.probability[s])
        return model

    def _add_tail(self, pyo: Any, model: Any, total: Any) -> Any:
        """Add CVaR by a quantile that all samples share; return the whole objective."""
        weight, level = self._risk.weight, self._risk.level
        # Cuts need a quantile that is bounded before there are any: no cost is below its bound.
        model.quantile = pyo.Var(bounds=(self._least_cost(), None))
        model.excess = pyo.Var(bounds=(0, None))
        model.over = pyo.Constraint(expr=model.excess + model.quantile >= total)
        tail = model.quantile + model.excess / (1 - level)
        return (1 - weight) * total + weight * tail

    def _least_cost(self) -> float:
        """Return what the cost of no sample is below, from bounds of the columns alone."""
        n, first = self._numbers, self._first
        least = n.constant + _least(n.own, first.lower, first.upper)
        for terms in n.blocks:
            least = least + _least(terms.cost, terms.lower, terms.upper)
        if not np.isfinite(least).all():
            raise RuntimeError("a column of negative cost has no upper bound")
        return float(least.min())


def _least(cost: Any, lower: Any, upper: Any) -> Any:
    at = np.where(cost < 0, upper, lower)
    return np.where(cost == 0, 0.0, cost * np.where(cost == 0, 0.0, at)).sum(axis=1)


def _variables(pyo: Any, lower: Any, upper: Any, integer: Any = None) -> Any:
    def ends(_: Any, j: int) -> tuple[float | None, float | None]:
        low, high = float(lower[j]), float(upper[j])
        return (low if np.isfinite(low) else None, high if np.isfinite(high) else None)

    def domain(_: Any, j: int) -> Any:
        return pyo.Integers if integer is not None and integer[j] else pyo.Reals

    return pyo.Var(range(len(lower)), bounds=ends, domain=domain)


def _sign(pyo: Any, model: Any, first: FirstStage) -> None:
    model.signed = pyo.ConstraintList()
    for i in range(first.low.size):
        mine = slice(first.row_starts[i], first.row_starts[i + 1])
        pairs = zip(first.column_of[mine].tolist(), first.values[mine].tolist(), strict=True)
        total = pyo.quicksum(value * model.x[j] for j, value in pairs)
        low, high = float(first.low[i]), float(first.high[i])
        if low == high:
            model.signed.add(total == low)
            continue
        if np.isfinite(low):
            model.signed.add(total >= low)
        if np.isfinite(high):
            model.signed.add(total <= high)


def _add_block(pyo: Any, model: Any, name: str, terms: BlockTerms, s: int) -> Any:
    """Add a block's variables and constraints; return its cost."""
    y = _variables(pyo, terms.lower[s], terms.upper[s])
    rows = pyo.ConstraintList()
    model.add_component(name, y)
    model.add_component(f"{name}_rows", rows)
    left: list[list[Any]] = [[] for _ in terms.senses]
    for variables, where, columns, values in (
        (y, terms.rows, terms.columns, terms.values[s]),
        (model.x, terms.signed_rows, terms.signed_columns, terms.signed_values[s]),
    ):
        triples = zip(where.tolist(), columns.tolist(), values.tolist(), strict=True)
        for i, j, value in triples:
            left[i].append(value * variables[j])
    for sense, summands, side in zip(terms.senses, left, terms.rhs[s].tolist(), strict=True):
        total = pyo.quicksum(summands)
        if sense == "=":
            rows.add(total == side)
        else:
            rows.add(total <= side if sense == "<=" else total >= side)
    return pyo.quicksum(c * y[j] for j, c in enumerate(terms.cost[s].tolist()) if c)
