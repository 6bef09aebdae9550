"""What pydantic says about a scenario, in words for someone who knows neither pydantic nor Python.

Every type of error that the schema can give has its own words in `_WORDS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic_core import ErrorDetails

from planner.config.base import Strict
from planner.config.claims import CLAIMS
from planner.config.describing import NAME_WORDS, allowed, noun
from planner.config.document import Document, Location
from planner.config.kinds import DISTRIBUTIONS, kind_name
from planner.config.offers import Chance
from planner.config.processes import PROCESSES, process_name
from planner.config.quantities import Trend
from planner.config.rules import RULES
from planner.config.slots import TAGS, Slot, field_slot, keys_of, slot_at
from planner.config.wording import did_you_mean, listing, nearest, number_meant, show
from planner.errors import Problem

_KINDS = [kind_name(model) for model in DISTRIBUTIONS]
_PROCESSES = {process_name(model): model for model in PROCESSES}
_KIND_KEYS = ("distribution", "value", "catalog", *CLAIMS, "by_quarter", "first", "process")


def yaml_location(error: ErrorDetails) -> Location:
    """Return the location of an error as the user wrote it, without pydantic's tags.

    The last part of an unknown key is the user's own, whatever it looks like.
    """
    *outer, last = error["loc"] or ("",)
    parts = [part for part in outer if part not in TAGS]
    ours = error["type"] != "extra_forbidden" and (last in TAGS or last == "[key]")
    if error["loc"] and not ours:
        parts.append(last)
    return tuple(parts)


def explain(error: ErrorDetails, document: Document) -> Problem:
    """Return one pydantic error as a problem at its YAML path and line."""
    case = _Case(error, document, yaml_location(error), slot_at(error["loc"]))
    say = _WORDS.get(error["type"], _other)
    return say(case)


@dataclass(frozen=True)
class _Case:
    error: ErrorDetails
    document: Document
    location: Location
    slot: Slot

    @property
    def found(self) -> Any:
        return self.error["input"]

    @property
    def context(self) -> Mapping[str, Any]:
        return self.error.get("ctx", {})

    @property
    def key(self) -> str:
        return str(self.location[-1]) if self.location else ""

    def holder(self) -> type[Strict] | None:
        """The model that the last key is in, or is missing from."""
        return slot_at(self.error["loc"][:-1]).model

    def problem(self, message: str, remedy: str = "", *, allows: str | None = None) -> Problem:
        """Return a problem here that shows the value found."""
        accepted = allowed(self.slot) if allows is None else allows
        return self.document.problem(
            self.location, message, allowed=accepted, remedy=remedy, value=show(self.found)
        )


def _missing(case: _Case) -> Problem:
    model = case.holder()
    slot = field_slot(model, case.key) if model else case.slot
    description = f": {slot.description}" if slot.description else ""
    return case.document.problem(
        case.location[:-1],
        f"the key `{case.key}` is missing",
        allowed=f"{allowed(slot)}{description}",
        remedy=f"add `{case.key}: ...`",
    )


def _unknown_key(case: _Case) -> Problem:
    model = case.holder()
    valid = keys_of(model) if model else []
    what = noun(model) if model else "this"
    return case.problem(
        f"{what} has no key `{case.key}`",
        did_you_mean(case.key, valid, _process_meant(model, case.key) or "remove it"),
        allows=listing(valid),
    )


def _process_meant(model: type[Strict] | None, key: str) -> str:
    """Return the remedy for a process whose ``process`` was forgotten: it looks like a trend."""
    of = [name for name, process in _PROCESSES.items() if key in process.model_fields]
    return f"add `process: {of[0]}`, or remove it" if model is Trend and of else ""


def _not_a_number(case: _Case) -> Problem:
    found = case.found
    if isinstance(found, str):
        return case.problem(*_text_for_number(found))
    whole = case.error["type"].startswith("int")
    if whole and isinstance(found, float):
        remedy = f"write {found:.0f}" if found.is_integer() and abs(found) < 1e15 else ""
        return case.problem("not a whole number", remedy)
    return case.problem(f"{_noun(found)} where a {'whole ' if whole else ''}number is needed")


def _text_for_number(found: str) -> tuple[str, str]:
    meant = number_meant(found)
    remedy = f"write {meant}, without quotes, separators or units" if meant else ""
    return "text where a number is needed", remedy


def _noun(found: Any) -> str:
    if found is None:
        return "nothing"
    if isinstance(found, bool):
        return "true or false"
    if isinstance(found, str):
        return "text"
    if isinstance(found, dict):
        return "a mapping"
    return "a list" if isinstance(found, list) else "a number"


def _not_text(case: _Case) -> Problem:
    plain = isinstance(case.found, int | float) and not isinstance(case.found, bool)
    # Quotes help only where the digits themselves would be accepted.
    fits = re.fullmatch(case.slot.pattern or ".*", str(case.found)) is not None
    remedy = f'put it in quotes: "{case.found}"' if plain and fits else ""
    return case.problem(f"{_noun(case.found)} where text is needed", remedy)


def _not_a_list(case: _Case) -> Problem:
    item = case.slot.item
    fits = isinstance(case.found, dict if item.model else str | int | float)
    written = "{...}" if isinstance(case.found, dict) else case.found
    remedy = f"write [{written}]" if fits else ""
    return case.problem(f"{_noun(case.found)} where a list is needed", remedy)


def _not_a_mapping(case: _Case) -> Problem:
    found = case.found
    if found is None:
        return case.problem(f"nothing is given for `{case.key}`", "fill it in, or remove the key")
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    remedy = f"write {{probability: {found}}}" if is_number and case.slot.model is Chance else ""
    return case.problem(f"{_noun(found)} where a mapping is needed", remedy)


def _not_true_or_false(case: _Case) -> Problem:
    meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}
    word = meant.get(str(case.found).casefold())
    remedy = f"write {word}, without quotes" if word else ""
    return case.problem(f"{_noun(case.found)} where true or false is needed", remedy)


def _nothing_listed(case: _Case) -> Problem:
    return case.problem(f"`{case.key}` is empty", "give at least one")


def _not_finite(case: _Case) -> Problem:
    unlimited = "kind:unlimited" in slot_at(case.error["loc"][:-1]).tags
    remedy = "write unlimited if there is no limit" if unlimited else "write a finite number"
    return case.problem("not a finite number", remedy)


def _out_of_bounds(case: _Case) -> Problem:
    return case.problem("this number is out of range")


def _out_of_range(case: _Case) -> Problem:
    words = str(case.context["words"])
    if isinstance(case.found, int | float):
        return case.problem(f"{words} is needed")
    message = f"this gives {case.context['span']}, and {words} is needed"
    return case.problem(message, str(case.context["remedy"]))


def _bad_text(case: _Case) -> Problem:
    if case.error["loc"][-1] == "[key]":
        return case.problem("this name cannot be used", allows=NAME_WORDS)
    return case.problem("this text cannot be used here")


def _text_length(case: _Case) -> Problem:
    short = case.error["type"] == "string_too_short"
    return case.problem("the text is empty" if short else "the text is too long")


def _not_the_word(case: _Case) -> Problem:
    words = [str(word) for word in get_args(case.slot.annotation)]
    remedy = did_you_mean(case.found, words, "") if isinstance(case.found, str) else ""
    return case.problem("this word cannot stand here", remedy)


def _rule_broken(case: _Case) -> Problem:
    broken = str(case.context["error"])
    fitting = [advice for words, advice in RULES.items() if words in broken]
    allows, remedy = fitting[-1] if fitting else ("", "")
    return case.problem(broken, remedy, allows=allows)


def _no_such_kind(case: _Case) -> Problem:
    return _bad_entry(case) if case.slot.figure is None else _bad_quantity(case)


def _bad_entry(case: _Case) -> Problem:
    found = case.found
    if not isinstance(found, dict):
        return _not_a_mapping(case)
    return _bad_choice(case, found, "mode", list(case.slot.mode_models))


def _bad_choice(case: _Case, found: dict[str, Any], key: str, valid: list[str]) -> Problem:
    options = listing(valid)
    if key not in found:
        near = nearest(key, found)
        remedy = f"did you mean `{key}` by `{near}`?" if near else f"add `{key}: ...`"
        return case.problem(f"the key `{key}` is missing", remedy, allows=options)
    given = found[key]
    remedy = did_you_mean(given, valid, "use one of these") if isinstance(given, str) else ""
    return case.document.problem(
        (*case.location, key),
        f"there is no such {key}",
        allowed=options,
        remedy=remedy,
        value=show(given),
    )


def _bad_quantity(case: _Case) -> Problem:
    found = case.found
    if isinstance(found, dict):
        return _bad_belief(case, found)
    if isinstance(found, list):
        return case.problem("a list where one figure is needed")
    if isinstance(found, str):
        near = nearest(found, ["unlimited"]) if "kind:unlimited" in case.slot.tags else None
        message, remedy = _text_for_number(found)
        return case.problem(message, f"did you mean `{near}`?" if near else remedy)
    if found is None:
        return case.problem(f"nothing is given for `{case.key}`")
    return case.problem(f"{_noun(found)} where a number is needed")


def _bad_belief(case: _Case, found: dict[str, Any]) -> Problem:
    if "distribution" in found:
        return _bad_choice(case, found, "distribution", _KINDS)
    if "process" in found and "kind:by_quarter" in case.slot.tags:
        return _bad_choice(case, found, "process", list(_PROCESSES))
    if not found.keys().isdisjoint(("process", "by_quarter", "first")):
        return case.problem("a path over the quarters where one figure is needed")
    message = "this mapping is neither a figure nor a belief"
    allows = f"{{value: 3}}, or {{distribution: ...}} with one of {listing(_KINDS)}"
    fitting = next((model for model in DISTRIBUTIONS if _fits(model, found)), None)
    if fitting is not None:
        return case.problem(message, f"add `distribution: {kind_name(fitting)}`", allows=allows)
    for key in found:
        # A key of YAML may be a number.
        near = nearest(str(key), _KIND_KEYS)
        if near:
            return case.problem(message, f"did you mean `{near}` by `{key}`?", allows=allows)
    return case.problem(message, allows=allows)


def _fits(model: type[Strict], found: dict[str, Any]) -> bool:
    """Return whether the keys are those of a kind whose ``distribution`` was forgotten."""
    keys = set(found) - {"source"}
    fields = model.model_fields
    needed = {name for name, field in fields.items() if field.is_required()} - {"distribution"}
    return bool(keys) and needed <= keys <= fields.keys()


def _other(case: _Case) -> Problem:
    return case.problem(f"this cannot be used: {case.error['msg']}")


_WORDS: dict[str, Callable[[_Case], Problem]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "float_type": _not_a_number,
    "int_type": _not_a_number,
    "bool_type": _not_true_or_false,
    "finite_number": _not_finite,
    "string_type": _not_text,
    "list_type": _not_a_list,
    "tuple_type": _not_a_list,
    "dict_type": _not_a_mapping,
    "model_type": _not_a_mapping,
    "too_short": _nothing_listed,
    "greater_than": _out_of_bounds,
    "greater_than_equal": _out_of_bounds,
    "less_than": _out_of_bounds,
    "less_than_equal": _out_of_bounds,
    "out_of_range": _out_of_range,
    "string_pattern_mismatch": _bad_text,
    "string_too_short": _text_length,
    "string_too_long": _text_length,
    "literal_error": _not_the_word,
    "value_error": _rule_broken,
    "union_tag_invalid": _no_such_kind,
}
