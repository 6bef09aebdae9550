"""The README's commands and code work as they stand, from a copy of what a clone has."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def commands() -> list[str]:
    lines = [line for block in blocks("console") for line in block.strip().splitlines()]
    return [line for line in lines if line.startswith("planner ")]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clone")
    for name in ("configs", "reports/example"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def test_there_are_commands() -> None:
    assert len(commands()) >= 5


@pytest.mark.slow
@pytest.mark.parametrize("command", commands())
def test_a_command_works_verbatim(command: str, clone: Path) -> None:
    words = [sys.executable, "-m", *shlex.split(command)]
    done = subprocess.run(words, cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_python_code_works_verbatim(clone: Path) -> None:
    (code,) = blocks("python")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=clone, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "nvidia-b200" in done.stdout


def test_the_two_set_up_commands_install_from_the_locks() -> None:
    for mark, lock in (("run", "requirements.lock"), ("test", "requirements-dev.lock")):
        block = README.split(f"<!-- {mark} -->")[1].split("```")[1]
        assert f"-r {lock} " in block
        assert block.strip().count("\n") == 1


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target
