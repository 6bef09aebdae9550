"""The optimum of every sample is the one that a second formulation finds, in another library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn import samples
from optimum import Optimum, solve
from scenarios import SCENARIOS, optima
from small import bench

from planner.analysis.workbench import SolveBlock, Workbench, build_workbench
from planner.catalog.resolve import load_scenario

KITCHEN_SINK = Path(__file__).resolve().parents[2] / "configs" / "kitchen-sink.yaml"
WRITTEN_SAMPLES = 24


@pytest.mark.parametrize("name", SCENARIOS)
def test_both_formulations_have_the_same_optima(name: str) -> None:
    raw = SCENARIOS[name]
    _agree(name, bench(raw, raw["seed"]), optima(name))


def test_both_formulations_have_the_same_optima_of_what_a_user_writes() -> None:
    """Claims, processes, look-ups and correlations; no events, which change what is drawn."""
    scenario = load_scenario(KITCHEN_SINK, ["events={}", "bet_gap=0"]).scenario
    found = tuple(solve(sample) for sample in samples(scenario, WRITTEN_SAMPLES))
    _agree(scenario.scenario, build_workbench(scenario), found)


def _agree(name: str, ours_in: Workbench, found: tuple[Optimum, ...]) -> None:
    ours = SolveBlock(0, len(found)).run(ours_in).cost_usd
    theirs = np.array([optimum.cost_usd for optimum in found])
    apart = np.abs(ours / theirs - 1)
    print(f"{name}: apart by at most {apart.max():.1e}, in sample {apart.argmax()}")
    np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=0)
