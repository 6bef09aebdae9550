"""What whole numbers have cost so far: the guide to the column at which to split next."""

from __future__ import annotations

import numpy as np

from planner.model.template import Array, Indices

_LEAST = 1e-9


class Pseudocosts:
    """The mean rise of a relaxation's cost per unit by which a column was moved down and up.

    They only decide the order of a search, never its result's proof; what one sample teaches
    serves the next.

    Parameters
    ----------
    columns : int
        Number of the template's columns.
    """

    def __init__(self, columns: int) -> None:
        self._total = np.zeros((2, columns))
        self._count = np.zeros((2, columns))

    def learn(self, column: int, moved: float, rise: float) -> None:
        """Add what moving a column by `moved`, down if negative, added to the cost."""
        if abs(moved) > _LEAST:
            self._total[int(moved > 0), column] += max(rise, 0.0) / abs(moved)
            self._count[int(moved > 0), column] += 1

    def score(self, columns: Indices, at: Array) -> Array:
        """Return how much a split of each column at its fraction promises to raise the bound.

        The product of both sides: a split that raises only one leaves the other as it was.
        """
        known = self._count.sum()
        typical = self._total.sum() / known if known else 1.0
        count = self._count[:, columns]
        mean = np.where(count > 0, self._total[:, columns] / np.maximum(count, 1), typical)
        down = at - np.floor(at)
        sides = np.maximum(mean * np.array([down, 1 - down]), _LEAST)
        return np.asarray(sides[0] * sides[1])
