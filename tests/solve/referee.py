"""The batch kernel against HiGHS, program by program, and exact arithmetic where they differ.

The kernel's part is what the planner takes from it: an optimum that the certificate proves, or
else nothing ("deferred": HiGHS solves the program). Its optimum is right if its objective is the
exact one up to `SAME`, relative to the sizes of the terms that make up the objective: an
objective of terms that cancel is known no better in double precision.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

import numpy as np
from solve.exact import ExactProgram, Truth, truth
from solve.frames import Array
from solve.random_templates import BLOCK, first_program, kind, programs, stream
from solve.reference import (
    INFEASIBLE,
    OPTIMAL,
    UNBOUNDED,
    UNKNOWN,
    HighsReference,
    Reference,
    full_basis,
)

from planner.model.template import LinearPrograms
from planner.solve.batch import Answers, BatchKernel

SAME = 1e-9
"""Objectives that differ by more, relative to the larger, are decided by exact arithmetic."""


@dataclass(frozen=True)
class Case:
    """One program that exact arithmetic decided.

    Attributes
    ----------
    kind : str
    block, of, k : int
        Where to find it again: program `k` of a block of so many, `random_templates.programs`.
    kernel : float or None
        The kernel's objective; None if it deferred.
    highs : str
        HiGHS's verdict.
    highs_objective : float
    truth : str
    objective : float
        The exact one.
    error, highs_error : float
        Of the kernel and of HiGHS, relative to the terms of the exact objective; infinite where
        the status is wrong, 0 where the kernel deferred.
    relative : float
        The kernel's error relative to the exact objective itself.
    certificate : tuple of float
        The kernel's residuals: primal, dual, gap.
    pivots : int
        From the given basis to the exact optimum: 0 if it is exactly optimal.
    """

    kind: str
    block: int
    of: int
    k: int
    kernel: float | None
    highs: str
    highs_objective: float
    truth: str
    objective: float
    error: float
    highs_error: float
    relative: float
    certificate: tuple[float, float, float]
    pivots: int

    @property
    def wrong(self) -> bool:
        """Whether the kernel claims an optimum that is not."""
        return self.error > SAME

    @property
    def highs_wrong(self) -> bool:
        """Whether HiGHS's verdict or objective is not the true one."""
        return self.highs_error > SAME


@dataclass
class Tally:
    """Counts over programs of one kind; sums of two tallies are that of both.

    Attributes
    ----------
    programs, proven : int
        All; of those, what the kernel solved and the certificate proved.
    verdicts : dict of str to int
        HiGHS's.
    without_verdict : int
        Neither proven by the kernel nor decided by HiGHS.
    unsigned : int
        Proven, but with a residual or gap above `SAME`.
    pivots : int
        The kernel's, of what is proven.
    kernel_s, highs_s, exact_s : float
    differing, agreeing, deferred : list of Case
        All that differ; samples of those that agree, and of what only HiGHS decides.
    residual : ndarray, (3,)
        The largest proven residuals: primal, dual, gap.
    """

    programs: int = 0
    proven: int = 0
    verdicts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys((OPTIMAL, INFEASIBLE, UNBOUNDED, UNKNOWN), 0)
    )
    without_verdict: int = 0
    unsigned: int = 0
    pivots: int = 0
    kernel_s: float = 0.0
    highs_s: float = 0.0
    exact_s: float = 0.0
    differing: list[Case] = field(default_factory=list)
    agreeing: list[Case] = field(default_factory=list)
    deferred: list[Case] = field(default_factory=list)
    residual: Array = field(default_factory=lambda: np.zeros(3))

    def add(self, other: Tally) -> None:
        """Add another tally to this."""
        for item in fields(self):
            mine, its = getattr(self, item.name), getattr(other, item.name)
            if item.name == "residual":
                self.residual = np.maximum(mine, its)
            elif isinstance(mine, dict):
                self.verdicts = {key: count + its[key] for key, count in mine.items()}
            else:
                setattr(self, item.name, mine + its)

    @property
    def wrong(self) -> list[Case]:
        """All programs, sampled ones too, of which the kernel claims an optimum that is not."""
        return [case for case in (*self.differing, *self.agreeing) if case.wrong]


