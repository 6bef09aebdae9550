"""What docs/catalogue.md and the README of the data say is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import get_args

import pytest
from small_catalog import document
from typer.testing import CliRunner

from planner.catalog.entries import UNIT_OF_FIELD, UNIT_OF_TABLE
from planner.catalog.loading import gather, shipped_documents
from planner.catalog.lookups import UNIT_OF_SLOT
from planner.cli import app
from planner.config.evidence import Evidence

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
DATA = (ROOT / "planner" / "catalog" / "data" / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^planner (.*)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("words", COMMANDS)
def test_commands_run(words: str) -> None:
    done = CliRunner().invoke(app, shlex.split(words))
    assert done.exit_code == 0, done.output
    assert done.output.strip()


def rows(page: str) -> list[list[str]]:
    lines = [line for line in page.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_place_is_on_the_page_with_its_unit() -> None:
    told = {}
    for places, *units in (row for row in rows(PAGE) if "`" in row[0] and "." in row[0]):
        names = re.findall(r"`([^`]+)`", places)
        given = units[0].split(", ")
        told |= dict(zip(names, given * len(names) if len(given) == 1 else given, strict=False))
    assert told == {".".join(pattern): unit for pattern, unit in UNIT_OF_SLOT.items()}


def test_every_field_and_evidence_is_explained() -> None:
    for name, unit in {**UNIT_OF_FIELD, **UNIT_OF_TABLE}.items():
        words = [f"`{name}`", f"`{name.removeprefix('peak_pflops')}`"]
        (line,) = (row for row in rows(DATA) if any(word in row[0] for word in words))
        assert unit in line[1], name
    for page in (PAGE, DATA):
        assert {row[0] for row in rows(page)} >= set(get_args(Evidence))


def test_the_overlay_of_the_page_loads(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (text,) = (block for block in blocks if "prices:" in block)
    found = gather(shipped_documents(), document(tmp_path, text))
    assert found.problems == ()
    assert found.catalog.platforms["nvidia-h100-sxm"].accelerator_kw.value == 1.31
    assert found.catalog.prices["our-h100"].term_quarters == 4
