"""Assembles a template: columns first, then rows whose entries name columns by family and key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

import numpy as np

from planner.model.template import (
    CONSTANT,
    Array,
    Indices,
    Key,
    Label,
    Ref,
    Sense,
    Template,
    table_layout,
)


class TemplateBuilder:
    """Collects columns, rows and entries.

    Parameters
    ----------
    shapes : mapping of str to tuple of int
        Shape of each derived array without its sample axis.
    """

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self._shapes = {CONSTANT: (), **shapes}
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
        uppers = list(self._upper.values())
        picked = self._picked([*refs, *costs, *sides, *uppers])
        at = partial(self._positions, picked)
        return Template(
            columns=tuple(self._columns),
            rows=tuple(self._rows),
            senses=tuple(sense for sense, _ in self._rows.values()),
            starts=starts,
            row_of=entries[:, 1],
            entry_of=entry_of.reshape(-1),
            entry_at=at(refs),
            entry_factor=_factors(refs),
            cost_at=at(costs),
            cost_factor=_factors(costs),
            rhs_at=at(sides),
            rhs_factor=_factors(sides),
            bounded=np.array(list(self._upper), dtype=np.int64),
            upper_at=at(uppers),
            upper_factor=_factors(uppers),
            integer=np.array(self._integer, dtype=bool),
            picked=picked,
        )

    def _picked(self, refs: Iterable[Ref]) -> dict[str, Indices]:
        """Return the numbers that are referred to, by source; the constant is always there."""
        wanted: dict[str, set[int]] = {CONSTANT: {0}}
        for ref in refs:
            wanted.setdefault(ref.source, set()).add(self._place(ref))
        return {name: np.array(sorted(at), dtype=np.int64) for name, at in wanted.items()}

    def _positions(self, picked: Mapping[str, Indices], refs: Iterable[Ref]) -> Indices:
        """Return where each reference's number stands in the table."""
        begins = table_layout(picked)
        found = [
            begins[ref.source] + np.searchsorted(picked[ref.source], self._place(ref))
            for ref in refs
        ]
        return np.array(found, dtype=np.int64)

    def _place(self, ref: Ref) -> int:
        """Return a number's place among those of its source, less the sample axis."""
        shape = self._shapes[ref.source]
        if len(ref.index) != len(shape):
            raise ValueError(f"{ref.source} has {len(shape)} axes, not {len(ref.index)}")
        return int(np.ravel_multi_index(ref.index, shape, order="F")) if shape else 0


def _factors(refs: Iterable[Ref]) -> Array:
    return np.array([ref.factor for ref in refs], dtype=float)
