"""Fills the numbers of a block of programs: constants once, and what varies by one gather.

The numbers of a program stand in several arrays; here they are slots, one after the other. A slot
is a sum of terms, each a factor times a number of the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

_CHUNK = 256
"""Samples that are turned, from side by side to one after the other, while a cache holds them."""


class Sums:
    """Slots that are sums of terms.

    Parameters
    ----------
    slot_of : ndarray of int, (term,)
        Ascending; every slot has a term.
    at : ndarray of int, (term,)
        Where each term stands in the table.
    factor : ndarray, (term,)
    """

    def __init__(self, slot_of: Indices, at: Indices, factor: Array) -> None:
        self._terms = slot_of, at, factor
        _, first, position = np.unique(slot_of, return_index=True, return_inverse=True)
        turn = np.arange(slot_of.size) - first[position]
        self._turns = [
            (position[now], at[now], factor[now][:, None])
            for now in (turn == k for k in range(int(turn.max(initial=0)) + 1))
        ]

    def values(self, table: Array) -> Array:
        """Return every slot, (slot, sample), from a table of numbers, (number, sample).

        Terms are added in their order, so that a sum is the same whatever else varies.
        """
        (_, at, factor), *others = self._turns
        found: Array = table.take(at, axis=0)
        found *= factor
        for slots, at, factor in others:
            found[slots] += table[at] * factor
        return found

    def touched(self, varies: NDArray[np.bool_]) -> tuple[Indices, Indices, Sums]:
        """Return the slots that have a number that varies, the numbers of these, and their sums.

        Parameters
        ----------
        varies : ndarray of bool, (number,)

        Returns
        -------
        slots, numbers : ndarray of int
        sums : Sums
            Of those slots, from a table of those numbers.
        """
        slot_of, at, factor = self._terms
        slots = np.unique(slot_of[varies[at]])
        mine = np.isin(slot_of, slots)
        numbers, place = np.unique(at[mine], return_inverse=True)
        return slots, numbers, Sums(slot_of[mine], place, factor[mine])


@dataclass(frozen=True)
class Room:
    """One of the arrays.

    Attributes
    ----------
    width : int
    columns : ndarray of int, (slot,)
        Where its slots stand, ascending.
    otherwise : float
        What stands in all other columns.
    """

    width: int
    columns: Indices
    otherwise: float = 0.0


@dataclass(frozen=True)
class _Varying:
    """What is done for every sample while some sources vary and the others do not.

    Attributes
    ----------
    rows : sequence of (source, rows of the table, numbers of the source)
    height : int
        Of the table.
    sums : Sums
    parts : sequence of (slice of the sums, columns of the array)
        For each array.
    """

    rows: Sequence[tuple[str, slice, Indices]]
    height: int
    sums: Sums
    parts: Sequence[tuple[slice, Indices]]


class Filler:
    """Fills arrays from derived arrays of any block.

    Parameters
    ----------
    sums : Sums
        Of all slots.
    rooms : sequence of Room
        The arrays, in the order of their slots.
    picked : mapping of str to ndarray of int
        By source: which of its numbers are in the table, in the order of the table.
    """

    def __init__(self, sums: Sums, rooms: Sequence[Room], picked: Mapping[str, Indices]) -> None:
        self._sums, self._rooms, self._picked = sums, rooms, picked
        self._ends = np.cumsum([0, *(room.columns.size for room in rooms)]).tolist()
        self._plans: dict[frozenset[str], _Varying] = {}

    def arrays(self, sources: Mapping[str, Array]) -> tuple[list[Array], bool]:
        """Return the arrays, (sample, column), and whether all their numbers are finite.

        Parameters
        ----------
        sources : mapping of str to ndarray
            Sample first; of length 1 where it is the same in every sample.
        """
        flat = {name: _numbers_by_sample(sources[name]) for name in self._picked}
        n = max((values.shape[1] for values in flat.values()), default=1)
        first = np.concatenate([flat[name][at, :1] for name, at in self._picked.items()])
        # Where a number varies, this is the first sample's, which the others write over.
        same = self._sums.values(first)[:, 0]
        finite = bool(np.isfinite(same).all())
        rows, plan = self._rows(same), self._plan(flat)
        found = [np.empty((n, row.size)) for row in rows]
        for samples, values in _chunks(plan, flat, n):
            finite = finite and bool(np.isfinite(values).all())
            for array, row, (slots, columns) in zip(found, rows, plan.parts, strict=True):
                array[samples] = row
                if columns.size:
                    array[samples, columns] = values[slots].T
        return found, finite

    def _rows(self, slots: Array) -> list[Array]:
        """Return one sample's row of each array."""
        rows = [np.full(room.width, room.otherwise) for room in self._rooms]
        for row, room, low, high in zip(
            rows, self._rooms, self._ends, self._ends[1:], strict=False
        ):
            row[room.columns] = slots[low:high]
        return rows

    def _plan(self, flat: Mapping[str, Array]) -> _Varying:
        """Return what to do for arrays of these lengths, which are the same for most blocks."""
        varying = frozenset(name for name, values in flat.items() if values.shape[1] > 1)
        if varying not in self._plans:
            self._plans[varying] = self._new_plan(varying)
        return self._plans[varying]

    def _new_plan(self, varying: frozenset[str]) -> _Varying:
        sizes = [at.size for at in self._picked.values()]
        varies = np.repeat([name in varying for name in self._picked], sizes)
        slots, numbers, sums = self._sums.touched(varies)
        rows, begin = [], 0
        for name, at in self._picked.items():
            low, high = np.searchsorted(numbers, [begin, begin + at.size]).tolist()
            if low < high:
                rows.append((name, slice(low, high), at[numbers[low:high] - begin]))
            begin += at.size
        parts = []
        for room, low, high in zip(self._rooms, self._ends, self._ends[1:], strict=False):
            here = slice(*np.searchsorted(slots, [low, high]).tolist())
            parts.append((here, room.columns[slots[here] - low]))
        return _Varying(rows, numbers.size, sums, parts)


def _chunks(plan: _Varying, flat: Mapping[str, Array], n: int) -> Iterator[tuple[slice, Array]]:
    """Yield some samples after the others, and their slots that vary, (slot, sample)."""
    table = np.empty((plan.height, min(n, _CHUNK)))
    for begin in range(0, n, _CHUNK):
        samples = slice(begin, min(begin + _CHUNK, n))
        here = table[:, : samples.stop - begin]
        for name, rows, numbers in plan.rows:
            values = flat[name]
            here[rows] = values[:, samples if values.shape[1] > 1 else ...].take(numbers, axis=0)
        yield samples, plan.sums.values(here)


def _numbers_by_sample(values: Array) -> Array:
    """Return an array as (number, sample), the numbers in Fortran order."""
    return values.reshape(values.shape[0], -1, order="F").T
