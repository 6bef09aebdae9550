"""Quantities that move: closed forms, drawn moments and quantiles, and streams that stay."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from scipy import stats
from small import plan, platform, rent, scenario, uniform

from planner.beliefs.kinds import atoms, describe, is_uncertain, probability, quantile
from planner.config.processes import PROCESSES, Process, StandardNormal, StepChange, process_name
from planner.config.quantities import Change, PositivePath, Trend, support_of
from planner.config.schema import quarters_from
from planner.errors import InputError
from planner.uncertainty.inputs import parts, uncertain_inputs
from planner.uncertainty.processes import (
    describe_process,
    log_moments,
    process_path,
    reversion,
    shock_belief,
)
from planner.uncertainty.sampling import Draws, median_draws
from planner.uncertainty.streams import uniforms

PATH: TypeAdapter[Any] = TypeAdapter(PositivePath)
CHANGE: TypeAdapter[Any] = TypeAdapter(Change)
N = 40_000
QUARTERS = quarters_from("2026Q1", 8)
Raw = dict[str, Any]
Array = np.ndarray[Any, np.dtype[np.float64]]

WALK: Raw = {
    "process": "random-walk",
    "first": 2.5,
    "drift_per_year": -0.2,
    "volatility_per_year": 0.4,
}
PULLED: Raw = {
    "process": "mean-reverting",
    "first": 0.12,
    "level": 0.06,
    "half_life_quarters": 2,
    "volatility_per_year": 0.5,
}
STEPS: Raw = {
    "process": "steps",
    "first": 30_000.0,
    "probability_per_quarter": 0.3,
    "change": uniform(-0.2, 0.1),
}
LEARNING: Raw = {
    "process": "learning-curve",
    "first": 9000.0,
    "learning_rate": 0.2,
    "volume_by_quarter": [1000.0, 2000.0, 4000.0, 8000.0, 0.0, 0.0, 16000.0, 1.0],
    "volume_before": 1000.0,
}
NOISY: Raw = {"first": 100.0, "change_per_year": 0.21, "error_sd": 0.1}
EXAMPLES = {raw["process"]: raw for raw in (WALK, PULLED, STEPS, LEARNING)}


def path_of(raw: Raw, **changes: Any) -> Any:
    return PATH.validate_python({**raw, **changes})


def drawn(path: Any, quarters: tuple[str, ...] = QUARTERS, n: int = N) -> Draws:
    beliefs = {k: b for k, b in parts("x", path, quarters).items() if is_uncertain(b)}
    numbers = uniforms(7, list(beliefs), 0, n)
    return Draws({k: quantile(b, u) for (k, b), u in zip(beliefs.items(), numbers, strict=True)}, n)


def simulated(raw: Raw, quarters: tuple[str, ...] = QUARTERS, **changes: Any) -> Array:
    path = path_of(raw, **changes)
    return drawn(path, quarters).path("x", path, len(quarters))


def near(values: Array, mean: float, variance: float) -> None:
    """Assert a mean within four of its standard errors."""
    assert abs(values.mean() - mean) < 4 * math.sqrt(variance / values.size)


def has_normal_logs(found: Array, mean: float, sd: float) -> None:
    """Assert mean, variance and quantiles of the logarithms within four standard errors."""
    logs = np.log(found)
    near(logs, mean, sd**2)
    # The fourth moment of a normal is three times its squared variance.
    near((logs - mean) ** 2, sd**2, 2 * sd**4)
    for level in (0.1, 0.5, 0.9):
        edge = stats.lognorm(sd, scale=math.exp(mean)).ppf(level)
        near((found < edge).astype(float), level, level * (1 - level))


def test_every_kind_has_an_example_words_and_a_path() -> None:
    assert set(EXAMPLES) == {process_name(model) for model in PROCESSES}
    for raw in EXAMPLES.values():
        process = path_of(raw)
        assert f"{raw['first']:g}" in describe_process(process)
        values = simulated(raw)
        assert values.shape == (1 if raw is LEARNING else N, 8)
        assert values.flags.f_contiguous
        assert (values[:, 0] == raw["first"]).all()
        low, high = support_of(process)
        assert low <= values.min() <= values.max() <= high


def test_an_unknown_kind_is_refused() -> None:
    bare = Process(first=1.0)
    with pytest.raises(TypeError, match="no path of Process"):
        process_path("x", bare, {}, [])
    with pytest.raises(TypeError, match="no words for Process"):
        describe_process(bare)


@pytest.mark.parametrize("t", range(1, 8))
def test_a_walk_is_lognormal(t: int) -> None:
    """ln v_t is normal with mean ln(first) + drift t / 4 and variance volatility ** 2 t / 4."""
    mean, sd = math.log(2.5) - 0.2 * t / 4, 0.4 * math.sqrt(t / 4)
    assert log_moments(path_of(WALK), t) == pytest.approx((mean, sd), rel=1e-14)
    found = simulated(WALK)[:, t]
    has_normal_logs(found, mean, sd)
    near(found, math.exp(mean + sd**2 / 2), math.exp(2 * mean + sd**2) * math.expm1(sd**2))


def test_a_walk_adds_up_its_shocks() -> None:
    shocks = np.array([[0.3, -1.2], [1.1, 0.4], [-0.5, 2.0]])
    values = {f"x.shocks.2026Q{t + 2}": shock for t, shock in enumerate(shocks)}
    # Whatever the order in which they were drawn.
    found = Draws(dict(reversed(values.items())), 2).path("x", path_of(WALK), 4)
    total = np.vstack([np.zeros(2), np.cumsum(shocks, axis=0)]).T
    expected = 2.5 * np.exp(-0.2 * np.arange(4) / 4 + 0.4 * 0.5 * total)
    np.testing.assert_allclose(found, expected, rtol=1e-14)


@pytest.mark.parametrize("t", range(1, 8))
def test_a_pulled_price_is_lognormal(t: int) -> None:
    """Half of the distance is left after each half-life; s2 = volatility ** 2 h / (8 ln 2)."""
    stationary = 0.5**2 * 2 / (8 * math.log(2))
    mean = math.log(0.06) + 0.5 ** (t / 2) * math.log(2)
    sd = math.sqrt(stationary * (1 - 0.5**t))
    assert log_moments(path_of(PULLED), t) == pytest.approx((mean, sd), rel=1e-13)
    has_normal_logs(simulated(PULLED)[:, t], mean, sd)


@pytest.mark.parametrize(("half_life", "volatility"), [(0.1, 0.3), (2.0, 0.5), (40.0, 1.5)])
def test_the_quarters_of_a_pulled_price_are_steps_of_the_exact_process(
    half_life: float, volatility: float
) -> None:
    """dm/dt = -k m and dV/dt = -2 k V + volatility ** 2, solved by Runge-Kutta, not by formula."""
    from scipy.integrate import solve_ivp

    pull = 4 * math.log(2) / half_life
    solved = solve_ivp(
        lambda _, y: [-pull * y[0], -2 * pull * y[1] + volatility**2],
        (0, 0.25), [1, 0], rtol=1e-10, atol=1e-14,
    )  # fmt: skip
    kept, sd = reversion(np.array([half_life]), np.array([volatility]))
    np.testing.assert_allclose([kept[0], sd[0] ** 2], solved.y[:, -1], rtol=1e-7, atol=1e-11)


def test_a_pull_without_end_is_a_walk() -> None:
    weak = path_of(PULLED, half_life_quarters=1e9, volatility_per_year=0.4, first=2.5)
    walk = path_of(WALK, drift_per_year=0)
    assert log_moments(weak, 7) == pytest.approx(log_moments(walk, 7), rel=1e-7)
    same = {f"x.shocks.{name}": np.array([0.7, -1.0]) for name in QUARTERS[1:]}
    found = [Draws(same, 2).path("x", path, 8) for path in (weak, walk)]
    np.testing.assert_allclose(*found, rtol=1e-7)


def test_the_median_of_a_pulled_price_halves_its_distance() -> None:
    path = path_of(PULLED, half_life_quarters=3, first=0.48)
    medians = median_draws([])
    still = {f"x.shocks.{name}": np.zeros(1) for name in QUARTERS[1:]}
    found = Draws({**medians.values, **still}, 1).path("x", path, 8)[0]
    np.testing.assert_allclose(found[[0, 3, 6]], 0.06 * 8.0 ** np.array([1, 0.5, 0.25]), rtol=1e-14)


@pytest.mark.parametrize("t", range(1, 8))
def test_steps_have_the_moments_of_a_product(t: int) -> None:
    """E v = first (1 + p E c) ** t; E v ** 2 = first ** 2 (1 + p (2 E c + E c ** 2)) ** t."""
    first_moment, second = -0.05, (0.1**3 + 0.2**3) / (3 * 0.3)
    third, fourth = (0.1**4 - 0.2**4) / (4 * 0.3), (0.1**5 + 0.2**5) / (5 * 0.3)

    def moment(power: int) -> float:
        own = [1.0, first_moment, second, third, fourth]
        return (
            float(1 - 0.3 + 0.3 * sum(math.comb(power, k) * own[k] for k in range(power + 1))) ** t
        )

    found = simulated(STEPS)[:, t] / 30_000
    near(found, moment(1), moment(2) - moment(1) ** 2)
    near(found**2, moment(2), moment(4) - moment(2) ** 2)
    unmoved = 0.7**t
    near((found == 1).astype(float), unmoved, unmoved * (1 - unmoved))


def test_steps_of_one_size_count_a_binomial() -> None:
    found = simulated(STEPS, change=-0.25)
    for t in range(1, 8):
        falls = np.rint(np.log(found[:, t] / 30_000) / math.log(0.75))
        np.testing.assert_allclose(found[:, t], 30_000 * 0.75**falls, rtol=1e-14)
        for k in range(t + 1):
            share = stats.binom(t, 0.3).pmf(k)
            near((falls == k).astype(float), share, share * (1 - share))


@pytest.mark.parametrize(
    ("probability", "change", "factor"), [(0, uniform(-0.5, 0.5), 1), (1, -0.25, 0.75), (1, 0, 1)]
)
def test_steps_that_are_sure_are_known(probability: float, change: Any, factor: float) -> None:
    path = path_of(STEPS, probability_per_quarter=probability, change=change)
    assert not drawn(path).values
    found = Draws({}, 5).path("x", path, 4)
    np.testing.assert_allclose(found, [30_000 * factor ** np.arange(4.0)], rtol=1e-14)


def test_steps_in_every_quarter_are_the_changes_themselves() -> None:
    path = path_of(STEPS, probability_per_quarter=1)
    found = drawn(path)
    numbers = uniforms(7, [f"x.shocks.{name}" for name in QUARTERS[1:]], 0, N)
    changes = stats.uniform(-0.2, 0.3).ppf(numbers)
    expected = 30_000 * np.cumprod(1 + np.vstack([np.zeros(N), changes]), axis=0).T
    np.testing.assert_allclose(found.path("x", path, 8), expected, rtol=1e-12)


U = np.concatenate([[2.0**-54], np.linspace(0, 1, 4002)[1:-1], [1 - 2.0**-53]])


def change_of(change: Any, probability: float) -> StepChange:
    raw = {**STEPS, "change": change, "probability_per_quarter": probability}
    belief = shock_belief(path_of(raw))
    assert isinstance(belief, StepChange)
    return belief


@given(low=st.floats(-0.9, 0.4), width=st.floats(0.01, 2), probability=st.floats(0.01, 1))
@settings(max_examples=60, deadline=None)
def test_a_change_that_may_not_come_is_inverted_exactly(
    low: float, width: float, probability: float
) -> None:
    """Its distribution function: p F(x), and 1 - p more from zero on."""
    u = U
    found = quantile(change_of(uniform(low, low + width), probability), u)
    same = stats.uniform(low, width)
    assert (np.diff(found) >= 0).all()
    moved = found != 0
    jump = np.where(found > 0, 1 - probability, 0)
    np.testing.assert_allclose((probability * same.cdf(found) + jump)[moved], u[moved], atol=1e-12)
    below = probability * same.cdf(0)
    assert not found[(u > below + 1e-12) & (u < below + 1 - probability - 1e-12)].any()


@pytest.mark.parametrize(
    "change",
    [
        {
            "distribution": "discrete",
            "values": [0.2, -0.3, 0, 0.1],
            "probabilities": [0.1, 0.4, 0.2, 0.3],
        },
        {"value": -0.2, "times": uniform(-1, 3)},
        {"distribution": "quantiles", "p10": -0.2, "p50": 0.01, "p90": 0.2, "lower": -0.5},
    ],
    ids=["unordered", "turned around", "quantiles"],
)
def test_any_change_ascends_around_its_zeros(change: Raw) -> None:
    own = np.sort(quantile(CHANGE.validate_python(change), (np.arange(20_000) + 0.5) / 20_000))
    found = quantile(change_of(change, 0.4), (np.arange(50_000) + 0.5) / 50_000)
    assert (np.diff(found) >= 0).all()
    # Two in five numbers are the changes by size, the others are zero.
    expected = np.sort(np.concatenate([own, np.zeros(30_000)]))
    np.testing.assert_allclose(found, expected, atol=2e-4)
    ends = quantile(change_of(change, 0.4), U)
    assert np.isfinite(ends).all()
    assert (ends > -1).all()


def test_in_the_middle_of_two_halves_the_upper_counts() -> None:
    """As for a list of values; without a quantile of 0, which tails do not have."""
    tail = {"distribution": "lognormal", "p10": 0.1, "p90": 0.2}
    assert 0 < quantile(change_of(tail, 0.5), np.array([0.5]))[0] < 0.1
    assert quantile(change_of(tail, 0.5), np.array([0.4999])) == 0


def test_the_distribution_function_of_a_change_undoes_its_quantiles() -> None:
    own = {"distribution": "discrete", "values": [0.1, -0.2], "probabilities": [0.25, 0.75]}
    belief = change_of(own, 0.4)
    x = np.array([-0.3, -0.2, -0.1, 0, 0.05, 0.1])
    np.testing.assert_allclose(probability(belief, x), [0, 0.3, 0.3, 0.9, 0.9, 1], rtol=1e-12)
    assert sorted(atoms(belief)) == [-0.2, 0, 0.1]
    assert sorted(atoms(change_of(own, 1))) == [-0.2, 0.1]
    assert atoms(change_of(own, 0)).tolist() == [0]
    u = np.array([1e-9, 0.2, 0.5, 0.999])
    np.testing.assert_allclose(probability(StandardNormal(), quantile(StandardNormal(), u)), u)
    assert describe(StandardNormal()) == "standard normal"
    assert describe(belief).startswith("no change, or with probability 40 % one by one of")


def test_a_shock_that_may_not_come_has_the_support_of_both() -> None:
    assert change_of(uniform(0.1, 0.2), 0.5).support() == (0, 0.2)
    assert change_of(uniform(-0.2, -0.1), 0.5).support() == (-0.2, 0)
    assert change_of(uniform(0.1, 0.2), 1).support() == (0.1, 0.2)
    assert change_of(uniform(0.1, 0.2), 0).support() == (0, 0)
    assert StandardNormal().support() == (-math.inf, math.inf)


def test_a_learning_curve_falls_by_its_rate_with_each_doubling() -> None:
    """Wright's 80 % curve, by what has been made when a quarter begins."""
    made = np.array([1, 2, 4, 8, 16, 16, 16, 32])
    found = Draws({}, 3).path("x", path_of(LEARNING), 8)
    np.testing.assert_allclose(found, [9000 * 0.8 ** np.log2(made)], rtol=1e-14)


