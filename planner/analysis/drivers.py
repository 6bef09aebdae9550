"""What drives the cost: its mean where an input is low against where it is high, without solving.

The draws are sorted by one input; the mean cost of the lowest fifth is set against that of the
highest fifth. Everything else varies as it does, so the difference is the input's effect with its
place in the whole, and its standard error says when it is only noise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from planner.analysis import estimates
from planner.analysis.results import Driver, Estimate
from planner.uncertainty.inputs import Input

Array = NDArray[np.float64]

_FIFTH = 0.2
_FEWEST = 10
_LEVEL = 0.05


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
    level = _LEVEL / max(len(inputs), 1)
    found = [
        driver
        for k, item in enumerate(inputs)
        if (driver := _driver(item.name, draws[:, k], cost_usd, level)) is not None
    ]
    return sorted(found, key=lambda driver: -abs(driver.swing_usd.value))


def _driver(name: str, drawn: Array, cost_usd: Array, level: float) -> Driver | None:
    low_edge, high_edge = np.quantile(drawn, [_FIFTH, 1 - _FIFTH])
    if low_edge == high_edge:
        # One value has most of the draws (a yes or no, say): set the extremes against each other.
        low_edge, high_edge = drawn.min(), drawn.max()
    low, high = drawn <= low_edge, drawn >= high_edge
    if low_edge == high_edge or min(low.sum(), high.sum()) < 2:
        return None
    if_low, if_high = estimates.mean(cost_usd[low]), estimates.mean(cost_usd[high])
    swing, distinguishable = _difference(if_high, if_low, level)
    return Driver(
        input=name,
        input_low=float(drawn[low].mean()),
        input_high=float(drawn[high].mean()),
        cost_if_low_usd=if_low,
        cost_if_high_usd=if_high,
        swing_usd=swing,
        distinguishable=distinguishable,
    )


def _difference(high: Estimate, low: Estimate, level: float) -> tuple[Estimate, bool]:
    """Return the difference of two means, and whether it is told from zero at a level.

    Both by Welch (1947), Biometrika 34, 28-35: a fifth of few samples is a handful, and a normal
    bound would take noise for a driver.
    """
    value = high.value - low.value
    above, below = (high.standard_error or 0.0) ** 2, (low.standard_error or 0.0) ** 2
    n = high.n + low.n
    if above + below == 0:
        return Estimate(value, 0.0, value, value, n), value != 0
    error = float(np.sqrt(above + below))
    freedom = (above + below) ** 2 / (above**2 / (high.n - 1) + below**2 / (low.n - 1))
    half = float(stdtrit(freedom, 0.975)) * error
    told = abs(value) > stdtrit(freedom, 1 - level / 2) * error
    return Estimate(value, error, value - half, value + half, n), bool(told)
