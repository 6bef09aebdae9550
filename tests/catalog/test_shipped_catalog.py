"""The shipped catalogue holds the systems of the field, each usable, and only what can be true."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.catalog.check import check_catalog
from planner.catalog.known import figures_of
from planner.catalog.loading import Catalog, load_catalog
from planner.catalog.resolve import load_scenario

PLATFORMS = (
    "nvidia-a100-40gb", "nvidia-a100-80gb", "nvidia-a800", "nvidia-h100-sxm", "nvidia-h100-nvl",
    "nvidia-h800", "nvidia-h200", "nvidia-l40", "nvidia-l20", "nvidia-gh200", "nvidia-b200",
    "nvidia-gb200", "nvidia-b300", "nvidia-gb300",
    "google-tpu-v4", "google-tpu-v5e", "google-tpu-v5p", "google-tpu-v6e", "google-tpu-v7",
    "aws-trainium1", "aws-trainium2", "aws-trainium3", "aws-inferentia1", "aws-inferentia2",
    "amd-mi250x", "amd-mi300x", "amd-mi325x", "amd-mi355x", "intel-gaudi3",
    "microsoft-maia-100", "meta-mtia-v1", "meta-mtia-v2", "meta-mtia-training",
    "openai-broadcom-gen1", "tesla-dojo-d1",
    "huawei-ascend-910", "huawei-ascend-910b", "huawei-ascend-910c",
    "groq-lpu", "cerebras-wse3", "etched-sohu",
    "moore-threads-mtt-s4000", "iluvatar-tiangai-100", "zhonghao-chana", "in-house-gen1",
)  # fmt: skip
"""Every system that the catalogue promises."""

ASSUMED = "no public price;"
"""How the source of a price begins that nobody has published."""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_every_system_of_the_field_is_there(catalog: Catalog) -> None:
    assert set(PLATFORMS) <= set(catalog.platforms)


def test_the_check_finds_no_error() -> None:
    checked = check_catalog()
    checked.refuse_errors()
    looked_at = {check.name.partition(" (")[0]: check.counted for check in checked.checks}
    assert looked_at["stated with value, unit, evidence, source and date"] > 1000
    assert looked_at["ratios between a platform's figures"] > 150


def test_the_claim_that_cannot_be_is_kept_and_contradicted() -> None:
    told = [f.problem.path for f in check_catalog().findings() if f.severity == "contradicted"]
    assert told == ["claims.ascend910b-efficiency.value"]


def test_sources_can_be_found_again(catalog: Catalog) -> None:
    stated = [known.figure for name in catalog.platforms for known in figures_of(catalog, name)]
    stated += [*catalog.prices.values(), *(one.figure for one in catalog.references.values())]
    stated += [other for figure in stated for other in figure.also]  # type: ignore[misc]
    assert len(stated) > 900
    for figure in stated:
        assert len(figure.source) > 20, figure.source
        for word in ("from memory", "SUSPECT", "/work", "shared/"):
            assert word not in figure.source


SCENARIO = """\
scenario: one-platform
question: Can this platform be used?
start: 2026Q4
quarters: 2
discount_rate_per_year: 0.1
samples: 8
seed: 1
sites:
  hall: {power_mw: 10, pue: 1.2, energy_usd_per_kwh: 0.1, hosting_usd_per_kw_month: 100}
workloads:
  work: {demand: 100, shortfall_usd_per_unit_hour: 60, memory_gb: 0.1%s}
platforms:
  %s:
    availability: {catalog: %s.availability}
    utilisation: {work: {catalog: %s}}%s
offers:
  it:
    mode: %s
    platform: %s
    sites: [hall]
    %s: {catalog: %s}
    supply_accelerators: %s
