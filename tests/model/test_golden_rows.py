"""Each family of rows as an LP file that a person has read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small import buy, plan, platform, rent, reserve, scenario, site, workload

from planner.model.program import build_model
from planner.model.rows import ROW_FAMILIES
from planner.solve.pulp_reference import to_pulp
from planner.uncertainty.sampling import median_draws

GOLDEN = Path(__file__).parents[1] / "golden" / "lp"

REMEDY = "read the difference; if it is meant: python -m pytest tests/model --refresh-golden"


def tiny() -> dict[str, Any]:
    """Two of each kind of thing where that matters to a row, and numbers that are easy to spot."""
    platforms = {
        "a-chip": platform(
            vendor="A",
            peak_pflops=2,
            accelerator_kw=1.5,
            utilisation={"train": 0.5, "serve": 0.25},
        ),
        "b-chip": platform(vendor="B", accelerator_kw=0.5, utilisation={"train": 0.3}),
    }
    offers = {
        "a-buy": buy(
            "a-chip", [9000, 8000], 2, sites=["hall"], supply_accelerators=40, residual_share=0.5
        ),
        "a-rent": rent("a-chip", 4, sites=["hall", "cloud"], supply_accelerators=[70, 80]),
        "b-term": reserve("b-chip", 1, 1, lead_time_quarters=1, supply_accelerators=60),
    }
    works = {
        "train": workload([100, 120], shortfall_usd_per_pflop_hour=50),
        "serve": workload([10, 12], shortfall_usd_per_pflop_hour=90),
    }
    hall = site(power_mw=[0.2, 0.3], pue=1.2, energy_usd_per_kwh=0.1, hosting_usd_per_kw_month=100)
    limits = {"largest_vendor_share": {"A": 0.6}}
    return plan(2, works, platforms, offers, sites={"hall": hall, "cloud": site()}, limits=limits)


def rendered(family: str, folder: Path) -> str:
    model = build_model(scenario(tiny()), families=[family])
    programs = model.programs(model.coefficients(median_draws(())))
    file = folder / "rendered.lp"
    to_pulp(programs, 0, family).writeLP(str(file))
    return file.read_text("utf-8")


@pytest.mark.parametrize("family", ROW_FAMILIES)
def test_the_rows_of_a_family_are_as_they_were_read(
    family: str, tmp_path: Path, refresh_golden: bool
) -> None:
    golden, found = GOLDEN / f"{family}.lp", rendered(family, tmp_path)
    if refresh_golden:
        golden.write_text(found, "utf-8")
    assert golden.exists(), f"the family {family} has no golden file; {REMEDY}"
    expected = golden.read_text("utf-8")
    assert found == expected, f"the rows of {family} changed; {REMEDY}"


def test_no_golden_file_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.lp")} <= set(ROW_FAMILIES)


def test_every_family_has_rows_in_the_golden_scenario() -> None:
    model = build_model(scenario(tiny()))
    assert list(dict.fromkeys(row.family for row in model.template.rows)) == list(ROW_FAMILIES)


def test_only_the_families_that_are_asked_for_are_built() -> None:
    rows = build_model(scenario(tiny()), families=["power", "demand"]).template.rows
    assert {row.family for row in rows} == {"power", "demand"}
