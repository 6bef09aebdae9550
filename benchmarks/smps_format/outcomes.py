"""Random numbers of a program: which they are, and their independent groups."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal, NamedTuple

import numpy as np

from planner.model.template import Array, Indices

Kind = Literal["cost", "constant", "rhs", "entry", "lower", "upper"]


class Place(NamedTuple):
    """A number of the core: of a row, a column, or both; -1 where there is none."""

    kind: Kind
    row: int
    column: int


@dataclass(frozen=True)
class Discrete:
    """Numbers that are random together, with so many outcomes.

    Attributes
    ----------
    places : ndarray of int, (number,)
        Which they are, among all random numbers.
    values : ndarray, (outcome, number)
    probability : ndarray, (outcome,)
        They sum to 1.
    total : float
        What they summed to in the file.
    """

    places: Indices
    values: Array
    probability: Array
    total: float = 1.0

    @property
    def outcomes(self) -> int:
        """Number of outcomes."""
        return int(self.probability.size)

    def mean(self) -> Array:
        """Return the means of the numbers, (number,)."""
        found: Array = self.probability @ self.values
        return found

    def at(self, share: Array) -> Array:
        """Return the numbers at shares of probability between 0 and 1, (sample, number)."""
        below = np.cumsum(self.probability)[:-1]
        return self.values[np.searchsorted(below, share, side="right")]


@dataclass(frozen=True)
class Continuous:
    """A number with a normal distribution (mean, variance) or a uniform one (lower, upper).

    Attributes
    ----------
    places : ndarray of int, (1,)
    family : str
    first, second : float
    """

    places: Indices
    family: Literal["NORMAL", "UNIFORM"]
    first: float
    second: float

    outcomes = None

    def mean(self) -> Array:
        """Return the mean, (1,)."""
        middle = self.first if self.family == "NORMAL" else (self.first + self.second) / 2
        return np.array([middle])

    def at(self, share: Array) -> Array:
        """Return the number at shares of probability between 0 and 1, (sample, 1)."""
        from scipy.special import ndtri

        if self.family == "UNIFORM":
            return (self.first + (self.second - self.first) * share)[:, None]
        found: Array = (self.first + np.sqrt(self.second) * ndtri(share))[:, None]
        return found


@dataclass(frozen=True)
class Outcomes:
    """All random numbers, in groups that are independent of one another.

    Attributes
    ----------
    places : tuple of Place
    groups : tuple of Discrete or Continuous
    notes : tuple of str
        What was taken to be meant where the format leaves it open.
    """

    places: tuple[Place, ...]
    groups: tuple[Discrete | Continuous, ...]
    notes: tuple[str, ...]

    @property
    def total(self) -> float:
        """What the probabilities of all combinations summed to in the file, which rounds them."""
        return prod(group.total for group in self.groups if isinstance(group, Discrete))

    @property
    def count(self) -> int | None:
        """Number of combinations of the groups' outcomes; None if there is no end to them."""
        sizes = [group.outcomes for group in self.groups]
        return None if None in sizes else prod(size for size in sizes if size is not None)

    def mean(self) -> Array:
        """Return the means of all random numbers, (1, number)."""
        found = np.empty((1, len(self.places)))
        for group in self.groups:
            found[0, group.places] = group.mean()
        return found
