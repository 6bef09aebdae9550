"""Events: which hold in which quarter of a sample, and what they make of the figures.

Whether an event happens, when it begins and how long it lasts are inputs of their own, drawn as
all others are, so that the file of samples tells what happened in each. Only an event that surely
happens, and begins and ends when it must, is the same in every sample.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from planner.beliefs.kinds import describe
from planner.config.distributions import Discrete
from planner.config.event_figures import Place, figure_effects, places_of
from planner.config.events import Effect, Event
from planner.config.offers import Chance
from planner.config.quantities import Quantity
from planner.config.schema import Scenario
from planner.errors import InputError, Problem

Array = NDArray[np.float64]
Hits = NDArray[np.bool_]
Read = Callable[[str, Quantity], Array]
"""Returns a drawn figure by its path, of shape (sample,), or (1,) where it is known."""


class WhichOne(Discrete):
    """Which event of a group happens; not for users to write.

    The value is 0 for none of them; else it counts from the last event of the group, which is 1, to
    the first. An event that is added at the end thus leaves the others as they were drawn.

    Attributes
    ----------
    names : tuple of str
        The events, first to last.
    """

    names: tuple[str, ...]

    def value_of(self, name: str) -> int:
        """Return the value that stands for an event."""
        return len(self.names) - self.names.index(name)

    def likely(self) -> float:
        """Return the value of the event that is likelier than not; 0 if none is."""
        pairs = zip(self.values, self.probabilities, strict=True)
        return next((value for value, share in pairs if value and share > 0.5), 0.0)


@describe.register
def _(belief: WhichOne) -> str:
    pairs = list(zip(belief.values, belief.probabilities, strict=True))
    first_to_last = reversed(pairs[1:])
    told = [
        f"{value:g}: {name} ({100 * share:g} %)"
        for name, (value, share) in zip(belief.names, first_to_last, strict=True)
    ]
    return f"at most one event; {', '.join(told)}; 0: none"


class FirstQuarter(Discrete):
    """In which quarter an event begins, 0 being the plan's first; not for users to write.

    Attributes
    ----------
    names : tuple of str
        The quarters that are possible.
    """

    names: tuple[str, ...]


@describe.register
def _(belief: FirstQuarter) -> str:
    first, last = belief.names[0], belief.names[-1]
    return f"each of {first} to {last} as likely; {belief.values[0]:g} is {first}"


def which_one(scenario: Scenario, group: str) -> WhichOne:
    """Return the belief about which event of a group happens."""
    shares = {
        name: event.probability or 0.0
        for name, event in scenario.events.items()
        if event.one_of == group
    }
    none = max(1 - math.fsum(shares.values()), 0.0)
    return WhichOne(
        distribution="discrete",
        names=tuple(shares),
        values=tuple(float(k) for k in range(len(shares) + 1)),
        probabilities=(none, *reversed(shares.values())),
    )


def event_beliefs(scenario: Scenario) -> Iterator[tuple[str, Quantity]]:
    """Yield what decides about events, and their own figures, by the names of the inputs."""
    quarters = scenario.quarter_names()
    groups: set[str] = set()
    for name, event in scenario.events.items():
        if event.one_of is not None and event.one_of not in groups:
            groups.add(event.one_of)
            yield f"one_of.{event.one_of}", which_one(scenario, event.one_of)
        possible = window(event, quarters)
        if event.probability_per_quarter is not None:
            chance = Chance(probability=event.probability_per_quarter)
            yield from ((f"events.{name}.happens.{quarters[t]}", chance) for t in possible)
        else:
            if event.one_of is None:
                yield f"events.{name}.happens", Chance(probability=event.probability or 0.0)
            yield f"events.{name}.begins", _begins(possible, quarters)
        if event.lasts_quarters is not None:
            yield f"events.{name}.lasts_quarters", event.lasts_quarters
        for k, effect in enumerate(event.effects):
            yield f"events.{name}.effects.{k}.{effect.kind}", effect.amount


def window(event: Event, quarters: tuple[str, ...]) -> range:
    """Return the quarters of the plan in which an event can begin, 0 being the first."""
    first, last = event.begins.earliest, event.begins.latest
    start = 0 if first is None else quarters.index(first)
    return range(start, len(quarters) if last is None else quarters.index(last) + 1)


def _begins(possible: range, quarters: tuple[str, ...]) -> FirstQuarter:
    return FirstQuarter(
        distribution="discrete",
        names=tuple(quarters[t] for t in possible),
        values=tuple(float(t) for t in possible),
        probabilities=(1 / len(possible),) * len(possible),
    )


@dataclass(frozen=True)
class Happening:
    """Which events hold when.

    Attributes
    ----------
    holds : mapping of str to ndarray of bool, (sample, quarter)
        By event; of length 1 along the samples where it is known.
    """

    holds: Mapping[str, Hits]

    @cached_property
    def happened(self) -> dict[str, Hits]:
        """Whether each event begins at all, (sample,)."""
        return {name: np.asarray(holds.any(axis=1)) for name, holds in self.holds.items()}


@dataclass(frozen=True)
class Events:
    """The events of a scenario, and the figures that they change.

    Attributes
    ----------
    scenario : Scenario
    places : mapping of str to Place
        The figures that events change, by path.
    effects : mapping of str to list of (event, position, Effect)
        What acts on them, in the order in which it acts.
    """

    scenario: Scenario
    places: Mapping[str, Place]
    effects: Mapping[str, list[tuple[str, int, Effect]]]

    def happening(self, read: Read) -> Happening:
        """Return which events hold when, from the drawn values of their inputs."""
        found: dict[str, Hits] = {}

        def holds(name: str) -> Hits:
            """Find an event after those that it waits for."""
            if name not in found:
                event = self.scenario.events[name]
                conditions = [
                    (_begun(holds(other)), wanted)
                    for other, wanted in ((event.only_if, True), (event.only_if_not, False))
                    if other is not None
                ]
                make = _once if event.probability_per_quarter is None else _by_quarter
                found[name] = make(self.scenario, name, read, conditions)
            return found[name]

        return Happening({name: holds(name) for name in self.scenario.events})

    def changed(self, path: str, values: Array, happening: Happening, read: Read) -> Array:
        """Return a figure after all effects on it, in the order of the config.

        Parameters
        ----------
        path : str
        values : ndarray, (sample,) or (sample, quarter)
            Without events.
        happening : Happening
        read : callable

        Raises
        ------
        InputError
            If a value is then not allowed there.
        """
        place = self.places[path]
        for name, k, effect in self.effects[path]:
            on = happening.holds[name] if place.by_quarter else happening.happened[name]
            amount = read(f"events.{name}.effects.{k}.{effect.kind}", effect.amount)
            if values.ndim == 2:
                on = on if on.ndim == 2 else on[:, None]
                amount = amount[:, None]
            values = _chosen(on, done(effect.kind, values, amount), values)
        self._refuse_what_is_not_allowed(path, values, happening)
        return values

    def _refuse_what_is_not_allowed(self, path: str, values: Array, happening: Happening) -> None:
        place = self.places[path]
        low, high = float(values.min()), float(values.max())
        if place.allows(low, high) and math.isfinite(low) and math.isfinite(high):
            return
        worst = low if not place.allows(low, low) or not math.isfinite(low) else high
        rows = np.flatnonzero((values == worst).reshape(values.shape[0], -1).any(axis=1))
        sample = int(rows[0]) if rows.size else 0
        names = [
            name
            for name in dict.fromkeys(name for name, _, _ in self.effects[path])
            if happening.happened[name][sample % happening.happened[name].size]
        ]
        named = " and ".join(f"`{name}`" for name in names)
        raise InputError(
            [
                Problem(
                    path,
                    f"in a sample in which {named} happened this is {worst:g}",
                    allowed=place.words or "a finite number",
                    remedy="narrow the effects of these events, or let one with `cap` follow",
                )
            ]
        )


def events_of(scenario: Scenario) -> Events:
    """Return the events of a validated scenario."""
    places = places_of(scenario) if scenario.events else {}
    effects = {path: figure_effects(scenario, path) for path in places}
    touched = {path: found for path, found in effects.items() if found}
    return Events(scenario, {path: places[path] for path in touched}, touched)


def done(kind: str, values: Array, amount: Array) -> Array:
    """Return what an effect makes of a figure where it acts.

    Parameters
    ----------
    kind : str
        One of `planner.config.events.EFFECTS`.
    values, amount : ndarray
        Of as many dimensions.
    """
    match kind:
        case "multiply":
            return values * amount
        case "add":
            return values + amount
        case "set":
            return np.broadcast_to(amount, np.broadcast_shapes(values.shape, amount.shape))
        case "cap":
            return np.minimum(values, amount)
        case "delay_quarters":
            return _delayed(values, whole(amount))
        case _:
            raise ValueError(kind)


def whole(quarters: Array) -> NDArray[np.int64]:
    """Return quarters as whole ones, halves up."""
    return np.floor(quarters + 0.5).astype(np.int64)


def _delayed(values: Array, by: NDArray[np.int64]) -> Array:
    """Return each quarter's value of `by` quarters before; before the plan the first's."""
    count = values.shape[1]
    since = np.maximum(np.arange(count) - by, 0)
    rows = max(values.shape[0], since.shape[0])
    wide = np.broadcast_to(values, (rows, count))
    return np.take_along_axis(wide, np.broadcast_to(since, (rows, count)), axis=1)


def _chosen(on: Hits, changed: Array, values: Array) -> Array:
    """Return what is changed where an event holds, in Fortran order."""
    shape = np.broadcast_shapes(on.shape, changed.shape, values.shape)
    found = np.empty(shape, order="F")
    found[...] = values
    np.copyto(found, changed, where=on)
    return found


def _begun(holds: Hits) -> Hits:
    """Return whether an event has begun by each quarter, (sample, quarter)."""
    return np.logical_or.accumulate(holds, axis=1)


Conditions = list[tuple[Hits, bool]]
"""Whether another event has begun by each quarter, (sample, quarter), and whether it must have."""


def _lasts(scenario: Scenario, name: str, read: Read) -> NDArray[np.int64]:
    """Return for how many quarters an event holds, (sample,); all where it has no end."""
    lasts = scenario.events[name].lasts_quarters
    if lasts is None:
        return np.array([scenario.quarters])
    drawn = read(f"events.{name}.lasts_quarters", lasts)
    # What is longer than the plan is the same within it, and need not fit a whole number.
    return np.maximum(whole(np.minimum(drawn, scenario.quarters)), 1)


def _once(scenario: Scenario, name: str, read: Read, conditions: Conditions) -> Hits:
    event = scenario.events[name]
    if event.one_of is None:
        happens = read(f"events.{name}.happens", Chance(probability=event.probability or 0.0)) > 0
    else:
        which = which_one(scenario, event.one_of)
        happens = read(f"one_of.{event.one_of}", which) == which.value_of(name)
    quarters = scenario.quarter_names()
    begins = _begins(window(event, quarters), quarters)
    first = whole(read(f"events.{name}.begins", begins))[:, None]
    for begun, wanted in conditions:
        happens = happens & (_at(begun, first) == wanted)
    since = np.arange(scenario.quarters) - first
    lasts = _lasts(scenario, name, read)[:, None]
    holds: Hits = happens[:, None] & (since >= 0) & (since < lasts)
    return holds


def _at(values: Hits, quarter: NDArray[np.int64]) -> Hits:
    """Return the values of a quarter that each sample has for itself, (sample,)."""
    rows = max(values.shape[0], quarter.shape[0])
    wide = np.broadcast_to(values, (rows, values.shape[1]))
    at: Hits = np.take_along_axis(wide, np.broadcast_to(quarter, (rows, 1)), axis=1)[:, 0]
    return at


def _by_quarter(scenario: Scenario, name: str, read: Read, conditions: Conditions) -> Hits:
    event, quarters = scenario.events[name], scenario.quarter_names()
    chance = Chance(probability=event.probability_per_quarter or 0.0)
    possible, lasts = window(event, quarters), _lasts(scenario, name, read)
    left, found = np.zeros(1, dtype=np.int64), []
    for t, quarter in enumerate(quarters):
        starts = np.zeros(1, dtype=np.bool_)
        if t in possible:
            starts = (left == 0) & (read(f"events.{name}.happens.{quarter}", chance) > 0)
        for begun, wanted in conditions:
            starts = starts & (begun[:, t] == wanted)
        left = np.where(starts, lasts, left)
        found.append(left > 0)
        left = np.maximum(left - 1, 0)
    holds: Hits = np.stack(np.broadcast_arrays(*found), axis=1)
    return holds
