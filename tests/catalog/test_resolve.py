"""A scenario gets the catalogue's figures with their sources, or is told why it cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.catalog.loading import load_catalog
from planner.catalog.resolve import LoadedScenario, load_scenario
from planner.config.distributions import Triangular
from planner.config.quantities import Fixed, Trend
from planner.config.schema import Buy, Rent
from planner.errors import InputError, Problem

SCENARIO = """\
scenario: small
question: What to rent?
start: 2026Q1
quarters: 2
discount_rate_per_year: 0.1
samples: 8
seed: 1
sites:
  cloud: {power_mw: unlimited, pue: 1, energy_usd_per_kwh: 0, hosting_usd_per_kw_month: 0}
workloads:
  training: {demand: 100, shortfall_usd_per_unit_hour: 60}
platforms:
  nvidia-h100-sxm:
    availability: 0.9
    utilisation: {training: 0.4}
offers:
  h100-rent:
    mode: rent
    platform: nvidia-h100-sxm
    sites: [cloud]
    price_usd_per_hour: {catalog: gcp-h100-on-demand}
    supply_accelerators: 1000
"""
LOOK_UP = "{catalog: gcp-h100-on-demand}"
OVERLAY = """\
prices:
  mine:
    platform: nvidia-h100-sxm
    offer: rent
    seller: our cloud
    unit: USD/hour
    value: 1.25
    source: our contract
    date: 2026-02-01
    evidence: customer-claim
