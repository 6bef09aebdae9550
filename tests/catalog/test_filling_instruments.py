"""What the catalogue fills in where instruments need it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.catalog.loading import load_catalog
from planner.catalog.resolve import LoadedScenario, load_scenario
from planner.config.fleet import Contracted, Ordered
from planner.config.offers import Option
from planner.config.quantities import Fixed
from planner.errors import InputError, Problem

SCENARIO = """\
scenario: small
question: What to buy?
start: 2026Q1
quarters: 2
discount_rate_per_year: 0.1
samples: 8
seed: 1
sites:
  cloud: {power_mw: unlimited, pue: 1, energy_usd_per_kwh: 0, hosting_usd_per_kw_month: 0}
workloads:
  training: {demand: 100, shortfall_usd_per_unit_hour: 60}
platforms:
  nvidia-h100-sxm:
    availability: 0.9
    utilisation: {training: 0.4}
offers:
  option:
    mode: option
    platform: nvidia-h100-sxm
    sites: [cloud]
    supply_accelerators: 1000
    fee_usd: 1e6
    up_to_accelerators: 100
    exercise_until: 2026Q2
    price_usd: {catalog: h100-buy}
    lead_time_quarters: 0
    life_quarters: 8
    residual_share: 0
existing:
  ordered:
    mode: ordered
    platform: nvidia-h100-sxm
    site: cloud
    accelerators: 8
    delivery_in_quarters: 0
    price_usd: {catalog: h100-buy, times: {distribution: uniform, low: 0.8, high: 0.9}}
    life_quarters: 8
    residual_share: 0
  contracted:
    mode: contracted
    platform: nvidia-h100-sxm
    site: cloud
    accelerators: 8
    term_left_quarters: 1
    price_usd_per_hour: {catalog: gcp-h100-on-demand}
