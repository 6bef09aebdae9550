"""docs/formulation.md lists the families of columns and rows that the code has, as it has them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from row_scenarios import ROW_SCENARIOS
from small import scenario

from planner.model.columns import COLUMN_FAMILIES
from planner.model.program import build_model
from planner.model.rows import ROW_FAMILIES
from planner.model.template import Label, LinearPrograms
from planner.uncertainty.sampling import median_draws

DOCUMENT = Path(__file__).parents[2] / "docs" / "formulation.md"


def table(section: str) -> dict[str, dict[str, str]]:
    """Return the cells of a section's table by family and by the column's heading."""
    text = DOCUMENT.read_text("utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    rows = [line for line in text.splitlines() if line.startswith("|")]
    heading, _, *body = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    found = {}
    for cells in body:
        assert len(cells) == len(heading), cells
        family = re.fullmatch(r"`(\w+)`", cells[0])
        assert family is not None, cells[0]
        assert family[1] not in found, f"{family[1]} stands there twice"
        found[family[1]] = dict(zip(heading[1:], cells[1:], strict=True))
    return found


COLUMNS, ROWS = table("Columns"), table("Rows")


def key_lengths(cell: str) -> set[int]:
    """Return how many parts a key has: commas part them; ``;`` or ``, and`` begin another kind.

    A kind that begins with ``; and`` has also the parts before it that are no name in code: from
    ``offer, quarter, `total`; and tier, `opens` or `needs``` come 3 and 4.
    """
    lengths, before = set(), 0
    for clause in re.sub(r"\([^)]*\)", "", cell).split(";"):
        first, *others = clause.strip().split(", and ")
        parts = first.removeprefix("and ").split(",")
        lengths.add(len(parts) + (before if first.startswith("and ") else 0))
        lengths.update(len(other.split(",")) for other in others)
        before = sum("`" not in part for part in parts)
    return lengths


def stage(cell: str) -> str:
    """Return the stage of most keys; of what is the offer's, that of offers that commit."""
    return "commitment" if cell == "as the offer's" else cell.split(" (")[0]


@pytest.fixture(scope="module")
def programs() -> list[LinearPrograms]:
    """Programs that have all families between them."""
    made = [build_model(scenario(raw)) for raw in ROW_SCENARIOS.values()]
    return [model.programs(model.coefficients(median_draws(()))) for model in made]


def test_the_families_are_those_of_the_code() -> None:
    assert list(COLUMNS) == list(COLUMN_FAMILIES)
    assert list(ROWS) == list(ROW_FAMILIES)


def test_the_stages_are_those_of_the_code() -> None:
    columns = {name: family.stage for name, family in COLUMN_FAMILIES.items()}
    rows = {name: module.STAGE for name, module in ROW_FAMILIES.items()}
    assert {name: stage(cells["stage"]) for name, cells in COLUMNS.items()} == columns
    assert {name: stage(cells["stage"]) for name, cells in ROWS.items()} == rows


def lengths_of(labels: Iterable[Label]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for label in labels:
        found.setdefault(label.family, set()).add(len(label.key))
    return found


def test_the_keys_are_those_of_the_code(programs: list[LinearPrograms]) -> None:
    columns = lengths_of(label for each in programs for label in each.template.columns)
    rows = lengths_of(label for each in programs for label in each.template.rows)
    assert {name: key_lengths(cells["key"]) for name, cells in COLUMNS.items()} == columns
    assert {name: key_lengths(cells["key"]) for name, cells in ROWS.items()} == rows
    named = {name: {len(family.keys)} for name, family in COLUMN_FAMILIES.items()}
    assert named == columns


def test_bounds_and_whole_numbers_are_those_of_the_code(programs: list[LinearPrograms]) -> None:
    for each in programs:
        uppers = zip(each.template.columns, each.upper[0], each.template.integer, strict=True)
        for label, upper, integer in uppers:
            unit = COLUMNS[label.family]["unit"]
            assert integer == ("integer" in unit), label.text()
            bounded = 1 if "[0,1]" in unit else np.inf
            assert upper == bounded or "up to" in unit, label.text()