class Referee:
    """Both solvers of one kind.

    Parameters
    ----------
    seed, kind : int
        Of `random_templates`.
    """

    def __init__(self, seed: int, at: int) -> None:
        self._seed, self._at = seed, at
        self._kind = kind(seed, at)
        template = self._kind.template
        tie_cost = stream(seed, at, 1, 1).uniform(1, 2, len(template.columns))
        self._kernel = BatchKernel(template, tie_cost, first_program(seed, at))
        self._highs = HighsReference(template)
        # Compiling is no part of the time.
        self._kernel.solve(first_program(seed, at))

    def examine(self, block: int, checks: int, n: int = BLOCK) -> Tally:
        """Return what both make of a block; of what agrees, `checks` programs are proven exactly.

        In every other block the kernel also breaks ties, which must not change an objective.
        """
        given = programs(self._seed, self._at, block, n)
        began = time.perf_counter()
        answers = self._kernel.solve(given, break_ties=block % 2 == 1)
        kernel_s = time.perf_counter() - began
        reference = self._highs.solve(given)
        highs_s = time.perf_counter() - began - kernel_s
        proofs, proven = answers.certificates, answers.optimal
        residuals = np.stack([proofs.primal, proofs.dual, proofs.gap], axis=1)[proven]
        undecided = reference.verdicts == UNKNOWN
        tally = Tally(
            programs=n,
            proven=int(proven.sum()),
            without_verdict=int((~proven & undecided).sum()),
            unsigned=int((residuals > SAME).any(axis=1).sum()),
            pivots=int(answers.pivots[proven].sum()),
            kernel_s=kernel_s,
            highs_s=highs_s,
            residual=residuals.max(axis=0, initial=0.0),
        )
        for verdict in reference.verdicts:
            tally.verdicts[verdict] += 1
        self._decide(_Both(block, given, answers, reference), checks, tally)
        return tally

    def _decide(self, both: _Both, checks: int, tally: Tally) -> None:
        began = time.perf_counter()
        differ = both.differ()
        rng = stream(self._seed, self._at, 2 + both.block, 2)
        tally.differing = [self._case(both, int(k)) for k in np.flatnonzero(differ)]
        for found, among in (
            (tally.agreeing, both.proven & ~differ),
            (tally.deferred, ~both.proven & (both.reference.verdicts != UNKNOWN)),
        ):
            places = rng.permutation(np.flatnonzero(among))[:checks]
            found.extend(self._case(both, int(k)) for k in places)
        tally.exact_s = time.perf_counter() - began

    def _case(self, both: _Both, k: int) -> Case:
        exact = truth(ExactProgram(both.given, k), self._basis(both, k))
        proofs, reference = both.answers.certificates, both.reference
        kernel = float(both.objective[k]) if both.proven[k] else None
        claim = float(reference.objective[k])
        best = exact.evaluation
        return Case(
            kind=self._kind.name,
            block=both.block,
            of=both.given.n,
            k=k,
            kernel=kernel,
            highs=str(reference.verdicts[k]),
            highs_objective=claim,
            truth=exact.status,
            objective=float(best.objective) if best else np.nan,
            error=0.0 if kernel is None else _error(exact, kernel),
            highs_error=_verdict_error(exact, str(reference.verdicts[k]), claim),
            relative=0.0 if kernel is None else _relative(exact, kernel),
            certificate=(float(proofs.primal[k]), float(proofs.dual[k]), float(proofs.gap[k])),
            pivots=exact.pivots,
        )

    def _basis(self, both: _Both, k: int) -> list[int] | None:
        """Return the kernel's basis where it claims an optimum, else the one where HiGHS ends."""
        if both.proven[k]:
            return [int(status) for status in both.answers.basis[k]]
        basis, verdict = both.reference.bases[k], both.reference.verdicts[k]
        if verdict != OPTIMAL:
            # Of its verdict after presolve HiGHS has no basis to show.
            strategy = 4 if verdict == UNBOUNDED else 1
            basis = self._highs.basis_without_presolve(both.given, k, strategy)
        return full_basis(basis) if basis is not None and basis.valid else None


@dataclass(frozen=True)
class _Both:
    """What both solvers make of a block."""

    block: int
    given: LinearPrograms
    answers: Answers
    reference: Reference

    @property
    def proven(self) -> Any:
        """Which programs the kernel claims to have solved."""
        return self.answers.optimal

    @property
    def objective(self) -> Array:
        """The kernel's, from the original costs; 0 where it claims none."""
        x = np.where(self.proven[:, None], self.answers.x, 0.0)
        return np.asarray((self.given.cost * x).sum(axis=1))

    def differ(self) -> Any:
        """Return which programs the kernel claims to be optimal, and HiGHS not, or at another."""
        ours, its = self.objective, self.reference.objective
        same = np.abs(ours - its) <= SAME * np.maximum(np.abs(ours), np.abs(its))
        return self.proven & ~((self.reference.verdicts == OPTIMAL) & same)


def _error(exact: Truth, claim: float) -> float:
    """Return how wrong a claimed optimum is, relative to the terms; infinite if there is none."""
    if exact.evaluation is None:
        return np.inf
    return _ratio(Fraction(claim) - exact.evaluation.objective, exact.evaluation.terms)


def _relative(exact: Truth, claim: float) -> float:
    """Return how wrong a claimed optimum is, relative to itself."""
    if exact.evaluation is None:
        return np.inf
    return _ratio(Fraction(claim) - exact.evaluation.objective, exact.evaluation.objective)


def _ratio(off: Fraction, size: Fraction) -> float:
    if off == 0:
        return 0.0
    return float(abs(off) / abs(size)) if size else np.inf


def _verdict_error(exact: Truth, verdict: str, claim: float) -> float:
    if verdict == OPTIMAL:
        return _error(exact, claim)
    return 0.0 if verdict == exact.status else np.inf
