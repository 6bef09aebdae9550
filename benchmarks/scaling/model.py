"""Time to train as a power of size that depends on the kind of job, and a part that stays.

Of two jobs with the same kind and the same growth, the shorter loses more: starting up, evaluating
and filling pipelines do not shrink. With N0 accelerators a job takes t0 minutes, with N it would
take t = t0 N0 / N if nothing were lost. The logarithm of minutes lost beyond that is modelled as ::

    (a + a[kind] + a[group]) x  +  b (log(1 + tau/t) - log(1 + tau/t0))  +  noise,   x = log(N/N0)

in which b = 1 is a fixed part of tau minutes on top of what divides, when a job is all but that.
All of it is a Gaussian process with these covariances (Rasmussen and Williams 2006,
doi:10.7551/mitpress/3206.001.0001, section 2.7): a kind that was not seen takes the mean of all
kinds and a wider band. Standard deviations and tau are the most probable ones under wide priors.

Bands are made on what the model did not see: each training group is predicted from the others
(Sundararajan and Keerthi 2001, doi:10.1162/08997660151134343), and the factor on the standard
deviation is the one that 80 % of groups would have needed; where few groups speak, it stays nearer
to the normal one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.stats import norm

from benchmarks.backtest_scores import ALPHA
from benchmarks.scaling.most_probable import most_probable
from benchmarks.scaling.rows import Pair
from benchmarks.scaling.scores import Bands, group_weights, weighted_quantile

Array = NDArray[np.float64]

NORMAL_FACTOR = float(norm.ppf(1 - ALPHA / 2))

GROUPS_OF_THE_NORMAL = 10
"""The normal factor counts like so many groups when bands are made."""

# Standard deviations before any data: of what is common to all jobs, then (as medians, with one
# standard deviation of a factor of e) of kinds, of groups and of noise, and of tau in minutes.
_COMMON = 1.0
_MEDIANS = np.log([0.1, 0.1, 0.1, 1.0])


@dataclass(frozen=True)
class Form:
    """Which parts the model has."""

    kinds: bool = True
    fixed_part: bool = True


@dataclass(frozen=True)
class _Data:
    """Pairs as arrays, (pair,)."""

    x: Array
    minutes: Array
    lost: Array
    kinds: NDArray[np.str_]
    groups: NDArray[np.str_]


@dataclass(frozen=True)
class Fitted:
    """A model and the data that it was fitted to.

    Attributes
    ----------
    form : Form
    logs : ndarray, (4,)
        Logarithms of the standard deviations of kinds, groups and noise, and of tau in minutes.
    factor : float
        How many standard deviations a band reaches to either side.
    """

    form: Form
    logs: Array
    factor: float
    _data: _Data

    def bands(self, pairs: Sequence[Pair]) -> Bands:
        """Return P10 and P90; the outcomes of `pairs` are not looked at."""
        new = _data(pairs)
        known = self._data
        across = _shared(self.form, self.logs, new, known)
        factored = cho_factor(_covariance(self.form, self.logs, known), lower=True)
        mean = across @ cho_solve(factored, known.lost)
        variance = np.diag(_covariance(self.form, self.logs, new)) - np.einsum(
            "ij,ji->i", across, cho_solve(factored, across.T)
        )
        middle = mean - new.x
        reach = self.factor * np.sqrt(variance)
        return Bands(middle - reach, middle + reach)

    @property
    def words(self) -> str:
        """Return what was fitted, for people."""
        kind, group, noise, tau = np.exp(self.logs)
        parts = [f"groups differ by {group:.3f} and times by {noise:.3f}"]
        parts += [f"exponents of kinds differ by {kind:.3f}"] if self.form.kinds else []
        parts += [f"tau is {tau:.2f} minutes"] if self.form.fixed_part else []
        return f"{'; '.join(reversed(parts))}; bands reach {self.factor:.2f} standard deviations"


def fit(pairs: Sequence[Pair], form: Form | None = None) -> Fitted:
    """Return the model fitted to pairs.

    Raises
    ------
    ValueError
        If there are none.
    """
    if not pairs:
        raise ValueError("no pairs to fit")
    form = form or Form()
    data = _data(pairs)
    logs = most_probable(
        data.lost, _MEDIANS, lambda at: (_covariance(form, at, data), _slopes(form, at, data))
    )
    fitted = Fitted(form, logs, NORMAL_FACTOR, data)
    return replace(fitted, factor=_factor(fitted, group_weights(pairs)))


def _data(pairs: Sequence[Pair]) -> _Data:
    x = np.array([pair.log_size for pair in pairs])
    return _Data(
        x,
        np.array([pair.first.minutes for pair in pairs]),
        x - np.array([pair.log_speedup for pair in pairs]),
        np.array([pair.kind for pair in pairs]),
        np.array(["\t".join(pair.group) for pair in pairs]),
    )


def _shared(form: Form, logs: Array, one: _Data, other: _Data) -> Array:
    """Return the covariance of what different groups share, (pair of one, pair of other)."""
    common = np.full((one.x.size, other.x.size), _COMMON**2)
    if form.kinds:
        common += np.exp(2 * logs[0]) * (one.kinds[:, None] == other.kinds[None, :])
    covariance = common * np.outer(one.x, other.x)
    if form.fixed_part:
        tau = float(np.exp(logs[3]))
        covariance += _COMMON**2 * np.outer(_fixed(one, tau), _fixed(other, tau))
    return covariance


def _fixed(data: _Data, tau: float) -> Array:
    return np.log1p(tau / data.minutes * np.exp(data.x)) - np.log1p(tau / data.minutes)


def _covariance(form: Form, logs: Array, data: _Data) -> Array:
    """Return the covariance of what is lost, (pair, pair)."""
    same = data.groups[:, None] == data.groups[None, :]
    own = np.exp(2 * logs[1]) * same * np.outer(data.x, data.x)
    noise = np.exp(2 * logs[2]) * np.eye(data.x.size)
    return np.asarray(_shared(form, logs, data, data) + own + noise)


def _slopes(form: Form, logs: Array, data: _Data) -> list[Array]:
    """Return the derivatives of the covariance of what is lost by `logs`, each (pair, pair)."""
    none = np.zeros((data.x.size, data.x.size))
    kind, group, noise, tau = np.exp(logs)
    outer = np.outer(data.x, data.x)
    by_kind = 2 * kind**2 * (data.kinds[:, None] == data.kinds[None, :]) * outer
    by_group = 2 * group**2 * (data.groups[:, None] == data.groups[None, :]) * outer
    at_first = tau / data.minutes
    at_other = at_first * np.exp(data.x)
    by_log_tau = at_other / (1 + at_other) - at_first / (1 + at_first)
    cross = _COMMON**2 * np.outer(_fixed(data, tau), by_log_tau)
    return [
        by_kind if form.kinds else none,
        by_group,
        2 * noise**2 * np.eye(data.x.size),
        cross + cross.T if form.fixed_part else none,
    ]


def _factor(fitted: Fitted, weights: Array) -> float:
    """Return the factor that 80 % of groups need when predicted from all the others."""
    data = fitted._data
    inverse = np.linalg.inv(_covariance(fitted.form, fitted.logs, data))
    residual = inverse @ data.lost
    needed = np.empty(data.x.size)
    names = np.unique(data.groups)
    for name in names:
        at = np.flatnonzero(data.groups == name)
        covariance = np.linalg.inv(inverse[np.ix_(at, at)])
        needed[at] = np.abs(covariance @ residual[at]) / np.sqrt(np.diag(covariance))
    seen = weighted_quantile(needed, weights, 1 - ALPHA)
    few = GROUPS_OF_THE_NORMAL
    return (len(names) * seen + few * NORMAL_FACTOR) / (len(names) + few)
