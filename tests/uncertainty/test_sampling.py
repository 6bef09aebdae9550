"""Draws: uniform, independent, each input with a stream of its own; paths over time by hand."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy import stats
from small import buy, plan, platform, rent, scenario, site, workload

from planner.config.distributions import Uniform
from planner.config.quantities import NonNegativePath
from planner.errors import InputError
from planner.uncertainty.inputs import Input, uncertain_inputs
from planner.uncertainty.sampling import Draws, Sampler, median_draws

UNIT = Uniform(distribution="uniform", low=0, high=1)
PATH: TypeAdapter[Any] = TypeAdapter(NonNegativePath)


def stream(name: str, seed: int = 1, n: int = 12_800) -> np.ndarray[Any, Any]:
    return Sampler((Input(name, UNIT),), seed).draw(0, n).values[name]


def test_draws_are_uniform_and_inside_the_open_interval() -> None:
    found = stream("offers.a.price_usd")
    assert ((found > 0) & (found < 1)).all()
    assert np.unique(found).size == found.size
    assert stats.kstest(found, "uniform").pvalue > 0.01


def test_draws_of_different_inputs_are_uniform_too() -> None:
    """A hash that made streams alike would show across them, not along one."""
    across = [stream(f"offers.a{k}.price_usd", n=1)[0] for k in range(1000)]
    assert stats.kstest(across, "uniform").pvalue > 0.01


def test_streams_of_inputs_and_seeds_are_uncorrelated() -> None:
    base = stream("a")
    for other in (stream("b"), stream("a", seed=2), np.roll(base, 1), np.roll(base, 64)):
        assert abs(np.corrcoef(base, other)[0, 1]) < 4 / np.sqrt(base.size)


def test_the_order_of_inputs_does_not_matter() -> None:
    a, b = Input("a", UNIT), Input("b", UNIT)
    one, other, alone = (Sampler(tuple(items), 1).draw(0, 64) for items in ([a, b], [b, a], [a]))
    for name in ("a", "b"):
        assert (one.values[name] == other.values[name]).all()
    assert (one.values["a"] == alone.values["a"]).all()


@pytest.mark.parametrize("first", [0, 4, 4096])
def test_an_input_has_the_stream_of_its_own_generator(first: int) -> None:
    """Philox with the first half of a hash of seed and name as its key, four numbers to a count."""
    key = int.from_bytes(hashlib.sha256(b"7|offers.a.price_usd").digest()[:16], "little")
    philox = np.random.Philox(key=key, counter=first // 4)
    drawn = Sampler((Input("other", UNIT), Input("offers.a.price_usd", UNIT)), 7).draw(first, 100)
    expected = np.random.Generator(philox).random(100)
    assert (drawn.values["offers.a.price_usd"] == expected).all()


@pytest.mark.parametrize("first", range(9))
@pytest.mark.parametrize("n", [1, 2, 5, 64])
def test_a_sample_is_the_same_in_whatever_run_of_samples_it_is_drawn(first: int, n: int) -> None:
    drawn = Sampler((Input("a", UNIT),), 1).draw(first, n).values["a"]
    assert (drawn == stream("a")[first : first + n]).all()


def test_a_trend_compounds_by_quarters_of_a_year() -> None:
    """first x (1 + change) ** (t / 4)"""
    trend = PATH.validate_python({"first": 100, "change_per_year": 0.21})
    found = Draws({}, 2).path("x", trend, 5)
    expected = [100, 100 * 1.21**0.25, 110, 100 * 1.21**0.75, 121]
    np.testing.assert_allclose(found, [expected], rtol=1e-14)


def test_an_uncertain_trend_uses_its_own_two_draws() -> None:
    raw = {
        "first": {"distribution": "uniform", "low": 1, "high": 2},
        "change_per_year": {"distribution": "uniform", "low": -0.5, "high": 0.5},
    }
    drawn = Draws({"x.first": np.array([1, 2.0]), "x.change_per_year": np.array([-0.5, 0.44])}, 2)
    found = drawn.path("x", PATH.validate_python(raw), 3)
    np.testing.assert_allclose(
        found, [[1, 0.5**0.25, 0.5**0.5], [2, 2 * 1.44**0.25, 2.4]], rtol=1e-14
    )


def test_numbers_by_quarter_share_one_factor() -> None:
    times = {"distribution": "uniform", "low": 0.5, "high": 1.5}
    raw = PATH.validate_python({"by_quarter": [10, 0, 30], "times": times})
    found = Draws({"x.times": np.array([0.5, 1.5])}, 2).path("x", raw, 3)
    np.testing.assert_allclose(found, [[5, 0, 15], [15, 0, 45]])
    known = PATH.validate_python({"by_quarter": [1, 2], "times": 3})
    np.testing.assert_allclose(Draws({}, 1).path("x", known, 2), [[3, 6]])


@pytest.mark.parametrize("value", [7, [7, 7, 7], {"value": 7}, {"by_quarter": [7, 7, 7]}])
def test_a_known_path_is_there_once_for_all_samples(value: Any) -> None:
    found = Draws({}, 2).path("x", PATH.validate_python(value), 3)
    assert found.shape == (1, 3)
    assert (found == 7).all()


def test_inputs_are_named_by_their_path_in_the_order_of_the_config() -> None:
    unsure = {"distribution": "uniform", "low": 1, "high": 2}
    half = {"distribution": "uniform", "low": 0.4, "high": 0.6}
    raw = plan(
        2,
        {"work": workload({"by_quarter": [1, 2], "times": unsure})},
        {"chip": platform(realised_share={"value": 1, "times": half}, utilisation={"work": half})},
        {
            "own": buy("chip", {"first": unsure, "change_per_year": 0.1}, 2, residual_share=half),
            "rent": rent("chip", unsure, supply_accelerators=unsure),
        },
        sites={"hall": site(power_mw=unsure, pue=unsure)},
        limits={"largest_vendor_share": {"acme": half}},
    )
    found = uncertain_inputs(scenario(raw))
    assert [item.name for item in found] == [
        "sites.hall.power_mw",
        "sites.hall.pue",
        "workloads.work.demand.times",
        "platforms.chip.realised_share",
        "platforms.chip.utilisation.work",
        "offers.own.price_usd.first",
        "offers.own.residual_share",
        "offers.rent.supply_accelerators",
        "offers.rent.price_usd_per_hour",
        "limits.largest_vendor_share.acme",
    ]
    assert {name: value.tolist() for name, value in median_draws(found).values.items()}[
        "sites.hall.pue"
    ] == [1.5]


@pytest.mark.parametrize(
    "belief",
    [
        {"distribution": "lognormal", "p10": 1e-300, "p90": 1e300},
        {"distribution": "lognormal", "mean": 1.0, "sd": 1e200},
    ],
)
def test_a_belief_beyond_all_numbers_is_bad_input(belief: dict[str, Any]) -> None:
    offers = {"rent": rent("chip", belief)}
    made = scenario(plan(1, 10, {"chip": platform()}, offers))
    inputs = uncertain_inputs(made)

    def draw_many() -> None:
        for block in range(50):
            Sampler(tuple(inputs), 1).draw(64 * block, 64)

    with pytest.raises(InputError, match="too large to compute with"):
        draw_many()
