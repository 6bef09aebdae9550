"""Turn a document into a scenario, or into the list of everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from planner.config.checks import cross_checks
from planner.config.checks_effects import effect_problems
from planner.config.document import Document, dotted
from planner.config.explaining import explain, yaml_location
from planner.config.platforms import FILLED_FROM_CATALOG
from planner.config.schema import Scenario
from planner.config.slots import slot_at
from planner.config.wording import nearest
from planner.errors import InputError, Problem

MOST_EXPLAINED = 200
"""Errors of the schema that are explained; of more, it is said how many there are."""


def validate(document: Document, known: Sequence[Problem] = ()) -> Scenario:
    """Return the validated scenario.

    Parameters
    ----------
    document : Document
        With the catalogue's figures filled in.
    known : sequence of Problem
        What is already known to be wrong, such as a name that the catalogue does not have.

    Raises
    ------
    InputError
        With all problems, the known ones included, in the order of file and line.
    """
    scenario: Scenario | None = None
    found: list[Problem] = []
    try:
        scenario = Scenario.model_validate(document.data)
    except ValidationError as error:
        found = _explained(error.errors(include_url=False), document, known)
    else:
        found = effect_problems(scenario, document)
    problems = _in_order([*known, *found, *cross_checks(document)])
    if problems or scenario is None:
        raise InputError(tuple(problems))
    return scenario


def _explained(
    errors: Iterable[ErrorDetails], document: Document, known: Sequence[Problem]
) -> list[Problem]:
    told = [error for error in _with_mistyped(errors) if not _follows_from(error, known)]
    told.sort(key=lambda error: document.origin(yaml_location(error)).line or 0)
    problems = [explain(error, document) for error in told[:MOST_EXPLAINED]]
    if len(told) > MOST_EXPLAINED:
        more = len(told) - MOST_EXPLAINED
        remedy = "correct those that are shown first"
        problems.append(
            document.problem((), f"{more:,} more problems are not shown", remedy=remedy)
        )
    return problems


def _with_mistyped(errors: Iterable[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Add the wrong values in an entry whose mode is mistyped, by the mode that is nearest."""
    for error in errors:
        yield error
        loc, entry = error["loc"], error["input"]
        models = slot_at(loc).mode_models if error["type"] == "union_tag_invalid" else {}
        given = entry.get("mode") if models and isinstance(entry, dict) else None
        mode = nearest(given, models) if isinstance(given, str) else None
        if mode is None:
            continue
        try:
            models[mode].model_validate({**entry, "mode": mode})
        except ValidationError as refused:
            for inner in refused.errors(include_url=False):
                # Which keys there must be depends on the mode, which may be another.
                if inner["type"] not in ("missing", "extra_forbidden"):
                    inner["loc"] = (*loc, f"mode:{mode}", *inner["loc"])
                    yield inner


def _follows_from(error: ErrorDetails, known: Sequence[Problem]) -> bool:
    """Return whether a missing figure is missing because of a problem with the catalogue."""
    loc = error["loc"]
    if (
        error["type"] != "missing"
        or loc[:1] != ("platforms",)
        or loc[-1] not in FILLED_FROM_CATALOG
    ):
        return False
    platform = dotted(loc[:2])
    return any(
        problem.path in ("", "catalog", platform) or problem.path.startswith(platform + ".")
        for problem in known
    )


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    unique = {(p.file, p.line, p.path, p.message): p for p in problems}
    return sorted(unique.values(), key=lambda p: (p.file, p.line or 0, p.path, p.message))
