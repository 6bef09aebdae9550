"""A user's own file changes only what it gives of a platform, and everything else as a whole."""

from __future__ import annotations

from pathlib import Path

from small_catalog import OURS, catalogue, document

from planner.catalog.entries import ByReference
from planner.catalog.figures import Figure
from planner.catalog.loading import Gathered, gather


def overlaid(folder: Path, text: str) -> Gathered:
    return gather([catalogue(folder, name="shipped.yaml")], document(folder, text))


def test_a_platform_keeps_what_the_overlay_does_not_give(tmp_path: Path) -> None:
    own = f"platforms: {{chip-a: {{tdp_kw: {{value: 0.8, unit: kW, {OURS}}}}}}}\n"
    found = overlaid(tmp_path, own)
    assert found.problems == ()
    before = gather([catalogue(tmp_path)]).catalog.platforms["chip-a"]
    after = found.catalog.platforms["chip-a"]
    assert after.tdp_kw is not None
    assert (after.tdp_kw.value, after.tdp_kw.source) == (0.8, "ours")
    assert after.model_copy(update={"tdp_kw": before.tdp_kw}) == before


def test_a_table_is_merged_by_kind_of_work(tmp_path: Path) -> None:
    figure = f"{{value: 0.5, unit: share of peak FLOP/s, {OURS}}}"
    own = f"platforms: {{chip-a: {{utilisation: {{inference: {figure}, ranking: {figure}}}}}}}\n"
    table = overlaid(tmp_path, own).catalog.platforms["chip-a"].utilisation
    assert table["pretraining"] == ByReference(reference="runs-a")
    for kind in ("inference", "ranking"):
        given = table[kind]
        assert isinstance(given, Figure)
        assert given.value == 0.5


def test_a_figure_is_taken_away_with_nothing(tmp_path: Path) -> None:
    found = overlaid(tmp_path, "platforms: {chip-a: {tdp_kw: null}}\n")
    assert found.problems == ()
    assert found.catalog.platforms["chip-a"].tdp_kw is None


def test_problems_stand_in_the_file_that_has_them(tmp_path: Path) -> None:
    own = "platforms:\n  chip-a:\n    tdp_kw: {value: 0.8}\n    vendor: 3\n"
    found = overlaid(tmp_path, own)
    assert {problem.file for problem in found.problems} == {"mine.yaml"}
    assert {(problem.path, problem.line) for problem in found.problems} == {
        ("platforms.chip-a.vendor", 4),
        *((f"platforms.chip-a.tdp_kw.{key}", 3) for key in ("unit", "evidence", "date", "source")),
    }
    origin = found.files.origin(("platforms", "chip-a", "peak_pflops", "value"))
    assert (origin.file, origin.line) == ("shipped.yaml", 10)


def test_claims_and_references_are_replaced_as_a_whole(tmp_path: Path) -> None:
    own = f"""\
references:
  runs-a:
    about: our own runs
    quantity: utilisation
    kind_of_work: pretraining
    platforms: [chip-a]
    points: 2
    figure: {{value: 0.41, unit: share of peak FLOP/s, {OURS}}}
claims:
  a-watts:
    {{subject: chip-b, work: any, said: warm, unit: qualitative, said_by: us, {OURS}}}
"""
    found = overlaid(tmp_path, own)
    assert found.problems == ()
    assert found.catalog.references["runs-a"].figure.central == 0.41
    claim = found.catalog.claims["a-watts"]
    assert (claim.subject, claim.value, claim.work) == (("chip-b",), None, "any")


def test_an_overlay_may_describe_a_new_platform(tmp_path: Path) -> None:
    own = f"""\
platforms:
  chip-c:
    vendor: Us
    unit: chip
    peak_pflops: {{value: 1, unit: PFLOP/s, {OURS}}}
    accelerator_kw: {{value: 1, unit: kW, {OURS}}}
"""
    assert overlaid(tmp_path, own).catalog.platforms["chip-c"].vendor == "Us"
    (problem,) = overlaid(tmp_path, own.replace("    vendor: Us\n", "")).problems[:1]
    assert "vendor" in problem.path or "vendor" in problem.message
