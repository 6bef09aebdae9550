"""Every shipped figure has a source and a value that can be true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from planner.catalog.entries import Figure, PlatformEntry
from planner.catalog.loading import Catalog, load_catalog

EXPECTED = {
    "nvidia-h100-sxm", "nvidia-h200", "nvidia-b200", "nvidia-gb200",
    "google-tpu-v5e", "google-tpu-v5p", "google-tpu-v6e", "google-tpu-v7",
    "aws-trainium1", "aws-trainium2",
    "amd-mi300x", "amd-mi325x", "amd-mi355x",
    "intel-gaudi3", "in-house-gen1",
}  # fmt: skip
FIGURES = ("peak_pflops", "accelerator_kw", "memory_gb", "memory_bandwidth_tbps", "tdp_kw")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def figures(platform: PlatformEntry) -> Iterator[tuple[str, Figure]]:
    for key in FIGURES:
        figure = getattr(platform, key)
        if figure is not None:
            yield key, figure


def test_the_platforms_of_the_design_are_there(catalog: Catalog) -> None:
    assert set(catalog.platforms) >= EXPECTED


def test_every_figure_is_sourced_and_dated(catalog: Catalog) -> None:
    stated = [(f"{n}.{k}", f) for n, p in catalog.platforms.items() for k, f in figures(p)]
    stated += list(catalog.prices.items())
    assert len(stated) > 90
    for name, figure in stated:
        assert len(figure.source) > 20, name
        assert date(2015, 1, 1) <= date.fromisoformat(figure.date), name
        assert "from memory" not in figure.source, name
        assert "SUSPECT" not in figure.source, name


def test_platform_figures_can_be_true(catalog: Catalog) -> None:
    for name, platform in catalog.platforms.items():
        peak, power = platform.peak_pflops.value, platform.accelerator_kw.value
        assert 0.1 <= peak / power <= 5, name
        if platform.tdp_kw is not None:
            # Server and network share come on top of the accelerator, and do not dwarf it.
            assert 1.2 <= power / platform.tdp_kw.value <= 2.2, name
        for key, low, high in (("memory_gb", 8, 512), ("memory_bandwidth_tbps", 0.3, 20)):
            figure = getattr(platform, key)
            assert figure is None or low <= figure.value <= high, f"{name}.{key}"


def test_the_power_of_an_accelerator_leaves_out_the_facility(catalog: Catalog) -> None:
    # SemiAnalysis states 1.73 kW of utility power per H100, overhead included; a DGX H100 is rated
    # at 10.2 kW, 1.275 kW per GPU without its share of the network.
    assert 1.275 < catalog.platforms["nvidia-h100-sxm"].accelerator_kw.value < 1.5


def test_prices_can_be_true(catalog: Catalog) -> None:
    for name, price in catalog.prices.items():
        peak = catalog.platforms[price.platform].peak_pflops.value
        if price.unit == "usd":
            assert 8_000 <= price.value / peak <= 60_000, name
        else:
            assert 0.3 <= price.value / peak <= 13, name


def test_a_longer_commitment_is_cheaper(catalog: Catalog) -> None:
    for stem in ("gcp-h100", "gcp-tpu-v5e", "gcp-tpu-v6e"):
        steps = [catalog.prices[f"{stem}-{step}"].value for step in ("on-demand", "1y", "3y")]
        assert steps == sorted(steps, reverse=True), stem


def test_what_is_not_public_is_called_an_assumption(catalog: Catalog) -> None:
    for name, price in catalog.prices.items():
        if price.offer == "buy":
            assert price.kind == "assumption", name
    for key, figure in figures(catalog.platforms["in-house-gen1"]):
        assert figure.kind == "assumption", key
    assert catalog.prices["aws-trainium2-on-demand"].kind == "assumption"
