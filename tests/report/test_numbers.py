"""Digits follow the standard error; a share is never rounded to all or nothing."""

from __future__ import annotations

import pytest
from synthetic_parts import estimate

from planner.report.numbers import percent, usd, usd_of, usd_pm


@pytest.mark.parametrize(
    ("value", "error", "shown"),
    [
        (412_345_678.0, 4.1e6, "$412.3 M"),
        (1.2345e9, 2.3e7, "$1.234 B"),
        (18_432.0, 900.0, "$18,430"),
        (-2.2e6, 8e5, "-$2.20 M"),
        (0.0, 0.0, "$0"),
    ],
)
def test_dollars_have_the_digits_that_the_error_supports(
    value: float, error: float, shown: str
) -> None:
    assert usd_of(estimate(value, error)) == shown


def test_dollars_without_an_error_have_three_digits() -> None:
    assert usd(412_345_678.0) == "$412 M"


def test_plus_minus_shows_both() -> None:
    assert usd_pm(estimate(412e6, 4.1e6)) == "$412.0 M ± $4.1 M"


@pytest.mark.parametrize(
    ("share", "shown"), [(1.0, "100 %"), (0.99996, ">99.9 %"), (0.00001, "<0.1 %"), (0.0, "0 %")]
)
def test_almost_all_is_not_all(share: float, shown: str) -> None:
    assert percent(share) == shown
