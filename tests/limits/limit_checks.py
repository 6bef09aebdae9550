"""What the tests of limits share: settings of random tests, and how costs are compared."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

Raw = dict[str, Any]

checked = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    # Shrinking a failure takes a minute for each test; add Phase.shrink to study one.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def exactly(expected: Any) -> Any:
    return pytest.approx(expected, rel=1e-9, abs=1e-6)


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    """A thousand and one numbers between bounds, as a person writes them."""
    return st.integers(0, 1000).map(lambda k: float(f"{low + (high - low) * k / 1000:.4g}"))


def never_more(lower: float, upper: float) -> None:
    assert lower <= upper * (1 + 1e-9) + 1e-6
