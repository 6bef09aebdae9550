"""PuLP: a variable and an expression at a time, as its users write them, solved by its own CBC."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pulp

from planner.solve.two_stage.extensive import Extensive, extensive_form
from planner.solve.two_stage.problem import Risk, TwoStage


def with_cbc(problem: TwoStage, risk: Risk) -> Callable[[], float]:
    """Return work that writes the extensive form as a PuLP model and solves it."""
    return partial(_solve, extensive_form(problem, risk))


def _solve(form: Extensive) -> float:
    model = _model(form)
    model.solve(pulp.PULP_CBC_CMD(msg=False, threads=2))
    if model.status != pulp.LpStatusOptimal:
        raise RuntimeError(f"PuLP reports '{pulp.LpStatus[model.status]}'")
    return float(pulp.value(model.objective)) + form.constant


def _model(form: Extensive) -> Any:
    def finite(value: float) -> float | None:
        return float(value) if np.isfinite(value) else None

    kinds = ["Integer" if whole else "Continuous" for whole in form.integer]
    model = pulp.LpProblem("extensive_form", pulp.LpMinimize)
    x = [
        model.add_variable(f"x{j}", finite(form.lower[j]), finite(form.upper[j]), kinds[j])
        for j in range(form.cost.size)
    ]
    model += pulp.LpAffineExpression(zip(x, form.cost.tolist(), strict=True))
    rows = form.matrix.tocsr()
    for i in range(form.low.size):
        mine = slice(rows.indptr[i], rows.indptr[i + 1])
        pairs = zip(rows.indices[mine], rows.data[mine].tolist(), strict=True)
        total = pulp.LpAffineExpression([(x[j], value) for j, value in pairs])
        low, high = finite(form.low[i]), finite(form.high[i])
        if low is not None and low == high:
            model += total == low
            continue
        if low is not None:
            model += total >= low
        if high is not None:
            model += total <= high
    return model
