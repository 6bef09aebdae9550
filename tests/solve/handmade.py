"""Blocks of programs from dense arrays, and what independent solvers make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp

from planner.model.builder import TemplateBuilder
from planner.model.template import Label, LinearPrograms, Ref, constant
from planner.solve.hot import HotHighs
from planner.solve.solutions import Solutions, certify

Array = np.ndarray[Any, np.dtype[np.float64]]

PROVEN = 1e-9
"""A residual that leaves room below the tolerance."""


def column(j: int) -> Label:
    return Label("x", (str(j),))


def block(
    cost: Any,
    matrix: Any,
    senses: Sequence[Any],
    rhs: Any,
    *,
    upper: Any = None,
    integer: Sequence[int] = (),
    limits: Mapping[int, Any] | None = None,
) -> LinearPrograms:
    """Return programs of dense numbers: (sample, column), (sample, row, column), (sample, row).

    Leading axes may be missing. `limits` are rows with the constant 1 on a column. An entry that
    is zero in every sample is left out; one that is zero in some stays.
    """
    costs = np.atleast_2d(np.array(cost, dtype=float))
    n, count = costs.shape
    sides = np.broadcast_to(np.array(rhs, dtype=float), (n, len(senses)))
    entries = np.broadcast_to(np.array(matrix, dtype=float), (n, len(senses), count))
    tops = np.full((n, count), np.inf)
    tops[:] = np.inf if upper is None else upper
    rows = dict(limits or {})
    sources = {"cost": costs, "rhs": sides, "matrix": entries, "upper": tops}
    sources["limit"] = np.array(
        [np.broadcast_to(np.array(side, dtype=float), n) for side in rows.values()]
    ).T.reshape(n, -1)
    builder = TemplateBuilder({name: values.shape[1:] for name, values in sources.items()})
    for j in range(count):
        top = Ref("upper", (j,)) if np.isfinite(tops[:, j]).any() else None
        builder.column(column(j), Ref("cost", (j,)), upper=top, integer=j in integer)
    for i, sense in enumerate(senses):
        terms = [
            (column(j), Ref("matrix", (i, j)))
            for j in range(count)
            if (entries[:, i, j] != 0).any()
        ]
        builder.row("row", (str(i),), sense, Ref("rhs", (i,)), terms)
    for at, j in enumerate(rows):
        builder.row("limit", (str(j),), "<=", Ref("limit", (at,)), [(column(j), constant(1))])
    return builder.build().fill(sources)


def dense(programs: LinearPrograms, k: int) -> Array:
    """Return the matrix of a sample, (row, column)."""
    template = programs.template
    matrix = np.zeros((len(template.rows), len(template.columns)))
    columns = np.repeat(np.arange(len(template.columns)), np.diff(template.starts))
    matrix[template.row_of, columns] = programs.matrix[k]
    return matrix


def ranges(programs: LinearPrograms, k: int) -> tuple[Array, Array]:
    """Return the least and largest activity of each row."""
    senses = np.array(programs.template.senses)
    low = np.where(senses == "<=", -np.inf, programs.rhs[k])
    return low, np.where(senses == ">=", np.inf, programs.rhs[k])


def scipy_lp(programs: LinearPrograms, k: int, cost: Any = None, most: float = np.inf) -> float:
    """Return the optimum of the relaxation; of `cost`, where the program's costs at most `most`."""
    matrix, (low, high) = dense(programs, k), ranges(programs, k)
    below, above = np.isfinite(high) & ~np.isfinite(low), np.isfinite(low) & ~np.isfinite(high)
    equal = np.isfinite(low) & np.isfinite(high)
    less, side = [matrix[below], -matrix[above]], [high[below], -low[above]]
    if np.isfinite(most):
        less, side = [*less, programs.cost[[k]]], [*side, np.array([most])]
    found = linprog(
        programs.cost[k] if cost is None else cost,
        np.concatenate(less),
        np.concatenate(side),
        matrix[equal] if equal.any() else None,
        low[equal] if equal.any() else None,
        bounds=np.stack([programs.lower[k], programs.upper[k]], axis=1),
        method="highs",
    )
    assert found.status == 0
    return float(found.fun)


def scipy_milp(programs: LinearPrograms, k: int) -> OptimizeResult:
    return milp(
        programs.cost[k],
        integrality=programs.template.integer.astype(int),
        bounds=Bounds(programs.lower[k], programs.upper[k]),
        constraints=LinearConstraint(dense(programs, k), *ranges(programs, k)),
        options={"mip_rel_gap": 0.0},
    )


def solver(programs: LinearPrograms, seed: int = 0) -> HotHighs:
    """Return a solver with a tie-break of random weights."""
    weights = np.random.default_rng(seed).uniform(1, 2, len(programs.template.columns))
    return HotHighs(programs.template, weights)


def assert_proven(programs: LinearPrograms, solved: Solutions) -> None:
    """Demand a certificate, whole numbers held."""
    proof = certify(programs.fixed(solved.x), solved.x, solved.duals)
    assert max(proof.primal.max(), proof.dual.max(), proof.gap.max()) < PROVEN


def random_lps(seed: int, n: int = 6) -> LinearPrograms:
    """Return feasible, bounded programs with bounds, equations, fixed columns and zeros.

    Entries of the pattern are zero in some samples; some columns press on a bounding row.
    """
    rng = np.random.default_rng(seed)
    count, rows = int(rng.integers(4, 14)), int(rng.integers(2, 9))
    senses = [str(sense) for sense in rng.choice(["<=", ">=", "="], rows)]
    pattern = rng.random((rows, count)) < 0.5
    matrix = rng.integers(-4, 6, (n, rows, count)) * pattern * (rng.random((n, rows, count)) < 0.8)
    upper = np.where(rng.random(count) < 0.6, rng.integers(0, 6, (n, count)), np.inf)
    inside = np.minimum(rng.integers(0, 4, (n, count)), upper)
    limited = [int(j) for j in np.flatnonzero(rng.random(count) < 0.4)]
    limits = {j: inside[:, j] + rng.integers(0, 3, n) for j in limited}
    room = np.array([{"<=": 1, ">=": -1, "=": 0}[sense] for sense in senses])
    rhs = np.einsum("kij,kj->ki", matrix, inside) + room * rng.integers(0, 3, (n, rows))
    # What has no upper bound costs something, so that there is an optimum.
    free = ~np.isfinite(upper)
    cost = np.where(free, rng.integers(0, 9, (n, count)), rng.integers(-6, 9, (n, count)))
    return block(cost, matrix, senses, rhs, upper=upper, limits=limits)
