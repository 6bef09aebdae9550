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
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.config.quantities import ByQuarter, Path, Trend
from planner.errors import InputError, Problem
from planner.uncertainty.beliefs import quantile
from planner.uncertainty.inputs import Input, parts

Array = NDArray[np.float64]

_PER_COUNT = 4
"""Numbers that Philox makes of one count (Salmon et al. 2011, doi:10.1145/2063384.2063405)."""

_WORD = 2**64

_LEAST = 2.0**-54
"""Stands for a draw of exactly 0, which has no quantile; half of the least other draw."""

_MIDDLE = np.array([0.5])
_ONE = np.array([1.0])


@dataclass(frozen=True)
class Draws:
    """The drawn value of every uncertain input for some samples.

    What is known is the same in every sample, so there is only one of it: its sample axis has
    length 1, and broadcasts. All arrays are in Fortran order: the samples lie side by side.

    Attributes
    ----------
    values : mapping of str to ndarray of shape (sample,)
    n : int
        Number of samples.
    """

    values: Mapping[str, Array]
    n: int

    def number(self, name: str, quantity: Path) -> Array:
        """Return a quantity's value per sample, shape (sample,), or (1,) where it is known."""
        drawn = self.values.get(name)
        if drawn is not None:
            return drawn
        if isinstance(quantity, float):
            return np.array([quantity])
        return quantile(quantity, _MIDDLE)  # type: ignore[arg-type]

    def path(self, name: str, quantity: Path, quarters: int) -> Array:
        """Return a quantity per sample and quarter, (sample, quarter), or (1, quarter)."""
        match quantity:
            case float():
                return np.full((1, quarters), quantity)
            case list():
                return np.array([quantity])
            case ByQuarter():
                drawn = self._parts(name, quantity)
                return _spread(drawn.get(f"{name}.times", _ONE), np.array(quantity.by_quarter))
            case Trend():
                drawn = self._parts(name, quantity)
                growth = 1 + drawn[f"{name}.change_per_year"][:, None]
                grown = np.power(growth, np.arange(quarters) / 4, order="F")
                return _spread(drawn[f"{name}.first"], grown)
            case _:
                return _spread(self.number(name, quantity), np.ones(quarters))

    def _parts(self, name: str, quantity: Path) -> dict[str, Array]:
        return {key: self.number(key, belief) for key, belief in parts(name, quantity).items()}


def _spread(factor: Array, by_quarter: Array) -> Array:
    """Return the product by quarter, (sample, quarter), in Fortran order."""
    spread: Array = np.multiply(factor[:, None], by_quarter, order="F")
    return spread


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
    uniforms = _uniforms([_key(seed, item.name) for item in inputs], first, n)
    with np.errstate(over="ignore", invalid="ignore"):
        drawn = {item.name: _drawn(item, u) for item, u in zip(inputs, uniforms, strict=True)}
    return Draws(drawn, n)


def median_draws(inputs: Sequence[Input]) -> Draws:
    """Return one sample with every uncertain input at its median."""
    with np.errstate(over="ignore", invalid="ignore"):
        return Draws({item.name: _drawn(item, _MIDDLE) for item in inputs}, 1)


def _drawn(item: Input, u: Array) -> Array:
    try:
        values = quantile(item.belief, u)
    except OverflowError:
        values = np.array([np.inf])
    # A sum that is finite has finite parts only, and is the cheaper thing to look at.
    if not np.isfinite(values.sum()) and not np.isfinite(values).all():
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


def _uniforms(keys: Sequence[int], first: int, n: int) -> Array:
    """Return the numbers `first` to ``first + n - 1`` of some streams, (stream, number).

    They are between 0 and 1. One generator is set to one stream after the other: to make one for
    each costs more than its numbers.
    """
    count, skipped = divmod(first, _PER_COUNT)
    philox = np.random.Philox(key=0)
    generator, fresh = np.random.Generator(philox), philox.state
    place: dict[str, Any] = fresh["state"]  # type: ignore[assignment]
    numbers = np.empty((len(keys), skipped + n))
    for row, key in zip(numbers, keys, strict=True):
        place["key"] = np.array(divmod(key, _WORD)[::-1], dtype=np.uint64)
        place["counter"] = np.array([count, 0, 0, 0], dtype=np.uint64)
        philox.state = fresh
        generator.random(out=row)
    return np.maximum(numbers[:, skipped:], _LEAST)


@lru_cache(maxsize=4096)
def _key(seed: int, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}|{name}".encode()).digest()[:16], "little")