"""
NEED = "training: {demand: 100, shortfall_usd_per_unit_hour: 60"


def load(folder: Path, *changes: tuple[str, str]) -> LoadedScenario:
    text = SCENARIO
    for written, instead in changes:
        assert text.count(written) == 1, written
        text = text.replace(written, instead)
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def problems(folder: Path, *changes: tuple[str, str]) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        load(folder, *changes)
    return list(caught.value.problems)


def test_prices_of_options_and_of_what_exists_are_looked_up(tmp_path: Path) -> None:
    scenario = load(tmp_path).scenario
    known = load_catalog().prices
    option, ordered = scenario.offers["option"], scenario.existing["ordered"]
    contracted = scenario.existing["contracted"]
    assert isinstance(option, Option)
    assert isinstance(ordered, Ordered)
    assert isinstance(contracted, Contracted)
    assert option.price_usd == Fixed(
        value=known["h100-buy"].value,
        source=f"catalogue price h100-buy: {known['h100-buy'].citation()}",
    )
    assert isinstance(ordered.price_usd, Fixed)
    assert ordered.price_usd.support()[1] == pytest.approx(0.9 * known["h100-buy"].value)
    assert isinstance(contracted.price_usd_per_hour, Fixed)
    assert contracted.price_usd_per_hour.value == known["gcp-h100-on-demand"].value


def test_a_price_of_another_platform_is_refused_for_what_exists(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, ("catalog: gcp-h100-on-demand", "catalog: gcp-tpu-v6e-1y"))
    assert problem.path == "existing.contracted.price_usd_per_hour.catalog"
    assert "google-tpu-v6e" in problem.message


def test_memory_is_filled_in_only_where_a_workload_needs_it(tmp_path: Path) -> None:
    known = load_catalog().platforms["nvidia-h100-sxm"].memory_gb
    assert known is not None
    assert load(tmp_path).scenario.platforms["nvidia-h100-sxm"].memory_gb is None
    platform = load(tmp_path, (NEED, NEED + ", memory_gb: 70")).scenario.platforms[
        "nvidia-h100-sxm"
    ]
    assert isinstance(platform.memory_gb, Fixed)
    assert platform.memory_gb.value == known.value
    assert platform.memory_gb.source == known.citation()
    assert platform.memory_bandwidth_tbps is None


def test_memory_of_the_scenario_stands(tmp_path: Path) -> None:
    own = ("    availability: 0.9\n", "    availability: 0.9\n    memory_gb: 94\n")
    loaded = load(tmp_path, (NEED, NEED + ", memory_gb: 90"), own)
    assert loaded.scenario.platforms["nvidia-h100-sxm"].memory_gb == 94


def test_bandwidth_is_filled_in_only_where_a_yield_needs_it(tmp_path: Path) -> None:
    assert load(tmp_path).scenario.platforms["nvidia-h100-sxm"].memory_bandwidth_tbps is None
    loaded = load(
        tmp_path,
        ("    utilisation:", "    bandwidth_utilisation:"),
        (NEED, NEED + ", memory_traffic_gb_per_unit: 2"),
    )
    known = load_catalog().platforms["nvidia-h100-sxm"].memory_bandwidth_tbps
    assert known is not None
    filled = loaded.scenario.platforms["nvidia-h100-sxm"].memory_bandwidth_tbps
    assert isinstance(filled, Fixed)
    assert filled.value == known.value


def test_memory_that_nobody_knows_is_told_once(tmp_path: Path) -> None:
    own = "my-chip:\n    vendor: me\n    unit: chip\n    peak_pflops: 1\n    accelerator_kw: 1\n"
    text = SCENARIO.replace("platform: nvidia-h100-sxm", "platform: my-chip")
    text = text.replace("{catalog: gcp-h100-on-demand}", "2").replace("{catalog: h100-buy}", "9")
    text = text.replace("  nvidia-h100-sxm:\n", f"  {own}").replace(NEED, NEED + ", memory_gb: 9")
    text = text.partition("existing:")[0]
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    (problem,) = caught.value.problems
    assert problem.path == "platforms.my-chip"
    assert "`memory_gb` is missing: training" in problem.message


def test_memory_of_a_mistyped_platform_is_not_asked_for(tmp_path: Path) -> None:
    mistyped = ("  nvidia-h100-sxm:\n", "  nvidia-h100-smx:\n")
    told = problems(tmp_path, mistyped, (NEED, NEED + ", memory_gb: 70"))
    assert not any("memory_gb" in problem.message for problem in told)


@pytest.mark.parametrize(
    ("written", "instead", "path"),
    [
        ("fee_usd: 1e6", "fee_usd: {catalog: h100-buy}", "offers.option.fee_usd.catalog"),
        ("accelerators: 8\n    delivery", "accelerators: {catalog: h100-buy}\n    delivery",
         "existing.ordered.accelerators.catalog"),
        ("platforms:\n", "pools:\n  hbm: {unit: GB, supply: 1, use_per_accelerator: "
         "{nvidia-h100-sxm: {catalog: h100-buy}}}\nplatforms:\n",
         "pools.hbm.use_per_accelerator.nvidia-h100-sxm.catalog"),
        ("platforms:\n", "limits: {growth: {accelerators_per_quarter: {catalog: h100-buy}}}\n"
         "platforms:\n", "limits.growth.accelerators_per_quarter.catalog"),
        ("platforms:\n", "bargaining: {price_falls: {a: {vendor: Nvidia, others: [x], "
         "passes_share: 0.5, discount_share: {catalog: h100-buy}}}}\nplatforms:\n",
         "bargaining.price_falls.a.discount_share.catalog"),
    ],
)  # fmt: skip
def test_a_look_up_where_no_price_stands_is_refused(
    tmp_path: Path, written: str, instead: str, path: str
) -> None:
    (problem,) = [p for p in problems(tmp_path, (written, instead)) if p.path == path]
    assert "no figure of the catalogue belongs here" in problem.message
