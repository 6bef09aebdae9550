"""Events in a config: what is refused, where, and with which remedy; and which figures change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from everything import everything
from small import scenario

from planner.catalog.resolve import load_scenario
from planner.config.event_figures import Place, places_of
from planner.config.events import Event
from planner.config.quantities import Path as Figure
from planner.config.schema import Scenario
from planner.config.validation import validate
from planner.config.yaml_tree import read_document
from planner.errors import InputError, Problem
from planner.model.coefficients import derive
from planner.model.program import Model, build_model
from planner.uncertainty.events import Events, events_of
from planner.uncertainty.sampling import Draws, build_sampler

Write = Callable[[str | bytes], Path]

CONFIGS = Path(__file__).parents[2] / "configs"
N = 24

CUT = """\
events:
  cut:
    probability: 0.3
    effects:
      - on: [offers.h100-buy.supply_accelerators]
        multiply: 0.5
"""


@pytest.fixture
def problems(write: Write, minimal: str) -> Callable[..., list[Problem]]:
    """Return what the loader says of the minimal scenario with events."""

    def told(events: str, *replaced: tuple[str, str]) -> list[Problem]:
        text = minimal + events
        for old, new in replaced:
            assert text.count(old) == 1
            text = text.replace(old, new)
        with pytest.raises(InputError) as caught:
            validate(read_document(write(text)))
        return list(caught.value.problems)

    return told


def test_a_sound_event_is_accepted(write: Write, minimal: str) -> None:
    found = validate(read_document(write(minimal + CUT))).events["cut"]
    assert found.effects[0].kind == "multiply"
    assert found.effects[0].amount == 0.5


ON = "offers.h100-buy.supply_accelerators"
TWICE = """\
  cut2:
    probability: 0.5
    effects: [{on: [platforms.h100.availability], add: 0.08}]
