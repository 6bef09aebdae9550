"""Every distribution against scipy.stats: quantiles, moments, goodness of fit, extremes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy import integrate, optimize, special, stats

from planner.beliefs.compounds import share_left, shares_cut_off
from planner.beliefs.kinds import atoms, describe, is_uncertain, probability, quantile
from planner.config.quantities import Number, support_of

NUMBER: TypeAdapter[Any] = TypeAdapter(Number)
U = np.concatenate([[2.0**-54, 1e-9], np.linspace(0.001, 0.999, 999), [1 - 1e-9, 1 - 2.0**-53]])


def of_kind(kind: str, **fields: Any) -> Any:
    return NUMBER.validate_python({"distribution": kind, **fields})


NORMAL = {"distribution": "normal", "mean": 1, "sd": 2}
SMOOTH: dict[str, tuple[Any, Any]] = {
    "uniform": (of_kind("uniform", low=2, high=5), stats.uniform(2, 3)),
    "triangular": (of_kind("triangular", low=2, mode=3, high=7), stats.triang(0.2, 2, 5)),
    "lognormal": (of_kind("lognormal", p10=20, p90=40), None),
    "normal": (of_kind("normal", mean=1, sd=2), stats.norm(1, 2)),
    "normal by its tails": (
        of_kind("normal", p10=-3, p90=7),
        stats.norm(2, 10 / (stats.norm.ppf(0.9) - stats.norm.ppf(0.1))),
    ),
    "pert": (of_kind("pert", low=2, mode=3, high=7), stats.beta(1.8, 4.2, 2, 5)),
    "pert at its end": (of_kind("pert", low=2, mode=2, high=7), stats.beta(1, 5, 2, 5)),
    "beta": (of_kind("beta", alpha=0.7, beta=3), stats.beta(0.7, 3)),
    # mean 1/3 and variance ab / ((a + b)^2 (a + b + 1)) = 2/63 of a = 2, b = 4, from 1 to 4
    "beta by its moments": (
        of_kind("beta", mean=2, sd=3 * np.sqrt(2 / 63), low=1, high=4),
        stats.beta(2, 4, 1, 3),
    ),
    "gamma": (of_kind("gamma", shape=2.5, scale=3), stats.gamma(2.5, scale=3)),
    "gamma by its moments": (
        of_kind("gamma", mean=7, sd=3, low=1),
        stats.gamma(4, 1, 1.5),
    ),
    "student-t": (
        of_kind("student-t", centre=1, scale=2, degrees_of_freedom=12),
        stats.t(12, 1, 2),
    ),
    "truncated": (
        of_kind("truncated", of=NORMAL, low=0, high=3),
        stats.truncnorm(-0.5, 1, 1, 2),
    ),
    "truncated below": (of_kind("truncated", of=NORMAL, low=0), stats.truncnorm(-0.5, 99, 1, 2)),
}
_SPREAD = np.log(2) / (stats.norm.ppf(0.9) - stats.norm.ppf(0.1))
SMOOTH["lognormal"] = (SMOOTH["lognormal"][0], stats.lognorm(_SPREAD, scale=np.sqrt(800)))

STEPS: dict[str, tuple[Any, dict[float, float]]] = {
    "discrete": (
        of_kind("discrete", values=[3, 1, 2], probabilities=[0.2, 0.5, 0.3]),
        {1: 0.5, 2: 0.3, 3: 0.2},
    ),
    "bernoulli": (of_kind("bernoulli", probability=0.3), {0: 0.7, 1: 0.3}),
    "bernoulli, turned": (
        of_kind("bernoulli", probability=0.3, if_true=2, if_false=5),
        {2: 0.3, 5: 0.7},
    ),
    "empirical": (
        of_kind("empirical", values=[5, 1, 2, 2, 7, 2, 1, 9]),
        {1: 2 / 8, 2: 3 / 8, 5: 1 / 8, 7: 1 / 8, 9: 1 / 8},
    ),
    "truncated": (
        of_kind(
            "truncated",
            of={"distribution": "discrete", "values": [3, 1, 2, 4], "probabilities": [0.25] * 4},
            low=2,
            high=3,
        ),
        {2: 0.5, 3: 0.5},
    ),
    "mixture": (
        of_kind(
            "mixture",
            parts=[
                {"weight": 0.4, "of": 0},
                {"weight": 0.6, "of": {"distribution": "bernoulli", "probability": 0.5}},
            ],
        ),
        {0: 0.7, 1: 0.3},
    ),
}


@pytest.mark.parametrize("kind", SMOOTH)
def test_quantiles_and_probabilities_are_those_of_scipy(kind: str) -> None:
    belief, same = SMOOTH[kind]
    u = U[2:-2] if kind.startswith("truncated") else U
    found = quantile(belief, u)
    # Beside a zero no sum has twelve digits: the size is that of the terms.
    size = np.maximum(np.abs(same.ppf(u)), 1)
    assert np.abs(found - same.ppf(u)).max() < 1e-12 * np.max(size)
    assert (np.abs(found - same.ppf(u)) <= 1e-12 * size).mean() > 0.99
    inside = np.linspace(same.ppf(1e-6), same.ppf(1 - 1e-6), 501)
    np.testing.assert_allclose(
        probability(belief, inside), same.cdf(inside), rtol=1e-11, atol=1e-15
    )


@pytest.mark.parametrize("kind", SMOOTH)
def test_the_probability_of_a_quantile_is_its_own(kind: str) -> None:
    belief, _ = SMOOTH[kind]
    inside = U[2:-2]
    np.testing.assert_allclose(probability(belief, quantile(belief, inside)), inside, rtol=1e-11)
    assert (np.diff(quantile(belief, U)) >= 0).all()
    low, high = support_of(belief)
    ends = np.array([max(low, -1e300), min(high, 1e300)])
    beyond = probability(belief, ends + np.array([-1, 1]))
    assert beyond.tolist() == [0, 1]


@pytest.mark.parametrize("kind", STEPS)
def test_steps_stand_where_probabilities_sum_up(kind: str) -> None:
    belief, shares = STEPS[kind]
    edges = np.cumsum(list(shares.values()))
    values = np.array(list(shares))
    middle = edges - np.array(list(shares.values())) / 2
    assert quantile(belief, middle).tolist() == values.tolist()
    assert quantile(belief, edges[:-1] - 1e-12).tolist() == values[:-1].tolist()
    assert quantile(belief, edges[:-1] + 1e-12).tolist() == values[1:].tolist()
    np.testing.assert_allclose(probability(belief, values), edges, rtol=1e-14)
    np.testing.assert_allclose(
        probability(belief, np.nextafter(values, -np.inf)), [0, *edges[:-1]], rtol=1e-14
    )
    assert sorted(atoms(belief)) == sorted(shares)
    assert (np.diff(quantile(belief, U)) >= 0).all()


def _kolmogorov(belief: Any, same: Any, n: int, seed: int) -> bool:
    x = np.sort(quantile(belief, np.random.default_rng(seed).random(n)))
    reached, steps = same.cdf(x), np.arange(n + 1) / n
    gap = max((steps[1:] - reached).max(), (reached - steps[:-1]).max())
    return bool(np.sqrt(n) * gap < special.kolmogi(0.01))


# Those whose quantile or distribution function takes an iteration are tried with fewer numbers.
_SLOW = ("pert", "beta", "gamma", "student-t", "truncated", "triangular")


@pytest.mark.parametrize("kind", SMOOTH)
def test_draws_pass_a_test_of_kolmogorov_and_smirnov(kind: str) -> None:
    n = 4096 if kind.startswith(_SLOW) else 65536
    belief, same = SMOOTH[kind]
    assert sum(_kolmogorov(belief, same, n, seed) for seed in range(100)) >= 95


@pytest.mark.parametrize("kind", STEPS)
def test_draws_pass_a_test_of_chi_square(kind: str) -> None:
    belief, shares = STEPS[kind]
    n = 65536
    values, expected = np.array(list(shares)), n * np.array(list(shares.values()))
    limit = stats.chi2(len(shares) - 1).ppf(0.99)
    passed = 0
    for seed in range(100):
        found = quantile(belief, np.random.default_rng(seed).random(n))
        counts = np.bincount(np.searchsorted(values, found), minlength=values.size)
        assert counts.sum() == np.isin(found, values).sum()
        passed += bool(((counts - expected) ** 2 / expected).sum() < limit)
    assert passed >= 95


@pytest.mark.parametrize("kind", SMOOTH)
def test_moments_up_to_the_fourth(kind: str) -> None:
    belief, same = SMOOTH[kind]
    found = quantile(belief, np.random.default_rng(7).random(65536))
    mean, variance, skew, excess = (float(m) for m in same.stats("mvsk"))
    central = (0.0, variance, skew * variance**1.5, (excess + 3) * variance**2)
    for power, expected in enumerate(central, start=1):
        sample = (found - mean) ** power
        assert abs(sample.mean() - expected) < 4 * sample.std() / np.sqrt(sample.size), power


@pytest.mark.parametrize("kind", SMOOTH)
def test_the_mean_is_the_integral_of_the_quantile_function(kind: str) -> None:
    """E[X] is the integral of the quantile function from 0 to 1."""
    belief, same = SMOOTH[kind]
    found, _ = integrate.quad(lambda u: quantile(belief, np.array([u]))[0], 0, 1, epsabs=1e-9)
    assert found == pytest.approx(float(same.mean()), rel=1e-6)


@pytest.mark.parametrize("name", ["mean", "sd"])
def test_beta_and_gamma_have_the_moments_that_are_given(name: str) -> None:
    for belief, same in (
        (of_kind("beta", mean=0.9, sd=0.03), lambda a, b: stats.beta(a, b)),
        (of_kind("gamma", mean=5, sd=1.5, low=2), lambda a, s: stats.gamma(a, 2, s)),
    ):
        shapes = belief.shapes() if hasattr(belief, "shapes") else belief.shape_and_scale()
        moments = {"mean": same(*shapes).mean(), "sd": same(*shapes).std()}
        assert moments[name] == pytest.approx(getattr(belief, name), rel=1e-12)


def test_the_mean_of_a_pert_counts_its_mode_four_times() -> None:
    belief = of_kind("pert", low=1, mode=4, high=9)
    mean, _ = integrate.quad(lambda u: quantile(belief, np.array([u]))[0], 0, 1)
    assert mean == pytest.approx((1 + 4 * 4 + 9) / 6, rel=1e-7)


def test_a_negative_number_turns_its_factor_around() -> None:
    belief = NUMBER.validate_python(
        {"value": -2, "times": {"distribution": "gamma", "shape": 3, "scale": 1}}
    )
    found = quantile(belief, np.array([0.1, 0.5, 0.9]))
    np.testing.assert_allclose(found, -2 * stats.gamma(3).ppf([0.9, 0.5, 0.1]), rtol=1e-12)
    np.testing.assert_allclose(probability(belief, found), [0.1, 0.5, 0.9], rtol=1e-12)
    assert np.isfinite(quantile(belief, U)).all()
    coin = NUMBER.validate_python(
        {"value": -2, "times": {"distribution": "bernoulli", "probability": 0.25}}
    )
    assert probability(coin, np.array([-2.1, -2, -1, 0])).tolist() == [0, 0.25, 0.25, 1]


def test_the_share_that_is_cut_off() -> None:
    belief = of_kind("truncated", of=NORMAL, low=0, high=3)
    below, above = shares_cut_off(belief)
    assert (below, above) == pytest.approx((stats.norm.cdf(-0.5), stats.norm.sf(1)), rel=1e-14)
    assert share_left(belief) == pytest.approx(1 - below - above, rel=1e-14)
    assert "46.7 % cut off" in describe(belief)
    inner = {"distribution": "discrete", "values": [1, 2, 3], "probabilities": [0.5, 0.3, 0.2]}
    assert shares_cut_off(of_kind("truncated", of=inner, low=2)) == pytest.approx((0.5, 0))


def test_a_thin_end_keeps_its_digits() -> None:
    found = of_kind("truncated", of={"distribution": "normal", "mean": 0, "sd": 1}, low=4.5)
    inside = U[2:-2]
    same = stats.truncnorm(4.5, 99).ppf(inside)
    np.testing.assert_allclose(quantile(found, inside), same, rtol=1e-9)
    mirrored = of_kind("truncated", of={"distribution": "normal", "mean": 0, "sd": 1}, high=-4.5)
    np.testing.assert_allclose(quantile(mirrored, 1 - inside), -same, rtol=1e-12)


def test_single_values_at_the_bounds_of_a_truncation_are_left() -> None:
    parts = [{"weight": 0.5, "of": NORMAL}, {"weight": 0.2, "of": 0}, {"weight": 0.3, "of": 3}]
    belief = of_kind("truncated", of={"distribution": "mixture", "parts": parts}, low=0, high=3)
    left = 0.5 + 0.5 * (stats.norm.cdf(1) - stats.norm.cdf(-0.5))
    assert share_left(belief) == pytest.approx(left, rel=1e-14)
    found = quantile(belief, np.array([2.0**-54, 0.2 / left - 1e-9, 0.2 / left + 1e-9]))
    assert found[:2].tolist() == [0, 0]
    assert 0 < found[2] < 1e-6
    top = quantile(belief, np.array([1 - 0.3 / left - 1e-9, 1 - 0.3 / left + 1e-9, 1 - 2.0**-53]))
    assert 2.99 < top[0] < 3
    assert top[1:].tolist() == [3, 3]


def test_a_truncation_of_a_truncation_is_one() -> None:
    once = of_kind("truncated", of=NORMAL, low=0, high=3)
    twice = of_kind(
        "truncated", of={"distribution": "truncated", "of": NORMAL, "low": 0, "high": 9}, high=3
    )
    np.testing.assert_allclose(quantile(twice, U), quantile(once, U), rtol=1e-11, atol=1e-14)


def test_what_is_hardly_there_is_not_drawn() -> None:
    belief = of_kind("truncated", of=NORMAL, low=12)
    with pytest.raises(ValueError, match="less than 1e-06 of the belief is left"):
        quantile(belief, U)


@pytest.mark.parametrize("probability_", [0, 1])
@pytest.mark.parametrize("if_true", [-1, 2])
def test_a_certain_yes_or_no_is_known(probability_: float, if_true: float) -> None:
    belief = of_kind("bernoulli", probability=probability_, if_true=if_true)
    assert not is_uncertain(belief)
    assert set(quantile(belief, U)) == {if_true if probability_ else 0.0} == set(atoms(belief))


EXTREMES = {
    "pert": [{"low": 0, "mode": 0, "high": 1e-300}, {"low": -1e300, "mode": 0, "high": 1e150}],
    "beta": [
        {"alpha": 0.01, "beta": 0.01},
        {"alpha": 1e6, "beta": 1e6},
        {"alpha": 0.01, "beta": 1e6},
        {"mean": 0.5, "sd": 0.49},
    ],
    "gamma": [
        {"shape": 0.01, "scale": 1},
        {"shape": 1e6, "scale": 1e-300},
        {"shape": 1, "scale": 1e300},
        {"mean": 1e300, "sd": 1e297},
    ],
    "student-t": [
        {"centre": 0, "scale": 1, "degrees_of_freedom": 0.5},
        {"centre": 0, "scale": 1, "degrees_of_freedom": 1e6},
    ],
    "normal": [{"mean": 1e300, "sd": 1e-300}, {"p10": -1e300, "p90": 1e300}],
}


@pytest.mark.parametrize(
    ("kind", "fields"), [(kind, fields) for kind, many in EXTREMES.items() for fields in many]
)
def test_extremes_work(kind: str, fields: dict[str, float]) -> None:
    belief = of_kind(kind, **fields)
    found = quantile(belief, U)
    low, high = support_of(belief)
    assert np.isfinite(found).all()
    assert (np.diff(found) >= 0).all()
    assert ((low <= found) & (found <= high)).all()


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("normal", {"mean": 1, "p90": 2}, "give mean and sd, or p10 and p90"),
        ("normal", {"mean": 1, "sd": 0}, "above 0"),
        ("normal", {"p10": 2, "p90": 2}, "below p90"),
        ("pert", {"low": 1, "mode": 0, "high": 2}, "ascend"),
        ("beta", {"mean": 0.5, "alpha": 1}, "alpha and beta"),
        ("beta", {"mean": 1, "sd": 0.1}, "between low and high"),
        ("beta", {"mean": 0.5, "sd": 0.6}, "less than 0.5"),
        ("beta", {"mean": 0.5, "sd": 1e-9}, "from 0.01 to 1e6"),
        ("beta", {"alpha": -1, "beta": 2}, "from 0.01 to 1e6"),
        ("gamma", {"mean": 1, "sd": 1, "low": 1}, "above low"),
        ("gamma", {"mean": 1, "sd": -1}, "above 0"),
        ("gamma", {"mean": 1, "sd": 100}, "from 0.01 to 1e6"),
        ("gamma", {"shape": 1}, "shape and scale"),
        ("student-t", {"centre": 0, "scale": 0, "degrees_of_freedom": 3}, "above 0"),
        ("student-t", {"centre": 0, "scale": 1, "degrees_of_freedom": 0.1}, "from 0.5"),
        ("bernoulli", {"probability": 1.5}, "less than or equal to 1"),
        ("truncated", {"of": 3}, "low or high"),
        ("truncated", {"of": NORMAL, "low": 2, "high": 2}, "low must be below high"),
        ("truncated", {"of": 3, "low": 4}, "nothing of the belief"),
        ("mixture", {"parts": []}, "sum to 0"),
        ("mixture", {"parts": [{"weight": 0.5, "of": 1}]}, "sum to 0.5"),
        ("empirical", {"values": [1, 2, 3, 4]}, "5 values"),
        ("empirical", {"values": [1, 2, 3, 4, 5], "file": "a.csv"}, "file and column, or values"),
        ("empirical", {"file": "a.csv"}, "file and column, or values"),
        ("elicited", {"points": [[0.1, 1], [0.5, 2]]}, "from 3 to 12"),
        ("elicited", {"points": [[0.1, 1], [0.5, 2], [0.9]]}, "a pair"),
        ("elicited", {"points": [[0.1, 1], [0.5, 2], [1, 3]]}, "between 0 and 1"),
        ("elicited", {"points": [[0.1, 1], [0.5, 3], [0.9, 2]]}, "ascend"),
        ("elicited", {"points": [[0.1, 1], [0.5, 2], [0.9, 3]], "lower": 1}, "below every"),
        ("elicited", {"points": [[0.1, 1], [0.5, 2], [0.9, 3]], "upper": 3}, "above every"),
    ],
)
def test_what_is_no_distribution_is_refused(kind: str, fields: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        of_kind(kind, **fields)


def test_the_empirical_quantile_is_that_of_numpy() -> None:
    values = np.random.default_rng(3).normal(size=37).round(1)
    belief = of_kind("empirical", values=values.tolist())
    # Off the steps, where rounding decides.
    u = np.arange(1, 1000) / 1000.3
    assert (quantile(belief, u) == np.quantile(values, u, method="inverted_cdf")).all()


def test_values_that_are_not_loaded_are_not_drawn() -> None:
    belief = of_kind("empirical", file="a.csv", column="b")
    with pytest.raises(TypeError, match="are not loaded"):
        quantile(belief, U)


@pytest.mark.parametrize("low", [None, 0, -3])
def test_judged_quantiles_have_their_probabilities(low: float | None) -> None:
    for upper in (None, 1):
        if low is None and upper is not None:
            continue
        for middle in (0.37, 0.375, 0.4):
            belief = of_kind("quantiles", p10=0.3, p50=middle, p90=0.45, lower=low, upper=upper)
            inside = U[2:-2]
            np.testing.assert_allclose(
                probability(belief, quantile(belief, inside)), inside, rtol=1e-10
            )
            root = optimize.brentq(
                lambda u, b=belief: quantile(b, np.array([u]))[0] - 0.41, 0.01, 0.99, xtol=1e-14
            )
            assert probability(belief, np.array([0.41]))[0] == pytest.approx(root, abs=1e-12)