def test_nothing_made_or_learned_changes_nothing() -> None:
    for still in ({"volume_by_quarter": [0.0] * 8}, {"learning_rate": 0}):
        found = Draws({}, 1).path("x", path_of(LEARNING, **still), 8)
        assert (found == 9000).all()


def test_a_trend_has_independent_errors_after_its_first_quarter() -> None:
    found = simulated(NOISY)
    trend = 100 * 1.21 ** (np.arange(8) / 4)
    assert (found[:, 0] == 100).all()
    for t in range(1, 8):
        has_normal_logs(found[:, t], math.log(trend[t]), 0.1)
    errors = np.log(found / trend)[:, 1:]
    off = np.corrcoef(errors.T) - np.eye(7)
    assert abs(off).max() < 4.5 / math.sqrt(N)


def test_parameters_can_be_uncertain_each_by_itself() -> None:
    raw = {
        **PULLED,
        "first": uniform(0.1, 0.2),
        "level": uniform(0.05, 0.07),
        "half_life_quarters": uniform(1, 3),
        "volatility_per_year": uniform(0.1, 0.5),
    }
    path = path_of(raw)
    draws = drawn(path, n=64)
    assert list(draws.values) == [
        *(f"x.{key}" for key in ("first", "level", "half_life_quarters", "volatility_per_year")),
        *(f"x.shocks.{name}" for name in QUARTERS[1:]),
    ]
    together = draws.path("x", path, 8)
    for s in (0, 17, 63):
        one = {key: float(draws.values[f"x.{key}"][s]) for key in path.parameters}
        shocks = {k: v[[s]] for k, v in draws.values.items() if ".shocks." in k}
        alone = Draws(shocks, 1).path("x", path_of(PULLED, **one), 8)
        np.testing.assert_allclose(together[[s]], alone, rtol=1e-13)
    assert log_moments(path, 3) is None


