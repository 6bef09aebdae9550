"""One worker's model and solver, and the task that turns a block's number into solved samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.analysis.cash import COST_PARTS, SHORTFALL
from planner.analysis.committed.outcomes import Outcomes
from planner.analysis.committed.problem import Contracts, contracts_of
from planner.analysis.limits import Limit, first_order_values, limits_of
from planner.analysis.measures import Measures, measure
from planner.config.schema import Scenario
from planner.errors import SolveError
from planner.model.coefficients import Coefficients
from planner.model.decisions import Unpacker, build_unpacker
from planner.model.program import Model, build_model
from planner.model.template import Array, LinearPrograms, Template
from planner.solve.audit import audit
from planner.solve.engine import Engine, Proven, suited
from planner.solve.solutions import Certificates
from planner.solve.tie_break import tie_cost
from planner.uncertainty.inputs import Input
from planner.uncertainty.sampling import Draws, Sampler, build_sampler

_SAME_COST = 1e-9

_CACHED = 2**20
"""Numbers of a block that are at work together: 8 MiB."""

_SMALLEST_BLOCK, _LARGEST_BLOCK = 64, 4096


@dataclass(frozen=True)
class Workbench:
    """Everything that a worker needs, built from the scenario alone.

    Attributes
    ----------
    block_size : int
        Samples that are drawn, solved and measured together; follows from the template.
    """

    model: Model
    sampler: Sampler
    unpacker: Unpacker
    limits: tuple[Limit, ...]
    engine: Engine
    tie_cost: Array
    block_size: int

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The uncertain inputs."""
        return self.sampler.inputs

    @cached_property
    def contracts(self) -> Contracts:
        """What can be signed; made when a plan is asked for."""
        return contracts_of(self.model, self.sampler)

    @cached_property
    def outcomes(self) -> Outcomes:
        """What carries plans out."""
        return Outcomes(self.contracts, self.tie_cost)

    def draw(self, first: int, n: int) -> tuple[Draws, Coefficients]:
        """Return the draws and coefficients of `n` samples."""
        draws = self.sampler.draw(first, n)
        return draws, self.model.coefficients(draws)

    def solve(
        self,
        programs: LinearPrograms,
        *,
        starts: Sequence[Any] | None = None,
        break_ties: bool = True,
        bets: Array | None = None,
    ) -> Proven:
        """Return optima with their proof; of whole bets, to within the scenario's gap.

        Parameters
        ----------
        programs : LinearPrograms
        starts : sequence of bases, optional
            From a solution of the same samples.
        break_ties : bool
        bets : ndarray, (sample, column), optional
            A solution whose whole columns are kept.
        """
        kept = programs if bets is None else programs.fixed(bets)
        return self.engine.solve(kept, break_ties=break_ties, starts=starts)

    def solved(self, first: int, n: int, plan: Array | None = None) -> SolvedSamples:
        """Draw and solve samples; those without a proven optimum are left out, and named.

        Parameters
        ----------
        first, n : int
        plan : ndarray, (first-stage column,), optional
            Carried out in every sample; else each has the optimum of its own.

        Raises
        ------
        SolveError
            If no sample at all has one.
        """
        draws, coefficients = self.draw(first, n)
        programs = self.model.programs(coefficients)
        found = (
            self.solve(programs)
            if plan is None
            else self.outcomes.carried_out(plan, coefficients, programs)
        )
        numbers = np.arange(first, first + n)
        if found.proven.all():
            return SolvedSamples(numbers, (), draws, coefficients, programs, found)
        kept = np.flatnonzero(found.proven)
        if not kept.size:
            raise SolveError(
                f"not one of the {n} samples from {first} on is proven optimal; look at one with "
                "'planner export': a coefficient may be too small or too large beside the others"
            )
        drawn = Draws({name: values[kept] for name, values in draws.values.items()}, kept.size)
        return SolvedSamples(
            numbers[kept],
            tuple(numbers[~found.proven].tolist()),
            drawn,
            self.model.coefficients(drawn),
            programs.chosen(kept),
            found.chosen(kept),
        )


@dataclass(frozen=True)
class SolvedSamples:
    """Consecutive samples with proven optima.

    Attributes
    ----------
    numbers : ndarray of int, (sample,)
    unproven : tuple of int
        Numbers of the samples in between that have none.
    """

    numbers: NDArray[np.int64]
    unproven: tuple[int, ...]
    draws: Draws
    coefficients: Coefficients
    programs: LinearPrograms
    found: Proven


