"""Roots of increasing functions, many at once, to the last digits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_EPSILON = float(np.finfo(float).eps)
_LEAST = float(np.finfo(float).tiny)
_MOST_STEPS = 1200
"""Bisection alone needs fewer than this for any bracket in which the search starts."""


def increasing_roots(function: Callable[[Array, Index], Array], low: Array, high: Array) -> Array:
    """Return where some increasing functions turn from negative to at least zero.

    Chandrupatla (1997), "A new hybrid quadratic/bisection algorithm for finding the zero of a
    nonlinear function without using derivatives", Advances in Engineering Software 28(3), 145-149,
    doi:10.1016/S0965-9978(96)00051-8. Of the last bracket the upper end is returned, so that a jump
    between two neighbouring numbers is found at the value that it leads to.

    Parameters
    ----------
    function : callable
        Takes points and the positions that they belong to, and returns the values there.
    low, high : ndarray, shape (n,)
        Brackets: negative at `low`, at least zero at `high`. They may be neighbours or equal.

    Raises
    ------
    ArithmeticError
        If a root is not found, which no increasing function gives cause for.
    """
    found = high.copy()
    active = np.flatnonzero(high - low > _tolerance(low, high))
    if not active.size:
        return found
    near, far = high[active], low[active]
    f_near, f_far = function(near, active), function(far, active)
    # The value at an end may be on the wrong side by rounding only: then that end is the root.
    found[active] = np.where(f_far >= 0, far, near)
    open_ = (f_far < 0) & (f_near > 0)
    active, near, far = active[open_], near[open_], far[open_]
    f_near, f_far = f_near[open_], f_far[open_]
    step = np.full(active.size, 0.5)
    for _ in range(_MOST_STEPS):
        if not active.size:
            return found
        x = near + step * (far - near)
        f = function(x, active)
        same = (f >= 0) == (f_near >= 0)
        third, f_third = np.where(same, near, far), np.where(same, f_near, f_far)
        far, f_far = np.where(same, far, near), np.where(same, f_far, f_near)
        near, f_near = x, f
        found[active] = np.where(f_near >= 0, near, far)
        room = np.abs(far - near)
        least = _tolerance(near, far)
        going = (room > least) & (f != 0)
        active, room, least = active[going], room[going], least[going]
        near, far, third = near[going], far[going], third[going]
        f_near, f_far, f_third = f_near[going], f_far[going], f_third[going]
        shortest = 0.5 * least / room
        step = _step(near, far, third, f_near, f_far, f_third)
        step = np.clip(step, shortest, 1 - shortest)
    raise ArithmeticError("a root was not found")


def _tolerance(one: Array, other: Array) -> Array:
    # The least normal number: the neighbours of zero are nearer than any share of them.
    return np.asarray(2 * _EPSILON * np.maximum(np.abs(one), np.abs(other)) + _LEAST)


def _step(a: Array, b: Array, c: Array, f_a: Array, f_b: Array, f_c: Array) -> Array:
    """Return the share of the way from a to b: by inverse quadratic where that is safe."""
    with np.errstate(all="ignore"):
        xi = (a - b) / (c - b)
        phi = (f_a - f_b) / (f_c - f_b)
        safe = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi)
        one = f_a / (f_b - f_a) * f_c / (f_b - f_c)
        other = (c - a) / (b - a) * f_a / (f_c - f_a) * f_b / (f_c - f_b)
        step = one + other
    return np.where(safe & np.isfinite(step), step, 0.5)
