"""Bounds, equations and fixed columns: optima, duals and who owns them, and ties."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pulp
import pytest
from handmade import assert_proven, block, random_lps, scipy_lp, solver

from planner.errors import SolveError
from planner.model.template import LinearPrograms
from planner.solve.hot import HotHighs
from planner.solve.pulp_reference import to_pulp

SEEDS = range(60)
INF = np.inf


@pytest.mark.parametrize("seed", SEEDS)
def test_random_programs_against_scipy(seed: int) -> None:
    programs = random_lps(seed)
    solved = solver(programs).solve(programs)
    for k in range(programs.n):
        assert solved.objective[k] == pytest.approx(scipy_lp(programs, k), rel=1e-9, abs=1e-9)
    assert_proven(programs, solved)
    assert (solved.bound == solved.objective).all()
    assert not solved.gap.any()
    assert not solved.nodes.any()
    assert not solved.milp.any()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tie_break_takes_the_best_of_the_optima(seed: int) -> None:
    """The second stage, as another solver does it: least weight at no more than least cost."""
    programs = random_lps(seed)
    weights = np.random.default_rng(0).uniform(1, 2, programs.cost.shape[1])
    solved = HotHighs(programs.template, weights).solve(programs)
    for k in range(programs.n):
        most = solved.objective[k] + 1e-10 * (1 + abs(solved.objective[k]))
        best = scipy_lp(programs, k, weights, most)
        assert weights @ solved.x[k] == pytest.approx(best, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_fixed_columns_stay_and_the_rest_is_optimal(seed: int) -> None:
    programs = random_lps(seed)
    first = solver(programs).solve(programs)
    count = programs.cost.shape[1]
    held = np.random.default_rng(seed).random(count) < 0.4
    fixed = replace(
        programs,
        lower=np.where(held, first.x, programs.lower),
        upper=np.where(held, first.x, programs.upper),
        cost=programs.cost[:, ::-1],
    )
    # With the costs the other way round what is fixed is no longer where it wants to be.
    fixed = replace(fixed, cost=np.where(np.isfinite(fixed.upper), fixed.cost, abs(fixed.cost)))
    solved = solver(fixed).solve(fixed)
    assert (solved.x[:, held] == first.x[:, held]).all()
    for k in range(programs.n):
        assert solved.objective[k] == pytest.approx(scipy_lp(fixed, k), rel=1e-8, abs=1e-8)
    assert_proven(fixed, solved)


def test_the_random_programs_have_what_they_are_for() -> None:
    """Ties, columns at bounds of both kinds, duals of equations of both signs, and zeros."""
    tied, own, rows, signs, zeros = [], 0, 0, set(), 0
    for seed in SEEDS:
        programs = random_lps(seed)
        solved = solver(programs).solve(programs)
        tied.append(solved.tied.mean())
        labels = programs.template.rows
        equal = [r for r, sense in enumerate(programs.template.senses) if sense == "="]
        limits = [r for r, label in enumerate(labels) if label.family == "limit"]
        signs |= set(np.sign(np.round(solved.duals[:, equal], 9)).ravel())
        rows += (solved.duals[:, limits] < -1e-6).sum()
        own += ((solved.x == programs.upper) & (programs.upper > 0)).sum()
        zeros += (programs.matrix == 0).sum()
    assert 0.05 < np.mean(tied) < 0.95
    assert signs == {-1.0, 0.0, 1.0}
    assert min(own, rows, zeros) > 50


@pytest.mark.parametrize(
    ("upper", "limit", "taken", "dual"),
    [
        (INF, 3.0, 3.0, -2.0),
        (5.0, 3.0, 3.0, -2.0),
        (3.0, 3.0, 3.0, -2.0),
        (2.0, 3.0, 2.0, 0.0),
        (1e30, 3.0, 3.0, -2.0),
    ],
)
def test_the_tighter_of_two_bounds_owns_the_dual(
    upper: float, limit: float, taken: float, dual: float
) -> None:
    """The cheap one saves 2 a piece: worth something to the limit that stops it, only."""
    programs = block([1, 3], [[1, 1]], [">="], 10, upper=[upper, INF], limits={0: limit})
    solved = solver(programs).solve(programs)
    np.testing.assert_allclose(solved.x[0], [taken, 10 - taken], rtol=1e-12)
    np.testing.assert_allclose(solved.duals[0], [3.0, dual], atol=1e-12)
    assert_proven(programs, solved)


@pytest.mark.parametrize("value", [0.0, 1.0, 3.0])
def test_a_fixed_column_owns_its_dual(value: float) -> None:
    """Even at its bounding row's right-hand side, which more of would change nothing."""
    programs = block([1, 3], [[1, 1]], [">="], 10, limits={0: 3.0}, integer=[0])
    fixed = programs.fixed(np.array([[value, 99.0]]))
    solved = solver(programs).solve(fixed)
    np.testing.assert_allclose(solved.x[0], [value, 10 - value], rtol=1e-12)
    np.testing.assert_allclose(solved.duals[0], [3.0, 0.0], atol=1e-12)
    assert_proven(fixed, solved)


