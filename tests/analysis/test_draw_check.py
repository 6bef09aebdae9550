"""The draw check finds draws that are not what the config says, and seldom cries wolf."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from planner.analysis import draw_check as module
from planner.analysis.draw_check import draw_check, moments_of
from planner.config.offers import Chance
from planner.config.quantities import Number
from planner.config.sampling import Correlations
from planner.uncertainty.dependence import dependence_of
from planner.uncertainty.inputs import Input
from planner.uncertainty.sampling import Sampler

NUMBER: TypeAdapter[Any] = TypeAdapter(Number)


def belief(**fields: Any) -> Any:
    return NUMBER.validate_python(fields)


BELIEFS = (
    belief(distribution="uniform", low=2, high=5),
    belief(distribution="triangular", low=2, mode=3, high=7),
    belief(distribution="lognormal", mean=100, sd=30),
    belief(distribution="discrete", values=[3, 1, 2], probabilities=[0.2, 0.5, 0.3]),
    belief(distribution="quantiles", p10=0.3, p50=0.37, p90=0.45, upper=1),
)
INPUTS = tuple(Input(f"input-{k}", item) for k, item in enumerate(BELIEFS))


def test_a_sound_run_is_refused_less_than_once_in_a_hundred() -> None:
    """At a level of 0.001 for the five tests together; 300 runs see 0.3 of them on average."""
    checks = [draw_check(Sampler(INPUTS, seed), 2000) for seed in range(300)]
    assert sum(any(not item.passed for item in check.inputs) for check in checks) <= 3
    first = np.array([check.inputs[0].probability for check in checks])
    # The probability is itself uniform: the test is neither blind nor jumpy.
    assert 0.4 < first.mean() < 0.6
    assert (first < 0.1).mean() == pytest.approx(0.1, abs=0.07)


@pytest.mark.parametrize("k", range(len(BELIEFS)))
def test_draws_from_elsewhere_are_found(k: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers that crowd a little towards the middle: the margin is no longer as specified."""
    monkeypatch.setattr(module, "quantile", lambda of, u: ORIGINAL(of, 0.5 + (u - 0.5) * 0.9))
    check = draw_check(Sampler(INPUTS[k : k + 1], 1), 65_536)
    assert not check.inputs[0].passed


ORIGINAL = module.quantile


def test_a_correlation_that_is_not_drawn_is_found() -> None:
    asked = Correlations.model_validate(
        {"pairs": [{"between": ["input-0", "input-1"], "rank": 0.6}]}
    )
    dependence = dependence_of(asked, INPUTS)
    sound = draw_check(Sampler(INPUTS, 1, dependence=dependence), 4000)
    assert sound.correlations[0].passed
    assert sound.correlations[0].realised == pytest.approx(0.6, abs=0.03)
    without = Sampler(INPUTS, 1, dependence=replace(dependence, copulas=()))
    assert not draw_check(without, 4000).correlations[0].passed


def test_few_samples_tell_nothing() -> None:
    check = draw_check(Sampler(INPUTS, 1), 10)
    assert all(item.probability is None and item.passed for item in check.inputs)


@pytest.mark.parametrize(
    ("item", "mean", "sd"),
    [
        (BELIEFS[0], 3.5, 3 / np.sqrt(12)),
        (BELIEFS[1], 4.0, np.sqrt((4 + 9 + 49 - 6 - 14 - 21) / 18)),
        (BELIEFS[2], 100.0, 30.0),
        (BELIEFS[3], 1.7, np.sqrt(0.61)),
        (Chance(probability=0.06), 0.06, np.sqrt(0.06 * 0.94)),
        (
            belief(
                distribution="mixture",
                parts=[
                    {"weight": 0.25, "of": 10},
                    {"weight": 0.75, "of": {"distribution": "uniform", "low": 0, "high": 4}},
                ],
            ),
            4.0,
            np.sqrt(0.25 * 100 + 0.75 * 16 / 3 - 16),
        ),
        (belief(distribution="student-t", centre=3, scale=1, degrees_of_freedom=5), 3.0,
         np.sqrt(5 / 3)),
    ],
)  # fmt: skip
def test_moments_are_those_of_closed_forms(item: Any, mean: float, sd: float) -> None:
    found_mean, found_sd = moments_of(item)
    assert found_mean == pytest.approx(mean, rel=1e-6)
    assert found_sd == pytest.approx(sd, rel=1e-4)


def test_a_moment_that_is_infinite_is_not_told() -> None:
    heavy = belief(distribution="student-t", centre=3, scale=1, degrees_of_freedom=1.5)
    assert moments_of(heavy)[1] is None