@pytest.mark.parametrize(
    "raw", [WALK, PULLED, STEPS, NOISY], ids=["walk", "pulled", "steps", "trend"]
)
def test_more_quarters_leave_the_earlier_draws_as_they_were(raw: Raw) -> None:
    short, long = (simulated(raw, quarters_from("2026Q1", count)) for count in (5, 20))
    assert short.tobytes("F") == long[:, :5].tobytes("F")


def test_a_later_start_leaves_the_shocks_of_its_quarters_as_they_were() -> None:
    path = path_of(WALK)
    early, late = (drawn(path, quarters_from(start, 6)).values for start in ("2026Q1", "2026Q3"))
    both = early.keys() & late.keys()
    assert both == {"x.shocks.2026Q4", "x.shocks.2027Q1", "x.shocks.2027Q2"}
    assert all((early[name] == late[name]).all() for name in both)


def test_quarters_are_in_order_past_the_year_9999() -> None:
    quarters = quarters_from("9999Q3", 5)
    path = path_of(STEPS, change=0.5)
    changes = {
        f"x.shocks.{name}": np.array([c])
        for name, c in zip(quarters[1:], (0, 0.5, 0, 0.5), strict=True)
    }
    found = Draws(changes, 1).path("x", path, 5)
    np.testing.assert_allclose(found, [[30_000, 30_000, 45_000, 45_000, 67_500]])


