"""Each family of rows as an LP file that a person has read."""

from __future__ import annotations

from pathlib import Path

import highspy
import pytest
from instrument_scenarios import INSTRUMENT_CASES
from lp_text import GOLDEN, assert_golden, lp_text
from row_scenarios import ROW_SCENARIOS
from small import middling, scenario

from planner.model.program import build_model
from planner.model.rows import ROW_FAMILIES
from planner.uncertainty.sampling import median_draws


def family_of(name: str) -> str:
    return name.split("-")[0]


def rendered(name: str) -> str:
    model = build_model(scenario(ROW_SCENARIOS[name]), families=[family_of(name)])
    programs = model.programs(model.coefficients(median_draws(())))
    return lp_text(f"{name}: rows alone, without costs", programs, costs=False)


@pytest.mark.parametrize("name", ROW_SCENARIOS)
def test_the_rows_of_a_family_are_as_they_were_read(name: str, refresh_golden: bool) -> None:
    assert_golden(f"rows/{name}.lp", rendered(name), refresh=refresh_golden)


def test_every_family_has_rows_that_were_read() -> None:
    assert {family_of(name) for name in ROW_SCENARIOS} == set(ROW_FAMILIES)
    for name in ROW_SCENARIOS:
        assert f"  {family_of(name)}." in rendered(name), name


def test_no_golden_file_is_left_over_or_missing(refresh_golden: bool) -> None:
    if refresh_golden:
        pytest.skip("the files are being written")
    rows = {f"rows/{name}" for name in ROW_SCENARIOS}
    instruments = {f"instruments/{mode}" for mode in INSTRUMENT_CASES}
    found = {file.relative_to(GOLDEN).with_suffix("").as_posix() for file in GOLDEN.rglob("*.lp")}
    assert found == rows | instruments


@pytest.mark.parametrize("file", sorted(GOLDEN.rglob("*.lp")), ids=lambda file: file.stem)
def test_a_golden_file_is_an_lp_file(file: Path) -> None:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    assert solver.readModel(str(file)) == highspy.HighsStatus.kOk
    assert solver.getNumRow() == file.read_text("utf-8").split("Subject To")[1].count(":")


def test_only_the_families_that_are_asked_for_are_built() -> None:
    rows = build_model(scenario(middling()), families=["power", "demand"]).template.rows
    assert {row.family for row in rows} == {"power", "demand"}
