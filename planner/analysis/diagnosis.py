"""Before any sample is solved: which demand no mix can meet, and which limit is in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from planner.analysis.limits import Limit, limits_of, with_array
from planner.config.schema import Scenario
from planner.model.coefficients import Coefficients
from planner.model.decisions import build_unpacker
from planner.model.program import Model, build_model
from planner.model.template import Array
from planner.solve.hot import HotHighs
from planner.solve.tie_break import tie_cost
from planner.uncertainty.inputs import uncertain_inputs
from planner.uncertainty.sampling import median_draws

_SHORT = 1e-6
"""Part of a demand below which it counts as met: a solver's rounding."""

_LIFTED = 1e6
_NAMED = 3


@dataclass(frozen=True)
class UnmetDemand:
    """A demand that no mix can meet with every uncertain input at its median.

    Attributes
    ----------
    missing_pflops : float
        The least effective PFLOP/s that stay unserved.
    reasons : tuple of str
        The limits in the way, in words, most helpful first.
    """

    workload: str
    quarter: str
    demand_pflops: float
    missing_pflops: float
    reasons: tuple[str, ...]

    def render(self) -> str:
        """Return the finding as lines for a terminal."""
        # Rounding must not print as service.
        most = self.demand_pflops - self.missing_pflops
        most = most if most > _SHORT * self.demand_pflops else 0.0
        lines = [
            f"workloads.{self.workload}.demand_pflops in {self.quarter}: no mix can meet it",
            f"  wanted   {self.demand_pflops:,.4g} effective PFLOP/s (inputs at their medians)",
            f"  at most  {most:,.4g}",
        ]
        return "\n".join([*lines, *(f"  limit    {reason}" for reason in self.reasons)])


def unmet_demands(scenario: Scenario) -> list[UnmetDemand]:
    """Return the demands that cannot be met at the median, each alone, in the config's order.

    Each demand is looked at by itself, with the whole fleet at its service: what it cannot have
    then, no plan can give it.
    """
    model = build_model(scenario)
    block = model.coefficients(median_draws(uncertain_inputs(scenario)))
    limits = [item for item in limits_of(model.sets, model.template) if item.family != "demand"]
    solver = HotHighs(model.template, tie_cost(model.sets, model.template))
    found = []
    for w, workload in enumerate(model.sets.workloads):
        for t, quarter in enumerate(model.sets.quarters):
            least = _least_shortfall(model, solver, w, t)
            missing = least(block)
            demand = float(block.demand_pflops[0, w, t])
            if missing > _SHORT * demand:
                reasons = _reasons(model, block, limits, least, missing, w, t)
                found.append(UnmetDemand(workload, quarter, demand, missing, reasons))
    return found


def _least_shortfall(
    model: Model, solver: HotHighs, workload: int, quarter: int
) -> Callable[[Coefficients], float]:
    """Return a function that gives the least shortfall of one demand under some limits."""
    unpacker = build_unpacker(model.sets, model.template)
    label = f"shortfall.{model.sets.workloads[workload]}.{model.sets.quarters[quarter]}"
    target = next(
        j for j, c in enumerate(model.template.columns) if ".".join((c.family, *c.key)) == label
    )

    def least(block: Coefficients) -> float:
        alone = np.zeros_like(block.demand_pflops)
        alone[:, workload, quarter] = block.demand_pflops[:, workload, quarter]
        programs = model.programs(replace(block, demand_pflops=alone))
        cost: Array = np.zeros_like(programs.cost)
        cost[:, target] = 1.0
        solved = solver.solve(replace(programs, cost=cost), break_ties=False)
        return float(unpacker.unpack(solved.x).shortfall[0, workload, quarter])

    return least


def _reasons(
    model: Model,
    block: Coefficients,
    limits: list[Limit],
    least: Callable[[Coefficients], float],
    missing: float,
    workload: int,
    quarter: int,
) -> tuple[str, ...]:
    sets = model.sets
    helps = []
    for limit in limits:
        left = least(_lifted(block, limit))
        if left < missing * (1 - _SHORT):
            helps.append((left, limit.name))
    helps.sort(key=lambda item: item[0])
    reasons = [
        f"{name}: lifting it alone "
        + (f"leaves {left:,.4g} short" if left > _SHORT * missing else "is enough")
        for left, name in helps[:_NAMED]
    ]
    if len(helps) > _NAMED:
        reasons.append(f"and {len(helps) - _NAMED} more limits that would each help alone")
    able = {p for p, w in sets.eligible if w == workload and block.yield_pflops[0, p, workload] > 0}
    late = [
        (offer.lead_quarters, offer.name)
        for offer in sets.offers
        if offer.platform in able and offer.lead_quarters > quarter
    ]
    if late:
        waits = ", ".join(f"{name} (lead time {lead})" for lead, name in sorted(late)[:_NAMED])
        more = f" and {len(late) - _NAMED} more" if len(late) > _NAMED else ""
        reasons.append(f"lead times: not yet delivered by then are {waits}{more}")
    if helps or late:
        return tuple(reasons)
    everything = reduce(_lifted, limits, block)
    if least(everything) < missing * (1 - _SHORT):
        return ("no single limit: several must be lifted together",)
    return (
        "no platform here yields enough for this workload, however many there are: look at their "
        "peak_pflops, realised_share, utilisation and availability",
    )


def _lifted(block: Coefficients, limit: Limit) -> Coefficients:
    """Return the coefficients with one limit out of the way."""
    if limit.family == "vendor_share":
        return limit.changed(block, 100)
    values = np.array(getattr(block, limit.array))
    values[:, limit.position] = values[:, limit.position] * _LIFTED + _LIFTED
    return with_array(block, limit.array, values)
