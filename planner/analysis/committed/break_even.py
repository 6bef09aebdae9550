"""Where the committed plan changes along one input: what is taken up, dropped or funded.

The plan is found anew with the input held at a value in every sample, everything else drawn as
before, on the samples that plans are optimised on. Values between which the plan differs are halved
until they are near each other.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from planner.analysis.committed.problem import OPTIMISED, ScenarioProblem, contracts_of
from planner.analysis.results_committed import BreakEven
from planner.analysis.workbench import Workbench
from planner.beliefs.kinds import probability, quantile
from planner.model.program import Model
from planner.model.stages.commitments import Commitments
from planner.model.template import Array
from planner.solve.two_stage.lshaped import costs_of, decompose
from planner.solve.two_stage.problem import Risk, probability_of
from planner.uncertainty.inputs import Input
from planner.uncertainty.sampling import Sampler

_TAKEN_SHARE = 0.001
"""Of all that is signed for, below which a platform is not taken up: optima are flat there."""

_GAP = 2e-4

_MOST_CHANGES = 2
"""Along each input, that a report tells."""

_ALL_LEVELS = (np.arange(512) + 0.5) / 512
_FEW_VALUES = 4
"""Of an input that takes only so many, all are tried."""


@dataclass(frozen=True)
class Held:
    """On what plans are found, whatever value an input is held at.

    Attributes
    ----------
    samples : int
        The first of those that plans are optimised on.
    risk : Risk
    price_times : float
        The multiple of the shortfall's price under which the plan reaches its service target.
    """

    samples: int
    risk: Risk
    price_times: float


@dataclass(frozen=True)
class PlanAt:
    """The best plan with an input at a value.

    Attributes
    ----------
    value : float
    cost_usd : float
        Its risk measure on the samples that plans are optimised on, at the stated prices.
    counts : dict of str to float
        What it signs for: accelerators by platform, and how far each bet is taken.
    platforms : frozenset of str
        Which of these are platforms.
    x : ndarray, (first-stage column,)
    """

    value: float
    cost_usd: float
    counts: dict[str, float]
    platforms: frozenset[str]
    x: Array

    def takes(self, name: str) -> bool:
        """Return whether something is signed for."""
        if name not in self.platforms:
            return self.counts.get(name, 0.0) >= 0.5
        whole = sum(self.counts[platform] for platform in self.platforms)
        return self.counts[name] > _TAKEN_SHARE * whole


Finder = Callable[[float, Array | None], PlanAt]
"""Finds the best plan at a value, from a plan that may be near it."""


def finder(bench: Workbench, name: str, held: Held) -> Finder:
    """Return what finds plans along an uncertain input."""

    def find(value: float, start: Array | None) -> PlanAt:
        sampler = replace(bench.sampler, pinned=((name, value),))
        return best_plan(bench.model, sampler, value, held, start)

    return find


def best_plan(
    model: Model, sampler: Sampler, value: float, held: Held, start: Array | None
) -> PlanAt:
    """Return the best plan of a scenario, with what it signs for by name."""
    contracts = contracts_of(model, sampler)
    problem = ScenarioProblem(contracts, OPTIMISED, held.samples, held.price_times)
    fits = start is not None and start.size == contracts.effect_of.size
    found = decompose(problem, held.risk, gap=_GAP, start=start if fits else None)
    cost = found.objective
    if held.price_times != 1:
        stated = ScenarioProblem(contracts, OPTIMISED, held.samples)
        cost = held.risk.of(costs_of(stated, found.x), probability_of(stated))
    counts = signed_for(model, contracts.commitments, found.x)
    return PlanAt(value, cost, counts, frozenset(model.sets.platforms), found.x)


def signed_for(model: Model, columns: Commitments, x: Array) -> dict[str, float]:
    """Return accelerators by platform, and how far each programme and option is taken."""
    sets = model.sets
    platform_of = {offer.name: sets.platforms[offer.platform] for offer in sets.offers}
    found = dict.fromkeys(sets.platforms, 0.0)
    for label, amount in zip(columns.labels, x.tolist(), strict=True):
        if label.family == "start":
            found[platform_of[label.key[0]]] += amount
        elif label.family in ("fund", "right"):
            found[label.key[0]] = amount
    return found


def changes(
    find: Finder, values: list[float], halvings: int, only: str | None, most: int | None = None
) -> Iterator[tuple[str, PlanAt, PlanAt]]:
    """Yield what changes between neighbouring values, and the plans at either side of it.

    Parameters
    ----------
    find : Finder
    values : list of float
        Ascending.
    halvings : int
        Of the range between two values.
    only : str or None
        A platform or a bet, if nothing else is of interest.
    most : int, optional
        Of changes, those of the largest counts; all unless given.
    """
    plans: list[PlanAt] = []
    for value in values:
        plans.append(find(value, plans[-1].x if plans else None))
    found = [
        (name, low, high)
        for low, high in itertools.pairwise(plans)
        for name in dict.fromkeys((*low.counts, *high.counts))
        if low.takes(name) != high.takes(name) and only in (None, name)
    ]
    if most is not None:
        # A bet weighs more than any number of accelerators.
        found.sort(key=lambda item: (item[0] in item[1].platforms, -_moved(*item)))
        found = sorted(found[:most], key=lambda item: item[1].value)
    for name, low, high in found:
        yield name, *_halved(find, name, low, high, halvings)


def _moved(name: str, low: PlanAt, high: PlanAt) -> float:
    return abs(high.counts.get(name, 0.0) - low.counts.get(name, 0.0))


def _halved(
    find: Finder, name: str, low: PlanAt, high: PlanAt, halvings: int
) -> tuple[PlanAt, PlanAt]:
    for _ in range(halvings):
        middle = find((low.value + high.value) / 2, low.x)
        if middle.takes(name) == low.takes(name):
            low = middle
        else:
            high = middle
    return low, high


def break_even(item: Input, name: str, low: PlanAt, high: PlanAt) -> BreakEven:
    """Return a change as results state it."""
    funded = name not in low.platforms
    if high.takes(name):
        words = "funds it" if funded else "takes it up"
    else:
        words = "stops funding it" if funded else "drops it"
    middle = np.array([(low.value + high.value) / 2])
    return BreakEven(
        input=item.name,
        platform=name,
        change=words,
        below=low.value,
        above=high.value,
        rank=float(probability(item.belief, middle)[0]),
        now=float(quantile(item.belief, np.array([0.5]))[0]),
        cost_below_usd=low.cost_usd,
        cost_above_usd=high.cost_usd,
        count_below=low.counts.get(name, 0.0),
        count_above=high.counts.get(name, 0.0),
    )


@dataclass(frozen=True)
class BreakEvenTask:
    """The task that looks along one input for what changes between two of its quantiles.

    Attributes
    ----------
    name : str
    levels : tuple of float
    halvings : int
    held : Held
    """

    name: str
    levels: tuple[float, ...]
    halvings: int
    held: Held

    def run(self, bench: Workbench) -> list[BreakEven]:
        """Return the changes, by value."""
        item = next(item for item in bench.inputs if item.name == self.name)
        every = np.unique(quantile(item.belief, _ALL_LEVELS))
        few = every.size <= _FEW_VALUES
        values = every if few else np.unique(quantile(item.belief, np.array(self.levels)))
        find = finder(bench, self.name, self.held)
        # Between the values of a yes or no there is nothing.
        halvings = 0 if few else self.halvings
        return [
            break_even(item, name, low, high)
            for name, low, high in changes(find, values.tolist(), halvings, None, _MOST_CHANGES)
        ]
