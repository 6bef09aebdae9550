"""Values from the command line, ``--set dotted.key=value``, laid over a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from planner.config.document import Document, Location, Origin, dotted
from planner.config.schema import NAMED_SECTIONS
from planner.config.wording import did_you_mean, listing, shorten, show
from planner.config.yaml_tree import MAX_DEPTH, parse
from planner.errors import InputError, Problem

FILE = "--set"
_FORM = "dotted.key=value, such as samples=2000 or workloads.w.demand.0=5"


def apply_overrides(
    document: Document, assignments: Sequence[str]
) -> tuple[Document, list[Problem]]:
    """Return a copy of the document with every good assignment applied, and what ails the others.

    A key that does not exist is added, with the mappings on the way to it: whether it may exist is
    for `planner.config.validation` to say. A new entry of a section, such as a site or an offer,
    can only be set as a whole.

    Parameters
    ----------
    document : Document
    assignments : sequence of str
        Each ``dotted.key=value``. A value is YAML; the items of a list have numbers, from 0.

    Returns
    -------
    tuple of Document and list of Problem
        So that the problems of the file and those of the command line can be told together.
    """
    data = deepcopy(document.data)
    origins = dict(document.origins)
    problems: list[Problem] = []
    done: list[Location] = []
    for text in assignments:
        try:
            assignment = _parsed(text)
            location = _placed(data, assignment, done)
        except InputError as error:
            problems.extend(error.problems)
            continue
        done.append(location)
        for known in [known for known in origins if known[: len(location)] == location]:
            del origins[known]
        for end in range(1, len(location)):
            origins.setdefault(location[:end], Origin(FILE, None))
        origins[location] = Origin(FILE, None)
    return Document(data, origins, document.path), problems


@dataclass(frozen=True)
class _Assignment:
    parts: tuple[str, ...]
    value: Any


def _refusal(path: str, message: str, remedy: str = "", *, value: str = "") -> InputError:
    problem = Problem(path, message, allowed=_FORM, remedy=remedy, value=value, file=FILE)
    return InputError((problem,))


def _parsed(text: str) -> _Assignment:
    key, equals, written = text.partition("=")
    key = key.strip()
    shown = show(text)
    if not equals:
        raise _refusal("", "there is no `=` in it", "write the key, `=` and the value", value=shown)
    parts = tuple(key.split("."))
    if not all(parts):
        raise _refusal("", "the key before `=` is empty, or a part of it is", value=shown)
    if len(parts) > MAX_DEPTH:
        raise _refusal("", f"the key has more than {MAX_DEPTH} parts", value=shown)
    if not written.strip():
        remedy = "write null if you mean nothing, and '' for an empty text"
        raise _refusal(key, "there is no value after `=`", remedy, value=shown)
    try:
        return _Assignment(parts, parse(written, FILE, parts).data)
    except InputError as error:
        # A line number would be one of the value alone; the path says enough.
        problems = [
            replace(problem, path=problem.path or key, line=None, value=problem.value or shown)
            for problem in error.problems
        ]
        raise InputError(tuple(problems)) from None


def _placed(data: Any, assignment: _Assignment, done: Sequence[Location]) -> Location:
    """Put the value into the data and return where it went."""
    location: Location = ()
    holder = data
    for name in assignment.parts[:-1]:
        key = _key_in(holder, name, location)
        location = (*location, key)
        if isinstance(holder, dict) and key not in holder:
            _refuse_new_entry(holder, location)
            holder[key] = {}
        holder = holder[key]
    key = _key_in(holder, assignment.parts[-1], location)
    location = (*location, key)
    for earlier in done:
        if earlier[: len(location)] == location:
            _refuse_again(location, earlier)
    holder[key] = assignment.value
    return location


def _refuse_new_entry(entries: dict[str, Any], location: Location) -> None:
    """Refuse to begin an entry with one key of it: more likely, its name is mistyped."""
    if len(location) != 2 or location[0] not in NAMED_SECTIONS:
        return
    problem = Problem(
        dotted(location),
        f"there is no such entry under `{location[0]}`",
        allowed=listing(entries),
        remedy=did_you_mean(
            str(location[1]), list(entries), f"add a whole entry with {dotted(location)}={{...}}"
        ),
        file=FILE,
    )
    raise InputError((problem,))


def _refuse_again(location: Location, earlier: Location) -> None:
    if earlier == location:
        raise _refusal(dotted(location), "this key is set twice", "keep one of the two")
    message = f"this would undo what is set for {shorten(dotted(earlier))}"
    raise _refusal(dotted(location), message, "set the larger part first, or leave one out")


def _key_in(holder: Any, name: str, location: Location) -> str | int:
    """Return the key or list position that a part of a dotted key stands for."""
    path = dotted((*location, name))
    if isinstance(holder, dict):
        return name
    if not isinstance(holder, list):
        raise _refusal(
            path,
            f"{shorten(dotted(location))} is a single value and has no parts",
            f"set {shorten(dotted(location))} as a whole",
            value=show(holder),
        )
    last = len(holder) - 1
    if not re.fullmatch(r"[0-9]{1,9}", name) or int(name) > last:
        positions = f"it has positions 0 to {last}" if holder else "it is empty"
        message = f"{shorten(dotted(location))} is a list without position {shorten(name)}"
        raise _refusal(
            path,
            f"{message}; {positions}",
            "use one of these numbers, or set the whole list: key=[1, 2, 3]",
        )
    return int(name)
