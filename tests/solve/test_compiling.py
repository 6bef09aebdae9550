"""What was compiled is used again as long as no source of it has changed, and no longer."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from planner.solve import compiling

HERE = Path(compiling.__file__).parent


def _imported(name: str) -> set[str]:
    """Return the files of this room that a file imports as it is loaded."""
    tree = ast.parse((HERE / name).read_text("utf-8"))
    modules = [node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)]
    own = [module for module in modules if module.startswith("planner.solve.")]
    return {f"{module.rsplit('.', 1)[1]}.py" for module in own}


def test_the_digest_is_of_every_source_that_is_compiled() -> None:
    """Another file's constant or function, left out, would be compiled in and grow old there."""
    found = {f"{name.split('.')[0]}.py" for name in compiling._OUTERMOST}
    while more := {each for name in found for each in _imported(name)} - found:
        found |= more
    assert found == set(compiling._SOURCES)


@pytest.mark.parametrize("name", compiling._SOURCES)
def test_a_change_of_any_source_begins_a_new_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in compiling._SOURCES:
        (tmp_path / source).write_bytes((HERE / source).read_bytes())
    monkeypatch.setattr(compiling, "_HERE", tmp_path)
    before = compiling._folder.__wrapped__()
    (tmp_path / name).write_text("# changed", "utf-8")
    assert compiling._folder.__wrapped__() != before


def test_what_is_compiled_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "_folder", lambda: tmp_path)
    (tmp_path / "module").mkdir()
    for name in compiling._OUTERMOST:
        assert not compiling.is_compiled()
        (tmp_path / "module" / f"{name}-80.py311.nbi").touch()
    assert compiling.is_compiled()
