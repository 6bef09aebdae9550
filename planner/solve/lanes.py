"""Several tableaus side by side: the lane is the last axis of every array."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planner.solve.tableau import NOTHING, Array, Indices, Program
from planner.solve.vectors import LANES

Numbers = NDArray[np.uint32]

CHAINS = 4
"""Parts of the slots that are searched side by side."""


class Lanes(NamedTuple):
    """The tableaus of `LANES` programs, as `planner.solve.kernel.Tableau` but for the last axis.

    Attributes
    ----------
    place, row_of, column_of : ndarray of int, (entry,)
        Of A: where in `flat`, from the lane; row and column.
    slack_low, slack_high : ndarray, (row,)
    body : ndarray, (row + 1, slot, lane)
        The constraint rows and the reduced costs. Slots fill up a multiple of `CHAINS`.
    flat : ndarray
        The same numbers.
    slots, rows : ndarray of int, (slot, lane), (row, lane)
        What is where.
    side, floor, ceiling : ndarray, (slot, lane)
    value, low, high, weight : ndarray, (row, lane)
    along : ndarray, (slot, lane)
        The pivot row.
    room, ratio, relaxed : ndarray, (slot, lane)
        Size of the pivot, where it is one; its ratio, and that with some slack.
    factor : ndarray, (row + 1, lane)
        What is taken of the pivot row from each row.
    row, sign, out : ndarray, (lane,)
        The pivot row or -1; -1 where it is below its bounds and 1 above; how far.
    nearest, largest : ndarray, (lane,)
        The least relaxed ratio, and the pivot, with their slots in them.
    inverse, step, heavy : ndarray, (lane,)
        Of the pivot; what the slot's value changes by; the row's weight.
    row_start, slot_start : ndarray of int, (lane,)
        Where in `flat` the pivot row and column are.
    sample, pivots : ndarray of int, (lane,)
        Which program is solved, or -1, and how far it has come.
    """

    place: Numbers
    row_of: Numbers
    column_of: Numbers
    slack_low: Array
    slack_high: Array
    body: Array
    flat: Array
    slots: Numbers
    rows: Numbers
    side: Array
    floor: Array
    ceiling: Array
    value: Array
    low: Array
    high: Array
    weight: Array
    along: Array
    room: Array
    ratio: Array
    relaxed: Array
    factor: Array
    row: Array
    sign: Array
    out: Array
    nearest: Array
    largest: Array
    inverse: Array
    step: Array
    heavy: Array
    row_start: Indices
    slot_start: Indices
    sample: Indices
    pivots: Indices


def new_lanes(program: Program) -> Lanes:
    """Return room for programs of one pattern."""
    columns, rows = program.starts.size - 1, program.rhs.size
    slots = slots_for(columns)
    column_of = np.repeat(np.arange(columns), np.diff(program.starts))
    by_slot = ("side", "floor", "ceiling", "along", "room", "ratio", "relaxed")
    by_lane = ("row", "sign", "out", "nearest", "largest", "inverse", "step", "heavy")
    body = _aligned(rows + 1, slots)
    return Lanes(
        place=((program.row_of * slots + column_of) * LANES).astype(np.uint32),
        row_of=program.row_of.astype(np.uint32),
        column_of=column_of.astype(np.uint32),
        slack_low=program.lower[columns:].copy(),
        slack_high=program.upper[columns:].copy(),
        body=body,
        flat=body.reshape(-1),
        slots=np.zeros((slots, LANES), np.uint32),
        rows=np.zeros((rows, LANES), np.uint32),
        factor=_aligned(rows + 1),
        **{name: _aligned(slots) for name in by_slot},
        **{name: _aligned(rows) for name in ("value", "low", "high", "weight")},
        **{name: _aligned() for name in by_lane},
        row_start=np.zeros(LANES, np.int64),
        slot_start=np.zeros(LANES, np.int64),
        sample=np.full(LANES, NOTHING),
        pivots=np.zeros(LANES, np.int64),
    )


def slots_for(columns: int) -> int:
    """Return how many slots there are for some columns."""
    return -(-columns // CHAINS) * CHAINS


def _aligned(*shape: int) -> Array:
    """Return zeros of which no vector lies across two lines of the cache, which are 64 bytes."""
    size = int(np.prod(shape)) * LANES
    room = np.zeros(size + 8)
    start = -(room.ctypes.data // 8) % 8
    return room[start : start + size].reshape(*shape, LANES)
