"""What a fit found: what to paste, how sure its figures are, and how well it agrees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.uncertainty.fitting.table import Array


@dataclass(frozen=True)
class Parameter:
    """A fitted figure.

    Attributes
    ----------
    name : str
    value : float
    standard_error : float or None
        None where the data do not determine it.
    """

    name: str
    value: float
    standard_error: float | None


@dataclass(frozen=True)
class GoodnessTest:
    """A test of whether the data agree with a fit.

    Attributes
    ----------
    name : str
    statistic : float
    p_value : float
    n : int
        Of what was tested.
    """

    name: str
    statistic: float
    p_value: float
    n: int


@dataclass(frozen=True)
class Fitted:
    """One specification to paste.

    Attributes
    ----------
    spec : dict
        Keys and values of the YAML, rounded as it is printed.
    parameters : tuple of Parameter
    tests : tuple of GoodnessTest
    remarks : tuple of str
        What the reader should know: how many values, what was chosen and why.
    warnings : tuple of str
        What speaks against using it.
    """

    spec: dict[str, Any]
    parameters: tuple[Parameter, ...]
    tests: tuple[GoodnessTest, ...]
    remarks: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def rounded(value: float) -> float:
    """Return a figure to the four digits that a specification has."""
    return float(f"{value:.4g}")


LEVELS = 20
"""Values of a printed empirical distribution: each stands for a twentieth of what was seen, fine
enough for P5 and P95, and short enough to paste."""


def levels(values: Array, weights: Array) -> list[float]:
    """Return the middles of twenty equally likely parts of a weighted sample.

    They are quantiles at 2.5 %, 7.5 % and so on: type 1 of Hyndman and Fan 1996,
    doi:10.1080/00031305.1996.10473566.

    Parameters
    ----------
    values, weights : ndarray, (value,)
    """
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order])
    middles = (np.arange(LEVELS) + 0.5) / LEVELS * share[-1]
    at = np.minimum(np.searchsorted(share, middles), values.size - 1)
    return [float(value) for value in values[order][at]]


def clustered_mean(values: Array, clusters: NDArray[np.intp]) -> tuple[float, float | None]:
    """Return a mean and its standard error when the values of a cluster go together.

    Liang and Zeger 1986, doi:10.1093/biomet/73.1.13, with the usual factor for few clusters. None
    if there are fewer than two clusters, or all have the same mean.

    Parameters
    ----------
    values : ndarray, (value,)
    clusters : ndarray of int, (value,)
        0 or more.
    """
    mean = float(values.mean())
    sums = np.bincount(clusters, values - mean)[np.unique(clusters)]
    if sums.size < 2:
        return mean, None
    variance = sums.size / (sums.size - 1) * float((sums**2).sum()) / values.size**2
    return mean, float(np.sqrt(variance)) or None
