"""The most that events may make possible: every figure at the better of with and without each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import numpy as np

from planner.beliefs.kinds import quantile
from planner.uncertainty.events import Array, Events, Happening, Read, done, whole

_ENDS = np.array([1e-9, 1 - 1e-9])
"""Probabilities beyond which no value of an effect is looked at."""


@dataclass(frozen=True)
class BestOfEvents(Events):
    """Events that happen where they help and else do not, each figure by itself.

    That is more than any sample has: what is not possible here is possible in none.

    Attributes
    ----------
    better_low : callable
        Whether less of a figure, by its path, makes more possible.
    """

    better_low: Callable[[str], bool]

    def changed(self, path: str, values: Array, happening: Happening, read: Read) -> Array:  # noqa: ARG002
        """Return a figure at its best, (1,) or (1, quarter), within what is allowed there."""
        place, better = self.places[path], np.minimum if self.better_low(path) else np.maximum
        for _, _, effect in self.effects[path]:
            with np.errstate(over="ignore"):
                ends = quantile(effect.amount, _ENDS)
            if effect.kind == "delay_quarters":
                latest = min(int(whole(np.minimum(ends[1], values.shape[1]))), values.shape[1])
                amounts = np.arange(latest + 1.0)
            else:
                amounts = ends[np.isfinite(ends)]
            shaped = [amount.reshape((1,) * values.ndim) for amount in amounts]
            values = reduce(better, [done(effect.kind, values, one) for one in shaped], values)
        # Effects that exclude each other may together go farther than is allowed.
        return np.asfortranarray(np.clip(values, place.low, place.high))


def best_of(events: Events, better_low: Callable[[str], bool]) -> BestOfEvents:
    """Return the events at their best."""
    return BestOfEvents(events.scenario, events.places, events.effects, better_low)
