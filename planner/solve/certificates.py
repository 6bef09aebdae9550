"""The residuals of a block's solutions in compiled code, from the programs' original numbers.

`planner.solve.solutions.certify` says what they mean; here is only their arithmetic, program by
program, so that a proof costs less than the solution that it proves.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planner.solve.compiling import compiled, kept

Array = NDArray[np.float64]
Bits = NDArray[np.bool_]
Indices = NDArray[np.int64]

_TINY = float(np.finfo(np.float64).tiny)

_CLEAR = 1e-12
"""Residual up to which its size need not be known better."""

_ROUNDING = 4 * float(np.finfo(np.float64).eps)

_PRIMAL_FLOOR = 1e-2
"""Of a row's size: part of what its entries make of the largest number in the solution."""

_DUAL_FLOOR = 0.1
"""Of a column's size: part of what a typical column costs."""


class Pattern(NamedTuple):
    """What a template's programs share: A by columns and by rows, senses, the whole columns.

    `order` has the entries by rows, `column_of` the column of each in that order.
    """

    starts: Indices
    row_of: Indices
    row_starts: Indices
    order: Indices
    column_of: Indices
    below: Bits
    above: Bits
    whole: Bits


class Numbers(NamedTuple):
    """A block's programs; the first axis is the sample."""

    matrix: Array
    cost: Array
    rhs: Array
    lower: Array
    upper: Array


class Room(NamedTuple):
    """Arrays to work in: of the columns, and of the rows."""

    reduced: Array
    size: Array
    sorted: Array
    reach: Array
    activity: Array
    gross: Array


def new_room(columns: int, rows: int) -> Room:
    """Return room for programs of a size."""
    return Room(*(np.zeros(columns) for _ in range(4)), *(np.zeros(rows) for _ in range(2)))


@kept
def residuals(
    pattern: Pattern, numbers: Numbers, x: Array, duals: Array, room: Room, found: Array
) -> None:
    """Write the primal and dual residual, the gap and the error of each program to `found`.

    (sample, 4); an answer that is not a number makes the gap not a number.
    """
    for s in range(x.shape[0]):
        _price(pattern, numbers, s, duals, room)
        paid = 0.0
        for j in range(x.shape[1]):
            paid += abs(numbers.cost[s, j] * x[s, j])
        found[s, 0] = _primal(pattern, numbers, s, x, room)
        found[s, 1] = _dual(pattern, numbers, s, x, duals, room, paid)
        found[s, 2] = _gap(numbers, s, x, duals, room, (paid, 0.0))
        if not (found[s, 1] <= _CLEAR and found[s, 2] <= _CLEAR):
            # A floor makes sizes larger, so that what is clear without it needs none.
            floor = _raise_sizes(numbers, s, room)
            found[s, 1] = _dual(pattern, numbers, s, x, duals, room, paid + floor)
            found[s, 2] = _gap(numbers, s, x, duals, room, (paid, floor))
        error = _error(numbers, s, duals, room)
        found[s, 3] = error / paid if error > 0.0 else 0.0


@compiled
def _price(pattern: Pattern, numbers: Numbers, s: int, duals: Array, room: Room) -> None:
    """Find the reduced costs and the columns' sizes."""
    matrix, dual = numbers.matrix[s], duals[s]
    for j in range(room.reduced.size):
        reduced, terms = 0.0, 0.0
        for e in range(pattern.starts[j], pattern.starts[j + 1]):
            worth = matrix[e] * dual[pattern.row_of[e]]
            reduced += worth
            terms += abs(worth)
        cost = numbers.cost[s, j]
        room.reduced[j], room.size[j] = cost - reduced, max(abs(cost) + terms, _TINY)


@compiled
def _raise_sizes(numbers: Numbers, s: int, room: Room) -> float:
    """Add a floor to the columns' sizes, a part of what a typical column costs; return it."""
    count = 0
    for j in range(room.size.size):
        if numbers.cost[s, j] != 0.0:
            room.sorted[count] = room.size[j]
            count += 1
    floor = _DUAL_FLOOR * (max(_lower_median(room.sorted, count), _TINY) if count else _TINY)
    for j in range(room.size.size):
        room.size[j] += floor
    return floor


@compiled
def _lower_median(values: Array, count: int) -> float:
    """Return the lower median of the first values, which change places (Hoare 1961, FIND)."""
    first, last, middle = 0, count - 1, (count - 1) // 2
    while first < last:
        pivot, low, high = values[middle], first, last
        while low <= high:
            while values[low] < pivot:
                low += 1
            while values[high] > pivot:
                high -= 1
            if low <= high:
                values[low], values[high] = values[high], values[low]
                low, high = low + 1, high - 1
        if high < middle:
            first = low
        if low > middle:
            last = high
    return float(values[middle])


