"""Assembles a template: columns first, then rows whose entries name columns by family and key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from planner.model.template import CONSTANT, Key, Label, Ref, Sense, Template


class TemplateBuilder:
    """Collects columns, rows and entries.

    Parameters
    ----------
    shapes : mapping of str to tuple of int
        Shape of each derived array without its sample axis.
    """

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self._shapes = {CONSTANT: (), **shapes}
        self._offsets: dict[str, int] = {}
        self._width = 0
        for name, shape in self._shapes.items():
            self._offsets[name] = self._width
            self._width += int(np.prod(shape, dtype=int))
        self._columns: dict[Label, Ref] = {}
        self._upper: dict[int, Ref] = {}
        self._integer: list[bool] = []
        self._column_at: dict[Label, int] = {}
        self._rows: dict[Label, tuple[Sense, Ref]] = {}
        self._terms: list[tuple[int, int, Ref]] = []

    def column(
        self, label: Label, cost: Ref, *, upper: Ref | None = None, integer: bool = False
    ) -> None:
        """Add a column of 0 or more; without `upper` there is no other bound."""
        if label in self._columns:
            raise ValueError(f"column {label.text()} is already there")
        position = len(self._columns)
        self._column_at[label] = position
        self._columns[label] = cost
        self._integer.append(integer)
        if upper is not None:
            self._upper[position] = upper

    def row(
        self, family: str, key: Key, sense: Sense, rhs: Ref, terms: Iterable[tuple[Label, Ref]]
    ) -> None:
        """Add a row; terms on the same column add up. A row without terms is left out."""
        label = Label(family, key)
        if label in self._rows:
            raise ValueError(f"row {label.text()} is already there")
        found = [(self._column_at[column], ref) for column, ref in terms]
        if not found:
            return
        position = len(self._rows)
        self._rows[label] = (sense, rhs)
        self._terms.extend((column, position, ref) for column, ref in found)

    def build(self) -> Template:
        """Return the finished template."""
        terms = sorted(self._terms, key=lambda term: term[:2])
        pairs = np.array([term[:2] for term in terms], dtype=int).reshape(-1, 2)
        entries, entry_of = np.unique(pairs, axis=0, return_inverse=True)
        starts = np.searchsorted(entries[:, 0], np.arange(len(self._columns) + 1))
        refs = [term[2] for term in terms]
        costs = list(self._columns.values())
        sides = [rhs for _, rhs in self._rows.values()]
        return Template(
            columns=tuple(self._columns),
            rows=tuple(self._rows),
            senses=tuple(sense for sense, _ in self._rows.values()),
            starts=starts,
            row_of=entries[:, 1],
            entry_of=entry_of.reshape(-1),
            entry_at=self._positions(refs),
            entry_factor=np.array([ref.factor for ref in refs]),
            cost_at=self._positions(costs),
            cost_factor=np.array([ref.factor for ref in costs]),
            rhs_at=self._positions(sides),
            rhs_factor=np.array([ref.factor for ref in sides]),
            bounded=np.array(list(self._upper), dtype=np.int64),
            upper_at=self._positions(list(self._upper.values())),
            upper_factor=np.array([ref.factor for ref in self._upper.values()], dtype=float),
            integer=np.array(self._integer, dtype=bool),
            layout=self._offsets,
            width=self._width,
        )

    def _positions(self, refs: list[Ref]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([self._position(ref) for ref in refs], dtype=np.int64)

    def _position(self, ref: Ref) -> int:
        shape = self._shapes[ref.source]
        if len(ref.index) != len(shape):
            raise ValueError(f"{ref.source} has {len(shape)} axes, not {len(ref.index)}")
        inside = int(np.ravel_multi_index(ref.index, shape)) if shape else 0
        return self._offsets[ref.source] + inside
