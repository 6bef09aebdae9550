"""A report of more samples than are kept says how its percentiles come about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from synthetic import FACTS, make_results

from planner.analysis.results import Results
from planner.report import reading
from planner.report.section_basis import computation_section
from planner.report.section_plan import typical_blocks
from planner.report.sheets_why import computation_sheet


def counted(error_usd: float) -> Results:
    """Return results of ten million samples; the cost's percentiles are off by at most so much."""
    results = make_results()
    return replace(
        results,
        samples_done=10_000_001,
        solves=replace(results.solves, optimal=10_000_000),
        cost_usd=replace(results.cost_usd, percentile_error=error_usd),
    )


def test_of_samples_that_are_all_kept_nothing_is_said() -> None:
    results = make_results()
    assert reading.largest_percentile_error(results) == 0
    assert "bins" not in computation_section(results, FACTS)
    assert "Of all 1,024 samples" in typical_blocks(results)[1]
    without_proof = replace(results, samples_done=1025)
    assert "bins" not in computation_section(without_proof, FACTS)


def test_the_largest_error_is_told_once_relative_to_its_quantity() -> None:
    results = counted(1.0)
    share = 0.00123
    results = counted(share * results.cost_usd.p90.value)
    assert reading.largest_percentile_error(results) == pytest.approx(share)
    text = computation_section(results, FACTS)
    assert text.count("0.13 %") == 1
    assert "Only the first 1,024 samples were kept" in text
    sheet = dict(computation_sheet(results).rows)  # type: ignore[arg-type]
    (told,) = (value for name, value in sheet.items() if "Largest error of a percentile" in name)
    assert float(told) == pytest.approx(share)  # type: ignore[arg-type]


def test_an_error_of_what_is_zero_has_no_relative_size() -> None:
    results = counted(0.0)
    idle = next(cell for cell in results.mix if cell.power_mw.p90.value == 0)
    some = replace(idle, power_mw=replace(idle.power_mw, percentile_error=1e-9))
    text = computation_section(replace(results, mix=[*results.mix, some]), FACTS)
    assert "than not known of the quantity's" in text


def test_the_typical_plan_is_of_the_first_samples() -> None:
    assert "Of the first 1,024 samples, this one is nearest" in typical_blocks(counted(1.0))[1]