def test_shocks_that_were_not_drawn_are_missed() -> None:
    with pytest.raises(ValueError, match="x has 0 shocks drawn for 3 quarters"):
        Draws({}, 1).path("x", path_of(WALK), 3)
    # A plan of one quarter has none.
    assert Draws({}, 1).path("x", path_of(WALK), 1).tolist() == [[2.5]]


@pytest.mark.parametrize(
    "raw",
    [
        {**WALK, "volatility_per_year": 1e4},
        {**WALK, "drift_per_year": -1e5},
        {**PULLED, "half_life_quarters": 1e300, "volatility_per_year": 1e200},
    ],
)
def test_values_beyond_all_numbers_are_bad_input(raw: Raw) -> None:
    with pytest.raises(InputError, match="too large or too near to 0"):
        simulated(raw)


def test_inputs_of_a_scenario_are_named_by_quarter() -> None:
    offers = {"rent": rent("chip", {**WALK, "first": uniform(2, 3)}, supply_accelerators=NOISY)}
    made = scenario(plan(3, 10, {"chip": platform()}, offers))
    assert [item.name for item in uncertain_inputs(made)] == [
        "offers.rent.supply_accelerators.shocks.2026Q2",
        "offers.rent.supply_accelerators.shocks.2026Q3",
        "offers.rent.price_usd_per_hour.first",
        "offers.rent.price_usd_per_hour.shocks.2026Q2",
        "offers.rent.price_usd_per_hour.shocks.2026Q3",
    ]


