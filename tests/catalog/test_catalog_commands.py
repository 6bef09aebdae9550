"""The commands of the catalogue as a user meets them, with their exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from small_catalog import OURS


def planner(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "planner", "catalog", *map(str, words)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


OVERLAY = f"""\
platforms:
  nvidia-h100-sxm:
    tdp_kw: {{value: 0.65, unit: kW, {OURS}}}
prices:
  our-h100:
    {{platform: nvidia-h100-sxm, offer: rent, seller: Our Cloud, unit: USD/hour, value: 2.2,
     {OURS}}}
"""


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(OVERLAY, encoding="utf-8")
    return path


def test_list(tmp_path: Path, overlay: Path) -> None:
    done = planner("list", "--vendor", "nvidia", "--overlay", overlay, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "nvidia-h100-sxm" in done.stdout
    assert "our-h100" in done.stdout
    assert "google" not in done.stdout
    wrong = planner("list", "--vendor", "Nvidea", cwd=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Nvidia" in wrong.stderr
    assert planner("list", "--evidence", "hearsay", cwd=tmp_path).returncode == 2


def test_show(tmp_path: Path, overlay: Path) -> None:
    done = planner("show", "nvidia-h100-sxm", "--overlay", overlay, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "tdp_kw: 0.65 kW\n  evidence        assumption, 2026-02-01" in done.stdout
    assert "peak_pflops: 0.9894 PFLOP/s" in done.stdout
    assert "our-h100" in done.stdout
    wrong = planner("show", "nvidia-h100-smx", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "nvidia-h100-sxm" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_claims(tmp_path: Path) -> None:
    done = planner("claims", "--platform", "aws-trainium3", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "trn3-2x: Trainium3 performs 2x Trainium2" in done.stdout
    assert "conflicts with" in done.stdout
    assert planner("claims", "--platform", "trainium-iii", cwd=tmp_path).returncode == 2


def test_check(tmp_path: Path, overlay: Path) -> None:
    done = planner("check", "--overlay", overlay, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "sourced (100 %)" in done.stdout
    assert "contradicted: claims.yaml" in done.stdout
    overlay.write_text(OVERLAY.replace("0.65", "0.065"), encoding="utf-8")
    wrong = planner("check", "--overlay", overlay, cwd=tmp_path)
    assert wrong.returncode == 2
    assert wrong.stderr.count("mine.yaml:3: platforms.nvidia-h100-sxm.tdp_kw") == 2
    assert "of the TDP" in wrong.stderr
    assert "checked" in wrong.stdout
    overlay.write_text(OVERLAY.replace(", date: 2026-02-01", ""), encoding="utf-8")
    unsourced = planner("check", "--overlay", overlay, cwd=tmp_path)
    assert unsourced.returncode == 2
    assert unsourced.stderr.count("`date` is missing") == 2


def test_an_age_is_a_warning(tmp_path: Path) -> None:
    done = planner("check", "--older-than", "1", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "warning: " in done.stdout
    assert "months old" in done.stdout


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = planner("check", "--overlay", "absent.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "absent.yaml" in done.stderr
