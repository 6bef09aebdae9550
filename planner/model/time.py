"""Time and money: how long a quarter is, and what a payment in it is worth today."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

HOURS_PER_QUARTER = 2190.0
MONTHS_PER_QUARTER = 3.0
QUARTERS_PER_YEAR = 4
SECONDS_PER_HOUR = 3600.0


def discounts(rate_per_year: float, quarters: int) -> NDArray[np.float64]:
    """Return the mid-quarter factors ``(1 + r) ** -((t + 0.5) / 4)``, shape (quarter,)."""
    years = (np.arange(quarters) + 0.5) / 4
    return np.asarray((1 + rate_per_year) ** -years)


def horizon_discount(rate_per_year: float, quarters: int) -> float:
    """Return the factor ``(1 + r) ** -(T / 4)`` of a value at the horizon."""
    return float((1 + rate_per_year) ** (-quarters / 4))