@pytest.mark.parametrize(("side", "dual"), [(4.0, -1.0), (8.0, 2.0)])
def test_an_equation_has_a_dual_of_either_sign(side: float, dual: float) -> None:
    """One more of the free one saves 1 while the dear one fills up, else it costs 2."""
    programs = block([2, 5, 3], [[1, 1, 0], [0, 1, 1]], ["=", ">="], [side, 6], upper=[INF, 6, INF])
    moved = replace(programs, rhs=programs.rhs + np.array([1e-3, 0]))
    solved, after = (solver(programs).solve(p) for p in (programs, moved))
    change = (after.objective[0] - solved.objective[0]) / 1e-3
    assert solved.duals[0, 0] == pytest.approx(change, rel=1e-9)
    assert_proven(programs, solved)


def test_zeros_in_some_samples_change_nothing_but_the_numbers() -> None:
    """Hot from a sample with other zeros, or alone from scratch: the same optimum."""
    rng = np.random.default_rng(5)
    matrix = rng.integers(1, 5, (20, 6, 10)) * (rng.random((20, 6, 10)) < 0.6)
    matrix[:, :, 0] = 1
    cost = rng.uniform(1, 5, (20, 10))
    programs = block(cost, matrix, [">="] * 6, rng.uniform(1, 9, (20, 6)), upper=4.0)
    programs.upper[:, 0] = INF
    together = solver(programs).solve(programs)
    assert_proven(programs, together)
    for k in range(20):
        names = ("cost", "matrix", "rhs", "lower", "upper")
        alone = replace(programs, **{name: getattr(programs, name)[[k]] for name in names})
        np.testing.assert_allclose(solver(programs).solve(alone).x[0], together.x[k], atol=1e-9)
    assert together.iterations[1:].mean() < 12


@pytest.mark.parametrize("sense", ["=", ">="])
@pytest.mark.parametrize("fixed", [False, True])
def test_what_cannot_move_is_no_tie(sense: Any, fixed: bool) -> None:
    """A fixed column of reduced cost 0 and an equation of dual 0 leave a single optimum."""
    programs = block([1, 2, 1], [[1, 1, 1], [0, 1, 0]], [sense, "="], [5, 0], integer=[2])
    held = programs.fixed(np.zeros((1, 3))) if fixed else programs
    solved = solver(programs).solve(held)
    assert solved.tied[0] != fixed
    assert solved.objective[0] == pytest.approx(5)


def test_an_equation_of_no_price_is_no_tie() -> None:
    programs = block([1, 0], [[1, 0], [0, 1]], [">=", "="], [1, 3])
    solved = solver(programs).solve(programs)
    np.testing.assert_allclose(solved.x[0], [1, 3])
    assert not solved.tied[0]


