"""The first stage of a scenario: what can be signed, and the rows that bind it alone.

Commitments bind at signing, when nothing is known yet: what an offer can supply counts as far as
its tranches reach, pools and options at their medians, and what is counted as ordered (vendor
shares, growth, the threshold of a price fall) by what is expected to be delivered, so that no order
that hardly ever comes can make room for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from planner.model.coefficients import Coefficients
from planner.model.columns import COLUMN_FAMILIES
from planner.model.program import Model
from planner.model.stages.partition import Partition
from planner.model.stages.tranches import Place, Tranches
from planner.model.template import Array, Bits, Indices, Label, LinearPrograms

_EXPECTED = ("vendor_share", "smallest_vendor_share", "growth", "price_fall")


@dataclass(frozen=True)
class Commitments:
    """Columns and rows of the first stage.

    Attributes
    ----------
    labels : tuple of Label, (column,)
        Of the template; an offer in tranches has as many columns of the same label.
    tranche : ndarray of int, (column,)
        0 for the first.
    effect_of : ndarray of int, (column,)
        Positions among the signed columns of the template.
    places : tuple of (place or None), (column,)
        By whose supply a column is delivered; None if it always is.
    tranches : Tranches
    lower, upper : ndarray, (column,)
    integer : ndarray of bool, (column,)
    rows : tuple of Label, (row,)
        Of the template; the rows of an offer's tranches have the label of its supply.
    matrix : ndarray, (row, column)
    low, high : ndarray, (row,)
    """

    labels: tuple[Label, ...]
    tranche: Indices
    effect_of: Indices
    places: tuple[Place | None, ...]
    tranches: Tranches
    lower: Array
    upper: Array
    integer: Bits
    rows: tuple[Label, ...]
    matrix: Array
    low: Array
    high: Array

    def of(self, *families: str) -> Bits:
        """Return which columns are of some families, (column,)."""
        return np.array([label.family in families for label in self.labels], dtype=bool)

    def factor(self, model: Model, block: Coefficients) -> Array:
        """Return how far each column is delivered, (sample, column)."""
        found = np.ones((block.n, len(self.labels)), order="F")
        shares = {
            place: self.tranches.delivered(model.sets, block, place)
            for place in dict.fromkeys(self.places)
            if place is not None
        }
        for j, place in enumerate(self.places):
            if place is not None:
                found[:, j] = shares[place][int(self.tranche[j])]
        return found


def commitments(
    model: Model, parts: Partition, limits: Tranches, median: Coefficients, pilot: Coefficients
) -> Commitments:
    """Return the first stage of a scenario.

    Parameters
    ----------
    model : Model
    parts : Partition
    limits : Tranches
    median : Coefficients
        Of one sample, at the medians of all inputs.
    pilot : Coefficients
        Of many samples, for what is expected.
    """
    template, places = model.template, _places(model, parts)
    counts = [1 if place is None else len(limits.ends[place]) for place in places]
    effect_of = np.repeat(np.arange(parts.signed.size), counts)
    tranche = np.concatenate([np.arange(count) for count in counts] or [np.zeros(0, int)])
    bare = Commitments(
        labels=tuple(template.columns[parts.signed[e]] for e in effect_of),
        tranche=tranche,
        effect_of=effect_of,
        places=tuple(places[e] for e in effect_of),
        tranches=limits,
        lower=np.zeros(effect_of.size),
        upper=np.full(effect_of.size, np.inf),
        integer=template.integer[parts.signed][effect_of],
        rows=(),
        matrix=np.zeros((0, effect_of.size)),
        low=np.zeros(0),
        high=np.zeros(0),
    )
    nominal = model.programs(_nominal(limits, median))
    rows = _Rows(bare, model, parts, nominal, pilot)
    labels, matrix, low, high = rows.all()
    upper = nominal.upper[0, parts.signed][effect_of]
    return replace(bare, upper=upper, rows=labels, matrix=matrix, low=low, high=high)


def _places(model: Model, parts: Partition) -> list[Place | None]:
    """Return by whose supply each signed column is delivered."""
    sets, found = model.sets, {}
    for name, family in COLUMN_FAMILIES.items():
        for column in family.columns(sets):
            at = column.place
            if name == "start":
                found[column.label] = ("offers", at[0], at[2])
            elif name == "tier":
                found[column.label] = ("offers", at[0], at[1])
            elif name == "power":
                found[column.label] = ("power", at[0], at[1])
    return [found.get(model.template.columns[j]) for j in parts.signed]


def _nominal(limits: Tranches, median: Coefficients) -> Coefficients:
    """Return the medians, with the most that can be signed for as the supply of every offer."""
    supply, power = median.supply.copy(), median.power_supply_kw.copy()
    for place, ends in limits.ends.items():
        section, position, quarter = place
        (supply if section == "offers" else power)[:, position, quarter] = ends[-1]
    return replace(median, supply=supply, power_supply_kw=power)


class _Rows:
    """The rows that bind commitments, as a dense matrix: there are few of either."""

    def __init__(
        self,
        columns: Commitments,
        model: Model,
        parts: Partition,
        nominal: LinearPrograms,
        pilot: Coefficients,
    ) -> None:
        self._columns, self._model, self._parts, self._nominal = columns, model, parts, nominal
        template = model.template
        self._column_of = np.repeat(np.arange(len(template.columns)), np.diff(template.starts))
        self._effect_at = np.full(len(template.columns), -1)
        self._effect_at[parts.signed] = np.arange(parts.signed.size)
        expected = [i for i in parts.signing if self._is_expected(template.rows[i])]
        self._expected = frozenset(expected)
        if expected:
            self._pilot = model.programs(pilot)
            self._delivered = columns.factor(model, pilot)

    @staticmethod
    def _is_expected(label: Label) -> bool:
        return label.family in _EXPECTED

    def all(self) -> tuple[tuple[Label, ...], Array, Array, Array]:
        """Return labels, matrix, low and high of all rows."""
        template, labels, found = self._model.template, list[Label](), []
        for i in self._parts.signing.tolist():
            row, side = self._expected_row(i) if i in self._expected else self._nominal_row(i)
            if np.isfinite(side):
                sense = template.senses[i]
                found.append((row, sense, side))
                if template.rows[i].family in ("supply", "power_supply"):
                    found += self._tranche_rows(row, side)
                labels += [template.rows[i]] * (len(found) - len(labels))
        columns = len(self._columns.labels)
        matrix = np.array([row for row, _, _ in found]).reshape(len(found), columns)
        low = np.array([-np.inf if sense == "<=" else side for _, sense, side in found])
        high = np.array([np.inf if sense == ">=" else side for _, sense, side in found])
        return tuple(labels), matrix, low, high

    def _entries(self, row: int) -> list[int]:
        found: list[int] = np.flatnonzero(self._model.template.row_of == row).tolist()
        return found

    def _nominal_row(self, row: int) -> tuple[Array, float]:
        found = np.zeros(len(self._columns.labels))
        for entry in self._entries(row):
            # What is not signed is what may be cancelled later: nothing is at signing.
            effect = self._effect_at[self._column_of[entry]]
            if effect >= 0:
                found[self._columns.effect_of == effect] = self._nominal.matrix[0, entry]
        return found, float(self._nominal.rhs[0, row])

    def _expected_row(self, row: int) -> tuple[Array, float]:
        found = np.zeros(len(self._columns.labels))
        side = self._pilot.rhs[:, row]
        there = self._there()
        for entry in self._entries(row):
            column = int(self._column_of[entry])
            effect = self._effect_at[column]
            for j in np.flatnonzero(self._columns.effect_of == effect) if effect >= 0 else ():
                found[j] = (self._pilot.matrix[:, entry] * self._delivered[:, j]).mean()
            if column in there:
                side = side - self._pilot.matrix[:, entry] * self._pilot.rhs[:, there[column]]
        return found, float(side.mean())

    def _there(self) -> Mapping[int, int]:
        """Return the row that says how many there are of each existing entry, by its column."""
        template = self._model.template
        columns = {label.key: j for j, label in enumerate(template.columns)
                   if label.family == "existing"}  # fmt: skip
        rows = {label.key: i for i, label in enumerate(template.rows) if label.family == "existing"}
        return {j: rows[key] for key, j in columns.items() if key in rows}

    def _tranche_rows(self, row: Array, side: float) -> list[tuple[Array, str, float]]:
        """Return the rows that hold tranches to their widths, and in their order."""
        mine = self._columns.of("start", "power") & (row != 0)
        place = self._columns.places[int(np.flatnonzero(mine)[0])] if mine.any() else None
        ends = () if place is None else self._columns.tranches.ends[place]
        if len(ends) < 2:
            return []
        first = mine & (self._columns.tranche == 0)
        share = ends[0] / ends[-1]
        held = np.where(mine, 0.0, row * share)
        held[first] = row[first]
        found = [(held, "<=", side * share)]
        for k in range(1, len(ends)):
            before = ends[k - 1] - (ends[k - 2] if k > 1 else 0.0)
            width = ends[k] - ends[k - 1]
            ordered = np.zeros(row.size)
            ordered[mine & (self._columns.tranche == k)] = 1 / width
            ordered[mine & (self._columns.tranche == k - 1)] = -1 / before
            found.append((ordered, "<=", 0.0))
        return found
