"""Files that a config names stay inside its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.config.document import Document, Origin
from planner.config.paths import inside_folder
from planner.errors import InputError


@pytest.fixture
def document(tmp_path: Path) -> Document:
    folder = tmp_path / "configs"
    (folder / "below").mkdir(parents=True)
    (folder / "prices.yaml").write_text("a: 1")
    (folder / "below" / "prices.yaml").write_text("a: 1")
    (tmp_path / "secret.yaml").write_text("a: 1")
    (folder / "leaving.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "out").symlink_to(tmp_path)
    (folder / "staying.yaml").symlink_to(folder / "prices.yaml")
    (folder / "circle.yaml").symlink_to(folder / "circle.yaml")
    return Document({}, {("catalog",): Origin("plan.yaml", 7)}, folder / "plan.yaml")


@pytest.mark.parametrize(
    "text", ["prices.yaml", "below/prices.yaml", "./prices.yaml", "staying.yaml"]
)
def test_files_in_the_folder(document: Document, text: str) -> None:
    assert inside_folder(document, ("catalog",), text).read_text() == "a: 1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/etc/passwd", "absolute"),
        ("C:\\prices.yaml", "absolute"),
        ("\\\\server\\prices.yaml", "absolute"),
        ("../secret.yaml", "`..`"),
        ("below/../prices.yaml", "`..`"),
        ("below\\..\\..\\secret.yaml", "`..`"),
        ("leaving.yaml", "leads out"),
        ("out/secret.yaml", "leads out"),
        ("circle.yaml", ""),
        ("gone.yaml", "no such file"),
        ("below", "not a file"),
        ("", "not a file"),
        ("prices.yaml\0", "cannot be used"),
        ("x" * 5000, "cannot be used"),
    ],
)
def test_files_elsewhere(document: Document, text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        inside_folder(document, ("catalog",), text)
    (problem,) = caught.value.problems
    assert (problem.path, problem.file, problem.line) == ("catalog", "plan.yaml", 7)
    assert words in problem.message
    assert problem.remedy
    assert problem.allowed
