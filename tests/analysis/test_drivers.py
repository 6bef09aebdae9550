"""What drives the cost: a truth that is known, and noise that must not pass for a driver."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
import pytest

from planner.analysis import estimates
from planner.analysis.drivers import DriverSums, cost_drivers, driver_sums, fifths
from planner.analysis.results_estimates import Driver
from planner.config.distributions import Discrete, Uniform
from planner.config.offers import Chance
from planner.config.quantities import Fixed
from planner.uncertainty.inputs import Input
from planner.uncertainty.sampling import Sampler

Array = np.ndarray[Any, np.dtype[np.float64]]

UNIT = Uniform(distribution="uniform", low=0, high=1)


def inputs(count: int) -> tuple[Input, ...]:
    """Return inputs that are uniform from 0 to 1."""
    return tuple(Input(f"input{k}", UNIT) for k in range(count))


def drivers(of: tuple[Input, ...], draws: Array, cost: Array) -> list[Driver]:
    return cost_drivers(of, driver_sums(fifths(of), draws, cost))


def test_a_linear_truth_is_found() -> None:
    """cost = 50 a - 20 b + noise, a and b uniform: the mean of the lowest fifth is 0.1, of the
    highest 0.9, so the swings are 0.8 x 50 and 0.8 x -20.
    """
    rng = np.random.default_rng(1)
    draws = rng.random((4000, 3))
    cost = 1e3 + 50 * draws[:, 1] - 20 * draws[:, 2] + rng.normal(size=4000)
    first, second, third = drivers(inputs(3), draws, cost)
    assert [item.input for item in (first, second, third)] == ["input1", "input2", "input0"]
    for item, swing in ((first, 40), (second, -16), (third, 0)):
        assert item.swing_usd.standard_error is not None
        assert abs(item.swing_usd.value - swing) < 4 * item.swing_usd.standard_error
        difference = item.cost_if_high_usd.value - item.cost_if_low_usd.value
        assert item.swing_usd.value == pytest.approx(difference)
    assert (first.distinguishable, second.distinguishable) == (True, True)
    assert not third.distinguishable
    assert (first.input_low, first.input_high) == pytest.approx((0.1, 0.9), abs=0.01)
    assert first.cost_if_low_usd.n == (draws[:, 1] <= 0.2).sum()
    assert first.cost_if_high_usd.n == (draws[:, 1] >= 0.8).sum()


@pytest.mark.parametrize("block", [700, 64, 1])
def test_sums_give_what_all_samples_at_once_would(block: int) -> None:
    """Also of a cost whose mean is a million times its spread."""
    rng = np.random.default_rng(6)
    draws = rng.random((700, 4))
    cost = 1e9 + 1e3 * (draws[:, 2] + rng.normal(size=700))
    edges = fifths(inputs(4))
    blocks = [slice(first, first + block) for first in range(0, 700, block)]
    parts = [driver_sums(edges, draws[own], cost[own]) for own in blocks]
    found = {item.input: item for item in cost_drivers(inputs(4), reduce(DriverSums.merged, parts))}
    assert len(found) == 4
    for k in range(4):
        item, drawn = found[f"input{k}"], draws[:, k]
        for side, own, own_input in (
            (drawn <= 0.2, item.cost_if_low_usd, item.input_low),
            (drawn >= 0.8, item.cost_if_high_usd, item.input_high),
        ):
            direct = estimates.mean(cost[side])
            assert own.n == direct.n
            assert own.value == pytest.approx(direct.value, rel=1e-13)
            assert own.standard_error == pytest.approx(direct.standard_error, rel=1e-7)
            assert own_input == pytest.approx(drawn[side].mean(), rel=1e-12)


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize("n", [10, 20, 64, 1024])
def test_noise_seldom_passes_for_a_driver(n: int, count: int) -> None:
    """In at most 5 % of runs any of the inputs does, less or more three errors of simulation."""
    rng, runs = np.random.default_rng(2), 400
    found = [
        any(
            item.distinguishable
            for item in drivers(inputs(count), rng.random((n, count)), rng.normal(size=n))
        )
        for _ in range(runs)
    ]
    assert np.mean(found) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)
    assert n < 1000 or np.mean(found) >= 0.01


def test_a_yes_or_no_is_set_against_itself() -> None:
    """One in ten: its lowest and highest fifths are the same value, so all of each is compared."""
    draws = np.repeat([0.0, 1.0], [90, 10])[:, None]
    rare = (Input("rare", Chance(probability=0.1)),)
    (found,) = drivers(rare, draws, 5 + 3 * draws[:, 0])
    assert (found.input_low, found.input_high) == (0, 1)
    assert (found.cost_if_low_usd.n, found.cost_if_high_usd.n) == (90, 10)
    assert found.swing_usd.value == 3
    assert found.distinguishable


def test_a_few_values_are_cut_where_their_fifths_end() -> None:
    """Of 1, 2, 3 and 4 with 10, 30, 30 and 30 %: the lowest fifth ends with 2, the highest is 4;
    with 90 % of 2 the extremes are compared, but not one that cannot be. The order in which the
    values are listed does not matter, nor which way a factor turns.
    """

    def few(values: list[float], chances: list[float]) -> tuple[Input, ...]:
        belief = Discrete(distribution="discrete", values=values, probabilities=chances)
        return (Input("few", belief),)

    assert fifths(few([1, 2, 3, 4], [0.1, 0.3, 0.3, 0.3])).T.tolist() == [[2, 4]]
    assert fifths(few([1, 2, 9, 4], [0.05, 0.9, 0, 0.05])).T.tolist() == [[1, 4]]
    assert fifths(few([4, 1, 5, 3, 2], [0.2] * 5)).T.tolist() == [[1, 5]]
    halved = Fixed(value=-0.5, times=UNIT)
    assert fifths((Input("loss", halved),)).T.tolist() == [pytest.approx([-0.4, -0.1])]
    drawn = Sampler(few([1, 2, 3, 4], [0.1, 0.3, 0.3, 0.3]), 1).draw(0, 500).values["few"]
    (found,) = drivers(few([1, 2, 3, 4], [0.1, 0.3, 0.3, 0.3]), drawn[:, None], drawn**2)
    assert found.cost_if_low_usd.n == (drawn <= 2).sum()
    assert found.cost_if_high_usd.value == pytest.approx(16)


def test_no_driver_of_a_constant_cost_or_of_an_input_that_never_changed() -> None:
    rng = np.random.default_rng(3)
    (found,) = drivers(inputs(1), rng.random((50, 1)), np.full(50, 9.1))
    assert not found.distinguishable
    assert found.swing_usd.value == 0
    assert drivers(inputs(1), np.ones((50, 1)), rng.random(50)) == []
    once = np.repeat([0.0, 1.0], [49, 1])[:, None]
    assert drivers(inputs(1), once, rng.random(50)) == []
    assert drivers((), np.empty((50, 0)), rng.random(50)) == []


def test_too_few_samples_have_no_drivers() -> None:
    rng = np.random.default_rng(4)
    assert drivers(inputs(1), np.linspace(0, 1, 9)[:, None], rng.random(9)) == []
    assert drivers(inputs(1), np.linspace(0, 1, 10)[:, None], rng.random(10))
