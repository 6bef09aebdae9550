"""Replicates: runs of samples that cover every input evenly, each independent of the others.

Within a replicate samples depend on each other, so that standard errors are those of the
replicates' means. Every number is uniform by itself, whichever way it is made, and comes from the
streams of its own input.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from planner.uncertainty.streams import LEAST, Array

Indices = NDArray[np.int64]

_REPLICATES = 16
_SMALLEST, _LARGEST = 16, 1024


def replicate_size(samples: int) -> int:
    """Return how many samples a replicate has in a run: a power of two, a sixteenth or less.

    Fewer replicates would make standard errors vague; larger ones than 1,024 cover little better.
    """
    size = 1 << max(samples // _REPLICATES, 1).bit_length() >> 1
    return min(max(size, _SMALLEST), _LARGEST)


def latin_hypercube(order: Array, within: Array) -> Array:
    """Return one number in each of as many slices as a replicate has samples, in random order.

    McKay, Beckman and Conover (1979), doi:10.1080/00401706.1979.10489755.

    Parameters
    ----------
    order, within : ndarray, (input, replicate, sample)
        Independent uniform numbers: their order is the slices', and where in a slice.
    """
    slices = order.argsort(axis=-1).argsort(axis=-1)
    return _placed(slices, within)


def scrambled_sobol(dimensions: tuple[int, ...], flips: Array, within: Array) -> Array:
    """Return a Sobol' net for each replicate, scrambled by Owen's nested permutations.

    Every digit of a point is flipped or not by a random bit that belongs to the digits before it;
    beyond the digits that tell a replicate's points apart all digits are random (Owen 1995,
    doi:10.1007/978-1-4612-2552-2_19; directions of Joe and Kuo 2008, doi:10.1137/070709359).

    Parameters
    ----------
    dimensions : tuple of int
        Of the net, from 0, by input.
    flips, within : ndarray, (input, replicate, sample)
        Independent uniform numbers: a replicate's random bits, as many as points, and where in
        the finest slice.
    """
    size = flips.shape[-1]
    points = _sobol(max(dimensions) + 1, size)
    flipped, slices = flips < 0.5, np.empty(flips.shape, np.int64)
    for own, point, out in zip(flipped, points[list(dimensions)], slices, strict=True):
        out[...] = _flipped(point, own)
    return _placed(slices, within)


def _flipped(point: Indices, flips: NDArray[np.bool_]) -> Indices:
    """Return the scrambled numbers of one dimension, (replicate, sample)."""
    digits = point.size.bit_length() - 1
    found = np.zeros(flips.shape, np.int64)
    for digit in range(digits):
        # The digits before this one, after a leading one: so that each prefix has a bit of its own.
        node = (1 << digit) + (point >> (digits - digit))
        own = (point >> (digits - digit - 1)) & 1
        found = 2 * found + (flips[:, node] ^ own.astype(bool))
    return found


@lru_cache(maxsize=4)
def _sobol(dimensions: int, size: int) -> Indices:
    """Return the first points of the Sobol' sequence in units of their number, (dimension, point).

    Raises
    ------
    ValueError
        If there are more dimensions than direction numbers, 21,201.
    """
    from scipy.stats import qmc

    net = qmc.Sobol(dimensions, scramble=False)
    points = net.random_base2(size.bit_length() - 1)
    return np.ascontiguousarray((points * size).astype(np.int64).T)


def _placed(slices: Indices, within: Array) -> Array:
    """Return numbers in slices of equal width."""
    return np.asarray(np.maximum((slices + within) / within.shape[-1], LEAST))
