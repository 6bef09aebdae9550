"""One worker's model and solver, and the task that turns a block's number into solved samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.analysis.limits import Limit, limit_rows, limits_of
from planner.analysis.measures import Measures, measure
from planner.config.schema import Scenario
from planner.errors import SolveError
from planner.model.coefficients import Coefficients
from planner.model.decisions import Unpacker, build_unpacker
from planner.model.program import Model, build_model
from planner.model.template import Array, LinearPrograms, Template
from planner.solve.hot import HotHighs
from planner.solve.integers import IntegerSolver
from planner.solve.solutions import Certificates, Solutions, certify, require_proven
from planner.solve.tie_break import tie_cost
from planner.uncertainty.inputs import Input, uncertain_inputs
from planner.uncertainty.sampling import Draws, draw, median_draws

_SAME_COST = 1e-9

_CACHED = 2**19
"""Numbers of a block that are at work together: 4 MiB."""

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
    inputs: tuple[Input, ...]
    seed: int
    unpacker: Unpacker
    limits: tuple[Limit, ...]
    solver: IntegerSolver
    block_size: int

    def draw(self, first: int, n: int) -> tuple[Draws, Coefficients]:
        """Return the draws and coefficients of `n` samples."""
        draws = draw(self.inputs, self.seed, first, n)
        return draws, self.model.coefficients(draws)

    def solve(
        self,
        first: int,
        programs: LinearPrograms,
        *,
        starts: Sequence[Any] | None = None,
        break_ties: bool = True,
        bets: Array | None = None,
    ) -> tuple[Solutions, Certificates]:
        """Return proven optima; of whole bets, to within the scenario's gap.

        Parameters
        ----------
        first : int
            Number of the first sample.
        programs : LinearPrograms
        starts : sequence of bases, optional
            From a solution of the same samples.
        break_ties : bool
        bets : ndarray, (sample, column), optional
            A solution whose whole columns are kept.

        Raises
        ------
        SolveError
            If any sample is not proven optimal.
        """
        try:
            kept = programs if bets is None else programs.fixed(bets)
            solved = self.solver.solve(kept, break_ties=break_ties, starts=starts)
        except SolveError as error:
            raise SolveError(f"in the {programs.n} samples from {first} on: {error}") from error
        proof = certify(programs.fixed(solved.x), solved.x, solved.duals)
        require_proven(proof, range(first, first + programs.n))
        return solved, proof


def build_workbench(scenario: Scenario, seed: int) -> Workbench:
    """Return a workbench whose every block starts from the basis of the median sample."""
    model = build_model(scenario)
    inputs = uncertain_inputs(scenario)
    weights = tie_cost(model.sets, model.template)
    first = HotHighs(model.template, weights)
    first.solve(model.programs(model.coefficients(median_draws(inputs))), break_ties=False)
    hot = HotHighs(model.template, weights, first.basis())
    return Workbench(
        model=model,
        inputs=inputs,
        seed=seed,
        unpacker=build_unpacker(model.sets),
        limits=limits_of(model.sets, model.template),
        solver=IntegerSolver(model.template, hot, scenario.bet_gap),
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
    draws : ndarray, (sample, input)
    x : ndarray, (sample, column)
    cost_usd : ndarray, (sample,)
    measures : Measures
    limit_value_usd : ndarray, (sample, limit)
        First-order value of one more unit of each limit, from the duals.
    bound_usd, gap : ndarray, (sample,)
        Proven lower bound of the cost, and the cost's distance from it, relative to the cost.
    """

    first: int
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


@dataclass(frozen=True)
class SolveBlock:
    """The task of a block: draw, build, solve, prove, measure."""

    first: int
    n: int

    def run(self, bench: Workbench) -> SolvedBlock:
        """Return the solved block.

        Raises
        ------
        SolveError
            If a sample is not proven optimal, or its cost is not the sum of its parts.
        """
        draws, coefficients = bench.draw(self.first, self.n)
        solved, proof = bench.solve(self.first, bench.model.programs(coefficients))
        measures = measure(bench.model.sets, coefficients, bench.unpacker.unpack(solved.x))
        self._reconcile(solved.objective, measures)
        names = [item.name for item in bench.inputs]
        return SolvedBlock(
            first=self.first,
            draws=np.stack([draws.values[name] for name in names], axis=1)
            if names
            else np.empty((self.n, 0)),
            # A solver's -0.0 and -1e-12 are zeros to whoever reads the file.
            x=np.maximum(solved.x, 0.0) + 0.0,
            cost_usd=solved.objective,
            measures=measures,
            limit_value_usd=solved.duals @ limit_rows(bench.limits, solved.duals.shape[1]),
            tied=solved.tied,
            iterations=solved.iterations,
            bound_usd=solved.bound,
            gap=solved.gap,
            nodes=solved.nodes,
            milp=solved.milp,
            certificates=proof,
        )

    def _reconcile(self, objective: Array, measures: Measures) -> None:
        """The parts are summed along another way than the objective; they must agree."""
        parts = measures.cost_parts_usd
        off = np.abs(parts.sum(axis=1) - objective)
        if (off > _SAME_COST * (1 + np.abs(parts).sum(axis=1))).any():
            raise SolveError(
                f"the parts of the cost do not sum to the cost in a sample from {self.first} on"
            )
