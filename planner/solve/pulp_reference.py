"""The reference: any one sample as a PuLP problem, readable, for any solver that PuLP drives."""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.model.template import LinearPrograms


def to_pulp(programs: LinearPrograms, k: int, name: str = "planner") -> Any:
    """Return sample `k` of a block as a ``pulp.LpProblem``.

    Columns and rows keep their family and key; ``-`` becomes ``~``, which LP files allow.
    """
    import pulp

    template = programs.template
    problem = pulp.LpProblem(name.replace("-", "_"), pulp.LpMinimize)
    columns = [
        problem.add_variable(
            label.text(),
            lowBound=float(programs.lower[k, j]),
            upBound=float(programs.upper[k, j]) if np.isfinite(programs.upper[k, j]) else None,
            cat=pulp.LpInteger if template.integer[j] else pulp.LpContinuous,
        )
        for j, label in enumerate(template.columns)
    ]
    problem += pulp.LpAffineExpression(
        [(column, float(cost)) for column, cost in zip(columns, programs.cost[k], strict=True)]
    )
    members: list[list[tuple[Any, float]]] = [[] for _ in template.rows]
    column_of = np.repeat(np.arange(len(columns)), np.diff(template.starts))
    for entry, row in enumerate(template.row_of):
        members[row].append((columns[column_of[entry]], float(programs.matrix[k, entry])))
    senses = {"<=": pulp.LpConstraintLE, ">=": pulp.LpConstraintGE, "=": pulp.LpConstraintEQ}
    for r, label in enumerate(template.rows):
        problem += pulp.LpConstraint(
            pulp.LpAffineExpression(members[r]),
            senses[template.senses[r]],
            label.text(),
            float(programs.rhs[k, r]),
        )
    return problem
