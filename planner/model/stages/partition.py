"""What is signed and what is done later: a template parted into first stage and recourse blocks.

Recourse falls apart into blocks that share no column and no row once the commitments are known:
usually one for each quarter, unless a campaign, a budget, a right to cancel or power that idles
joins them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.model.columns import COLUMN_FAMILIES
from planner.model.contracts import ordered_before
from planner.model.rows import ROW_FAMILIES
from planner.model.sets import Sets
from planner.model.template import Array, Bits, Indices, Label, LinearPrograms, Template

_HELD = ("supply", "whole_units", "lots")
"""Families that are recourse where the offer is held by the quarter: else they are signed."""

_OF_AN_ORDER = {
    **dict.fromkeys(("start", "lots", "whole_units"), (0, 2)),
    **dict.fromkeys(("order", "tier", "full", "power"), (0, 1)),
    **dict.fromkeys(("supply", "minimum_order", "volume_price", "power_supply"), (0, 1)),
}
"""Families of one offer's (or power contract's) quarter, and where their keys name both."""


@dataclass(frozen=True)
class BlockPart:
    """Where the recourse of a block stands in the whole template.

    Attributes
    ----------
    template : Template
        Of the block alone.
    columns, rows, entries : ndarray of int
        Of the whole template, in the order of the block's.
    technology : ndarray of int, (technology,)
        Entries of the whole template that join signed columns to the block's rows.
    technology_rows, technology_effects : ndarray of int, (technology,)
        Rows of the block, and positions among the signed columns.
    given : ndarray of int, (given,)
        Entries that join columns whose value is given to the block's rows.
    given_rows, given_columns : ndarray of int, (given,)
        Rows of the block, and positions among `Partition.given`.
    """

    template: Template
    columns: Indices
    rows: Indices
    entries: Indices
    technology: Indices
    technology_rows: Indices
    technology_effects: Indices
    given: Indices
    given_rows: Indices
    given_columns: Indices

    def programs(self, programs: LinearPrograms, values: Array) -> LinearPrograms:
        """Return the block's programs before anything signed is taken off their right-hand sides.

        Numbers of a sample lie side by side, as compiled code takes them.

        Parameters
        ----------
        programs : LinearPrograms
            Of the whole template.
        values : ndarray, (sample, given)
        """
        rhs = programs.rhs.take(self.rows, axis=1)
        for at, row, column in zip(
            self.given.tolist(), self.given_rows.tolist(), self.given_columns.tolist(), strict=True
        ):
            rhs[:, row] -= programs.matrix[:, at] * values[:, column]
        return LinearPrograms(
            self.template,
            programs.cost.take(self.columns, axis=1),
            programs.matrix.take(self.entries, axis=1),
            rhs,
            programs.lower.take(self.columns, axis=1),
            programs.upper.take(self.columns, axis=1),
        )


@dataclass(frozen=True)
class Partition:
    """A template's columns by stage.

    Attributes
    ----------
    signed, signing : ndarray of int
        Columns and rows of the first stage.
    given, given_entries : ndarray of int
        Recourse columns that an equation of their own gives a value, and that equation's entry.
    given_rows : ndarray of int
        Those equations.
    blocks : tuple of BlockPart
    """

    signed: Indices
    signing: Indices
    given: Indices
    given_entries: Indices
    given_rows: Indices
    blocks: tuple[BlockPart, ...]

    def given_values(self, programs: LinearPrograms) -> Array:
        """Return the values of the given columns, (sample, given)."""
        found: Array = programs.rhs[:, self.given_rows] / programs.matrix[:, self.given_entries]
        return found


def partition(sets: Sets, template: Template, window: int | None = None) -> Partition:
    """Return the stages of a scenario's template.

    Parameters
    ----------
    sets : Sets
    template : Template
    window : int, optional
        What has to be signed from this quarter on is decided later, with the sample known, and not
        held to whole numbers; rows that join it to what is signed before bind that alone. Both make
        it look better than it is.
    """
    is_signed = _bits(sets, template.columns, {n: f.stage for n, f in COLUMN_FAMILIES.items()})
    is_signing = _bits(sets, template.rows, {n: m.STAGE for n, m in ROW_FAMILIES.items()})
    if window is not None:
        is_signed &= ~_later(sets, template.columns, window)
        is_signing &= ~_later(sets, template.rows, window)
        template = replace(template, integer=template.integer & is_signed)
    column_of = np.repeat(np.arange(len(template.columns)), np.diff(template.starts))
    given, given_entries = _given(template, column_of, is_signed, is_signing)
    is_given = np.zeros(len(template.columns), dtype=bool)
    is_given[given] = True
    given_rows = template.row_of[given_entries]
    open_row = ~is_signing
    open_row[given_rows] = False
    open_column = ~is_signed & ~is_given
    # A row that nothing can be done about (power where nothing may stand yet) holds by itself, for
    # recourse rows hold for every commitment.
    doing = np.bincount(template.row_of[open_column[column_of]], minlength=len(template.rows))
    open_row &= doing > 0
    inside = open_row[template.row_of] & open_column[column_of]
    of_column, of_row = _components(template, column_of, inside, open_column, open_row)
    position = np.full(len(template.columns), -1)
    signed = np.flatnonzero(is_signed)
    position[signed], position[given] = np.arange(signed.size), np.arange(given.size)
    parts = []
    for number in range(int(max(of_column.max(initial=-1), of_row.max(initial=-1))) + 1):
        columns, rows = np.flatnonzero(of_column == number), np.flatnonzero(of_row == number)
        parts.append(
            _part(template, column_of, columns, rows, (is_signed, is_given), inside, position)
        )
    return Partition(
        signed, np.flatnonzero(is_signing), given, given_entries, given_rows, tuple(parts)
    )


def _bits(sets: Sets, labels: tuple[Label, ...], stages: dict[str, str]) -> Bits:
    commits = {offer.name: offer.commits for offer in sets.offers}
    return np.array(
        [
            commits[label.key[0]] if label.family in _HELD else stages[label.family] == "commitment"
            for label in labels
        ],
        dtype=bool,
    )


def _later(sets: Sets, labels: tuple[Label, ...], window: int) -> Bits:
    """Return which columns and rows are of one order that is signed from a quarter on."""
    before = {item.name: ordered_before(item, sets.scenario) for item in sets.offers}
    before |= {item.name: item.lead_quarters for item in sets.power}
    found = []
    for label in labels:
        offer, quarter = _OF_AN_ORDER.get(label.family, (0, len(label.key)))
        # A site's limit is called power too.
        lead = before.get(label.key[offer]) if quarter < len(label.key) else None
        start = 0 if lead is None else sets.quarters.index(label.key[quarter])
        found.append(lead is not None and start - lead >= window)
    return np.array(found, dtype=bool)


def _given(
    template: Template, column_of: Indices, is_signed: Bits, is_signing: Bits
) -> tuple[Indices, Indices]:
    """Return recourse columns that are alone in an equation, and their entries in it."""
    in_row = np.bincount(template.row_of, minlength=len(template.rows))
    equation = np.array([sense == "=" for sense in template.senses], dtype=bool) & ~is_signing
    alone = equation[template.row_of] & (in_row[template.row_of] == 1) & ~is_signed[column_of]
    entries = np.flatnonzero(alone)
    return column_of[entries], entries


def _components(
    template: Template, column_of: Indices, inside: Bits, open_column: Bits, open_row: Bits
) -> tuple[Indices, Indices]:
    """Return the number of the block of each column and row; -1 for those of no block."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows, columns = len(template.rows), len(template.columns)
    ends = columns + template.row_of[inside], column_of[inside]
    graph = coo_array((np.ones(int(inside.sum())), ends), shape=(rows + columns,) * 2)
    _, found = connected_components(graph, directed=False)
    taken = np.concatenate([open_column, open_row])
    _, first, numbers = np.unique(found[taken], return_index=True, return_inverse=True)
    # Numbered by their first column, so that blocks stand in the order of the template.
    rank = np.argsort(np.argsort(first))
    of_all = np.full(rows + columns, -1)
    of_all[taken] = rank[numbers]
    return of_all[:columns], of_all[columns:]


