"""Integer equations solved exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

Rows = list[dict[int, int]]


class DependentError(Exception):
    """The equations' columns are dependent."""


def solve(rows: Rows, side: Sequence[int]) -> tuple[list[int], int]:
    """Solve integer equations exactly: numerators and one positive denominator.

    What rows and columns of a single entry settle is taken out first; the rest is eliminated
    without fractions (Bareiss).

    Raises
    ------
    DependentError
        If the matrix is singular.
    """
    work = [dict(row) for row in rows]
    left = [Fraction(value) for value in side]
    active, known, later = set(range(len(work))), {}, []
    while True:
        alone = next((i for i in active if len(work[i]) == 1), None)
        if alone is not None:
            ((j, pivot),) = work[alone].items()
            known[j] = left[alone] / pivot
            active.remove(alone)
            for i in active:
                left[i] -= work[i].pop(j, 0) * known[j]
            continue
        pair = _column_of_one(work, active)
        if pair is None:
            break
        i, j = pair
        later.append((j, work[i].pop(j), work[i], left[i]))
        active.remove(i)
    known |= _bareiss([work[i] for i in active], [left[i] for i in active])
    for j, pivot, others, value in reversed(later):
        known[j] = (value - sum(a * known[to] for to, a in others.items())) / pivot
    if len(known) != len(rows):
        raise DependentError("the columns are dependent")
    scale = lcm(*(value.denominator for value in known.values()))
    return [int(known[j] * scale) for j in range(len(rows))], scale


def _column_of_one(work: Rows, active: set[int]) -> tuple[int, int] | None:
    """Return the row and column of an entry that is alone in its column."""
    owner: dict[int, int] = {}
    for i in active:
        for j in work[i]:
            owner[j] = -1 if j in owner else i
    return next(((i, j) for j, i in owner.items() if i >= 0), None)


def _bareiss(rows: Rows, side: list[Fraction]) -> dict[int, Fraction]:
    """Return the unknowns of equations in which none has a single entry."""
    columns = sorted({j for row in rows for j in row})
    size, scale = len(rows), lcm(*(value.denominator for value in side))
    if len(columns) != size:
        raise DependentError("the columns are dependent")
    work = [
        [row.get(j, 0) for j in columns] + [int(value * scale)]
        for row, value in zip(rows, side, strict=True)
    ]
    before = 1
    for at in range(size):
        chosen = next((i for i in range(at, size) if work[i][at]), None)
        if chosen is None:
            raise DependentError("the columns are dependent")
        work[at], work[chosen] = work[chosen], work[at]
        top, pivot = work[at], work[at][at]
        for i in range(at + 1, size):
            row, factor = work[i], work[i][at]
            for j in range(at + 1, size + 1):
                row[j] = (row[j] * pivot - factor * top[j]) // before
        before = pivot
    found = [0] * size
    for at in reversed(range(size)):
        row = work[at]
        known = sum(row[j] * found[j] for j in range(at + 1, size))
        found[at] = (before * row[size] - known) // row[at]
    return {j: Fraction(found[at], before * scale) for at, j in enumerate(columns)}
