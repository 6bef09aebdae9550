"""Dependence: from what a user says of inputs that move together to the copulas of clusters.

A cluster is a set of inputs that are linked, directly or through others; all other inputs are
independent of them, and their draws do not change when the cluster does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import combinations

import numpy as np

from planner.config.document import Location
from planner.config.sampling import Correlations
from planner.config.wording import did_you_mean
from planner.uncertainty.copulas import (
    Copula,
    factor_of,
    nearest_correlation,
    normal_correlation,
    rank_correlation,
    smallest_eigenvalue,
)
from planner.uncertainty.inputs import SHOCKS, Input
from planner.uncertainty.streams import Array

_HERE = "correlations"
_ALLOWED_NEGATIVE = -1e-9
_NAMED = 8
NAMES = "uncertain inputs of this scenario, as `planner inputs` names them"


@dataclass(frozen=True)
class Asked:
    """A rank correlation that was asked for, of two inputs by their positions, and where."""

    one: int
    other: int
    rank: float
    location: Location


@dataclass(frozen=True)
class Dependence:
    """What was asked for, the copulas that give it, and what cannot be had.

    Attributes
    ----------
    asked : tuple of Asked
        Each pair once.
    copulas : tuple of Copula
    problems : tuple of (Location, message, allowed, remedy)
    """

    asked: tuple[Asked, ...]
    copulas: tuple[Copula, ...]
    problems: tuple[tuple[Location, str, str, str], ...]


INDEPENDENCE = Dependence((), (), ())


def dependence_of(correlations: Correlations, inputs: Sequence[Input]) -> Dependence:
    """Return the dependence of a scenario's inputs."""
    asking = _Asking(inputs, [])
    single = list(asking.pairs(correlations))
    asked = _without_doubles([*single, *asking.matrices(correlations)], asking.problems)
    known = {frozenset((item.one, item.other)) for item in asked}
    of_groups = [
        item
        for item in asking.groups(correlations)
        if frozenset((item.one, item.other)) not in known
    ]
    asked += _without_doubles(of_groups, asking.problems)
    names = [item.name for item in inputs]
    copulas: list[Copula] = []
    for members in _clusters(asked):
        found = _copula(members, asked, correlations.degrees_of_freedom, names)
        if isinstance(found, Copula):
            copulas.append(found)
        else:
            asking.problems.append(found)
    return Dependence(tuple(asked), tuple(copulas), tuple(asking.problems))


@dataclass(frozen=True)
class _Asking:
    """Finds the inputs that are meant, and keeps what is wrong."""

    inputs: Sequence[Input]
    problems: list[tuple[Location, str, str, str]]

    def pairs(self, correlations: Correlations) -> Iterator[Asked]:
        for k, pair in enumerate(correlations.pairs):
            here = (_HERE, "pairs", k)
            one, other = (
                self._found(name, (*here, "between", j)) for j, name in enumerate(pair.between)
            )
            yield from self._linked(one, other, pair.rank, here)

    def matrices(self, correlations: Correlations) -> Iterator[Asked]:
        for k, matrix in enumerate(correlations.matrices):
            here = (_HERE, "matrices", k)
            found = [
                self._found(name, (*here, "inputs", j)) for j, name in enumerate(matrix.inputs)
            ]
            for i, j in combinations(range(len(found)), 2):
                yield from self._linked(found[i], found[j], matrix.ranks[i][j], here)

    def groups(self, correlations: Correlations) -> Iterator[Asked]:
        for k, group in enumerate(correlations.groups):
            here = (_HERE, "groups", k)
            found = self._matching(group.inputs, (*here, "inputs"))
            if found and len(found) < 2:
                self.problems.append(
                    (here, "only one input is in this group", "two or more", "name another one")
                )
            for one, other in combinations(found, 2):
                yield from self._linked(one, other, group.rank, here)

    def _linked(
        self, one: Mapping[str, int], other: Mapping[str, int], rank: float, here: Location
    ) -> Iterator[Asked]:
        both = [part for part in one if part in other]
        if one and other and not both:
            self.problems.append(
                (
                    here,
                    f"`{self._first(one)}` and `{self._first(other)}` do not vary in the same way: "
                    "one moves by quarter, the other as a whole",
                    "two inputs, or two quantities that move over time",
                    "name an input of each, such as its `.first`",
                )
            )
        for part in both:
            if one[part] == other[part]:
                self.problems.append(
                    (here, "an input is correlated with itself", "two inputs", "name another one")
                )
                return
            yield Asked(one[part], other[part], rank, here)

    def _first(self, parts: Mapping[str, int]) -> str:
        return self.inputs[next(iter(parts.values()))].name

    def _matching(self, patterns: Sequence[str], here: Location) -> list[Mapping[str, int]]:
        """Return what the patterns of a group mean, each thing once."""
        found: dict[tuple[int, ...], Mapping[str, int]] = {}
        for j, pattern in enumerate(patterns):
            # Of a quantity and its parts the quantity is meant.
            named = {
                name: None
                for item in self.inputs
                for name in (item.quantity, item.name)
                if fnmatchcase(name, pattern)
                and (name == item.quantity or not fnmatchcase(item.quantity, pattern))
            }
            if not named:
                self._unknown(pattern, (*here, j))
            for name in named:
                parts = self._found(name, (*here, j))
                found.setdefault(tuple(parts.values()), parts)
        return [parts for parts in found.values() if parts]

    def _found(self, name: str, here: Location) -> Mapping[str, int]:
        """Return the positions of the inputs that a name means, by what tells them apart."""
        own = [k for k, item in enumerate(self.inputs) if item.name == name]
        inside = {item.part: k for k, item in enumerate(self.inputs) if item.quantity == name}
        shocks = {part: k for part, k in inside.items() if part.startswith(f"{SHOCKS}.")}
        if own or len(inside) == 1:
            return {"": (own or list(inside.values()))[0]}
        if inside and not shocks:
            several = ", ".join(f"`{name}.{part}`" for part in inside)
            message = f"`{name}` has several uncertain inputs"
            self.problems.append((here, message, several, "name the one that you mean"))
        elif not inside:
            self._unknown(name, here)
        return shocks

    def _unknown(self, name: str, here: Location) -> None:
        known = dict.fromkeys(part for item in self.inputs for part in (item.name, item.quantity))
        remedy = did_you_mean(name, list(known), "look at the names with `planner inputs`")
        self.problems.append((here, f"no uncertain input is named `{name}`", NAMES, remedy))


