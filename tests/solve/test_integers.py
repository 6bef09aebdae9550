"""Whole numbers: the optimum, proven, by either engine, and the same whatever came before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pulp
import pytest
from handmade import assert_proven, block, random_lps, scipy_lp, scipy_milp, solver
from milps import brute_force, facilities, fixed_charge, fractions, knapsack, whole_solver

from planner.errors import SolveError
from planner.model.template import Indices, LinearPrograms
from planner.solve import branching, integers
from planner.solve.problem import Problem
from planner.solve.pseudocosts import Pseudocosts
from planner.solve.pulp_reference import to_pulp
from planner.solve.simplex import Simplex
from planner.solve.solutions import Solutions, certify

Family = Callable[[int], LinearPrograms]

FAMILIES = [knapsack, facilities, fixed_charge]
ENGINES = ["enumeration", "milp"]


def give_up(simplex: Simplex, problem: Problem, columns: Indices, *rest: Any) -> branching.Found:
    """Stand in for a search that ends before it finds anything, if there is anything to find."""
    if columns.size == 0:
        return branching.search(simplex, problem, columns, *rest)
    return branching.Found(values=None, bound=-np.inf, complete=False)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have all searches done by one engine."""
    if request.param == "milp":
        monkeypatch.setattr(integers, "search", give_up)
    return str(request.param)


def solve(programs: LinearPrograms, gap: float = 0.0) -> Solutions:
    return whole_solver(programs, gap).solve(programs)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("family", FAMILIES)
def test_the_optimum_against_brute_force_and_scipy(family: Family, seed: int, engine: str) -> None:
    programs = family(seed)
    solved = solve(programs)
    for k in range(programs.n):
        assert solved.objective[k] == pytest.approx(scipy_milp(programs, k).fun, rel=1e-9)
        if k < 2:
            assert solved.objective[k] == pytest.approx(brute_force(programs, k), rel=1e-9)
    assert (solved.milp == (engine == "milp")).all()
    assert fractions(programs, solved.x) == 0
    assert_proven(programs, solved)
    np.testing.assert_allclose(solved.bound, solved.objective, rtol=1e-9)
    assert (solved.bound <= solved.objective).all()
    assert (solved.gap <= 1e-9).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_optimum_against_cbc(family: Family) -> None:
    programs = family(11)
    solved = solve(programs)
    for k in range(programs.n):
        problem = to_pulp(programs, k)
        problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0))
        assert problem.status == pulp.LpStatusOptimal
        assert solved.objective[k] == pytest.approx(pulp.value(problem.objective), rel=1e-7)


def test_whole_numbers_above_one(engine: str) -> None:
    for seed in range(3):
        programs = knapsack(seed, n=3, items=4, most=3.0)
        solved = solve(programs)
        for k in range(programs.n):
            assert solved.objective[k] == pytest.approx(brute_force(programs, k), rel=1e-9)
        assert solved.x.max() > 1
        assert fractions(programs, solved.x) == 0


def test_whole_numbers_without_a_bound() -> None:
    """Three dozen wanted in boxes of 7 and 11."""
    programs = block([7.5, 11.1], [[7, 11]], [">="], 36, integer=[0, 1])
    solved = solve(programs)
    np.testing.assert_allclose(solved.x[0], [2, 2])


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("gap", [1e-4, 0.02, 0.3])
def test_the_gap_is_kept_and_the_bound_is_below_the_optimum(
    family: Family, gap: float, engine: str
) -> None:
    for seed in range(2):
        programs = family(seed)
        exact, solved = solve(programs), solve(programs, gap)
        size = 1e-9 * np.abs(exact.objective)
        assert (solved.bound <= exact.objective + size).all()
        assert (exact.objective <= solved.objective + size).all()
        assert (solved.gap <= gap + 1e-12).all()
        off = (solved.objective - solved.bound) / np.abs(solved.objective)
        np.testing.assert_allclose(solved.gap, off, rtol=1e-12)
        assert_proven(programs, solved)


def test_a_wide_gap_saves_nodes() -> None:
    programs = facilities(1)
    assert solve(programs, 0.2).nodes.sum() < solve(programs).nodes.sum()
    assert solve(programs, 0.2).gap.max() > 1e-6


