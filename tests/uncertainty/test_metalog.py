"""Metalogs: through every point, Keelin's closed forms, and refused exactly where they fall."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from scipy import integrate, stats
from scipy.special import expit, logit

from planner.beliefs.kinds import describe, probability, quantile
from planner.beliefs.metalog import coefficients, fault, quantiles
from planner.config.quantities import Number, support_of

NUMBER: TypeAdapter[Any] = TypeAdapter(Number)
U = np.concatenate([[2.0**-54, 1e-9], np.linspace(0.001, 0.999, 999), [1 - 1e-9, 1 - 2.0**-53]])
BOUNDS = [(None, None), (0.0, None), (None, 12.0), (0.0, 12.0)]
POINTS = {
    3: ((0.1, 2.0), (0.5, 3.0), (0.9, 5.0)),
    4: ((0.1, 2.0), (0.3, 2.6), (0.6, 3.4), (0.9, 5.0)),
    5: ((0.05, 2.0), (0.25, 3.0), (0.5, 4.0), (0.75, 5.1), (0.95, 6.4)),
    7: tuple(
        (p, float(stats.norm(5, 1.2).ppf(p))) for p in (0.05, 0.15, 0.3, 0.5, 0.65, 0.8, 0.95)
    ),
}


def elicited(points: Any, lower: float | None = None, upper: float | None = None) -> Any:
    return NUMBER.validate_python(
        {
            "distribution": "elicited",
            "points": [list(point) for point in points],
            "lower": lower,
            "upper": upper,
        }
    )


def keelin(u: Any, a: list[float]) -> Any:
    """Keelin (2016), equation (6): the first seven terms, written out."""
    x, t = u - 0.5, np.log(u / (1 - u))
    terms = [1 + 0 * x, t, x * t, x, x**2, x**2 * t, x**3]
    return sum(coefficient * term for coefficient, term in zip(a, terms, strict=False))


@pytest.mark.parametrize(("lower", "upper"), BOUNDS)
@pytest.mark.parametrize("n", POINTS)
def test_it_passes_through_every_point(n: int, lower: float | None, upper: float | None) -> None:
    assert fault(POINTS[n], lower, upper) == ""
    belief = elicited(POINTS[n], lower, upper)
    at, values = np.array(POINTS[n]).T
    np.testing.assert_allclose(quantile(belief, at), values, rtol=1e-11)
    np.testing.assert_allclose(probability(belief, values), at, rtol=1e-10)


@pytest.mark.parametrize(("lower", "upper"), BOUNDS)
@pytest.mark.parametrize("n", POINTS)
def test_it_rises_inside_its_bounds(n: int, lower: float | None, upper: float | None) -> None:
    belief = elicited(POINTS[n], lower, upper)
    found = quantile(belief, U)
    low, high = support_of(belief)
    assert (np.diff(found[1:-1]) > 0).all()
    assert ((low <= found) & (found <= high)).all()
    inside = U[2:-2]
    np.testing.assert_allclose(probability(belief, quantile(belief, inside)), inside, rtol=1e-11)
    if lower is not None:
        assert probability(belief, np.array([lower, lower - 1])).tolist() == [0, 0]
    if upper is not None:
        assert probability(belief, np.array([upper, upper + 1])).tolist() == [1, 1]


@pytest.mark.parametrize("n", [3, 4, 5, 6, 7])
def test_the_terms_are_those_of_the_paper(n: int) -> None:
    """Points of a metalog with known coefficients give it back, with or without bounds."""
    a = [5.0, 0.6, 0.1, 0.4, 0.2, 0.1, 0.3][:n]
    at = np.linspace(0.08, 0.9, n) ** 1.1
    raw = keelin(at, a)
    found = quantiles(U[2:-2], tuple(zip(at.tolist(), raw.tolist(), strict=True)), None, None)
    np.testing.assert_allclose(found, keelin(U[2:-2], a), rtol=1e-9)
    for lower, upper, back in (
        (1.0, None, lambda m: 1 + np.exp(m)),
        (None, 9.0, lambda m: 9 - np.exp(-m)),
        (1.0, 9.0, lambda m: (1 + 9 * np.exp(m)) / (1 + np.exp(m))),
    ):
        small = [0.1 * part for part in a]
        points = tuple(zip(at.tolist(), back(keelin(at, small)).tolist(), strict=True))
        expected = back(keelin(U[2:-2], small))
        np.testing.assert_allclose(quantiles(U[2:-2], points, lower, upper), expected, rtol=1e-8)


def test_median_mean_and_variance_of_three_terms() -> None:
    """Median a1, mean a1 + a3 / 2, variance (pi^2 / 3) a2^2 + (1 / 12 + pi^2 / 36) a3^2.

    Keelin (2016), section 3.3; the mean and variance also by quadrature of the quantile function.
    """
    points = POINTS[3]
    (a1,), (a2, a3) = coefficients(points, None, None)
    belief = elicited(points)
    assert quantile(belief, np.array([0.5]))[0] == pytest.approx(a1, rel=1e-14)

    def moment(k: int, centre: float) -> float:
        def inside(t: float) -> float:
            u = float(expit(t))
            return (quantile(belief, np.array([u]))[0] - centre) ** k * u * float(expit(-t))

        return float(integrate.quad(inside, -34, 34, limit=200, epsabs=1e-10)[0])

    mean = a1 + a3 / 2
    variance = np.pi**2 / 3 * a2**2 + (1 / 12 + np.pi**2 / 36) * a3**2
    assert moment(1, 0) == pytest.approx(mean, rel=1e-9)
    assert moment(2, mean) == pytest.approx(variance, rel=1e-9)
    found = quantile(belief, np.random.default_rng(2).random(65536))
    assert abs(found.mean() - mean) < 4 * np.sqrt(variance / found.size)
    squares = (found - mean) ** 2
    assert abs(squares.mean() - variance) < 4 * squares.std() / np.sqrt(found.size)


def test_points_of_a_logistic_give_the_logistic() -> None:
    at = np.array([0.1, 0.35, 0.6, 0.9])
    points = tuple(zip(at.tolist(), (5 + 2 * logit(at)).tolist(), strict=True))
    np.testing.assert_allclose(quantiles(U, points, None, None), 5 + 2 * logit(U), rtol=1e-9)


def test_points_on_a_line_give_a_uniform() -> None:
    points = ((0.2, 2.0), (0.4, 4.0), (0.6, 6.0), (0.8, 8.0))
    np.testing.assert_allclose(quantiles(U, points, None, None), 10 * U, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("alpha", [0.05, 0.1, 0.2])
def test_three_symmetric_points_by_the_closed_condition(alpha: float) -> None:
    """Feasible if and only if k < r < 1 - k with k = (1 - 1.66711 (1/2 - alpha)) / 2.

    Here r is (median - low) / (high - low); Keelin (2016), section 3.5, equation (16).
    """
    k = (1 - 1.66711 * (0.5 - alpha)) / 2
    for r, feasible in (
        (k + 1e-4, True),
        (k - 1e-4, False),
        (0.5, True),
        (1 - k - 1e-4, True),
        (1 - k + 1e-4, False),
    ):
        points = ((alpha, 0.0), (0.5, r), (1 - alpha, 1.0))
        assert (fault(points, None, None) == "") == feasible, r


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.floats(0.05, 3), min_size=3, max_size=7),
    st.sampled_from([(None, None), (-1.0, None), (-1.0, 40.0)]),
)
def test_the_verdict_is_that_of_a_fine_grid(steps: list[float], bounds: Any) -> None:
    values = np.cumsum(steps)
    at = (np.arange(values.size) + 0.5) / values.size
    points = tuple(zip(at.tolist(), values.tolist(), strict=True))
    told = fault(points, *bounds)
    p_of, q_of = coefficients(points, *bounds)
    t = np.linspace(-36, 36, 20001)
    x, y = expit(t) - 0.5, expit(t)
    p, q = (np.polynomial.Polynomial(c) for c in (p_of, q_of))
    # The slope in the logit, in which no digits are lost beside 0 and 1.
    slope = (p.deriv()(x) + q.deriv()(x) * t) * y * expit(-t) + q(x)
    if told == "":
        assert (slope > 0).all()
    elif "falls" in told:
        assert slope.min() < 1e-6 * np.ptp(values)


def test_a_curve_that_falls_is_refused_where_it_falls() -> None:
    points = ((0.1, 1.0), (0.5, 2.0), (0.9, 9.0))
    assert "falls near p = " in fault(points, None, None)
    with pytest.raises(ValueError, match="falls near"):
        quantile(elicited(points), U)
    # The bound takes the skew: the same points are a distribution with it.
    assert fault(points, 0.5, None) == ""


def test_points_too_near_to_one_another_are_refused() -> None:
    at = 0.5 + 1e-3 * np.arange(12)
    points = tuple(zip(at.tolist(), np.arange(12.0).tolist(), strict=True))
    assert "too near to one another" in fault(points, None, None)


@pytest.mark.parametrize("n", range(3, 13))
def test_points_in_pairs_around_the_median(n: int) -> None:
    """Of 7 and of 11 terms, one more is odd around the median than there are pairs."""
    at = (np.arange(n) + 0.5) / n
    points = tuple(zip(at.tolist(), (5 + logit(at)).tolist(), strict=True))
    told = fault(points, None, None)
    assert ("in pairs around 0.5" in told) if n in (7, 11) else told == ""


def test_the_order_of_the_points_does_not_matter() -> None:
    turned = elicited(POINTS[5][::-1], 0)
    assert (quantile(turned, U) == quantile(elicited(POINTS[5], 0), U)).all()
    assert describe(turned) == "smooth through P5 2, P25 3, P50 4, P75 5.1, P95 6.4, at least 0"
