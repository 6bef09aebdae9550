"""Something that happens or not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planner.beliefs.kinds import describe, is_uncertain, quantile
from planner.config.offers import Chance
from planner.config.validation import validate
from planner.config.yaml_tree import read_document
from planner.uncertainty.inputs import Input, uncertain_inputs
from planner.uncertainty.sampling import Sampler

CONFIG = Path(__file__).parents[1] / "config"


@pytest.mark.parametrize("probability", [0.0, 0.25, 0.5, 0.6, 1.0])
def test_it_happens_as_often_as_it_should(probability: float) -> None:
    u = (np.arange(100) + 0.5) / 100
    values = quantile(Chance(probability=probability), u)
    assert set(values) <= {0.0, 1.0}
    assert values.sum() == 100 * probability
    assert np.all(np.diff(values) >= 0)


@pytest.mark.parametrize(("probability", "median"), [(0.49, 0), (0.5, 0), (0.51, 1)])
def test_its_median_is_the_likelier(probability: float, median: int) -> None:
    assert quantile(Chance(probability=probability), np.array([0.5])) == median


@pytest.mark.parametrize(("probability", "support"), [(0.0, (0, 0)), (0.3, (0, 1)), (1.0, (1, 1))])
def test_it_is_certain_at_0_and_1_only(probability: float, support: tuple[int, int]) -> None:
    chance = Chance(probability=probability)
    assert chance.support() == support
    assert is_uncertain(chance) == (support == (0, 1))


def test_it_is_drawn_and_described() -> None:
    chance = Chance(probability=0.6, source="experience")
    values = Sampler((Input("offers.own.success", chance),), 1).draw(0, 64).values
    assert 0.4 < values["offers.own.success"].mean() < 0.8
    assert describe(chance) == "happens with probability 60 %"
    assert describe(Chance(probability=0.125)) == "happens with probability 12.5 %"


def test_it_is_found_among_the_uncertain_inputs() -> None:
    scenario = validate(read_document(CONFIG / "instruments.yaml"))
    found = {item.name: item.belief for item in uncertain_inputs(scenario)}
    assert isinstance(found["offers.own-chip.success"], Chance)
    assert "bargaining.allocation_cuts.jealous.cut_share" in found
    assert "offers.big-buy.slip_quarters" in found
