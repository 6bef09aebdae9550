"""The optimum of a formulation: compiled by Pyomo, solved by HiGHS at its tightest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from constraints import constrain
from drawn import Array, Sample
from formulation import MILLION, Decisions
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler, LinearStandardFormInfo

OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    "mip_feasibility_tolerance": 1e-9,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.0,
    # Four times faster: these look for good plans early, and here only proofs take time.
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
}

Values = dict[str, dict[Any, float]]


@dataclass(frozen=True)
class Optimum:
    """What the cheapest plan of a sample costs and does.

    Attributes
    ----------
    cost_usd : float
    columns : mapping of family to mapping of key to float
    prices : mapping of family to mapping of key to float
        Shadow prices of the rows in million dollars, with all whole decisions as they are.
    """

    cost_usd: float
    columns: Values
    prices: Values


def solve(sample: Sample) -> Optimum:
    """Formulate and solve a sample.

    Raises
    ------
    RuntimeError
        If HiGHS proves no optimum.
    """
    plan = Decisions(sample)
    constrain(plan)
    compiled = LinearStandardFormCompiler().write(plan.model, mixed_form=True)
    whole = np.array([not column.is_continuous() for column in compiled.columns])
    low, high = _bounds(compiled)
    if whole.any():
        chosen = np.round(_run(compiled, low, high, whole).getSolution().col_value)
        # Exactly whole: what a tolerance leaves of a whole number could open a large order.
        low, high = np.where(whole, chosen, low), np.where(whole, chosen, high)
    solver = _run(compiled, low, high, np.zeros_like(whole))
    found = solver.getSolution()
    columns = _by_family(compiled.columns, found.col_value)
    rows = _by_family([row.constraint for row in compiled.rows], found.row_dual)
    return Optimum(MILLION * solver.getObjectiveValue(), columns, rows)


def _bounds(compiled: LinearStandardFormInfo) -> tuple[Array, Array]:
    pairs = [column.bounds for column in compiled.columns]
    low = np.array([-np.inf if pair[0] is None else pair[0] for pair in pairs])
    high = np.array([np.inf if pair[1] is None else pair[1] for pair in pairs])
    return low, high


def _run(compiled: LinearStandardFormInfo, low: Array, high: Array, whole: Any) -> highspy.Highs:
    solver, lp = highspy.Highs(), highspy.HighsLp()
    for option, value in OPTIONS.items():
        solver.setOptionValue(option, value)
    sense = np.array([row.bound_type for row in compiled.rows])
    lp.num_row_, lp.num_col_ = compiled.A.shape
    lp.col_cost_ = compiled.c.toarray()[0]
    lp.offset_ = float(compiled.c_offset[0])
    lp.col_lower_, lp.col_upper_ = low, high
    lp.row_lower_ = np.where(sense <= 0, compiled.rhs, -np.inf)
    lp.row_upper_ = np.where(sense >= 0, compiled.rhs, np.inf)
    matrix = compiled.A.tocsc()
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
    lp.a_matrix_.value_ = matrix.data
    if whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(is_whole)] for is_whole in whole]
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"no optimum: {solver.modelStatusToString(solver.getModelStatus())}")
    return solver


def _by_family(parts: list[Any], values: list[float]) -> Values:
    found: Values = {}
    for part, value in zip(parts, values, strict=True):
        family = found.setdefault(part.parent_component().local_name, {})
        family[part.index()] = float(value)
    return found
