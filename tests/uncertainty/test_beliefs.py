"""Quantile functions against scipy and by hand; nothing outside its support; words for all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy import stats

from planner.beliefs.kinds import atoms, describe, is_uncertain, probability, quantile
from planner.config.distributions import Belief
from planner.config.kinds import DISTRIBUTIONS, kind_name
from planner.config.quantities import Number, support_of

U = np.concatenate([[2.0**-53, 1e-9], np.linspace(0.001, 0.999, 999), [1 - 1e-9, 1 - 2.0**-53]])
"""Probabilities, with the smallest and largest that are ever drawn."""

NUMBER: TypeAdapter[Any] = TypeAdapter(Number)


def belief(**fields: Any) -> Any:
    return NUMBER.validate_python(fields)


def of_kind(kind: str, **fields: Any) -> Any:
    return belief(distribution=kind, **fields)


EXAMPLES = {
    "uniform": of_kind("uniform", low=2, high=5),
    "triangular": of_kind("triangular", low=2, mode=3, high=7),
    "lognormal": of_kind("lognormal", mean=100, sd=30),
    "discrete": of_kind("discrete", values=[3, 1, 2], probabilities=[0.2, 0.5, 0.3]),
    "quantiles": of_kind("quantiles", p10=0.3, p50=0.37, p90=0.45, upper=1),
    "normal": of_kind("normal", mean=1, sd=2),
    "pert": of_kind("pert", low=2, mode=3, high=7),
    "beta": of_kind("beta", mean=0.9, sd=0.03),
    "gamma": of_kind("gamma", mean=3, sd=1, low=1),
    "student-t": of_kind("student-t", centre=1, scale=2, degrees_of_freedom=3),
    "bernoulli": of_kind("bernoulli", probability=0.3, if_true=2, if_false=5),
    "elicited": of_kind("elicited", points=[[0.5, 3], [0.1, 2], [0.9, 5]]),
    "empirical": of_kind("empirical", values=[3, 1, 4, 1, 5, 9, 2, 6]),
    "truncated": of_kind(
        "truncated", of={"distribution": "normal", "mean": 1, "sd": 2}, low=0, high=3
    ),
    "mixture": of_kind(
        "mixture",
        parts=[
            {"weight": 0.5, "of": {"distribution": "normal", "mean": 0, "sd": 1}},
            {"weight": 0.3, "of": {"distribution": "lognormal", "mean": 5, "sd": 2}},
            {"weight": 0.2, "of": 2},
        ],
    ),
}


def close(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=0)


def test_every_kind_of_belief_has_an_example_a_quantile_function_and_words() -> None:
    assert set(EXAMPLES) == {kind_name(model) for model in DISTRIBUTIONS}
    for model in DISTRIBUTIONS:
        assert quantile.dispatch(model) is not quantile.dispatch(Belief)
        assert describe.dispatch(model) is not describe.dispatch(Belief)
        assert probability.dispatch(model) is not probability.dispatch(Belief)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_quantiles_ascend_inside_the_support(kind: str) -> None:
    low, high = support_of(EXAMPLES[kind])
    found = quantile(EXAMPLES[kind], U)
    assert np.isfinite(found).all()
    assert ((low <= found) & (found <= high)).all()
    assert (np.diff(found) >= 0).all()
    assert describe(EXAMPLES[kind])
    assert is_uncertain(EXAMPLES[kind])


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="no quantile function for Belief"):
        quantile(Belief(), U)
    with pytest.raises(TypeError, match="no words for Belief"):
        describe(Belief())
    with pytest.raises(TypeError, match="no distribution function for Belief"):
        probability(Belief(), U)
    assert atoms(Belief()).size == 0


def test_uniform() -> None:
    close(quantile(EXAMPLES["uniform"], U), stats.uniform(2, 3).ppf(U))


@pytest.mark.parametrize("mode", [2, 3, 6.5, 7])
def test_triangular(mode: float) -> None:
    found = quantile(of_kind("triangular", low=2, mode=mode, high=7), U)
    close(found, stats.triang((mode - 2) / 5, 2, 5).ppf(U))


@pytest.mark.parametrize(("mean", "sd"), [(100, 30), (2.5, 4), (1, 1e-3)])
def test_lognormal_by_its_moments(mean: float, sd: float) -> None:
    """Variance of the logarithm: ln(1 + (sd / mean) ** 2); its mean: ln(mean) - variance / 2."""
    variance = np.log1p((sd / mean) ** 2)
    same = stats.lognorm(np.sqrt(variance), scale=np.exp(np.log(mean) - variance / 2))
    close(quantile(of_kind("lognormal", mean=mean, sd=sd), U), same.ppf(U))
    assert (same.mean(), same.std()) == pytest.approx((mean, sd), rel=1e-10)


@pytest.mark.parametrize(("p10", "p90"), [(25000, 36000), (0.01, 100)])
def test_lognormal_by_its_tails(p10: float, p90: float) -> None:
    found = of_kind("lognormal", p10=p10, p90=p90)
    close(quantile(found, np.array([0.1, 0.5, 0.9])), [p10, np.sqrt(p10 * p90), p90])
    spread = np.log(p90 / p10) / (stats.norm.ppf(0.9) - stats.norm.ppf(0.1))
    close(quantile(found, U), stats.lognorm(spread, scale=np.sqrt(p10 * p90)).ppf(U))


def test_discrete_frequencies_are_exact() -> None:
    """Of 1,000 equally spaced probabilities exactly 200, 500 and 300 give each value."""
    found = quantile(EXAMPLES["discrete"], (np.arange(1000) + 0.5) / 1000)
    assert [(found == value).sum() for value in (3, 1, 2)] == [200, 500, 300]


def test_the_median_of_a_discrete_belief_does_not_depend_on_the_order_of_its_values() -> None:
    found = quantile(EXAMPLES["discrete"], np.array([0.1, 0.49, 0.51, 0.79, 0.81]))
    assert found.tolist() == [1, 1, 2, 2, 3]


def test_discrete_steps_at_its_edges() -> None:
    edges = np.array([0.25, 0.75])
    coin = of_kind("discrete", values=[10, 20, 30], probabilities=[0.25, 0.5, 0.25])
    assert quantile(coin, np.nextafter(edges, 0)).tolist() == [10, 20]
    assert quantile(coin, np.nextafter(edges, 1)).tolist() == [20, 30]


@pytest.mark.parametrize(
    "probabilities", [[0.1] * 10 + [0], [0] + [0.1] * 10, [1 / 3, 1 / 3, 1 / 3 - 9e-10, 0]]
)
def test_a_value_of_no_probability_is_never_drawn(probabilities: list[float]) -> None:
    values = [0.0 if share == 0 else 1.0 for share in probabilities]
    assert (quantile(of_kind("discrete", values=values, probabilities=probabilities), U) == 1).all()


def test_a_value_that_is_listed_twice_leaves_the_belief_uncertain() -> None:
    """Same first and last value: the extreme draws are equal, and yet not all are."""
    assert is_uncertain(of_kind("discrete", values=[1, 2, 1], probabilities=[0.3, 0.4, 0.3]))


@pytest.mark.parametrize(
    "known",
    [
        3,
        2.5,
        belief(value=4),
        belief(value=4, times=1.5),
        belief(value=0, times={"distribution": "lognormal", "mean": 1, "sd": 1}),
        of_kind("discrete", values=[7], probabilities=[1]),
        of_kind("discrete", values=[7, 7], probabilities=[0.5, 0.5]),
        of_kind("discrete", values=[7, 9], probabilities=[1, 0]),
    ],
    ids=repr,
)
def test_what_is_known_is_not_uncertain(known: Any) -> None:
    assert not is_uncertain(known)
    assert len(set(quantile(known, U))) == 1


def test_a_factor_multiplies_its_value() -> None:
    factor = belief(value=40, times={"distribution": "uniform", "low": 0.5, "high": 2})
    close(quantile(factor, U), 40 * (0.5 + 1.5 * U))
    assert is_uncertain(factor)
    assert describe(factor) == "40 times uniform from 0.5 to 2"
    nested = belief(value=2, times={"value": 3, "times": 5})
    close(quantile(nested, U), np.full(U.size, 30.0))


def test_shapes_are_kept() -> None:
    for example in EXAMPLES.values():
        assert quantile(example, U[:6].reshape(2, 3)).shape == (2, 3)
    assert quantile(3.0, U[:6].reshape(2, 3)).shape == (2, 3)
