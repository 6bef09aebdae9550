"""A whole run: the same bytes however it is run, and numbers that others confirm."""

from __future__ import annotations

from pathlib import Path

import highspy
import numpy as np
import pulp
import pytest

import planner
from planner.analysis import gather
from planner.analysis.workbench import SolveBlock, build_workbench
from planner.solve.pulp_reference import to_pulp
from planner.store.folder import RESULTS, SAMPLES

ROOT = Path(__file__).resolve().parents[1]
TINY = Path(__file__).with_name("tiny.yaml")
QUICKSTART = ROOT / "configs" / "quickstart.yaml"


WHOLE = [
    "offers.h100-buy.minimum_order_accelerators=60",
    "offers.h100-buy.whole_units_of=8",
    "samples=130",
]


FEW = ["commitment.samples=192", "commitment.replications=2", "commitment.replication_samples=64",
       "commitment.break_evens=0"]  # fmt: skip


@pytest.mark.parametrize(
    ("config", "changes", "workers"),
    [(QUICKSTART, [*FEW, "samples=192"], (1, 2)), (TINY, WHOLE, (1, 1, 2))],
    ids=["quickstart", "whole-bets"],
)
def test_same_seed_same_bytes_on_any_number_of_workers(
    config: Path, changes: list[str], workers: tuple[int, ...], tmp_path: Path
) -> None:
    folders = []
    for k, count in enumerate(workers):
        outcome = planner.run_config(config, changes, out=tmp_path / str(k), workers=count)
        assert outcome.folder is not None
        assert bool(outcome.results.solves.integer_columns) == (changes is WHOLE)
        folders.append(outcome.folder)
    for name in (RESULTS, SAMPLES):
        first, *others = [(folder / name).read_bytes() for folder in folders]
        assert all(other == first for other in others), name


def test_samples_that_are_not_kept_are_the_same_on_any_number_of_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of samples is also the same as when all are kept to the end."""
    changes, folders = ["samples=4500"], []
    for in_full, workers in ((2**23, 1), (1, 1), (1, 2)):
        monkeypatch.setattr(gather, "NUMBERS_IN_FULL", in_full)
        outcome = planner.run_config(
            TINY, changes, out=tmp_path / f"{in_full}-{workers}", workers=workers
        )
        assert outcome.results.samples_in_full == (4096 if in_full == 1 else 4500)
        assert outcome.folder is not None
        assert planner.open_run(outcome.folder).results == outcome.results
        folders.append(outcome.folder)
    exact, one, two = ((folder / RESULTS).read_bytes() for folder in folders)
    assert one == two != exact
    exact, one, two = ((folder / SAMPLES).read_bytes() for folder in folders)
    assert one == two == exact


def test_another_seed_gives_other_draws(tmp_path: Path) -> None:
    first = planner.run_config(TINY, ["seed=1"]).results.cost_usd.mean.value
    second = planner.run_config(TINY, ["seed=2"]).results.cost_usd.mean.value
    assert first != second


def test_the_first_samples_do_not_depend_on_how_many_there_are(tmp_path: Path) -> None:
    frames = []
    for n in (40, 96):
        folder = planner.run_config(TINY, [f"samples={n}"], out=tmp_path / str(n)).folder
        assert folder is not None
        kept = planner.samples_frame(folder)
        frames.append(kept[kept["sample"] < 40]["value"].to_numpy())
    assert np.array_equal(*frames)


def test_summary_keeps_objective_and_status_only(tmp_path: Path) -> None:
    from planner.run import run

    folder = run(TINY, out=tmp_path, keep="summary", workers=1).folder
    assert folder is not None
    kept = planner.samples_frame(folder)
    names = set(kept["name"])
    assert names == {
        "cost_usd", "cost_without_shortfall_usd", "cost_bound_usd", "proven_optimal",
    }  # fmt: skip
    assert (kept[kept["name"] == "proven_optimal"]["value"] == 1).all()


def test_frames_hold_what_results_hold() -> None:
    results = planner.run_config(TINY).results
    tables = planner.frames(results)
    assert {"cost", "mix", "cash", "drivers", "limits", "appearances"} <= set(tables)
    cost = tables["cost"].set_index("name").loc["cost_usd"]
    assert cost["mean"] == results.cost_usd.mean.value
    assert cost["p90.high"] == results.cost_usd.p90.high
    assert len(tables["mix"]) == 2


def test_one_sample_runs(tmp_path: Path) -> None:
    outcome = planner.run_config(TINY, ["samples=1"], out=tmp_path)
    assert outcome.results.cost_usd.mean.standard_error is None
    assert planner.open_run(outcome.folder or "").results == outcome.results


def test_a_run_folder_reads_back_as_it_was(tmp_path: Path) -> None:
    outcome = planner.run_config(TINY, out=tmp_path)
    assert outcome.folder is not None
    assert planner.open_run(outcome.folder).results == outcome.results


@pytest.mark.slow
def test_the_exported_programs_have_our_optima(tmp_path: Path) -> None:
    """100 random samples of the quickstart: HiGHS on the MPS file to 1e-9, CBC to 1e-7."""
    scenario = planner.load_config(QUICKSTART).scenario
    bench = build_workbench(scenario)
    size = bench.block_size
    chosen = np.random.default_rng(5).choice(1024, size=100, replace=False)
    ours = {
        block: SolveBlock(block * size, size).run(bench).cost_usd
        for block in sorted(set((chosen // size).tolist()))
    }
    worst = {"HiGHS": 0.0, "CBC": 0.0}
    for sample in chosen.tolist():
        block, k = divmod(sample, size)
        _, coefficients = bench.draw(sample, 1)
        problem = to_pulp(bench.model.programs(coefficients), 0)
        file = tmp_path / "sample.mps"
        problem.writeMPS(str(file))
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.readModel(str(file))
        solver.run()
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        problem.solve(pulp.PULP_CBC_CMD(msg=False))
        assert problem.status == pulp.LpStatusOptimal
        found = {"HiGHS": solver.getObjectiveValue(), "CBC": float(pulp.value(problem.objective))}
        for name, value in found.items():
            worst[name] = max(worst[name], abs(value / ours[block][k] - 1))
    print({name: f"{value:.1e}" for name, value in worst.items()})
    assert worst["HiGHS"] <= 1e-9
    assert worst["CBC"] <= 1e-7
