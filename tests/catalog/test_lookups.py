"""Figures of the catalogue in every place that takes one, and refused everywhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_catalog import SCENARIO, SHIPPED

from planner.catalog.lookups import UNIT_OF_SLOT
from planner.catalog.resolve import LoadedScenario, load_scenario
from planner.config.distributions import Quantiles
from planner.config.measured import Elicited
from planner.config.offers import Rent
from planner.config.quantities import Fixed, Trend
from planner.errors import InputError, Problem

PRICE = "price_usd_per_hour: {catalog: a-rent}"
BUY = """\
  a-buy:
    mode: buy
    platform: chip-a
    sites: [cloud]
    price_usd: LOOK_UP
    supply_accelerators: 100
    lead_time_quarters: 0
    life_quarters: 8
    residual_share: 0
"""
TIMES = "{distribution: triangular, low: 0.8, mode: 0.9, high: 1.1}"
SCALING = (
    "shortfall_usd_per_unit_hour: 60}",
    "shortfall_usd_per_unit_hour: 60, scaling: {jobs: 2, reference_accelerators: 512, "
    "largest_accelerators: 4096, exponent: {catalog: NAME}}}",
)


def load(folder: Path, *changes: tuple[str, str], more: str = "") -> LoadedScenario:
    text = SCENARIO + more
    for written, instead in changes:
        assert text.count(written) == 1, (text.count(written), written)
        text = text.replace(written, instead)
    (folder / "mine.yaml").write_text(SHIPPED, encoding="utf-8")
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def problems(folder: Path, *changes: tuple[str, str], more: str = "") -> list[Problem]:
    with pytest.raises(InputError) as caught:
        load(folder, *changes, more=more)
    return list(caught.value.problems)


def only_problem(folder: Path, *changes: tuple[str, str], more: str = "") -> Problem:
    (problem,) = problems(folder, *changes, more=more)
    assert (problem.file, problem.line is not None) == ("scenario.yaml", True)
    return problem


def at(loaded: LoadedScenario, *keys: str) -> Any:
    found: Any = loaded.resolved
    for key in keys:
        found = found[key]
    return found


def test_a_price_with_quantiles_is_a_belief(tmp_path: Path) -> None:
    loaded = load(tmp_path, more=BUY.replace("LOOK_UP", "{catalog: a-buy}"))
    assert at(loaded, "offers", "a-buy", "price_usd") == {
        "distribution": "quantiles", "p10": 20000, "p50": 30000, "p90": 45000, "lower": 0,
        "source": "catalogue price a-buy: no public price; ours (2026-02-01, assumption)",
    }  # fmt: skip
    (price,) = (a.price_usd for a in loaded.scenario.offers.values() if a.mode == "buy")
    assert isinstance(price, Quantiles)


def test_times_takes_the_place_of_the_spread_and_says_so(tmp_path: Path) -> None:
    look_up = "{catalog: a-buy, times: " + TIMES + ", source: our talks}"
    price = at(load(tmp_path, more=BUY.replace("LOOK_UP", look_up)), "offers", "a-buy", "price_usd")
    assert price["value"] == 30000
    assert price["times"] == {"distribution": "triangular", "low": 0.8, "mode": 0.9, "high": 1.1}
    assert price["source"] == (
        "our talks; catalogue price a-buy: no public price; ours (2026-02-01, assumption); "
        "its median; the catalogue's spread (20000 to 45000) is replaced by `times`"
    )


def test_a_price_that_is_known_stays_a_number(tmp_path: Path) -> None:
    assert at(load(tmp_path), "offers", "a-rent", "price_usd_per_hour") == {
        "value": 2.5, "source": "catalogue price a-rent: data sheet 7 (2026-01-31, vendor-claim)"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "keys", "wanted"),
    [
        ([("availability: 0.9", "availability: {catalog: chip-a.availability}")],
         "platforms.chip-a.availability", {"p10": 0.85, "p50": 0.9, "p90": 0.95, "upper": 1}),
        ([("{training: 0.4}", "{training: {catalog: chip-a.utilisation.pretraining}}")],
         "platforms.chip-a.utilisation.training", {"p10": 0.3, "p50": 0.38, "p90": 0.46,
                                                   "upper": 1}),
        ([("{training: 0.4}", "{training: {catalog: runs-a}}")],
         "platforms.chip-a.utilisation.training", {"p50": 0.38, "upper": 1}),
        ([("utilisation: {training: 0.4}",
           "bandwidth_utilisation: {training: {catalog: chip-a.bandwidth_utilisation.inference}}"),
          ("shortfall_usd_per_unit_hour: 60}",
           "shortfall_usd_per_unit_hour: 60, memory_traffic_gb_per_unit: 2}")],
         "platforms.chip-a.bandwidth_utilisation.training", {"value": 0.6}),
        ([(SCALING[0], SCALING[1].replace("NAME", "chip-a.scaling_exponent.pretraining"))],
         "workloads.training.scaling.exponent", {"p10": 0.8, "p90": 0.94, "upper": 1}),
        ([(SCALING[0], SCALING[1].replace("NAME", "jobs-a"))],
         "workloads.training.scaling.exponent", {"p10": 0.81, "p50": 0.9, "upper": 1}),
        ([("availability: 0.9",
           "availability: 0.9\n    peak_pflops: {catalog: chip-b.peak_pflops}")],
         "platforms.chip-a.peak_pflops", {"value": 0.3}),
        ([("availability: 0.9",
           "availability: 0.9\n    accelerator_kw: {catalog: chip-b.accelerator_kw, times: 1.1}")],
         "platforms.chip-a.accelerator_kw", {"value": 0.5, "times": 1.1}),
        ([("availability: 0.9", "availability: 0.9\n    memory_gb: {catalog: chip-a.memory_gb}")],
         "platforms.chip-a.memory_gb", {"value": 80}),
        ([("availability: 0.9", "availability: 0.9\n    memory_bandwidth_tbps: "
           "{catalog: chip-a.memory_bandwidth_tbps}")],
         "platforms.chip-a.memory_bandwidth_tbps", {"value": 3.2}),
    ],
)  # fmt: skip
def test_a_figure_is_looked_up_in_every_place_of_its_unit(
    tmp_path: Path, changes: list[tuple[str, str]], keys: str, wanted: dict[str, Any]
) -> None:
    found = at(load(tmp_path, *changes), *keys.split("."))
    assert {key: found[key] for key in wanted} == wanted
    assert found["source"].startswith("catalogue ")
    assert ", " in found["source"].rpartition("(")[2]


def test_supply_is_looked_up_through_five_and_ninety_five_percent(tmp_path: Path) -> None:
    name = "chip-a.supply_accelerators_per_quarter"
    loaded = load(
        tmp_path, ("supply_accelerators: 1000", f"supply_accelerators: {{catalog: {name}}}")
    )
    belief = loaded.scenario.offers["a-rent"].supply_accelerators
    assert isinstance(belief, Elicited)
    assert belief.points == ((0.05, 8000), (0.5, 12000), (0.95, 20000))
    assert belief.lower == 0
    assert belief.source == (
        f"catalogue {name}: a survey of boards (2026-02-03, third-party-estimate)"
    )


def test_supply_may_be_a_share_of_the_world_or_begin_a_path(tmp_path: Path) -> None:
    look_up = "{catalog: chip-a.supply_accelerators_per_quarter, times: 0.05}"
    supply = ("supply_accelerators: 1000", f"supply_accelerators: {look_up}")
    fixed = load(tmp_path, supply).scenario.offers["a-rent"].supply_accelerators
    assert isinstance(fixed, Fixed)
    assert fixed.support() == (600, 600)
    trend = f"supply_accelerators: {{first: {look_up}, change_per_year: 0.2}}"
    path = load(tmp_path, (supply[0], trend)).scenario.offers["a-rent"].supply_accelerators
    assert isinstance(path, Trend)
    assert isinstance(path.first, Fixed)


def test_what_is_missing_of_a_platform_is_filled_with_its_spread(tmp_path: Path) -> None:
    platform = load(tmp_path).scenario.platforms["chip-a"]
    assert isinstance(platform.accelerator_kw, Quantiles)
    assert (platform.accelerator_kw.p10, platform.accelerator_kw.p90) == (1.0, 1.5)
    assert platform.accelerator_kw.source == "ours (2026-02-01, assumption)"
    assert isinstance(platform.peak_pflops, Fixed)


NEED = ("shortfall_usd_per_unit_hour: 60}", "shortfall_usd_per_unit_hour: 60, memory_gb: 400}")


def test_the_scale_up_domain_is_filled_where_a_workload_needs_memory(tmp_path: Path) -> None:
    assert load(tmp_path).scenario.platforms["chip-a"].accelerators_per_domain == 1
    assert load(tmp_path, NEED).scenario.platforms["chip-a"].accelerators_per_domain == 8
    own = ("availability: 0.9", "availability: 0.9\n    accelerators_per_domain: 6")
    assert load(tmp_path, NEED, own).scenario.platforms["chip-a"].accelerators_per_domain == 6


def test_a_scale_up_domain_that_is_not_known_is_left_to_the_user(tmp_path: Path) -> None:
    whole = "{value: 8, unit: accelerators"
    for instead in ("{value: 8.5, unit: accelerators",
                    "{quantiles: {p10: 4, p50: 8, p90: 16}, unit: accelerators"):  # fmt: skip
        assert SHIPPED.count(whole) == 1
        (tmp_path / "other.yaml").write_text(SHIPPED.replace(whole, instead), encoding="utf-8")
        told = problems(tmp_path, NEED, ("mine.yaml", "other.yaml"))
        (problem,) = (p for p in told if "scale_up_accelerators" in p.value)
        assert problem.path == "platforms.chip-a"
        assert "accelerators_per_domain" in problem.remedy


@pytest.mark.parametrize(
    ("name", "said", "allowed", "remedy"),
    [
        ("chip-a.tdp_kw", "in kW, and the field needs share of hours", "chip-a.availability", ""),
        ("chip-a.availabilty", "no `availabilty` of chip-a", "", "chip-a.availability"),
        ("chip-c.availability", "no platform chip-c", "", "chip-a"),
        ("chip-a.utilisation", "no `utilisation` of chip-a", "chip-a.availability", ""),
        ("chip-a", "this is a platform", "chip-a.availability", "after a dot"),
        ("a-rent", "this price is in USD/hour", "chip-a.availability", ""),
        ("runs-a", "in share of peak FLOP/s, and the field needs share of hours", "", ""),
        ("runs-b", "no reference of this name", "chip-a.availability", ""),
        ("a-twice", "no reference of this name", "", ""),
    ],
)  # fmt: skip
def test_a_figure_that_does_not_fit_is_refused(
    tmp_path: Path, name: str, said: str, allowed: str, remedy: str
) -> None:
    look_up = ("availability: 0.9", f"availability: {{catalog: {name}}}")
    problem = only_problem(tmp_path, look_up)
    assert problem.path == "platforms.chip-a.availability.catalog"
    assert said in problem.message
    assert allowed in problem.allowed
    assert problem.remedy
    assert remedy in problem.remedy


def test_a_figure_is_no_price_and_a_tdp_no_power_of_a_site(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, ("{catalog: a-rent}", "{catalog: chip-a.tdp_kw}"))
    assert "no price of this name" in problem.message
    assert problem.allowed == "a-rent, a-reserve"
    own = ("availability: 0.9", "availability: 0.9\n    accelerator_kw: {catalog: chip-b.tdp_kw}")
    assert "no `tdp_kw` of chip-b" in only_problem(tmp_path, own).message
    own = (own[0], own[1].replace("chip-b", "chip-a"))
    problem = only_problem(tmp_path, own)
    assert "without its share of server" in problem.message
    assert problem.remedy == "look up `accelerator_kw`"


@pytest.mark.parametrize("name", ["a.b.c.d", "chip-a.", ".availability", "chip a", "", "chip-a..x"])
def test_a_name_that_cannot_be_one_is_refused(tmp_path: Path, name: str) -> None:
    look_up = ("availability: 0.9", f'availability: {{catalog: "{name}"}}')
    problem = only_problem(tmp_path, look_up)
    assert problem.path == "platforms.chip-a.availability.catalog"
    assert problem.allowed


@pytest.mark.parametrize(
    ("written", "instead", "path"),
    [
        ("demand: 100", "demand: {catalog: chip-a.peak_pflops}", "workloads.training.demand"),
        ("pue: 1,", "pue: {catalog: chip-a.availability},", "sites.cloud.pue"),
        ("availability: 0.9", "availability: {value: 0.9, times: {catalog: chip-a.availability}}",
         "platforms.chip-a.availability.times"),
        ("availability: 0.9", "availability: 0.9\n    realised_share: {catalog: runs-a}",
         "platforms.chip-a.realised_share"),
        ("supply_accelerators: 1000", "supply_accelerators: {first: 10, change_per_year: "
         "{catalog: chip-a.availability}}", "offers.a-rent.supply_accelerators.change_per_year"),
    ],
)  # fmt: skip
def test_a_look_up_elsewhere_is_refused(
    tmp_path: Path, written: str, instead: str, path: str
) -> None:
    found = problems(tmp_path, (written, instead))
    (problem,) = (p for p in found if "no figure of the catalogue belongs here" in p.message)
    assert problem.path == path + ".catalog"
    assert "scaling.exponent" in problem.allowed


def test_every_place_of_the_table_is_one_of_the_schema(tmp_path: Path) -> None:
    """A look-up in any of them is not a stray, so a renamed field cannot be forgotten there."""
    from planner.config.slots import places

    scenario = {
        "workloads": {"w": {"scaling": {"exponent": 1}}},
        "platforms": {"p": {
            **dict.fromkeys(("peak_pflops", "accelerator_kw", "memory_gb", "availability",
                             "memory_bandwidth_tbps"), 1),
            "utilisation": {"w": 1}, "bandwidth_utilisation": {"w": 1},
        }},
        "offers": {"o": {"mode": "buy", "price_usd": 1, "supply_accelerators": 1},
                   "r": {"mode": "rent", "price_usd_per_hour": 1}},
        "existing": {"e": {"mode": "ordered", "price_usd": 1},
                     "c": {"mode": "contracted", "price_usd_per_hour": 1}},
    }  # fmt: skip
    found = [place for place, slot, _ in places(scenario) if slot.figure is not None]
    for pattern in UNIT_OF_SLOT:
        fits = [
            place for place in found
            if len(place) == len(pattern)
            and all(part in ("*", key) for part, key in zip(pattern, place, strict=True))
        ]  # fmt: skip
        assert fits, pattern


def test_an_assumption_of_the_catalogue_is_called_one(tmp_path: Path) -> None:
    from planner.analysis.assumptions import assumptions

    loaded = load(
        tmp_path,
        ("availability: 0.9", "availability: {catalog: chip-a.availability}"),
        ("{training: 0.4}", "{training: {catalog: chip-a.utilisation.pretraining}}"),
    )
    told = {item.path: item for item in assumptions(loaded.scenario)}
    assert told["platforms.chip-a.availability"].is_assumption
    measured = told["platforms.chip-a.utilisation.training"]
    assert not measured.is_assumption
    assert (measured.p10, measured.p50, measured.p90) == pytest.approx((0.3, 0.38, 0.46))


def test_a_look_up_may_be_an_override(tmp_path: Path) -> None:
    load(tmp_path)
    change = "platforms.chip-a.availability={catalog: chip-a.availability}"
    found = load_scenario(tmp_path / "scenario.yaml", [change])
    assert isinstance(found.scenario.platforms["chip-a"].availability, Quantiles)
    offer = found.scenario.offers["a-rent"]
    assert isinstance(offer, Rent)
