"""How far a plan can be from the best one, by independent batches of samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.analysis import estimates
from planner.analysis.committed.problem import OPTIMISED, ScenarioProblem
from planner.analysis.results_committed import Proof, SolveIteration
from planner.analysis.workbench import Workbench
from planner.config.commitment import Commitment
from planner.solve.two_stage.extensive import solve_extensive
from planner.solve.two_stage.lshaped import Decomposed, decompose
from planner.solve.two_stage.problem import Risk
from planner.solve.two_stage.replications import CONFIDENCE, Candidate, estimate, judged

BATCHES = 2**41
"""Sample number from which batches are drawn, each far from the next."""

_APART = 2**30

_WANTED = 0.01
_EXTENSIVE_SAMPLES, _WHOLE_SAMPLES = 8, 2
"""Of the cross-check; fewer where the first stage has whole numbers."""

_EXTENSIVE_GAP, _WHOLE_GAP = 1e-7, 1e-6
"""Well below the difference at which the report warns: an open gap would look like an error."""


@dataclass(frozen=True)
class Batch:
    """The optimum of a batch, as far as it is proven, and the plan's cost in it."""

    bound: float
    plan: float


@dataclass(frozen=True)
class BatchTask:
    """The task of a batch: the best plan of its own samples, against the plan that is judged.

    Attributes
    ----------
    number, n : int
    plan : Candidate
    risk : Risk
    gap : float
    price_times : float
        Of the stated price of shortfall, under which the plan is best.
    """

    number: int
    n: int
    plan: Candidate
    risk: Risk
    gap: float
    price_times: float = 1.0

    def run(self, bench: Workbench) -> Batch:
        """Return the batch's optimum and the plan's cost."""
        first = BATCHES + self.number * _APART
        problem = ScenarioProblem(bench.contracts, first, self.n, self.price_times)
        found, cost = judged(problem, self.plan, self.risk, gap=self.gap)
        return Batch(found.bound, cost)


@dataclass(frozen=True)
class CrossCheck:
    """By how much two ways to the same optimum differ, relative, and on how many samples."""

    samples: int
    difference: float


@dataclass(frozen=True)
class ExtensiveCheck:
    """The task that solves the first samples at once, and by decomposition."""

    risk: Risk

    def run(self, bench: Workbench) -> CrossCheck:
        """Return by how much the two optima differ, relative."""
        integer = bench.contracts.first.integer.any()
        samples = _WHOLE_SAMPLES if integer else _EXTENSIVE_SAMPLES
        gap = _WHOLE_GAP if integer else _EXTENSIVE_GAP
        problem = ScenarioProblem(bench.contracts, OPTIMISED, samples)
        whole = solve_extensive(problem, self.risk, integer_gap=gap).objective
        parts = decompose(problem, self.risk, gap=gap).objective
        return CrossCheck(samples, abs(parts - whole) / max(abs(whole), 1.0))


def proof(found: Decomposed, asked: Commitment, batches: list[Batch], check: CrossCheck) -> Proof:
    """Return what is proven of a plan.

    The mean of the optima of independent batches is at most the best plan's true cost, and the
    plan's cost in each batch less that batch's optimum is at least its true gap, both in
    expectation; the one-sided limit is Student's (Mak, Morton and Wood 1999,
    doi:10.1016/S0167-6377(98)00054-6).
    """
    bounds = np.array([batch.bound for batch in batches])
    gaps = np.array([batch.plan - batch.bound for batch in batches])
    one_sided = estimate(gaps, samples=asked.replication_samples, confidence=CONFIDENCE)
    limit = max(one_sided.upper, 0.0)
    relative = limit / max(abs(found.objective), 1.0)
    return Proof(
        samples=found.costs.size,
        ended=found.ended,
        wanted_gap=asked.gap,
        gap=found.gap,
        iterations=[
            SolveIteration(line.number, line.bound, line.best, line.gap)
            for line in found.iterations
            if np.isfinite(line.gap)
        ],
        lower_bound_usd=estimates.mean(bounds),
        gap_usd=estimates.mean(gaps),
        gap_limit_usd=limit,
        gap_limit=relative,
        replications=len(batches),
        replication_samples=asked.replication_samples,
        extensive_samples=check.samples,
        extensive_difference=check.difference,
        remedy=_remedy(relative, asked),
    )


def _remedy(relative: float, asked: Commitment) -> str:
    """Return what would bring the limit below 1 %: a batch's optimum is too low by about 1/n."""
    if relative < _WANTED:
        return ""
    times = 2 ** int(np.ceil(np.log2(relative / _WANTED)))
    return (
        f"set commitment.replication_samples to {asked.replication_samples * times:,} and "
        f"commitment.samples to {asked.samples * times:,} or more: both the plan and the bounds "
        "are then closer to the true optimum"
    )
