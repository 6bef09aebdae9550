"""Every figure of the scenario is told, with the spread of the belief and its sources."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small import middling, plan, platform, rent, scenario, uniform, workload

from planner.analysis.assumptions import assumptions
from planner.uncertainty.inputs import uncertain_inputs


def told(raw: dict[str, Any]) -> dict[str, Any]:
    return {item.path: item for item in assumptions(scenario(raw))}


def test_beliefs_known_numbers_and_sources() -> None:
    times = {"distribution": "lognormal", "p10": 0.8, "p90": 1.25, "source": "a survey"}
    raw = plan(
        2,
        {"work": workload({"by_quarter": [10, 20], "times": uniform(1, 2), "source": "the plan"})},
        {"chip": platform(peak_pflops={"value": 2.0, "source": "the sheet", "times": times})},
        {"rent": rent("chip", {"first": uniform(2, 4), "change_per_year": -0.1})},
    )
    found = told(raw)
    peak = found["platforms.chip.peak_pflops"]
    assert (peak.p10, peak.p50, peak.p90) == pytest.approx((1.6, 2.0, 2.5))
    assert peak.uncertain
    assert peak.source == "the sheet; a survey"
    demand = found["workloads.work.demand"]
    assert (demand.p10, demand.p50, demand.p90) == pytest.approx((22, 30, 38))
    assert demand.source == "the plan"
    price = found["offers.rent.price_usd_per_hour"]
    assert (price.p10, price.p50, price.p90) == pytest.approx((2.2, 3, 3.8))
    known = found["workloads.work.shortfall_usd_per_unit_hour"]
    assert (known.uncertain, known.p10, known.p50, known.p90) == (False, 1000, 1000, 1000)


def test_every_uncertain_input_is_among_them_and_told_as_uncertain() -> None:
    found = told(middling())
    for item in uncertain_inputs(scenario(middling())):
        path = item.name
        for end in (".times", ".first", ".change_per_year"):
            path = path.removesuffix(end)
        assert found[path].uncertain, item.name
        assert found[path].p10 < found[path].p90 or item.name.endswith("change_per_year")


def test_every_number_of_the_config_is_told_once() -> None:
    listed = [item.path for item in assumptions(scenario(middling()))]
    assert len(listed) == len(set(listed))
    for name, body in middling()["offers"].items():
        for key in body:
            wanted = key not in ("mode", "platform", "sites")
            assert (f"offers.{name}.{key}" in listed) == wanted
    assert np.isfinite([item.p50 for item in assumptions(scenario(middling()))]).all()
