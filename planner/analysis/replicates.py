"""Estimates where samples depend on each other within replicates, as in a Latin hypercube.

A mean's error is then what the replicates' own means tell: each weighs as much as it has samples,
and they are independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.analysis.moments import Deviations

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class GroupSums:
    """Quantities added up by replicate.

    Attributes
    ----------
    numbers : ndarray of int, (replicate,)
    n, totals : ndarray, (quantity, replicate)
        Samples that count, and their sum.
    """

    numbers: Indices
    n: Array
    totals: Array


@dataclass(frozen=True)
class Between:
    """How much the replicates' means of quantities differ.

    Attributes
    ----------
    replicates : ndarray of int, (quantity,)
        Those with a sample that counts.
    deviations : Deviations, (quantity,)
        Of the replicates' means, each as often as it has samples.
    """

    replicates: Indices
    deviations: Deviations

    def merged(self, other: Between) -> Between:
        """Return those of other replicates as well."""
        return Between(self.replicates + other.replicates, self.deviations.merged(other.deviations))


def group_sums(rows: Array, numbers: Indices, size: int) -> GroupSums:
    """Return quantities added up by replicate.

    Parameters
    ----------
    rows : ndarray, (quantity, sample)
        A sample that is NaN does not count for its quantity.
    numbers : ndarray of int, (sample,)
        Of the samples, ascending.
    size : int
        Samples of a replicate.
    """
    found, starts = np.unique(numbers // size, return_index=True)
    counts = ~np.isnan(rows)
    return GroupSums(
        found,
        np.add.reduceat(counts, starts, axis=1, dtype=float),
        np.add.reduceat(np.where(counts, rows, 0.0), starts, axis=1),
    )


def between(parts: Sequence[GroupSums]) -> Between:
    """Return how much replicates differ that may lie in several parts, which are in order."""
    numbers = np.concatenate([part.numbers for part in parts])
    _, starts = np.unique(numbers, return_index=True)
    n, totals = (
        np.add.reduceat(np.concatenate(arrays, axis=1), starts, axis=1)
        for arrays in ([part.n for part in parts], [part.totals for part in parts])
    )
    counted = n > 0
    means = np.divide(totals, n, out=np.zeros_like(totals), where=counted)
    samples = n.sum(axis=1)
    centre = totals.sum(axis=1) / np.maximum(samples, 1)
    squares = (n * (means - centre[:, None]) ** 2).sum(axis=1)
    return Between(counted.sum(axis=1), Deviations(samples.astype(np.int64), centre, squares))


def design_effect(below: NDArray[np.bool_], numbers: Indices, size: int) -> float:
    """Return how many times the variance of a share is that of independent samples.

    Kish (1965), Survey Sampling, section 8.2; 1 where there are too few replicates to tell.

    Parameters
    ----------
    below : ndarray of bool, (sample,)
        Whether a sample counts to the share.
    numbers : ndarray of int, (sample,)
    size : int
        Samples of a replicate.
    """
    found = between([group_sums(below[None].astype(float), numbers, size)])
    replicates, share = int(found.replicates[0]), float(found.deviations.mean[0])
    if replicates < 2 or not 0 < share < 1:
        return 1.0
    return float(found.deviations.squares[0] / (replicates - 1) / (share * (1 - share)))
