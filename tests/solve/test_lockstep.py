"""The kernel in lanes: the scalar kernel's optima, the same bytes anywhere, silent on the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from handmade import block, random_lps
from random_templates import programs as random_programs
from small import bench, middling

from planner.model.template import LinearPrograms
from planner.solve import lockstep
from planner.solve.batch import BatchKernel
from planner.solve.kernel import solve_block as solve_one_by_one
from planner.solve.lanes import new_lanes
from planner.solve.solutions import certify
from planner.solve.tableau import Ends

Array = np.ndarray[Any, np.dtype[np.float64]]

LIMIT, ENOUGH = 4, 20


def _kernel(programs: LinearPrograms) -> BatchKernel:
    tie = np.zeros(programs.cost.shape[1])
    return BatchKernel(programs.template, tie, programs.chosen(np.array([0])))


def _ends(programs: LinearPrograms, kernel: BatchKernel) -> Ends:
    n, total = programs.n, kernel._layout.columns.size + kernel._layout.rows.size
    return Ends(
        x=np.zeros((n, total)),
        reduced=np.zeros((n, total)),
        basis=np.zeros((n, total), np.int8),
        optimal=np.zeros(n, bool),
        tied=np.zeros(n, bool),
        pivots=np.zeros(n, np.int64),
    )


def in_lanes(
    programs: LinearPrograms, kernel: BatchKernel | None = None, *, ties: bool = False
) -> Ends:
    """Return what the lanes make of a block, without the scalar kernel behind them."""
    kernel = kernel or _kernel(programs)
    ends, rows = _ends(programs, kernel), kernel._layout.rows.size + 10
    room = new_lanes(kernel._room[0])
    lockstep.solve_block(kernel._scaled(programs), room, LIMIT * rows, ties, ends)
    return ends


def one_by_one(programs: LinearPrograms, kernel: BatchKernel) -> Ends:
    ends, rows = _ends(programs, kernel), kernel._layout.rows.size + 10
    solve_one_by_one(kernel._scaled(programs), *kernel._room, ENOUGH * rows, False, ends)
    return ends


def _drawn(n: int) -> LinearPrograms:
    made = bench(middling())
    return made.model.programs(made.draw(0, n)[1])


def _templates() -> list[LinearPrograms]:
    handmade = [random_lps(seed, 32) for seed in range(12)]
    return [*handmade, *(random_programs(7, at, 0, 32) for at in (0, 6, 7, 9)), _drawn(32)]


@pytest.mark.parametrize("at", range(17))
def test_the_optima_of_the_scalar_kernel(at: int) -> None:
    """What both answer costs the same, and is certified."""
    programs = _templates()[at]
    kernel = _kernel(programs)
    found, scalar = in_lanes(programs, kernel), one_by_one(programs, kernel)
    both = found.optimal & scalar.optimal
    cost, columns = kernel._scaled(programs).cost, kernel._layout.columns.size
    mine = (cost * found.x[:, :columns]).sum(axis=1)[both]
    other = (cost * scalar.x[:, :columns]).sum(axis=1)[both]
    size = np.abs(cost * scalar.x[:, :columns]).sum(axis=1)[both] + 1
    assert (np.abs(mine - other) <= 1e-12 * size).all()
    answers = kernel._answers(programs, found)
    proven = certify(programs, answers.x, answers.duals).failed()
    assert not np.isin(proven, np.flatnonzero(both)).any()


def test_lanes_answer_most_programs() -> None:
    """The tests above compare something."""
    answered = [in_lanes(programs).optimal.mean() for programs in _templates()]
    assert np.mean(answered) > 0.5
    assert answered[-1] > 0.9


@pytest.mark.parametrize("ties", [False, True])
def test_a_program_gives_the_same_bytes_wherever_it_stands(ties: bool) -> None:
    programs = _drawn(64)
    kernel = _kernel(programs)
    whole = in_lanes(programs, kernel, ties=ties)
    for size in (1, 7, 8, 9):
        for first in range(0, 64, size):
            chosen = np.arange(first, min(first + size, 64))
            part = in_lanes(programs.chosen(chosen), kernel, ties=ties)
            for name, own in part._asdict().items():
                assert own.tobytes() == getattr(whole, name)[chosen].tobytes(), (name, size, first)
    order = np.random.default_rng(0).permutation(64)
    mixed = in_lanes(programs.chosen(order), kernel, ties=ties)
    for name, own in mixed._asdict().items():
        assert own.tobytes() == getattr(whole, name)[order].tobytes(), name


def test_what_is_left_does_not_touch_its_neighbours() -> None:
    """A program without a feasible point, one of each two, and the others as if alone."""
    usual, impossible = [[1.0, 1.0], [2.0, 1.0]], 9.0
    rhs = np.where(np.arange(20)[:, None] % 2, impossible, 3.0)
    programs = block(np.ones((20, 2)) * [1, 2], [usual[0]], [">="], rhs, upper=2.0)
    found = in_lanes(programs)
    assert (found.optimal == (np.arange(20) % 2 == 0)).all()
    kept = np.flatnonzero(found.optimal)
    alone = in_lanes(programs.chosen(kept), _kernel(programs))
    assert alone.x.tobytes() == found.x[kept].tobytes()


@pytest.mark.parametrize(
    "programs",
    [
        pytest.param(block([1, 1], [[1, 1]], [">="], [9], upper=2.0), id="infeasible"),
        pytest.param(block([-1, 1], [[1, -1]], ["<="], [1]), id="unbounded"),
        pytest.param(block([-1, 1], [[1, 1]], ["<="], [4]), id="negative cost without a bound"),
    ],
)
def test_unusual_programs_are_left(programs: LinearPrograms) -> None:
    assert not in_lanes(programs).optimal.any()


def test_ties_are_left_only_when_they_are_to_be_broken() -> None:
    programs = block([1, 1], [[1, 1]], [">="], [3], upper=2.0)
    assert in_lanes(programs).optimal.all()
    assert not in_lanes(programs, ties=True).optimal.any()


def test_the_scalar_kernel_takes_what_is_left() -> None:
    programs = block([-1, 1], [[1, 1]], ["<="], [4])
    found = _kernel(programs).solve(programs)
    assert found.optimal.all()
    assert found.x.tolist() == [[4.0, 0.0]]


def test_numbers_of_a_program_lie_together() -> None:
    """In another order the compiled code would be another, and slower."""
    programs = _drawn(9)
    assert all(part.flags.c_contiguous for part in _kernel(programs)._scaled(programs))
