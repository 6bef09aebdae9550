"""The numbers of a core in some scenarios: its own, and the random ones in their places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.smps_format.core import Core
from benchmarks.smps_format.outcomes import Kind, Place
from planner.model.template import Array, Indices


@dataclass(frozen=True)
class Numbers:
    """Numbers in some scenarios; the first axis is 1 long where nothing is random.

    Attributes
    ----------
    cost, lower, upper : ndarray, (scenario, column)
    constant : ndarray, (scenario, 1)
    rhs : ndarray, (scenario, row)
    matrix : ndarray, (scenario, entry + 1)
        The last number is 1 and stands nowhere in the core.
    """

    cost: Array
    constant: Array
    rhs: Array
    matrix: Array
    lower: Array
    upper: Array


class CoreNumbers:
    """Puts random numbers where they belong; what is maximised is turned to minimise.

    Parameters
    ----------
    core : Core
    places : sequence of Place
    weight : ndarray, (column,)
        How often costs count.

    Attributes
    ----------
    row_of, column_of : ndarray of int, (entry,)
        The core's entries, and after them those that only scenarios have.
    """

    def __init__(self, core: Core, places: tuple[Place, ...], weight: Array) -> None:
        pairs = zip(core.row_of.tolist(), core.column_of.tolist(), strict=True)
        at = {pair: e for e, pair in enumerate(pairs)}
        for place in places:
            if place.kind == "entry":
                at.setdefault((place.row, place.column), len(at))
        self.row_of = np.array([pair[0] for pair in at], dtype=np.int64)
        self.column_of = np.array([pair[1] for pair in at], dtype=np.int64)
        self._sign = -1.0 if core.maximise else 1.0
        self._weight = weight
        added = np.zeros(len(at) - core.values.size)
        self.base = Numbers(
            cost=self._sign * core.cost[None] * weight,
            constant=np.full((1, 1), self._sign * core.constant),
            rhs=core.rhs[None],
            matrix=np.concatenate([core.values, added, [1.0]])[None],
            lower=core.lower[None],
            upper=core.upper[None],
        )
        self._taken: dict[Kind, tuple[Indices, Indices]] = {}
        for kind in ("cost", "constant", "rhs", "entry", "lower", "upper"):
            own = [(k, place) for k, place in enumerate(places) if place.kind == kind]
            where = [_where(place, at) for _, place in own]
            self._taken[kind] = np.array([k for k, _ in own], np.int64), np.array(where, np.int64)

    def random(self, kind: Kind) -> Indices:
        """Return the positions of a kind's random numbers."""
        return self._taken[kind][1]

    def of(self, values: Array) -> Numbers:
        """Return the numbers of some scenarios.

        Parameters
        ----------
        values : ndarray, (scenario, place)
        """
        base = self.base
        return Numbers(
            cost=self._costs(values),
            constant=self._with("constant", base.constant, self._sign * values),
            rhs=self._with("rhs", base.rhs, values),
            matrix=self._with("entry", base.matrix, values),
            lower=self._with("lower", base.lower, values),
            upper=self._with("upper", base.upper, values),
        )

    def _costs(self, values: Array) -> Array:
        which, where = self._taken["cost"]
        if not which.size:
            return self.base.cost
        found = np.repeat(self.base.cost, values.shape[0], axis=0)
        found[:, where] = self._sign * values[:, which] * self._weight[where]
        return found

    def _with(self, kind: Kind, base: Array, values: Array) -> Array:
        which, where = self._taken[kind]
        if not which.size:
            return base
        found = np.repeat(base, values.shape[0], axis=0)
        found[:, where] = values[:, which]
        return found


def _where(place: Place, at: dict[tuple[int, int], int]) -> int:
    if place.kind == "entry":
        return at[place.row, place.column]
    return {"constant": 0, "rhs": place.row}.get(place.kind, place.column)
