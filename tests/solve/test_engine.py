"""Every engine gives the same proven optima and duals of the same signs; what fails goes on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from handmade import block, random_lps, scipy_lp
from small import bench, middling

from planner.errors import SolveError
from planner.model.template import LinearPrograms
from planner.solve import batch
from planner.solve.audit import audit, audited_samples
from planner.solve.engine import MOST_CELLS, Engine, problem_with, suited
from planner.solve.integers import IntegerSolver

ENGINES = ("kernel", "highs", "pulp:PULP_CBC_CMD", "pulp:HiGHS")


def engine(name: str, programs: LinearPrograms) -> Engine:
    weights = np.random.default_rng(3).uniform(1, 2, len(programs.template.columns))
    first = programs.chosen(np.array([0]))
    return Engine(name, programs.template, weights, first, 0.0)


@pytest.fixture(scope="module")
def programs() -> LinearPrograms:
    made = bench(middling())
    return made.model.programs(made.draw(0, 6)[1])


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("seed", range(4))
def test_optima_are_those_of_another_solver(name: str, seed: int) -> None:
    given = random_lps(seed)
    found = engine(name, given).solve(given)
    assert found.proven.all()
    expected = [scipy_lp(given, k) for k in range(given.n)]
    np.testing.assert_allclose(found.solutions.objective, expected, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("name", ENGINES)
def test_duals_are_what_one_more_unit_costs(name: str) -> None:
    """A `<=` row's dual is 0 or less, a `>=` row's 0 or more, an equation's of any sign.

    Two goods at 3 and 5; at least 10 in all, at most 4 of the first, exactly 1 of a third that
    saves 2: 4 and 6, so one more of all costs 5, one more of the first saves 2.
    """
    given = block(
        [[3.0, 5.0, -2.0]],
        [[1, 1, 0], [2, 0, 0], [0, 0, 1]],
        [">=", "<=", "="],
        [10, 8, 1],
    )
    found = engine(name, given).solve(given).solutions
    np.testing.assert_allclose(found.objective, [4 * 3 + 6 * 5 - 2], rtol=1e-7)
    np.testing.assert_allclose(found.duals, [[5, -1, -2]], rtol=1e-6)


def test_the_kernel_and_highs_choose_the_same_plan(programs: LinearPrograms) -> None:
    one, other = (engine(name, programs).solve(programs).solutions for name in ("kernel", "highs"))
    np.testing.assert_allclose(one.objective, other.objective, rtol=1e-12)
    np.testing.assert_allclose(one.x, other.x, rtol=1e-8, atol=1e-6)


def test_what_the_kernel_does_not_prove_is_solved_by_highs(
    programs: LinearPrograms, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = engine("highs", programs).solve(programs)
    monkeypatch.setattr(batch, "EXACT", -1.0)
    found = engine("kernel", programs).solve(programs)
    assert found.left_to_highs.all()
    assert found.proven.all()
    np.testing.assert_allclose(found.solutions.x, expected.solutions.x, rtol=1e-9, atol=1e-9)
    assert found.certificates.gap.max() < 1e-9


@pytest.mark.parametrize("name", ["kernel", "highs", "pulp:HiGHS"])
def test_one_program_without_an_optimum_does_not_harm_the_others(name: str) -> None:
    """The second cannot be met, the third has no least cost."""
    given = block(
        [[1.0, 1.0], [1.0, 1.0], [1.0, -1.0], [2.0, 1.0]],
        [[1, 0], [1, 1]],
        ["<=", ">="],
        [[5, 3], [-1, 3], [5, 3], [5, 4]],
    )
    found = engine(name, given).solve(given)
    assert found.proven.tolist() == [True, False, False, True]
    assert found.left_to_highs.tolist() == [False, name != "highs", name != "highs", False]
    np.testing.assert_allclose(found.solutions.objective[[0, 3]], [3, 4])


def test_a_program_that_no_attempt_settles_is_unproven(
    programs: LinearPrograms, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise SolveError("no")

    made = engine("kernel", programs)
    monkeypatch.setattr(batch, "EXACT", -1.0)
    monkeypatch.setattr(IntegerSolver, "solve", fail)
    assert not made.solve(programs).proven.any()


def test_the_engine_follows_from_the_template(programs: LinearPrograms) -> None:
    assert suited(programs.template) == "kernel"
    whole = block([1.0], [[1]], [">="], [0.5], integer=[0])
    assert suited(whole.template) == "highs"
    side = int(np.ceil(np.sqrt(MOST_CELLS))) + 1
    large = block(np.ones(side), np.eye(side), [">="] * side, np.ones(side))
    assert suited(large.template) == "highs"


def test_an_engine_that_cannot_is_told_with_what_can(programs: LinearPrograms) -> None:
    whole = block([1.0], [[1]], [">="], [0.5], integer=[0]).template
    assert problem_with("highs", whole) is None
    assert problem_with("kernel", programs.template) is None
    assert problem_with("pulp:PULP_CBC_CMD", programs.template) is None
    for name in ("kernel", "pulp:PULP_CBC_CMD"):
        assert "relaxed" in (problem_with(name, whole) or ("", ""))[1]
    assert "pulp:PULP_CBC_CMD" in (problem_with("pulp:NONE", programs.template) or ("", ""))[1]
    assert "kernel" in (problem_with("simplex", programs.template) or ("", ""))[1]


def test_the_audit_finds_a_wrong_optimum(programs: LinearPrograms) -> None:
    found = engine("kernel", programs).solve(programs).solutions
    assert audit(programs, found.x).max() < 1e-10
    off = found.x.copy()
    dear = int(np.argmax(programs.cost[2] * found.x[2]))
    off[2, dear] *= 1.01
    assert audit(programs, off)[2] > 1e-4
    assert audit(programs, off)[[0, 1, 3]].max() < 1e-10


@pytest.mark.parametrize(("samples", "wanted"), [(5, 5), (20, 20), (1024, 20), (50_001, 51)])
def test_the_audit_takes_a_thousandth_but_no_fewer_than_twenty(samples: int, wanted: int) -> None:
    chosen = audited_samples(7, samples)
    assert chosen.size == np.unique(chosen).size == wanted
    assert chosen.min() >= 0
    assert chosen.max() < samples
    assert (chosen == audited_samples(7, samples)).all()
    if wanted < samples:
        assert (chosen != audited_samples(8, samples)).any()
