"""The fewest limits that forbid something: none of them can be left out, and no fewer would do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import combinations

from planner.analysis.strict import Group, Least, Strict, View
from planner.model.coefficients import Coefficients
from planner.model.template import Array, LinearPrograms

_MOST_SOLVED = 300

Aim = Callable[[Coefficients], tuple[LinearPrograms, Array, Array]]
"""Programs whose least cost, less an offset, tells whether a size is reached."""


class Search:
    """Looks for the fewest groups that forbid an aim in a view."""

    def __init__(self, strict: Strict, view: View, aim: Aim) -> None:
        self._strict, self._view = strict, view
        self._programs, self._offset, self._least = aim(view.block)
        self._solved = 0

    def reached(self, on: Collection[Group]) -> bool:
        """Return whether the aim is reached in some sample while `on` holds."""
        return self._reaches(self._solve(on))

    def smallest(self) -> tuple[tuple[Group, ...], bool, bool]:
        """Return the fewest groups that forbid it, whether that is proven, and `enough`.

        A deletion filter (Chinneck and Dravnieks 1991) over what a proof needs gives a set of
        which none can be left out. Any other set has in it one of every group of limits that
        make it possible when they are lifted: the smallest that hits all that are found so far
        is tried, and if it does not forbid the aim, it shows one more.
        """
        every = frozenset(self._strict.groups)
        kept = self._irreducible(every)
        escapes = [frozenset({group}) for group in kept if self.reached(every - {group})]
        enough = len(escapes) == len(kept)
        while not enough:
            candidate = _hitting(escapes, len(kept))
            if candidate is None:
                break
            solved = self._solve(candidate)
            if not self._reaches(solved):
                return self._in_order(candidate), True, False
            if self._solved > _MOST_SOLVED:
                return self._in_order(kept), False, False
            escapes.append(self._escape(every, solved.broken(self._strict.groups)))
        return self._in_order(kept), True, enough

    def _solve(self, on: Collection[Group]) -> Least:
        self._solved += 1
        return self._strict.least(self._programs, self._view, on)

    def _reaches(self, solved: Least) -> bool:
        return bool((self._offset - solved.cost >= self._least).any())

    def _irreducible(self, every: frozenset[Group]) -> frozenset[Group]:
        kept = self._solve(every).helpful()
        if self.reached(kept):
            kept = every
        for group in self._in_order(kept):
            if group in kept and not self.reached(kept - {group}):
                kept -= {group}
        return kept

    def _escape(self, every: frozenset[Group], broken: frozenset[Group]) -> frozenset[Group]:
        """Return groups that make it possible when lifted, none of which can be left out."""
        for group in self._in_order(broken):
            if self.reached(every - broken | {group}):
                broken -= {group}
        return broken

    def _in_order(self, groups: Collection[Group]) -> tuple[Group, ...]:
        return tuple(group for group in self._strict.groups if group in groups)


def _hitting(escapes: Sequence[frozenset[Group]], below: int) -> frozenset[Group] | None:
    """Return the fewest groups, fewer than `below`, that are in every escape; None if none are."""
    must = frozenset[Group]().union(*(escape for escape in escapes if len(escape) == 1))
    open_ = [escape for escape in escapes if not escape & must]
    free = sorted(frozenset[Group]().union(*open_), key=lambda group: group.locations)
    for size in range(below - len(must)):
        for some in combinations(free, size):
            if all(escape.intersection(some) for escape in open_):
                return must.union(some)
    return None
