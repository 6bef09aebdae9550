"""What drives the cost: its mean where an input is low against where it is high, without solving.

The mean cost of the samples in which an input is in the lowest fifth of its belief is set against
that of those in which it is in the highest. Everything else varies as it does, so the difference
is the input's effect with its place in the whole, and its standard error says when it is only
noise. The fifths are the belief's own and not the draws', so that samples can be added up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from planner.analysis import estimates
from planner.analysis.moments import Deviations
from planner.analysis.results_estimates import Driver, Estimate
from planner.beliefs.kinds import quantile
from planner.config.quantities import Quantity, support_of
from planner.uncertainty.inputs import Input

Array = NDArray[np.float64]

_FIFTH = 0.2
_ENDS = (199, 800)
"""Of a thousand values by size, the last of the lowest fifth and the first of the highest."""

_FEWEST = 10
_LEVEL = 0.05


@dataclass(frozen=True)
class DriverSums:
    """The cost where an input is low and where it is high; arrays are (side, input).

    Attributes
    ----------
    samples : int
        All, also those in neither fifth.
    cost_usd : Deviations
    drawn : ndarray
        Sum of the input's own values there.
    """

    samples: int
    cost_usd: Deviations
    drawn: Array

    def merged(self, other: DriverSums) -> DriverSums:
        """Return the sums of both."""
        return DriverSums(
            self.samples + other.samples,
            self.cost_usd.merged(other.cost_usd),
            self.drawn + other.drawn,
        )


def fifths(inputs: tuple[Input, ...]) -> Array:
    """Return where the lowest fifth of each input ends and the highest begins, (side, input)."""
    return np.reshape([_fifths(item.belief) for item in inputs], (-1, 2)).T


def _fifths(belief: Quantity) -> tuple[float, float]:
    levels = (np.arange(1000) + 0.5) / 1000
    levels[list(_ENDS)] = _FIFTH - 1e-9, 1 - _FIFTH + 1e-9
    # By size: a list of values need not ascend, and a negative factor turns a belief around.
    low, high = (float(value) for value in np.sort(quantile(belief, levels))[list(_ENDS)])
    # Where one value has most of the draws (a yes or no, say), its extremes are compared.
    return (low, high) if low < high else support_of(belief)


def driver_sums(edges: Array, draws: Array, cost_usd: Array) -> DriverSums:
    """Return the sums of some samples.

    Parameters
    ----------
    edges : ndarray, (side, input)
    draws : ndarray, (sample, input)
    cost_usd : ndarray, (sample,)
    """
    drawn, (low, high) = draws.T, edges[:, :, None]
    inside = np.stack([drawn <= low, drawn >= high]).astype(float)
    centre = cost_usd.mean()
    apart = cost_usd - centre
    # Not products of matrices: BLAS would start threads of its own in every worker.
    n = inside.sum(axis=-1)
    total, squares = np.vecdot(inside, apart), np.vecdot(inside, apart**2)
    mean = total / np.maximum(n, 1)
    within = np.maximum(squares - n * mean**2, 0.0)
    cost = Deviations(n.astype(np.int64), centre + mean, within)
    return DriverSums(cost_usd.size, cost, np.vecdot(inside, drawn))


def cost_drivers(inputs: tuple[Input, ...], sums: DriverSums) -> list[Driver]:
    """Return the inputs by the size of their swing, largest first; none below 10 samples."""
    if sums.samples < _FEWEST:
        return []
    # Bonferroni: of 80 inputs that do nothing, some would exceed two standard errors by chance.
    level = _LEVEL / max(len(inputs), 1)
    told = np.flatnonzero((sums.cost_usd.n >= 2).all(axis=0))
    found = [_driver(inputs[k].name, sums, int(k), level) for k in told]
    return sorted(found, key=lambda driver: -abs(driver.swing_usd.value))


def _driver(name: str, sums: DriverSums, k: int, level: float) -> Driver:
    cost = sums.cost_usd
    if_low, if_high = (
        estimates.mean_of(int(n), float(mean), float(squares), abs(float(mean)))
        for n, mean, squares in zip(cost.n[:, k], cost.mean[:, k], cost.squares[:, k], strict=True)
    )
    swing, distinguishable = _difference(if_high, if_low, level)
    low, high = sums.drawn[:, k] / cost.n[:, k]
    return Driver(
        input=name,
        input_low=float(low),
        input_high=float(high),
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
