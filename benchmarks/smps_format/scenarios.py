"""The scenarios of random numbers: all combinations of outcomes, or a sample of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import Literal, Protocol

import numpy as np

from benchmarks.smps_format.outcomes import Discrete, Outcomes
from planner.model.template import Array, Indices

Method = Literal["latin-hypercube", "random"]

_GOLDEN = 0.6180339887498949


class Scenarios(Protocol):
    """Scenarios by their positions, so that they need not be there all at once."""

    @property
    def n(self) -> int:
        """Number of scenarios."""
        ...

    def probability(self, begin: int, end: int) -> Array:
        """Return the probabilities of some, (scenario,)."""
        ...

    def values(self, begin: int, end: int) -> Array:
        """Return the random numbers of some, (scenario, number)."""
        ...


class Every:
    """All combinations of outcomes.

    In strides through their list, so that the first of them are like all: a search begins with
    these.

    Parameters
    ----------
    outcomes : Outcomes

    Raises
    ------
    ValueError
        If there is no end to them.
    """

    def __init__(self, outcomes: Outcomes) -> None:
        if outcomes.count is None:
            raise ValueError("there is no end to the outcomes of a continuous distribution")
        self._outcomes, self._n = outcomes, outcomes.count
        self._stride = max(1, round(_GOLDEN * self._n))
        while gcd(self._stride, self._n) > 1:
            self._stride += 1

    @property
    def n(self) -> int:
        """Number of scenarios."""
        return self._n

    def probability(self, begin: int, end: int) -> Array:
        """Return the product of the outcomes' probabilities, (scenario,)."""
        found = np.ones(end - begin)
        for group, digits in self._digits(begin, end):
            found *= group.probability[digits]
        return found

    def values(self, begin: int, end: int) -> Array:
        """Return the random numbers of some, (scenario, number)."""
        found = np.empty((end - begin, len(self._outcomes.places)))
        for group, digits in self._digits(begin, end):
            found[:, group.places] = group.values[digits]
        return found

    def _digits(self, begin: int, end: int) -> list[tuple[Discrete, Indices]]:
        """Return each group and which of its outcomes each scenario has."""
        groups = [group for group in self._outcomes.groups if isinstance(group, Discrete)]
        left = np.arange(begin, end, dtype=np.int64) * self._stride % self._n
        found = []
        for group in reversed(groups):
            left, digits = np.divmod(left, group.outcomes)
            found.append((group, digits))
        return found


class Drawn:
    """A sample of scenarios, each of the same probability.

    In a Latin hypercube each group's outcomes come as often as their probabilities say, to within
    one scenario: each scenario has a stratum of its own in each group (McKay, Beckman and Conover
    1979, doi:10.2307/1268522). One scenario by itself has its true distribution, so that means over
    a hypercube are without bias; their errors are to be taken over independent hypercubes.

    Parameters
    ----------
    outcomes : Outcomes
    n : int
    seed, replication : int
        Other pairs give independent samples.
    method : str
    """

    def __init__(
        self, outcomes: Outcomes, n: int, *, seed: int, replication: int, method: Method
    ) -> None:
        self._outcomes, self._n = outcomes, n
        generator = np.random.Generator(
            np.random.Philox(np.random.SeedSequence([seed, replication]))
        )
        self._shares = generator.random((len(outcomes.groups), n))
        if method == "latin-hypercube":
            strata = generator.permuted(np.tile(np.arange(n), (len(outcomes.groups), 1)), axis=1)
            self._shares = (strata + self._shares) / n

    @property
    def n(self) -> int:
        """Number of scenarios."""
        return self._n

    def probability(self, begin: int, end: int) -> Array:
        """Return equal probabilities, (scenario,)."""
        return np.full(end - begin, 1 / self._n)

    def values(self, begin: int, end: int) -> Array:
        """Return the random numbers of some, (scenario, number)."""
        found = np.empty((end - begin, len(self._outcomes.places)))
        for group, shares in zip(self._outcomes.groups, self._shares, strict=True):
            found[:, group.places] = group.at(shares[begin:end])
        return found


@dataclass(frozen=True)
class Mean:
    """One scenario: every random number at its mean."""

    outcomes: Outcomes
    n = 1

    def probability(self, begin: int, end: int) -> Array:
        """Return that of the one scenario, (scenario,)."""
        return np.ones(end - begin)

    def values(self, begin: int, end: int) -> Array:
        """Return the means, (scenario, number)."""
        return self.outcomes.mean()[begin:end]
