"""The reference: any one sample as a PuLP problem, readable, for any solver that PuLP drives.

PuLP's signs of duals are those of `planner.solve.solutions`; a solver that gives none has no
certificate.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.model.template import LinearPrograms
from planner.solve.solutions import Certificates, Solutions, certify, linear_solutions


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


class PulpSolver:
    """Solves blocks of linear programs one by one with a solver that PuLP drives.

    Parameters
    ----------
    name : str
        As ``pulp.listSolvers`` gives it.
    """

    def __init__(self, name: str) -> None:
        import pulp

        self._solver = pulp.getSolver(name, msg=False)

    def solutions(
        self,
        programs: LinearPrograms,
        *,
        break_ties: bool = True,  # noqa: ARG002
        starts: object = None,  # noqa: ARG002
    ) -> tuple[Solutions, Certificates]:
        """Solve a block; what the solver does not answer is not a number and so has no proof."""
        template = programs.template
        x, duals = np.full(programs.cost.shape, np.nan), np.full(programs.rhs.shape, np.nan)
        for k in range(programs.n):
            problem = to_pulp(programs, k)
            problem.solve(self._solver)
            values = {variable.name: variable.value() for variable in problem.variables()}
            x[k] = [_number(values[label.text()]) for label in template.columns]
            rows = [problem.get_constraint_by_name(label.text()) for label in template.rows]
            duals[k] = [_number(row.pi) for row in rows]
        return linear_solutions(programs, x, duals), certify(programs, x, duals)


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
