"""What the check of the catalogue finds, and what it lets pass."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from small_catalog import OURS, catalogue, document

from planner.catalog.check import check_catalog
from planner.catalog.findings import Finding
from planner.errors import InputError

TODAY = date(2026, 3, 3)


def findings(folder: Path, *changes: tuple[str, str], months: int = 30) -> list[Finding]:
    """Return what is found beside what the catalogue of the tests has anyway."""
    shipped = [catalogue(folder, *changes)]
    checked = check_catalog(shipped=shipped, today=TODAY, older_than_months=months)
    usual = ("platforms.chip-b", "claims.a-watts.value")
    return [found for found in checked.findings() if found.problem.path not in usual]


def only(folder: Path, *changes: tuple[str, str], months: int = 30) -> Finding:
    (finding,) = findings(folder, *changes, months=months)
    assert finding.problem.line is not None
    assert finding.problem.remedy
    return finding


def test_a_sound_catalogue_has_no_findings(tmp_path: Path) -> None:
    assert findings(tmp_path) == []


def test_what_is_said_is_counted(tmp_path: Path) -> None:
    checked = check_catalog(shipped=[catalogue(tmp_path)], today=TODAY)
    counted = {check.name.partition(" (")[0]: check.counted for check in checked.checks}
    assert counted["entries load"] == 2 + 4 + 2 + 3
    # Of chip-a 12 figures, one beside, and 3 facts; of chip-b 2; prices; references; claims.
    assert counted["stated with value, unit, evidence, source and date"] == 16 + 2 + 4 + 3 + 3
    assert "28 of 28 figures, facts and claims sourced (100 %)" in checked.text()


def test_a_platform_that_lacks_something_is_told_with_all_of_it(tmp_path: Path) -> None:
    checked = check_catalog(shipped=[catalogue(tmp_path)], today=TODAY)
    (found,) = (f for f in checked.findings() if f.problem.path == "platforms.chip-b")
    assert found.severity == "error"
    for word in ("released", "memory_gb", "availability", "utilisation", "scale_up_accelerators"):
        assert word in found.problem.message
    assert "a price" not in found.problem.message
    with pytest.raises(InputError) as caught:
        checked.refuse_errors()
    assert [problem.path for problem in caught.value.problems] == ["platforms.chip-b"]


def test_a_platform_of_a_user_need_not_be_complete(tmp_path: Path) -> None:
    own = f"""\
platforms:
  chip-c:
    vendor: Us
    unit: chip
    peak_pflops: {{value: 1, unit: PFLOP/s, {OURS}}}
    accelerator_kw: {{value: 1, unit: kW, {OURS}}}
