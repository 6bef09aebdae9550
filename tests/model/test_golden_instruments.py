"""Each instrument's whole program as an LP file that a person has read; its costs by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from instrument_scenarios import INSTRUMENT_CASES, Costs
from lp_text import assert_golden, lp_text
from small import HOURS, discounts, scenario

from planner.model.instruments import INSTRUMENTS
from planner.model.program import build_model
from planner.model.template import LinearPrograms
from planner.uncertainty.sampling import median_draws

Array = np.ndarray[Any, np.dtype[np.float64]]


def programs(mode: str, rate: float) -> LinearPrograms:
    raw = {**INSTRUMENT_CASES[mode].raw, "discount_rate_per_year": rate}
    model = build_model(scenario(raw))
    return model.programs(model.coefficients(median_draws(())))


@pytest.mark.parametrize("mode", INSTRUMENTS)
def test_the_program_of_an_instrument_is_as_it_was_read(mode: str, refresh_golden: bool) -> None:
    assert mode in INSTRUMENT_CASES, f"{mode} has no case in instrument_scenarios.py"
    text = lp_text(
        f"{mode}: the whole program, without discounting", programs(mode, 0.0), costs=True
    )
    assert_golden(f"instruments/{mode}.lp", text, refresh=refresh_golden)


def of_all(offers: Iterable[str], d: Array) -> Costs:
    """Return the costs of what several scenarios have: work for nothing, spares and shortfall."""
    costs: Costs = {}
    for t, factor in enumerate(d):
        costs[f"allocate.chip.hall.work.2026Q{t + 1}"] = 0.0
        costs[f"shortfall.work.2026Q{t + 1}"] = 1000 * HOURS * factor
        if "spare" in offers:
            costs[f"rent.spare.hall.2026Q{t + 1}"] = HOURS * factor
    return costs


@pytest.mark.parametrize("rate", [0.0, 0.1])
@pytest.mark.parametrize("mode", INSTRUMENT_CASES)
def test_the_costs_are_those_by_hand(mode: str, rate: float) -> None:
    case, found = INSTRUMENT_CASES[mode], programs(mode, rate)
    quarters = case.raw["quarters"]
    d = discounts(rate, quarters)
    expected = of_all(case.raw["offers"], d) | case.by_hand(d, (1 + rate) ** (-quarters / 4))
    names = [column.text() for column in found.template.columns]
    assert set(names) == set(expected)
    wanted = [expected[name] for name in names]
    np.testing.assert_allclose(found.cost[0], wanted, rtol=1e-12, atol=1e-9)
