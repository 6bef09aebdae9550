"""What knowing is worth, what planning for uncertainty gains, and what is regretted where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from planner.analysis import estimates
from planner.analysis.committed.alternatives import OtherPlan
from planner.analysis.committed.compare import Compared
from planner.analysis.gathered import Gathered
from planner.analysis.results_committed import Alternative, Regret, RegretCause, Worth
from planner.analysis.results_estimates import Estimate
from planner.model.template import Array, Indices
from planner.solve.two_stage.problem import Risk
from planner.uncertainty.sampling import Sampler

_WORST = 0.05
_FEWEST_WORST = 10
_LEVEL = 0.05
_MOST_CAUSES = 8


@dataclass(frozen=True)
class Pair:
    """The plan and the samples' own optima, in the samples that have both.

    Attributes
    ----------
    numbers : ndarray of int, (sample,)
    plan, wait_and_see : ndarray, (sample,)
        Discounted dollars.
    """

    numbers: Indices
    plan: Array
    wait_and_see: Array

    @classmethod
    def of(cls, plan: Gathered, wait_and_see: Gathered, most: int) -> Pair:
        """Return the first samples of both, at most so many."""
        one, other = plan.numbers, wait_and_see.numbers
        numbers = np.intersect1d(one, other)
        numbers = numbers[numbers < most]
        return cls(
            numbers,
            plan.first("cost_usd")[np.isin(one, numbers)],
            wait_and_see.first("cost_usd")[np.isin(other, numbers)],
        )


def tail_mean(costs: Array, level: float) -> Estimate:
    """Return the CVaR of a cost, the mean of its worst samples, with its standard error."""
    return risk_of(costs, Risk(1.0, level))


def risk_of(costs: Array, risk: Risk) -> Estimate:
    """Return the risk measure of a cost with its standard error.

    The variance of a CVaR is that of the excess over the quantile (Manistre and Hancock 2005,
    doi:10.1080/10920277.2005.10596207).
    """
    if risk.weight == 0:
        return estimates.mean(costs)
    quantile = float(np.quantile(costs, risk.level, method="inverted_cdf"))
    excess = quantile + np.maximum(costs - quantile, 0.0) / (1 - risk.level)
    spread = estimates.mean((1 - risk.weight) * costs + risk.weight * excess)
    value = risk.of(costs, np.full(costs.size, 1 / costs.size))
    if spread.standard_error is None or spread.low is None or spread.high is None:
        return Estimate(value, None, None, None, spread.n)
    moved = value - spread.value
    return Estimate(value, spread.standard_error, spread.low + moved, spread.high + moved, spread.n)


def worth(
    wait_and_see: Array, plan: Array, mean_value: Array, risk: Risk, *, has_target: bool
) -> Worth:
    """Return what it would be worth to know, and what is gained by planning for the spread.

    Parameters
    ----------
    wait_and_see, plan, mean_value : ndarray, (sample,)
        Costs on the same samples.
    risk : Risk
        That the plan minimises.
    has_target : bool
        Whether it has to reach a service target.
    """
    averse = risk.weight > 0
    conditions = [
        "all on the same samples, in the mean, with renting as the only recourse",
        "the mean-value plan takes every input at its median, rounds slips to whole quarters, and "
        "leaves out events that are less likely than not",
        "wait-and-see orders follow each sample's own supply; shares and growth bind there what is "
        "delivered, and in the plan what is expected to be",
    ]
    if averse:
        conditions.append("the plan does not minimise the mean, so what is gained can be negative")
    return Worth(
        wait_and_see_usd=estimates.mean(wait_and_see),
        plan_usd=estimates.mean(plan),
        mean_value_plan_usd=estimates.mean(mean_value),
        evpi_usd=estimates.mean(plan - wait_and_see),
        vss_usd=None if averse or has_target else estimates.mean(mean_value - plan),
        conditions=conditions,
    )


def alternatives(
    plans: Sequence[OtherPlan], found: Compared, workloads: Sequence[str], risk: Risk
) -> list[Alternative]:
    """Return what other plans cost; those of `found` come after the plan itself."""
    own = found.costs[0]
    return [
        Alternative(
            name=plan.name,
            description=plan.description,
            cost_usd=estimates.spread(found.costs[k]),
            risk_usd=risk_of(found.costs[k], risk),
            difference_usd=estimates.mean(found.costs[k] - own),
            cheaper_share=estimates.share(found.costs[k] < own),
            served={
                name: estimates.mean(found.served_share[k, :, w])
                for w, name in enumerate(workloads)
            },
        )
        for k, plan in enumerate(plans, start=1)
    ]


def regret(pair: Pair, sampler: Sampler) -> Regret:
    """Return what a plan costs more than each sample's own optimum, and when it is most."""
    more = pair.plan - pair.wait_and_see
    return Regret(
        mean_usd=estimates.mean(more),
        p50_usd=float(np.quantile(more, 0.5)),
        p95_usd=float(np.quantile(more, 0.95)),
        worst_usd=float(more.max()),
        worst_sample=int(pair.numbers[more.argmax()]),
        causes=_causes(more, pair.numbers, sampler),
    )


def _causes(more: Array, numbers: Indices, sampler: Sampler) -> list[RegretCause]:
    """Return the inputs whose draws in the worst samples differ from all by more than chance."""
    n = more.size
    count = max(int(n * _WORST), min(_FEWEST_WORST, n))
    if n < 4 * count:
        return []
    worst = np.argsort(-more, kind="stable")[:count]
    limit = -float(ndtri(_LEVEL / 2 / max(len(sampler.inputs), 1)))
    found = []
    for name, drawn in sampler.draw(0, int(numbers[-1]) + 1).values.items():
        values = drawn[numbers]
        # Ties share their ranks, so that a yes or no has none above its share.
        order = np.sort(values)
        ranks = (
            np.searchsorted(order, values, "left") + np.searchsorted(order, values, "right")
        ) / (2 * n)
        rank = estimates.mean(ranks[worst])
        apart = (rank.value - 0.5) / (float(ranks.std()) / np.sqrt(count) or np.inf)
        if abs(apart) > limit:
            cause = RegretCause(
                name, rank, float(np.median(values[worst])), float(np.median(values))
            )
            found.append((abs(apart), cause))
    found.sort(key=lambda item: -item[0])
    return [cause for _, cause in found[:_MOST_CAUSES]]
