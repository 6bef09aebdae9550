"""A whole run by every engine, and a run in which a sample cannot be proven."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import planner
from planner.cli import app, main
from planner.errors import InputError
from planner.run import run
from planner.solve.engine import Engine, Proven

TINY = Path(__file__).parent / "tiny.yaml"


@pytest.mark.parametrize("engine", ["highs", "pulp:HiGHS", "pulp:PULP_CBC_CMD"])
def test_every_engine_gives_the_kernels_results(engine: str) -> None:
    kernel = run(TINY, engine="kernel", workers=1).results
    other = run(TINY, engine=engine, workers=1).results
    assert (kernel.solves.engine, other.solves.engine) == ("kernel", engine)
    for one, two in ((kernel.cost_usd, other.cost_usd),):
        assert one.mean.value == pytest.approx(two.mean.value, rel=1e-6)
        assert one.p90.value == pytest.approx(two.p90.value, rel=1e-6)


def test_the_manifest_tells_the_engine(tmp_path: Path) -> None:
    for asked, expected in ((None, "kernel"), ("highs", "highs")):
        folder = run(TINY, engine=asked, out=tmp_path, workers=1).folder
        assert folder is not None
        assert json.loads((folder / "manifest.json").read_text("utf-8"))["engine"] == expected


@pytest.mark.parametrize("engine", ["simplex", "pulp:NO_SUCH_CMD", "pulp:"])
def test_an_unknown_engine_is_bad_input(engine: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        run(TINY, engine=engine, out=tmp_path, workers=1)
    (problem,) = caught.value.problems
    assert problem.path == "--engine"
    assert problem.value == engine
    assert "kernel" in problem.allowed or "pulp:HiGHS" in problem.allowed
    assert not list(tmp_path.iterdir())


def test_every_run_is_audited() -> None:
    solves = run(TINY, workers=1).results.solves
    assert solves.audited == min(20, solves.optimal)
    assert 0 <= solves.largest_audit_difference < 1e-9


@pytest.fixture
def unproven(monkeypatch: pytest.MonkeyPatch) -> int:
    """Make one sample of `tiny.yaml` one that nobody proves; return its number."""
    sample, complete = 3, Engine.solve
    limit = planner.load_config(TINY).scenario.samples
    assert sample < limit
    seen: dict[str, Any] = {}

    def solve(self: Engine, programs: Any, **options: Any) -> Proven:
        found = complete(self, programs, **options)
        # The program itself, in whatever block or follow-up it comes.
        seen.setdefault("rhs", programs.rhs[sample] if programs.n > sample else None)
        if programs.rhs.shape[1] != seen["rhs"].size:
            return found
        found.proven[(programs.rhs == seen["rhs"]).all(axis=1)] = False
        return found

    monkeypatch.setattr(Engine, "solve", solve)
    return sample


def test_a_sample_without_proof_is_named_kept_and_left_out(unproven: int, tmp_path: Path) -> None:
    outcome = run(TINY, out=tmp_path, workers=1)
    results, folder = outcome.results, outcome.folder
    assert folder is not None
    assert results.solves.unproven == [unproven]
    assert results.solves.optimal == results.samples_done - 1 == results.cost_usd.mean.n
    assert (folder / f"unproven-sample-{unproven}.mps").is_file()
    kept = pd.read_parquet(folder / "samples.parquet")
    assert set(kept["sample"]) == set(range(results.samples_done)) - {unproven}
    cost = kept[kept["name"] == "cost_usd"].set_index("sample")["value"]
    assert results.cost_usd.mean.value == pytest.approx(cost.mean(), rel=1e-12)
    assert results.typical.cost_usd == pytest.approx(cost[results.typical.sample], rel=1e-12)
    first_page = (folder / "report.md").read_text("utf-8")[:1500]
    assert "could not be proven" in first_page
    assert planner.open_run(folder).results == results


def test_other_samples_are_as_they_were_beside_one_without_proof(
    unproven: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = run(TINY, out=tmp_path, workers=1).folder
    monkeypatch.undo()
    whole = run(TINY, out=tmp_path, workers=1).folder
    assert without is not None
    assert whole is not None
    some, every = (pd.read_parquet(folder / "samples.parquet") for folder in (without, whole))
    rest = every[every["sample"] != unproven].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, rest)


def test_the_command_fails_when_a_sample_is_without_proof(unproven: int, tmp_path: Path) -> None:
    found = CliRunner().invoke(app, ["run", str(TINY), "--out", str(tmp_path), "--workers", "1"])
    assert found.exit_code == 1
    assert "NOT PROVEN OPTIMAL" in found.output
    assert len(list(tmp_path.iterdir())) == 1


def test_a_wrong_optimum_is_a_warning_on_the_first_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "planner.analysis.workbench.audit", lambda programs, x: np.full(programs.n, 1e-3)
    )
    folder = run(TINY, out=tmp_path, workers=1).folder
    assert folder is not None
    assert "The audit failed" in (folder / "report.md").read_text("utf-8")[:1500]


def test_the_option_reaches_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "sys.argv", ["planner", "run", str(TINY), "--engine", "pulp:none", "--out", str(tmp_path)]
    )
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert "--engine" in capsys.readouterr().err
