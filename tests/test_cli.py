"""The command line, as a user meets it: in a process of its own."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TINY = Path(__file__).with_name("tiny.yaml")


def planner(*words: object, cwd: Path, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "planner", *map(str, words)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload, no-any-return]


def only_folder(parent: Path) -> Path:
    folders = list(parent.iterdir())
    assert len(folders) == 1, folders
    return folders[0]


def test_a_run_writes_everything_and_prints_its_folder(tmp_path: Path) -> None:
    done = planner("run", TINY, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    folder = only_folder(tmp_path / "reports")
    assert done.stdout.splitlines()[-1] == str(folder.relative_to(tmp_path))
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "report.md", "charts", "results.json", "results.xlsx", "samples.parquet", "manifest.json",
        "plan.csv", "plan.xlsx",
    }  # fmt: skip
    for words in ("question", "samples of 5 uncertain inputs", "rows", "ranges", "96 of 96"):
        assert words in done.stderr
    linked = [line.split("](")[1].split(")")[0] for line in
              (folder / "report.md").read_text().splitlines() if line.startswith("![")]  # fmt: skip
    assert linked
    assert all((folder / name).is_file() for name in linked)


def test_a_run_never_overwrites(tmp_path: Path) -> None:
    for _ in range(2):
        done = planner("run", TINY, "--quiet", "--mode", "wait-and-see", cwd=tmp_path)
        assert done.returncode == 0
    names = sorted(path.name for path in (tmp_path / "reports").iterdir())
    assert len(names) == 2
    assert names[1] == names[0] + "-2"


def test_quiet_prints_the_folder_alone(tmp_path: Path) -> None:
    done = planner("run", TINY, "--quiet", cwd=tmp_path)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_the_manifest_says_what_was_run(tmp_path: Path) -> None:
    words = ("--samples", 32, "--seed", 5, "--set", "sites.own.power_mw=3", "--keep", "summary")
    done = planner("run", TINY, *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((only_folder(tmp_path / "reports") / "manifest.json").read_text())
    assert (manifest["samples_done"], manifest["seed"], manifest["keep"]) == (32, 5, "summary")
    assert manifest["config"]["sites"]["own"]["power_mw"] == 3
    assert manifest["config"]["platforms"]["nvidia-h100-sxm"]["vendor"] == "Nvidia"
    assert set(manifest["run"]["seconds"]) >= {"load", "solve", "analyse"}
    assert "--set sites.own.power_mw=3" in manifest["run"]["command"]


def test_bad_input_says_everything_and_writes_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    text = TINY.read_text()
    for right, wrong in (("mode: 3", "mode: 9"), ("pue: 1.2", "pue: 0.5"), ("seed: 7", "sead: 7")):
        text = text.replace(right, wrong)
    bad.write_text(text)
    done = planner("run", bad, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for path in ("sead", "sites.own.pue", "offers.h100-rent.price_usd_per_hour"):
        assert path in done.stderr
    assert not (tmp_path / "reports").exists()


def test_an_unknown_run_folder_is_bad_input(tmp_path: Path) -> None:
    done = planner("report", tmp_path, cwd=tmp_path)
    assert done.returncode == 2
    assert "no run folder" in done.stderr
    assert "remedy" in done.stderr


def test_report_renders_again_the_same(tmp_path: Path) -> None:
    assert planner("run", TINY, "--quiet", cwd=tmp_path).returncode == 0
    folder = only_folder(tmp_path / "reports")
    before = (folder / "report.md").read_bytes()
    pictures = {path.name: path.read_bytes() for path in (folder / "charts").iterdir()}
    (folder / "report.md").unlink()
    done = planner("report", folder, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (folder / "report.md").read_bytes() == before
    assert {path.name: path.read_bytes() for path in (folder / "charts").iterdir()} == pictures


def test_a_damaged_run_folder_is_told(tmp_path: Path) -> None:
    assert planner("run", TINY, "--quiet", "--samples", 16, cwd=tmp_path).returncode == 0
    folder = only_folder(tmp_path / "reports")
    (folder / "results.json").write_text('{"scenario": 3}')
    done = planner("report", folder, cwd=tmp_path)
    assert done.returncode == 2
    assert "damaged" in done.stderr


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    def no_large_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = planner("run", TINY, cwd=tmp_path, preexec_fn=no_large_files)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "cannot keep the run" in done.stderr
    assert "remedy" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = planner("run", TINY, "--out", "file", cwd=tmp_path)
    assert done.returncode == 1
    assert "choose a folder" in done.stderr


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_keeps_the_samples_from_the_first(tmp_path: Path, workers: int) -> None:
    command = [sys.executable, "-m", "planner", "run", str(TINY), "--samples", "90000"]
    running = subprocess.Popen(
        [*command, "--workers", str(workers)],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert running.stderr is not None
    for line in running.stderr:
        if "samples solved" in line:
            break
    # As a terminal does it: the whole process group is interrupted.
    os.killpg(running.pid, signal.SIGINT)
    out, error = running.communicate(timeout=60)
    assert running.returncode == 130, error
    assert "INCOMPLETE" in out
    folder = only_folder(tmp_path / "reports")
    results = json.loads((folder / "results.json").read_text())
    assert results["complete"] is False
    assert 0 < results["samples_done"] < 90000
    assert "incomplete" in (folder / "report.md").read_text().lower()
    import planner as package

    kept = package.samples_frame(folder)
    assert sorted(set(kept["sample"])) == list(range(results["samples_done"]))


def test_an_interrupt_before_any_sample_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "planner", "run", str(TINY), "--samples", "90000"]
    running = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    time.sleep(0.15)
    os.killpg(running.pid, signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode in (130, -signal.SIGINT)
    reports = tmp_path / "reports"
    assert not reports.exists() or not list(reports.iterdir())


def test_check_says_which_limit_is_in_the_way(tmp_path: Path) -> None:
    words = ("--set", "sites.own.power_mw=0.1", "--set", "offers.h100-rent.supply_accelerators=100")
    done = planner("check", TINY, *words, cwd=tmp_path)
    assert done.returncode == 0
    assert "workloads.training.demand in 2026Q1: no mix can meet all of it" in done.stderr
    assert "supply of h100-rent: lifting it alone is enough" in done.stderr
    assert "lead time of h100-buy (1 quarter): lifting it alone leaves 44.28 short" in done.stderr
    second = done.stderr.split("in 2026Q2")[1]
    assert "power at own" in second


def test_check_of_a_good_config_says_so(tmp_path: Path) -> None:
    words = ("--set", "offers.h100-rent.supply_accelerators=2000")
    done = planner("check", TINY, *words, cwd=tmp_path)
    assert done.returncode == 0
    assert "every demand can be met" in done.stdout
    assert "no mix" not in done.stderr


@pytest.mark.parametrize("file_format", ["mps", "lp"])
def test_export_writes_a_program_that_highs_reads(tmp_path: Path, file_format: str) -> None:
    import highspy

    done = planner("export", TINY, "--sample", 70, "--format", file_format, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.readModel(str(tmp_path / done.stdout.strip()))
    solver.run()
    words = ("run", TINY, "--quiet", "--mode", "wait-and-see")
    assert planner(*words, cwd=tmp_path).returncode == 0
    import planner as package

    kept = package.samples_frame(only_folder(tmp_path / "reports"))
    cost = kept[(kept["sample"] == 70) & (kept["name"] == "cost_usd")]["value"].item()
    # LP files hold 12 digits of each number, MPS files 13.
    assert solver.getObjectiveValue() == pytest.approx(cost, rel=1e-9)


def test_export_of_a_sample_that_is_not_there(tmp_path: Path) -> None:
    done = planner("export", TINY, "--sample", 96, cwd=tmp_path)
    assert done.returncode == 2
    assert "0 to 95" in done.stderr


def test_too_many_samples_to_keep(tmp_path: Path) -> None:
    done = planner("run", TINY, "--samples", 200_000, cwd=tmp_path)
    assert done.returncode == 2
    assert "--keep summary" in done.stderr


def test_schema_is_the_one_in_docs(tmp_path: Path) -> None:
    done = planner("schema", cwd=tmp_path)
    kept = (ROOT / "docs" / "scenario.schema.json").read_text()
    assert done.stdout == kept, "refresh it: planner schema > docs/scenario.schema.json"


def test_catalog_commands(tmp_path: Path) -> None:
    listed = planner("catalog", "list", cwd=tmp_path).stdout
    assert "nvidia-h100-sxm" in listed
    assert "h100-buy" in listed
    shown = planner("catalog", "show", "nvidia-h100-sxm", cwd=tmp_path).stdout
    assert "source" in shown
    assert "evidence" in shown
    wrong = planner("catalog", "show", "nvidia-h100", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "nvidia-h100-sxm" in wrong.stderr


def test_version_and_wrong_words(tmp_path: Path) -> None:
    assert planner("--version", cwd=tmp_path).stdout.startswith("planner ")
    assert planner("runn", cwd=tmp_path).returncode == 2
    assert planner("run", TINY, "--workers", 0, cwd=tmp_path).returncode == 2


@pytest.mark.parametrize("workers", [1, 2])
def test_a_second_interrupt_abandons_the_run_at_once(tmp_path: Path, workers: int) -> None:
    command = [sys.executable, "-m", "planner", "run", str(TINY), "--samples", "90000"]
    running = subprocess.Popen(
        [*command, "--workers", str(workers)],
        cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert running.stderr is not None
    lines = iter(running.stderr.readline, "")
    assert any("samples solved" in line for line in lines)
    os.killpg(running.pid, signal.SIGINT)
    assert any("stopping" in line for line in lines)
    # By now it writes what it has, which takes a second.
    time.sleep(0.3)
    os.killpg(running.pid, signal.SIGINT)
    rest = list(lines)
    assert running.wait(timeout=30) == 130
    assert any("abandoned" in line for line in rest), rest
    assert not any("Traceback" in line for line in rest)
    assert list(tmp_path.iterdir()) == []
