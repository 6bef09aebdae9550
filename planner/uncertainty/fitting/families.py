"""The distributions that are fitted by maximum likelihood, in the keys that a scenario has."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import (
    betaln,
    digamma,
    gammainc,
    gammaincinv,
    gammaln,
    ndtr,
    ndtri,
    polygamma,
    stdtr,
    stdtrit,
)

from planner.uncertainty.fitting.table import Array

Parameters = tuple[float, ...]

MOST_FREEDOM = 1_000.0
"""Degrees of freedom from which a Student's t is a normal."""

_LEAST_FREEDOM = 0.5
_MAD_OF_NORMAL = 1.4826


@dataclass(frozen=True)
class Family:
    """A distribution with a name.

    Attributes
    ----------
    name : str
        After ``distribution:``.
    keys : tuple of str
        Of its parameters, in their order.
    positive : bool
        Whether all values must be above 0.
    fit : callable
        The parameters of most likelihood.
    log_density, probability : callable
        Of values, given parameters.
    quantile : callable
        Of probabilities, given parameters.
    """

    name: str
    keys: tuple[str, ...]
    positive: bool
    fit: Callable[[Array], Parameters]
    log_density: Callable[[Array, Parameters], Array]
    probability: Callable[[Array, Parameters], Array]
    quantile: Callable[[Array, Parameters], Array]

    def log_likelihood(self, values: Array, parameters: Parameters) -> float:
        """Return the sum of the logarithms of the densities."""
        return float(self.log_density(values, parameters).sum())

    def standard_errors(self, values: Array, parameters: Parameters) -> list[float | None]:
        """Return the errors by the observed information; None where it does not determine them.

        Efron and Hinkley 1978, doi:10.1093/biomet/65.3.457. Second differences of the likelihood.
        """
        at = np.array(parameters)
        n = at.size if at[-1] < 0.99 * MOST_FREEDOM or len(self.keys) < 3 else at.size - 1
        step = 1e-4 * np.maximum(np.abs(at), float(values.std()) / math.sqrt(values.size))

        def likelihood(*moves: tuple[int, int]) -> float:
            moved = at.copy()
            for place, sign in moves:
                moved[place] += sign * step[place]
            return self.log_likelihood(values, tuple(moved))

        information = np.empty((n, n))
        for i in range(n):
            for j in range(n):
                signs = ((1, 1), (1, -1), (-1, 1), (-1, -1))
                second = sum(a * b * likelihood((i, a), (j, b)) for a, b in signs)
                information[i, j] = -second / (4 * step[i] * step[j])
        try:
            variances = np.diag(np.linalg.inv(information))
        except np.linalg.LinAlgError:
            variances = np.full(n, math.nan)
        errors = [math.sqrt(v) if v > 0 else None for v in variances]
        return [*errors, *[None] * (at.size - n)]


def _fit_normal(values: Array) -> Parameters:
    return float(values.mean()), float(values.std())


def _normal_log_density(values: Array, parameters: Parameters) -> Array:
    mean, sd = parameters
    return np.asarray(-0.5 * ((values - mean) / sd) ** 2 - math.log(sd * math.sqrt(2 * math.pi)))


NORMAL = Family(
    "normal",
    ("mean", "sd"),
    False,
    _fit_normal,
    _normal_log_density,
    lambda x, p: np.asarray(ndtr((x - p[0]) / p[1])),
    lambda u, p: np.asarray(p[0] + p[1] * ndtri(u)),
)


def _of_logarithm(parameters: Parameters) -> Parameters:
    mean, sd = parameters
    variance = math.log1p((sd / mean) ** 2)
    return math.log(mean) - variance / 2, math.sqrt(variance)


def _fit_lognormal(values: Array) -> Parameters:
    mean, sd = _fit_normal(np.log(values))
    middle = math.exp(mean + sd**2 / 2)
    return middle, middle * math.sqrt(math.expm1(sd**2))


LOGNORMAL = Family(
    "lognormal",
    ("mean", "sd"),
    True,
    _fit_lognormal,
    lambda x, p: _normal_log_density(np.log(x), _of_logarithm(p)) - np.log(x),
    lambda x, p: NORMAL.probability(np.log(x), _of_logarithm(p)),
    lambda u, p: np.exp(NORMAL.quantile(u, _of_logarithm(p))),
)