"""


@pytest.mark.parametrize(
    ("old", "new", "path", "words", "help_words"),
    [
        (ON, "offers.h100-buy.supply", "effects.0.on.0", "no figure", "supply_accelerators"),
        (ON, "offers.h200*.supply_accelerators", "effects.0.on.0", "no figure", "h100"),
        (ON, "offers.h100-buy.lead_time_quarters", "effects.0.on.0", "setting", "YAML paths"),
        (ON, "offers.h100-buy.*", "effects.0.on.0", "h100-buy.platform` cannot", "write out"),
        (ON, "offers.h100-buy.cancellation_share", "effects.0.on.0", "not given", "other figures"),
        (ON, "sites.*.power_mw", "effects.0.on.0", "`sites.cloud.power_mw` cannot", "write out"),
        (ON, "platforms.h100.memory_gb", "effects.0.on.0", "for the whole plan", "other figures"),
        (ON, "limits.largest_vendor_share.nvidia", "effects.0.on.0", "limits", "other figures"),
        (ON, "offers.h100-buy.slip_quarters", "effects.0.on.0", "it is 0", "other figures"),
        (ON, "events.cut.probability", "effects.0.on.0", "cannot be changed", "other figures"),
        ("multiply: 0.5", "delay_quarters: 1", "effects.0.on.0", "same in every", "other"),
        (
            f"[{ON}]\n        multiply: 0.5",
            "[platforms.h100.availability]\n        delay_quarters: 1",
            "effects.0.on.0", "single figure", "other figures",
        ),
        ("multiply: 0.5", "multiply: -1", "effects.0.multiply", "0 or more", "0 or more"),
        ("multiply: 0.5", "add: -600", "effects.0", "have -100, and", "`multiply`"),
        ("multiply: 0.5", "set: -1", "effects.0", "-1", "a value that the figure can have"),
        (
            f"[{ON}]\n        multiply: 0.5",
            "[offers.h100-buy.price_usd]\n        multiply: 0",
            "effects.0", "above 0", "narrow",
        ),
        (
            f"[{ON}]\n        multiply: 0.5",
            "[platforms.h100.availability]\n        multiply: {distribution: uniform, low: 1, "
            "high: 1.2}",
            "effects.0", "from 0.9 to 1.08", "`cap`",
        ),
        (
            f"[{ON}]\n        multiply: 0.5",
            "[offers.h100-buy.price_usd]\n        add: -10",
            "effects.0", "above 0", "`multiply`",
        ),
        ("        multiply: 0.5\n", "", "effects.0", "give one of", "effect of its own"),
        ("multiply: 0.5", "multiply: 0.5\n        cap: 3", "effects.0", "give one of", "effect of"),
        ("probability: 0.3", "probability: 1.3", "probability", "out of range", "from 0 to 1"),
        ("    probability: 0.3\n", "", "", "and not both", "one of the two"),
        (
            "probability: 0.3", "probability_per_quarter: 0.3\n    one_of: g", "",
            "one_of is for", "give `probability`",
        ),
        ("probability: 0.3", "probability: 0.3\n    one_of: g", "one_of", "only event", "remove"),
        ("probability: 0.3", "probability: 0.3\n    only_if: cut", "only_if", "itself", "remove"),
        ("probability: 0.3", "probability: 0.3\n    only_if: cat", "only_if", "no such", "remove"),
        ("probability: 0.3", "probability: 0.3\n    lasts_quarters: 0", "lasts_quarters", "above 0",
         "above 0"),
        (
            "probability: 0.3",
            "probability: 0.3\n    begins: {earliest: 2026Q3, latest: 2026Q2}",
            "begins.latest", "at the earliest in 2026Q3", "swap",
        ),
        (
            "probability: 0.3", "probability: 0.3\n    begins: {latest: 2031Q1}",
            "begins.latest", "not in the plan", "name a quarter",
        ),
    ],
)  # fmt: skip
def test_what_is_refused(
    problems: Callable[..., list[Problem]],
    old: str,
    new: str,
    path: str,
    words: str,
    help_words: str,
) -> None:
    (problem,) = problems(CUT, (old, new))
    expected = f"events.cut.{path}" if path else "events.cut"
    assert problem.path.startswith("events.cut")
    assert problem.path == expected
    assert words in problem.message
    assert help_words in f"{problem.allowed} {problem.remedy}"
    assert problem.line is not None
    assert problem.line > 55


PAIR = """\
events:
  war: {probability: 0.6, effects: [{on: [offers.h100-rent.price_usd_per_hour], multiply: 0.5}]}
  ban: {probability: 0.5, effects: [{on: [offers.h100-rent.price_usd_per_hour], multiply: 0.5}]}
