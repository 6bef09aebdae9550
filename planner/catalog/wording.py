"""What is wrong with a catalogue entry, in words for the person who wrote it."""

from __future__ import annotations

import types
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from planner.catalog.entries import FIGURE_TAG, REFERENCE_TAG, ByReference
from planner.catalog.figures import Fact, Figure
from planner.config.document import Location
from planner.config.evidence import Evidence
from planner.config.wording import did_you_mean, listing, show

_SHAPES = {
    Figure: "a mapping with value or quantiles, unit, source, date and evidence",
    Fact: "a mapping with value, source, date and evidence",
}
_REMEDIES = {
    "source": "say where the figure comes from",
    "unit": "say which unit the figure is in, as in `unit: PFLOP/s`",
    "date": "say when its source was published or read, as in `date: 2026-07-30`",
    "evidence": f"say what evidence it is: {', '.join(get_args(Evidence))}",
    "seller": "say who sells at this price, as in `seller: Google Cloud`",
}
_RENAMED = {
    "kind": "it is called `evidence` now",
    "usd": "it is written USD now",
    "usd_per_hour": "it is written USD/hour now",
}
"""Keys and units of catalogue files from before figures had units."""

_TAGGED: dict[str, type[BaseModel]] = {FIGURE_TAG: Figure, REFERENCE_TAG: ByReference}


def explain(
    error: ValidationError, model: type[BaseModel], entry: Location
) -> list[tuple[Location, dict[str, str]]]:
    """Return where each error in an entry stands, and the words of its problem.

    Parameters
    ----------
    error : ValidationError
        From validating the entry against `model`.
    model : type of BaseModel
    entry : Location
        Of the entry, such as ``("prices", "h100-buy")``.
    """
    return [
        (
            (*entry, *(part for part in detail["loc"] if part not in _TAGGED)),
            _words(detail, _model_at(model, detail["loc"][:-1]), _model_at(model, detail["loc"])),
        )
        for detail in error.errors()
    ]


def _model_at(model: type[BaseModel], inner: Location) -> type[BaseModel] | None:
    """Return the model of the mapping at a place in an entry, if there is one."""
    found: Any = model
    for part in inner:
        if part in _TAGGED:
            found = _TAGGED[str(part)]
        elif isinstance(found, type) and issubclass(found, BaseModel):
            field = found.model_fields.get(str(part))
            found = _bare(field.annotation) if field is not None else None
        else:
            found = _bare(next((arg for arg in get_args(found)[::-1] if arg is not Ellipsis), None))
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _bare(annotation: Any) -> Any:
    """Take off `Annotated` and `| None`."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        return _bare(members[0]) if len(members) == 1 else annotation
    return annotation


def _words(
    detail: ErrorDetails, around: type[BaseModel] | None, here: type[BaseModel] | None
) -> dict[str, str]:
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    found: Any = detail["input"]
    match detail["type"]:
        case "missing":
            remedy = _REMEDIES.get(key, f"add `{key}:`")
            return {"message": f"`{key}` is missing", "remedy": remedy}
        case "extra_forbidden":
            keys = list(around.model_fields) if around is not None else []
            meant = _RENAMED.get(key) if "evidence" in keys else None
            return {
                "message": f"there is no key `{key}` here",
                "allowed": listing(keys),
                "remedy": meant or did_you_mean(key, keys, "remove the key"),
            }
        case "model_type" | "model_attributes_type":
            keys = list(here.model_fields) if here is not None else []
            allowed = _SHAPES.get(here, listing(keys)) if here is not None else ""
            return {"message": "this is not a mapping", "value": show(found), "allowed": allowed}
        case "literal_error":
            return _no_option(key, found, detail)
        case "value_error":
            # Of a whole entry the value would be a page of text.
            value = "" if isinstance(found, dict) else show(found)
            return {"message": str(detail["ctx"]["error"]), "value": value}
        case "string_too_short":
            remedy = _REMEDIES.get(key, "write something")
            return {"message": f"`{key}` is empty", "value": show(found), "remedy": remedy}
        case _:
            message = detail["msg"].replace("Input should be", "this should be")
            remedy = str(detail.get("ctx", {}).get("remedy", _REMEDIES.get(key, "")))
            value = "" if isinstance(found, dict) else show(found)
            return {"message": message, "value": value, "remedy": remedy}


def _no_option(key: str, found: Any, detail: ErrorDetails) -> dict[str, str]:
    options = [option.strip("'") for option in _options(detail)]
    remedy = ""
    if isinstance(found, str):
        remedy = _RENAMED.get(found, "") if key == "unit" else ""
        remedy = remedy or did_you_mean(found, options, "")
    return {
        "message": f"this is no `{key}` that the catalogue knows",
        "value": show(found),
        "allowed": ", ".join(options),
        "remedy": remedy,
    }


def _options(detail: ErrorDetails) -> list[str]:
    return str(detail["ctx"]["expected"]).replace(" or ", ", ").split(", ")
