"""The exact judge on programs whose answers are known, also where doubles cannot tell."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from solve.equations import DependentError, solve
from solve.exact import AT_LOWER, AT_UPPER, BASIC, ExactProgram, NoBasisError, evaluate, truth
from solve.handmade import block, random_lps, scipy_lp

TINY = 2.0**-50


def exact(*numbers: Any, **more: Any) -> ExactProgram:
    return ExactProgram(block(*numbers, **more), 0)


def corner() -> ExactProgram:
    """Return a program with its optimum at 1/4, 1/4; both rows have the dual -1/4."""
    return exact([-1, -1], [[3, 1], [1, 3]], ["<=", "<="], [1, 1])


def test_thirds_are_thirds() -> None:
    found = truth(exact([-1], [[3]], ["<="], [1]))
    assert found.evaluation is not None
    assert found.evaluation.objective == Fraction(-1, 3)
    assert found.evaluation.x == [Fraction(1, 3)]
    assert found.evaluation.duals == [Fraction(-1, 3)]


def test_a_basis_is_worth_what_its_equations_say() -> None:
    found = evaluate(corner(), [BASIC, BASIC, AT_LOWER, AT_LOWER])
    assert found.optimal
    assert found.objective == Fraction(-1, 2)
    assert found.terms == Fraction(1, 2)
    assert found.duals == [Fraction(-1, 4), Fraction(-1, 4)]


@pytest.mark.parametrize(
    ("basis", "primal", "dual"),
    [
        ([AT_LOWER, AT_LOWER, BASIC, BASIC], True, False),
        # x = 1 is more than the first row allows.
        ([BASIC, AT_LOWER, BASIC, AT_LOWER], False, True),
        ([BASIC, AT_LOWER, AT_LOWER, BASIC], True, False),
    ],
)
def test_a_basis_that_is_not_optimal_is_called_so(
    basis: list[int], primal: bool, dual: bool
) -> None:
    found = evaluate(corner(), basis)
    assert (found.primal, found.dual) == (primal, dual)
    assert not found.optimal
    ended = truth(corner(), basis)
    assert ended.pivots > 0
    assert ended.evaluation is not None
    assert ended.evaluation.objective == Fraction(-1, 2)


def test_statuses_that_name_no_basis_are_refused() -> None:
    with pytest.raises(NoBasisError):
        evaluate(corner(), [BASIC, BASIC, BASIC, AT_LOWER])
    parallel = exact([-1, -1], [[1, 1], [2, 2]], ["<=", "<="], [1, 1])
    with pytest.raises(DependentError):
        evaluate(parallel, [BASIC, BASIC, AT_LOWER, AT_LOWER])
    # The judge goes on from the slacks.
    found = truth(parallel, [BASIC, BASIC, AT_LOWER, AT_LOWER])
    assert found.evaluation is not None
    assert found.evaluation.objective == Fraction(-1, 2)


@pytest.mark.parametrize(("most", "status"), [(1.0, "infeasible"), (1.0 + TINY, "optimal")])
def test_one_last_bit_decides_whether_there_is_a_point(most: float, status: str) -> None:
    program = exact([1, 0], [[1, 1], [1, 1]], ["<=", ">="], [most, 1 + TINY])
    assert truth(program).status == status


@pytest.mark.parametrize(("cost", "status"), [(-TINY, "unbounded"), (0.0, "optimal")])
def test_one_last_bit_decides_whether_there_is_an_optimum(cost: float, status: str) -> None:
    assert truth(exact([cost, 1], [[-1, 1]], ["<="], [1])).status == status


def test_lines_that_are_parallel_to_a_double_still_cross() -> None:
    program = exact([1, 0], [[1, 1], [1, 1 + TINY]], ["=", "="], [2, 2 + TINY])
    found = truth(program)
    assert found.evaluation is not None
    assert found.evaluation.x == [1, 1]


def test_bounds_and_bounding_rows_are_held() -> None:
    program = exact([-1, -2, -4], [[1, 1, 1]], ["<="], [6], upper=[1, np.inf, 2], limits={1: 2})
    found = truth(program)
    assert found.evaluation is not None
    assert found.evaluation.x == [1, 2, 2]
    assert found.evaluation.objective == -13
    assert found.evaluation.duals == [0, -2]


def test_a_column_at_its_upper_bound_counts_there() -> None:
    program = exact([-1, -1], [[1, 2]], ["<="], [4], upper=[2, 5])
    found = evaluate(program, [AT_UPPER, BASIC, AT_LOWER])
    assert found.x == [2, 1]
    assert found.optimal
    assert not evaluate(program, [AT_LOWER, BASIC, AT_LOWER]).dual


def test_an_objective_of_no_terms_has_a_size_all_the_same() -> None:
    found = truth(exact([3, 1], [[1, 0], [0, 2]], ["<=", ">="], [8, 0]))
    assert found.evaluation is not None
    assert (found.evaluation.objective, found.evaluation.terms) == (0, 24)


def test_beale_s_example_ends() -> None:
    cost = [-3 / 4, 20, -1 / 2, 6]
    matrix = [[1 / 4, -8, -1, 9], [1 / 2, -12, -1 / 2, 3], [0, 0, 1, 0]]
    found = truth(exact(cost, matrix, ["<="] * 3, [0, 0, 1]))
    assert found.evaluation is not None
    assert found.evaluation.objective == Fraction(-5, 4)


@pytest.mark.parametrize("seed", range(12))
def test_any_start_ends_where_an_independent_solver_does(seed: int) -> None:
    programs = random_lps(seed, n=4)
    rng = np.random.default_rng(seed)
    rows, columns = programs.rhs.shape[1], programs.cost.shape[1]
    for k in range(programs.n):
        start = rng.integers(0, 2, rows + columns)
        start[:columns][~np.isfinite(programs.upper[k])] = AT_LOWER
        start[rng.permutation(rows + columns)[:rows]] = BASIC
        found = truth(ExactProgram(programs, k), [int(status) for status in start])
        assert found.evaluation is not None
        expected = scipy_lp(programs, k)
        assert float(found.evaluation.objective) == pytest.approx(expected, rel=1e-9, abs=1e-9)
        x = [float(value) for value in found.evaluation.x]
        assert programs.cost[k] @ x == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_equations_hold_exactly(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 12))
    matrix = rng.integers(-(2**40), 2**40, (size, size)) * (rng.random((size, size)) < 0.5)
    matrix[np.arange(size), rng.permutation(size)] = 1
    rows = [{j: int(value) for j, value in enumerate(row) if value} for row in matrix]
    side = [int(value) for value in rng.integers(-9, 10, size)]
    found, scale = solve(rows, side)
    for row, value in zip(rows, side, strict=True):
        assert sum(a * found[j] for j, a in row.items()) == value * scale
