"""The most probable standard deviations of a Gaussian process."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

Array = NDArray[np.float64]

_REACH = 5.0
"""How far from its median, as a factor's logarithm, a parameter may be."""


def most_probable(
    values: Array, medians: Array, covariance: Callable[[Array], tuple[Array, Sequence[Array]]]
) -> Array:
    """Return the logarithms of parameters at the mode of their posterior density.

    Rasmussen and Williams 2006, doi:10.7551/mitpress/3206.001.0001, equations 5.8 and 5.9.

    Parameters
    ----------
    values : ndarray, (value,)
        Of mean 0 before they are seen.
    medians : ndarray, (parameter,)
        Logarithms of the medians of lognormal priors, of one standard deviation.
    covariance : callable
        Takes logarithms of parameters; returns the covariance of the values, (value, value), and
        its derivative by each of the logarithms.
    """

    def misfit(logs: Array) -> tuple[float, Array]:
        matrix, slopes = covariance(logs)
        factored = cho_factor(matrix, lower=True)
        solved = cho_solve(factored, values)
        inverse = cho_solve(factored, np.eye(values.size))
        prior = logs - medians
        height = values @ solved / 2 + np.log(np.diag(factored[0])).sum() + prior @ prior / 2
        slope = [(inverse * by).sum() / 2 - solved @ by @ solved / 2 for by in slopes]
        return float(height), np.array(slope) + prior

    found = minimize(
        misfit,
        medians,
        jac=True,
        method="L-BFGS-B",
        bounds=[(median - _REACH, median + _REACH) for median in medians],
        # As close as rounding allows, so that other machines find the same digits.
        options={"ftol": 1e-15, "gtol": 1e-8},
    )
    return np.asarray(found.x)
