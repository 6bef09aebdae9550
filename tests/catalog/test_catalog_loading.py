"""The loader refuses every figure that cannot be relied on, and says where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.catalog.loading import Gathered, gather, load_catalog
from planner.config.document import Document
from planner.config.yaml_tree import read_document
from planner.errors import InputError, Problem

PLATFORM = """\
platforms:
  chip-a:
    vendor: Acme
    unit: chip
    peak_pflops:
      {value: 0.9, unit: PFLOP/s, source: data sheet, date: 2026-01-31, evidence: vendor-claim}
    accelerator_kw: {value: 1.0, unit: kW, source: ours, date: 2026-01-31, evidence: assumption}
"""
PRICE = """\
prices:
  chip-a-rent:
    platform: chip-a
    offer: rent
    seller: Acme
    unit: USD/hour
    value: 2.5
    source: price list
    date: 2026-01-31
    evidence: vendor-claim
"""


def document(folder: Path, text: str, name: str = "prices.yaml") -> Document:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_document(path)


def gathered(folder: Path, text: str) -> Gathered:
    return gather([document(folder, text)])


def only_problem(folder: Path, text: str) -> Problem:
    problems = gathered(folder, text).problems
    assert len(problems) == 1, [problem.render() for problem in problems]
    assert problems[0].file == "prices.yaml"
    return problems[0]


def test_good_entries_are_kept(tmp_path: Path) -> None:
    found = gathered(tmp_path, PLATFORM + PRICE)
    assert found.problems == ()
    assert found.catalog.platforms["chip-a"].peak_pflops.value == 0.9
    price = found.catalog.prices["chip-a-rent"]
    assert (price.value, price.offer, price.unit) == (2.5, "rent", "USD/hour")
    assert price.citation() == "price list (2026-01-31, vendor-claim)"


@pytest.mark.parametrize(
    ("written", "instead", "path", "line", "said"),
    [
        ("    source: price list\n", "", "source", 9, "`source` is missing"),
        ("    date: 2026-01-31\n", "", "date", 9, "`date` is missing"),
        ("    evidence: vendor-claim\n", "", "evidence", 9, "`evidence` is missing"),
        ("    unit: USD/hour\n", "", "unit", 9, "`unit` is missing"),
        ("    value: 2.5\n", "", "", 9, "`value` or `quantiles` is missing"),
        ("    seller: Acme\n", "", "seller", 9, "`seller` is missing"),
        ("source: price list", 'source: "  "', "source", 15, "empty"),
        ("value: 2.5", "value: 0", "value", 14, "above 0"),
        ("value: 2.5", "value: -2.5", "value", 14, "above 0"),
        ("value: 2.5", "value: .inf", "value", 14, "finite"),
        ("value: 2.5", 'value: "2.5"', "value", 14, "number"),
        ("value: 2.5", "value: true", "value", 14, "number"),
        ("date: 2026-01-31", "date: 2026-02-30", "date", 16, "no day 2026-02-30"),
        ("date: 2026-01-31", "date: 20260131", "date", 16, "string"),
        ("date: 2026-01-31", "date: 2026-W05-1", "date", 16, "written as"),
        ("date: 2026-01-31", "date: January 2026", "date", 16, "written as"),
        ("date: 2026-01-31", "date: 2100-01-01", "date", 16, "1990 to 2099"),
        ("date: 2026-01-31", "date: 1026-01-31", "date", 16, "1990 to 2099"),
        ("evidence: vendor-claim", "evidence: hearsay", "evidence", 17, "no `evidence`"),
        ("platform: chip-a", "platform: chip-b", "platform", 10, "no catalogue file describes"),
        ("offer: rent", "offer: lease", "offer", 11, "no `offer`"),
        ("unit: USD/hour", "unit: USD", "", 9, "the unit of a price to rent is USD/hour"),
        ("unit: USD/hour", "unit: EUR", "unit", 13, "no `unit`"),
        ("value: 2.5", "value: 2.5\n    low: 3", "", 9, "must ascend"),
        ("value: 2.5", "value: 2.5\n    hihg: 3", "hihg", 15, "no key `hihg`"),
        ("value: 2.5", "quantiles: {p10: 1, p50: 3, p90: 2}", "quantiles", 14, "must ascend"),
        ("value: 2.5", "quantiles: {p10: 1, p50: 3, p95: 4}", "quantiles", 14, "p10, p50 and p90"),
        ("value: 2.5", "quantiles: {p50: 3}", "quantiles", 14, "p10, p50 and p90"),
        ("value: 2.5", "value: 2\n    quantiles: {p10: 1, p50: 2, p90: 3}", "", 9, "not both"),
        ("value: 2.5", "value: 2.5\n    also: []\n    default_because: we like it",
         "", 9, "go together"),
    ],
)  # fmt: skip
def test_a_bad_price_is_refused_with_its_line(
    tmp_path: Path, written: str, instead: str, path: str, line: int, said: str
) -> None:
    text = PLATFORM + PRICE.replace(written, instead)
    assert text != PLATFORM + PRICE
    problem = only_problem(tmp_path, text)
    assert problem.path == "prices.chip-a-rent" + (f".{path}" if path else "")
    assert problem.line == line
    assert said in problem.message


def test_near_words_are_suggested(tmp_path: Path) -> None:
    evidence = only_problem(tmp_path, PLATFORM + PRICE.replace("vendor-claim", "vendor_claim"))
    assert "vendor-claim" in evidence.remedy
    assert "rumour" in evidence.allowed
    key = only_problem(
        tmp_path, PLATFORM + PRICE.replace("evidence:", "low: 2\n    hgih: 3\n    evidence:")
    )
    assert "high" in key.remedy
    platform = only_problem(
        tmp_path, PLATFORM + PRICE.replace("platform: chip-a", "platform: chipa")
    )
    assert "chip-a" in platform.remedy


@pytest.mark.parametrize(
    ("written", "instead", "path", "said"),
    [
        (", evidence: vendor-claim}", "}", "platforms.chip-a.peak_pflops.evidence", "is missing"),
        ("unit: PFLOP/s", "unit: kW", "platforms.chip-a", "peak_pflops must be in PFLOP/s"),
        ("value: 0.9", "value: 0", "platforms.chip-a.peak_pflops.value", "above 0"),
        ("unit: chip", "unit: board", "platforms.chip-a.unit", "no `unit`"),
        ("    vendor: Acme\n", "", "platforms.chip-a.vendor", "`vendor` is missing"),
        (
            "{value: 1.0, unit: kW, source: ours, date: 2026-01-31, evidence: assumption}",
            "1.0",
            "platforms.chip-a.accelerator_kw",
            "not a mapping",
        ),
    ],
)
def test_a_bad_platform_is_refused(
    tmp_path: Path, written: str, instead: str, path: str, said: str
) -> None:
    text = PLATFORM.replace(written, instead)
    assert text != PLATFORM
    problem = only_problem(tmp_path, text)
    assert problem.path == path
    assert problem.line is not None
    assert said in problem.message


def test_a_price_of_a_refused_platform_is_not_refused_again(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, PLATFORM.replace("unit: chip", "unit: board") + PRICE)
    assert problem.path == "platforms.chip-a.unit"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("price: {}\n", "price"),
        ("prices: [1]\n", "prices"),
        ("prices:\n", "prices"),
        ("platforms: {chip a: {}}\n", "platforms.chip a"),
        ("platforms: {chip-a: null}\n", "platforms.chip-a"),
    ],
)
def test_a_bad_layout_is_refused(tmp_path: Path, text: str, path: str) -> None:
    assert only_problem(tmp_path, text).path == path


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    text = PLATFORM.replace("value: 0.9", "value: -1") + PRICE.replace("value: 2.5", "value: 0")
    overlay = document(tmp_path, text, "mine.yaml")
    with pytest.raises(InputError) as caught:
        load_catalog(overlay)
    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["platforms.chip-a.peak_pflops.value", "prices.chip-a-rent.value"]
    assert {problem.file for problem in caught.value.problems} == {"mine.yaml"}


def test_a_name_in_two_shipped_files_is_refused(tmp_path: Path) -> None:
    first = document(tmp_path, PLATFORM, "a.yaml")
    second = document(tmp_path, PLATFORM + PRICE, "b.yaml")
    problems = gather([first, second]).problems
    assert [(p.path, p.file, p.line) for p in problems] == [("platforms.chip-a", "b.yaml", 2)]
    assert "a.yaml" in problems[0].message


def test_an_overlay_replaces_whole_prices_and_adds(tmp_path: Path) -> None:
    shipped = document(tmp_path, PLATFORM + PRICE + "    low: 2\n", "a.yaml")
    text = PRICE.replace("2.5", "1.5") + PRICE.replace("prices:\n", "").replace("-rent", "-spot")
    found = gather([shipped], document(tmp_path, text, "mine.yaml"))
    assert found.problems == ()
    assert {name: (price.value, price.low) for name, price in found.catalog.prices.items()} == {
        "chip-a-rent": (1.5, None),
        "chip-a-spot": (2.5, None),
    }


def test_a_refused_overlay_entry_does_not_leave_the_shipped_one(tmp_path: Path) -> None:
    shipped = document(tmp_path, PLATFORM + PRICE, "a.yaml")
    found = gather([shipped], document(tmp_path, PRICE.replace("2.5", "0"), "mine.yaml"))
    assert found.problems
    assert "chip-a-rent" not in found.catalog.prices
    assert ("prices", "chip-a-rent") in found.broken


def test_words_of_older_files_are_told_what_they_are_called_now(tmp_path: Path) -> None:
    old = PRICE.replace("evidence:", "kind:").replace("USD/hour", "usd_per_hour")
    told = {problem.path: problem for problem in gathered(tmp_path, PLATFORM + old).problems}
    assert told["prices.chip-a-rent.kind"].remedy == "it is called `evidence` now"
    assert told["prices.chip-a-rent.unit"].remedy == "it is written USD/hour now"
    assert "`evidence` is missing" in told["prices.chip-a-rent.evidence"].message
    inside = PLATFORM.replace("evidence: assumption", "kind: assumption")
    told = {problem.path: problem for problem in gathered(tmp_path, inside).problems}
    assert "evidence" in told["platforms.chip-a.accelerator_kw.kind"].remedy


def test_shares_are_below_one(tmp_path: Path) -> None:
    for written, said in (("value: 1.1", "above 1"),
                          ("quantiles: {p10: 0.1, p50: 0.5, p90: 1}", "below 1")):  # fmt: skip
        ready = (
            "    availability: {" + written + ", unit: share of hours, source: ours, "
            "date: 2026-01-31, evidence: assumption}\n"
        )
        problem = only_problem(tmp_path, PLATFORM + ready)
        assert (problem.path, problem.line) == ("platforms.chip-a.availability", 8)
        assert said in problem.message