def test_the_relaxation_is_fractional_and_no_dearer(engine: str) -> None:
    programs = fixed_charge(2)
    made = whole_solver(programs)
    relaxed, whole = made.solve(programs, relaxed=True), made.solve(programs)
    for k in range(programs.n):
        assert relaxed.objective[k] == pytest.approx(scipy_lp(programs, k), rel=1e-9)
    assert fractions(programs, relaxed.x) > 0.01
    assert (relaxed.objective < whole.objective).all()
    assert (relaxed.bound == relaxed.objective).all()
    assert not relaxed.nodes.any()
    assert certify(programs, relaxed.x, relaxed.duals).failed().size == 0


def test_whole_numbers_that_are_given_are_kept(engine: str) -> None:
    programs = facilities(3)
    made = whole_solver(programs)
    best = made.solve(programs)
    every = np.ones_like(programs.cost)
    opened = made.solve(programs.fixed(every))
    assert (opened.x[:, programs.template.integer] == 1).all()
    assert (opened.objective >= best.objective).all()
    assert not opened.gap.any()
    assert not opened.nodes.any()
    again = made.solve(programs.fixed(best.x), starts=best.bases)
    np.testing.assert_allclose(again.objective, best.objective, rtol=1e-12)
    onward = made.solve(programs, starts=again.bases)
    np.testing.assert_allclose(onward.objective, best.objective, rtol=1e-9)


def test_some_whole_numbers_given_and_others_free(engine: str) -> None:
    """Per sample: all, some or none are given."""
    programs = facilities(4)
    lower = programs.lower.copy()
    lower[1, :3] = lower[2, :5] = lower[3, 2] = 1
    held = replace(programs, lower=lower)
    solved = solve(held)
    for k in range(programs.n):
        assert solved.objective[k] == pytest.approx(scipy_milp(held, k).fun, rel=1e-9)
    assert (solved.x >= lower - 1e-12).all()
    assert solved.nodes[2] == 0


def test_without_integer_columns_it_is_the_linear_program() -> None:
    programs = random_lps(7)
    mine, other = whole_solver(programs).solve(programs), solver(programs).solve(programs)
    for name in ("x", "duals", "objective", "bound", "gap", "nodes", "milp"):
        assert getattr(mine, name).tobytes() == getattr(other, name).tobytes()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_block_gives_the_same_bytes_whatever_was_solved_before(
    family: Family, engine: str
) -> None:
    mine, other = family(5), family(6)
    basis = solver(mine)
    basis.solve(mine, break_ties=False)
    used = whole_solver(mine, 1e-4, basis.basis())
    fresh = whole_solver(mine, 1e-4, basis.basis())
    used.solve(other)
    used.solve(other, relaxed=True)
    for _ in range(2):
        first, second = used.solve(mine), fresh.solve(mine)
        for name in ("x", "duals", "objective", "tied", "iterations", "bound", "gap", "nodes"):
            assert getattr(first, name).tobytes() == getattr(second, name).tobytes(), name
        used.solve(other)


@pytest.mark.parametrize("family", FAMILIES)
def test_from_where_it_ended_a_search_finds_the_same(family: Family, engine: str) -> None:
    programs = family(8)
    made = whole_solver(programs)
    first = made.solve(programs)
    again = made.solve(programs, starts=first.bases)
    np.testing.assert_allclose(again.objective, first.objective, rtol=1e-9)
    relaxed = made.solve(programs, relaxed=True, starts=first.bases)
    other = made.solve(programs, starts=relaxed.bases)
    np.testing.assert_allclose(other.objective, first.objective, rtol=1e-9)


def test_a_search_of_too_many_nodes_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    programs = facilities(1)
    usual = solve(programs)
    assert usual.nodes[0] > 3
    assert not usual.milp.any()
    monkeypatch.setattr(branching, "_MOST_NODES", 3)
    solved = solve(programs)
    assert solved.milp[0]
    assert (solved.nodes[~solved.milp] <= 3).all()
    np.testing.assert_allclose(solved.objective, usual.objective, rtol=1e-9)


