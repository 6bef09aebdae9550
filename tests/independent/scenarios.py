"""The three rich scenarios, and their optima by the second formulation."""

from __future__ import annotations

from functools import cache

from drawn import samples
from optimum import Optimum, solve
from rich_bets import BETS
from rich_edges import EDGES
from rich_fleet import FLEET
from written import Written

from planner.config.schema import Scenario

SCENARIOS: dict[str, Written] = {raw["scenario"]: raw for raw in (FLEET, BETS, EDGES)}
SAMPLES = 50


@cache
def optima(name: str) -> tuple[Optimum, ...]:
    """Return the optimum of every sample of one of the scenarios."""
    scenario = Scenario.model_validate(SCENARIOS[name])
    return tuple(solve(sample) for sample in samples(scenario, SAMPLES))
