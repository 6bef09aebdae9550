"""The rival: one exponent for all jobs, and the band around it that scores best in training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from benchmarks.backtest_scores import ALPHA
from benchmarks.scaling.rows import Pair
from benchmarks.scaling.scores import Bands, group_weights

Array = NDArray[np.float64]

GROWTHS = (0.0, 0.5, 1.0)
"""How the width of the band may grow with the logarithm of size: to these powers of it."""


@dataclass(frozen=True)
class OneExponent:
    """Minutes fall with size to the power of -`exponent`, within a band.

    Attributes
    ----------
    exponent : float
    below, above : float
        From the middle to the ends of the band, times the log of size to the power of `growth`.
    growth : float
    score : float
        Mean interval score on what it was fitted to.
    """

    exponent: float
    below: float
    above: float
    growth: float
    score: float

    def bands(self, pairs: Sequence[Pair]) -> Bands:
        """Return the bands of pairs."""
        size = np.array([pair.log_size for pair in pairs])
        reach = size**self.growth
        middle = -self.exponent * size
        return Bands(middle - self.below * reach, middle + self.above * reach)


def fit_one_exponent(pairs: Sequence[Pair]) -> OneExponent:
    """Return the exponent and band of the least mean interval score, groups weighing equally.

    The score is linear by parts in exponent and widths (Koenker and Bassett 1978,
    doi:10.2307/1913643), so that a linear program finds the least there is for each growth.
    """
    fits = [_least(pairs, growth) for growth in GROWTHS]
    return min(fits, key=lambda fit: fit.score)


def _least(pairs: Sequence[Pair], growth: float) -> OneExponent:
    size = np.array([pair.log_size for pair in pairs])
    value = np.array([-pair.log_speedup for pair in pairs])
    weights = group_weights(pairs)
    reach = size**growth
    penalty = 2 / ALPHA * weights
    n = len(pairs)
    width = float(weights @ reach)
    cost = np.concatenate([[0.0, width, width], penalty, penalty])
    none, each = np.zeros((n, n)), np.eye(n)
    # How far a value is below or above its band is at least this, and at least 0.
    too_low = np.column_stack([-size, -reach, np.zeros(n), -each, none])
    too_high = np.column_stack([size, np.zeros(n), -reach, none, -each])
    found = linprog(
        cost,
        A_ub=np.vstack([too_low, too_high]),
        b_ub=np.concatenate([value, -value]),
        bounds=[(None, None)] + [(0, None)] * (2 + 2 * n),
        method="highs",
    )
    if found.status != 0:
        raise ValueError(f"no exponent found: {found.message}")
    exponent, below, above = (float(part) for part in found.x[:3])
    return OneExponent(exponent, below, above, growth, float(found.fun))
