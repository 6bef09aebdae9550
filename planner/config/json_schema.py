"""The JSON Schema of a scenario, by which an editor completes keys and marks mistakes.

It is a net with wider meshes than `planner check`: it knows keys, types and plain bounds, not what
must agree between the parts.
"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from planner.config.platforms import FILLED_FROM_CATALOG
from planner.config.quantities import NonNegativePath, Number, PowerPath
from planner.config.schema import Scenario

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_UNIONS: dict[str, tuple[Any, str]] = {
    "Figure": (Number, "One figure: a number, or a belief about it."),
    "FigurePerQuarter": (
        NonNegativePath,
        "One figure per quarter: a number or a belief for all, a list, a trend, or a process.",
    ),
    "FigurePerQuarterOrUnlimited": (
        PowerPath,
        "One figure per quarter: a number or a belief for all, a list, a trend, a process, or "
        "`unlimited`.",
    ),
}


def scenario_json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what a user may write.

    What the catalogue fills in is not required in it, and the kinds of figures are definitions of
    their own.
    """
    schema = Scenario.model_json_schema()
    named = {_members(_schema_of(kind)): name for name, (kind, _) in _UNIONS.items()}
    definitions = schema.pop("$defs")
    tidy = {name: _tidy(body, named) for name, body in definitions.items()}
    for name, (kind, description) in _UNIONS.items():
        tidy[name] = {"title": name, "description": description, "oneOf": _schema_of(kind)["oneOf"]}
    platform = tidy["Platform"]
    platform["required"] = [k for k in platform["required"] if k not in FILLED_FROM_CATALOG]
    body = _tidy(schema, named)
    body["title"] = "A scenario of the planner"
    return {"$schema": DRAFT, **body, "$defs": dict(sorted(tidy.items()))}


def _schema_of(kind: Any) -> dict[str, Any]:
    return TypeAdapter(kind).json_schema()


def _members(schema: dict[str, Any]) -> str:
    """Return what tells one union from another."""
    return repr(schema["oneOf"])


def _tidy(schema: Any, named: dict[str, str]) -> Any:
    """Refer to the named unions, drop titles that only repeat the key, and write code as text."""
    if isinstance(schema, list):
        return [_tidy(item, named) for item in schema]
    if not isinstance(schema, dict):
        return schema
    name = named.get(_members(schema)) if "oneOf" in schema else None
    if name is not None:
        schema = {"$ref": f"#/$defs/{name}"} | {k: v for k, v in schema.items() if k != "oneOf"}
    tidy: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            tidy[key] = {prop: _tidy(body, named) for prop, body in value.items()}
            for body in tidy[key].values():
                body.pop("title", None)
        elif key == "description":
            tidy[key] = value.replace("``", "`")
        else:
            tidy[key] = _tidy(value, named)
    if "patternProperties" in tidy:
        # The pattern is of the names; what does not match it is no name.
        tidy["additionalProperties"] = False
    return tidy
