"""Draws: blocks of samples, each made from the seed, the input's name and the block's number alone.

A worker can therefore make any block by itself, and adding, removing or reordering inputs leaves
every other input's draws as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.config.quantities import ByQuarter, Path, Trend
from planner.errors import InputError, Problem
from planner.uncertainty.beliefs import quantile
from planner.uncertainty.inputs import Input, parts

Array = NDArray[np.float64]

BLOCK_SIZE = 64
"""Samples per block; part of what makes runs equal, so it is fixed and recorded."""

_RESOLUTION = 2**52


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


def draw_block(inputs: Sequence[Input], seed: int, block: int, n: int = BLOCK_SIZE) -> Draws:
    """Draw the first `n` samples of a block.

    Parameters
    ----------
    inputs : sequence of Input
    seed : int
        The run's seed.
    block : int
        Number of the block; sample ``s`` is in block ``s // BLOCK_SIZE``.
    n : int
        How many of the block's samples are wanted.

    Raises
    ------
    InputError
        If a draw is not a finite number.
    """
    values = {item.name: _drawn(item, _uniforms(seed, item.name, block)[:n]) for item in inputs}
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


def _uniforms(seed: int, name: str, block: int) -> Array:
    """Return a block of the input's stream, strictly between 0 and 1."""
    digest = hashlib.sha256(f"{seed}|{block}|{name}".encode()).digest()
    stream = np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))
    return (stream.integers(_RESOLUTION, size=BLOCK_SIZE) + 0.5) / _RESOLUTION
