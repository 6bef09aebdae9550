"""Arrays of a block of samples, the sample first.

Of what is the same in every sample there is only one: the sample axis has length 1, and broadcasts.
All arrays are in Fortran order, so that the samples lie side by side: numpy works along them, and
the other axes, which are short, cost no more than as many calls. Sums go term by term in the order
of the axis, so that a sample's numbers are the same to the last bit in a block of any size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_P = ParamSpec("_P")
_R = TypeVar("_R")

_MOST_KEPT = 1024

Place = int | slice | tuple[int | slice, ...]


def assembled(
    shape: tuple[int, ...], parts: Iterable[tuple[Place, Array]], otherwise: float = 0.0
) -> Array:
    """Return one array of many, (sample, ...); of length 1 where none of them varies.

    Parameters
    ----------
    shape : tuple of int
        Without the sample axis.
    parts : iterable of (place, ndarray)
        What stands where, both less the sample axis.
    otherwise : float
        What stands everywhere else.
    """
    parts = list(parts)
    n = max((part.shape[0] for _, part in parts), default=1)
    found = np.full((n, *shape), otherwise, order="F")
    for place, part in parts:
        found[:, *(place if isinstance(place, tuple) else (place,))] = part
    return found


def total(values: Array) -> Array:
    """Return the sum over the last axis; where that has one term, a view of it."""
    if values.shape[-1] < 2:
        return values[..., 0] if values.shape[-1] else np.zeros(values.shape[:-1], order="F")
    found = values[..., 0] + values[..., 1]
    for k in range(2, values.shape[-1]):
        found += values[..., k]
    return found


def weighted(values: Array, weights: Array) -> Array:
    """Return the sum over the last axis, which is not empty, each term times its weight."""
    first, *others = weights.tolist()
    found: Array = values[..., 0] * first
    for k, weight in enumerate(others, start=1):
        found += values[..., k] * weight
    return found


def times(one: Array, other: Array) -> Array:
    """Return the product, broadcast; of length 1 where the second factor is known to be zero."""
    some = one[:1] if is_nothing(other) else one
    product: Array = np.multiply(some, other, order="F")
    return product


def by_quarter(count: Array, each: Array, starts: Iterable[int]) -> Array:
    """Return what so many starts make in every quarter, (sample, quarter).

    Parameters
    ----------
    count : ndarray, (sample, start)
    each : ndarray, (sample, start, quarter)
        What one makes.
    starts : iterable of int
        The starts of which there may be any.
    """
    found = np.zeros((count.shape[0], each.shape[2]), order="F")
    for u in starts:
        found += np.multiply(count[:, u, None], each[:, u], order="F")
    return found


def arrays_in(value: Any) -> Iterator[NDArray[Any]]:
    """Yield the arrays of a derived value: itself, or those of its fields or items."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from arrays_in(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from arrays_in(getattr(value, field.name))


def is_known(value: Any) -> bool:
    """Return whether a derived value is the same in every sample of a block."""
    return all(array.shape[0] == 1 for array in arrays_in(value))


def locked(value: _R) -> _R:
    """Return a derived value whose arrays can no longer be written to: blocks share them."""
    for array in arrays_in(value):
        array.setflags(write=False)
    return value


def one_sample(values: Array, k: int) -> Array:
    """Return what an array has for a sample: its own, or what is the same in all."""
    return np.asarray(values[k if values.shape[0] > 1 else 0])


def is_nothing(values: Array) -> bool:
    """Return whether an array is known to be zero everywhere."""
    return values.shape[0] == 1 and not np.count_nonzero(values)


def made_once(make: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return a function that keeps what it makes of what is the same in every sample.

    Every block asks for it again. What it is made of are arrays, and arguments that can be hashed.
    """
    kept: dict[tuple[object, ...], _R] = {}

    @wraps(make)
    def made(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        given = (*args, *kwargs.values())
        if any(isinstance(arg, np.ndarray) and arg.shape[0] > 1 for arg in given):
            return make(*args, **kwargs)
        key = (tuple(kwargs), *(_hashable(arg) for arg in given))
        if key not in kept:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            kept[key] = locked(make(*args, **kwargs))
        return kept[key]

    return made


def _hashable(arg: object) -> object:
    return (arg.shape, arg.tobytes()) if isinstance(arg, np.ndarray) else arg
