"""The shipped question can be asked as it is, and is the one that its comments promise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planner.catalog.resolve import LoadedScenario, load_scenario
from planner.config.kinds import DISTRIBUTIONS, kind_name
from planner.config.quantities import ByQuarter, Fixed, Trend
from planner.config.schema import Rent

QUICKSTART = Path(__file__).parents[2] / "configs" / "quickstart.yaml"


@pytest.fixture(scope="module")
def loaded() -> LoadedScenario:
    return load_scenario(QUICKSTART)


def beliefs(node: object) -> int:
    """Count the distributions below a node of the document."""
    if isinstance(node, dict):
        return ("distribution" in node) + sum(beliefs(part) for part in node.values())
    return sum(beliefs(part) for part in node) if isinstance(node, list) else 0


def test_it_is_the_question_of_the_readme(loaded: LoadedScenario) -> None:
    scenario = loaded.scenario
    assert (scenario.start, scenario.quarters, scenario.samples) == ("2026Q1", 8, 1024)
    assert set(scenario.platforms) == {
        "nvidia-h100-sxm", "nvidia-h200", "nvidia-b200", "google-tpu-v5p", "google-tpu-v6e",
        "aws-trainium2", "amd-mi300x", "in-house-gen1",
    }  # fmt: skip
    assert {offer.platform for offer in scenario.offers.values()} == set(scenario.platforms)
    assert set(scenario.workloads) == {"pretraining", "inference"}


def test_it_has_many_uncertain_inputs(loaded: LoadedScenario) -> None:
    assert beliefs(loaded.document.data) >= 30
    kinds = set(re.findall(r"distribution: ([\w-]+)", QUICKSTART.read_text(encoding="utf-8")))
    assert len(kinds) >= 5
    assert kinds <= {kind_name(model) for model in DISTRIBUTIONS}


def unsourced(node: object, path: str, sourced: bool = False) -> list[str]:
    """Return the beliefs that have no source, neither their own nor that of what they are in."""
    if not isinstance(node, dict):
        return []
    sourced = sourced or "source" in node
    found = [path] if "distribution" in node and not sourced else []
    for key, part in node.items():
        found += unsourced(part, f"{path}.{key}", sourced)
    return found


def test_every_belief_has_a_source(loaded: LoadedScenario) -> None:
    assert unsourced(loaded.document.data, "") == []


def test_every_price_comes_from_the_catalogue(loaded: LoadedScenario) -> None:
    for name, offer in loaded.scenario.offers.items():
        path = offer.price_usd if offer.mode == "buy" else offer.price_usd_per_hour
        first = path.first if isinstance(path, Trend) else path
        assert isinstance(first, Fixed), name
        assert first.source is not None, name
        assert "catalogue price" in first.source, name
        assert first.times is not None, name


def test_paths_have_a_figure_for_every_quarter(loaded: LoadedScenario) -> None:
    scenario = loaded.scenario
    paths = [site.power_mw for site in scenario.sites.values()]
    paths += [workload.demand for workload in scenario.workloads.values()]
    paths += [offer.supply_accelerators for offer in scenario.offers.values()]
    by_quarter = [path for path in paths if isinstance(path, ByQuarter)]
    assert len(by_quarter) > 10
    assert all(len(path.by_quarter) == scenario.quarters for path in by_quarter)


def test_a_shortfall_is_a_last_resort(loaded: LoadedScenario) -> None:
    """It costs more than the dearest rent per effective PFLOP-hour at middling beliefs."""
    middle = {"triangular": "mode", "quantiles": "p50"}
    resolved = loaded.resolved
    for name, offer in loaded.scenario.offers.items():
        if not isinstance(offer, Rent):
            continue
        price = resolved["offers"][name]["price_usd_per_hour"]
        dearest = price.get("first", price)["value"] * 2
        platform = resolved["platforms"][offer.platform]
        ready = platform["availability"]["mode"]
        for workload, share in platform["utilisation"].items():
            used = share[middle[share["distribution"]]]
            effective = platform["peak_pflops"]["value"] * ready * used
            penalty = loaded.scenario.workloads[workload].shortfall_usd_per_unit_hour
            assert penalty > dearest / effective, (name, workload)


def test_editors_find_the_schema() -> None:
    first = QUICKSTART.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../docs/scenario.schema.json"
