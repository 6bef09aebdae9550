"""What the terminal shows of the catalogue is what stands in it, with every source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_catalog import catalogue

from planner.catalog.ledger import list_claims
from planner.catalog.listing import list_catalog
from planner.catalog.loading import Catalog, gather
from planner.catalog.show import show_entry
from planner.catalog.text import number
from planner.config.evidence import OF_A_FIGURE
from planner.errors import InputError


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    found = gather([catalogue(tmp_path)])
    assert found.problems == ()
    return found.catalog


def cells(line: str) -> list[str]:
    return re.split(r"\s{2,}", line)


def tables(text: str) -> tuple[list[list[str]], list[list[str]]]:
    platforms, prices = text.split("\n\n")
    return tuple([cells(line) for line in part.splitlines()] for part in (platforms, prices))  # type: ignore[return-value]


def test_the_list_has_a_line_for_each_platform_and_price(catalog: Catalog) -> None:
    platforms, prices = tables(list_catalog(catalog))
    assert platforms[0] == [
        "platform", "vendor", "unit", "released", "PFLOP/s", "kW", "GB", "TB/s",
        "evidence of the peak", "all figures",
    ]  # fmt: skip
    assert platforms[1] == [
        "chip-a", "Acme", "chip", "2025-03", "0.9", "1 - 1.2 - 1.5", "80", "3.2", "vendor-claim",
        "6 vendor-claim, 5 assumption, 1 third-party-estimate, 1 measured-vendor",
    ]  # fmt: skip
    assert [line[0] for line in platforms[1:]] == ["chip-a", "chip-b"]
    assert prices[1] == [
        "a-buy", "chip-a", "buy", "Acme partners", "20,000 - 30,000 - 45,000", "USD", "assumption",
        "2026-02-01",
    ]  # fmt: skip
    assert [line[2] for line in prices[1:]] == ["buy", "rent", "reserve, 4q", "rent"]


def names(text: str) -> list[str]:
    return [line[0] for table in tables(text) for line in table[1:]]


def test_the_list_is_cut_to_a_vendor(catalog: Catalog) -> None:
    assert names(list_catalog(catalog, vendor="BOLT")) == ["chip-b", "b-rent"]
    with pytest.raises(InputError) as caught:
        list_catalog(catalog, vendor="Blot")
    (problem,) = caught.value.problems
    assert problem.allowed == "Acme, Bolt"
    assert "Bolt" in problem.remedy


def test_the_list_is_cut_to_an_evidence(catalog: Catalog) -> None:
    text = list_catalog(catalog, evidence="assumption")
    assert names(text) == ["chip-a", "a-buy"]
    assert "5 of 13 assumption" in text
    assert names(list_catalog(catalog, evidence="rumour")) == []
    with pytest.raises(InputError) as caught:
        list_catalog(catalog, evidence="vendor_claim")
    (problem,) = caught.value.problems
    assert "vendor-claim" in problem.remedy


def test_a_platform_is_shown_with_all_that_is_known(catalog: Catalog) -> None:
    shown = show_entry(catalog, "chip-a")
    for figure in (
        "peak_pflops: 0.9 PFLOP/s", "accelerator_kw: P10 1, P50 1.2, P90 1.5 kW",
        "memory_bandwidth_tbps: 3.2, from 3 to 3.2 TB/s", "released: 2025-03",
        "utilisation.pretraining (reference runs-a): P10 0.3, P50 0.38, P90 0.46 share of peak",
        "supply_accelerators_per_quarter: P5 8,000, P50 12,000, P95 20,000 accelerators/quarter",
    ):  # fmt: skip
        assert f"\n{figure}" in shown
    assert "\n  also stated: 0.7 PFLOP/s\n    evidence        measured-independent" in shown
    assert "default because the bench ran at a lower clock" in shown
    assert "a-reserve  reserve, 4q  Cloud One" in shown
    assert "a-twice: A performs twice as well as B (Acme, 2026-01-05, vendor-claim)" in " ".join(
        shown.split()
    )
    assert "references: runs-a, jobs-a" in shown.replace("jobs-a, runs-a", "runs-a, jobs-a")
    # Every source that stands in the entry is shown.
    assert shown.count("  source  ") == 3 + 13 + 1
    assert all(len(line) <= 100 for line in shown.splitlines())


def test_prices_references_and_claims_are_shown(catalog: Catalog) -> None:
    price = show_entry(catalog, "a-reserve")
    assert price.startswith("a-reserve: what chip-a costs to reserve for 4 quarters; Cloud One")
    assert "price: 1.5 USD/hour" in price
    reference = show_entry(catalog, "jobs-a")
    assert "scaling-exponent in pretraining, from 9 points of chip-a" in reference
    assert "reference_accelerators: 512 accelerators" in reference
    assert show_entry(catalog, "a-watts").startswith("a-watts: 7 TFLOP/s per W")


def test_an_unknown_name_is_refused_with_the_nearest(catalog: Catalog) -> None:
    with pytest.raises(InputError) as caught:
        show_entry(catalog, "chipa")
    assert "chip-a" in caught.value.problems[0].remedy


def test_the_ledger_says_who_and_how_much_comes_true(catalog: Catalog) -> None:
    ledger = list_claims(catalog)
    assert ledger.startswith("3 of 3 claims\n")
    blocks = {block.split(":")[0]: " ".join(block.split()) for block in ledger.split("\n\n")[1:]}
    assert set(blocks) == {"a-twice", "a-half", "a-watts"}
    # A ratio: the default of its evidence is a share of the gain; else of the figure.
    assert (
        "share of the gain: P10 0.05, P50 0.6, P90 1, the default for vendor-claim"
        in (blocks["a-twice"])
    )
    assert (
        "share of the gain: P10 0.1, P50 0.4, P90 0.9: nobody could repeat it" in blocks["a-half"]
    )
    default = OF_A_FIGURE["third-party-estimate"]
    assert f"share of the figure: P10 {default.p10:g}, P50 {default.p50:g}" in blocks["a-watts"]
    assert (
        'conflicts with a-half: "A is half as fast as B" (Bolt, 2026-01-06, rumour)'
        in (blocks["a-twice"])
    )
    assert "about chip-a (any), against chip-b" in blocks["a-twice"]


def test_the_ledger_is_cut_to_a_platform_and_an_evidence(catalog: Catalog) -> None:
    def said(**only: str) -> list[str]:
        return re.findall(r"\n\n([\w-]+):", list_claims(catalog, **only))

    assert said(platform="chip-a") == ["a-twice", "a-half", "a-watts"]
    assert said(platform="chip-b") == ["a-twice", "a-half"]
    assert said(platform="any") == ["a-watts"]
    assert said(evidence="rumour") == ["a-half"]
    assert said(platform="any", evidence="rumour") == []
    with pytest.raises(InputError) as caught:
        list_claims(catalog, platform="chip-aa")
    assert "chip-a" in caught.value.problems[0].remedy


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.9894, "0.9894"), (32500, "32,500"), (1331234.5, "1,331,234"), (0.000012, "1.2e-05"),
     (2.4e6, "2,400,000"), (512, "512")],
)  # fmt: skip
def test_numbers_are_written_for_readers(value: float, text: str) -> None:
    assert number(value) == text
