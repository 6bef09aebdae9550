"""How far from the best a first stage is, when what is optimised on is a sample: replications.

The multiple replications procedure of Mak, Morton and Wood 1999
(doi:10.1016/S0167-6377(98)00054-6). The optimum over a sample is on average not above the true
optimum, so the mean of some of them bounds it from below; what a candidate costs on fresh samples
bounds it from above. On one and the same sample the two differ by less than they vary, so the gap
is estimated by differences within samples.

What it does not cover: the mean of optima is below the true optimum by a bias that falls as samples
grow, which makes the interval wider and never wrong. Intervals are of Student's t, for means over
independent samples that are near normal: a rare scenario of great cost that no sample holds is in
none of the numbers. Under CVaR the candidate keeps the quantile variable (eta) that it was found
with: eta plus the mean excess over it is without bias for that eta, and not below the CVaR of the
candidate, by as much as eta is off the quantile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.errors import SolveError
from planner.model.template import Array
from planner.solve.two_stage.lshaped import Decomposed, costs_of, decompose
from planner.solve.two_stage.problem import NEUTRAL, Risk, TwoStage, probability_of

CONFIDENCE = 0.95


@dataclass(frozen=True)
class MeanEstimate:
    """The mean of independent replications.

    Attributes
    ----------
    value, se : float
    degrees : int
        Of freedom.
    lower, upper : float
        One-sided limits, each at `confidence`.
    confidence : float
    samples : int
        Of each replication.
    replications : int
    """

    value: float
    se: float
    degrees: int
    lower: float
    upper: float
    confidence: float
    samples: int
    replications: int


@dataclass(frozen=True)
class Candidate:
    """A first stage, with its quantile of cost where the risk measure has one.

    Attributes
    ----------
    x : ndarray, (column,)
    eta : float
        Unused without CVaR.
    """

    x: Array
    eta: float


@dataclass(frozen=True)
class Replicated:
    """A candidate, and how far from the best it may be.

    Attributes
    ----------
    candidate : Candidate
    cost : MeanEstimate
        Of the candidate, on fresh samples.
    bound : MeanEstimate
        Of optima over samples: no first stage has, on average, a lower cost than their mean.
    gap : MeanEstimate
        Of the candidate's cost less the optimum, on the samples of `bound`; its upper limit is the
        one to look at.
    lower, upper : float
        The true optimum is between them at the confidence asked for, and so is the candidate's
        cost from `lower` on: the lower limit of `bound` and the upper one of `cost`, each allowed
        half of the error (Bonferroni).
    """

    candidate: Candidate
    cost: MeanEstimate
    bound: MeanEstimate
    gap: MeanEstimate
    lower: float
    upper: float


def estimate(values: Array, *, samples: int, confidence: float) -> MeanEstimate:
    """Return the mean of replications with its one-sided limits of Student's t.

    Parameters
    ----------
    values : ndarray, (replication,)
    samples : int
        Of each replication.
    confidence : float
        Of each limit.

    Raises
    ------
    ValueError
        If there are fewer than two.
    """
    from scipy.special import stdtrit

    if values.size < 2:
        raise ValueError("a standard error needs two replications or more")
    value, degrees = float(values.mean()), values.size - 1
    se = float(values.std(ddof=1) / np.sqrt(values.size))
    reach = float(stdtrit(degrees, confidence)) * se
    return MeanEstimate(
        value, se, degrees, value - reach, value + reach, confidence, samples, values.size
    )


def candidate_of(problem: TwoStage, found: Decomposed, risk: Risk = NEUTRAL) -> Candidate:
    """Return what was found as a candidate: its eta is the lowest quantile at the risk's level."""
    if risk.weight == 0:
        return Candidate(found.x, 0.0)
    order = np.argsort(found.costs, kind="stable")
    below = np.cumsum(probability_of(problem)[order])
    # The sum may be short of 1 by rounding, and of a level by the same.
    k = min(int(np.searchsorted(below, risk.level - 1e-12)), order.size - 1)
    return Candidate(found.x, float(found.costs[order[k]]))


