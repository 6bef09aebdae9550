"""A claim in a whole run: what comes true of it moves the cost as computed by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import planner
from planner.analysis.results import Assumption, Results

HOURS = 2190.0
SAID = "evidence: vendor-claim, said_by: a vendor, date: 2024-12-03, source: a press release"
CONFIG = """\
scenario: claimed
question: What does a claim cost?
start: 2026Q1
quarters: 1
discount_rate_per_year: 0
samples: 256
seed: 3
sampling: {method: latin-hypercube}
sites:
  cloud: {power_mw: unlimited, pue: 1, energy_usd_per_kwh: 0, hosting_usd_per_kw_month: 0}
workloads:
  training: {demand: 120, shortfall_usd_per_unit_hour: 1000}
platforms:
  known:
    {vendor: a, unit: chip, peak_pflops: 1.5, accelerator_kw: 1, availability: 1,
     utilisation: {training: 0.5}}
  chip:
    {vendor: b, unit: chip, peak_pflops: PEAK, accelerator_kw: 1, availability: 1,
     utilisation: {training: 0.5}}
offers:
  chip-rent: {mode: rent, platform: chip, sites: [cloud], price_usd_per_hour: 2,
              supply_accelerators: 1000000}
  known-rent: {mode: rent, platform: known, sites: [cloud], price_usd_per_hour: PRICE,
               supply_accelerators: 1000000}
"""


def run(folder: Path, peak: str, price: float = 1000) -> Results:
    path = folder / "scenario.yaml"
    path.write_text(CONFIG.replace("PEAK", peak).replace("PRICE", str(price)), encoding="utf-8")
    return planner.run_config(path, mode="wait-and-see").results


def told(results: Results) -> Assumption:
    return next(item for item in results.assumptions if item.path == "platforms.chip.peak_pflops")


def test_the_cost_is_that_of_the_accelerators_that_the_share_asks_for(tmp_path: Path) -> None:
    """At a share s of a peak of 2 PFLOP/s, half used, 120 / s accelerators are rented."""
    share = "share: {distribution: uniform, low: 0.5, high: 1}"
    found = run(tmp_path, f"{{claim: 2, {share}, {SAID}}}")
    cost = 120 * 2 * HOURS
    assert found.cost_usd.mean.value == pytest.approx(cost * 2 * np.log(2), rel=3e-3)
    item = told(found)
    assert (item.p10, item.p50, item.p90) == pytest.approx((1.1, 1.5, 1.9))
    assert (item.uncertain, item.is_assumption, item.source) == (True, False, "a press release")
    for words in ("2 by a vendor, 2024-12-03, vendor-claim", "P10 0.55, P50 0.75, P90 0.95"):
        assert words in item.description


def test_a_ratio_is_a_gain_over_the_other_platform(tmp_path: Path) -> None:
    """1.5 x (1 + 0.5 x (2 - 1)) = 2.25 PFLOP/s, half used: 120 / 1.125 accelerators."""
    figure = f"{{claimed_ratio: 2, against: known, share: 0.5, {SAID}}}"
    found = run(tmp_path, figure)
    assert found.cost_usd.mean.value == pytest.approx(120 / 1.125 * 2 * HOURS, rel=1e-9)


def test_of_conflicting_claims_each_is_right_in_its_share_of_the_samples(tmp_path: Path) -> None:
    claims = f"[{{claim: 2, share: 1, {SAID}}}, {{claim: 2, share: 0.5, {SAID}}}]"
    found = run(tmp_path, f"{{claims: {claims}, weights: [0.75, 0.25]}}")
    # A quarter of 256 equal slices has the lower claim, and costs twice as much.
    assert found.cost_usd.mean.value == pytest.approx(120 * 2 * HOURS * 1.25, rel=1e-9)
    assert told(found).description.startswith("conflicting claims, a mixture: (0.75) claim of 2")


def test_a_default_share_is_an_assumption(tmp_path: Path) -> None:
    measured = "measured: {value: 1.2, relative_error: 0.05, source: our test}"
    item = told(run(tmp_path, f"{{claim: 2, {measured}, {SAID}}}"))
    assert item.is_assumption
    assert item.source == "a press release; our test"
    assert item.p10 < 1.25 < item.p90
    unsourced = told(run(tmp_path, "{claim: 2, share: 0.9, evidence: rumour, said_by: x, "
                         "date: 2024-12-03}"))  # fmt: skip
    assert (unsourced.source, unsourced.is_assumption) == ("x, 2024-12-03 (rumour)", False)
    assert item.p90 / item.p10 == pytest.approx(np.exp(2 * 1.2816 * 0.05), rel=0.02)
