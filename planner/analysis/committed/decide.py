"""The committed plan of a scenario: found, carried out on fresh samples, proven and compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from planner.analysis import estimates
from planner.analysis.committed.alternatives import MEAN_VALUE, OtherPlan, other_plans
from planner.analysis.committed.bracket import bracket_of
from planner.analysis.committed.break_even import BreakEvenTask, Held
from planner.analysis.committed.compare import Compared, compare_tasks
from planner.analysis.committed.effort import Effort, risk_measure
from planner.analysis.committed.orders import delivery, plan_notes, planned_bets, planned_orders
from planner.analysis.committed.problem import OPTIMISED, ScenarioProblem
from planner.analysis.committed.proof import Batch, BatchTask, CrossCheck, ExtensiveCheck, proof
from planner.analysis.committed.seek import seek
from planner.analysis.committed.service import Reaching, service_reached, target_of
from planner.analysis.committed.worth import (
    Pair,
    alternatives,
    regret,
    risk_of,
    tail_mean,
    worth,
)
from planner.analysis.drivers import cost_drivers
from planner.analysis.gather import Gathering
from planner.analysis.gathered import Gathered
from planner.analysis.plan_figures import cash_quarters, cost_parts, mix_cells, served_shares
from planner.analysis.results_committed import BreakEven, Committed, RecourseQuarter
from planner.analysis.workbench import Workbench
from planner.model.template import Array
from planner.solve.executor import Executor
from planner.solve.two_stage.replications import Candidate, candidate_of

_COMPARED = 4096
"""First samples on which plans are set against each other, at most."""

_BATCH_GAP = 10
"""Times the plan's gap, to which batches are solved; their bounds count, so that it is covered."""

_BREAK_EVEN_SAMPLES = 256
_BREAK_EVEN_LEVELS = (0.05, 0.5, 0.95)
_HALVINGS = 3


@dataclass(frozen=True)
class _Found:
    """What is known of the plan before it is told.

    Attributes
    ----------
    reaching : Reaching
    batches : list of Batch
    check : CrossCheck
    others : list of OtherPlan
    carried : Gathered
    compared : Compared
        The plan, then the others.
    """

    reaching: Reaching
    batches: list[Batch]
    check: CrossCheck
    others: list[OtherPlan]
    carried: Gathered
    compared: Compared


def committed_plan(
    bench: Workbench, pool: Executor[Any], wait_and_see: Gathered, effort: Effort
) -> Committed:
    """Return the committed plan with its proof and its worth.

    Parameters
    ----------
    bench : Workbench
    pool : Executor
    wait_and_see : Gathered
        The samples' own optima: the plan is judged on the same samples.
    effort : Effort

    Raises
    ------
    SolveError
        If a program cannot be solved.
    """
    asked = bench.model.scenario.commitment
    risk, contracts = risk_measure(asked), bench.contracts
    reaching = seek(bench, pool.map, effort)
    found = reaching.found
    problem = ScenarioProblem(contracts, OPTIMISED, asked.samples, reaching.price_times)
    judged = candidate_of(problem, found, risk)
    others = list(other_plans(contracts, problem, risk, asked.gap, effort.threads))
    samples = wait_and_see.n + len(wait_and_see.unproven)
    plans = (found.x, *(plan.x for plan in others))
    known = _Found(
        reaching=reaching,
        batches=_batches(bench, pool, judged, reaching.price_times),
        check=next(iter(pool.map([ExtensiveCheck(risk)]))),
        others=others,
        carried=carried_out(bench, pool, found.x, samples),
        compared=Compared.joined(
            pool.map(compare_tasks(bench, plans, 0, min(samples, _COMPARED))),
        ),
    )
    return _told(bench, pool, wait_and_see, known, effort)


def _batches(
    bench: Workbench, pool: Executor[Any], judged: Candidate, price_times: float
) -> list[Batch]:
    asked = bench.model.scenario.commitment
    risk, gap = risk_measure(asked), _BATCH_GAP * asked.gap
    tasks = (
        BatchTask(k, asked.replication_samples, judged, risk, gap, price_times)
        for k in range(asked.replications)
    )
    return list(pool.map(tasks))


