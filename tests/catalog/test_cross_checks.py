"""Names that a catalogue refers to must exist, and fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_catalog import catalogue

from planner.catalog.known import figures_of
from planner.catalog.loading import gather


def test_a_reference_gives_its_figure(tmp_path: Path) -> None:
    found = gather([catalogue(tmp_path)])
    assert found.problems == ()
    by_name = {known.name: known for known in figures_of(found.catalog, "chip-a")}
    known = by_name["chip-a.utilisation.pretraining"]
    assert known.reference == "runs-a"
    assert known.figure == found.catalog.references["runs-a"].figure
    assert known.cited() == (
        "catalogue chip-a.utilisation.pretraining (reference runs-a): "
        "seven runs (2026-02-04, measured-vendor)"
    )
    assert by_name["chip-a.tdp_kw"].reference == ""


@pytest.mark.parametrize(
    ("written", "instead", "path", "said", "remedy"),
    [
        ("{reference: runs-a}", "{reference: run-a}",
         "platforms.chip-a.utilisation.pretraining.reference", "no catalogue file has", "runs-a"),
        ("{reference: runs-a}", "{reference: jobs-a}",
         "platforms.chip-a.utilisation.pretraining.reference", "does not fit", "share of peak"),
        ("platforms: [chip-a]\n    points: 7", "platforms: [chip-aa]\n    points: 7",
         "references.runs-a.platforms.0", "no catalogue file describes", "chip-a"),
        ("conflicts_with: [a-half]", "conflicts_with: [a-halves]",
         "claims.a-twice.conflicts_with.0", "no catalogue file has a claim", "a-half"),
        ("conflicts_with: [a-half]", "conflicts_with: [a-twice]",
         "claims.a-twice.conflicts_with.0", "with itself", ""),
        ("platform: chip-b, offer", "platform: chip-bb, offer",
         "prices.b-rent.platform", "no catalogue file describes", "chip-b"),
    ],
)  # fmt: skip
def test_a_name_that_does_not_exist_or_fit_is_refused(
    tmp_path: Path, written: str, instead: str, path: str, said: str, remedy: str
) -> None:
    (problem,) = gather([catalogue(tmp_path, (written, instead))]).problems
    assert problem.path == path
    assert problem.line is not None
    assert said in problem.message
    assert remedy in problem.remedy


def test_a_reference_that_is_refused_is_not_missed_as_well(tmp_path: Path) -> None:
    (problem,) = gather([catalogue(tmp_path, ("points: 7", "points: 0"))]).problems
    assert problem.path == "references.runs-a.points"


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("quantity: utilisation", "quantity: availability", "must be in share of hours"),
        ("reference_accelerators: {value: 512, unit: accelerators",
         "reference_accelerators: {value: 512, unit: GB", "must be in accelerators"),
        ("share: {p10: 0.1, p50: 0.4", "share: {p10: 0.1, p50: 0.1", "must ascend"),
    ],
)  # fmt: skip
def test_an_entry_that_contradicts_itself_is_refused(
    tmp_path: Path, written: str, instead: str, said: str
) -> None:
    problems = gather([catalogue(tmp_path, (written, instead))]).problems
    assert said in problems[0].message
