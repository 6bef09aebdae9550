"""Streams of uniform numbers: one for each name, of which any part can be had by itself.

Number ``s`` of a stream follows from the run's seed, the stream's name and ``s`` alone. A worker
can therefore make any block by itself, and what is added, removed or renamed changes no other
stream.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEAST = 2.0**-54
"""Stands for a draw of exactly 0, which has no quantile; half of the least other draw."""

_PER_COUNT = 4
"""Numbers that Philox makes of one count (Salmon et al. 2011, doi:10.1145/2063384.2063405)."""

_WORD = 2**64


def uniforms(seed: int, names: Sequence[str], first: int, n: int) -> Array:
    """Return the numbers `first` to ``first + n - 1`` of some streams, (stream, number).

    They are between 0 and 1. One generator is set to one stream after the other: to make one for
    each costs more than its numbers.
    """
    count, skipped = divmod(first, _PER_COUNT)
    philox = np.random.Philox(key=0)
    generator, fresh = np.random.Generator(philox), philox.state
    place: dict[str, Any] = fresh["state"]  # type: ignore[assignment]
    numbers = np.empty((len(names), skipped + n))
    for row, name in zip(numbers, names, strict=True):
        place["key"] = np.array(divmod(_key(seed, name), _WORD)[::-1], dtype=np.uint64)
        place["counter"] = np.array([count, 0, 0, 0], dtype=np.uint64)
        philox.state = fresh
        generator.random(out=row)
    return np.maximum(numbers[:, skipped:], LEAST)


@lru_cache(maxsize=8192)
def _key(seed: int, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}|{name}".encode()).digest()[:16], "little")
