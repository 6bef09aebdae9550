"""Blocks into the kernel's units and back, in one pass over their numbers each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.solve.certificates import Numbers
from planner.solve.compiling import compiled, kept
from planner.solve.tableau import UNLIMITED, Array, Ends, Indices, Programs


class Places(NamedTuple):
    """What stands where in the kernel, and the factors between its numbers and the template's.

    Attributes
    ----------
    entries, rows : ndarray of int
        The template's entries and rows that the kernel has.
    bound_rows, bound_columns : ndarray of int
        The rows that are bounds there, and the columns that they bound.
    of_entry, of_row, of_cost : ndarray
        What the kernel's numbers are of the template's.
    size : ndarray, (column,)
        A unit of a column of the kernel in the template's.
    dual, price : ndarray
        A unit of the kernel's duals of rows, and of its reduced costs, in the template's.
    """

    entries: Indices
    rows: Indices
    bound_rows: Indices
    bound_columns: Indices
    of_entry: Array
    of_row: Array
    of_cost: Array
    size: Array
    dual: Array
    price: Array


@kept
def into_kernel(places: Places, numbers: Numbers, found: Programs) -> None:
    """Write the kernel's programs to `found`."""
    for s in range(numbers.cost.shape[0]):
        for e in range(places.entries.size):
            found.values[s, e] = numbers.matrix[s, places.entries[e]] * places.of_entry[e]
        for i in range(places.rows.size):
            found.rhs[s, i] = numbers.rhs[s, places.rows[i]] * places.of_row[i]
        for j in range(places.size.size):
            upper = numbers.upper[s, j]
            found.cost[s, j] = numbers.cost[s, j] * places.of_cost[j]
            found.lower[s, j] = numbers.lower[s, j] / places.size[j]
            found.upper[s, j] = upper / places.size[j] if upper < UNLIMITED else np.inf
        for k in range(places.bound_rows.size):
            j, bound = places.bound_columns[k], numbers.rhs[s, places.bound_rows[k]]
            if bound < UNLIMITED:
                found.upper[s, j] = min(found.upper[s, j], bound / places.size[j])


@kept
def out_of_kernel(places: Places, numbers: Numbers, ends: Ends, x: Array, duals: Array) -> None:
    """Write points and duals; rows that became bounds get what is theirs, others' stay zeros."""
    columns = places.size.size
    for s in range(numbers.cost.shape[0]):
        for j in range(columns):
            x[s, j] = ends.x[s, j] * places.size[j]
        for i in range(places.rows.size):
            duals[s, places.rows[i]] = -ends.reduced[s, columns + i] * places.dual[i]
        for k in range(places.bound_rows.size):
            i, j = places.bound_rows[k], places.bound_columns[k]
            if _owns(numbers, s, i, j):
                duals[s, i] = min(ends.reduced[s, j] * places.price[j], 0.0)


@compiled
def _owns(numbers: Numbers, s: int, i: int, j: int) -> bool:
    """Return whether a row bounds a column more tightly than the column's own bound does."""
    own = numbers.upper[s, j]
    return bool(numbers.rhs[s, i] <= own and numbers.lower[s, j] < own)
