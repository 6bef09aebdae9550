"""Scenarios whose figures move by every rule: a whole run, and each sample's cost by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small import HOURS, UNLIMITED, buy, discounts, plan, platform, rent, site, uniform, workload

import planner
from planner.catalog.resolve import load_scenario
from planner.config.offers import Buy
from planner.config.processes import Steps
from planner.config.quantities import Fixed
from planner.run import run

TINY = Path(__file__).with_name("tiny.yaml")

WALK = {"process": "random-walk", "first": uniform(2, 3), "volatility_per_year": 0.5}
PULLED = {
    "process": "mean-reverting",
    "first": 3.0,
    "level": 2.0,
    "half_life_quarters": 2.0,
    "volatility_per_year": 0.6,
}
STEPS = {
    "process": "steps",
    "first": 3.0,
    "probability_per_quarter": 0.4,
    "change": uniform(-0.4, 0.2),
}
LEARNING = {
    "process": "learning-curve",
    "first": 3.0,
    "learning_rate": uniform(0.1, 0.3),
    "volume_before": 10.0,
    "volume_by_quarter": [10.0, 20.0, 40.0, 80.0],
}
NOISY = {"first": 3.0, "change_per_year": -0.2, "error_sd": 0.3}
SHOCKS = [f"shocks.2026Q{t}" for t in (2, 3, 4)]


def price_by_hand(price: dict[str, Any], of: dict[str, float]) -> list[float]:
    """Return the price of each quarter from one sample's draws."""
    shocks = [of.get(name, 0.0) for name in SHOCKS]
    match price.get("process"):
        case "random-walk":
            return [of["first"] * np.exp(0.25 * sum(shocks[:t])) for t in range(4)]
        case "mean-reverting":
            kept = np.sqrt(0.5)
            sd = 0.6 * np.sqrt(2 / (8 * np.log(2)) * 0.5)
            logs = [np.log(1.5)]
            for shock in shocks:
                logs.append(kept * logs[-1] + sd * shock)
            return [2 * np.exp(log) for log in logs]
        case "steps":
            return [3 * float(np.prod([1 + c for c in shocks[:t]])) for t in range(4)]
        case "learning-curve":
            falls = 1 - of["learning_rate"]
            return [3 * falls ** np.log2(made / 10) for made in (10, 20, 40, 80)]
        case _:
            errors = [0, *shocks]
            return [3 * 0.8 ** (t / 4) * np.exp(0.3 * errors[t]) for t in range(4)]


def draws_of(frame: pd.DataFrame, path: str) -> list[dict[str, float]]:
    """Return each sample's draws of the inputs under a path."""
    drawn = frame[(frame["kind"] == "draw") & frame["name"].str.startswith(path)]
    wide = drawn.pivot(index="sample", columns="name", values="value")
    wide.columns = [name.removeprefix(f"{path}.") for name in wide.columns]
    return wide.to_dict("records")  # type: ignore[return-value]


@pytest.mark.parametrize(
    "price", [WALK, PULLED, STEPS, LEARNING, NOISY], ids=lambda raw: raw.get("process", "trend")
)
def test_a_rented_unit_costs_the_prices_of_its_path(price: dict[str, Any], tmp_path: Path) -> None:
    raw = plan(4, 10.0, {"chip": platform()}, {"rent": rent("chip", price)}, rate=0.08, samples=40)
    config = tmp_path / "plan.yaml"
    config.write_text(json.dumps(raw))
    folder = run(config, out=tmp_path, workers=1, mode="wait-and-see").folder
    assert folder is not None
    frame = planner.samples_frame(folder)
    costs = frame[frame["name"] == "cost_usd"].set_index("sample")["value"]
    draws = draws_of(frame, "offers.rent.price_usd_per_hour")
    assert len(draws) == 40
    for cost, of in zip(costs, draws, strict=True):
        prices = price_by_hand(price, of)
        assert cost == pytest.approx(10 * HOURS * np.dot(prices, discounts(0.08, 4)), rel=1e-9)
    assert costs.nunique() > 30


def test_the_first_price_of_a_process_is_looked_up_in_the_catalogue() -> None:
    price = (
        "offers.h100-buy.price_usd={process: steps, first: {catalog: h100-buy}, "
        "probability_per_quarter: 0.2, change: -0.1}"
    )
    found = load_scenario(TINY, [price]).scenario.offers["h100-buy"]
    assert isinstance(found, Buy)
    assert isinstance(found.price_usd, Steps)
    assert isinstance(found.price_usd.first, Fixed)


def test_every_kind_at_once_over_twenty_quarters(tmp_path: Path) -> None:
    volumes = {**LEARNING, "first": 20_000.0, "volume_by_quarter": [20.0] * 20}
    raw = plan(
        20,
        {"work": workload({**WALK, "first": 10.0, "drift_per_year": 0.3})},
        {"chip": platform()},
        {
            "own": buy("chip", volumes, 8, sites=["hall"], supply_accelerators=STEPS),
            "rent": rent("chip", PULLED, sites=["cloud"], supply_accelerators=UNLIMITED),
            "more": rent("chip", STEPS, sites=["cloud"], supply_accelerators=NOISY),
        },
        sites={
            "hall": site(power_mw={**WALK, "first": 0.05}, energy_usd_per_kwh=PULLED),
            "cloud": site(),
        },
        samples=48,
    )
    config = tmp_path / "plan.yaml"
    config.write_text(json.dumps(raw))
    results = run(config, out=tmp_path, workers=1, mode="wait-and-see").results
    assert results.samples_done == 48
    assert not results.solves.unproven
    # Nine figures, of which each but the learning curve has a shock in 19 quarters.
    assert results.size.uncertain_inputs == 7 * 19 + 1
