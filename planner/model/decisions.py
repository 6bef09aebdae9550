"""A block's optima as arrays over the index sets, one for each family of columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planner.model.columns import COLUMN_FAMILIES
from planner.model.sets import Sets
from planner.model.template import Array, Indices


@dataclass(frozen=True)
class Decisions:
    """What is done in each sample.

    Attributes
    ----------
    by_family : mapping of str to ndarray, (sample, ...)
        The axes are those of the family's `ColumnFamily.shape`.
    """

    by_family: Mapping[str, Array]

    def __getitem__(self, family: str) -> Array:
        return self.by_family[family]

    @property
    def take(self) -> Array:
        """Accelerators that start or are rented, (sample, offer, site, quarter)."""
        return self["start"] + self["rent"]

    @property
    def bets(self) -> Array:
        """How far each bet is taken, (sample, bet)."""
        return self["right"] + self["fund"] + self["adopt"]


@dataclass(frozen=True)
class Unpacker:
    """Where each column goes in the arrays of `Decisions`."""

    shapes: Mapping[str, tuple[int, ...]]
    columns: Mapping[str, Indices]
    places: Mapping[str, Indices]

    def unpack(self, x: Array) -> Decisions:
        """Return the decisions of solutions `x`, (sample, column)."""
        unpacked = {}
        for family, shape in self.shapes.items():
            flat = np.zeros((x.shape[0], int(np.prod(shape))))
            # A solver may return -1e-12 for 0; no plan has a negative count.
            flat[:, self.places[family]] = np.maximum(x[:, self.columns[family]], 0.0)
            unpacked[family] = flat.reshape(x.shape[0], *shape)
        return Decisions(unpacked)


def build_unpacker(sets: Sets) -> Unpacker:
    """Return the unpacker of a scenario's columns."""
    shapes, columns, places = {}, {}, {}
    position = 0
    for name, family in COLUMN_FAMILIES.items():
        shapes[name] = family.shape(sets)
        found = [column.place for column in family.columns(sets)]
        columns[name] = np.arange(position, position + len(found), dtype=np.int64)
        flat = [int(np.ravel_multi_index(place, shapes[name])) for place in found]
        places[name] = np.array(flat, dtype=np.int64)
        position += len(found)
    return Unpacker(shapes, columns, places)
