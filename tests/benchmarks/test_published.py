"""``docs/published-figures.md`` is what the command gives, and its verdicts follow one rule."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.published import __main__ as command
from benchmarks.published import fleets, page
from benchmarks.published.findings import Finding, Outcome, place_in
from benchmarks.published.inputs import Inputs
from benchmarks.published.ranges import Range, range_of, span
from benchmarks.published.verdicts import Reading, Verdict, judge, rests_on
from planner.catalog.figures import Stated
from planner.catalog.loading import Catalog, load_catalog

PAGE = Path(__file__).resolve().parents[2] / "docs" / "published-figures.md"
SHEET = {"vendor-claim"}
GUESS = {"vendor-claim", "assumption"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def found(catalog: Catalog) -> dict[str, Finding]:
    return {one.name: one for one in page.findings(catalog)}


def test_the_page_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main() == 0
    assert PAGE.read_text(encoding="utf-8") == capsys.readouterr().out


def test_every_claim_of_the_ledger_has_one_row(catalog: Catalog) -> None:
    names = [n for theme in page.THEMES for n in (*theme.computed, *theme.not_computed)]
    assert len(names) == len(set(names)) == 76
    assert set(names) == set(catalog.claims)


def test_at_least_45_are_computed(found: dict[str, Finding]) -> None:
    assert sum(one.outcome is not None for one in found.values()) >= 45
    for one in found.values():
        assert (one.outcome is None) == bool(one.reason), one.name


@pytest.mark.parametrize(
    ("said", "ours", "reading", "evidence", "verdict"),
    [
        (100, (100, 100, 100), "about", SHEET, "consistent"),
        (105, (100, 100, 100), "about", SHEET, "consistent"),
        (106, (100, 100, 100), "about", SHEET, "inconsistent with data"),
        (95, (100, 100, 100), "about", SHEET, "consistent"),
        (94, (100, 100, 100), "about", SHEET, "inconsistent with data"),
        (94, (100, 100, 100), "about", GUESS, "cannot be told"),
        (94, (100, 100, 100), "about", {"rumour"}, "cannot be told"),
        (150, (100, 120, 200), "about", SHEET, "consistent"),
        (150, (100, 120, 399), "about", GUESS, "consistent"),
        (150, (100, 120, 401), "about", SHEET, "cannot be told"),
        (999, (100, 120, 401), "about", SHEET, "inconsistent with data"),
        (100, (96, 120, 130), "at least", SHEET, "consistent"),
        (100, (94, 120, 130), "at least", SHEET, "cannot be told"),
        (100, (60, 80, 94), "at least", SHEET, "inconsistent with data"),
        (100, (60, 80, 94), "at least", GUESS, "cannot be told"),
        (100, (96, 120, 130), "within", SHEET, "consistent"),
        (100, (60, 80, 94), "within", SHEET, "inconsistent with data"),
        (100, (10, 80, 104), "at most", SHEET, "consistent"),
        (100, (10, 80, 106), "at most", SHEET, "cannot be told"),
        (100, (106, 200, 300), "at most", SHEET, "inconsistent with data"),
    ],
)
def test_the_rule(
    said: float,
    ours: tuple[float, float, float],
    reading: Reading,
    evidence: set[str],
    verdict: Verdict,
) -> None:
    assert judge(said, Range(*ours), reading, evidence) == verdict


def test_the_outer_quarter_of_a_range_is_named() -> None:
    outcome = Outcome(Range(1, 16, 256), "x", "", "")
    edge = 16 * 16**0.75
    assert place_in(edge * 0.999, outcome) == place_in(256 / edge * 1.001, outcome) == ""
    assert place_in(edge * 1.001, outcome) == "near the top"
    assert place_in(256 / edge * 0.999, outcome) == "near the bottom"
    assert place_in(255, replace(outcome, reading="within")) == ""
    assert place_in(10.4, replace(outcome, ours=Range(9.9, 10, 10.4))) == ""


def test_a_claim_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        judge(0.0, Range.point(1), "about", SHEET)


def test_the_basis_is_the_weakest_input() -> None:
    assert rests_on(SHEET) == "vendors' figures"
    assert rests_on({"vendor-claim", "measured-vendor"}) == "measurements"
    assert rests_on({"vendor-claim", "measured-vendor", "third-party-estimate"}) == "estimates"
    assert rests_on({"third-party-estimate", "assumption"}) == "assumptions"


def test_ranges_multiply_in_quadrature_and_divide_crosswise() -> None:
    a, b = Range(1 / math.e**3, 1, math.e**0.3), Range(2 / math.e**4, 2, 2 * math.e**0.4)
    product, quotient = a * b, a / b
    assert product.central == 2
    assert math.log(product.low / 2) == pytest.approx(-5)
    assert math.log(product.high / 2) == pytest.approx(0.5)
    assert math.log(quotient.low / 0.5) == pytest.approx(-math.hypot(3, 0.4))
    assert math.log(quotient.high / 0.5) == pytest.approx(math.hypot(0.3, 4))
    assert (Range.point(6) / Range.point(3) * 5).is_point
    assert span(Range(2, 3, 4), Range(1, 5, 9)) == Range(1, 3, 9)


def test_a_bare_value_is_as_wide_as_its_evidence() -> None:
    def stated(evidence: str, **other: float) -> Stated:
        return Stated.model_validate(
            {
                "value": 10.0,
                "unit": "kW",
                "evidence": evidence,
                "date": "2025-01-01",
                "source": "s",
                **other,
            }
        )

    assert range_of(stated("vendor-claim")) == Range.point(10)
    assert range_of(stated("third-party-estimate")) == Range(7.5, 10, 12.5)
    assert range_of(stated("third-party-estimate", low=9.0)) == Range(9, 10, 10)


def test_figures_by_hand(found: dict[str, Finding]) -> None:
    """From data sheets and counts, as docs/claims.md and the sources have them."""
    expected = {
        "trn2-server-peak": 16 * 1.299,
        "frontier-mi250x": 1536 / 37_888,
        "rainier-vs-gb200": 400_000 * 0.667 / (100_000 * 2.5),
        "chana-performance": 0.896 / 3 / 0.312,
        "trn3-4x": 144 * 2.517 / (64 * 1.299),
        "afm-tpu-v5p": 14_422 + 83_948 + 145_350,
        "h100-node-ondemand-3y": 98.32 * 26_280,
        "ascend910b-efficiency": 376 / 400,
        "dojo-exapod": 3000 * 0.362,
    }
    for name, value in expected.items():
        outcome = found[name].outcome
        assert outcome is not None, name
        assert outcome.ours.central == pytest.approx(value, rel=2e-3), name


def test_what_the_data_contradict(found: dict[str, Finding]) -> None:
    """The remarks are written for these verdicts: read them again when one changes."""
    assert {one.name for one in found.values() if one.verdict == "inconsistent with data"} == {
        "ascend910b-efficiency",
        "frontier-mi250x",
        "inhouse-duration-apple",
        "maia-athena",
    }


def test_a_missing_figure_is_told_and_not_invented(catalog: Catalog) -> None:
    platforms = dict(catalog.platforms)
    del platforms["tesla-dojo-d1"]
    platforms["aws-trainium2"] = platforms["aws-trainium2"].model_copy(
        update={"peak_pflops_fp8": None}
    )
    found = {one.name: one for one in page.findings(replace(catalog, platforms=platforms))}
    assert found["dojo-d1"].verdict == found["trn2-server-peak"].verdict == "cannot be told"
    assert "no platform tesla-dojo-d1" in found["dojo-d1"].reason
    assert "no `peak_pflops_fp8` of aws-trainium2" in found["trn2-server-peak"].reason


def test_a_claim_is_not_judged_by_itself(catalog: Catalog) -> None:
    """The catalogue keeps the press's 1,000 W beside the estimate, and names the claim there."""
    assert Inputs(catalog).of("aws-trainium3", "tdp_kw").high == 1.0
    assert Inputs(catalog, "trn3-power").of("aws-trainium3", "tdp_kw").high < 1.0
    assert Inputs(catalog, "trn3-power").remark.of("aws-trainium3", "tdp_kw").high < 1.0


