"""The other reading of later: what is signed after a window is decided with everything known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.analysis import estimates
from planner.analysis.committed.compare import CompareBlock
from planner.analysis.committed.effort import Effort, risk_measure
from planner.analysis.committed.orders import delivery, planned_orders
from planner.analysis.committed.problem import OPTIMISED, ScenarioProblem, contracts_of
from planner.analysis.results_committed import Bracket
from planner.analysis.workbench import Workbench
from planner.model.template import Array
from planner.solve.executor import Executor
from planner.solve.two_stage.lshaped import costs_of, decompose

_SAMPLES = 256
"""On which it is found, and on which both are judged, at most."""

_GAP = 1e-3


@dataclass(frozen=True)
class _ReorderTask:
    """The task that carries out what is signed in the window, the rest decided by sample."""

    window: int
    n: int
    plan: Array

    def run(self, bench: Workbench) -> Array:
        contracts = contracts_of(bench.model, bench.sampler, self.window)
        return costs_of(ScenarioProblem(contracts, 0, self.n), self.plan)


def bracket_of(
    bench: Workbench, pool: Executor[Any], plan: Array, price_times: float, effort: Effort
) -> Bracket:
    """Return both readings on the same first samples.

    Parameters
    ----------
    bench : Workbench
    pool : Executor
    plan : ndarray, (first-stage column,)
        With renting as the only recourse.
    price_times : float
        Of the stated price of shortfall, under which it is the best.
    effort : Effort
    """
    scenario = bench.model.scenario
    asked, n = scenario.commitment, min(scenario.samples, _SAMPLES)
    contracts = contracts_of(bench.model, bench.sampler, asked.window_quarters)
    problem = ScenarioProblem(contracts, OPTIMISED, min(asked.samples, _SAMPLES), price_times)
    found = decompose(problem, risk_measure(asked), gap=_GAP, threads=effort.threads)
    (reorder,) = pool.map([_ReorderTask(asked.window_quarters, n, found.x)])
    (rent,) = pool.map([CompareBlock(0, n, (plan,))])
    return Bracket(
        window_quarters=asked.window_quarters,
        rent_usd=estimates.mean(rent.costs[0]),
        reorder_usd=estimates.mean(np.asarray(reorder)),
        difference_usd=estimates.mean(rent.costs[0] - reorder),
        orders_in_window=planned_orders(contracts, found.x, delivery(contracts, 0, n)),
    )
