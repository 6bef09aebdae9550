"""The kernel alone: right on what it answers, silent on the rest, and the same wherever it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from handmade import block, random_lps, scipy_lp

from planner.model.template import LinearPrograms
from planner.solve.batch import Answers, BatchKernel, choose_scaling
from planner.solve.problem import Layout
from planner.solve.tableau import BASIC

Array = np.ndarray[Any, np.dtype[np.float64]]


def solve(programs: LinearPrograms, weights: Any = None, break_ties: bool = True) -> Answers:
    tie = np.zeros(programs.cost.shape[1]) if weights is None else np.asarray(weights, dtype=float)
    kernel = BatchKernel(programs.template, tie, programs.chosen(np.array([0])))
    return kernel.solve(programs, break_ties=break_ties)


@pytest.mark.parametrize("seed", range(30))
def test_optima_of_random_programs(seed: int) -> None:
    """Bounds, equations, fixed columns, negative costs, zeros, degenerate vertices."""
    programs = random_lps(seed, 8)
    found = solve(programs)
    assert found.optimal.all()
    expected = [scipy_lp(programs, k) for k in range(programs.n)]
    np.testing.assert_allclose(
        (programs.cost * found.x).sum(axis=1), expected, rtol=1e-9, atol=1e-9
    )


def test_the_basis_is_a_basis_and_its_point_the_answer() -> None:
    """As many basic as rows, and solving them with the others at their bounds gives the point."""
    programs = random_lps(3, 8)
    found = solve(programs)
    rows, columns = programs.rhs.shape[1], programs.cost.shape[1]
    assert ((found.basis == BASIC).sum(axis=1) == rows).all()
    for k in range(programs.n):
        whole = np.zeros((rows, columns))
        of_column = np.repeat(np.arange(columns), np.diff(programs.template.starts))
        whole[programs.template.row_of, of_column] = programs.matrix[k]
        whole = np.hstack([whole, np.eye(rows)])
        basic = found.basis[k] == BASIC
        point = np.concatenate([found.x[k], np.zeros(rows)])
        point[basic] = 0.0
        point[basic] = np.linalg.solve(whole[:, basic], programs.rhs[k] - whole @ point)
        np.testing.assert_allclose(point[:columns], found.x[k], rtol=1e-9, atol=1e-9)


def test_examples_that_cycle_under_other_rules() -> None:
    """Beale (1955) and Kuhn (in Balinski and Tucker 1969): optima -1/20 and -2."""
    beale = block(
        [-0.75, 150, -0.02, 6],
        [[0.25, -60, -0.04, 9], [0.5, -90, -0.02, 3], [0, 0, 1, 0]],
        ["<=", "<=", "<="],
        [0, 0, 1],
    )
    kuhn = block(
        [-2, -3, 1, 12],
        [[-2, -9, 1, 9], [1 / 3, 1, -1 / 3, -2], [2, 3, -1, -12]],
        ["<=", "<=", "<="],
        [0, 0, 2],
    )
    for programs, optimum in ((beale, -0.05), (kuhn, -2.0)):
        found = solve(programs)
        assert found.optimal.all()
        np.testing.assert_allclose((programs.cost * found.x).sum(), optimum, rtol=1e-12)


@pytest.mark.parametrize(
    ("cost", "row", "sense", "side"),
    [([1.0, 1.0], [1, 1], "<=", -1), ([-1.0, 0.0], [1, -1], "<=", 1), ([1.0, 1.0], [0, 0], "=", 1)],
)
def test_what_has_no_optimum_is_not_answered(
    cost: list[float], row: list[float], sense: str, side: float
) -> None:
    programs = block([cost, [1.0, 1.0]], [[row], [[1, 1]]], [sense], [[side], [2.0]])
    found = solve(programs)
    assert found.optimal.tolist() == [False, True]


def test_of_equal_optima_the_secondary_cost_decides() -> None:
    programs = block([[1.0, 1.0, 1.0]], [[1, 1, 1]], [">="], [6.0], upper=[4, 4, 4])
    for order in ([1, 2, 3], [3, 1, 2], [2, 3, 1]):
        found = solve(programs, order)
        assert found.tied.all()
        expected = np.select([np.array(order) == 1, np.array(order) == 2], [4.0, 2.0])
        np.testing.assert_allclose(found.x[0], expected)
    assert not solve(block([[1.0, 2.0]], [[1, 1]], [">="], [6.0]), [1, 2]).tied.any()


@pytest.mark.parametrize("size", [1, 7, 8, 9, 64])
def test_an_answer_does_not_depend_on_its_place_in_the_block(size: int) -> None:
    programs = random_lps(5, 64)
    whole = solve(programs)
    kernel = BatchKernel(
        programs.template, np.zeros(programs.cost.shape[1]), programs.chosen(np.array([0]))
    )
    for first in range(0, 64, size):
        part = np.arange(first, min(first + size, 64))
        found = kernel.solve(programs.chosen(part))
        assert found.x.tobytes() == whole.x[part].tobytes()
        assert found.duals.tobytes() == whole.duals[part].tobytes()


def test_other_units_give_the_same_optimum() -> None:
    """Rows and columns times powers of ten up to a million apart."""
    rng = np.random.default_rng(11)
    base = random_lps(8, 6)
    dense = np.zeros((6, base.rhs.shape[1], base.cost.shape[1]))
    of_column = np.repeat(np.arange(base.cost.shape[1]), np.diff(base.template.starts))
    dense[:, base.template.row_of, of_column] = base.matrix
    of_row = 10.0 ** rng.integers(-3, 4, base.rhs.shape[1])
    of_columns = 10.0 ** rng.integers(-3, 4, base.cost.shape[1])
    other = block(
        base.cost * of_columns,
        dense * of_row[:, None] * of_columns,
        base.template.senses,
        base.rhs * of_row,
        upper=base.upper / of_columns,
    )
    one, two = solve(base), solve(other)
    assert one.optimal.all()
    assert two.optimal.all()
    np.testing.assert_allclose(
        (base.cost * one.x).sum(axis=1), (other.cost * two.x).sum(axis=1), rtol=1e-11, atol=1e-11
    )


def test_scaling_rounds_no_number() -> None:
    programs = random_lps(2)
    scaling = choose_scaling(Layout(programs.template), programs)
    for values in (scaling.rows, scaling.columns, scaling.quantity, scaling.price):
        mantissa, _ = np.frexp(values)
        assert (mantissa == 0.5).all()


def test_a_supply_that_stands_for_unlimited_bounds_nothing() -> None:
    programs = block([[1.0, 3.0]], [[1, 1]], [">="], [5.0], upper=[1e30, 1e30])
    found = solve(programs)
    assert found.optimal.all()
    np.testing.assert_allclose(found.x, [[5, 0]])
    saving = block([[-1.0, 3.0]], [[1, 1]], ["<="], [5.0], upper=[1e30, 1e30])
    found = solve(saving)
    assert found.optimal.all()
    np.testing.assert_allclose(found.x, [[5, 0]])
