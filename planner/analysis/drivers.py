"""What drives the cost: its mean where an input is low against where it is high, without solving.

The draws are sorted by one input; the mean cost of the lowest fifth is set against that of the
highest fifth. Everything else varies as it does, so the difference is the input's effect with its
place in the whole, and its standard error says when it is only noise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from planner.analysis import estimates
from planner.analysis.results import Driver, Estimate
from planner.uncertainty.inputs import Input

Array = NDArray[np.float64]

_FIFTH = 0.2
_FEWEST = 10
_LEVEL = 0.05
_Z = float(ndtri(0.975))


def cost_drivers(inputs: tuple[Input, ...], draws: Array, cost_usd: Array) -> list[Driver]:
    """Return the inputs by the size of their swing, largest first; none below 10 samples.

    Parameters
    ----------
    inputs : tuple of Input
    draws : ndarray, (sample, input)
    cost_usd : ndarray, (sample,)
    """
    if cost_usd.size < _FEWEST:
        return []
    # Bonferroni: of 80 inputs that do nothing, some would exceed two standard errors by chance.
    errors = float(ndtri(1 - _LEVEL / (2 * max(len(inputs), 1))))
    found = [
        driver
        for k, item in enumerate(inputs)
        if (driver := _driver(item.name, draws[:, k], cost_usd, errors)) is not None
    ]
    return sorted(found, key=lambda driver: -abs(driver.swing_usd.value))


def _driver(name: str, drawn: Array, cost_usd: Array, errors: float) -> Driver | None:
    low_edge, high_edge = np.quantile(drawn, [_FIFTH, 1 - _FIFTH])
    if low_edge == high_edge:
        # One value has most of the draws (a yes or no, say): set the extremes against each other.
        low_edge, high_edge = drawn.min(), drawn.max()
    low, high = drawn <= low_edge, drawn >= high_edge
    if low_edge == high_edge or min(low.sum(), high.sum()) < 2:
        return None
    if_low, if_high = estimates.mean(cost_usd[low]), estimates.mean(cost_usd[high])
    swing = _difference(if_high, if_low)
    error = swing.standard_error or 0.0
    return Driver(
        input=name,
        input_low=float(drawn[low].mean()),
        input_high=float(drawn[high].mean()),
        cost_if_low_usd=if_low,
        cost_if_high_usd=if_high,
        swing_usd=swing,
        distinguishable=bool(abs(swing.value) > errors * error),
    )


def _difference(high: Estimate, low: Estimate) -> Estimate:
    """Return the difference of two means of disjoint samples."""
    value = high.value - low.value
    error = float(np.hypot(high.standard_error or 0.0, low.standard_error or 0.0))
    return Estimate(value, error, value - _Z * error, value + _Z * error, high.n + low.n)
