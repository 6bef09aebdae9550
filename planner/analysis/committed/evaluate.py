"""``planner evaluate``: a user's own plan in the same futures as the planner's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.analysis import estimates
from planner.analysis.committed.compare import Compared, compare_tasks
from planner.analysis.committed.effort import Effort, risk_measure
from planner.analysis.committed.orders import Delivery, delivery, planned_orders
from planner.analysis.committed.problem import OPTIMISED, Contracts, ScenarioProblem
from planner.analysis.committed.refusals import refuse_uncommittable
from planner.analysis.committed.seek import carry_here, seek
from planner.analysis.committed.signed import (
    beyond_supply,
    broken_limits,
    held_to,
    signed_counts,
)
from planner.analysis.committed.user_plan import PlanLine, read_user_plan
from planner.analysis.committed.worth import risk_of, tail_mean
from planner.analysis.contradictions import refuse_contradictions
from planner.analysis.results_committed import PlannedOrder
from planner.analysis.results_estimates import Estimate, Spread
from planner.analysis.workbench import Workbench, build_workbench
from planner.catalog.resolve import load_scenario
from planner.errors import InputError, Problem
from planner.model.template import Array, Label
from planner.model.units import KW_PER_MW
from planner.solve.executor import available_workers
from planner.solve.two_stage.lshaped import decompose
from planner.solve.two_stage.problem import Risk

_FEW = 256
"""Samples that tell what arrives, and what follows from a plan."""


@dataclass(frozen=True)
class Judged:
    """A plan on the fresh samples."""

    name: str
    cost_usd: Spread
    cvar_usd: Estimate
    risk_usd: Estimate
    served: dict[str, Estimate]
    orders: list[PlannedOrder]


@dataclass(frozen=True)
class Comparison:
    """A user's plan beside the planner's.

    Attributes
    ----------
    yours, ours : Judged
    difference_usd : Estimate
        What yours costs more, sample by sample.
    cheaper_share : Estimate
        Of the samples, in which yours costs less.
    gap : float
        Of the planner's plan, on the samples that it was optimised on.
    cvar_level : float
    samples : int
    """

    yours: Judged
    ours: Judged
    difference_usd: Estimate
    cheaper_share: Estimate
    gap: float
    cvar_level: float
    samples: int


def evaluate_plan(config: Path, overrides: Sequence[str], file: Path) -> Comparison:
    """Return a user's plan beside the planner's, on the samples of a run.

    Raises
    ------
    InputError
        With every problem of the config or of the plan.
    SolveError
        If a program cannot be solved.
    """
    loaded = load_scenario(config, overrides)
    refuse_contradictions(loaded)
    refuse_uncommittable(loaded)
    lines = read_user_plan(file, loaded.scenario)
    bench = build_workbench(loaded.scenario)
    threads, risk = available_workers(), risk_measure(loaded.scenario.commitment)
    yours = _completed(bench, lines, file, risk, threads)
    carry, samples = carry_here(bench), loaded.scenario.samples
    found = seek(bench, carry, Effort(threads=threads)).found
    compared = Compared.joined(carry(compare_tasks(bench, (yours, found.x), 0, samples)))
    arrives = delivery(bench.contracts, 0, min(samples, _FEW))
    judged = [
        _judged(bench, name, plan, k, compared, risk, arrives)
        for k, (name, plan) in enumerate((("yours", yours), ("planner's", found.x)))
    ]
    difference = compared.costs[0] - compared.costs[1]
    return Comparison(
        yours=judged[0],
        ours=judged[1],
        difference_usd=estimates.mean(difference),
        cheaper_share=estimates.share(difference < 0),
        gap=found.gap,
        cvar_level=risk.level,
        samples=difference.size,
    )


def _judged(
    bench: Workbench,
    name: str,
    plan: Array,
    k: int,
    compared: Compared,
    risk: Risk,
    arrives: Delivery,
) -> Judged:
    return Judged(
        name=name,
        cost_usd=estimates.spread(compared.costs[k]),
        cvar_usd=tail_mean(compared.costs[k], risk.level),
        risk_usd=risk_of(compared.costs[k], risk),
        served={
            workload: estimates.mean(compared.served_share[k, :, w])
            for w, workload in enumerate(bench.model.sets.workloads)
        },
        orders=planned_orders(bench.contracts, plan, arrives),
    )


def _completed(
    bench: Workbench, lines: Sequence[PlanLine], file: Path, risk: Risk, threads: int
) -> Array:
    """Return a plan with what follows from it (tiers, lots, discounts) chosen at its best."""
    contracts = bench.contracts
    amounts = _amounts(contracts, lines)
    counts = signed_counts(contracts, amounts)
    _refuse(contracts, amounts, counts, file)
    first = held_to(contracts, counts)
    if not (first.upper > first.lower).any():
        return counts
    asked = bench.model.scenario.commitment
    problem = ScenarioProblem(contracts, OPTIMISED, min(asked.samples, _FEW))
    return decompose(problem.with_first(first), risk, gap=asked.gap, threads=threads).x


def _amounts(contracts: Contracts, lines: Sequence[PlanLine]) -> dict[Label, float]:
    """Return accelerators, kW or shares by column."""
    power = {item.name for item in contracts.model.sets.power}
    found: dict[Label, float] = {}
    for line in lines:
        for label in contracts.commitments.labels:
            if _is(label, line):
                found[label] = line.count * (KW_PER_MW if line.offer in power else 1.0)
    return found


def _is(label: Label, line: PlanLine) -> bool:
    """Return whether a line states a column."""
    if label.family == "start":
        return label.key == (line.offer, line.site, line.quarter)
    if label.family == "power":
        return label.key == (line.offer, line.quarter)
    if label.family in ("right", "fund"):
        return line.is_bet and label.key == (line.offer,)
    return label.family == "adopt" and line.is_bet and " for ".join(label.key) == line.offer


def _refuse(
    contracts: Contracts, amounts: Mapping[Label, float], counts: Array, file: Path
) -> None:
    problems = [
        Problem(
            " ".join(label.key),
            "more is signed for than the offer supplies in all but a tenth of the futures",
            allowed=f"up to {most:,.0f} at all sites together",
            remedy="sign for less",
            value=f"{amounts[label]:,.0f}",
            file=file.name,
        )
        for label, most in beyond_supply(contracts, amounts)
    ]
    if not problems:
        problems = [
            Problem(
                " ".join((row.family, *row.key)),
                "the plan breaks a limit of the scenario on what is signed",
                allowed="plans within the limits that the config sets",
                remedy="change the plan, or the limit with --set",
                file=file.name,
            )
            for row in dict.fromkeys(broken_limits(contracts, counts))
        ]
    if problems:
        raise InputError(problems)