def test_chips_made_are_counted_to_the_quarter() -> None:
    until = fleets.made(("Trainium1", "Trainium2"), "2024Q1")
    assert (until.low, until.value, until.high) == (55_000, 125_000, 275_000)
    with pytest.raises(ValueError, match="lacks one of"):
        fleets.made(("H100", "no such chip"), "2024Q4")


def test_the_ledger_agrees_with_itself(catalog: Catalog) -> None:
    for name, claim in catalog.claims.items():
        for other in claim.conflicts_with:
            assert name in catalog.claims[other].conflicts_with, (name, other)
        assert claim.is_ratio == claim.unit.startswith("ratio"), name
        assert (claim.value is None) == (claim.unit in ("event", "qualitative")), name
        if claim.is_ratio:
            assert claim.against is not None, name


def test_shares_of_their_own_follow_from_what_was_found(
    catalog: Catalog, found: dict[str, Finding]
) -> None:
    """A share of one's own spans what the catalogue gives: as share of the gain for a ratio."""
    own = {name: claim for name, claim in catalog.claims.items() if claim.share is not None}
    assert set(own) == {"trn3-2x", "chana-performance", "ascend910b-efficiency"}
    for name, claim in own.items():
        outcome, share = found[name].outcome, claim.share
        assert outcome is not None
        assert claim.value is not None
        assert share is not None
        base = 1.0 if claim.is_ratio else 0.0
        ours = (outcome.ours.central - base) / (claim.value - base)
        assert share.p10 - 0.02 <= ours <= share.p90 + 0.02, name
