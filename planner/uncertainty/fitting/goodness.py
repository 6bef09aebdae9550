"""How well values agree with a distribution: Kolmogorov-Smirnov and Anderson-Darling.

With fitted parameters the published tables do not hold. P values are therefore shares of samples
that are drawn from the fit and fitted again (the parametric bootstrap: Stute, Gonzales Manteiga and
Presedo Quindimil 1993, doi:10.1007/BF02613687).
"""

from __future__ import annotations

import numpy as np

from planner.uncertainty.fitting.families import NORMAL, Family
from planner.uncertainty.fitting.found import GoodnessTest
from planner.uncertainty.fitting.table import Array
from planner.uncertainty.streams import uniforms

_SEED = 1
_DRAWS = 199
"""Makes the least P value 0.005."""

_MOST_TESTED = 2_000
"""Values that are tested: with more, what does not matter in use is found significant. Every k-th
of the sorted values is taken, and the number is told."""


def kolmogorov_smirnov(u: Array) -> float:
    """Return the largest distance of sorted probabilities from the uniform's."""
    n = u.size
    ranks = np.arange(1, n + 1) / n
    return float(max((ranks - u).max(), (u - ranks + 1 / n).max()))


def anderson_darling(u: Array) -> float:
    """Return the statistic A squared of sorted probabilities.

    Anderson and Darling 1954, doi:10.1080/01621459.1954.10501232.
    """
    n = u.size
    inside = np.clip(u, 1e-300, 1 - 1e-16)
    odd = 2 * np.arange(1, n + 1) - 1
    return float(-n - (odd * (np.log(inside) + np.log1p(-inside[::-1]))).sum() / n)


def goodness_of_fit(
    family: Family, values: Array, parameters: tuple[float, ...]
) -> tuple[GoodnessTest, ...]:
    """Return both tests of a fit.

    Parameters
    ----------
    family : Family
    values : ndarray, (value,)
        What was fitted.
    parameters : tuple of float
        As fitted to them.
    """
    tested = _thinned(np.sort(values))
    statistics = _statistics(family.probability(tested, parameters))
    above = np.zeros(2)
    streams = [f"{family.name}.{number}" for number in range(_DRAWS)]
    for u in uniforms(_SEED, streams, 0, tested.size):
        drawn = np.sort(family.quantile(u, parameters))
        again = _statistics(family.probability(drawn, family.fit(drawn)))
        above += again >= statistics
    names = ("Kolmogorov-Smirnov", "Anderson-Darling")
    return tuple(
        GoodnessTest(name, float(statistic), float((1 + count) / (1 + _DRAWS)), tested.size)
        for name, statistic, count in zip(names, statistics, above, strict=True)
    )


def normality(values: Array) -> tuple[GoodnessTest, ...]:
    """Return both tests of whether values are normal, whatever their mean and deviation."""
    return goodness_of_fit(NORMAL, values, NORMAL.fit(_thinned(np.sort(values))))


def _thinned(ascending: Array) -> Array:
    return ascending[:: -(-ascending.size // _MOST_TESTED)]


def _statistics(u: Array) -> Array:
    return np.array([kolmogorov_smirnov(u), anderson_darling(u)])
