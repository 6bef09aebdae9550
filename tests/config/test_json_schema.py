"""The JSON Schema that editors use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.config.json_schema import DRAFT, scenario_json_schema
from planner.config.platforms import FILLED_FROM_CATALOG, FILLED_IF_NEEDED
from planner.config.schema import MODE_MODELS, Scenario

SCHEMA = scenario_json_schema()
PAGE = Path(__file__).parents[2] / "docs" / "scenario.schema.json"


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, list):
        for item in schema:
            yield from parts(item)
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts(value)


def test_it_names_its_draft_and_every_key_of_a_scenario() -> None:
    assert SCHEMA["$schema"] == DRAFT
    assert list(SCHEMA["properties"]) == list(Scenario.model_fields)


def test_every_reference_leads_somewhere() -> None:
    references = [part["$ref"] for part in parts(SCHEMA) if "$ref" in part]
    assert references
    for reference in references:
        assert reference.removeprefix("#/$defs/") in SCHEMA["$defs"]


def test_every_property_is_described() -> None:
    holders = [SCHEMA, *SCHEMA["$defs"].values()]
    for holder in holders:
        assert holder["description"]
        for key, body in holder.get("properties", {}).items():
            assert body.get("description"), f"{holder['title']}.{key} needs a description"


def test_what_the_catalogue_fills_in_is_not_required() -> None:
    platform = SCHEMA["$defs"]["Platform"]
    assert set(FILLED_FROM_CATALOG) <= platform["properties"].keys()
    filled = {*FILLED_FROM_CATALOG, *FILLED_IF_NEEDED}
    assert not filled & set(platform["required"])
    assert "availability" in platform["required"]


@pytest.mark.parametrize("section", MODE_MODELS)
def test_every_mode_is_one_of_the_choices(section: str) -> None:
    (entries,) = SCHEMA["properties"][section]["patternProperties"].values()
    chosen = [choice["$ref"].removeprefix("#/$defs/") for choice in entries["oneOf"]]
    assert chosen == [model.__name__ for model in MODE_MODELS[section].values()]
    for tag, name in zip(MODE_MODELS[section], chosen, strict=True):
        body = SCHEMA["$defs"][name]
        assert body["properties"]["mode"]["const"] == tag.removeprefix("mode:")
        assert "mode" in body["required"]


def test_unknown_keys_and_bad_names_are_marked() -> None:
    for part in parts(SCHEMA):
        if "patternProperties" in part or (part.get("type") == "object" and "properties" in part):
            assert part["additionalProperties"] is False


def test_figures_are_definitions_with_bounds_beside_them() -> None:
    site = SCHEMA["$defs"]["Site"]["properties"]
    assert site["power_mw"]["$ref"] == "#/$defs/FigurePerQuarterOrUnlimited"
    assert site["power_mw"]["minimum"] == 0
    assert site["pue"] | {"description": ""} == {
        "$ref": "#/$defs/Figure",
        "minimum": 1,
        "description": "",
    }
    platform = SCHEMA["$defs"]["Platform"]["properties"]
    assert platform["peak_pflops"]["exclusiveMinimum"] == 0
    assert (platform["availability"]["minimum"], platform["availability"]["maximum"]) == (0, 1)


def test_the_file_that_configs_bind_to_is_in_step() -> None:
    if not PAGE.exists():
        pytest.fail(
            "docs/scenario.schema.json is missing: planner schema > docs/scenario.schema.json"
        )
    assert json.loads(PAGE.read_text()) == SCHEMA, (
        "docs/scenario.schema.json is out of step: planner schema > docs/scenario.schema.json"
    )
