"""A plan that reaches a service target: the shortfall's price is raised until it does.

A target for the expected served share is a constraint on a mean, and its best plan is the best one
under some higher price of shortfall (Lagrange; the least price that reaches the target is found by
halving). A target for the share of samples that are served wholly is no convex constraint: the same
search gives a plan that reaches it, which need not be the cheapest that does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from planner.analysis import estimates
from planner.analysis.committed.compare import Compared
from planner.analysis.results_committed import ServiceReached
from planner.analysis.results_estimates import Estimate
from planner.config.commitment import Commitment
from planner.model.template import Array
from planner.solve.two_stage.lshaped import Decomposed

_MOST_TIMES = 4096.0
_HALVINGS = 5
_ALL_SERVED = 1 - 1e-6

METHODS = {
    "expected": (
        "the least price of shortfall under which the best plan reaches the target in the mean, "
        "for every workload"
    ),
    "fully": (
        "the least price of shortfall, of those tried, under which the best plan serves all "
        "workloads wholly in the wanted share of samples; a cheaper plan that does may exist"
    ),
}

UNREACHED = (
    f"NO PLAN REACHES IT on the samples that plans are found on, at up to {_MOST_TIMES:,.0f} times "
    "the price of shortfall: what is offered does not suffice. This is the plan at that price: "
    "lower the target, or add supply"
)


@dataclass(frozen=True)
class Target:
    """What is to be reached.

    Attributes
    ----------
    kind : str
        ``expected`` or ``fully``.
    share : float
    """

    kind: Literal["expected", "fully"]
    share: float

    def reached(self, served_share: Array) -> Estimate:
        """Return what is reached; of the expected share the least of any workload.

        Parameters
        ----------
        served_share : ndarray, (sample, workload)
        """
        if self.kind == "fully":
            return estimates.share(np.asarray((served_share >= _ALL_SERVED).all(axis=1)))
        worst = int(np.argmin(served_share.mean(axis=0)))
        return estimates.mean(served_share[:, worst])


def target_of(asked: Commitment) -> Target | None:
    """Return the service target of a scenario, if it has one."""
    if asked.service is None:
        return None
    if asked.service.expected_share is not None:
        return Target("expected", asked.service.expected_share)
    return Target("fully", asked.service.fully_served_share or 0.0)


@dataclass(frozen=True)
class Reaching:
    """A plan that reaches a target, or gets nearest to it, and the price that it is best at."""

    found: Decomposed
    price_times: float
    reaches: bool = True


def reach(
    target: Target,
    find: Callable[[float, Array | None], Decomposed],
    judge: Callable[[Array], Compared],
) -> Reaching:
    """Return the plan of the least price of shortfall that reaches a target.

    Parameters
    ----------
    target : Target
    find : callable
        Finds the best plan at a multiple of the price, from a plan that may be near.
    judge : callable
        Carries a plan out in the samples that plans are optimised on.
    """

    def meets(found: Decomposed) -> bool:
        return target.reached(judge(found.x).served_share[0]).value >= target.share

    low, times = 1.0, 1.0
    best = find(1.0, None)
    if meets(best):
        return Reaching(best, 1.0)
    while times < _MOST_TIMES:
        low, times = times, times * 4
        best = find(times, best.x)
        if meets(best):
            break
    else:
        return Reaching(best, times, reaches=False)
    high = times
    for _ in range(_HALVINGS):
        middle = float(np.sqrt(low * high))
        found = find(middle, best.x)
        if meets(found):
            best, high = found, middle
        else:
            low = middle
    return Reaching(best, high)


def service_reached(target: Target, reaching: Reaching, served_share: Array) -> ServiceReached:
    """Return what a plan reaches on fresh samples, (sample, workload)."""
    method = METHODS[target.kind] if reaching.reaches else UNREACHED
    reached = target.reached(served_share)
    return ServiceReached(target.kind, target.share, reached, reaching.price_times, method)
