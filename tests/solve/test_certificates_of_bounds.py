"""A certificate counts bounds, equations and fixed columns, each by the right sign."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from handmade import block, random_lps, solver

from planner.model.template import LinearPrograms
from planner.solve.solutions import TOLERANCE, Certificates, certify

INF = np.inf


def proof(programs: LinearPrograms, x: Any, duals: Any) -> Certificates:
    return certify(programs, np.array([x], dtype=float), np.array([duals], dtype=float))


def holds(programs: LinearPrograms, x: Any, duals: Any) -> bool:
    return proof(programs, x, duals).failed().size == 0


def capped() -> LinearPrograms:
    """Ten wanted; of the cheap one at most 4."""
    return block([1, 3], [[1, 1]], [">="], 10, upper=[4, INF])


def test_a_column_at_its_upper_bound() -> None:
    """10 x 3 on the demand less 4 x 2 on the bound: 22, as 4 x 1 + 6 x 3."""
    assert holds(capped(), [4, 6], [3])
    found = proof(capped(), [4, 6], [3])
    assert max(found.primal[0], found.dual[0], found.gap[0]) < 1e-15


@pytest.mark.parametrize(
    ("x", "duals", "wrong"),
    [
        ([5, 5], [3], "primal"),
        ([4 + 1e-4, 6 - 1e-4], [3], "primal"),
        ([-1e-3, 10 + 1e-3], [3], "primal"),
        ([3, 7], [3], "gap"),
        ([4 - 1e-4, 6 + 1e-4], [3], "gap"),
        ([0, 10], [3], "gap"),
        ([4, 6], [1], "gap"),
        ([4, 6], [3 - 1e-4], "gap"),
        ([4, 6], [3 + 1e-4], "dual"),
        ([4, 6], [5], "dual"),
        ([4, 6], [-1], "dual"),
    ],
)
def test_what_is_off_at_a_bound_fails(x: Any, duals: Any, wrong: str) -> None:
    assert getattr(proof(capped(), x, duals), wrong)[0] > TOLERANCE


def test_without_the_bound_the_same_reduced_cost_is_a_violation() -> None:
    free = block([1, 3], [[1, 1]], [">="], 10)
    assert not holds(free, [4, 6], [3])
    assert holds(free, [10, 0], [1])


@pytest.mark.parametrize(
    ("x", "passes"), [(5, True), (5 + 1e-4, False), (5 - 1e-4, False), (0, False)]
)
@pytest.mark.parametrize("price", [2.0, -2.0])
def test_an_equation_binds_from_both_sides(x: float, passes: bool, price: float) -> None:
    """What is paid for or is paid: an equation's dual takes either sign."""
    programs = block([price], [[1]], ["="], 5, upper=[100])
    assert holds(programs, [x], [price]) == passes
    assert (proof(programs, [x], [price]).primal[0] <= TOLERANCE) == passes
    sense = "<=" if price > 0 else ">="
    assert not holds(block([price], [[1]], [sense], 5, upper=[100]), [5], [price])


@pytest.mark.parametrize("value", [0.0, 1.0, 3.0])
def test_a_fixed_column_may_have_any_reduced_cost(value: float) -> None:
    """Cheap or dear, it stays; its cost counts in the dual objective."""
    for cost in (1.0, 9.0):
        made = block([cost, 3], [[1, 1]], [">="], 10, integer=[0])
        programs = made.fixed(np.array([[value, 0.0]]))
        assert holds(programs, [value, 10 - value], [3])
        assert not holds(programs, [value, 11 - value], [3])
        for off in (0.5, 1e-4, -1e-4):
            found = proof(programs, [value + off, 10 - value - off], [3])
            assert found.primal[0] > TOLERANCE


def test_a_fixed_yes_is_not_small_beside_many() -> None:
    """A ten-thousandth of a yes is not the rounding of a million accelerators."""
    made = block([5, 1], [[-1e7, 1], [0, 1]], ["<=", ">="], [0, 1e6], integer=[0])
    programs = made.fixed(np.array([[1.0, 0.0]]))
    assert holds(programs, [1, 1e6], [0, 1])
    for off in (1e-4, -1e-4):
        assert proof(programs, [1 + off, 1e6], [0, 1]).primal[0] > TOLERANCE


def test_what_a_yes_allows_does_not_hide_the_excess_of_its_row() -> None:
    """0.1 too much of 1000, where the yes gates 1000 and the largest count is a million."""
    senses, rhs = ["<=", ">=", ">="], [0, 1000.1, 1e6]
    matrix = [[-1000, 1, 0], [0, 1, 0], [0, 0, 1]]
    made = block([5, 1, 1], matrix, senses, rhs, upper=[1, INF, INF], integer=[0])
    programs = made.fixed(np.array([[1.0, 0, 0]]))
    assert proof(programs, [1, 1000.1, 1e6], [0, 1, 1]).primal[0] > TOLERANCE


@pytest.mark.parametrize("unlimited", [1e6, 1e9, 1e15, 1e30])
def test_a_bound_that_stands_for_unlimited_does_not_matter(unlimited: float) -> None:
    """A rounding error in a dual, times the bound, is no gap; a real error is."""
    programs = block([1, 3], [[1, 1]], [">="], 10, upper=[unlimited, unlimited])
    assert holds(programs, [10, 0], [1 + 1e-11])
    assert not holds(programs, [10, 0], [1 + 1e-4])
    assert not holds(programs, [0, 10], [3])


@pytest.mark.parametrize("seed", range(30))
def test_random_optima_pass_and_changed_ones_do_not(seed: int) -> None:
    programs = random_lps(seed, 8)
    solved = solver(programs).solve(programs)
    assert certify(programs, solved.x, solved.duals).failed().size == 0
    costs = programs.cost.any(axis=1) & (np.abs(solved.objective) > 1)
    for j in range(programs.cost.shape[1]):
        for step in (0.01, -0.01):
            x = solved.x.copy()
            x[:, j] += step
            dearer = (programs.cost * x).sum(axis=1) - solved.objective
            clear = costs & (dearer > 1e-3) | (x[:, j] > programs.upper[:, j] + 1e-3)
            failed = np.isin(np.arange(8), certify(programs, x, solved.duals).failed())
            assert failed[clear | (x[:, j] < -1e-3)].all()


@pytest.mark.parametrize("seed", range(30))
def test_what_passes_costs_what_the_optimum_costs(seed: int) -> None:
    """Optima of other bounds, sides and costs: feasible here or not, none passes by mistake."""
    programs = random_lps(seed, 8)
    solved = solver(programs).solve(programs)
    rng = np.random.default_rng(seed)
    others = [
        replace(programs, upper=programs.upper + rng.integers(0, 2, programs.upper.shape)),
        replace(programs, upper=programs.upper * 1.001),
        replace(programs, cost=programs.cost + rng.integers(0, 2, programs.cost.shape)),
    ]
    for other in others:
        found = solver(other).solve(other)
        proofs = certify(programs, found.x, found.duals)
        passes = np.ones(8, dtype=bool)
        passes[proofs.failed()] = False
        cost = (programs.cost * found.x).sum(axis=1)
        np.testing.assert_allclose(cost[passes], solved.objective[passes], rtol=1e-6, atol=1e-6)
        assert (found.x <= programs.upper + 1e-6)[passes].all()
