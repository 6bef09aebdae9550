"""Before any sample is solved: which demand no mix can meet, what is in the way, and its worth.

Each demand is looked at by itself, with every uncertain input at its median and the whole fleet at
its service: what it cannot have then, no plan can give it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.analysis.strict import Group, Least, Strict, View
from planner.config.schema import Scenario
from planner.model.program import Model
from planner.model.template import Array, LinearPrograms
from planner.model.time import HOURS_PER_QUARTER
from planner.model.units import KW_PER_MW
from planner.uncertainty.inputs import uncertain_inputs
from planner.uncertainty.sampling import median_draws

_SHORT = 1e-6
"""Part of a demand below which it counts as met: a solver's rounding."""

_NAMED = 3

_EVERY = " in every quarter that has any"
_UNITS: dict[str, tuple[float, str]] = {
    "supply": (1.0, "accelerator" + _EVERY),
    "power": (KW_PER_MW, "MW" + _EVERY),
    "cooling": (KW_PER_MW, "MW" + _EVERY),
    "power_supply": (KW_PER_MW, "MW" + _EVERY),
    "pool": (1.0, "{0}" + _EVERY),
    "growth": (1.0, "accelerator" + _EVERY),
}
"""Of families whose right-hand side is the limit: one unit of it, and its words."""

_WORDS = {
    "supply": "supply of {0}",
    "option_right": "right of {0}",
    "power": "power at {0}",
    "cooling": "liquid cooling at {0}",
    "power_supply": "supply of {0}",
    "pool": "pool of {0}",
    "vendor_share": "largest share of {1}",
    "smallest_vendor_share": "smallest share of {1}",
    "growth": "growth per quarter",
    "lead time": "lead time of {0}",
    "deadline": "last order under {0}",
    "porting": "porting of {2} to {0}",
    "list": "{1} of {0}",
}
"""By family, what a planner calls it; the numbers are parts of its place in the config."""


_NO_YIELD = (
    "no platform here yields anything for this workload, however many there are: look at their "
    "peak_pflops, realised_share, utilisation and availability"
)
_NO_LIMIT = (
    "no limit that could be lifted: deliveries slip too far, or terms and lives end too soon"
)


@dataclass(frozen=True)
class UnmetDemand:
    """A demand that no mix can meet with every uncertain input at its median.

    Attributes
    ----------
    field : str
        ``demand`` or ``campaign``.
    demand, missing : float
        What is wanted, and the least of it that stays unserved, in `unit`.
    unit : str
        The workload's; of a campaign, times a quarter.
    reasons : tuple of str
        The limits in the way, in words, most helpful first.
    """

    workload: str
    field: str
    quarter: str
    demand: float
    unit: str
    missing: float
    reasons: tuple[str, ...]

    def render(self) -> str:
        """Return the finding as lines for a terminal."""
        # Rounding must not print as service.
        most = self.demand - self.missing
        most = most if most > _SHORT * self.demand else 0.0
        lines = [
            f"workloads.{self.workload}.{self.field} in {self.quarter}: no mix can meet all of it",
            f"  wanted   {self.demand:,.4g} {self.unit} (inputs at their medians)",
            f"  at most  {most:,.4g}",
        ]
        return "\n".join([*lines, *(f"  limit    {reason}" for reason in self.reasons)])


def unmet_demands(scenario: Scenario) -> list[UnmetDemand]:
    """Return the demands that cannot be met at the median, each alone, in the config's order."""
    strict = Strict(scenario)
    view = strict.view(median_draws(uncertain_inputs(scenario)))
    sets = strict.model.sets
    found = []
    for w, workload in enumerate(sets.workloads):
        item = scenario.workloads[workload]
        for t in sets.demand_quarters(w):
            alone = _Alone(scenario, strict, view, w, t)
            missing = alone.missing
            if missing > _SHORT * alone.demand:
                rate = item.campaign is None
                found.append(
                    UnmetDemand(
                        workload=workload,
                        field="demand" if rate else "campaign",
                        quarter=sets.quarters[t],
                        demand=alone.demand,
                        unit=item.unit + ("" if rate else " x quarters by then"),
                        missing=missing,
                        reasons=alone.reasons(),
                    )
                )
    return found


