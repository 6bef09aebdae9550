"""Estimates from independent samples: never a number without its standard error, interval and n."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from planner.analysis.percentiles import Percentiles, exact
from planner.analysis.results_estimates import Estimate, Spread

Array = NDArray[np.float64]

_Z = float(ndtri(0.975))
_DUST = 1e-12


def mean(values: Array) -> Estimate:
    """Return the mean with Student's 95 % interval; no error below two samples.

    Raises
    ------
    ValueError
        If there is no value, or one is not finite.
    """
    _require(values)
    centre, largest = float(values.mean()), float(np.abs(values).max())
    return mean_of(values.size, centre, float(((values - centre) ** 2).sum()), largest)


def mean_of(n: int, centre: float, squares: float, largest: float) -> Estimate:
    """Return the same from moments.

    Parameters
    ----------
    n : int
    centre : float
        The mean.
    squares : float
        Sum of the squared deviations from it.
    largest : float
        Size of the largest value, or one not far below it.
    """
    if n < 2:
        return Estimate(centre, None, None, None, n)
    deviation = float(np.sqrt(squares / (n - 1)))
    # Equal samples differ in their last bits only; that is no uncertainty.
    error = 0.0 if deviation <= _DUST * largest else deviation / float(np.sqrt(n))
    half = float(stdtrit(n - 1, 0.975)) * error
    return Estimate(centre, error, centre - half, centre + half, n)


def mean_of_replicates(
    n: int, centre: float, squares: float, replicates: int, largest: float
) -> Estimate:
    """Return the mean of samples that depend on each other within replicates.

    Parameters
    ----------
    n : int
        Samples.
    centre : float
    squares : float
        Sum over all samples of the squared deviation of their replicate's mean.
    replicates : int
        No error below two.
    largest : float
        As of `mean_of`.
    """
    if replicates < 2:
        return Estimate(centre, None, None, None, n)
    error = float(np.sqrt(squares / (replicates - 1) / n))
    error = 0.0 if error <= _DUST * largest else error
    half = float(stdtrit(replicates - 1, 0.975)) * error
    return Estimate(centre, error, centre - half, centre + half, n)


def share(hits: NDArray[np.bool_]) -> Estimate:
    """Return a proportion with its Wilson 95 % interval (Wilson 1927, JASA 22, 209-212)."""
    _require(hits)
    return share_of(int(np.count_nonzero(hits)), hits.size)


def share_of(hits: int, n: int, error: float | None = None) -> Estimate:
    """Return the same from counts.

    Parameters
    ----------
    hits, n : int
    error : float, optional
        Standard error, where samples depend on each other: the interval is then that of as many
        independent samples as have this error (Korn and Graubard 1998, Survey Methodology 24).
    """
    found = hits / n
    independent = n if not error else found * (1 - found) / error**2
    middle = (found + _Z**2 / (2 * independent)) / (1 + _Z**2 / independent)
    spread = found * (1 - found) / independent + _Z**2 / (4 * independent**2)
    half = _Z / (1 + _Z**2 / independent) * np.sqrt(spread)
    error = float(np.sqrt(found * (1 - found) / independent))
    # At 0 and 1 the bound is the proportion itself; rounding must not push it outside.
    low, high = min(found, middle - half), max(found, middle + half)
    return Estimate(found, error, float(max(low, 0.0)), float(min(high, 1.0)), n)


def spread(values: Array) -> Spread:
    """Return mean, P10, P50 and P90 of one quantity, shape (sample,)."""
    return spread_of(mean(values), exact(values))


def spreads(values: Array) -> list[Spread]:
    """Return the spread of each column of `values`, shape (sample, quantity)."""
    return [spread(column) for column in values.T]


def spread_of(centre: Estimate, found: Percentiles) -> Spread:
    """Return a mean and percentiles as one."""
    return Spread(centre, found.p10, found.p50, found.p90, found.error)


def _require(values: NDArray[np.float64] | NDArray[np.bool_]) -> None:
    if values.shape[0] == 0:
        raise ValueError("no samples to estimate from")
    if not np.isfinite(values).all():
        raise ValueError("a sample is not finite")
