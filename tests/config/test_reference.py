"""The generated reference."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from planner.config.base import Strict
from planner.config.describing import noun
from planner.config.kinds import DISTRIBUTIONS
from planner.config.quantities import QUANTITY_MODELS, QUANTITY_TAGS, Number, PowerPath
from planner.config.reference import COMMAND, EXAMPLES, SECTIONS, reference_markdown
from planner.config.schema import Scenario
from planner.config.slots import Slot, field_slot
from planner.config.yaml_tree import parse

PAGE = Path(__file__).parents[2] / "docs" / "config-reference.md"


def test_the_page_is_in_step() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference_markdown(), (
        f"docs/config-reference.md is out of step: {COMMAND}"
    )


def models_in(slot: Slot) -> Iterator[type[Strict]]:
    """Yield the models that a place is made of, figures apart."""
    if slot.figure is not None:
        return
    if slot.model is not None:
        yield slot.model
        for key in slot.model.model_fields:
            yield from models_in(field_slot(slot.model, key))
    for model in slot.mode_models.values():
        yield from models_in(Slot(model))
    if slot.item.annotation is not None:
        yield from models_in(slot.item)


def test_every_model_of_the_schema_has_a_section() -> None:
    models = set(models_in(Slot(Scenario)))
    assert len(models) > 25
    assert models == {model for _, model in SECTIONS}


@pytest.mark.parametrize(
    "model", [model for _, model in SECTIONS], ids=lambda model: model.__name__
)
def test_every_model_has_a_noun(model: type[Strict]) -> None:
    assert noun(model).startswith(("a ", "an ", "`"))


def test_every_key_stands_in_it_with_its_meaning() -> None:
    page = reference_markdown()
    for model in (*(model for _, model in SECTIONS), *QUANTITY_MODELS.values()):
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
    # Some distributions have no lower end, and no path may be without one.
    model = QUANTITY_MODELS.get(tag)
    adapter: TypeAdapter[Any] = TypeAdapter(Number if model in DISTRIBUTIONS else PowerPath)
    value = adapter.validate_python(parse(f"a: {EXAMPLES[tag]}", "f").data["a"])
    if model is not None:
        assert type(value) is model
    assert EXAMPLES[tag] in reference_markdown()


def test_no_cell_breaks_its_table() -> None:
    for line in reference_markdown().splitlines():
        if line.startswith("|"):
            assert line.replace("\\|", "").count("|") == 6