@compiled
def _at_upper(numbers: Numbers, s: int, j: int, x: Array, room: Room, paid: float) -> bool:
    """Return whether a reduced cost below 0 adds less to the gap than as a violation."""
    below = numbers.upper[s, j] - x[s, j]
    return bool(room.reduced[j] < 0.0 and below * room.size[j] <= paid)


@compiled
def _gap(
    numbers: Numbers, s: int, x: Array, duals: Array, room: Room, sizes: tuple[float, float]
) -> float:
    paid, floor = sizes
    primal, dual, gross = 0.0, 0.0, 0.0
    for j in range(x.shape[1]):
        primal += numbers.cost[s, j] * x[s, j]
        bound = max(room.reduced[j], 0.0) * numbers.lower[s, j]
        if _at_upper(numbers, s, j, x, room, paid + floor):
            bound += room.reduced[j] * numbers.upper[s, j]
        dual += bound
        gross += abs(bound)
    for i in range(duals.shape[1]):
        worth = numbers.rhs[s, i] * duals[s, i]
        dual += worth
        gross += abs(worth)
    return abs(primal - dual) / max(max(paid, gross) + floor, _TINY)


@compiled
def _dual(
    pattern: Pattern, numbers: Numbers, s: int, x: Array, duals: Array, room: Room, paid: float
) -> float:
    worst, right = 0.0, True
    for j in range(x.shape[1]):
        if room.reduced[j] < 0.0 and not _at_upper(numbers, s, j, x, room, paid):
            worst = max(worst, -room.reduced[j] / room.size[j])
    for i in range(duals.shape[1]):
        right &= not (pattern.below[i] and duals[s, i] > 0.0)
        right &= not (pattern.above[i] and duals[s, i] < 0.0)
    return worst if right else max(worst, _wrong_signs(pattern, numbers, s, duals, room))


@compiled
def _wrong_signs(pattern: Pattern, numbers: Numbers, s: int, duals: Array, room: Room) -> float:
    """Return what duals of the wrong sign do to the columns of their rows, at most."""
    worst = 0.0
    for j in range(room.size.size):
        for e in range(pattern.starts[j], pattern.starts[j + 1]):
            i = pattern.row_of[e]
            wrong = max(duals[s, i] if pattern.below[i] else 0.0, 0.0)
            wrong = max(-duals[s, i] if pattern.above[i] else 0.0, wrong)
            worst = max(worst, abs(numbers.matrix[s, e]) * wrong / room.size[j])
    return worst


@compiled
def _primal(pattern: Pattern, numbers: Numbers, s: int, x: Array, room: Room) -> float:
    matrix, point, worst, largest = numbers.matrix[s], x[s], 0.0, _TINY
    for j in range(point.size):
        largest = max(largest, abs(point[j]))
    for j in range(point.size):
        worst = max(worst, _outside(pattern, numbers, s, j, point[j], largest))
        # A yes or no can make no more of its entry than the entry itself.
        room.reach[j] = _PRIMAL_FLOOR * min(numbers.upper[s, j], largest)
    for i in range(room.activity.size):
        activity, gross, reach = 0.0, 0.0, 0.0
        for k in range(pattern.row_starts[i], pattern.row_starts[i + 1]):
            entry, j = matrix[pattern.order[k]], pattern.column_of[k]
            activity += entry * point[j]
            gross += abs(entry * point[j])
            reach += abs(entry) * room.reach[j]
        room.activity[i], room.gross[i] = activity, gross
        off = activity - numbers.rhs[s, i]
        excess = max(0.0 if pattern.above[i] else off, 0.0 if pattern.below[i] else -off)
        if excess > 0.0:
            size = abs(numbers.rhs[s, i]) + gross + reach
            worst = max(worst, excess / max(size, _TINY))
    return worst


@compiled
def _error(numbers: Numbers, s: int, duals: Array, room: Room) -> float:
    """Return what the rows' residuals and rounding errors are worth at their duals."""
    total = 0.0
    for i in range(duals.shape[1]):
        off = abs(room.activity[i] - numbers.rhs[s, i])
        rounded = _ROUNDING * (abs(numbers.rhs[s, i]) + room.gross[i])
        total += abs(duals[s, i]) * (off + rounded)
    return total


@compiled
def _outside(
    pattern: Pattern, numbers: Numbers, s: int, j: int, value: float, largest: float
) -> float:
    """Return how far a column is outside of its bounds.

    Whole numbers have their own size, 1: they need not be of the same kind as the largest.
    """
    lower, upper, whole = numbers.lower[s, j], numbers.upper[s, j], pattern.whole[j]
    if lower <= value <= upper:
        return 0.0
    under = (lower - value) / ((1.0 if whole else largest) + lower)
    if upper == np.inf:
        return float(max(under, 0.0))
    size = 1.0 if whole else _PRIMAL_FLOOR * largest + abs(value)
    return float(max(under, (value - upper) / (size + abs(upper)), 0.0))
