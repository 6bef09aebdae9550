"""``reports/example`` is what the README's command makes today.

Refresh it with ``python -m pytest tests/test_example.py --refresh-golden``. Text must be equal;
numbers to one part in a million, or to a billionth of the mean cost: another processor rounds
logarithms differently in the last digit.
"""

from __future__ import annotations

import json
import math
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

import planner
from planner.report.facts import RunFacts
from planner.report.writer import write_report

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "reports" / "example"
CONFIG = Path("configs") / "quickstart.yaml"
RELATIVE = 1e-6
NOT_KEPT = "samples.parquet"
REFRESH = "refresh it: python -m pytest tests/test_example.py --refresh-golden"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of the README's command, made by the command line itself."""
    import subprocess
    import sys

    parent = tmp_path_factory.mktemp("example")
    for name in ("configs",):
        shutil.copytree(ROOT / name, parent / name)
    command = [sys.executable, "-m", "planner", "run", str(CONFIG), "--quiet"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=parent, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return parent / done.stdout.strip()


def differences(fresh: Any, kept: Any, small: float, path: str = "") -> list[str]:
    """Return where two parts of results differ by more than the tolerances."""
    if isinstance(fresh, dict) and isinstance(kept, dict):
        if fresh.keys() != kept.keys():
            return [f"{path}: other keys"]
        pairs = [(f"{path}.{key}", fresh[key], kept[key]) for key in fresh]
    elif isinstance(fresh, list) and isinstance(kept, list):
        if len(fresh) != len(kept):
            return [f"{path}: {len(fresh)} items, not {len(kept)}"]
        pairs = [(f"{path}[{k}]", *pair) for k, pair in enumerate(zip(fresh, kept, strict=True))]
    elif isinstance(fresh, float) and isinstance(kept, float | int):
        same = math.isclose(fresh, kept, rel_tol=RELATIVE, abs_tol=small)
        return [] if same else [f"{path}: {fresh!r}, not {kept!r}"]
    else:
        return [] if fresh == kept else [f"{path}: {fresh!r}, not {kept!r}"]
    return [found for name, a, b in pairs for found in differences(a, b, small, name)]


@pytest.mark.slow
def test_the_example_is_what_a_fresh_run_gives(fresh: Path, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--refresh-golden"):
        shutil.rmtree(EXAMPLE, ignore_errors=True)
        shutil.copytree(fresh, EXAMPLE, ignore=shutil.ignore_patterns(NOT_KEPT))
    new = json.loads((fresh / "results.json").read_text("utf-8"))
    old = json.loads((EXAMPLE / "results.json").read_text("utf-8"))
    # Iterations and residuals are the solver's, and may differ where rounding does.
    own = {**new.pop("solves"), **old.pop("solves")}
    assert own["engine"] == "kernel"
    small = 1e-9 * abs(old["cost_usd"]["mean"]["value"])
    found = differences(new, old, small)
    assert not found, "\n".join([*found[:20], REFRESH])


def test_the_example_report_is_rendered_from_its_results(tmp_path: Path) -> None:
    kept = planner.open_run(EXAMPLE)
    write_report(kept.results, RunFacts(**kept.manifest["run"]), tmp_path)
    text = (EXAMPLE / "report.md").read_text("utf-8")
    assert (tmp_path / "report.md").read_text("utf-8") == text, REFRESH


def test_the_comparison_sees_a_difference() -> None:
    assert differences({"a": [1.0]}, {"a": [1.0 + 1e-5]}, 0.0)
    assert differences({"a": "x"}, {"a": "y"}, 0.0)
    assert not differences({"a": [1.0, None]}, {"a": [1.0 + 1e-9, None]}, 0.0)
