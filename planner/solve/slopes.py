"""Compiled passes over a block's samples: what is left for recourse, and slopes of its cost."""

from __future__ import annotations

from planner.solve.compiling import kept
from planner.solve.tableau import UNLIMITED, Array, Indices

_CANCELLED = 1e-12
"""Of what a right-hand side is the difference of; infinite ones stay infinite."""


@kept
def act(factor: Array, x: Array, effect_of: Indices, effect: Array) -> None:
    """Add what first-stage columns act as to `effect`, (sample, effect), in place."""
    for s in range(factor.shape[0]):
        for j in range(x.size):
            effect[s, effect_of[j]] += factor[s, j] * x[j]


@kept
def take_off(
    rhs: Array,
    technology: Array,
    rows: Indices,
    effects: Indices,
    effect: Array,
    gross: Array,
) -> None:
    """Take what the first stage does off right-hand sides, in place; what cancels becomes zero.

    A residue of rounding would be a right-hand side by itself, and its row be solved to a tolerance
    that is relative to it.

    Parameters
    ----------
    rhs : ndarray, (sample, row)
    technology : ndarray, (sample, technology)
    rows, effects : ndarray of int, (technology,)
    effect : ndarray, (sample, effect)
    gross : ndarray, (row,)
        Room to work in.
    """
    for s in range(rhs.shape[0]):
        for i in range(gross.size):
            gross[i] = abs(rhs[s, i])
        for k in range(rows.size):
            term = technology[s, k] * effect[s, effects[k]]
            rhs[s, rows[k]] -= term
            gross[rows[k]] += abs(term)
        for i in range(gross.size):
            if gross[i] < UNLIMITED and abs(rhs[s, i]) <= _CANCELLED * gross[i]:
                rhs[s, i] = 0.0


@kept
def add_slopes(
    found: Array,
    weights: Array,
    duals: Array,
    technology: Array,
    rows: Indices,
    effects: Indices,
    columns_of: Indices,
    column_starts: Indices,
    factor: Array,
) -> None:
    """Add the weighted slopes of a block's cost in the first-stage columns, (column,), in place.

    The cost of recourse at a right-hand side ``h - T v`` falls by ``dual T`` for each unit of v.

    Parameters
    ----------
    weights : ndarray, (sample,)
    duals : ndarray, (sample, row)
    columns_of, column_starts : ndarray of int
        The columns that act as each effect.
    factor : ndarray, (sample, column)
    """
    for s in range(duals.shape[0]):
        if weights[s] == 0.0:
            continue
        for k in range(rows.size):
            dual = duals[s, rows[k]]
            if dual != 0.0:
                slope, e = weights[s] * dual * technology[s, k], effects[k]
                for c in range(column_starts[e], column_starts[e + 1]):
                    j = columns_of[c]
                    found[j] -= slope * factor[s, j]
