"""Other plans to set the committed one against: on the medians, of one vendor, and none at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from planner.analysis.committed.problem import Contracts, ScenarioProblem
from planner.model.template import Array, Bits
from planner.solve.two_stage.lshaped import decompose
from planner.solve.two_stage.problem import Listed, Risk

_ROUGHLY = 10
"""Times the plan's gap, to which plans are found that are only compared with."""

_SAMPLES = 256
"""On which they are found, at most."""


@dataclass(frozen=True)
class OtherPlan:
    """A plan to compare with.

    Attributes
    ----------
    x : ndarray, (first-stage column,)
    """

    name: str
    description: str
    x: Array


MEAN_VALUE = "mean-value plan"


def mean_value_plan(contracts: Contracts) -> OtherPlan:
    """Return the plan that is best if every input comes out at its median.

    What would not be delivered then is not signed for.
    """
    samples = contracts.samples(contracts.median, np.ones(1))
    delivered = np.ones(contracts.effect_of.size) if samples.factor is None else samples.factor[0]
    first = contracts.first
    problem = Listed(
        first=replace(first, upper=np.where(delivered > 0, first.upper, first.lower)),
        effect_of=contracts.effect_of,
        effects=int(contracts.parts.signed.size),
        blocks=contracts.blocks,
        parts=(samples,),
    )
    return OtherPlan(
        MEAN_VALUE,
        "best if every input came out at its median and no event happened that is less likely "
        "than not",
        decompose(problem, gap=1e-6).x,
    )


def other_plans(
    contracts: Contracts, problem: ScenarioProblem, risk: Risk, gap: float, threads: int
) -> Iterator[OtherPlan]:
    """Yield the mean-value plan, one for each vendor that could be the only one, and none."""
    yield mean_value_plan(contracts)
    sets, fewer = contracts.model.sets, problem.fewer(min(problem.n, _SAMPLES))
    for vendor, name in enumerate(sets.vendors):
        allowed = _of_vendor(contracts, vendor)
        others = contracts.commitments.of("start") & ~allowed
        shares = sets.scenario.limits.largest_vendor_share
        if not allowed.any() or not others.any() or name in shares:
            continue
        upper = np.where(others, contracts.first.lower, contracts.first.upper)
        own = fewer.with_first(replace(contracts.first, upper=upper))
        found = decompose(own, risk, gap=_ROUGHLY * gap, threads=threads)
        yield OtherPlan(
            f"only {name}",
            f"the best plan that signs for nobody's accelerators but {name}'s; whatever is offered "
            "may be rented later",
            found.x,
        )
    if not contracts.first.lower.any():
        yield OtherPlan("sign nothing", "rent by the quarter", contracts.first.lower.copy())


def _of_vendor(contracts: Contracts, vendor: int) -> Bits:
    sets = contracts.model.sets
    offers = {item.name for _, item in sets.starts_of(frozenset({vendor}))}
    return np.array(
        [
            label.family == "start" and label.key[0] in offers
            for label in contracts.commitments.labels
        ],
        bool,
    )
