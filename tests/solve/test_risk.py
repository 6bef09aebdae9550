"""The risk measure: CVaR as the worst mean under weights of a tail, and as a minimum over eta."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.solve.two_stage.problem import Risk

Array = np.ndarray[Any, np.dtype[Any]]

repeatably = settings(derandomize=True, deadline=None, max_examples=150)

seeds = st.integers(0, 2**32 - 1)
levels = st.sampled_from([0.0, 0.1, 0.5, 0.8, 0.95, 0.999])


def drawn(seed: int) -> tuple[Array, Array]:
    """Return costs, some of them equal, and probabilities, some of them 0."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 30))
    costs = rng.choice([rng.normal(0, 100, n), rng.integers(-3, 4, n).astype(float)])
    weights = rng.random(n) * (rng.random(n) < 0.8)
    weights[int(rng.integers(n))] += 0.1
    return costs, weights / weights.sum()


def by_eta(costs: Array, probability: Array, level: float) -> float:
    """Return the CVaR as the least over eta, which one of the costs gives."""
    excess = np.maximum(costs - costs[:, None], 0.0) @ probability
    return float((costs + excess / (1 - level)).min())


@repeatably
@given(seeds, levels)
def test_the_tail_is_the_worst_of_all_weights(seed: int, level: float) -> None:
    costs, probability = drawn(seed)
    tail = Risk(1.0, level).tail(costs, probability)
    most = probability / (1 - level)
    assert tail.sum() == pytest.approx(1, abs=1e-12)
    assert (tail >= 0).all()
    assert (tail <= most * (1 + 1e-9)).all()
    rng = np.random.default_rng(seed)
    for _ in range(5):
        # Any other weights of a tail: filled to the most in a random order.
        order, other = rng.permutation(costs.size), np.zeros(costs.size)
        filled = np.minimum(np.cumsum(most[order]), 1.0)
        other[order] = np.diff(filled, prepend=0.0)
        assert other @ costs <= tail @ costs + 1e-9 * (1 + np.abs(costs).max())


@repeatably
@given(seeds, levels, st.sampled_from([0.0, 0.3, 1.0]))
def test_cvar_is_the_least_over_eta(seed: int, level: float, weight: float) -> None:
    costs, probability = drawn(seed)
    expected = (1 - weight) * probability @ costs + weight * by_eta(costs, probability, level)
    size = 1e-9 * (1 + np.abs(costs).max())
    assert Risk(weight, level).of(costs, probability) == pytest.approx(expected, abs=size)


@repeatably
@given(seeds, levels)
def test_it_is_coherent(seed: int, level: float) -> None:
    """Translation, scale, order and sums (Artzner et al. 1999, doi:10.1111/1467-9965.00068)."""
    costs, probability = drawn(seed)
    other = np.random.default_rng([seed, 1]).normal(0, 50, costs.size)
    risk, size = Risk(0.7, level), 1e-9 * (1 + np.abs(costs).max() + np.abs(other).max())
    own = risk.of(costs, probability)
    assert risk.of(costs + 12.0, probability) == pytest.approx(own + 12, abs=size)
    assert risk.of(3 * costs, probability) == pytest.approx(3 * own, abs=3 * size)
    assert risk.of(costs + np.abs(other), probability) >= own - size
    assert risk.of(costs + other, probability) <= own + risk.of(other, probability) + size
    assert own >= probability @ costs - size


@repeatably
@given(seeds)
def test_without_weight_or_level_it_is_the_mean(seed: int) -> None:
    costs, probability = drawn(seed)
    mean = pytest.approx(probability @ costs, abs=1e-10 * (1 + np.abs(costs).max()))
    assert Risk(0.0, 0.9).of(costs, probability) == mean
    assert Risk(1.0, 0.0).of(costs, probability) == mean
    assert Risk(1.0, 0.0).tail(costs, probability) == pytest.approx(probability, abs=1e-12)


def test_the_last_sample_of_a_tail_has_a_part_of_its_probability() -> None:
    costs, probability = np.array([1.0, 5.0, 3.0, 2.0]), np.array([0.4, 0.1, 0.2, 0.3])
    # The worst quarter: all of the 0.1 that costs 5, and 0.15 of the 0.2 that costs 3.
    tail = Risk(1.0, 0.75).tail(costs, probability)
    assert tail == pytest.approx([0, 0.4, 0.6, 0])
    assert Risk(1.0, 0.75).of(costs, probability) == pytest.approx(0.4 * 5 + 0.6 * 3)
    assert Risk(0.5, 0.75).of(costs, probability) == pytest.approx(0.5 * 2.1 + 0.5 * 3.8)


def test_what_cannot_happen_is_in_no_tail() -> None:
    costs, probability = np.array([1e9, 2.0, 1.0]), np.array([0.0, 0.5, 0.5])
    assert Risk(1.0, 0.99).of(costs, probability) == pytest.approx(2)
    assert Risk(1.0, 0.99).tail(costs, probability)[0] == 0