%s"""
TERMS = {
    "buy": (
        "price_usd",
        "    lead_time_quarters: 0\n    life_quarters: 16\n    residual_share: 0\n",
    ),
    "reserve": ("price_usd_per_hour", "    lead_time_quarters: 0\n    term_quarters: 4\n"),
    "rent": ("price_usd_per_hour", ""),
    "spot": ("price_usd_per_hour", "    interruption: 0.1\n"),
}


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_system_can_be_used_in_a_scenario(
    catalog: Catalog, name: str, tmp_path: Path
) -> None:
    """All its figures looked up, its price too: what is drawn of them is as the catalogue says."""
    entry = catalog.platforms[name]
    kind = next(iter(entry.utilisation))
    by_name = {known.name: known for known in figures_of(catalog, name)}
    exponents = [f"{name}.scaling_exponent.{kind}" for kind in entry.scaling_exponent]
    scaling = (
        ", scaling: {jobs: 1, reference_accelerators: 512, largest_accelerators: 4096, exponent: "
        f"{{catalog: {exponents[0]}}}}}"
        if exponents
        else ""
    )
    supply = f"{name}.supply_accelerators_per_quarter"
    has_supply = f"{{catalog: {supply}, times: 0.05}}" if supply in by_name else "1000"
    price_name = next(
        key for key, price in catalog.prices.items()
        if price.platform == name and price.offer in ("buy", "rent", "reserve")
    )  # fmt: skip
    offer = catalog.prices[price_name].offer
    key, terms = TERMS[offer]
    utilised = f"{name}.utilisation.{kind}"
    # Memory must be known where a workload needs it: of a spread, the median is chosen by hand.
    assert entry.memory_gb is not None
    chosen = f"\n    memory_gb: {{catalog: {name}.memory_gb, times: 1}}"
    memory = chosen if entry.memory_gb.quantiles is not None else ""
    path = tmp_path / "scenario.yaml"
    path.write_text(
        SCENARIO
        % (scaling, name, name, utilised, memory, offer, name, key, price_name, has_supply, terms),
        encoding="utf-8",
    )
    loaded = load_scenario(path)
    body = loaded.resolved["platforms"][name]
    assert body["peak_pflops"]["source"] == entry.peak_pflops.citation()
    share = body["utilisation"]["work"]
    assert share.get("p50", share.get("value")) == by_name[utilised].figure.central
    assert by_name[utilised].figure.citation() in share["source"]
    cited = loaded.resolved["offers"]["it"][key]["source"]
    assert cited == f"catalogue price {price_name}: {catalog.prices[price_name].citation()}"


def test_the_power_of_an_accelerator_leaves_out_the_facility(catalog: Catalog) -> None:
    # SemiAnalysis states 1.73 kW of utility power per H100, overhead included; a DGX H100 is rated
    # at 10.2 kW, 1.275 kW per GPU without its share of the network.
    assert 1.275 < catalog.platforms["nvidia-h100-sxm"].accelerator_kw.central < 1.5


def test_a_longer_commitment_is_cheaper(catalog: Catalog) -> None:
    for stem in ("gcp-h100", "gcp-tpu-v5e", "gcp-tpu-v6e"):
        steps = [catalog.prices[f"{stem}-{step}"].central for step in ("on-demand", "1y", "3y")]
        assert steps == sorted(steps, reverse=True), stem


def test_what_is_not_public_is_an_assumption_with_a_wide_interval(catalog: Catalog) -> None:
    found = {k: price for k, price in catalog.prices.items() if price.source.startswith(ASSUMED)}
    assert len(found) > 20
    for name, price in found.items():
        assert price.evidence == "assumption", name
        if price.quantiles is not None:
            low, high = price.extremes()
            assert high / low >= 1.5, name
    for known in figures_of(catalog, "in-house-gen1"):
        assert known.figure.evidence == "assumption", known.name
    assert catalog.prices["aws-trainium2-on-demand"].evidence == "assumption"


def test_claims_are_linked_to_the_platforms_that_they_are_about(catalog: Catalog) -> None:
    subjects = {word for claim in catalog.claims.values() for word in claim.subject}
    assert len(catalog.claims) >= 76
    assert len(subjects & set(catalog.platforms)) >= 15
