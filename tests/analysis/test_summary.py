"""Results: no NaN, parts that sum, and the typical plan is one of the samples."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from everything import everything
from small import bench, middling, plan, platform, rent, results, uniform, workload

from planner.analysis.results import Results
from planner.analysis.typical import typical_sample
from planner.analysis.workbench import SolveBlock, SolvedBlock
from planner.config.demands import PFLOPS
from planner.model.instruments.terms import CASH_PARTS


@pytest.fixture(scope="module")
def found() -> Results:
    return results(middling(), n=48, seed=2)


def nothing_served() -> dict[str, Any]:
    work = {"work": workload(10, shortfall_usd_per_unit_hour=0.001)}
    return plan(2, work, {"chip": platform()}, {"rent": rent("chip", 5)})


@pytest.mark.parametrize(
    ("raw", "n"),
    [
        (middling(), 24),
        (middling(), 1),
        (middling(), 2),
        (nothing_served(), 3),
        (plan(1, 0, {"chip": platform()}, {"rent": rent("chip", 5)}), 2),
        (everything(), 8),
    ],
    ids=["many", "one", "two", "nothing-served", "no-demand", "everything"],
)
def test_json_has_no_nan_and_no_infinity(raw: dict[str, Any], n: int) -> None:
    text = json.dumps(asdict(results(raw, n)), allow_nan=False)
    assert "NaN" not in text


def test_nothing_served_has_no_unit_cost_and_no_appearance() -> None:
    found = results(nothing_served(), 3)
    assert found.usd_per_unit_hour is None
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
    total = sum(item.share_of_service[PFLOPS].value for item in found.appearances)
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
    assert other.share_of_service[PFLOPS].value == pytest.approx((drawn < 2).mean())
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
    service = np.array([0.0, 4.0, 5.0, 20.0])[:, None, None, None]
    assert typical_sample(service, np.full(4, 3.0)) == 2
    assert typical_sample(np.ones((3, 1, 1, 1)), np.array([9.0, 5.0, 1.0])) == 1
    assert typical_sample(np.ones((3, 1, 1, 1)), np.ones(3)) == 0


def test_units_count_alike_for_the_typical_sample_however_large_their_numbers() -> None:
    """By PFLOP/s the first is nearest to its mean of 1, by tokens/s (mean 2000) the second.

    Squared distances over their mean (2/3, 2/3 x 10^6): 0 + 1.5, 1.5 + 0, 1.5 + 1.5.
    """
    pflops, tokens = np.array([1.0, 0.0, 2.0]), np.array([1000.0, 2000.0, 3000.0])
    service = np.stack([pflops, tokens], axis=1)[:, :, None, None]
    assert typical_sample(service, np.array([1.0, 2.0, 2.0])) == 1
    assert typical_sample(service, np.array([2.0, 1.0, 2.0])) == 0
    larger = service * np.array([1, 1e6])[None, :, None, None]
    assert typical_sample(larger, np.array([2.0, 1.0, 2.0])) == 0


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
    parts = [CASH_PARTS.index(part) for part in ("purchases", "reservations", "rentals")]
    bought = block.measures.cash_usd[plan_.sample][:, parts].sum()
    assert cash == pytest.approx(bought, rel=1e-9)


@pytest.fixture(scope="module")
def rich() -> tuple[Results, SolvedBlock]:
    return results(everything(), 24, seed=3), SolveBlock(0, 24).run(bench(everything(), seed=3))


def test_the_lines_of_a_rich_plan_are_all_cash_but_what_goes_by_use(
    rich: tuple[Results, SolvedBlock],
) -> None:
    found, block = rich
    k, made = found.typical.sample, bench(everything(), seed=3)
    by_use = block.measures.cash_usd[k][
        :, [CASH_PARTS.index("energy"), CASH_PARTS.index("hosting")]
    ]
    done, (_, base) = made.unpacker.unpack(block.x), made.draw(0, 24)
    drawn = (done["draw"][k] * base.drawn_usd[k]).sum()
    lines = sum(line.cash_usd for line in found.typical.lines)
    total = block.measures.cash_usd[k].sum()
    assert lines + by_use.sum() + drawn == pytest.approx(total, rel=1e-9)
    assert found.typical.liability_usd == pytest.approx(block.measures.liability_usd[k, -1])
    assert sum(found.typical.cost_parts_usd.values()) == pytest.approx(found.typical.cost_usd)


def test_every_offer_and_bet_of_a_rich_plan_is_told(rich: tuple[Results, SolvedBlock]) -> None:
    found, block = rich
    kinds = {(bet.name, bet.kind): bet for bet in found.bets}
    assert set(kinds) == {
        ("a-right", "option"), ("ours", "programme"), ("b for serve", "porting"),
        ("b for study", "porting"), ("rivalry", "price fall"),
    }  # fmt: skip
    names = [bet.name for bet in found.bets]
    for b in range(4):
        extent = block.measures.bets[:, b]
        assert found.bets[b].extent.value == pytest.approx(extent.mean())
        assert found.bets[b].taken.value == pytest.approx((extent >= 0.5).mean())
    assert names[4] == "rivalry"
    assert found.bets[4].extent.value == pytest.approx(block.measures.falls[:, 0].mean())
    for k, item in enumerate(found.power):
        started = block.measures.power_started_mw[:, k]
        assert item.megawatts.mean.value == pytest.approx(started.mean())
    assert [item.name for item in found.power] == ["grid", "engines"]
    (scaling,) = found.scaling
    assert (scaling.workload, scaling.jobs) == ("train", 2)
    assert 0 < scaling.largest_understatement < 0.05


def test_units_and_targets_of_a_rich_plan(rich: tuple[Results, SolvedBlock]) -> None:
    found, block = rich
    assert found.usd_per_unit_hour is None
    assert set(found.mix[0].served) == {PFLOPS, "requests/s"}
    train, serve, _ = found.served
    assert (train.target_share, serve.target_share) == (0.8, None)
    assert train.target_met is not None
    assert train.target_met.value == (block.measures.below_target[:, 0] <= 1e-9).mean()
    assert 0 < train.target_met.value < 1
    for unit in (PFLOPS, "requests/s"):
        shares = [item.share_of_service[unit].value for item in found.appearances]
        assert sum(shares) == pytest.approx(1)


def test_a_relaxed_plan_has_no_gap(rich: tuple[Results, SolvedBlock]) -> None:
    found, _ = rich
    assert found.cost_bound_usd.value == pytest.approx(found.cost_usd.mean.value, rel=1e-9)
    assert found.solves.integer_columns == 0
    assert any("relaxed" in note for note in found.notes)


def test_repeats_are_paired_with_the_same_samples(found: Results) -> None:
    for item in found.shortfall_repeats:
        assert item.cost_usd.n == 48
        change = item.cost_usd.value - found.cost_usd.mean.value
        assert item.cost_change_usd.value == pytest.approx(change, abs=1e-3)
        assert np.sign(change) == np.sign(item.factor - 1)
