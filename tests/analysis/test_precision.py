"""Precisions to draw samples until, and how many samples they need."""

from __future__ import annotations

import pytest

from planner.analysis.precision import parse_precision, samples_needed
from planner.analysis.results_estimates import Estimate
from planner.errors import InputError


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("se(mean cost) < 0.5%", 1.0),
        ("SE(mean cost)<2%", 4.0),
        ("se( mean cost ) < 2_000 usd", 2000.0),
        ("se(mean cost) < 1e6 USD", 1e6),
    ],
)
def test_a_precision_is_relative_or_in_dollars(text: str, error: float) -> None:
    assert parse_precision(text).error_usd(-200.0) == pytest.approx(error)


@pytest.mark.parametrize("text", ["", "se(cost) < 1%", "se(mean cost) < 0%", "se(mean cost) > 1%"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match=r"se\(mean cost\) < 0.5%"):
        parse_precision(text)


def test_it_is_met_by_a_smaller_error_only() -> None:
    precision = parse_precision("se(mean cost) < 1%")
    assert precision.is_met(Estimate(100.0, 0.99, None, None, 9))
    assert not precision.is_met(Estimate(100.0, 1.0, None, None, 9))
    assert not precision.is_met(Estimate(100.0, None, None, None, 1))


def test_needed_samples_follow_the_root_law_and_are_rounded_up() -> None:
    mean = Estimate(100.0, 2.0, None, None, 1000)
    assert samples_needed(mean, 1.0) == 4000
    assert samples_needed(mean, 0.7) == 8200
    assert samples_needed(Estimate(100.0, 0.0, None, None, 9), 1.0) is None
