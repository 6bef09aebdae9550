"""The optimum of every sample is the one that a second formulation finds, in another library."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios import SAMPLES, SCENARIOS, optima
from small import bench

from planner.analysis.workbench import SolveBlock


@pytest.mark.parametrize("name", SCENARIOS)
def test_both_formulations_have_the_same_optima(name: str) -> None:
    raw = SCENARIOS[name]
    ours = SolveBlock(0, SAMPLES).run(bench(raw, raw["seed"])).cost_usd
    theirs = np.array([found.cost_usd for found in optima(name)])
    apart = np.abs(ours / theirs - 1)
    print(f"{name}: apart by at most {apart.max():.1e}, in sample {apart.argmax()}")
    np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=0)
