"""The generated reference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from planner.config.base import Strict
from planner.config.quantities import QUANTITY_MODELS, QUANTITY_TAGS, PowerPath
from planner.config.reference import COMMAND, EXAMPLES, reference_markdown
from planner.config.schema import Buy, Limits, Platform, Rent, Reserve, Scenario, Site, Workload
from planner.config.yaml_tree import parse

PAGE = Path(__file__).parents[2] / "docs" / "config-reference.md"


def test_the_page_is_in_step() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference_markdown(), (
        f"docs/config-reference.md is out of step: {COMMAND}"
    )


def test_every_key_stands_in_it_with_its_meaning() -> None:
    page = reference_markdown()
    models: tuple[type[Strict], ...] = (
        Scenario,
        Site,
        Workload,
        Platform,
        Buy,
        Reserve,
        Rent,
        Limits,
    )
    for model in (*models, *QUANTITY_MODELS.values()):
        for key, field in model.model_fields.items():
            assert field.description, f"{model.__name__}.{key} needs a description"
            assert any(
                line.startswith(f"| `{key}` |") and field.description in line
                for line in page.splitlines()
            )


def test_every_kind_of_figure_has_an_example() -> None:
    assert EXAMPLES.keys() == QUANTITY_TAGS


@pytest.mark.parametrize("tag", sorted(EXAMPLES))
def test_examples_are_of_their_kind(tag: str) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(PowerPath)
    value = adapter.validate_python(parse(f"a: {EXAMPLES[tag]}", "f").data["a"])
    model = QUANTITY_MODELS.get(tag)
    if model is not None:
        assert type(value) is model
    assert EXAMPLES[tag] in reference_markdown()


def test_no_cell_breaks_its_table() -> None:
    for line in reference_markdown().splitlines():
        if line.startswith("|"):
            assert line.replace("\\|", "").count("|") == 6