def test_an_unproven_gap_of_highs_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from planner.solve import milp

    monkeypatch.setattr(integers, "search", give_up)
    monkeypatch.setitem(milp._OPTIONS, "mip_max_nodes", 0)
    with pytest.raises(SolveError, match="did not prove whole numbers to a gap of 0"):
        solve(knapsack(1, items=30))


def test_a_bound_that_is_too_low_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the engine says: the plan is measured after its whole numbers are rounded."""
    monkeypatch.setattr(integers, "search", give_up)
    honest = integers.solve_milp

    def dishonest(*args: object) -> branching.Found:
        found = honest(*args)  # type: ignore[arg-type]
        return replace(found, bound=found.bound - 0.01 * abs(found.bound))

    monkeypatch.setattr(integers, "solve_milp", dishonest)
    with pytest.raises(SolveError, match=r"only proven to a gap of 0\.01"):
        solve(facilities(1), 1e-3)


def test_no_whole_numbers_or_no_numbers_at_all_is_an_error(engine: str) -> None:
    between = block([1.0, 1.0], [[1, 1]], ["="], 1.5, upper=[1, 1], integer=[0, 1])
    with pytest.raises(SolveError, match=r"no whole numbers|Infeasible"):
        solve(between)
    never = block([1.0, 1.0], [[1, 1]], ["="], 3, upper=[1, 1], integer=[0, 1])
    with pytest.raises(SolveError, match="Infeasible"):
        solve(never)


def test_a_gate_of_any_size_is_closed_or_open(engine: str) -> None:
    """With a gate of a billion a fraction of a yes that counts as no would let through plenty."""
    gates = np.array([1e3, 1e6, 1e9])
    matrix = np.array([[[1, 1, 0], [1, 0, -gate]] for gate in gates])
    programs = block(
        [[1, 9, 700]] * 3, matrix, [">=", "<="], [100, 0], upper=[np.inf, np.inf, 1], integer=[2]
    )
    solved = solve(programs)
    np.testing.assert_allclose(solved.objective, 800, rtol=1e-9)
    dear = replace(programs, cost=programs.cost + np.array([0, 0, 200]))
    np.testing.assert_allclose(solve(dear).objective, 900, rtol=1e-9)


def test_a_yes_below_the_solvers_tolerance_is_not_taken_for_no() -> None:
    """A ten-billionth of a yes would do; the enumeration sees that a whole one costs more."""
    upper = [np.inf, np.inf, 1]
    matrix = [[1, 1, 0], [1, 0, -1e12]]
    programs = block([1, 9, 700], matrix, [">=", "<="], [100, 0], upper=upper, integer=[2])
    assert solve(programs).objective[0] == pytest.approx(800, rel=1e-9)
    dear = replace(programs, cost=programs.cost + np.array([0, 0, 200]))
    assert solve(dear).objective[0] == pytest.approx(900, rel=1e-9)


def test_a_split_is_where_it_raised_the_bound_most() -> None:
    """Moving the first a half cost 1 and 1, the second 4 and 0.2, the third 2 on one side."""
    seen = Pseudocosts(5)
    for column, moved, rise in (
        (1, -0.5, 1.0), (1, 0.5, 1.0), (2, -0.5, 4.0), (2, 0.5, 0.2), (4, 0.5, 2.0),
    ):  # fmt: skip
        seen.learn(column, moved, rise)
    columns = np.array([1, 2, 4])
    # Unknown is as the mean of all that is known: 2 x (1 + 1 + 4 + 0.2 + 2) / 5.
    found = seen.score(columns, np.full(3, 0.5))
    np.testing.assert_allclose(found, [1 * 1, 4 * 0.2, 1.64 * 2])
    found = seen.score(columns, np.array([3.25, 0.75, 0.5]))
    np.testing.assert_allclose(found, [0.5 * 1.5, 6 * 0.1, 1.64 * 2])
    assert Pseudocosts(2).score(np.array([0, 1]), np.array([0.5, 0.1])).argmax() == 0


def test_no_cost_at_all() -> None:
    programs = block([0.0, 0.0], [[1, 1]], [">="], 1, upper=[1, 1], integer=[0, 1])
    solved = solve(programs)
    assert solved.objective[0] == 0
    assert solved.gap[0] == 0
