"""A block's optima as arrays over the index sets, one for each family of columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.model.columns import COLUMN_FAMILIES
from planner.model.sets import Sets
from planner.model.template import Array, Indices

_CHUNK = 256
"""Samples that are turned, from one after the other to side by side, while a cache holds them."""


@dataclass(frozen=True)
class Decisions:
    """What is done in each sample, in Fortran order: the samples lie side by side.

    Attributes
    ----------
    by_family : mapping of str to ndarray, (sample, ...)
        The axes are those of the family's `ColumnFamily.shape`.
    taken : frozenset of str
        The families that have columns; of the others, all is zero.
    """

    by_family: Mapping[str, Array]
    taken: frozenset[str]

    def __getitem__(self, family: str) -> Array:
        return self.by_family[family]

    @cached_property
    def take(self) -> Array:
        """Accelerators that start or are rented, (sample, offer, site, quarter)."""
        return self._sum("start", "rent")

    @cached_property
    def bets(self) -> Array:
        """How far each bet is taken, (sample, bet)."""
        return self._sum("right", "fund", "adopt")

    def _sum(self, *families: str) -> Array:
        first, *others = [name for name in families if name in self.taken] or families[:1]
        return sum((self[name] for name in others), start=self[first])


@dataclass(frozen=True)
class Unpacker:
    """Where each column goes in the arrays of `Decisions`.

    Attributes
    ----------
    shapes : mapping of str to tuple of int
        Of each family's array, less the sample axis.
    columns : mapping of str to slice
    places : mapping of str to ndarray of int
        Of each column, in Fortran order.
    """

    shapes: Mapping[str, tuple[int, ...]]
    columns: Mapping[str, slice]
    places: Mapping[str, Indices]

    def unpack(self, x: Array) -> Decisions:
        """Return the decisions of solutions `x`, (sample, column)."""
        n = x.shape[0]
        columns = np.empty(x.shape[::-1])
        for first in range(0, n, _CHUNK):
            columns[:, first : first + _CHUNK] = x[first : first + _CHUNK].T
        # A solver may return -1e-12 for 0; no plan has a negative count.
        np.maximum(columns, 0.0, out=columns)
        by_family = {name: self._family(name, columns) for name in self.shapes}
        taken = frozenset(name for name, places in self.places.items() if places.size)
        return Decisions(by_family, taken)

    def _family(self, name: str, columns: Array) -> Array:
        """Return a family's array from all columns, (column, sample)."""
        shape, n = self.shapes[name], columns.shape[1]
        if not self.places[name].size:
            return np.broadcast_to(0.0, (n, *shape))
        flat = np.zeros((int(np.prod(shape)), n))
        flat[self.places[name]] = columns[self.columns[name]]
        return flat.T.reshape(n, *shape, order="F")


def build_unpacker(sets: Sets) -> Unpacker:
    """Return the unpacker of a scenario's columns."""
    shapes, columns, places = {}, {}, {}
    position = 0
    for name, family in COLUMN_FAMILIES.items():
        shapes[name] = family.shape(sets)
        found = [column.place for column in family.columns(sets)]
        columns[name] = slice(position, position + len(found))
        flat = [int(np.ravel_multi_index(place, shapes[name], order="F")) for place in found]
        places[name] = np.array(flat, dtype=np.int64)
        position += len(found)
    return Unpacker(shapes, columns, places)
