"""The exponent of a kind of work on an accelerator, and how much it differs between jobs.

Within a group (round, benchmark, submitter, accelerator) the logarithm of minutes is a level of its
own, less the group's exponent times the logarithm of accelerators. Exponents of groups scatter
around that of their accelerator, and those around that of the kind of work: random effects (Laird
and Ware 1982, doi:10.2307/2529876), so that an accelerator with one group borrows from the others
of its kind how much groups differ. Standard deviations are the most probable ones under wide
priors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.stats import norm

from benchmarks.scaling.most_probable import most_probable
from benchmarks.scaling.rows import Result

Array = NDArray[np.float64]

# Standard deviations before any data: of levels (log minutes) and of the kind's exponent, and the
# medians (one standard deviation is a factor of e) of accelerators, groups and noise.
_LEVEL = 10.0
_KIND = 1.0
_MEDIANS = np.log([0.05, 0.1, 0.05])


@dataclass(frozen=True)
class Exponent:
    """P10, P50 and P90 of the exponent of one more job on an accelerator."""

    p10: float
    p50: float
    p90: float


def exponents(groups: Sequence[Sequence[Result]]) -> dict[str, Exponent]:
    """Return what one more group of each accelerator is expected to have, by accelerator.

    Parameters
    ----------
    groups : sequence of sequences of Result
        All groups of one kind of work, each with at least two sizes.
    """
    size, value, group, accelerator = _arrays(groups)
    parts = _parts(size, group, accelerator)
    fixed = _KIND**2 * np.outer(size, size) + _LEVEL**2 * (group[:, None] == group[None, :])

    def covariance(logs: Array) -> tuple[Array, list[Array]]:
        scaled = [np.exp(2 * log) * part for log, part in zip(logs, parts, strict=True)]
        return fixed + sum(scaled), [2 * part for part in scaled]

    logs = most_probable(value, _MEDIANS, covariance)
    accelerators, groups_differ = np.exp(2 * logs[:2])
    factored = cho_factor(covariance(logs)[0], lower=True)
    found = {}
    for name in sorted(set(accelerator.tolist())):
        across = size * (_KIND**2 + accelerators * (accelerator == name))
        mean = float(across @ cho_solve(factored, value))
        known = float(across @ cho_solve(factored, across))
        deviation = float(np.sqrt(_KIND**2 + accelerators + groups_differ - known))
        reach = float(norm.ppf(0.9)) * deviation
        found[name] = Exponent(mean - reach, mean, mean + reach)
    return found


def _arrays(
    groups: Sequence[Sequence[Result]],
) -> tuple[Array, Array, NDArray[np.int64], NDArray[np.str_]]:
    """Return minus log size, log minutes, group and accelerator; all (result,).

    Size and minutes are relative to the group's means, so that levels say nothing of exponents.
    """
    size, value, number, accelerator = [], [], [], []
    for i, group in enumerate(groups):
        logs = np.log([one.accelerators for one in group])
        minutes = np.log([one.minutes for one in group])
        size.append(logs.mean() - logs)
        value.append(minutes - minutes.mean())
        number += [i] * len(group)
        accelerator += [one.accelerator for one in group]
    return np.concatenate(size), np.concatenate(value), np.array(number), np.array(accelerator)


def _parts(
    size: Array, group: NDArray[np.int64], accelerator: NDArray[np.str_]
) -> tuple[Array, Array, Array]:
    """Return what the variances of accelerators, groups and noise are of, each (result, result)."""
    outer = np.outer(size, size)
    return (
        (accelerator[:, None] == accelerator[None, :]) * outer,
        (group[:, None] == group[None, :]) * outer,
        np.eye(size.size),
    )