def _part(
    template: Template,
    column_of: Indices,
    columns: Indices,
    rows: Indices,
    kinds: tuple[Bits, Bits],
    inside: Bits,
    position: Indices,
) -> BlockPart:
    mine = np.isin(template.row_of, rows)
    row_at = np.full(len(template.rows), -1)
    row_at[rows] = np.arange(rows.size)
    is_signed, is_given = kinds
    own = np.flatnonzero(mine & inside)
    technology = np.flatnonzero(mine & is_signed[column_of])
    given = np.flatnonzero(mine & is_given[column_of])
    return BlockPart(
        template=restricted(template, columns, rows, own),
        columns=columns,
        rows=rows,
        entries=own,
        technology=technology,
        technology_rows=row_at[template.row_of[technology]],
        technology_effects=position[column_of[technology]],
        given=given,
        given_rows=row_at[template.row_of[given]],
        given_columns=position[column_of[given]],
    )


def restricted(template: Template, columns: Indices, rows: Indices, entries: Indices) -> Template:
    """Return the template of some columns and rows, with the entries where they meet."""
    column_of = np.repeat(np.arange(len(template.columns)), np.diff(template.starts))
    row_at = np.full(len(template.rows), -1)
    row_at[rows] = np.arange(rows.size)
    entry_at = np.full(template.entries, -1)
    entry_at[entries] = np.arange(entries.size)
    counts = np.bincount(column_of[entries], minlength=len(template.columns))[columns]
    terms = entry_at[template.entry_of] >= 0
    column_at = np.full(len(template.columns), -1)
    column_at[columns] = np.arange(columns.size)
    bounded = column_at[template.bounded] >= 0
    return replace(
        template,
        columns=tuple(template.columns[j] for j in columns),
        rows=tuple(template.rows[i] for i in rows),
        senses=tuple(template.senses[i] for i in rows),
        starts=np.concatenate([[0], np.cumsum(counts)]),
        row_of=row_at[template.row_of[entries]],
        entry_of=entry_at[template.entry_of[terms]],
        entry_at=template.entry_at[terms],
        entry_factor=template.entry_factor[terms],
        cost_at=template.cost_at[columns],
        cost_factor=template.cost_factor[columns],
        rhs_at=template.rhs_at[rows],
        rhs_factor=template.rhs_factor[rows],
        bounded=column_at[template.bounded[bounded]],
        upper_at=template.upper_at[bounded],
        upper_factor=template.upper_factor[bounded],
        integer=template.integer[columns],
    )
