"""Mixtures: the exact quantile function of a weighted sum of distribution functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from scipy import optimize, special, stats

from planner.beliefs.kinds import atoms, describe, is_uncertain, probability, quantile
from planner.beliefs.roots import increasing_roots
from planner.config.quantities import Number, support_of

NUMBER: TypeAdapter[Any] = TypeAdapter(Number)
U = np.concatenate([[2.0**-54, 1e-9], np.linspace(0.001, 0.999, 499), [1 - 1e-9, 1 - 2.0**-53]])


def mixture(*parts: tuple[float, Any]) -> Any:
    listed = [{"weight": weight, "of": of} for weight, of in parts]
    return NUMBER.validate_python({"distribution": "mixture", "parts": listed})


def normal(mean: float, sd: float) -> dict[str, Any]:
    return {"distribution": "normal", "mean": mean, "sd": sd}


TWO = mixture((0.3, normal(0, 1)), (0.7, {"distribution": "gamma", "shape": 2, "scale": 3}))


def two(x: Any) -> Any:
    return 0.3 * stats.norm.cdf(x) + 0.7 * stats.gamma(2, scale=3).cdf(x)


def test_quantiles_are_the_roots_of_the_weighted_sum() -> None:
    levels = np.array([1e-6, 0.01, 0.2, 0.5, 0.9, 0.999])
    found = quantile(TWO, levels)
    for level, x in zip(levels, found, strict=True):
        root = optimize.brentq(lambda x, u=level: two(x) - u, -20, 90, xtol=1e-15, rtol=1e-15)
        assert x == pytest.approx(root, rel=1e-12)
    np.testing.assert_allclose(two(quantile(TWO, U)), U, rtol=1e-12)


def test_draws_pass_a_test_of_kolmogorov_and_smirnov() -> None:
    n, passed = 8192, 0
    for seed in range(100):
        x = np.sort(quantile(TWO, np.random.default_rng(seed).random(n)))
        reached, steps = two(x), np.arange(n + 1) / n
        gap = max((steps[1:] - reached).max(), (reached - steps[:-1]).max())
        passed += bool(np.sqrt(n) * gap < special.kolmogi(0.01))
    assert passed >= 95


def test_moments_are_the_weighted_ones() -> None:
    """E[X^k] is the weighted sum of those of the parts, for k from 1 to 4."""
    found = quantile(TWO, np.random.default_rng(5).random(65536))
    for k in range(1, 5):
        expected = 0.3 * stats.norm.moment(k) + 0.7 * stats.gamma(2, scale=3).moment(k)
        sample = found**k
        assert abs(sample.mean() - expected) < 4 * sample.std() / np.sqrt(sample.size)


def test_one_part_is_that_part() -> None:
    # Near 1 a probability has too few digits for twelve of its quantile.
    inside = U[:-2]
    np.testing.assert_allclose(
        quantile(mixture((1, normal(1, 2))), inside), stats.norm(1, 2).ppf(inside), rtol=1e-12
    )


def test_a_gap_between_parts_is_never_drawn() -> None:
    low, high = ({"distribution": "uniform", "low": a, "high": a + 1} for a in (0, 3))
    found = quantile(mixture((0.25, low), (0.75, high)), U)
    expected = np.where(U < 0.25, U / 0.25, 3 + (U - 0.25) / 0.75)
    off = np.abs(U - 0.25) > 1e-9
    np.testing.assert_allclose(found[off], expected[off], rtol=1e-12)


def test_numbers_are_met_exactly_within_a_smooth_part() -> None:
    belief = mixture((0.5, normal(0, 1)), (0.3, 0), (0.2, 1.1))
    at_zero = U[(U > 0.2501) & (U < 0.5499)]
    assert (quantile(belief, at_zero) == 0).all()
    begins = 0.5 * stats.norm.cdf(1.1) + 0.3
    assert (quantile(belief, np.array([begins + 1e-9, begins + 0.2 - 1e-9])) == 1.1).all()
    assert (quantile(belief, np.array([begins - 1e-9, begins + 0.2 + 1e-9])) != 1.1).all()
    assert sorted(atoms(belief)) == [0, 1.1]
    assert (np.diff(quantile(belief, U)) >= 0).all()


def test_mixtures_stand_inside_mixtures() -> None:
    inner = {
        "distribution": "mixture",
        "parts": [{"weight": 0.5, "of": normal(0, 1)}, {"weight": 0.5, "of": 4}],
    }
    flat = mixture((0.4, normal(0, 1)), (0.4, 4), (0.2, normal(9, 1)))
    np.testing.assert_allclose(
        quantile(mixture((0.8, inner), (0.2, normal(9, 1))), U), quantile(flat, U), rtol=1e-12
    )


def test_the_same_number_twice_is_known() -> None:
    belief = mixture((0.5, 3), (0.5, {"value": 3}))
    assert not is_uncertain(belief)
    assert set(quantile(belief, U)) == {3.0}


def test_parts_of_very_different_size() -> None:
    belief = mixture((0.5, normal(1e-9, 1e-12)), (0.5, normal(1e9, 1e6)))
    found = quantile(belief, np.array([0.25, 0.75]))
    np.testing.assert_allclose(found, [1e-9, 1e9], rtol=1e-12)


def test_the_words_name_every_part() -> None:
    assert describe(mixture((0.8, normal(0, 1)), (0.2, 4))) == (
        "mixture of normal, mean 0, standard deviation 1 (0.8); 4 (0.2)"
    )


PART = st.one_of(
    st.floats(-5, 5).map(lambda x: round(x, 3)),
    st.builds(normal, st.floats(-3, 3), st.floats(0.01, 4)),
    st.builds(
        lambda low, width: {"distribution": "uniform", "low": low, "high": low + width},
        st.floats(-3, 3),
        st.floats(0.01, 5),
    ),
    st.builds(
        lambda p: {"distribution": "bernoulli", "probability": p, "if_true": 2}, st.floats(0, 1)
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PART, min_size=1, max_size=4))
def test_a_quantile_is_the_least_value_that_reaches_its_probability(parts: list[Any]) -> None:
    belief = mixture(*((1 / len(parts), part) for part in parts))
    found = quantile(belief, U)
    low, high = support_of(belief)
    assert (np.diff(found) >= 0).all()
    assert ((low <= found) & (found <= high)).all()
    middle = U[2:-2]
    width = 1e-11 * (1 + np.abs(found[2:-2]))
    assert (probability(belief, found[2:-2] + width) >= middle - 1e-14).all()
    assert (probability(belief, found[2:-2] - width) <= middle + 1e-14).all()


def test_roots_of_many_functions_at_once() -> None:
    wanted = np.linspace(-8, 27, 200)
    roots = increasing_roots(lambda x, at: x**3 - wanted[at], np.full(200, -3.0), np.full(200, 4.0))
    np.testing.assert_allclose(roots, np.cbrt(wanted), rtol=1e-13, atol=1e-100)


def test_a_root_outside_its_bracket_is_the_nearer_end() -> None:
    low, high = np.array([0.0, 0.0]), np.array([1.0, 1.0])
    shift = np.array([2.0, -1.0])
    assert increasing_roots(lambda x, at: x - shift[at], low, high).tolist() == [1, 0]
