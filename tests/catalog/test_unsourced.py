"""A shipped file with any one word of provenance taken out is refused, where it is missing."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from planner.catalog.loading import gather, shipped_documents
from planner.config.document import Document, Location

WORDS = ("unit", "evidence", "source", "date")
TEXTS = ("released", "cooling", "export_class")


def figures(raw: Any, here: Location = ()) -> Iterator[tuple[Location, dict[str, Any]]]:
    """Yield every mapping that states a value, quantiles or words, with its place."""
    if isinstance(raw, dict):
        if {"value", "quantiles", "said"} & raw.keys():
            yield here, raw
        for key, part in raw.items():
            yield from figures(part, (*here, key))
    elif isinstance(raw, list):
        for position, part in enumerate(raw):
            yield from figures(part, (*here, position))


@pytest.mark.parametrize("file", [d.path.stem for d in shipped_documents()])
def test_every_figure_without_its_provenance_is_refused(file: str) -> None:
    """All figures of a file at once: each must be told for each word that it lacks."""
    (document,) = (d for d in shipped_documents() if d.path.stem == file)
    assert list(figures(document.data))
    for word in WORDS:
        told = refused(document, word)
        wanted = {
            ".".join(map(str, (*place, word)))
            for place, raw in figures(document.data)
            if word in raw and not (word == "unit" and place[-1] in TEXTS)
        }
        assert wanted
        assert wanted <= told, (word, sorted(wanted - told)[:3])


def test_every_figure_without_a_value_is_refused() -> None:
    (document,) = (d for d in shipped_documents() if d.path.stem == "nvidia")
    data = copy.deepcopy(document.data)
    places = []
    for place, raw in list(figures(data)):
        if place[-1] not in TEXTS:
            raw.pop("value", raw.pop("quantiles", None))
            places.append(".".join(map(str, place)))
    problems = gather([Document(data, document.origins, document.path)]).problems
    told = {problem.path for problem in problems if "`value` or `quantiles`" in problem.message}
    assert len(places) > 200
    # What others state besides is looked at first: a figure with such is told for those.
    besides = {place.partition(".also.")[0] for place in places if ".also." in place}
    assert set(places) - besides <= told


def refused(document: Document, word: str) -> set[str]:
    """Return where entries are refused once a word is taken out of every figure of a file."""
    data = copy.deepcopy(document.data)
    for _, raw in figures(data):
        raw.pop(word, None)
    others = [other for other in shipped_documents() if other is not document]
    changed = Document(data, document.origins, document.path)
    return {problem.path for problem in gather([*others, changed]).problems}