"""


@pytest.mark.parametrize(
    ("war", "ban", "path", "words", "help_words"),
    [
        ("one_of: g", "one_of: g", "events.war.probability", "sum to 1.1", "lower them"),
        ("only_if: ban", "only_if_not: war", "events.war.only_if", "circle", "remove one"),
        ("only_if: ba", "source: x", "events.war.only_if", "no such event", "`ban`"),
        ("only_if: ban, only_if_not: ban", "source: x", "events.war.only_if_not", "neither", "rem"),
        (
            "only_if: ban, begins: {latest: 2026Q1}", "begins: {earliest: 2026Q2}",
            "events.war.only_if", "can never happen", "begin later",
        ),
    ],
)  # fmt: skip
def test_events_that_do_not_go_together(
    problems: Callable[..., list[Problem]],
    war: str,
    ban: str,
    path: str,
    words: str,
    help_words: str,
) -> None:
    changes = (("war: {", f"war: {{{war}, "), ("ban: {", f"ban: {{{ban}, "))
    (problem,) = problems(PAIR, *changes)
    assert problem.path == path
    assert words in problem.message
    assert help_words in problem.remedy


def test_a_condition_on_another_of_the_group_is_a_circle(
    problems: Callable[..., list[Problem]],
) -> None:
    changes = (
        ("war: {probability: 0.6", "war: {probability: 0.4, one_of: g, only_if_not: ban"),
        ("ban: {", "ban: {one_of: g, "),
    )
    (problem,) = problems(PAIR, *changes)
    assert "circle" in problem.message


def test_two_events_that_are_allowed_alone_are_refused_together(
    problems: Callable[..., list[Problem]], write: Write, minimal: str
) -> None:
    one = "events:\n" + TWICE
    both = one + TWICE.replace("cut2", "cut3")
    assert validate(read_document(write(minimal + one))).events
    (problem,) = problems(both)
    assert problem.path == "events.cut3.effects.0"
    assert "from 0.9 to 1.06" in problem.message
    apart = both.replace("probability: 0.5", "probability: 0.5\n    one_of: g")
    assert validate(read_document(write(minimal + apart))).events
    capped = both.replace("[{on: [platforms.h100.availability], add: 0.08}]", "&e "
        "[{on: [platforms.h100.availability], add: 0.08}, "
        "{on: [platforms.h100.availability], cap: 1}]", 1)  # fmt: skip
    (problem,) = problems(capped)
    assert problem.path == "events.cut3.effects.0"


def test_several_problems_are_told_at_once(problems: Callable[..., list[Problem]]) -> None:
    events = CUT.replace(ON, "offers.nothing").replace("0.3", "0.3\n    only_if: nobody")
    assert {problem.path for problem in problems(events)} == {
        "events.cut.effects.0.on.0",
        "events.cut.only_if",
    }


# --- every figure ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked(Draws):
    """Draws that keep the names that are asked for."""

    names: set[str] = field(default_factory=set)

    def number(self, name: str, quantity: Figure) -> np.ndarray[Any, Any]:
        self.names.add(name)
        return super().number(name, quantity)

    def path(self, name: str, quantity: Figure, quarters: int) -> np.ndarray[Any, Any]:
        self.names.add(name)
        return super().path(name, quantity, quarters)


@pytest.mark.parametrize(
    "of",
    [scenario(everything()), load_scenario(CONFIGS / "every-instrument.yaml").scenario],
    ids=["everything", "every-instrument"],
)
def test_every_figure_that_may_be_changed_is_asked_for_by_its_path(of: Scenario) -> None:
    draws = Asked(build_sampler(of).draw(0, 2).values, 2, events_of(of))
    derive(build_model(of).sets, draws)
    places = places_of(of)
    changeable = {path for path, place in places.items() if not place.refusal}
    assert len(changeable) > 100
    assert changeable <= draws.names
    # What is asked for beside is refused, with a reason.
    assert all(places[path].refusal for path in draws.names - changeable)


EVERYTHING = scenario(everything())
PLACES = {path: place for path, place in places_of(EVERYTHING).items() if not place.refusal}
NO_EFFECT = {
    # The cloud's energy costs nothing and its power has no limit: overhead takes nothing.
    "sites.cloud.pue",
    # Its life ends within the plan.
    "existing.fixed.residual_share",
}


@pytest.fixture(scope="module")
def model() -> Model:
    return build_model(EVERYTHING)


def numbers(model: Model, events: Events) -> list[np.ndarray[Any, Any]]:
    values = build_sampler(EVERYTHING).draw(0, N).values
    found = model.programs(derive(model.sets, Draws(values, N, events)))
    return [found.cost, found.matrix, found.rhs, found.upper]


def changed(model: Model, path: str, **effect: float) -> bool:
    raw = {
        "probability": 1.0,
        "begins": {"latest": "2026Q1"},
        "effects": [{"on": [path], **effect}],
    }
    event = Event.model_validate(raw)
    with_it = EVERYTHING.model_copy(update={"events": {"e": event}})
    pairs = zip(
        numbers(model, events_of(EVERYTHING)), numbers(model, events_of(with_it)), strict=True
    )
    return any(not np.array_equal(*np.broadcast_arrays(one, other)) for one, other in pairs)


def factor(place: Place) -> float:
    return 0.3 if place.allows(0.3 * place.span[0], 0.3 * place.span[1]) else 1.3


@pytest.mark.parametrize("path", PLACES)
def test_every_figure_changes_the_program_or_is_refused(path: str, model: Model) -> None:
    # Twice nothing is nothing, which a load refuses; something on top of it is seen.
    place, some = PLACES[path], {"add": 1.0}
    effect = some if place.span == (0.0, 0.0) else {"multiply": factor(place)}
    assert changed(model, path, **effect) == (path not in NO_EFFECT)
