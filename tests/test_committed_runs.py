"""Runs with a committed plan: what is promised of its numbers, its files and its options."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from planner.analysis.committed.alternatives import mean_value_plan
from planner.analysis.committed.break_even_search import find_break_evens
from planner.analysis.committed.evaluate import evaluate_plan
from planner.analysis.committed.problem import OPTIMISED, ScenarioProblem
from planner.analysis.results_committed import PlannedOrder
from planner.analysis.workbench import SolveBlock, build_workbench
from planner.catalog.resolve import load_scenario
from planner.cli import app
from planner.errors import InputError
from planner.run import run
from planner.solve.two_stage.extensive import solve_extensive
from planner.solve.two_stage.lshaped import costs_of, decompose
from planner.solve.two_stage.problem import Risk

ROOT = Path(__file__).resolve().parents[1]
TINY = Path(__file__).parent / "tiny.yaml"
SHOCKS = ROOT / "configs" / "supply-shocks.yaml"
SHIPPED = ["quickstart", "supply-shocks", "every-belief", "buy-or-rent"]
SAMPLES = 96
GAP = 1e-4

FEW = ["samples=64", "commitment.samples=64", "commitment.replications=2",
       "commitment.replication_samples=16", "commitment.break_evens=0"]  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
def test_knowing_costs_no_more_than_planning_and_planning_no_more_than_medians(name: str) -> None:
    """WS <= RP <= EEV on the same samples, up to the solver's gap."""
    bench = build_workbench(load_scenario(ROOT / "configs" / f"{name}.yaml").scenario)
    problem = ScenarioProblem(bench.contracts, OPTIMISED, SAMPLES)
    plan = decompose(problem, gap=GAP)
    waited = SolveBlock(OPTIMISED, SAMPLES).run(bench).cost_usd
    medians = costs_of(problem, mean_value_plan(bench.contracts).x)
    slack = GAP * abs(plan.objective)
    assert waited.mean() <= plan.bound + slack
    assert plan.bound <= plan.objective <= medians.mean() + slack
    # And no sample's own optimum costs more than the plan does there.
    assert (waited <= plan.costs + 1e-6 * np.abs(plan.costs)).all()


@pytest.mark.slow
def test_the_order_holds_with_every_instrument() -> None:
    path = ROOT / "configs" / "every-instrument.yaml"
    bench = build_workbench(load_scenario(path, ["bets=relaxed"]).scenario)
    problem = ScenarioProblem(bench.contracts, OPTIMISED, 8)
    plan = decompose(problem, gap=1e-3)
    waited = SolveBlock(OPTIMISED, 8).run(bench).cost_usd
    medians = costs_of(problem, mean_value_plan(bench.contracts).x)
    assert waited.mean() <= plan.bound * (1 + 1e-6)
    assert plan.bound <= plan.objective <= medians.mean() * (1 + 1e-3)


@pytest.mark.parametrize("weight", [0.0, 0.5])
@pytest.mark.parametrize("name", ["quickstart", "supply-shocks"])
def test_a_scenario_is_decomposed_to_the_optimum_of_its_extensive_form(
    name: str, weight: float
) -> None:
    bench = build_workbench(load_scenario(ROOT / "configs" / f"{name}.yaml").scenario)
    problem, risk = ScenarioProblem(bench.contracts, OPTIMISED, 12), Risk(weight, 0.75)
    whole = solve_extensive(problem, risk, integer_gap=1e-9)
    parts = decompose(problem, risk, gap=1e-7)
    assert parts.objective == pytest.approx(whole.objective, rel=1e-6)
    assert parts.bound <= whole.objective * (1 + 1e-8)


def test_a_plan_carried_out_costs_what_the_decomposition_says() -> None:
    """Two ways through the code: parts of the cost by quarter, and programs of recourse."""
    bench = build_workbench(load_scenario(ROOT / "configs" / "quickstart.yaml").scenario)
    plan = decompose(ScenarioProblem(bench.contracts, OPTIMISED, 32), gap=1e-2).x
    block = SolveBlock(0, 64, plan=plan).run(bench)
    expected = costs_of(ScenarioProblem(bench.contracts, 0, 64), plan)
    np.testing.assert_allclose(block.cost_usd, expected, rtol=1e-12)
    np.testing.assert_allclose(block.measures.cost_parts_usd.sum(axis=1), expected, rtol=1e-9)


