"""Decomposition against closed forms: newsvendors, two points by hand, the farmer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from two_stage_cases import INF, Case, simple, stage

from planner.solve.two_stage.extensive import solve_extensive
from planner.solve.two_stage.lshaped import Decomposed, costs_of, decompose
from planner.solve.two_stage.problem import Risk

Array = np.ndarray[Any, np.dtype[Any]]

BUY, RENT = 1.0, 4.0


def solved(case: Case, risk: Risk = Risk()) -> Decomposed:  # noqa: B008
    found = decompose(case.listed(), risk, gap=1e-9)
    assert found.ended == "gap"
    assert found.bound <= found.objective + 1e-9 * abs(found.objective)
    return found


def demands(seed: int, n: int) -> Array:
    return np.sort(np.random.default_rng(seed).gamma(4.0, 25.0, n))


def newsvendor(demand: Array, probability: Array | None = None) -> Case:
    """Return: buy x, then rent what demand leaves."""
    rent = stage([RENT], [[1.0]], [">="], demand[:, None], [[1.0]])
    return simple([BUY], [rent], probability=probability)


@pytest.mark.parametrize("n", [1, 7, 40, 333])
def test_the_newsvendor_buys_an_order_statistic(n: int) -> None:
    demand = demands(n, n)
    found = solved(newsvendor(demand))
    # A unit more is worth it while demand is above with a probability of more than BUY / RENT.
    best = demand[int(np.ceil(n * (1 - BUY / RENT) - 1e-9)) - 1]
    cost = BUY * best + RENT * np.maximum(demand - best, 0).mean()
    assert found.objective == pytest.approx(cost, rel=1e-8)
    if n % 4:
        assert found.x == pytest.approx([best], rel=1e-6)


@pytest.mark.parametrize("level", [0.0, 0.5, 0.8, 0.95])
@pytest.mark.parametrize("weight", [0.3, 1.0])
def test_the_averse_newsvendor_buys_a_quantile_of_the_tail(weight: float, level: float) -> None:
    """Cost rises with demand whatever is bought, so the tail is that of demand.

    The optimum is then the quantile of the mixed distribution; of CVaR alone as in Chen, Xu and
    Zhang 2009 (doi:10.1287/opre.1080.0603), with demand's upper tail in place of its lower.
    """
    n = 97
    demand = demands(3, n)
    upper = np.clip(np.arange(1, n + 1) - level * n, 0, 1)
    mixed = (1 - weight) / n + weight * upper / upper.sum()
    best = demand[int(np.searchsorted(np.cumsum(mixed), 1 - BUY / RENT))]
    found = solved(newsvendor(demand), Risk(weight, level))
    assert found.objective == pytest.approx(
        BUY * best + RENT * mixed @ np.maximum(demand - best, 0), rel=1e-8
    )
    assert found.x == pytest.approx([best], rel=1e-6)


def test_too_much_and_too_little_are_both_in_the_tail() -> None:
    """The CVaR of over- and underage (Gotoh and Takano 2007, doi:10.1016/j.ejor.2006.03.022).

    The least CVaR puts the tail on the lowest and highest demands in the proportion in which a
    unit more makes neither better.
    """
    over, under, n, level = 1.0, 3.0, 100, 0.6
    demand = demands(11, n)
    low, high = 30, 10
    assert over * low == under * high
    assert low + high == pytest.approx(n * (1 - level))
    both = stage([over, under], [[1.0, -1.0]], ["="], -demand[:, None], [[-1.0]])
    found = solved(simple([0.0], [both], upper=1e4), Risk(1.0, level))
    least = (under * demand[-high:].sum() - over * demand[:low].sum()) / (low + high)
    assert found.objective == pytest.approx(least, rel=1e-8)
    x = (over * demand[low - 1] + under * demand[-high - 1]) / (over + under)
    more = (over * demand[low] + under * demand[-high]) / (over + under)
    assert x - 1e-4 <= found.x[0] <= more + 1e-4


@pytest.mark.parametrize(
    ("weight", "x", "objective"), [(0.0, 0, 7.5), (0.25, 0, 9.375), (0.5, 10, 10), (1.0, 10, 10)]
)
def test_two_points_by_hand(weight: float, x: float, objective: float) -> None:
    """Demand is 10 in one of four cases, else 0; what is missing costs 3, what is bought 1.

    Costs are x and 30 - 2 x, so the mean is 7.5 + x / 4; the worst half is the high demand and as
    much of the low, 15 - x / 2; the slope changes its sign at a weight of a third.
    """
    rent = stage([3.0], [[1.0]], [">="], [[0.0], [10.0]], [[1.0]])
    case = simple([1.0], [rent], probability=[0.75, 0.25], upper=10.0)
    found = solved(case, Risk(weight, 0.5))
    assert found.objective == pytest.approx(objective, rel=1e-9)
    assert found.x == pytest.approx([x], abs=1e-6)
    assert solve_extensive(case.listed(), Risk(weight, 0.5)).objective == pytest.approx(objective)


def test_a_bet_is_taken_where_it_pays() -> None:
    """A factory of 30 makes 12 of a demand of 5 or 15 at 1 each instead of 4 each."""
    demand = np.array([[5.0], [15.0]])
    later = stage([1.0, 4.0], [[1.0, 1.0], [-1.0, 0.0]], [">=", ">="],
                  np.hstack([demand, 0 * demand]), [[0.0], [12.0]])  # fmt: skip
    for fee, taken in ((25.4, 1), (25.6, 0)):
        found = solved(simple([fee], [later], upper=1.0, integer=True))
        # Without it 40; with it 5 and 12 + 4 * 3, in the mean 14.5 less.
        assert found.x == pytest.approx([taken])
        assert found.objective == pytest.approx(min(40.0, fee + (5 + 24) / 2), rel=1e-9)


def farmer(yields: Array) -> Case:
    """Return the farmer's problem (Birge and Louveaux 1997, section 1.1), yields by sample.

    500 acres of wheat, corn and sugar beet; 200 t of wheat and 240 t of corn are needed, beet is
    sold at 36 up to a quota of 6,000 t and at 10 beyond.
    """
    n = yields.shape[0]
    grain = [
        stage([buy, -sell], [[1.0, -1.0]], [">="], np.full((n, 1), need),
              np.where(np.arange(3) == j, yields, 0.0)[:, None, :])
        for j, (buy, sell, need) in enumerate([(238.0, 170.0, 200.0), (210.0, 150.0, 240.0)])
    ]  # fmt: skip
    beet = stage([-36.0, -10.0], [[1.0, 1.0]], ["<="], np.zeros((n, 1)),
                 -np.where(np.arange(3) == 2, yields, 0.0)[:, None, :],
                 [6000.0, INF])  # fmt: skip
    return simple([150.0, 230.0, 260.0], [*grain, beet], rows=[([1.0, 1.0, 1.0], -INF, 500.0)])


YIELDS = np.array([2.5, 3.0, 20.0]) * np.array([[1.2], [1.0], [0.8]])


def test_the_farmer() -> None:
    found = solved(farmer(YIELDS))
    assert found.objective == pytest.approx(-108390, rel=1e-9)
    assert found.x == pytest.approx([170, 80, 250], abs=1e-4)
    knowing = [solved(farmer(YIELDS[[s]])).objective for s in range(3)]
    assert np.mean(knowing) == pytest.approx(-115405.5556, rel=1e-9)
    middling = solved(farmer(YIELDS.mean(axis=0, keepdims=True)))
    assert middling.objective == pytest.approx(-118600, rel=1e-9)
    assert costs_of(farmer(YIELDS).listed(), middling.x).mean() == pytest.approx(-107240, rel=1e-6)


def test_the_farmer_who_minds_bad_years() -> None:
    """The mean and five times the CVaR at 0.8: a weight of 5/6, and a sixth of the cost."""
    found = solved(farmer(YIELDS), Risk(5 / 6, 0.8))
    assert found.costs.max() == pytest.approx(-57640, abs=0.5)
    assert found.costs.mean() == pytest.approx(-103313, abs=0.5)
    assert 6 * found.objective == pytest.approx(found.costs.mean() + 5 * found.costs.max())
    assert found.objective == pytest.approx(
        solve_extensive(farmer(YIELDS).listed(), Risk(5 / 6, 0.8)).objective, rel=1e-8
    )