class _Alone:
    """One demand by itself, under some of the limits."""

    def __init__(
        self, scenario: Scenario, strict: Strict, view: View, workload: int, quarter: int
    ) -> None:
        self._scenario, self._strict, self._view = scenario, strict, view
        item = scenario.workloads[strict.model.sets.workloads[workload]]
        self._usd_per_unit = item.shortfall_usd_per_unit_hour * HOURS_PER_QUARTER
        self._yields = bool((view.block.yields[0, :, workload] > 0).any())
        self.demand = float(view.block.demand[0, workload, quarter])
        demand = np.zeros_like(view.block.demand)
        demand[0, workload, quarter] = self.demand
        programs = strict.model.programs(replace(view.block, demand=demand))
        cost: Array = np.zeros_like(programs.cost)
        cost[:, _shortfall(strict.model, workload, quarter)] = 1.0
        self._programs = replace(programs, cost=cost)
        self._every = frozenset(strict.groups)
        self._now = self._solve(self._every)

    @property
    def missing(self) -> float:
        """The least that stays unserved."""
        return float(self._now.cost[0])

    def reasons(self) -> tuple[str, ...]:
        """Return what is in the way, most helpful first."""
        # No other limit can help by itself: the proof of what is missing does without it.
        left = {g: self._left(self._every - {g}) for g in self._in_order(self._now.helpful())}
        helps = [g for g in left if left[g] < self.missing * (1 - _SHORT)]
        more = {g: self._more(g) for g in helps}
        helps.sort(key=lambda g: (round(left[g] / self.missing, 6), -more[g]))
        reasons = [self._reason(g, left[g], more[g]) for g in helps[:_NAMED]]
        if len(helps) > _NAMED:
            reasons.append(f"and {len(helps) - _NAMED} more limits that would each help alone")
        return tuple(reasons) or (self._several(),)

    def _reason(self, group: Group, left: float, more: float) -> str:
        rest = f"leaves {left:,.4g} short" if left > _SHORT * self.missing else "is enough"
        found = f"{self._named(group)}: lifting it alone {rest}"
        if more <= _SHORT * self.missing:
            return found
        pool = self._scenario.pools.get(str(group.locations[0][1]))
        unit = _UNITS[group.family][1].format("" if pool is None else pool.unit)
        worth = _money(more * self._usd_per_unit)
        return f"{found}; one more {unit} serves {more:,.4g} more, worth {worth} of shortfall"

    def _more(self, group: Group) -> float:
        """Return what one more unit of a limit serves, in every quarter that has any of it."""
        if group.family not in _UNITS:
            return 0.0
        rows, rhs = list(group.rows), self._programs.rhs.copy()
        has = (rhs[:, rows] > 0) | ~(rhs[:, rows] > 0).any()
        rhs[:, rows] += _UNITS[group.family][0] * has
        return self.missing - self._left(self._every, replace(self._programs, rhs=rhs))

    def _several(self) -> str:
        """Return why no limit helps by itself."""
        solved = self._solve(())
        if solved.cost[0] > self.missing * (1 - _SHORT):
            return _NO_LIMIT if self._yields else _NO_YIELD
        lifted = solved.broken(self._strict.groups)
        for group in self._in_order(lifted):
            fewer = lifted - {group}
            if self._left(self._every - fewer) <= solved.cost[0] + _SHORT * self.missing:
                lifted = fewer
        names = [self._named(group) for group in self._in_order(lifted)]
        together = " and ".join(names[:_NAMED])
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        return f"no single limit: several must be lifted together: {together}{more}"

    def _named(self, group: Group) -> str:
        section, *parts = (str(part) for part in group.locations[0])
        words = _WORDS[group.family].format(*parts)
        if group.family == "lead time" and parts[-1] == "lead_time_quarters":
            lead = getattr(self._scenario, section)[parts[0]].lead_time_quarters
            return f"{words} ({lead} quarter{'s' if lead > 1 else ''})"
        return words

    def _left(self, on: Collection[Group], programs: LinearPrograms | None = None) -> float:
        return float(self._solve(on, programs).cost[0])

    def _solve(self, on: Collection[Group], programs: LinearPrograms | None = None) -> Least:
        return self._strict.least(programs or self._programs, self._view, on)

    def _in_order(self, groups: Collection[Group]) -> Sequence[Group]:
        return [group for group in self._strict.groups if group in groups]


def _shortfall(model: Model, workload: int, quarter: int) -> int:
    key = (model.sets.workloads[workload], model.sets.quarters[quarter])
    return next(
        j
        for j, column in enumerate(model.template.columns)
        if column.family == "shortfall" and column.key == key
    )


def _money(usd: float) -> str:
    return f"{usd / 1e6:,.4g} million USD" if usd >= 1e6 else f"{usd:,.0f} USD"