"""


def write(folder: Path, text: str = SCENARIO) -> Path:
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def load(
    folder: Path, *changes: tuple[str, str], overrides: tuple[str, ...] = ()
) -> LoadedScenario:
    text = SCENARIO
    for written, instead in changes:
        assert written in text
        text = text.replace(written, instead)
    return load_scenario(write(folder, text), overrides)


def problems(folder: Path, *changes: tuple[str, str]) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        load(folder, *changes)
    return list(caught.value.problems)


def price(loaded: LoadedScenario) -> Any:
    offer = loaded.scenario.offers["h100-rent"]
    assert isinstance(offer, Rent)
    return offer.price_usd_per_hour


def test_a_platform_is_filled_in_with_sources(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    platform = loaded.scenario.platforms["nvidia-h100-sxm"]
    known = load_catalog().platforms["nvidia-h100-sxm"]
    assert (platform.vendor, platform.unit) == ("Nvidia", "GPU")
    assert isinstance(platform.peak_pflops, Fixed)
    assert platform.peak_pflops.value == known.peak_pflops.value
    assert platform.peak_pflops.source is not None
    assert platform.peak_pflops.source.endswith("(2026-05-07, vendor-claim)")
    assert platform.accelerator_kw.value == known.accelerator_kw.value  # type: ignore[union-attr]
    assert "vendor" not in loaded.document.data["platforms"]["nvidia-h100-sxm"]
    assert loaded.resolved["platforms"]["nvidia-h100-sxm"]["vendor"] == "Nvidia"


def test_what_the_scenario_says_of_a_platform_stands(tmp_path: Path) -> None:
    own = "    availability: 0.9\n    vendor: Reseller\n    accelerator_kw: 1.1\n"
    loaded = load(tmp_path, ("    availability: 0.9\n", own))
    platform = loaded.scenario.platforms["nvidia-h100-sxm"]
    assert (platform.vendor, platform.unit, platform.accelerator_kw) == ("Reseller", "GPU", 1.1)


def test_a_price_is_looked_up_with_its_source(tmp_path: Path) -> None:
    found = price(load(tmp_path))
    known = load_catalog().prices["gcp-h100-on-demand"]
    assert found == Fixed(
        value=known.value, source=f"catalogue price gcp-h100-on-demand: {known.citation()}"
    )


def test_a_belief_about_a_price_and_the_own_source_are_kept(tmp_path: Path) -> None:
    times = "times: {distribution: triangular, low: 0.5, mode: 0.8, high: 1}"
    look_up = "{catalog: gcp-h100-on-demand, " + times + ", source: our talks}"
    found = price(load(tmp_path, (LOOK_UP, look_up)))
    assert isinstance(found, Fixed)
    assert found.times == Triangular(distribution="triangular", low=0.5, mode=0.8, high=1)
    assert found.source is not None
    assert found.source.startswith("our talks; catalogue price gcp-h100-on-demand")
    assert found.support()[1] == found.value


def test_the_first_price_of_a_trend_is_looked_up(tmp_path: Path) -> None:
    found = price(load(tmp_path, (LOOK_UP, "{first: " + LOOK_UP + ", change_per_year: -0.1}")))
    assert isinstance(found, Trend)
    assert isinstance(found.first, Fixed)
    assert found.first.value == load_catalog().prices["gcp-h100-on-demand"].value


def test_an_override_may_name_another_price(tmp_path: Path) -> None:
    name = "offers.h100-rent.price_usd_per_hour.catalog=neocloud-h100-on-demand"
    loaded = load(tmp_path, overrides=(name,))
    assert price(loaded).value == load_catalog().prices["neocloud-h100-on-demand"].value


def test_an_unknown_price_is_refused_with_the_nearest(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, (LOOK_UP, "{catalog: gcp-h100-ondemand}"))
    assert problem.path == "offers.h100-rent.price_usd_per_hour.catalog"
    assert (problem.file, problem.line) == ("scenario.yaml", 21)
    assert "gcp-h100-on-demand" in problem.remedy
    assert "neocloud-h100-on-demand" in problem.allowed


def test_a_price_of_another_platform_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, (LOOK_UP, "{catalog: gcp-tpu-v6e-on-demand}"))
    assert "google-tpu-v6e" in problem.message
    assert "gcp-h100-on-demand" in problem.allowed
    assert problem.line == 21


def test_a_price_in_another_unit_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, (LOOK_UP, "{catalog: h100-buy}"))
    assert "needs USD/hour" in problem.message
    buy = "price_usd: {catalog: gcp-h100-3y}\n    lead_time_quarters: 0\n    life_quarters: 8\n"
    (problem,) = problems(
        tmp_path,
        ("mode: rent", "mode: buy"),
        ("price_usd_per_hour: " + LOOK_UP + "\n", buy + "    residual_share: 0\n"),
    )
    assert "needs USD" in problem.message


def test_a_purchase_takes_a_price_in_usd(tmp_path: Path) -> None:
    buy = "price_usd: {catalog: h100-buy}\n    lead_time_quarters: 0\n    life_quarters: 8\n"
    loaded = load(
        tmp_path,
        ("mode: rent", "mode: buy"),
        ("price_usd_per_hour: " + LOOK_UP + "\n", buy + "    residual_share: 0\n"),
    )
    offer = loaded.scenario.offers["h100-rent"]
    assert isinstance(offer, Buy)
    assert isinstance(offer.price_usd, Fixed)
    assert offer.price_usd.value == load_catalog().prices["h100-buy"].value


@pytest.mark.parametrize(
    ("written", "instead", "path"),
    [
        ("pue: 1,", "pue: " + LOOK_UP + ",", "sites.cloud.pue.catalog"),
        (
            "demand: 100",
            "demand: " + LOOK_UP,
            "workloads.training.demand.catalog",
        ),
        (
            "{training: 0.4}",
            "{training: " + LOOK_UP + "}",
            "platforms.nvidia-h100-sxm.utilisation.training.catalog",
        ),
        (
            "supply_accelerators: 1000",
            "supply_accelerators: {by_quarter: [1, 2], times: " + LOOK_UP + "}",
            "offers.h100-rent.supply_accelerators.times.catalog",
        ),
        (
            "    supply_accelerators: 1000\n",
            "    supply_accelerators: 1\nlimits: {largest_vendor_share: {Nvidia: "
            + LOOK_UP
            + "}}\n",
            "limits.largest_vendor_share.Nvidia.catalog",
        ),
        (
            LOOK_UP,
            "{value: 2, times: " + LOOK_UP + "}",
            "offers.h100-rent.price_usd_per_hour.times.catalog",
        ),
    ],
)
def test_a_look_up_where_no_price_stands_is_refused(
    tmp_path: Path, written: str, instead: str, path: str
) -> None:
    found = problems(tmp_path, (written, instead))
    assert path in [problem.path for problem in found]
    assert all(problem.line is not None for problem in found)


def test_a_workload_may_be_called_catalog(tmp_path: Path) -> None:
    loaded = load(tmp_path, ("training", "catalog"))
    assert loaded.scenario.platforms["nvidia-h100-sxm"].utilisation == {"catalog": 0.4}


def test_an_unknown_platform_is_refused_with_the_nearest_and_the_remedy(tmp_path: Path) -> None:
    found = problems(tmp_path, ("nvidia-h100-sxm", "nvidia-h100-smx"))
    unknown = next(p for p in found if p.path == "platforms.nvidia-h100-smx")
    assert "nvidia-h100-sxm" in unknown.remedy
    for field in ("vendor", "unit", "peak_pflops", "accelerator_kw"):
        assert field in unknown.remedy
    assert unknown.line == 13


def test_a_platform_described_in_the_scenario_needs_no_catalogue(tmp_path: Path) -> None:
    own = "\n    vendor: Acme\n    unit: chip\n    peak_pflops: 0.5\n    accelerator_kw: 0.5\n"
    loaded = load(
        tmp_path,
        ("nvidia-h100-sxm:\n", "my-chip:" + own),
        ("platform: nvidia-h100-sxm", "platform: my-chip"),
        (LOOK_UP, "2.0"),
    )
    assert loaded.scenario.platforms["my-chip"].vendor == "Acme"


def test_problems_of_catalogue_and_scenario_come_together(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(OVERLAY.replace("1.25", "0"), encoding="utf-8")
    found = problems(
        tmp_path,
        ("samples: 8", "samples: 8\ncatalog: mine.yaml"),
        (LOOK_UP, "{catalog: gcp-h200-3y}"),
        ("availability: 0.9", "availability: 1.9"),
    )
    paths = {(problem.file, problem.path) for problem in found}
    assert ("mine.yaml", "prices.mine.value") in paths
    assert ("scenario.yaml", "offers.h100-rent.price_usd_per_hour.catalog") in paths
    assert ("scenario.yaml", "platforms.nvidia-h100-sxm.availability") in paths
    assert len(found) == 3


def test_an_overlay_beside_the_scenario_adds_a_price(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(OVERLAY, encoding="utf-8")
    changes = (("samples: 8", "samples: 8\ncatalog: mine.yaml"), (LOOK_UP, "{catalog: mine}"))
    loaded = load(tmp_path, *changes)
    assert price(loaded).value == 1.25
    assert loaded.catalog.prices["mine"].source == "our contract"
    assert "mine" not in load_catalog().prices


@pytest.mark.parametrize("name", ["../mine.yaml", "/etc/hosts", "absent.yaml"])
def test_an_overlay_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "mine.yaml").write_text(OVERLAY, encoding="utf-8")
    folder = tmp_path / "inner"
    folder.mkdir()
    changes = (("samples: 8", f"samples: 8\ncatalog: {name}"), (LOOK_UP, "{catalog: mine}"))
    # One problem: that `mine` is unknown cannot be said before the file has been read.
    (problem,) = problems(folder, *changes)
    assert (problem.path, problem.line) == ("catalog", 7)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(OVERLAY, encoding="utf-8")
    folder = tmp_path / "inner"
    folder.mkdir()
    (folder / "link.yaml").symlink_to(tmp_path / "mine.yaml")
    (problem,) = problems(folder, ("samples: 8", "samples: 8\ncatalog: link.yaml"))
    assert problem.path == "catalog"


@pytest.mark.parametrize("section", ["sites", "workloads", "platforms", "offers"])
@pytest.mark.parametrize("value", ["null", "3", "[]", "text", "{x: 1}", "{x: null}", "{x: [1]}"])
def test_wrong_shapes_are_problems_and_not_crashes(
    tmp_path: Path, section: str, value: str
) -> None:
    start = SCENARIO.index(f"{section}:")
    following = [
        SCENARIO.find(f"\n{other}:", start) for other in ("workloads", "platforms", "offers")
    ]
    end = min((at + 1 for at in following if at > start), default=len(SCENARIO))
    text = SCENARIO[:start] + f"{section}: {value}\n" + SCENARIO[end:]
    with pytest.raises(InputError):
        load_scenario(write(tmp_path, text))


@pytest.mark.parametrize(
    "value", ["{catalog: 3}", "{catalog: null}", "{catalog: {a: 1}}", "{first: []}"]
)
def test_a_wrong_look_up_is_a_problem(tmp_path: Path, value: str) -> None:
    assert problems(tmp_path, (LOOK_UP, value))
