"""What the loader says about claims that are written wrongly, or that count twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planner.errors import Problem

Problems = Callable[..., list[Problem]]

PEAK = "peak_pflops: 0.989"
UTILISATION = "training: {distribution: triangular, low: 0.3, mode: 0.4, high: 0.5}"
PRICE = "price_usd: {distribution: lognormal, p10: 25000, p90: 36000}"
SAID = "evidence: vendor-claim, said_by: Nvidia, date: 2022-03-22"
GAIN = "against: other chips, baseline: 0.6"


def peak(figure: str) -> tuple[str, str]:
    return PEAK, f"peak_pflops: {figure}"


@pytest.mark.parametrize(
    ("figure", "path", "message", "helps"),
    [
        (
            "{claim: 1, evidence: vendor-claims, said_by: x, date: 2024-12-03}",
            "evidence",
            "this word cannot stand here",
            "did you mean `vendor-claim`?",
        ),
        ("{claim: 1, evidence: rumour, date: 2024-12-03}", "", "`said_by` is missing", "add"),
        ("{claim: 1, evidence: rumour, said_by: x, date: 2024-12}", "date", "is a day", "2024-12"),
        ("{claim: 1, evidence: rumour, said_by: x, date: 2024-02-30}", "date", "no day", "correct"),
        ("{claim: -1, " + SAID + "}", "claim", "out of range", "above 0"),
        ("{claim: 1, sahre: 0.9, " + SAID + "}", "sahre", "a claim has no key", "`share`"),
        ("{clam: 1, " + SAID + "}", "", "neither a figure nor a belief", "`claim` by `clam`"),
        (
            "{claimed_ratio: 1, " + GAIN + ", " + SAID + "}",
            "",
            "claims no gain",
            "write the figure of what it equals",
        ),
        (
            "{claimed_ratio: 30, " + GAIN + ", " + SAID + "}",
            "",
            "the gain would not stay above zero",
            "give a `share` with bounds",
        ),
        (
            "{claimed_ratio: 2, against: x, baseline: {distribution: uniform, low: 1, high: 2}, "
            + SAID
            + "}",
            "",
            "the baseline must be a known number",
            "such as its median",
        ),
        (
            "{claim: 1, share: 0.9, measured: {value: 0.8, relative_error: 0.1}, " + SAID + "}",
            "",
            "a measurement updates nothing",
            "give `share` a distribution",
        ),
        (
            "{claim: 1, measured: {value: 0.8, relative_error: 0}, " + SAID + "}",
            "measured.relative_error",
            "out of range",
            "from 0.0001 to 10",
        ),
        ("{claims: [{claim: 1, " + SAID + "}]}", "", "two claims or more", "add one"),
        ("{claims: [{claim: 1, " + SAID + "}, 0.9]}", "", "must itself be a claim", "assumption"),
        (
            "{claims: [{claim: 1, " + SAID + "}, {claim: 2, " + SAID + "}], weights: [0.5, 0.6]}",
            "",
            "must be positive and sum to 1",
            "leave them out",
        ),
        (
            "{claims: [{claim: 1, " + SAID + "}, {claim: 2, " + SAID + "}], weights: [1]}",
            "",
            "as many weights as claims",
            "a weight for each claim",
        ),
        (
            "{claims: [{claim: 1, measured: {value: 0.8, relative_error: 0.1}, "
            + SAID
            + "}, {claim: 2, "
            + SAID
            + "}]}",
            "",
            "must stand beside `claims`",
            "which of the claims is more likely",
        ),
    ],
)
def test_a_bad_claim_is_told_once_where_it_stands(
    problems: Problems, figure: str, path: str, message: str, helps: str
) -> None:
    told = problems(peak(figure))
    (problem,) = told
    expected = "platforms.h100.peak_pflops" + (f".{path}" if path else "")
    assert (problem.path, problem.line) == (expected, 27)
    assert message in problem.message
    assert helps in f"{problem.allowed} {problem.remedy}"


def test_all_that_is_wrong_is_told_at_once(problems: Problems) -> None:
    told = problems(peak("{claim: 0, evidence: vendor, said_by: '', date: now}"))
    assert {p.path.rpartition(".")[2] for p in told} == {"claim", "evidence", "said_by", "date"}


@pytest.mark.parametrize(
    "place",
    [
        (PRICE, "price_usd: {claim: 25000, " + SAID + "}"),
        ("accelerator_kw: 1.3", "accelerator_kw: {claim: 1.3, " + SAID + "}"),
        (PEAK, "peak_pflops: {value: 1, times: {claim: 0.9, " + SAID + "}}"),
        ("{first: 3, ", "{first: {claim: 3, " + SAID + "}, "),
    ],
    ids=["price", "power", "factor", "trend"],
)
def test_what_is_better_the_smaller_has_no_default_share(
    problems: Problems, place: tuple[str, str]
) -> None:
    (problem,) = problems(place)
    assert "needs a `share` of its own" in problem.message
    assert "share: {distribution: ...}" in problem.remedy


def performance(moves: str, claim_id: str = "one", baseline: float = 0.6) -> str:
    own = f"{{claimed_price_performance: 1.4, moves: {moves}, claim_id: {claim_id}, "
    return f"{own}against: other chips, baseline: {baseline}, {SAID}}}"


def test_a_claim_moves_what_it_stands_in(problems: Problems) -> None:
    (problem,) = problems(peak(performance("price")))
    assert problem.path == "platforms.h100.peak_pflops.moves"
    assert problem.remedy == "write `moves: yield`"
    (problem,) = problems((PRICE, f"price_usd: {performance('yield', baseline=3e4)}"))
    assert problem.remedy == "write `moves: price`"
    (problem,) = problems(("accelerator_kw: 1.3", f"accelerator_kw: {performance('yield')}"))
    assert "neither a yield nor a price" in problem.message


def test_a_claim_counts_on_the_yield_or_on_the_price(problems: Problems) -> None:
    (problem,) = problems(
        peak(performance("yield")), (PRICE, f"price_usd: {performance('price', baseline=3e4)}")
    )
    assert problem.path == "offers.h100-buy.price_usd.claim_id"
    assert "the yield and the price of h100" in problem.message
    assert "`platforms.h100.peak_pflops` (line 27)" in problem.message
    assert problem.remedy == "keep one of the two"


def test_a_claim_counts_once_in_the_yield(problems: Problems) -> None:
    (problem,) = problems(
        peak(performance("yield")), (UTILISATION, f"training: {performance('yield')}")
    )
    assert problem.path == "platforms.h100.utilisation.training.claim_id"
    assert "twice in the yield of h100" in problem.message


def test_a_claimed_peak_has_one_realised_share(problems: Problems) -> None:
    (problem,) = problems(
        peak("{claim: 1, " + SAID + "}"),
        ("availability: 0.9", "availability: 0.9\n    realised_share: 0.8"),
    )
    assert problem.path == "platforms.h100.realised_share"
    assert "move it into the claim as `share`" in problem.remedy
