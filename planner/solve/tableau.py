"""What the compiled solvers work on: programs, tableaus, where they end; and the tolerances."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Statuses = NDArray[np.int8]

AT_LOWER, AT_UPPER, BASIC = 0, 1, 2

FEASIBLE, OPTIMAL = 1e-12, 1e-9
"""How far a value may be out of its bounds, and a reduced cost of the wrong sign."""

PIVOT, ZERO, DEGENERATE = 1e-7, 1e-14, 1e-12
"""The least pivot; what counts as zero; the longest step of a degenerate pivot."""

NEAR, NOISE, SMALL = 1e-6, 1e-12, 1e-6
"""From a bound at most; rounding errors at most; entries that are neither noise nor pivots."""

NEVER, NOTHING, FAILED = 1e300, -1, -1
"""A ratio that is none, the number of no column, and of pivots that led nowhere."""

UNLIMITED = 1e20
"""HiGHS takes a bound from here on for none, and so do all engines."""

_VECTOR = 16


class Tableau(NamedTuple):
    """A program ``min c x, A x + s = b`` in the terms of its basis, overwritten in place.

    Columns and then slacks are numbered from 0. A *slot* is the place of a nonbasic one, a *row*
    that of a basic one.

    Attributes
    ----------
    body : ndarray, (row + 2, slot)
        What a unit more in a slot takes from the rows; then reduced costs and secondary ones.
    slots, rows : ndarray of int
        What is where.
    side : ndarray, (slot,)
        1 at the lower bound, -1 at the upper, 0 if it cannot move.
    floor, ceiling : ndarray, (slot,)
        Bounds.
    value, low, high, weight : ndarray, (row,)
        Value, bounds and reference weight of what is basic; rows that fill the last vector are
        never out of their bounds.
    room, ratio, relaxed : ndarray, (slot,)
        Of a ratio test: the size of the pivot, 0 if it is none; its ratio; that with some slack.
    score : ndarray, (row,)
        By how much a row is out of its bounds, squared, by its weight.
    filled : ndarray of int, (slot / LANES,)
        Where the pivot row has vectors that are not zero.
    spare : ndarray, (row + 2,)
        To work in.
    """

    body: Array
    slots: Indices
    rows: Indices
    side: Array
    floor: Array
    ceiling: Array
    value: Array
    low: Array
    high: Array
    weight: Array
    room: Array
    ratio: Array
    relaxed: Array
    score: Array
    filled: Indices
    spare: Array


def new_tableau(columns: int, rows: int) -> Tableau:
    """Return room for programs of a size; slots fill whole vectors, so that none is left over."""
    slots, padded = -(-columns // _VECTOR) * _VECTOR, -(-rows // _VECTOR) * _VECTOR
    return Tableau(
        body=np.zeros((rows + 2, slots)),
        slots=np.full(slots, NOTHING),
        rows=np.zeros(rows, np.int64),
        side=np.zeros(slots),
        floor=np.zeros(slots),
        ceiling=np.zeros(slots),
        value=np.zeros(padded),
        low=np.full(padded, -np.inf),
        high=np.full(padded, np.inf),
        weight=np.ones(padded),
        room=np.zeros(slots),
        ratio=np.zeros(slots),
        relaxed=np.zeros(slots),
        score=np.zeros(padded),
        filled=np.zeros(slots, np.int64),
        spare=np.zeros(rows + 2),
    )


class Program(NamedTuple):
    """One scaled program; A by columns, everything else over the columns and then the slacks."""

    starts: Indices
    row_of: Indices
    values: Array
    cost: Array
    tie_cost: Array
    lower: Array
    upper: Array
    rhs: Array


class Programs(NamedTuple):
    """A block of scaled programs; the first axis is the sample."""

    values: Array
    cost: Array
    lower: Array
    upper: Array
    rhs: Array


class Ends(NamedTuple):
    """Where a block's programs end; what is given up keeps its zeros.

    Attributes
    ----------
    x, reduced : ndarray, (sample, column + row)
        Values and reduced costs of the columns and of the slacks.
    basis : ndarray of int, (sample, column + row)
    optimal, tied : ndarray of bool, (sample,)
    pivots : ndarray of int, (sample,)
    """

    x: Array
    reduced: Array
    basis: Statuses
    optimal: NDArray[np.bool_]
    tied: NDArray[np.bool_]
    pivots: Indices
