"""Decomposition against the extensive form, solved twice: by the product and from dense numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from two_stage_cases import INF, Case, Shape, random_case, random_risk, reference, simple, stage

from planner.errors import SolveError
from planner.solve.two_stage.extensive import solve_extensive
from planner.solve.two_stage.lshaped import Decomposed, Iteration, costs_of, decompose
from planner.solve.two_stage.problem import Risk

Array = np.ndarray[Any, np.dtype[Any]]

NEUTRAL = Risk()
GAP = 1e-8

repeatably = settings(derandomize=True, deadline=None, max_examples=50)
seeds = st.integers(0, 10**6)


def near(value: float, share: float = 1e-7) -> Any:
    return pytest.approx(value, rel=share, abs=share)


def assert_valid(found: Decomposed, optimum: float) -> None:
    """Demand of every line that the optimum is between, and that nothing gets worse."""
    room = 1e-8 * (1 + abs(optimum))
    bounds = np.array([line.bound for line in found.iterations])
    bests = np.array([line.best for line in found.iterations])
    assert (bounds <= optimum + room).all()
    assert (bests >= optimum - room).all()
    assert (bounds[1:] >= bounds[:-1]).all()
    assert (bests[1:] <= bests[:-1]).all()
    assert found.bound <= optimum + room
    assert found.objective >= optimum - room


def assert_allowed(case: Case, x: Array) -> None:
    """Demand that a first stage is within its rows and bounds, and whole."""
    assert ((x >= case.lower) & (x <= case.upper)).all()
    assert x[case.integer] == pytest.approx(np.rint(x[case.integer]), abs=1e-6)
    sums, size = case.matrix @ x, 1e-6 * (1 + np.abs(case.matrix) @ np.abs(x))
    assert ((sums >= case.low - size) & (sums <= case.high + size)).all()


def assert_solved(case: Case, risk: Risk, parts: int) -> None:
    optimum, problem = reference(case, risk), case.listed(parts)
    assert solve_extensive(problem, risk).objective == near(optimum)
    found = decompose(problem, risk, gap=GAP)
    assert found.ended == "gap"
    assert found.objective == near(optimum)
    assert found.bound == near(optimum)
    assert_valid(found, optimum)
    assert_allowed(case, found.x)
    # What it says that the plan costs is what the plan costs.
    costs = costs_of(problem, found.x)
    assert found.costs == pytest.approx(costs, rel=1e-9, abs=1e-9)
    assert risk.of(costs, case.probability) == near(found.objective)


@pytest.mark.parametrize("averse", [False, True])
@pytest.mark.parametrize("bets", [False, True])
@repeatably
@given(seed=seeds)
def test_it_agrees_with_the_extensive_form(seed: int, bets: bool, averse: bool) -> None:
    case = random_case(seed, Shape(bets=bets))
    assert_solved(case, random_risk(seed) if averse else NEUTRAL, parts=1 + seed % min(case.n, 3))


@pytest.mark.parametrize("averse", [False, True])
@pytest.mark.parametrize("bets", [False, True])
@repeatably
@given(seed=seeds)
def test_it_agrees_where_some_first_stages_leave_no_recourse(
    seed: int, bets: bool, averse: bool
) -> None:
    case = random_case(seed, Shape(bets=bets, complete=False))
    assert_solved(case, random_risk(seed) if averse else NEUTRAL, parts=1 + seed % min(case.n, 3))


def apart() -> Case:
    """Return a choice of x between what one block costs in one sample, and another in the other.

    The samples cost 2 (1 - x) and 2 x: the worse of both is least at a half, and 1.
    """
    first = stage([1.0], [[1.0]], [">="], [[2.0], [0.0]], [[[2.0]], [[0.0]]])
    second = stage([1.0], [[1.0]], [">="], [[0.0], [0.0]], [[[0.0]], [[-2.0]]])
    return simple([0.0], [first, second], upper=1.0)


def test_no_block_has_a_tail_of_its_own() -> None:
    """Cuts by block with tail weights would prove a cost of 2, where 1 can be had.

    With the weights at x = 0, which are on the first sample, the first block costs 2 (1 - x); with
    those at x = 1 the second costs 2 x. Each holds in itself; that the sum of both is paid, 2, does
    not, nor is the CVaR of a sum the sum of the blocks' own.
    """
    case, risk = apart(), Risk(1.0, 0.5)
    by_block = [
        Risk(1.0, 0.5).of(np.array([2 * (1 - x), 0.0]), case.probability)
        + Risk(1.0, 0.5).of(np.array([0.0, 2 * x]), case.probability)
        for x in np.linspace(0, 1, 11)
    ]
    assert min(by_block) == pytest.approx(2)
    assert reference(case, risk) == pytest.approx(1)
    for start in (0.0, 0.3, 1.0):
        found = decompose(case.listed(), risk, gap=GAP, start=np.array([start]))
        assert found.objective == near(1)
        assert found.x == pytest.approx([0.5], abs=1e-6)
        assert_valid(found, 1.0)


@pytest.mark.parametrize("weight", [0.5, 1.0])
@repeatably
@given(seed=seeds)
def test_bounds_hold_where_blocks_cost_most_in_different_samples(seed: int, weight: float) -> None:
    rng = np.random.default_rng(seed)
    n, blocks = int(rng.integers(4, 12)), int(rng.integers(2, 5))
    owner = rng.integers(0, blocks, n)
    later = []
    for b in range(blocks):
        side = np.where(owner == b, rng.integers(5, 20, n), rng.integers(0, 2, n))[:, None]
        later.append(stage([6.0], [[1.0]], [">="], side, 1.0 * (np.arange(blocks) == b)))
    case = simple(rng.integers(1, 3, blocks), later, rows=[(np.ones(blocks), -INF, 12.0)])
    risk = Risk(weight, 0.7)
    optimum = reference(case, risk)
    found = decompose(case.listed(), risk, gap=GAP)
    assert found.objective == near(optimum)
    assert_valid(found, optimum)


def rented(demand: Array, *, upper: float = INF, buy: float = 1.0, unit: float = 1.0) -> Case:
    """Return: buy two kinds now, of which a part is delivered; rent what is missing by quarter.

    Parameters
    ----------
    demand : ndarray, (sample, quarter)
    """
    n, quarters = demand.shape
    later = [
        stage([4.0 * buy / unit, 9.0 * buy / unit], [[1.0, 1.0], [1.0, 0.0]], [">=", "<="],
              np.stack([unit * demand[:, t], np.full(n, 2.0 * unit)], axis=1),
              [[1.0, 1.5 if t else 0.5], [0.0, 0.0]])
        for t in range(quarters)
    ]  # fmt: skip
    case = simple(np.array([5.0, 6.0]) * buy / unit, later, upper=upper * unit)
    share = np.random.default_rng(5).choice([0.5, 0.75, 1.0], (n, 2))
    return replace(case, factor=share)


def demand_of(n: int, seed: int = 1) -> Array:
    return np.random.default_rng(seed).gamma(5.0, 2.0, (n, 3))


AVERSE = Risk(0.5, 0.8)
RISKS = pytest.mark.parametrize("risk", [NEUTRAL, AVERSE], ids=["neutral", "averse"])


def lines_of(found: Decomposed) -> list[tuple[int, float, float, float]]:
    return [(line.number, line.bound, line.best, line.gap) for line in found.iterations]


@RISKS
@pytest.mark.parametrize("parts", [2, 9])
def test_threads_change_no_byte(risk: Risk, parts: int) -> None:
    problem = rented(demand_of(90)).listed(parts)
    one, two = (decompose(problem, risk, gap=1e-7, threads=threads) for threads in (1, 2))
    assert one.x.tobytes() == two.x.tobytes()
    assert one.costs.tobytes() == two.costs.tobytes()
    assert lines_of(one) == lines_of(two)
    assert (one.objective, one.bound, one.ended) == (two.objective, two.bound, two.ended)


@RISKS
@pytest.mark.parametrize("parts", [1, 12])
def test_so_many_iterations_are_the_first_ones(risk: Risk, parts: int) -> None:
    problem = rented(demand_of(60)).listed(parts)
    whole = decompose(problem, risk, gap=GAP)
    assert len(whole.iterations) > 3
    for count in (1, 2, len(whole.iterations) - 1):
        some = decompose(problem, risk, gap=GAP, iterations=count)
        assert lines_of(some) == lines_of(whole)[:count]
        assert some.ended == "iterations"
        assert some.bound <= whole.objective + 1e-9
        assert some.objective >= whole.bound - 1e-9


@RISKS
@pytest.mark.parametrize("parts", [1, 12])
@pytest.mark.parametrize(
    "limit", [{"stop": lambda: True}, {"time_limit_s": 0.0}], ids=["stop", "time"]
)
def test_who_does_not_wait_has_a_plan_and_what_is_proven(
    risk: Risk, parts: int, limit: dict[str, Any]
) -> None:
    case = rented(demand_of(60))
    optimum = reference(case, risk)
    found = decompose(case.listed(parts), risk, gap=GAP, **limit)
    assert found.ended == ("stopped" if "stop" in limit else "time")
    assert len(found.iterations) == 1
    assert_valid(found, optimum)
    assert_allowed(case, found.x)
    assert np.isfinite(found.objective)


def test_everything_is_told_as_it_happens() -> None:
    told: list[Iteration] = []
    found = decompose(rented(demand_of(20)).listed(), gap=GAP, on_iteration=told.append)
    assert told == found.iterations
    assert [line.number for line in told] == list(range(1, len(told) + 1))


@RISKS
def test_a_good_start_is_kept(risk: Risk) -> None:
    problem = rented(demand_of(40)).listed()
    best = decompose(problem, risk, gap=GAP)
    again = decompose(problem, risk, gap=1e-6, start=best.x, iterations=1)
    assert again.objective <= best.objective * (1 + 1e-12)


@RISKS
def test_a_start_that_is_not_allowed_is_not_the_answer(risk: Risk) -> None:
    plain = rented(demand_of(20), upper=6.0)
    case = replace(plain, matrix=np.ones((1, 2)), low=np.zeros(1), high=np.array([7.0]))
    found = decompose(case.listed(), risk, gap=GAP, start=np.array([100.0, -3.0]))
    assert_allowed(case, found.x)
    assert found.objective == near(reference(case, risk))


@RISKS
def test_more_supply_never_costs_more(risk: Risk) -> None:
    costs = [
        decompose(rented(demand_of(40), upper=upper).listed(), risk, gap=GAP).objective
        for upper in (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, INF)
    ]
    assert (np.diff(costs) <= 1e-7 * np.abs(costs[0])).all()
    assert costs[0] > costs[-1] * 1.01


@RISKS
@pytest.mark.parametrize("power", [-6, -3, 3, 6, 9])
def test_other_money_and_other_units_give_the_same_plan(risk: Risk, power: int) -> None:
    times, demand = 10.0**power, demand_of(40)
    plain = decompose(rented(demand).listed(), risk, gap=1e-7)
    money = decompose(rented(demand, buy=times).listed(), risk, gap=1e-7)
    units = decompose(rented(demand, unit=times).listed(), risk, gap=1e-7)
    assert money.ended == units.ended == "gap"
    assert money.objective / times == pytest.approx(plain.objective, rel=2e-7)
    assert units.objective == pytest.approx(plain.objective, rel=2e-7)
    assert costs_of(rented(demand).listed(), units.x / times).mean() == pytest.approx(
        units.costs.mean(), rel=1e-6
    )


@RISKS
def test_samples_that_cannot_happen_and_copies_change_nothing(risk: Risk) -> None:
    demand = demand_of(8)
    plain = reference(rented(demand), risk)
    case = rented(demand)
    order = np.array([7, 7, 0, 0, 1, 2, 3, 4, 5, 6])
    twice = replace(
        case,
        cost=case.cost[order], constant=case.constant[order], factor=case.factor[order],
        probability=np.array([0.0, 0.125, 0.0625, 0.0625, *[0.125] * 6]),
        later=tuple(
            replace(own, cost=own.cost[order], upper=own.upper[order], rhs=own.rhs[order],
                    matrix=own.matrix[order], technology=own.technology[order])
            for own in case.later
        ),
    )  # fmt: skip
    for parts in (1, 10):
        # In chunks of one, whole chunks cannot happen.
        assert decompose(twice.listed(parts), risk, gap=GAP).objective == near(plain)


def demand_at(*values: float) -> Case:
    rent = stage([4.0], [[1.0]], [">="], np.array(values)[:, None], [[1.0]])
    return simple([1.0], [rent])


EIGHT = tuple(float(k) for k in range(1, 9))

ODD: dict[str, Case] = {
    "one-sample": demand_at(3.0),
    "no-demand": demand_at(0.0, 0.0),
    "nothing-costs": replace(demand_at(*EIGHT), cost=np.zeros((8, 1))),
    "held": replace(demand_at(*EIGHT), lower=np.array([4.0]), upper=np.array([4.0])),
    "far-optimum": demand_at(*(1e9 * k for k in EIGHT)),
    "cancelling-constant": replace(demand_at(*EIGHT), constant=np.full(8, -18.0)),
    "large-constant": replace(demand_at(*EIGHT), constant=np.full(8, 1e6)),
    "debt-and-credit": replace(demand_at(*EIGHT), lower=np.array([-INF])),
    "whole-units": replace(demand_at(*(k + 0.3 for k in EIGHT)), integer=np.array([True])),
    "no-technology": simple(
        [1.0], [stage([4.0], [[1.0]], [">="], np.array(EIGHT)[:, None], [[0.0]])], upper=5.0
    ),
    "beside-no-technology": replace(
        demand_at(*EIGHT),
        later=(
            demand_at(*EIGHT).later[0],
            stage([2.0], [[1.0]], [">="], np.array(EIGHT)[:, None], [[0.0]]),
        ),
    ),
    "yes-or-no-opens-much": simple(
        [1.0, 50.0],
        [stage([4.0], [[1.0]], [">="], 1e5 * np.array(EIGHT)[:, None], [[1.0, 0.0]])],
        upper=[INF, 1.0], integer=[False, True], rows=[([1.0, -1e7], -INF, 0.0)],
    ),
    "little-can-be-rented": simple(
        [1.0], [stage([4.0], [[1.0]], [">="], np.array(EIGHT)[:, None], [[1.0]], [[2.0]])]
    ),
    "some-bets-leave-nothing": simple(
        [3.0, 1.0, 2.0],
        [stage([4.0], [[1.0]], [">="], np.array(EIGHT)[:, None], [[5.0, 2.0, 3.0]], [[2.0]])],
        upper=1.0, integer=True,
    ),
}  # fmt: skip


@RISKS
@pytest.mark.parametrize("name", ODD)
def test_odd_problems(name: str, risk: Risk) -> None:
    assert_solved(ODD[name], risk, parts=1)


@RISKS
def test_what_has_no_optimum_is_refused(risk: Risk) -> None:
    unlimited = replace(demand_at(*EIGHT), cost=np.full((8, 1), -1.0))
    nothing = replace(ODD["little-can-be-rented"], upper=np.array([3.0]))
    rows = replace(demand_at(1.0), matrix=np.ones((1, 1)), low=np.ones(1), high=np.zeros(1))
    refused: list[tuple[Case, str]] = [
        (unlimited, "limit"), (nothing, "no first stage"), (rows, "no first stage")
    ]  # fmt: skip
    for case, words in refused:
        with pytest.raises(SolveError, match=words):
            decompose(case.listed(), risk, gap=GAP)


def test_a_first_stage_without_recourse_costs_infinitely_much() -> None:
    costs: Callable[[float], Array] = lambda x: costs_of(  # noqa: E731
        ODD["little-can-be-rented"].listed(3), np.array([x])
    )
    assert costs(5.0).tolist() == [5, 5, 5, 5, 5, 9, 13, INF]
    assert np.isfinite(costs(6.0)).all()