def test_at_its_medians_a_process_drifts_or_stays() -> None:
    often = {**STEPS, "probability_per_quarter": 0.6, "change": uniform(-0.3, -0.1)}
    offers = {
        "walk": rent("chip", WALK),
        "steps": rent("chip", often),
        "calm": rent("chip", STEPS),
    }
    made = scenario(plan(5, 10, {"chip": platform()}, offers))
    medians = median_draws(uncertain_inputs(made))

    def at(name: str) -> Array:
        path = made.offers[name].price_usd_per_hour  # type: ignore[union-attr]
        return medians.path(f"offers.{name}.price_usd_per_hour", path, 5)[0]

    np.testing.assert_allclose(at("walk"), 2.5 * np.exp(-0.2 * np.arange(5) / 4), rtol=1e-14)
    assert (at("calm") == 30_000).all()
    # A fall comes in three of five quarters: its median is that of the 5/6-quantile of all falls.
    fall = 1 - 0.3 + 0.2 * (0.5 / 0.6)
    np.testing.assert_allclose(at("steps"), 30_000 * fall ** np.arange(5.0), rtol=1e-12)


def test_a_trend_without_error_is_as_it_was() -> None:
    trend = path_of({"first": uniform(1, 2), "change_per_year": uniform(-0.5, 0.5)})
    assert isinstance(trend, Trend)
    assert list(parts("x", trend, QUARTERS)) == ["x.first", "x.change_per_year"]
