"""Results: no NaN, parts that sum, and the typical plan is one of the samples."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from small import bench, middling, plan, platform, rent, results, uniform, workload

from planner.analysis.results import Results
from planner.analysis.typical import typical_sample
from planner.analysis.workbench import SolveBlock


@pytest.fixture(scope="module")
def found() -> Results:
    return results(middling(), n=48, seed=2)


def nothing_served() -> dict[str, Any]:
    work = {"work": workload(10, shortfall_usd_per_pflop_hour=0.001)}
    return plan(2, work, {"chip": platform()}, {"rent": rent("chip", 5)})


@pytest.mark.parametrize(
    ("raw", "n"),
    [
        (middling(), 24),
        (middling(), 1),
        (middling(), 2),
        (nothing_served(), 3),
        (plan(1, 0, {"chip": platform()}, {"rent": rent("chip", 5)}), 2),
    ],
    ids=["many", "one", "two", "nothing-served", "no-demand"],
)
def test_json_has_no_nan_and_no_infinity(raw: dict[str, Any], n: int) -> None:
    text = json.dumps(asdict(results(raw, n)), allow_nan=False)
    assert "NaN" not in text


def test_nothing_served_has_no_unit_cost_and_no_appearance() -> None:
    found = results(nothing_served(), 3)
    assert found.usd_per_pflop_hour is None
    assert found.appearances[0].share_of_samples.value == 0
    assert found.appearances[0].accelerator_quarters_if_used is None
    assert found.served[0].share.mean.value == pytest.approx(0, abs=1e-12)
    assert found.cost_without_shortfall_usd.mean.value == 0


def test_the_parts_sum_to_the_cost(found: Results) -> None:
    total = sum(part.cost_usd.mean.value for part in found.cost_parts)
    assert total == pytest.approx(found.cost_usd.mean.value, rel=1e-11)
    for quarter in found.cash:
        assert sum(quarter.parts_usd.values()) == pytest.approx(quarter.cash_usd.mean.value)
    by_mix = sum(cell.cost_usd.mean.value for cell in found.mix)
    assert by_mix == pytest.approx(sum(quarter.cash_usd.mean.value for quarter in found.cash))


def test_the_mix_says_which_cell_is_which(found: Results) -> None:
    block = SolveBlock(0, 48).run(bench(middling(), seed=2))
    platforms, quarters = list(found.platforms), found.quarters
    assert len(found.mix) == len(platforms) * len(quarters)
    for cell in found.mix:
        p, t = platforms.index(cell.platform), quarters.index(cell.quarter)
        values = block.measures.accelerators[:, p, t]
        assert cell.accelerators.mean.value == pytest.approx(values.mean())
        assert cell.accelerators.p90.value == pytest.approx(np.quantile(values, 0.9))
        assert cell.power_mw.mean.value == pytest.approx(block.measures.power_mw[:, p, t].mean())


def test_shares_of_service_sum_to_one(found: Results) -> None:
    total = sum(item.share_of_service.value for item in found.appearances)
    assert total == pytest.approx(1)


def test_appearances_count_samples_and_average_over_them_alone() -> None:
    """The other chip is cheaper in the samples in which its price is below 2."""
    platforms = {"one": platform(), "other": platform()}
    offers = {"one": rent("one", 2.0), "other": rent("other", uniform(1, 4))}
    raw = plan(2, 100, platforms, offers)
    found = results(raw, n=64)
    drawn = bench(raw).draw(0, 64)[0].values["offers.other.price_usd_per_hour"]
    other = next(item for item in found.appearances if item.platform == "other")
    assert other.share_of_samples.value == (drawn < 2).mean()
    assert other.accelerator_quarters_if_used is not None
    assert other.accelerator_quarters_if_used.mean.value == pytest.approx(200)
    assert other.accelerator_quarters_if_used.mean.n == (drawn < 2).sum()
    assert other.share_of_service.value == pytest.approx((drawn < 2).mean())
    assert found.cost_usd.mean.value == pytest.approx(np.minimum(drawn, 2).mean() * 2 * 219_000)


def test_one_quarter_in_service_is_an_appearance() -> None:
    found = results(plan(3, [0, 100, 0], {"chip": platform()}, {"rent": rent("chip", 5)}))
    assert found.appearances[0].share_of_samples.value == 1


def test_the_histogram_counts_every_sample_once(found: Results) -> None:
    histogram = found.cost_histogram
    assert sum(histogram.counts) == 48
    assert len(histogram.edges) == len(histogram.counts) + 1
    assert histogram.edges == sorted(histogram.edges)
    single = results(nothing_served(), 3).cost_histogram
    assert single.counts == [3]
    assert single.edges[0] < single.edges[1]


def test_the_typical_sample_is_the_one_nearest_to_the_mean() -> None:
    """Services 0, 4, 5, 20 have the mean 7.25: 5 is nearest; of equal services cost decides."""
    service = np.array([0.0, 4.0, 5.0, 20.0])[:, None, None]
    assert typical_sample(service, np.full(4, 3.0)) == 2
    assert typical_sample(np.ones((3, 1, 1)), np.array([9.0, 5.0, 1.0])) == 1
    assert typical_sample(np.ones((3, 1, 1)), np.ones(3)) == 0


def test_the_typical_plan_is_the_plan_of_its_sample(found: Results) -> None:
    block = SolveBlock(0, 48).run(bench(middling(), seed=2))
    plan_ = found.typical
    assert plan_.cost_usd == pytest.approx(block.cost_usd[plan_.sample], rel=1e-12)
    held = block.measures.accelerators[plan_.sample]
    platforms, quarters = list(found.platforms), found.quarters
    for cell in plan_.quarters:
        p, t = platforms.index(cell.platform), quarters.index(cell.quarter)
        assert cell.accelerators == pytest.approx(held[p, t], abs=1e-9)
    cash = sum(line.cash_usd for line in plan_.lines)
    bought = block.measures.cash_usd[plan_.sample, :, :, :3].sum()
    assert cash == pytest.approx(bought, rel=1e-9)


def test_repeats_are_paired_with_the_same_samples(found: Results) -> None:
    for item in found.shortfall_repeats:
        assert item.cost_usd.n == 48
        change = item.cost_usd.value - found.cost_usd.mean.value
        assert item.cost_change_usd.value == pytest.approx(change, abs=1e-3)
        assert np.sign(change) == np.sign(item.factor - 1)
