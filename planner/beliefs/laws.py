"""What every kind of belief can be asked; each kind answers in a module of its own.

`planner.beliefs.kinds` gathers them, and is what others import.
"""

from __future__ import annotations

from functools import singledispatch

import numpy as np
from numpy.typing import NDArray

from planner.config.quantities import Quantity, support_of

Array = NDArray[np.float64]

MOST_KEPT = 4096
"""Beliefs whose constants are kept: more than any plan has."""

LEAST_U, MOST_U = 2.0**-54, 1 - 2.0**-53
"""The smallest and the largest probability at which anything is drawn."""


@singledispatch
def quantile(belief: Quantity, u: Array) -> Array:  # noqa: ARG001
    """Return the values of `belief` at probabilities `u`, elementwise; never falling in `u`.

    Parameters
    ----------
    belief : Quantity
        As validated.
    u : ndarray
        Probabilities strictly between 0 and 1, of any shape.

    Raises
    ------
    TypeError
        If the kind has no quantile function here.
    """
    raise TypeError(f"no quantile function for {type(belief).__name__}")


@singledispatch
def probability(belief: Quantity, x: Array) -> Array:  # noqa: ARG001
    """Return the probability that a draw of `belief` is at most `x`, elementwise.

    Parameters
    ----------
    belief : Quantity
        As validated.
    x : ndarray
        Values, of any shape.

    Raises
    ------
    TypeError
        If the kind has no distribution function here.
    """
    raise TypeError(f"no distribution function for {type(belief).__name__}")


@singledispatch
def atoms(belief: Quantity) -> Array:  # noqa: ARG001
    """Return every single value of positive probability, in no order; none where it is smooth."""
    return np.empty(0)


@singledispatch
def describe(belief: Quantity) -> str:
    """Return the belief in a planner's words."""
    raise TypeError(f"no words for {type(belief).__name__}")


def is_uncertain(belief: Quantity) -> bool:
    """Return whether different draws can give different values."""
    low, high = support_of(belief)
    return low != high
