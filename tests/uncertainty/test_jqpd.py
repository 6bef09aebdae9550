"""Johnson quantile-parameterised distributions: they meet what was elicited, and their bounds.

Hadlock and Bickel (2017), doi:10.1287/deca.2016.0343. With c = ndtri(0.9), n the sign of the skew
L + H - 2 B, theta the quantile that the skew leans on:

J-QPD-S: l + theta exp(lam sinh(asinh(delta z) + asinh(n c delta))), L, B, H = ln(x - l),
delta = sinh(acosh((H - L) / (2 min(B - L, H - B)))) / c, lam = min(H - B, B - L) / (delta c).
J-QPD-B: l + (u - l) Phi(xi + lam sinh(delta (z + n c))), L, B, H = ndtri((x - l) / (u - l)),
delta = acosh((H - L) / (2 min(B - L, H - B))) / c, lam = (H - L) / sinh(2 delta c).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from planner.beliefs import jqpd

LEVELS = np.array([0.1, 0.5, 0.9])
U = np.concatenate([[2.0**-53], np.linspace(1e-4, 1 - 1e-4, 501), [1 - 2.0**-53]])
C = float(ndtri(0.9))

Quantiles = Callable[[Any], Any]
Triplet = tuple[float, float, float]

checked = settings(max_examples=200, deadline=None, derandomize=True, database=None)

gaps = st.floats(0.01, 10)


@st.composite
def triplets(draw: st.DrawFn) -> Triplet:
    """Ascending, above 1, skewed to either side by up to a factor of a thousand."""
    p10 = 1 + draw(gaps)
    p50 = p10 + draw(gaps)
    return p10, p50, p50 + draw(gaps)


def forms(triplet: Triplet) -> dict[str, tuple[Quantiles, float, float]]:
    """Return quantile functions through a triplet with their bounds."""
    upper = triplet[2] + 3
    return {
        "semi-bounded": (lambda u: jqpd.semi_bounded(u, *triplet, 0.5), 0.5, np.inf),
        "bounded": (lambda u: jqpd.bounded(u, *triplet, 0.5, upper), 0.5, upper),
        "unbounded": (lambda u: jqpd.unbounded(u, *triplet), -np.inf, np.inf),
    }


@checked
@given(triplet=triplets())
def test_the_triplet_is_met_and_the_bounds_are_kept(triplet: Triplet) -> None:
    for quantiles, low, high in forms(triplet).values():
        np.testing.assert_allclose(quantiles(LEVELS), triplet, rtol=1e-9)
        found = quantiles(U)
        assert np.isfinite(found).all()
        assert (np.diff(found) >= 0).all()
        assert ((low <= found) & (found <= high)).all()


@pytest.mark.parametrize("lean", [1e-12, 1e-10, 1e-8, 1e-6, -1e-8, -1e-6])
def test_a_skew_near_none_still_meets_the_triplet(lean: float) -> None:
    """The formulas divide by what vanishes without skew."""
    middle = np.sqrt(2.0 * 8.0) * (1 + lean)
    np.testing.assert_allclose(jqpd.semi_bounded(LEVELS, 2, middle, 8, 0), [2, middle, 8], 1e-8)
    np.testing.assert_allclose(jqpd.unbounded(LEVELS, 2, 5 + lean, 8), [2, 5 + lean, 8], 1e-8)
    np.testing.assert_allclose(jqpd.bounded(LEVELS, 2, 5 + lean, 8, 0, 10), [2, 5 + lean, 8], 1e-8)


def test_without_skew_of_the_logarithms_it_is_the_lognormal() -> None:
    """ln(x) is normal with mean ln(4) and P90 - P50 = ln(2)."""
    expected = np.exp(np.log(4) + np.log(2) / C * ndtri(U))
    np.testing.assert_allclose(jqpd.semi_bounded(U, 2, 4, 8, 0), expected, rtol=1e-9)


def test_without_skew_the_unbounded_form_is_the_normal() -> None:
    np.testing.assert_allclose(jqpd.unbounded(U, -1, 0, 1), ndtri(U) / C, rtol=1e-12, atol=1e-12)


def test_without_skew_the_bounded_form_is_symmetric() -> None:
    low = jqpd.bounded(U, 2, 5, 8, 0, 10)
    high = jqpd.bounded(1 - U, 2, 5, 8, 0, 10)
    np.testing.assert_allclose(low + high, 10, rtol=1e-12)


@pytest.mark.parametrize("triplet", [(1.5, 2.0, 6.0), (1.5, 5.0, 6.0)])
def test_the_formulas_of_the_paper(triplet: Triplet) -> None:
    z = ndtri(U)
    low, mid, high = np.log(np.array(triplet) - 1)
    n = np.sign(low + high - 2 * mid)
    nearer = min(mid - low, high - mid)
    delta = np.sinh(np.arccosh((high - low) / (2 * nearer))) / C
    theta = triplet[0] - 1 if n > 0 else triplet[2] - 1
    bend = np.sinh(np.arcsinh(delta * z) + np.arcsinh(n * C * delta))
    expected = 1 + theta * np.exp(nearer / (delta * C) * bend)
    np.testing.assert_allclose(jqpd.semi_bounded(U, *triplet, 1), expected, rtol=1e-10)

    low, mid, high = ndtri((np.array(triplet) - 1) / 8)
    n = np.sign(low + high - 2 * mid)
    delta = np.arccosh((high - low) / (2 * min(mid - low, high - mid))) / C
    xi = low if n > 0 else high
    stretch = (high - low) / np.sinh(2 * delta * C)
    expected = 1 + 8 * ndtr(xi + stretch * np.sinh(delta * (z + n * C)))
    np.testing.assert_allclose(jqpd.bounded(U, *triplet, 1, 9), expected, rtol=1e-10)
