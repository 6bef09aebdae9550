"""Events in a whole run: cost by hand, the file of samples, drivers, report, contradictions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from small import HOURS, owned, plan, platform, rent, scenario, site

import planner
from planner.analysis.contradictions import contradictions
from planner.analysis.event_outcomes import event_outcomes, when_words
from planner.analysis.inputs_view import view_inputs
from planner.catalog.resolve import load_scenario
from planner.run import Outcome, run

Raw = dict[str, Any]

CUT = "offers.cheap.supply_accelerators"
SAMPLES = 400


def rented(**events: Raw) -> Raw:
    """Return three quarters of ten accelerators, for 2 USD an hour or else for 5."""
    offers = {"cheap": rent("a", 2.0), "dear": rent("a", 5.0)}
    return plan(3, 10.0, {"a": platform()}, offers, samples=SAMPLES) | {"events": events}


def event(**changes: Any) -> Raw:
    return {"probability": 0.4, "effects": [{"on": [CUT], "multiply": 0.0}], **changes}


ONCE = event(begins={"latest": "2026Q2"}, lasts_quarters=1, source="assumption: a test")
PER_QUARTER = event(lasts_quarters=1)
del PER_QUARTER["probability"]
PER_QUARTER["probability_per_quarter"] = 0.2


def ran(raw: Raw, folder: Path) -> Outcome:
    config = folder / "plan.yaml"
    config.write_text(yaml.safe_dump(raw, sort_keys=False))
    return run(config, out=folder / "runs", workers=1, mode="wait-and-see")


def test_a_run_costs_what_it_costs_by_hand(tmp_path: Path) -> None:
    """A quarter without the cheap rent costs 3 USD more for each hour of ten accelerators."""
    always, more = 10 * HOURS * 2 * 3, 10 * HOURS * 3
    none = ran({k: v for k, v in rented().items() if k != "events"}, tmp_path)
    assert none.results.cost_usd.mean.value == pytest.approx(always)
    assert none.results.events == []
    found = ran(rented(cut=ONCE, flicker={**PER_QUARTER, "only_if_not": "cut"}), tmp_path)
    assert found.folder is not None
    kept = planner.samples_frame(found.folder)
    table = kept.pivot_table(index="sample", columns="name", values="value", aggfunc="first")
    begins = table["events.cut.begins"]
    happens = table["events.cut.happens"] == 1
    quarters = np.zeros(SAMPLES)
    for t in range(3):
        cut = happens & (begins == t)
        before = happens & (begins <= t)
        flickers = (table[f"events.flicker.happens.2026Q{t + 1}"] == 1) & ~before
        quarters += (cut | flickers).to_numpy()
    np.testing.assert_allclose(table["cost_usd"].to_numpy(), always + more * quarters)
    assert quarters.min() == 0 < quarters.max()
    cut, flicker = found.results.events
    assert cut.happened.value == happens.mean()
    assert cut.happened.n == SAMPLES
    assert cut.probability == 0.4
    assert flicker.probability is None


def test_the_report_tells_of_events(tmp_path: Path) -> None:
    found = ran(rented(cut=ONCE, flicker=PER_QUARTER), tmp_path)
    assert found.folder is not None
    report = (found.folder / "report.md").read_text(encoding="utf-8")
    section = report.split("## Events: what may happen")[1].split("\n## ")[0]
    share = f"{100 * found.results.events[0].happened.value:.3g}"
    assert "40 % in the plan" in section
    assert "20 % in a quarter" in section
    assert "begins in 2026Q1 to 2026Q2, for 1 quarter" in section
    assert f"- cut: {CUT}: times 0 (assumption: a test)" in section
    assert share in section
    listed = {item.path: item for item in found.results.assumptions}
    assert listed["events.cut"].source == "assumption: a test"
    assert listed["events.cut"].is_assumption
    assert (listed["events.flicker"].p10, listed["events.flicker"].p90) == (0, 1)
    assert found.results.events[1].probability == pytest.approx(1 - 0.8**3)
    assert planner.open_run(found.folder).results == found.results


def test_an_event_is_a_driver_by_the_name_of_its_input(tmp_path: Path) -> None:
    driver = ran(rented(cut=ONCE), tmp_path).results.drivers[0]
    assert driver.input == "events.cut.happens"
    assert (driver.input_low, driver.input_high) == (0, 1)
    assert driver.swing_usd.value == pytest.approx(10 * HOURS * 3)
    assert driver.distinguishable


def test_events_are_among_the_inputs_with_their_source() -> None:
    found = view_inputs(scenario(rented(cut=ONCE)))
    assert found.sources["events.cut.happens"] == "assumption: a test"
    assert {item.name for item in found.check.inputs} == {"events.cut.happens", "events.cut.begins"}
    assert all(item.passed for item in found.check.inputs)


def test_a_group_is_told_as_the_events_that_it_decides_between() -> None:
    one, other = event(one_of="trade"), event(one_of="trade", probability=0.25)
    found = view_inputs(scenario(rented(war=one, ban=other)))
    (group,) = (item for item in found.check.inputs if item.name == "one_of.trade")
    assert group.description == "at most one event; 2: war (40 %), 1: ban (25 %); 0: none"
    assert group.passed


def test_an_event_for_good_says_so() -> None:
    of = scenario(rented(cut=event()))
    assert when_words(of.events["cut"], of) == "begins in 2026Q1 to 2026Q3, for good"
    assert event_outcomes(scenario(rented()), []) == []


# --- contradictions -------------------------------------------------------------------------------


def powered(power_mw: float, **changes: Any) -> Raw:
    hall = {"hall": site(power_mw=power_mw)}
    return plan(2, 1.0, {"a": platform()}, {"r": rent("a", 2.0)}, sites=hall, **changes)


def test_without_power_nothing_is_served() -> None:
    assert contradictions(scenario(powered(0.0)))


@pytest.mark.parametrize("effect", [{"add": 1.0}, {"set": 1.0}])
def test_what_an_unlikely_event_makes_possible_is_no_contradiction(effect: Raw) -> None:
    helps = {"probability": 1e-3, "effects": [{"on": ["sites.hall.power_mw"], **effect}]}
    assert contradictions(scenario(powered(0.0, events={"grid": helps}))) == []


@pytest.mark.parametrize("probability", [0.5, 0.999])
def test_what_an_event_makes_impossible_is_no_contradiction(probability: float) -> None:
    """Also not where all else has to be at its best as well."""
    rare = {"distribution": "discrete", "values": [0, 1], "probabilities": [0.999, 0.001]}
    event = {"probability": probability, "begins": {"latest": "2026Q1"}}
    event["effects"] = [{"on": ["sites.hall.power_mw"], "multiply": 0.0}]
    assert contradictions(scenario(powered(rare, events={"grid": event}))) == []  # type: ignore[arg-type]


def test_an_event_that_lowers_what_is_better_low_helps() -> None:
    """A fleet of 100 at 1 kW in 0.15 MW fits at an overhead of 1.5, and not at 2."""
    pue = {"on": ["sites.hall.pue"], "multiply": 0.75}
    raw = powered(0.15, existing={"old": owned("a", 100, 2)})
    raw["sites"]["hall"]["pue"] = 2.0
    assert contradictions(scenario(raw))
    lower = {"probability": 1e-3, "effects": [pue]}
    assert contradictions(scenario(raw | {"events": {"cooling": lower}})) == []


def test_a_contradiction_that_no_event_touches_is_still_told() -> None:
    event = {"probability": 0.5, "effects": [{"on": ["platforms.a.availability"], "multiply": 0.5}]}
    assert contradictions(scenario(powered(0.0, events={"e": event})))


# --- what is shipped ------------------------------------------------------------------------------


def test_the_shipped_events_are_all_there_and_say_who_says_so() -> None:
    config = Path(__file__).parents[1] / "configs" / "supply-shocks.yaml"
    of = load_scenario(config).scenario
    assert set(of.events) >= {
        "allocation-cut", "export-control", "hbm-shortage", "grid-delay", "tape-out-respin",
        "price-war", "large-buyer-discount",
    }  # fmt: skip
    assert all(event.source for event in of.events.values())
    kinds = {effect.kind for event in of.events.values() for effect in event.effects}
    assert kinds == {"multiply", "add", "set", "cap", "delay_quarters"}
    assert contradictions(of) == []


def test_the_page_shows_the_shipped_events_as_they_are() -> None:
    root = Path(__file__).parents[1]
    config = (root / "configs" / "supply-shocks.yaml").read_text(encoding="utf-8")
    page = (root / "docs" / "uncertainty.md").read_text(encoding="utf-8")
    assert config[config.index("events:\n") :] + "```\n" in page