def cost_of(
    problem: TwoStage, candidate: Candidate, risk: Risk = NEUTRAL, *, threads: int = 1
) -> float:
    """Return a candidate's measure of cost on a problem's samples, its eta as it is.

    Its expectation over samples is (1 - weight) mean + weight (eta + mean excess over eta /
    (1 - level)) (Rockafellar and Uryasev 2000, doi:10.21314/JOR.2000.038).

    Raises
    ------
    SolveError
        If a sample has no recourse.
    """
    costs, probability = costs_of(problem, candidate.x, threads=threads), probability_of(problem)
    lost = int(np.isinf(costs).sum())
    if lost:
        raise SolveError(
            f"the candidate leaves no recourse in {lost} of {costs.size} fresh samples: find it on "
            "more samples, or give recourse a way out at a price"
        )
    mean = float(probability @ costs)
    if risk.weight == 0:
        return mean
    excess = float(probability @ np.maximum(costs - candidate.eta, 0.0))
    tail = candidate.eta + excess / (1 - risk.level)
    return (1 - risk.weight) * mean + risk.weight * tail


def judged(
    problem: TwoStage,
    candidate: Candidate,
    risk: Risk = NEUTRAL,
    *,
    gap: float = 1e-5,
    threads: int = 1,
    time_limit_s: float | None = None,
) -> tuple[Decomposed, float]:
    """Return the optimum of a sample, as far as it is sought, and a candidate's cost in it."""
    found = decompose(
        problem, risk, gap=gap, threads=threads, start=candidate.x, time_limit_s=time_limit_s
    )
    return found, cost_of(problem, candidate, risk, threads=threads)


def replicate(
    problem_of: Callable[[int], TwoStage],
    risk: Risk = NEUTRAL,
    *,
    replications: int,
    fresh: int | None = None,
    confidence: float = CONFIDENCE,
    gap: float = 1e-5,
    threads: int = 1,
    candidate: Candidate | None = None,
    start: Array | None = None,
    time_limit_s: float | None = None,
    on_replication: Callable[[int, Decomposed], None] | None = None,
) -> Replicated:
    """Return a candidate and the interval of its gap.

    Parameters
    ----------
    problem_of : callable
        Gives the sample of a number: those of other numbers are independent, of the same size and
        the same distribution. Within a sample, draws may depend on one another as long as each has
        the true distribution, as in a Latin hypercube. Number 0 is for the candidate, 1 to
        `replications` for the bound and the gap, those after them for the candidate's cost.
    risk : Risk
    replications : int
        At least 2.
    fresh : int, optional
        Samples for the candidate's cost; as many as replications unless given.
    confidence : float
        Of the interval as a whole, and of the gap's upper limit.
    gap : float
        To which each sample is solved; the bounds hold whatever it is.
    threads : int
    candidate : Candidate, optional
        To be judged; found on a sample of its own unless given.
    start : ndarray, (column,), optional
        A first stage from which to search for the candidate.
    time_limit_s : float, optional
        Of each solve: what is proven until then still is a bound.
    on_replication : callable, optional
        Told of each sample that was solved, and its number.

    Raises
    ------
    SolveError
        If a sample cannot be solved, or the candidate leaves one without recourse.
    """
    first = problem_of(0)
    if candidate is None:
        found = decompose(
            first, risk, gap=gap, threads=threads, start=start, time_limit_s=time_limit_s
        )
        if on_replication is not None:
            on_replication(0, found)
        candidate = candidate_of(first, found, risk)
    bounds, gaps = np.empty(replications), np.empty(replications)
    for r in range(replications):
        found, cost_there = judged(
            problem_of(r + 1), candidate, risk, gap=gap, threads=threads, time_limit_s=time_limit_s
        )
        if on_replication is not None:
            on_replication(r + 1, found)
        bounds[r], gaps[r] = found.bound, cost_there - found.bound
    numbers = range(replications + 1, replications + 1 + (fresh or replications))
    costs = np.array([cost_of(problem_of(k), candidate, risk, threads=threads) for k in numbers])
    # Half of the error on each side.
    side = (1 + confidence) / 2
    bound = estimate(bounds, samples=first.n, confidence=side)
    cost = estimate(costs, samples=first.n, confidence=side)
    return Replicated(
        candidate=candidate,
        cost=cost,
        bound=bound,
        gap=estimate(gaps, samples=first.n, confidence=confidence),
        lower=bound.lower,
        upper=cost.upper,
    )
