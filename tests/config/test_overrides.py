"""``--set dotted.key=value``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from planner.catalog.resolve import load_scenario
from planner.config.document import Document, Origin
from planner.config.overrides import apply_overrides
from planner.config.validation import validate
from planner.config.yaml_tree import read_document
from planner.errors import InputError, Problem


@pytest.fixture
def document(write: Callable[[str | bytes], Path], minimal: str) -> Document:
    return read_document(write(minimal))


def overridden(document: Document, assignments: Sequence[str]) -> Document:
    changed, problems = apply_overrides(document, assignments)
    assert problems == []
    return changed


def refused(document: Document, *assignments: str) -> list[Problem]:
    _, problems = apply_overrides(document, assignments)
    assert problems
    assert all(problem.file == "--set" for problem in problems)
    assert all(problem.line is None for problem in problems)
    return problems


def test_values_are_yaml_and_land_where_they_should(document: Document) -> None:
    changed = overridden(
        document,
        [
            "samples=2000",
            "discount_rate_per_year=1e-1",
            "workloads.training.demand.0=5",
            "offers.h100-buy.price_usd={distribution: uniform, low: 1, high: 2}",
            "question=a = b, 50% of it",
            "limits.largest_vendor_share.nvidia=0.5",
        ],
    )
    scenario = validate(changed)
    assert scenario.samples == 2000
    assert scenario.discount_rate_per_year == 0.1
    assert scenario.workloads["training"].demand == [5, 120, 150, 180]
    assert scenario.question == "a = b, 50% of it"
    assert scenario.limits.largest_vendor_share == {"nvidia": 0.5}
    assert changed.origin(("samples",)) == Origin("--set", None)
    assert changed.origin(("workloads", "training", "demand", 0)) == Origin("--set", None)
    assert changed.origin(("workloads", "training", "demand", 1)).line == 21
    # The lines of what was replaced are gone with it.
    assert changed.origin(("offers", "h100-buy", "price_usd", "p10")) == Origin("--set", None)


def test_the_document_given_is_not_changed(document: Document) -> None:
    data: Any = deepcopy(document.data)
    origins = dict(document.origins)
    overridden(document, ["workloads.training.demand.0=5", "limits={}", "new.key=1"])
    assert document.data == data
    assert document.origins == origins


def test_an_unknown_key_is_refused_by_the_schema_with_its_origin(document: Document) -> None:
    with pytest.raises(InputError) as caught:
        validate(overridden(document, ["offers.h100-buy.prise_usd=3"]))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("--set", None)
    assert problem.path == "offers.h100-buy.prise_usd"
    assert "`price_usd`" in problem.remedy


def test_a_section_that_is_not_there_is_made(document: Document) -> None:
    without = document.with_data({k: v for k, v in document.data.items() if k != "limits"})
    changed = overridden(without, ["limits.largest_vendor_share.nvidia=0.5"])
    assert validate(changed).limits.largest_vendor_share == {"nvidia": 0.5}


@pytest.mark.parametrize(
    ("assignment", "path", "words"),
    [
        ("samples", "", "no `=`"),
        ("=3", "", "empty"),
        ("a..b=3", "", "empty"),
        (".samples=3", "", "empty"),
        ("samples=", "samples", "no value"),
        ("samples=  ", "samples", "no value"),
        ("samples=# note", "samples", "no settings"),
        ("samples=[1, 2", "samples", "not valid YAML"),
        ("samples=!!python/object:os.system {}", "samples", "tag"),
        ("samples.low=3", "samples.low", "single value"),
        ("workloads.training.demand.4=1", "workloads.training.demand.4", "0 to 3"),
        ("workloads.training.demand.-1=1", "workloads.training.demand.-1", "0 to 3"),
        ("workloads.training.demand.x=1", "workloads.training.demand.x", "0 to 3"),
        ("sites.hall={a: 1, a: 2}", "sites.hall.a", "given twice"),
        ("a" + ".a" * 5000 + "=1", "", "more than 50 parts"),
        ("x=" + "[" * 5000, "x.0.0", "levels deep"),
    ],
)
def test_what_cannot_be_set(document: Document, assignment: str, path: str, words: str) -> None:
    (problem,) = refused(document, assignment)
    assert problem.path == path
    assert words in problem.message
    assert len(problem.render()) < 600


def test_the_same_key_twice(document: Document) -> None:
    (problem,) = refused(document, "samples=1", "samples=2")
    assert "set twice" in problem.message
    (problem,) = refused(document, "sites.hall.pue=1", "sites.hall={pue: 2}")
    assert "undo" in problem.message
    changed = overridden(document, ["sites.hall={pue: 2}", "sites.hall.power_mw=1"])
    assert changed.data["sites"]["hall"] == {"pue": 2, "power_mw": 1}


def test_all_problems_at_once(document: Document) -> None:
    assert len(refused(document, "samples", "seed=", "quarters.x=1", "start=2027Q1")) == 3


def test_a_mistyped_name_does_not_begin_a_new_entry(document: Document) -> None:
    (problem,) = refused(document, "offers.h100-by.price_usd=3")
    assert problem.path == "offers.h100-by"
    assert problem.remedy == "did you mean `h100-buy`?"
    assert problem.allowed == "h100-buy, h100-reserve, h100-rent"
    (problem,) = refused(document, "sites.x.pue=3")
    assert problem.remedy == "add a whole entry with sites.x={...}"
    new = "{power_mw: 1, pue: 1, energy_usd_per_kwh: 0, hosting_usd_per_kw_month: 0}"
    changed = overridden(document, [f"sites.x={new}", "sites.x.pue=1.5"])
    assert validate(changed).sites["x"].pue == 1.5


def test_problems_of_the_file_and_of_the_command_line_are_told_together(
    write: Callable[[str | bytes], Path], minimal: str
) -> None:
    path = write(minimal.replace("samples:", "sample:"))
    with pytest.raises(InputError) as caught:
        load_scenario(path, ["nonsense", "seed=-1"])
    told = [(problem.file, problem.path) for problem in caught.value.problems]
    assert ("--set", "") in told
    assert ("--set", "seed") in told
    assert (path.name, "sample") in told