def test_rows_with_room_are_no_tie() -> None:
    """Which rows press matters, not how many."""
    matrix = [[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1]]
    programs = block([1, 2, 3], matrix, [">="] * 5, [4, 3, 2, 1, 6])
    solved = solver(programs).solve(programs)
    np.testing.assert_allclose(solved.x[0], [4, 2, 6])
    assert not solved.tied[0]


def test_a_fixed_column_is_exactly_at_its_value() -> None:
    """Even in a basis that has it a little above, within the solver's tolerance."""
    programs = block([1.0], [[3e5]], [">="], 3e5 * (1 + 1e-11), integer=[0])
    made = solver(programs)
    loose = made.solve(programs)
    assert 1 < loose.x[0, 0] < 1 + 1e-10
    assert made.solve(programs.fixed(np.ones((1, 1))), starts=loose.bases).x[0, 0] == 1


def test_crossed_bounds_are_infeasible() -> None:
    programs = block([1.0], [[1.0]], [">="], 0, limits={0: 2.0}, integer=[0])
    with pytest.raises(SolveError, match="Infeasible"):
        solver(programs).solve(programs.fixed(np.array([[3.0]])))


def test_a_limit_below_a_fixed_value_by_rounding_is_met() -> None:
    programs = block([1.0], [[1.0]], [">="], 0, limits={0: 3 - 1e-13}, integer=[0])
    assert solver(programs).solve(programs.fixed(np.array([[3.0]]))).x[0, 0] == 3


@pytest.mark.parametrize("seed", range(10))
def test_the_reference_has_the_same_bounds_and_equations(seed: int) -> None:
    """CBC's optimum of it, with the costs as they are and turned round."""
    programs = random_lps(seed, 2)
    limited = np.isfinite(programs.upper)
    turned = replace(programs, cost=np.where(limited, -programs.cost, programs.cost))
    for made in (programs, turned):
        solved = solver(made).solve(made)
        for k in range(made.n):
            problem = to_pulp(made, k)
            problem.solve(pulp.PULP_CBC_CMD(msg=False))
            assert problem.status == pulp.LpStatusOptimal
            # CBC hands its values over as rounded text.
            found = pulp.value(problem.objective)
            assert found == pytest.approx(solved.objective[k], rel=1e-6, abs=1e-5)


def test_the_reference_has_the_senses_of_the_rows_and_fixed_columns() -> None:
    programs = block([1, 1], [[1, 1], [1, 0], [0, 1]], ["=", "<=", ">="], [5, 4, 1], integer=[1])
    problem = to_pulp(programs.fixed(np.array([[0.0, 2.0]])), 0)
    senses = [problem.get_constraint_by_name(f"row.{i}").sense for i in range(3)]
    assert senses == [pulp.LpConstraintEQ, pulp.LpConstraintLE, pulp.LpConstraintGE]
    limits = [(v.lowBound, v.upBound, v.cat) for v in problem.variables()]
    assert limits == [(0, None, "Continuous"), (2, 2, "Integer")]


@pytest.mark.parametrize(
    "programs",
    [
        block([1, 1], [[1e16, 1]], [">="], 1),
        block([1, 1], [[1, 1]], ["="], 1e30),
    ],
)
def test_numbers_that_highs_does_not_take_are_an_error(programs: LinearPrograms) -> None:
    with pytest.raises(SolveError, match="does not take the numbers"):
        solver(programs).solve(programs)


def test_blocks_leave_no_trace() -> None:
    blocks = [random_lps(3, 4), replace(random_lps(3, 4), cost=random_lps(3, 4).cost[:, ::-1] ** 2)]
    used, fresh = solver(blocks[0]), solver(blocks[0])
    used.solve(blocks[1])
    for name in ("x", "duals", "objective", "tied", "iterations"):
        mine, other = used.solve(blocks[0]), fresh.solve(blocks[0])
        assert getattr(mine, name).tobytes() == getattr(other, name).tobytes(), name