def test_the_same_bytes_on_any_number_of_workers(tmp_path: Path) -> None:
    found = [run(SHOCKS, FEW, workers=n).results for n in (1, 2)]
    assert found[0] == found[1]
    assert found[0].committed is not None
    assert found[0].committed.proof.ended == "gap"


def test_iterations_end_a_search_that_can_be_repeated() -> None:
    found = [run(TINY, FEW, workers=n, iterations=2).results.committed for n in (1, 2)]
    assert found[0] == found[1]
    assert found[0] is not None
    assert len(found[0].proof.iterations) <= 2


def test_a_plan_that_is_cut_short_is_loud_and_still_has_its_bound(tmp_path: Path) -> None:
    found = run(SHOCKS, FEW, out=tmp_path, workers=1, time_limit_s=0.0)
    committed, folder = found.results.committed, found.folder
    assert committed is not None
    assert folder is not None
    assert committed.proof.ended == "time"
    assert np.isfinite(committed.cost_usd.mean.value)
    assert "best plan so far" in (folder / "report.md").read_text("utf-8")[:3000].lower()


def test_without_a_plan_there_is_none(tmp_path: Path) -> None:
    found = run(TINY, FEW, out=tmp_path, workers=1, mode="wait-and-see")
    assert found.results.committed is None
    assert found.folder is not None
    assert not (found.folder / "plan.csv").exists()


def test_a_plan_alone_leaves_out_what_nobody_can_buy(tmp_path: Path) -> None:
    both, alone = (
        run(TINY, FEW, out=tmp_path, workers=1, mode=mode) for mode in ("both", "commit")
    )
    texts = [
        (item.folder / "report.md").read_text("utf-8") for item in (both, alone) if item.folder
    ]
    assert "in hindsight" in texts[0]
    assert "in hindsight" not in texts[1]
    assert both.results.committed is not None
    assert alone.results.committed == replace(both.results.committed, alone=True)


def test_the_bracket_is_around_renting_and_is_cheaper_where_more_is_known() -> None:
    found = run(SHOCKS, FEW, workers=1, bracket=True).results.committed
    assert found is not None
    assert found.bracket is not None
    assert found.bracket.difference_usd.value > 0
    assert all(order.sign_now for order in found.bracket.orders_in_window)


def test_a_wider_window_is_never_cheaper() -> None:
    """The more has to be signed before anything is known, the more it costs."""
    from planner.analysis.committed.problem import contracts_of

    bench = build_workbench(load_scenario(ROOT / "configs" / "quickstart.yaml").scenario)
    costs = []
    for window in (1, 3, 8):
        contracts = contracts_of(bench.model, bench.sampler, window)
        costs.append(decompose(ScenarioProblem(contracts, OPTIMISED, 24), gap=1e-5).objective)
    assert costs[0] < costs[1] < costs[2]
    whole = decompose(ScenarioProblem(bench.contracts, OPTIMISED, 24), gap=1e-5).objective
    assert costs[2] == pytest.approx(whole, rel=1e-4)


def test_a_service_target_is_reached_at_a_price() -> None:
    path = ROOT / "configs" / "quickstart.yaml"
    plain = run(path, FEW, workers=1).results.committed
    target = run(path, [*FEW, "commitment.service={expected_share: 0.999}"], workers=1)
    found = target.results.committed
    assert plain is not None
    assert found is not None
    assert found.service is not None
    assert 1 < found.service.price_times < 64
    assert "NO PLAN" not in found.service.method
    assert found.service.reached.value > min(item.share.mean.value for item in plain.served)
    assert found.worth.vss_usd is None


def test_a_service_target_that_no_plan_reaches_is_loud() -> None:
    found = run(SHOCKS, [*FEW, "commitment.service={expected_share: 0.985}"], workers=1)
    assert found.results.committed is not None
    assert found.results.committed.service is not None
    assert "NO PLAN REACHES IT" in found.results.committed.service.method


