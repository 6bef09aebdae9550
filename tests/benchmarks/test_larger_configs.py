"""The frozen configs keep their size, and the larger ones that are made of them are valid."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from benchmarks.growth import steps, ten_million, twice_the_platforms, twice_the_quarters
from benchmarks.sizes import SIZES, Effort
from planner.config.schema import Scenario
from planner.model.program import build_model
from planner.uncertainty.inputs import uncertain_inputs


def _raw(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load(SIZES[name].config.read_text(encoding="utf-8")))


def _shape(raw: dict[str, Any]) -> tuple[int, int, int]:
    scenario = Scenario.model_validate(raw)
    template = build_model(scenario).template
    return len(template.rows), len(template.columns), len(uncertain_inputs(scenario))


@pytest.mark.parametrize(
    ("name", "shape"), [("one_quarter", (39, 42, 41)), ("eight_quarters", (210, 263, 52))]
)
def test_frozen_configs_stay_what_they_were(name: str, shape: tuple[int, int, int]) -> None:
    raw = _raw(name)
    assert _shape(raw) == shape
    assert "catalog" not in str(raw)


def test_twice_the_platforms_doubles_all_but_what_is_shared() -> None:
    raw = _raw("one_quarter")
    made = twice_the_platforms(raw)
    assert len(made["platforms"]) == 2 * len(raw["platforms"])
    assert len(made["offers"]) == 2 * len(raw["offers"])
    assert made["workloads"]["pretraining"]["demand"]["p90"] == 2 * 1750
    # Two demands, one power limit, one pool and three vendor shares are not doubled; nor are the
    # two columns of shortfall.
    rows, columns, _ = _shape(raw)
    assert _shape(made)[:2] == (2 * rows - 7, 2 * columns - 2)


def test_twice_the_quarters_stretches_every_path() -> None:
    raw = _raw("eight_quarters")
    made = twice_the_quarters(raw)
    assert made["quarters"] == 16
    assert made["sites"]["new-hall"]["power_mw"]["by_quarter"][:6] == [0, 0, 0, 0, 1.5, 1.5]
    assert made["offers"]["h200-buy"]["supply_accelerators"][-4:] == [100, 100, 100, 100]
    assert made["sites"]["new-hall"]["power_mw"]["times"]["values"] == [1.0, 0.6, 0.25]
    assert _shape(made)[0] > 1.9 * _shape(raw)[0]


def test_steps_grow_tenfold() -> None:
    effort = Effort(repeats=1, seconds=1, quick=False, most_samples=10**9)
    table = list(steps(effort))
    assert [step.samples for step in table[:3]] == [10_000, 100_000, 1_000_000]
    assert [step.samples for step in ten_million()] == [1_000_000, 10_000_000]
    for step in table:
        Scenario.model_validate(step.raw)