"""
    shipped = [catalogue(tmp_path, name="shipped.yaml")]
    checked = check_catalog(document(tmp_path, own), shipped=shipped, today=TODAY)
    assert not [f for f in checked.findings() if "chip-c" in f.problem.path]


@pytest.mark.parametrize(
    ("written", "instead", "path", "said"),
    [
        ("memory_gb: {value: 80", "memory_gb: {value: 80000", "platforms.chip-a.memory_gb",
         "80,000 GB cannot be"),
        ("also:\n        - {value: 0.7", "also:\n        - {value: 700",
         "platforms.chip-a.peak_pflops.also.0", "700 PFLOP/s cannot be"),
        ("peak_pflops_fp8: {value: 1.8", "peak_pflops_fp8: {value: 9",
         "platforms.chip-a.peak_pflops_fp8", "peak_pflops_fp8 / peak_pflops is 10 of BF16"),
        ("peak_pflops_fp8: {value: 1.8", "peak_pflops_fp8: {value: 0.8",
         "platforms.chip-a.peak_pflops_fp8", "is 0.889 of BF16"),
        ("tdp_kw: {value: 0.7", "tdp_kw: {value: 0.3", "platforms.chip-a.accelerator_kw",
         "accelerator_kw / tdp_kw is 4 of the TDP"),
        ("memory_bandwidth_tbps: {value: 3.2, low: 3", "memory_bandwidth_tbps: {value: 32",
         "platforms.chip-a.memory_bandwidth_tbps", "35.6 TB/s per PFLOP/s"),
        ("value: 0.7, source: data sheet 7, date: 2026-01-31, evidence: vendor-claim}\nref",
         "value: 0.04, source: data sheet 7, date: 2026-01-31, evidence: vendor-claim}\nref",
         "prices.b-rent", "0.133333 USD/hour per PFLOP/s"),
        ("value: 1.5", "value: 2.6", "prices.a-reserve", "2.6 USD/hour is above a-rent, 2.5"),
        ("{p10: 20000, p50: 30000, p90: 45000}", "{p10: 150000, p50: 240000, p90: 400000}",
         "prices.a-buy", "266,667 USD per PFLOP/s"),
        ("p05: 8000, p50: 12000, p95: 20000", "p05: 8e6, p50: 12e6, p95: 2e7",
         "platforms.chip-a.supply_accelerators_per_quarter",
         "accelerators/quarter cannot be"),
        ("date: 2026-02-04", "date: 2026-03-04", "references.runs-a.figure.date",
         "2026-03-04 has not come yet"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_an_error_with_what_is_allowed(
    tmp_path: Path, written: str, instead: str, path: str, said: str
) -> None:
    found = findings(tmp_path, (written, instead))
    told = {finding.problem.path: finding for finding in found}
    assert path in told, [finding.problem.render() for finding in found]
    assert told[path].severity == "error"
    assert said in told[path].problem.message
    assert told[path].problem.allowed
    assert told[path].problem.line is not None


def test_flops_per_watt_off_by_ten_is_an_error(tmp_path: Path) -> None:
    """Only the unit of the TDP is wrong, so the ratio to the all-in power is told too."""
    found = findings(tmp_path, ("tdp_kw: {value: 0.7", "tdp_kw: {value: 0.07"))
    messages = [finding.problem.message for finding in found]
    assert any("peak_pflops / tdp_kw is 12.9 TFLOP/s per W" in message for message in messages)


def test_a_wafer_may_be_large(tmp_path: Path) -> None:
    wafer = ("    vendor: Bolt\n    unit: GPU", "    vendor: Bolt\n    unit: wafer")
    peak = ("peak_pflops: {value: 0.3", "peak_pflops: {value: 12.5")
    cheap = "prices.b-rent"
    assert {f.problem.path for f in findings(tmp_path, wafer, peak)} == {cheap}
    assert {f.problem.path for f in findings(tmp_path, peak)} == {
        cheap, "platforms.chip-b.peak_pflops"
    }  # fmt: skip


def test_memory_on_a_chip_is_known_by_how_often_it_is_read(tmp_path: Path) -> None:
    sram = ("memory_gb: {value: 80", "memory_gb: {value: 0.23")
    fast = ("memory_bandwidth_tbps: {value: 3.2, low: 3", "memory_bandwidth_tbps: {value: 80")
    assert findings(tmp_path, sram, fast) == []
    assert only(tmp_path, sram).problem.path == "platforms.chip-a.memory_bandwidth_tbps"


def test_quantiles_that_no_curve_meets_are_told(tmp_path: Path) -> None:
    bent = ("p05: 8000, p50: 12000, p95: 20000", "p05: 8000, p50: 8010, p95: 2000000")
    finding = only(tmp_path, bent)
    assert finding.problem.path == "platforms.chip-a.supply_accelerators_per_quarter"
    assert "falls near" in finding.problem.message


def test_prices_and_supply_age_and_specifications_do_not(tmp_path: Path) -> None:
    old = {f.problem.path: f for f in findings(tmp_path, months=1)}
    assert set(old) == {"prices.a-rent", "prices.b-rent", "prices.a-reserve"}
    assert all(f.severity == "warning" for f in old.values())
    assert "platforms.chip-a.tdp_kw" not in old
    kept = ("offer: reserve, seller", "historical: of the days before, offer: reserve, seller")
    still = {f.problem.path for f in findings(tmp_path, kept, months=1)}
    assert still == set(old) - {"prices.a-reserve"}


def test_a_price_of_history_is_not_compared(tmp_path: Path) -> None:
    dear = ("value: 1.5", "value: 2.6")
    kept = ("offer: reserve, seller", "historical: of the days before, offer: reserve, seller")
    assert findings(tmp_path, dear, kept) == []


def test_a_conflict_is_named_on_both_sides(tmp_path: Path) -> None:
    finding = only(tmp_path, ("    conflicts_with: [a-half]\n", ""))
    assert (finding.severity, finding.problem.path) == ("warning", "claims.a-twice")
    assert "a-half" in finding.problem.message


@pytest.mark.parametrize("word", ["Chip-A", "chip_a", "Chip A"])
def test_a_subject_that_is_nearly_a_platform_is_told(tmp_path: Path, word: str) -> None:
    finding = only(tmp_path, ("subject: chip-a", f"subject: {word}"))
    assert (finding.severity, finding.problem.path) == ("warning", "claims.a-half.subject")
    assert "chip-a" in finding.problem.remedy
    assert findings(tmp_path, ("subject: chip-a", "subject: other chips")) == []


def test_a_claim_that_cannot_be_is_contradicted_and_no_error(tmp_path: Path) -> None:
    checked = check_catalog(shipped=[catalogue(tmp_path)], today=TODAY)
    (found,) = (f for f in checked.findings() if f.severity == "contradicted")
    assert found.problem.path == "claims.a-watts.value"
    assert "7 TFLOP/s per W cannot be" in found.problem.message
    assert "of chip-a is 1.29" in found.problem.message
    assert "contradicted: mine.yaml" in checked.text()


def test_what_cannot_be_loaded_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        check_catalog(shipped=[catalogue(tmp_path, ("said_by: press", "said_for: us"))])
    assert {problem.path for problem in caught.value.problems} == {
        "claims.a-watts.said_by", "claims.a-watts.said_for"
    }  # fmt: skip