def build_workbench(scenario: Scenario, engine: str | None = None) -> Workbench:
    """Return a workbench.

    Parameters
    ----------
    scenario : Scenario
    engine : str, optional
        The fastest one unless given; see `planner.solve.engine`.
    """
    model = build_model(scenario)
    sampler = build_sampler(scenario)
    ties = tie_cost(model.sets, model.template)
    return Workbench(
        model=model,
        sampler=sampler,
        unpacker=build_unpacker(model.sets),
        limits=limits_of(model.sets, model.template),
        engine=Engine(
            engine or suited(model.template),
            model.template,
            ties,
            model.programs(model.coefficients(sampler.median())),
            scenario.bet_gap,
        ),
        tie_cost=ties,
        block_size=_block_size(model.template),
    )


def _block_size(template: Template) -> int:
    """Return as many samples as a processor's cache can hold the numbers of, a power of two."""
    size = 1 << (_CACHED // max(template.width + template.entries, 1)).bit_length() >> 1
    return min(max(size, _SMALLEST_BLOCK), _LARGEST_BLOCK)


@dataclass(frozen=True)
class SolvedBlock:
    """A block of samples, solved and measured.

    Attributes
    ----------
    numbers : ndarray of int, (sample,)
        Of the samples.
    unproven : tuple of int
        Numbers of the samples in between that have no proven optimum.
    draws : ndarray, (sample, input)
    x : ndarray, (sample, column)
    cost_usd : ndarray, (sample,)
    measures : Measures
    limit_value_usd : ndarray, (sample, limit)
        First-order value of one more unit of each limit, from the duals.
    bound_usd, gap : ndarray, (sample,)
        Proven lower bound of the cost, and the cost's distance from it, relative to the cost.
    audit : ndarray, (audited sample,)
        How far HiGHS's cost is from ours, relative to it.
    """

    numbers: NDArray[np.int64]
    unproven: tuple[int, ...]
    draws: Array
    x: Array
    cost_usd: Array
    measures: Measures
    limit_value_usd: Array
    tied: NDArray[np.bool_]
    iterations: NDArray[np.int64]
    bound_usd: Array
    gap: Array
    nodes: NDArray[np.int64]
    milp: NDArray[np.bool_]
    certificates: Certificates
    left_to_highs: NDArray[np.bool_]
    audit: Array

    @property
    def cost_without_shortfall_usd(self) -> Array:
        """The cost less the price of what is not served, (sample,)."""
        parts = self.measures.cost_parts_usd
        return np.asarray(self.cost_usd - parts[:, COST_PARTS.index(SHORTFALL)])


@dataclass(frozen=True)
class SolveBlock:
    """The task of a block: draw, build, solve, prove, measure.

    Attributes
    ----------
    audited : tuple of int
        Numbers of the samples to solve once more by HiGHS.
    plan : ndarray, (first-stage column,), or None
        What is signed in all of them.
    """

    first: int
    n: int
    audited: tuple[int, ...] = ()
    plan: Array | None = None

    def run(self, bench: Workbench) -> SolvedBlock:
        """Return the solved block.

        Raises
        ------
        SolveError
            If a sample is not proven optimal, or its cost is not the sum of its parts.
        """
        samples = bench.solved(self.first, self.n, self.plan)
        solved = samples.found.solutions
        measures = measure(bench.model.sets, samples.coefficients, bench.unpacker.unpack(solved.x))
        self._reconcile(solved.objective, measures)
        drawn = [samples.draws.values[item.name] for item in bench.inputs]
        return SolvedBlock(
            numbers=samples.numbers,
            unproven=samples.unproven,
            draws=np.reshape(drawn, (len(drawn), samples.numbers.size)).T,
            # A solver's -0.0 and -1e-12 are zeros to whoever reads the file.
            x=np.maximum(solved.x, 0.0) + 0.0,
            cost_usd=solved.objective,
            measures=measures,
            limit_value_usd=first_order_values(bench.limits, solved.duals),
            tied=solved.tied,
            iterations=solved.iterations,
            bound_usd=solved.bound,
            gap=solved.gap,
            nodes=solved.nodes,
            milp=solved.milp,
            certificates=samples.found.certificates,
            left_to_highs=samples.found.left_to_highs,
            audit=self._audit(samples),
        )

    def _audit(self, samples: SolvedSamples) -> Array:
        chosen = np.flatnonzero(np.isin(samples.numbers, self.audited))
        if not chosen.size:
            return np.empty(0)
        return audit(samples.programs.chosen(chosen), samples.found.solutions.x[chosen])

    def _reconcile(self, objective: Array, measures: Measures) -> None:
        """The parts are summed along another way than the objective; they must agree."""
        parts = measures.cost_parts_usd
        off = np.abs(parts.sum(axis=1) - objective)
        if (off > _SAME_COST * (1 + np.abs(parts).sum(axis=1))).any():
            raise SolveError(
                f"the parts of the cost do not sum to the cost in a sample from {self.first} on"
            )
