"""The same optima as other solvers find, whatever comes before, and no result without proof."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pulp
import pytest
from scipy.optimize import linprog
from small import bench, middling, plan, platform, rent

from planner.analysis.workbench import SolveBlock, Workbench
from planner.errors import SolveError
from planner.model.template import LinearPrograms
from planner.solve.hot import HotHighs
from planner.solve.problem import Layout
from planner.solve.pulp_reference import to_pulp
from planner.solve.solutions import Solutions
from planner.solve.tie_break import tie_cost

N = 30


@pytest.fixture(scope="module")
def made() -> Workbench:
    return bench(middling(), seed=3)


@pytest.fixture(scope="module")
def programs(made: Workbench) -> LinearPrograms:
    return made.model.programs(made.draw(0, N)[1])


@pytest.fixture(scope="module")
def solved(made: Workbench, programs: LinearPrograms) -> Solutions:
    return made.solve(programs).solutions


def dense(programs: LinearPrograms, k: int) -> np.ndarray[Any, Any]:
    template = programs.template
    matrix = np.zeros((len(template.rows), len(template.columns)))
    columns = np.repeat(np.arange(len(template.columns)), np.diff(template.starts))
    matrix[template.row_of, columns] = programs.matrix[k]
    return matrix


def test_against_scipy(programs: LinearPrograms, solved: Solutions) -> None:
    sign = np.array([1.0 if sense == "<=" else -1.0 for sense in programs.template.senses])
    for k in range(N):
        upper = sign[:, None] * dense(programs, k)
        found = linprog(programs.cost[k], upper, sign * programs.rhs[k], method="highs")
        assert found.status == 0
        assert solved.objective[k] == pytest.approx(found.fun, rel=1e-9)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_against_cbc(programs: LinearPrograms, solved: Solutions) -> None:
    for k in range(N):
        problem = to_pulp(programs, k)
        problem.solve(pulp.PULP_CBC_CMD(msg=False))
        assert problem.status == pulp.LpStatusOptimal
        assert solved.objective[k] == pytest.approx(pulp.value(problem.objective), rel=1e-7)


def test_the_samples_are_not_all_alike(solved: Solutions) -> None:
    """Else the comparisons above would say little."""
    assert len({tuple(np.flatnonzero(x > 1e-6)) for x in solved.x}) > N / 2


def test_duals_are_the_change_of_cost_with_the_right_hand_side(
    made: Workbench, programs: LinearPrograms, solved: Solutions
) -> None:
    """One more unit of a limit changes the cost by at least its dual (the cost is convex)."""
    k = 0
    for row in range(len(programs.template.rows)):
        for step in (1e-3, -1e-3):
            rhs = programs.rhs.copy()
            rhs[k, row] += step
            if rhs[k, row] < 0:
                continue
            moved = replace(programs, rhs=rhs)
            again = made.engine.highs.solve(chosen(moved, slice(k, k + 1)), break_ties=False)
            change = again.objective[0] - solved.objective[k]
            slack = 1e-9 * abs(solved.objective[k])
            assert change >= solved.duals[k, row] * step - slack


def chosen(programs: LinearPrograms, samples: slice) -> LinearPrograms:
    """Return some samples of a block."""
    names = ("cost", "matrix", "rhs", "lower", "upper")
    return replace(programs, **{name: getattr(programs, name)[samples] for name in names})


def test_blocks_give_the_same_bytes_in_any_order() -> None:
    forward, backward = bench(middling()), bench(middling())
    first = {k: SolveBlock(k, 8).run(forward) for k in (0, 1, 2)}
    second = {k: SolveBlock(k, 8).run(backward) for k in (2, 0, 1)}
    for k in first:
        for name in ("draws", "x", "cost_usd", "limit_value_usd", "tied", "iterations"):
            assert getattr(first[k], name).tobytes() == getattr(second[k], name).tobytes(), name


def test_the_chosen_optimum_does_not_depend_on_where_the_search_began(
    made: Workbench, programs: LinearPrograms, solved: Solutions
) -> None:
    """Backwards, and each alone from scratch: ties included, the same plan."""
    again = made.engine.highs.solve(chosen(programs, slice(None, None, -1)))
    np.testing.assert_allclose(again.x[::-1], solved.x, rtol=1e-9, atol=1e-6)
    assert solved.tied.any()
    weights = tie_cost(made.model.sets, made.model.template)
    for k in range(5):
        one = chosen(programs, slice(k, k + 1))
        alone = HotHighs(made.model.template, weights).solve(one)
        np.testing.assert_allclose(alone.x[0], solved.x[k], rtol=1e-9, atol=1e-6)


def test_a_solver_that_stops_short_gives_no_result(
    programs: LinearPrograms, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bench(middling())
    complete = Layout.hand_over

    def hand_over(self: Layout, highs: Any, *problem: Any) -> None:
        complete(self, highs, *problem)
        highs.setOptionValue("simplex_iteration_limit", 1)

    monkeypatch.setattr(Layout, "hand_over", hand_over)
    with pytest.raises(SolveError, match=r"did not prove an optimum.*[Ii]teration limit"):
        made.engine.highs.solve(programs)
    with pytest.raises(SolveError, match="not one of the 8 samples from 0 on"):
        SolveBlock(0, 8).run(bench(middling(), engine="highs"))


@pytest.mark.parametrize("price", [1e6, 1e12])
def test_a_price_of_shortfall_that_stands_for_never(price: float) -> None:
    """The other costs must not drown in it: 1.0001 against 1 is a difference of money."""
    platforms = {"dear": platform(), "cheap": platform()}
    offers = {"dear": rent("dear", 1.0001), "cheap": rent("cheap", 1.0)}
    raw = plan(1, 100, platforms, offers)
    raw["workloads"]["work"]["shortfall_usd_per_unit_hour"] = price
    block = SolveBlock(0, 1).run(bench(raw))
    assert block.cost_usd[0] == pytest.approx(100 * 2190, rel=1e-12)


@pytest.mark.parametrize("demand", [1e-6, 1e-8])
def test_a_tiny_demand_is_served(demand: float) -> None:
    found = SolveBlock(0, 1).run(bench(tiny(demand)))
    assert found.cost_usd[0] == pytest.approx(demand * 2 * 2190, rel=1e-6)


@pytest.mark.parametrize("demand", [5e-10, 1e-10, 1e-12])
def test_a_demand_below_the_solvers_tolerance_is_an_error(demand: float) -> None:
    """HiGHS takes 1e-9 for zero; a plan that serves nothing and costs nothing is no answer."""
    with pytest.raises(SolveError, match="proven optimal"):
        SolveBlock(0, 1).run(bench(tiny(demand), engine="highs"))


@pytest.mark.parametrize("demand", [5e-10, 1e-12])
def test_to_the_kernel_no_demand_is_tiny(demand: float) -> None:
    """Its numbers are scaled by their own size."""
    found = SolveBlock(0, 1).run(bench(tiny(demand)))
    assert found.cost_usd[0] == pytest.approx(demand * 2 * 2190, rel=1e-12)


def tiny(demand: float) -> dict[str, Any]:
    return plan(1, demand, {"chip": platform()}, {"rent": rent("chip", 2)})


def test_no_demand_costs_nothing() -> None:
    found = SolveBlock(0, 1).run(bench(tiny(0)))
    assert found.cost_usd[0] == 0
    assert found.measures.served_share[0, 0] == 1