def test_a_tail_that_counts_is_made_cheaper() -> None:
    plain = run(SHOCKS, FEW, workers=1).results.committed
    averse = run(
        SHOCKS, [*FEW, "commitment.cvar_weight=1", "commitment.cvar_level=0.8"], workers=1
    ).results.committed
    assert plain is not None
    assert averse is not None
    assert averse.proof.iterations[-1].best_usd > plain.proof.iterations[-1].best_usd
    assert averse.worth.vss_usd is None


def test_the_plan_of_a_run_can_be_evaluated_again(tmp_path: Path) -> None:
    folder = run(SHOCKS, FEW, out=tmp_path, workers=1).folder
    assert folder is not None
    found = evaluate_plan(SHOCKS, FEW, folder / "plan.csv")
    assert found.difference_usd.value == pytest.approx(0, abs=1e-6 * found.ours.cost_usd.mean.value)
    with open(folder / "plan.csv", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["offer"] for row in rows} >= {order.offer for order in found.ours.orders}


def test_a_service_target_holds_for_the_plan_that_ones_own_is_compared_with(
    tmp_path: Path,
) -> None:
    words = [*FEW, "commitment.service={expected_share: 0.985}"]
    outcome = run(SHOCKS, words, out=tmp_path, workers=1)
    folder, committed = outcome.folder, outcome.results.committed
    assert folder is not None
    assert committed is not None
    found, plain = (evaluate_plan(SHOCKS, w, folder / "plan.csv") for w in (words, FEW))

    def told(orders: list[PlannedOrder]) -> list[tuple[str, str, float]]:
        return [(order.offer, order.quarter, order.count) for order in orders]

    assert told(found.ours.orders) == told(committed.orders)
    assert told(plain.ours.orders) != told(committed.orders)
    # The file holds counts: what was cut in proportion fills its tranches in order when read back.
    assert found.difference_usd.value == pytest.approx(0, abs=0.01 * found.ours.cost_usd.mean.value)


def test_a_worse_plan_of_ones_own_costs_more(tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("offer,site,quarter,count\nb200-buy,campus,2026Q2,10\n", "utf-8")
    found = evaluate_plan(SHOCKS, FEW, mine)
    assert found.difference_usd.low is not None
    assert found.difference_usd.low > 0


def test_a_plan_beyond_supply_is_refused(tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("offer,site,quarter,count\nb200-buy,campus,2026Q2,1e6\n", "utf-8")
    with pytest.raises(InputError, match="more is signed for than the offer supplies"):
        evaluate_plan(SHOCKS, FEW, mine)


def test_a_platform_is_dropped_where_its_price_is_too_high() -> None:
    """Buying at twice the price of renting for the whole plan is never worth it."""
    found = find_break_evens(SHOCKS, FEW, "workloads.pretraining.shortfall_usd_per_unit_hour",
                             None, 0.001, 60.0)  # fmt: skip
    assert any(change.name == "nvidia-b200" and change.taken_above for change in found.changes)
    change = next(item for item in found.changes if item.name == "nvidia-b200")
    assert change.below.counts["nvidia-b200"] < change.above.counts["nvidia-b200"]
    assert change.below.value < change.above.value
    values = [tried.value for tried in found.tried]
    assert values == sorted(values)
    costs = [tried.cost_usd for tried in found.tried]
    assert costs == sorted(costs), "a higher price of shortfall never costs less"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--input", "offers.b200-bui.price_usd"], "there is no such uncertain input"),
        (["--input", "sites.campus.pue", "--platform", "b200"], "there is no such platform"),
        (["--input", "sites.campus.pue", "--from", "2", "--to", "1"], "no range to search"),
    ],
)
def test_what_cannot_be_searched_is_told(words: list[str], told: str) -> None:
    found = CliRunner().invoke(app, ["breakeven", str(SHOCKS), *words])
    assert isinstance(found.exception, InputError)
    assert told in str(found.exception)


def test_the_manifest_says_how_the_plan_was_sought(tmp_path: Path) -> None:
    words = ["run", str(TINY), "--out", str(tmp_path), "--workers", "1", "--iterations", "3",
             "--mode", "commit", *(word for item in FEW for word in ("--set", item))]  # fmt: skip
    assert CliRunner().invoke(app, words).exit_code == 0
    (folder,) = tmp_path.iterdir()
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert (manifest["mode"], manifest["iterations"]) == ("commit", 3)
