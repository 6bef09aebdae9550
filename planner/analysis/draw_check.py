"""The draw check: that the samples are what the config says, input by input and pair by pair.

Every input is drawn again in the parent from its streams, and counted into bins that its own
quantile function says are equally likely. A sound run fails once in a thousand runs: the tests
share that level.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr

from planner.analysis.results_draws import DrawCheck, DrawnInput, RealisedCorrelation
from planner.beliefs.kinds import atoms, describe, probability, quantile
from planner.config.quantities import Quantity
from planner.uncertainty.inputs import Input
from planner.uncertainty.sampling import Sampler

Array = NDArray[np.float64]

MOST_CHECKED = 16_384
"""Samples that are looked at: the first of a run."""

_FALSE_ALARMS = 1e-3
_LEVELS = np.array([0.05, 0.5, 0.95])
_BINS, _FEWEST_IN_A_BIN = 50, 20
_GRID = 20_000
_FARTHEST, _NODES = 8.2, 2**13
"""Of normal scores, over which moments are integrated: all that a float tells from 0 and 1."""

_CHANGES = 1e-3
_SMOOTH = 1e-12
"""Probability between two values below which there is nothing but rounding."""

_HEAVY = 1.5
"""How much larger the variance of a rank correlation may be where tails come together."""


def draw_check(sampler: Sampler, samples: int) -> DrawCheck:
    """Return the check of a run's draws, of as many samples as were solved.

    Parameters
    ----------
    sampler : Sampler
    samples : int
    """
    n = min(samples, MOST_CHECKED)
    asked = sampler.dependence.asked
    level = _FALSE_ALARMS / max(len(sampler.inputs) + len(asked), 1)
    numbers = sampler.numbers(0, n)
    draws = sampler.values(numbers)
    scores: dict[int, Array] = {}
    for item in asked:
        for k in (item.one, item.other):
            scores.setdefault(k, _ranks(numbers[k]))
    freedom = any(copula.degrees_of_freedom for copula in sampler.dependence.copulas)
    return DrawCheck(
        samples=n,
        inputs=[_input(item, draws.values[item.name], level) for item in sampler.inputs],
        correlations=[
            _correlation(
                (sampler.inputs[item.one].name, sampler.inputs[item.other].name),
                item.rank,
                float((scores[item.one] * scores[item.other]).sum()),
                n,
                _HEAVY if freedom else 1.0,
                level,
            )
            for item in asked
        ],
    )


def _input(item: Input, values: Array, level: float) -> DrawnInput:
    told = quantile(item.belief, _LEVELS)
    drawn = np.quantile(values, _LEVELS, method="inverted_cdf")
    mean, sd = moments_of(item.belief)
    probability = _chi_square(item.belief, values)
    return DrawnInput(
        name=item.name,
        description=describe(item.belief),
        mean=mean,
        sd=sd,
        specified=[float(value) for value in told],
        sampled=[float(value) for value in drawn],
        probability=probability,
        passed=probability is None or probability >= level,
    )


def _chi_square(belief: Quantity, values: Array) -> float | None:
    """Return how likely counts are at least this far from what is expected; None if too few.

    Pearson's test (1900, doi:10.1080/14786440009463897). What is expected is counted on a fine
    grid of probabilities, so that values that repeat have the probability that they have.
    """
    bins = min(values.size // _FEWEST_IN_A_BIN, _BINS)
    if bins < 2:
        return None
    edges, expected = _expected(belief, bins)
    if expected.size < 2:
        return None
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=expected.size)
    wanted = expected * values.size
    distance = float(((counts - wanted) ** 2 / wanted).sum())
    return float(chdtrc(expected.size - 1, distance))


def _expected(belief: Quantity, bins: int) -> tuple[Array, Array]:
    """Return the upper edges of bins but the last's, and the probability of each."""
    grid = quantile(belief, (np.arange(_GRID) + 0.5) / _GRID)
    edges = np.unique(quantile(belief, np.arange(1, bins) / bins))
    share = np.bincount(np.searchsorted(edges, grid, side="left"), minlength=edges.size + 1) / _GRID
    # A bin that nothing falls into lies above a value that repeats up to the end.
    filled = share > 0
    return edges[filled[1:]] if not filled.all() else edges, share[filled]


def moments_of(belief: Quantity) -> tuple[float | None, float | None]:
    """Return mean and standard deviation; None for what is infinite or cannot be told.

    Values that have a probability count with it. Between them the quantile function is integrated
    over normal scores by the trapezoidal rule, which converges fast where it is smooth (Trefethen
    and Weideman 2014, doi:10.1137/130932132).
    """
    (mean, sd), (near, near_sd) = (_moments(belief, far) for far in (_FARTHEST, 0.9 * _FARTHEST))
    told = abs(mean - near) <= _CHANGES * (abs(mean) + sd)
    sd_told = abs(sd - near_sd) <= _CHANGES * sd
    return (mean if told else None), (sd if told and sd_told else None)


def _moments(belief: Quantity, farthest: float) -> tuple[float, float]:
    values, masses = _parts(belief, farthest)
    mean = float((values * masses).sum() / masses.sum())
    return mean, float(np.sqrt(((values - mean) ** 2 * masses).sum() / masses.sum()))


def _parts(belief: Quantity, farthest: float) -> tuple[Array, Array]:
    """Return values and their shares, which add up to about 1."""
    steps = np.unique(atoms(belief))
    upto = probability(belief, steps)
    below = probability(belief, np.nextafter(steps, -np.inf))
    values, masses = [steps], [upto - below]
    u, weights = _nodes(farthest)
    for low, high in zip([0.0, *upto], [*below, 1.0], strict=True):
        if high - low > _SMOOTH:
            values.append(quantile(belief, low + (high - low) * u))
            masses.append((high - low) * weights)
    return np.concatenate(values), np.concatenate(masses)


@lru_cache(maxsize=4)
def _nodes(farthest: float) -> tuple[Array, Array]:
    scores = np.linspace(-farthest, farthest, _NODES)
    weights = np.exp(-(scores**2) / 2)
    return np.asarray(ndtr(scores)), weights / weights.sum()


def _ranks(numbers: Array) -> Array:
    """Return ranks with mean 0 and of length 1; ties do not occur."""
    ranks = numbers.argsort().argsort() - (numbers.size - 1) / 2
    return np.asarray(ranks / max(np.sqrt((ranks**2).sum()), 1.0))


def _correlation(
    names: tuple[str, str], asked: float, realised: float, n: int, heavy: float, level: float
) -> RealisedCorrelation:
    """Compare by Fisher's transformation, for ranks after Fieller, Hartley and Pearson (1957,
    doi:10.1093/biomet/44.3-4.470)."""
    probability = None
    if n > 10 and abs(asked) < 1:
        apart = np.arctanh(np.clip(realised, -1 + 1e-15, 1 - 1e-15)) - np.arctanh(asked)
        probability = float(2 * ndtr(-abs(apart) * np.sqrt((n - 3) / (1.06 * heavy))))
    return RealisedCorrelation(
        *names, asked, realised, probability, probability is None or probability >= level
    )
