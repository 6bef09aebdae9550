"""Copulas: from independent uniform numbers to dependent ones, each still uniform by itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtr, ndtri, stdtr

from planner.uncertainty.streams import LEAST, Array

_MOST = 1 - 2.0**-53
"""Largest number below 1, for what rounds to 1 and has no quantile."""

_NO_PIVOT = 1e-12
_GRID = 48
_STEPS = 60


@dataclass(frozen=True)
class Copula:
    """How the inputs of a cluster depend on each other.

    Attributes
    ----------
    members : ndarray of int, (member,)
        Positions of the inputs, ascending.
    factor : ndarray, (member, member)
        Lower triangular, of the correlation of the normal scores.
    degrees_of_freedom : float or None
        Of Student's t copula; a Gaussian copula without.
    name : str
        Of the stream of what makes the tails of all members heavy together.
    """

    members: NDArray[np.int64]
    factor: Array
    degrees_of_freedom: float | None
    name: str

    def joined(self, u: Array, tail: Array | None) -> Array:
        """Return dependent numbers.

        Sums go term by term, so that no number depends on how many are made together.

        Parameters
        ----------
        u : ndarray, (member, sample)
            Independent uniform numbers.
        tail : ndarray, (sample,), or None
            One more, for Student's t.
        """
        scores = ndtri(u)
        found = np.empty_like(scores)
        for row, weights in zip(found, self.factor, strict=True):
            some = np.flatnonzero(weights)
            np.multiply(scores[some[0]], weights[some[0]], out=row)
            for k in some[1:]:
                row += weights[k] * scores[k]
        if self.degrees_of_freedom is None or tail is None:
            return np.asarray(np.clip(ndtr(found), LEAST, _MOST))
        freedom = self.degrees_of_freedom
        found /= np.sqrt(2 * gammaincinv(freedom / 2, tail) / freedom)
        return np.asarray(np.clip(stdtr(freedom, found), LEAST, _MOST))


def normal_correlation(rank: Array, degrees_of_freedom: float | None) -> Array:
    """Return the correlation of the scores under which rank correlations come out as asked.

    Of normal scores ``2 sin(pi rank / 6)`` (Pearson 1907; Kruskal 1958,
    doi:10.1080/01621459.1958.10501481), of Student's t by bisection of `_t_rank`.
    """
    if degrees_of_freedom is None:
        return np.asarray(2 * np.sin(np.pi * rank / 6))
    low, high = np.zeros_like(rank), np.ones_like(rank)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        short = _t_rank(middle, degrees_of_freedom) < np.abs(rank)
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    exact = np.where(np.abs(rank) == 1, 1.0, (low + high) / 2)
    return np.asarray(np.where(rank == 0, 0.0, np.sign(rank) * exact))


def rank_correlation(correlation: Array, degrees_of_freedom: float | None) -> Array:
    """Return the rank correlations that scores of some correlations have."""
    if degrees_of_freedom is None:
        return np.asarray(6 / np.pi * np.arcsin(correlation / 2))
    return _t_rank(correlation, degrees_of_freedom)


def _t_rank(correlation: Array, freedom: float) -> Array:
    """Return Spearman's rank correlation of Student's t copula.

    Given the three independent mixing variables W of the pairs in Spearman's definition, what is
    compared is normal with the correlation ``r W1 / sqrt((W1 + W2) (W1 + W3))``, so that it is the
    mean of ``6 / pi asin(...)`` of that (Heinen and Valdesogo 2020,
    doi:10.1016/j.spl.2020.108793), here over the midpoints of a grid.
    """
    share, weight = _mixing(freedom)
    angles = np.arcsin(np.multiply.outer(correlation, share))
    return np.asarray((angles * weight).sum(axis=-1) * 6 / np.pi)


@lru_cache(maxsize=8)
def _mixing(freedom: float) -> tuple[Array, Array]:
    """Return values of ``W1 / sqrt((W1 + W2) (W1 + W3))``, and their probabilities, ascending."""
    middles = (np.arange(_GRID) + 0.5) / _GRID
    w = freedom / (2 * gammaincinv(freedom / 2, middles))
    one, two, three = np.meshgrid(w, w, w, indexing="ij")
    share = np.sort((one / np.sqrt((one + two) * (one + three))).ravel())
    # Neighbours are as good as one: bisection looks at a few hundred instead of all.
    parts = np.array([part.mean() for part in np.array_split(share, 512)])
    sizes = np.array([part.size for part in np.array_split(share, 512)])
    return parts, sizes / share.size


def factor_of(correlation: Array) -> Array:
    """Return a lower triangular factor of a positive semidefinite matrix, zeros where singular."""
    n = correlation.shape[0]
    found = np.zeros((n, n))
    for j in range(n):
        left = correlation[j:, j] - (found[j:, :j] * found[j, :j]).sum(axis=1)
        if left[0] > _NO_PIVOT:
            found[j:, j] = left / np.sqrt(left[0])
    return found


def smallest_eigenvalue(correlation: Array) -> float:
    """Return the smallest eigenvalue of a symmetric matrix; below 0 it is no correlation."""
    return float(np.linalg.eigvalsh(correlation)[0])


def nearest_correlation(matrix: Array) -> Array:
    """Return the nearest correlation matrix in the Frobenius norm.

    By alternating projections with Dykstra's correction (Higham 2002, doi:10.1093/imanum/22.3.329).
    """
    found, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(1000):
        shifted = found - correction
        values, vectors = np.linalg.eigh(shifted)
        semidefinite = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = semidefinite - shifted
        following = semidefinite.copy()
        np.fill_diagonal(following, 1.0)
        if np.abs(following - found).max() < 1e-10:
            break
        found = following
    return found
