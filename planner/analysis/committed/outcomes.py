"""A plan carried out in samples: what is signed is as it is delivered, the rest is recourse."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.analysis.committed.problem import Contracts
from planner.model.coefficients import Coefficients
from planner.model.template import Array, LinearPrograms
from planner.solve.engine import Engine, Proven, suited
from planner.solve.slopes import act, take_off
from planner.solve.solutions import Certificates, linear_solutions


class Outcomes:
    """Carries plans out in the samples of a scenario.

    Parameters
    ----------
    contracts : Contracts
    tie_cost : ndarray, (column,)
        Of the whole template: which of equally cheap recourse is taken.
    """

    def __init__(self, contracts: Contracts, tie_cost: Array) -> None:
        self._contracts, self._tie_cost = contracts, tie_cost

    @cached_property
    def _engines(self) -> list[Engine]:
        median = self._contracts.median_programs
        values = self._contracts.parts.given_values(median)
        return [
            Engine(
                suited(part.template),
                part.template,
                self._tie_cost[part.columns],
                part.programs(median, values),
                0.0,
            )
            for part in self._contracts.parts.blocks
        ]

    def carried_out(self, plan: Array, block: Coefficients, programs: LinearPrograms) -> Proven:
        """Return what becomes of a plan, as solutions of the samples' whole programs.

        Rows that bind commitments bind the plan as it is signed; here it stands as delivered.

        Parameters
        ----------
        plan : ndarray, (first-stage column,)
        block : Coefficients
        programs : LinearPrograms
            Of these coefficients.
        """
        contracts, parts, n = self._contracts, self._contracts.parts, programs.n
        signed = np.zeros((n, parts.signed.size))
        act(contracts.factor(block), plan, contracts.effect_of, signed)
        values = parts.given_values(programs)
        x = np.zeros_like(programs.cost)
        x[:, parts.signed], x[:, parts.given] = signed, values
        proven, left = np.ones(n, dtype=bool), np.zeros(n, dtype=bool)
        tied, iterations = np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64)
        worst = np.zeros((4, n))
        for part, engine in zip(parts.blocks, self._engines, strict=True):
            own = part.programs(programs, values)
            technology = programs.matrix.take(part.technology, axis=1)
            take_off(
                own.rhs, technology, part.technology_rows, part.technology_effects, signed,
                np.empty(own.rhs.shape[1]),
            )  # fmt: skip
            found = engine.solve(own)
            x[:, part.columns] = found.solutions.x
            proven &= found.proven
            left |= found.left_to_highs
            tied |= found.solutions.tied
            iterations += found.solutions.iterations
            proof = found.certificates
            worst = np.maximum(worst, [proof.primal, proof.dual, proof.gap, proof.error])
        solved = linear_solutions(
            programs, x, np.zeros_like(programs.rhs), tied=tied, iterations=iterations
        )
        return Proven(solved, Certificates(*worst), proven, left)
