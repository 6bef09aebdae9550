"""What is wrong with a catalogue entry, in words for the person who wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from planner.catalog.entries import Figure
from planner.config.document import Document, Location
from planner.config.evidence import Evidence
from planner.config.wording import did_you_mean, listing, show
from planner.errors import Problem

_A_FIGURE = "a mapping with value, source, date and kind"
_REMEDIES = {
    "source": "say where the figure comes from",
    "date": "say when its source was published or read, as in `date: 2026-07-30`",
    "kind": f"say what evidence it is: {', '.join(get_args(Evidence))}",
}


def explain(
    error: ValidationError, model: type[BaseModel], document: Document, entry: Location
) -> tuple[Problem, ...]:
    """Return a problem for each error in an entry.

    Parameters
    ----------
    error : ValidationError
        From validating the entry against `model`.
    model : type of BaseModel
    document : Document
        Where the entry was written.
    entry : Location
        Of the entry, such as ``("prices", "h100-buy")``.
    """
    return tuple(_problem(detail, model, document, entry) for detail in error.errors())


def _problem(
    detail: ErrorDetails, model: type[BaseModel], document: Document, entry: Location
) -> Problem:
    location = (*entry, *detail["loc"])
    return document.problem(location, **_words(detail, _fields(model, detail["loc"])))


def _fields(model: type[BaseModel], inner: Sequence[str | int]) -> list[str]:
    """Return the keys that are allowed where the error is."""
    return list(model.model_fields if len(inner) < 2 else Figure.model_fields)


def _words(detail: ErrorDetails, fields: list[str]) -> dict[str, str]:
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    found: Any = detail["input"]
    match detail["type"]:
        case "missing":
            remedy = _REMEDIES.get(key, f"add `{key}:`")
            return {"message": f"`{key}` is missing", "remedy": remedy}
        case "extra_forbidden":
            remedy = did_you_mean(key, fields, "remove the key")
            return {
                "message": f"there is no key `{key}` here",
                "allowed": listing(fields),
                "remedy": remedy,
            }
        case "model_type" | "model_attributes_type":
            allowed = _A_FIGURE if key else listing(fields)
            return {"message": "this is not a mapping", "value": show(found), "allowed": allowed}
        case "literal_error":
            options = [option.strip("'") for option in _options(detail)]
            remedy = did_you_mean(found, options, "") if isinstance(found, str) else ""
            return {
                "message": f"this is no `{key}` that the catalogue knows",
                "value": show(found),
                "allowed": ", ".join(options),
                "remedy": remedy,
            }
        case "value_error":
            # Of a whole entry the value would be a page of text.
            value = "" if isinstance(found, dict) else show(found)
            return {"message": str(detail["ctx"]["error"]), "value": value}
        case "string_too_short":
            remedy = _REMEDIES.get(key, "write something")
            return {"message": f"`{key}` is empty", "value": show(found), "remedy": remedy}
        case _:
            message = detail["msg"].replace("Input should be", "this should be")
            return {"message": message, "value": show(found), "remedy": _REMEDIES.get(key, "")}


def _options(detail: ErrorDetails) -> list[str]:
    return str(detail["ctx"]["expected"]).replace(" or ", ", ").split(", ")
