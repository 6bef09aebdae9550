"""Draws: any run of samples, made from the seed, the inputs' names and the samples' numbers alone.

Every input has a stream of its own, and sample ``s`` takes the stream's number ``s``, whatever
block it is solved in. A worker can therefore make any block by itself, and adding, removing or
reordering inputs leaves every other input's draws as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from planner.config.quantities import ByQuarter, Path, Trend
from planner.errors import InputError, Problem
from planner.uncertainty.beliefs import quantile
from planner.uncertainty.inputs import Input, parts

Array = NDArray[np.float64]

_PER_COUNT = 4
"""Numbers that Philox makes of one count (Salmon et al. 2011, doi:10.1145/2063384.2063405)."""

_LEAST = 2.0**-54
"""Stands for a draw of exactly 0, which has no quantile; half of the least other draw."""


@dataclass(frozen=True)
class Draws:
    """The drawn value of every uncertain input for some samples.

    Attributes
    ----------
    values : mapping of str to ndarray of shape (sample,)
    n : int
        Number of samples.
    """

    values: Mapping[str, Array]
    n: int

    def number(self, name: str, quantity: Path) -> Array:
        """Return a quantity's value per sample, shape (sample,)."""
        if name in self.values:
            return self.values[name]
        return quantile(quantity, np.full(self.n, 0.5))  # type: ignore[arg-type]

    def path(self, name: str, quantity: Path, quarters: int) -> Array:
        """Return a quantity per sample and quarter, shape (sample, quarter)."""
        if isinstance(quantity, list):
            return np.broadcast_to(np.array(quantity), (self.n, quarters))
        drawn = {key: self.number(key, belief) for key, belief in parts(name, quantity).items()}
        match quantity:
            case ByQuarter():
                factor = drawn.get(f"{name}.times", np.ones(self.n))
                return np.asarray(factor[:, None] * np.array(quantity.by_quarter))
            case Trend():
                growth = 1 + drawn[f"{name}.change_per_year"][:, None]
                years = np.arange(quarters) / 4
                return np.asarray(drawn[f"{name}.first"][:, None] * growth**years)
            case _:
                return np.broadcast_to(self.number(name, quantity)[:, None], (self.n, quarters))


def draw(inputs: Sequence[Input], seed: int, first: int, n: int) -> Draws:
    """Draw the samples ``first`` to ``first + n - 1``.

    Parameters
    ----------
    inputs : sequence of Input
    seed : int
        The run's seed.
    first, n : int
        Number of the first sample, from 0, and how many.

    Raises
    ------
    InputError
        If a draw is not a finite number.
    """
    values = {item.name: _drawn(item, _uniforms(seed, item.name, first, n)) for item in inputs}
    return Draws(values, n)


def median_draws(inputs: Sequence[Input]) -> Draws:
    """Return one sample with every uncertain input at its median."""
    return Draws({item.name: _drawn(item, np.array([0.5])) for item in inputs}, 1)


def _drawn(item: Input, u: Array) -> Array:
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            values = quantile(item.belief, u)
    except OverflowError:
        values = np.array([np.inf])
    if not np.isfinite(values).all():
        raise InputError(
            [
                Problem(
                    item.name,
                    "this belief gives values that are too large to compute with",
                    allowed="values below about 1e300",
                    remedy="narrow it, or change its unit",
                )
            ]
        )
    return values


def _uniforms(seed: int, name: str, first: int, n: int) -> Array:
    """Return the numbers `first` to ``first + n - 1`` of the input's stream, between 0 and 1."""
    count, skipped = divmod(first, _PER_COUNT)
    philox = np.random.Philox(key=_key(seed, name), counter=count)
    return np.maximum(np.random.Generator(philox).random(skipped + n)[skipped:], _LEAST)


@lru_cache(maxsize=4096)
def _key(seed: int, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}|{name}".encode()).digest()[:16], "little")