def _without_doubles(
    asked: Sequence[Asked], problems: list[tuple[Location, str, str, str]]
) -> list[Asked]:
    """Return each pair once; two that differ are a problem."""
    found: dict[frozenset[int], Asked] = {}
    for item in asked:
        first = found.setdefault(frozenset((item.one, item.other)), item)
        if first.rank != item.rank:
            problems.append(
                (
                    item.location,
                    f"asks for {item.rank:g} of a pair of which {first.rank:g} is asked for "
                    "elsewhere",
                    "one rank correlation for each pair",
                    "remove one of the two",
                )
            )
    return list(found.values())


def _clusters(asked: Sequence[Asked]) -> list[list[int]]:
    """Return the sets of inputs that are linked, each ascending, by their first member."""
    root: dict[int, int] = {}

    def top(k: int) -> int:
        while root.setdefault(k, k) != k:
            k = root[k]
        return k

    for item in asked:
        if item.rank:
            one, other = sorted((top(item.one), top(item.other)))
            root[other] = one
    found: dict[int, list[int]] = {}
    for k in sorted(root):
        found.setdefault(top(k), []).append(k)
    return [members for members in found.values() if len(members) > 1]


def _copula(
    members: list[int], asked: Sequence[Asked], freedom: float | None, names: Sequence[str]
) -> Copula | tuple[Location, str, str, str]:
    """Return the copula of a cluster, or what is wrong with it."""
    place = {k: j for j, k in enumerate(members)}
    inside = [item for item in asked if item.one in place and item.other in place]
    ranks = np.eye(len(members))
    for item in inside:
        i, j = place[item.one], place[item.other]
        ranks[i, j] = ranks[j, i] = item.rank
    scores = normal_correlation(ranks, freedom)
    if smallest_eigenvalue(scores) < _ALLOWED_NEGATIVE:
        return _no_correlation(members, scores, inside[0].location, freedom, names)
    name = f"{_HERE}|{names[members[0]]}"
    return Copula(np.array(members), factor_of(scores), freedom, name)


def _no_correlation(
    members: list[int], scores: Array, here: Location, freedom: float | None, names: Sequence[str]
) -> tuple[Location, str, str, str]:
    near = rank_correlation(nearest_correlation(scores), freedom)
    asked = rank_correlation(scores, freedom)
    i, j = np.triu_indices(len(members), 1)
    order = np.argsort(-np.abs(near - asked)[i, j], kind="stable")[:_NAMED]
    changes = ", ".join(
        f"`{names[members[i[k]]]}` and `{names[members[j[k]]]}` {asked[i[k], j[k]]:.3g} -> "
        f"{near[i[k], j[k]]:.3g}"
        for k in order
    )
    message = (
        f"no {len(members)} inputs can have these rank correlations together (pairs that are not "
        "named count as 0)"
    )
    return (
        here,
        message,
        f"a positive semidefinite matrix; the nearest one has {changes}",
        ("change these, or name the pairs that are left out"),
    )
