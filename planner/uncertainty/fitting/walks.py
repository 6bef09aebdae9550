"""Random walk and mean reversion from the month-ends of several series, by maximum likelihood."""

from __future__ import annotations

import math
from dataclasses import dataclass

from planner.uncertainty.fitting.found import Parameter, clustered_mean, rounded
from planner.uncertainty.fitting.series import MONTHS_OF_YEAR, QUARTER, Changes
from planner.uncertainty.fitting.table import Array


@dataclass(frozen=True)
class Walk:
    """A fitted process of normal shocks.

    Attributes
    ----------
    keys : dict
        What its specification says after ``process`` and ``first``.
    parameters : tuple of Parameter
    aic : float
        Akaike 1974, doi:10.1109/TAC.1974.1100705; of the changes given their starts.
    shocks : ndarray, (change,)
        What is left of each change, standard normal if the process is right.
    """

    name: str
    keys: dict[str, object]
    parameters: tuple[Parameter, ...]
    aic: float
    shocks: Array


def fit_random_walk(found: Changes, months: int) -> Walk:
    """Return the random walk: the drift as a belief, since it is what a history says least of.

    Parameters
    ----------
    found : Changes
    months : int
        Over which each change goes.
    """
    years = months / MONTHS_OF_YEAR
    mean, error = clustered_mean(found.size, found.month - found.month.min())
    variance = float(((found.size - mean) ** 2).mean())
    volatility = math.sqrt(variance / years)
    drift_error = (math.sqrt(variance / found.size.size) if error is None else error) / years
    belief = {
        "distribution": "normal",
        "mean": rounded(mean / years),
        "sd": rounded(drift_error),
    }
    return Walk(
        "random-walk",
        {"drift_per_year": belief, "volatility_per_year": rounded(volatility)},
        (
            Parameter("drift_per_year", mean / years, drift_error),
            Parameter(
                "volatility_per_year", volatility, volatility / math.sqrt(2 * found.size.size)
            ),
        ),
        _aic(variance, found.size.size, 2),
        (found.size - mean) / math.sqrt(variance),
    )


def fit_mean_reverting(found: Changes, months: int) -> Walk | None:
    """Return mean reversion with one level for all series; None if nothing pulls back.

    The regression of each logarithm on the one before, whose slope is what is left of a distance
    after `months` (Gillespie 1996, doi:10.1103/PhysRevE.54.2084). Standard errors by the delta
    method from those of the regression.
    """
    n, before = found.size.size, found.before
    around = before - before.mean()
    spread = float((around**2).sum())
    if n < 4 or spread == 0:
        return None
    slope = 1 + float((around * found.size).sum()) / spread
    if not 0 < slope < 1:
        return None
    level = float(before.mean() + found.size.mean() / (1 - slope))
    left = found.size - (slope - 1) * (before - level)
    variance = float((left**2).mean())
    quarters = months / QUARTER
    half_life = -math.log(2) * quarters / math.log(slope)
    slope_error = math.sqrt(variance / spread)
    # The level moves with the mean of the changes and with the slope, which are independent.
    level_error = math.hypot(
        math.sqrt(variance / n), slope_error * (level - float(before.mean()))
    ) / (1 - slope)
    stationary = variance / (1 - slope**2)
    volatility = math.sqrt(8 * math.log(2) * stationary / half_life)
    values = {
        "level": (math.exp(level), math.exp(level) * level_error),
        "half_life_quarters": (
            half_life,
            half_life * slope_error / (slope * abs(math.log(slope))),
        ),
        "volatility_per_year": (volatility, volatility / math.sqrt(2 * n)),
    }
    return Walk(
        "mean-reverting",
        {name: rounded(value) for name, (value, _) in values.items()},
        tuple(Parameter(name, *pair) for name, pair in values.items()),
        _aic(variance, n, 3),
        left / math.sqrt(variance),
    )


def _aic(variance: float, n: int, parameters: int) -> float:
    return n * (math.log(2 * math.pi * variance) + 1) + 2 * parameters
