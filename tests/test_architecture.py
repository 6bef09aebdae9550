"""The rooms import one way only; the command line starts light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "planner"

ORDER = [
    "version",
    "errors",
    "progress",
    "interrupt",
    "config",
    "beliefs",
    "catalog",
    "uncertainty",
    "model",
    "solve",
    "analysis",
    "report",
    "store",
    "export",
    "run",
    "api",
    "cli",
]
"""Rooms from the first to the last: a room may import those before it, and itself."""

HEAVY = ("numpy", "pandas", "scipy", "matplotlib", "pyarrow", "highspy", "pulp", "pydantic")


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports_of(file: Path) -> set[str]:
    """Return the modules of this package that a file imports, under a type check too."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has a relative import"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names if node.module == "planner" else {node.module or ""}
    return {name for name in found if name.split(".")[0] == "planner"}


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_every_room_has_its_place() -> None:
    rooms = {path.stem if path.is_file() else path.name for path in PACKAGE.iterdir()}
    rooms -= {"__init__", "__main__", "__pycache__", "py"}
    assert rooms == set(ORDER)


@pytest.mark.parametrize("file", files(), ids=lambda f: str(f.relative_to(PACKAGE)))
def test_imports_go_one_way(file: Path) -> None:
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    if parts[0] in ("__init__", "__main__"):
        return
    own = ORDER.index(parts[0])
    for module in imports_of(file):
        assert ORDER.index(room_of(module)) <= own, f"{'/'.join(parts)} imports {module}"


def test_reports_never_solve() -> None:
    apart = {"beliefs", "uncertainty", "model", "solve"}
    for file in (PACKAGE / "report").glob("*.py"):
        assert not {room_of(m) for m in imports_of(file)} & apart, file


def test_the_test_itself_sees_a_wrong_arrow(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("def f():\n    from planner.report import text\n")
    assert {room_of(m) for m in imports_of(wrong)} == {"report"}


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['planner', '--help']\n"
        "from planner.cli import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        f"heavy = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