def carried_out(bench: Workbench, pool: Executor[Any], plan: Array, samples: int) -> Gathered:
    """Return a plan carried out in the first samples, added up."""
    gathering = Gathering(bench, samples, plan=plan)
    for tasks in gathering.stages():
        for part in pool.map(tasks):
            gathering.add(part)
    return gathering.found()


def _told(
    bench: Workbench,
    pool: Executor[Any],
    wait_and_see: Gathered,
    known: _Found,
    effort: Effort,
) -> Committed:
    asked, sets, contracts = bench.model.scenario.commitment, bench.model.sets, bench.contracts
    risk, plan, carried = risk_measure(asked), known.reaching.found, known.carried
    compared, target, costs = known.compared, target_of(asked), carried.first("cost_usd")
    arrives = delivery(contracts, 0, compared.costs.shape[1])
    pair = Pair.of(carried, wait_and_see, _COMPARED)
    mean_value = 1 + [other.name for other in known.others].index(MEAN_VALUE)
    drivers = cost_drivers(bench.inputs, carried.tally.drivers)
    (cost,) = carried.spreads("cost_usd")
    return Committed(
        recourse="rent",
        cvar_weight=risk.weight,
        cvar_level=risk.level,
        samples=carried.n,
        cost_usd=cost,
        cost_without_shortfall_usd=carried.spreads("cost_without_shortfall_usd")[0],
        cvar_usd=tail_mean(costs, risk.level),
        risk_usd=risk_of(costs, risk) if risk.weight else cost.mean,
        cost_histogram=carried.cost_histogram(),
        cost_parts=cost_parts(carried),
        served=served_shares(sets, carried),
        mix=mix_cells(sets, carried),
        cash=cash_quarters(sets, carried),
        drivers=drivers,
        orders=planned_orders(contracts, plan.x, arrives),
        bets=planned_bets(contracts, plan.x),
        recourse_use=_recourse_use(bench, compared),
        proof=proof(plan, asked, known.batches, known.check),
        worth=worth(
            pair.wait_and_see,
            pair.plan,
            compared.costs[mean_value][pair.numbers],
            risk,
            has_target=target is not None,
        ),
        regret=regret(pair, bench.sampler),
        alternatives=alternatives(known.others, compared, list(sets.workloads), risk),
        break_evens=_break_evens(
            bench, pool, [driver.input for driver in drivers], known.reaching.price_times
        ),
        bracket=bracket_of(bench, pool, plan.x, known.reaching.price_times, effort)
        if effort.bracket
        else None,
        service=None
        if target is None
        else service_reached(target, known.reaching, compared.served_share[0]),
        alone=effort.alone,
        notes=plan_notes(contracts),
    )


def _break_evens(
    bench: Workbench, pool: Executor[Any], drivers: list[str], price_times: float
) -> list[BreakEven]:
    """Return what changes along the inputs that move the plan's cost most."""
    asked = bench.model.scenario.commitment
    problem = Held(min(asked.samples, _BREAK_EVEN_SAMPLES), risk_measure(asked), price_times)
    tasks = (
        BreakEvenTask(name, _BREAK_EVEN_LEVELS, _HALVINGS, problem)
        for name in drivers[: asked.break_evens]
    )
    return [change for found in pool.map(tasks) for change in found]


def _recourse_use(bench: Workbench, compared: Compared) -> list[RecourseQuarter]:
    sets, use = bench.model.sets, compared.use
    return [
        RecourseQuarter(
            quarter=quarter,
            rented={
                offer.name: estimates.spread(use.rented[:, o, t])
                for o, offer in enumerate(sets.offers)
                if not offer.commits
            },
            unserved={
                name: estimates.spread(use.unserved[:, w, t])
                for w, name in enumerate(sets.workloads)
            },
            cancelled=estimates.spread(use.cancelled[:, t]),
            undeployed=estimates.spread(use.undeployed[:, t]),
        )
        for t, quarter in enumerate(sets.quarters)
    ]
