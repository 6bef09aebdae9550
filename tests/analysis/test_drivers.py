"""What drives the cost: a truth that is known, and noise that must not pass for a driver."""

from __future__ import annotations

import numpy as np
import pytest

from planner.analysis.drivers import cost_drivers
from planner.uncertainty.inputs import Input


def inputs(count: int) -> tuple[Input, ...]:
    return tuple(Input(f"input{k}", 1.0) for k in range(count))


def test_a_linear_truth_is_found() -> None:
    """cost = 50 a - 20 b + noise, a and b uniform: the mean of the lowest fifth is 0.1, of the
    highest 0.9, so the swings are 0.8 x 50 and 0.8 x -20.
    """
    rng = np.random.default_rng(1)
    draws = rng.random((4000, 3))
    cost = 1e3 + 50 * draws[:, 1] - 20 * draws[:, 2] + rng.normal(size=4000)
    first, second, third = cost_drivers(inputs(3), draws, cost)
    assert [item.input for item in (first, second, third)] == ["input1", "input2", "input0"]
    for item, swing in ((first, 40), (second, -16), (third, 0)):
        assert item.swing_usd.standard_error is not None
        assert abs(item.swing_usd.value - swing) < 4 * item.swing_usd.standard_error
        difference = item.cost_if_high_usd.value - item.cost_if_low_usd.value
        assert item.swing_usd.value == pytest.approx(difference)
    assert (first.distinguishable, second.distinguishable) == (True, True)
    assert not third.distinguishable
    assert (first.input_low, first.input_high) == pytest.approx((0.1, 0.9), abs=0.01)
    assert first.cost_if_low_usd.n == first.cost_if_high_usd.n == 800


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize("n", [10, 20, 64, 1024])
def test_noise_seldom_passes_for_a_driver(n: int, count: int) -> None:
    """In at most 5 % of runs any of the inputs does, less or more three errors of simulation."""
    rng, runs = np.random.default_rng(2), 400
    found = [
        any(
            item.distinguishable
            for item in cost_drivers(inputs(count), rng.random((n, count)), rng.normal(size=n))
        )
        for _ in range(runs)
    ]
    assert np.mean(found) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)
    assert n < 1000 or np.mean(found) >= 0.01


def test_a_yes_or_no_is_set_against_itself() -> None:
    """One in ten: its lowest and highest fifths are the same value, so all of each is compared."""
    draws = np.repeat([0.0, 1.0], [90, 10])[:, None]
    (found,) = cost_drivers(inputs(1), draws, 5 + 3 * draws[:, 0])
    assert (found.input_low, found.input_high) == (0, 1)
    assert (found.cost_if_low_usd.n, found.cost_if_high_usd.n) == (90, 10)
    assert found.swing_usd.value == 3
    assert found.distinguishable


def test_no_driver_of_a_constant_cost_or_of_an_input_that_never_changed() -> None:
    rng = np.random.default_rng(3)
    (found,) = cost_drivers(inputs(1), rng.random((50, 1)), np.full(50, 9.0))
    assert not found.distinguishable
    assert cost_drivers(inputs(1), np.ones((50, 1)), rng.random(50)) == []
    rare = np.repeat([0.0, 1.0], [49, 1])[:, None]
    assert cost_drivers(inputs(1), rare, rng.random(50)) == []


def test_too_few_samples_have_no_drivers() -> None:
    rng = np.random.default_rng(4)
    assert cost_drivers(inputs(1), rng.random((9, 1)), rng.random(9)) == []
    assert cost_drivers(inputs(1), rng.random((10, 1)), rng.random(10))