def _shape_and_scale(parameters: Parameters) -> Parameters:
    mean, sd = parameters
    return (mean / sd) ** 2, sd**2 / mean


def _fit_gamma(values: Array) -> Parameters:
    """Newton's method on the shape (Minka 2002, "Estimating a Gamma distribution")."""
    mean = float(values.mean())
    gap = max(math.log(mean) - float(np.log(values).mean()), 1e-12)
    shape = (3 - gap + math.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    for _ in range(20):
        slope = 1 / shape - float(polygamma(1, shape))
        step = (math.log(shape) - float(digamma(shape)) - gap) / (shape**2 * slope)
        shape = 1 / (1 / shape + step)
        if abs(step * shape) < 1e-12:
            break
    return mean, mean / math.sqrt(shape)


def _gamma_log_density(values: Array, parameters: Parameters) -> Array:
    shape, scale = _shape_and_scale(parameters)
    return np.asarray(
        (shape - 1) * np.log(values)
        - values / scale
        - float(gammaln(shape))
        - shape * math.log(scale)
    )


def _gamma_quantile(u: Array, parameters: Parameters) -> Array:
    shape, scale = _shape_and_scale(parameters)
    return np.asarray(scale * gammaincinv(shape, u))


GAMMA = Family(
    "gamma",
    ("mean", "sd"),
    True,
    _fit_gamma,
    _gamma_log_density,
    lambda x, p: np.asarray(gammainc(_shape_and_scale(p)[0], x / _shape_and_scale(p)[1])),
    _gamma_quantile,
)


def _t_log_density(values: Array, parameters: Parameters) -> Array:
    centre, scale, freedom = parameters
    tails = np.log1p(((values - centre) / scale) ** 2 / freedom)
    constant = float(betaln(freedom / 2, 0.5)) + 0.5 * math.log(freedom) + math.log(scale)
    return np.asarray(-0.5 * (freedom + 1) * tails - constant)


def _fit_t(values: Array) -> Parameters:
    from scipy.optimize import minimize

    centre = float(np.median(values))
    spread = _MAD_OF_NORMAL * float(np.median(np.abs(values - centre))) or float(values.std())
    usual = (values - centre) / spread

    def loss(at: Array) -> tuple[float, Array]:
        """Return the mean negative log likelihood and its gradient."""
        scale = math.exp(min(max(at[1], -50.0), 50.0))
        above = math.exp(min(at[2], 50.0))
        freedom = _LEAST_FREEDOM + above
        z = (usual - at[0]) / scale
        pulled = z * (freedom + 1) / (freedom + z**2)
        log_tails = np.log1p(z**2 / freedom)
        by_freedom = (
            -0.5 * log_tails.mean()
            + 0.5 * (pulled * z).mean() / freedom
            + 0.5 * (digamma((freedom + 1) / 2) - digamma(freedom / 2) - 1 / freedom)
        )
        gradient = np.array([-pulled.mean() / scale, 1 - (pulled * z).mean(), -above * by_freedom])
        density = _t_log_density(usual, (float(at[0]), scale, freedom))
        return -float(density.mean()), gradient

    # L-BFGS-B would start threads for its tiny matrices, and wait for them on a busy machine.
    start = np.array([0.0, 0.0, math.log(5.0)])
    found = minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-6}).x
    freedom = min(_LEAST_FREEDOM + math.exp(min(found[2], 50.0)), MOST_FREEDOM)
    return centre + spread * float(found[0]), spread * math.exp(found[1]), freedom


STUDENT_T = Family(
    "student-t",
    ("centre", "scale", "degrees_of_freedom"),
    False,
    _fit_t,
    _t_log_density,
    lambda x, p: np.asarray(stdtr(p[2], (x - p[0]) / p[1])),
    lambda u, p: np.asarray(p[0] + p[1] * stdtrit(p[2], u)),
)

FAMILIES = (NORMAL, LOGNORMAL, GAMMA, STUDENT_T)
"""All of them; the plug-in list."""
