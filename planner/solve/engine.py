"""The engines: who solves a block first, who takes what is left, and what is then proven.

Whatever an engine answers counts only with a certificate from the original data. What has none is
solved by HiGHS alone, from its own start; what has none then either is reported as unproven.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from planner.errors import SolveError
from planner.model.template import Array, Bits, Indices, LinearPrograms, Template
from planner.solve.hot import HotHighs
from planner.solve.integers import IntegerSolver
from planner.solve.solutions import Certificates, Solutions, arrays, certify, linear_solutions

KERNEL, HIGHS, PULP = "kernel", "highs", "pulp:"

MOST_CELLS = 400_000
"""Rows times columns up to which the kernel is faster than HiGHS; `docs/performance.md`."""


def suited(template: Template) -> str:
    """Return the fastest engine for a template.

    The kernel works on the whole tableau, so its time grows with rows times columns; it knows no
    whole numbers.
    """
    cells = len(template.rows) * len(template.columns)
    return HIGHS if template.integer.any() or cells > MOST_CELLS else KERNEL


def problem_with(engine: str, template: Template) -> tuple[str, str] | None:
    """Return what is wrong with an engine for a template and what is allowed, or None."""
    if engine == HIGHS:
        return None
    if engine != KERNEL and not engine.startswith(PULP):
        return "there is no such engine", f"{KERNEL}, {HIGHS} or {PULP}NAME"
    if template.integer.any():
        return (
            "this engine solves linear programs, and some decisions of this scenario are whole",
            f"{HIGHS}; or any engine with 'bets: relaxed'",
        )
    if engine == KERNEL:
        return None
    import pulp

    name, known = engine.removeprefix(PULP), pulp.listSolvers(onlyAvailable=True)
    if name in known:
        return None
    return "PuLP finds no such solver here", ", ".join(f"{PULP}{item}" for item in known)


@dataclass(frozen=True)
class Proven:
    """A block's solutions with their proof; where there is none the numbers mean nothing.

    Attributes
    ----------
    solutions : Solutions
    certificates : Certificates
    proven : ndarray of bool, (sample,)
    left_to_highs : ndarray of bool, (sample,)
        Whether another engine gave it up or its answer failed the certificate.
    """

    solutions: Solutions
    certificates: Certificates
    proven: Bits
    left_to_highs: Bits

    def chosen(self, samples: Indices) -> Proven:
        """Return those at some positions."""
        return Proven(
            self.solutions.chosen(samples),
            self.certificates.chosen(samples),
            self.proven[samples],
            self.left_to_highs[samples],
        )


class Engine:
    """Solves and certifies blocks of one template.

    Parameters
    ----------
    name : str
        ``kernel``, ``highs`` or ``pulp:NAME``.
    template : Template
    tie_cost : ndarray, (column,)
        The secondary objective.
    median : LinearPrograms
        One program; its optimum is where HiGHS starts, its numbers set the kernel's scaling.
    gap : float
        Of whole numbers.
    """

    def __init__(
        self, name: str, template: Template, tie_cost: Array, median: LinearPrograms, gap: float
    ) -> None:
        self.name = name
        self._template, self._tie_cost, self._median, self._gap = template, tie_cost, median, gap

    @cached_property
    def highs(self) -> IntegerSolver:
        """HiGHS, every block from the basis of the median program, if that has one."""
        first, basis = HotHighs(self._template, self._tie_cost), None
        # Recourse to nothing that was decided need not exist: then every block starts cold.
        with suppress(SolveError):
            first.solve(self._median, break_ties=False)
            basis = first.basis()
        hot = HotHighs(self._template, self._tie_cost, basis)
        return IntegerSolver(self._template, hot, self._gap)

    @cached_property
    def _first(self) -> Callable[..., tuple[Solutions, Certificates]]:
        """What solves a block first; imported here, for the compiled kernel is slow to import."""
        if self.name == HIGHS:
            return self._by_highs
        if self.name == KERNEL:
            from planner.solve.batch import BatchKernel

            return BatchKernel(self._template, self._tie_cost, self._median).solutions
        from planner.solve.pulp_reference import PulpSolver

        return PulpSolver(self.name.removeprefix(PULP)).solutions

    def solve(
        self,
        programs: LinearPrograms,
        *,
        break_ties: bool = True,
        starts: Sequence[Any] | None = None,
    ) -> Proven:
        """Solve a block; the same block always gives the same bytes.

        Parameters
        ----------
        programs : LinearPrograms
        break_ties : bool
            Whether to apply the secondary objective. What PuLP solves stays as it is.
        starts : sequence, optional
            `Solutions.bases` of the same samples from this engine; only HiGHS makes use of them.
        """
        solved, proof = self._first(programs, break_ties=break_ties, starts=starts)
        proven, left = np.ones(programs.n, dtype=bool), np.zeros(programs.n, dtype=bool)
        for k in proof.failed().tolist():
            left[k] = self.name != HIGHS
            proven[k] = self._alone(programs, k, break_ties, solved, proof)
        return Proven(solved, proof, proven, left)

    def _by_highs(
        self, programs: LinearPrograms, *, break_ties: bool, starts: Sequence[Any] | None
    ) -> tuple[Solutions, Certificates]:
        try:
            solved = self.highs.solve(programs, break_ties=break_ties, starts=starts)
        except SolveError:
            # One of them; which one, and whether it can be solved from elsewhere, is found alone.
            return unsolved(programs)
        return solved, certify(programs.fixed(solved.x), solved.x, solved.duals)

    def _alone(
        self,
        programs: LinearPrograms,
        k: int,
        break_ties: bool,
        solved: Solutions,
        proof: Certificates,
    ) -> bool:
        """Solve one program by HiGHS and write it over the answer; return whether it is proven."""
        one = programs.chosen(np.array([k]))
        for solve in (self.highs.solve, self._cold):
            try:
                found = solve(one, break_ties=break_ties)
            except SolveError:
                continue
            own = certify(one.fixed(found.x), found.x, found.duals)
            for answer, better in ((solved, found), (proof, own)):
                for name, values in arrays(better).items():
                    getattr(answer, name)[k] = values[0]
            if not own.failed().size:
                return True
        return False

    def _cold(self, one: LinearPrograms, *, break_ties: bool) -> Solutions:
        """Solve a program by a HiGHS that has seen no other: a basis can lead it astray."""
        hot = HotHighs(self._template, self._tie_cost)
        return IntegerSolver(self._template, hot, self._gap).solve(one, break_ties=break_ties)


def unsolved(programs: LinearPrograms) -> tuple[Solutions, Certificates]:
    """Return answers to nothing: no certificate holds."""
    x, duals = np.zeros_like(programs.cost), np.zeros_like(programs.rhs)
    return linear_solutions(programs, x, duals), Certificates(*np.full((4, programs.n), np.inf))
