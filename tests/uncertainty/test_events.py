"""Events: how often they happen by closed forms, what they do by hand, and what never changes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from small import (
    HOURS,
    SolveBlock,
    bench,
    buy,
    cost,
    plan,
    platform,
    rent,
    scenario,
    uniform,
)

from planner.config.schema import Scenario
from planner.errors import InputError
from planner.model.sets import build_sets
from planner.uncertainty.events import Events, Happening, events_of
from planner.uncertainty.inputs import uncertain_inputs
from planner.uncertainty.sampling import Draws, build_sampler, median_draws

N = 20_000
SUPPLY = "offers.r.supply_accelerators"
PRICE = "offers.r.price_usd_per_hour"

Raw = dict[str, Any]


def made(events: Raw, quarters: int = 8, **changes: Any) -> Raw:
    """Return a plan of one platform, rented for 2 or else for 5 USD an hour, with events."""
    offers = {"r": rent("a", 2.0), "s": rent("a", 5.0)}
    raw = plan(quarters, 10.0, {"a": platform()}, offers, **changes)
    effects = [{"on": [SUPPLY], "multiply": 0.0}]
    return raw | {"events": {name: {"effects": effects, **event} for name, event in events.items()}}


def happening(raw: Raw, n: int = N) -> Happening:
    of = scenario(raw)
    return Draws(build_sampler(of).draw(0, n).values, n, events_of(of)).happening


def close(hits: np.ndarray, probability: float) -> None:
    """Assert that a share of samples is within 4 standard errors of a probability."""
    error = math.sqrt(probability * (1 - probability) / hits.size)
    assert abs(hits.mean() - probability) <= 4 * error


# --- how often ------------------------------------------------------------------------------------


def test_once_it_begins_in_each_quarter_of_its_window_as_likely_and_lasts() -> None:
    window = {"earliest": "2026Q2", "latest": "2026Q4"}
    holds = happening(made({"e": {"probability": 0.3, "begins": window, "lasts_quarters": 2}}))
    found = holds.holds["e"]
    close(found.any(axis=1), 0.3)
    for t, ways in ((1, 1), (2, 2), (3, 2), (4, 1)):
        close(found[:, t], 0.3 * ways / 3)
    assert not found[:, [0, 5, 6, 7]].any()
    assert set(found.sum(axis=1).tolist()) == {0, 2}


def test_without_a_duration_it_holds_to_the_end() -> None:
    found = happening(made({"e": {"probability": 0.5}}), 500).holds["e"]
    assert (np.diff(found.astype(int), axis=1) >= 0).all()
    assert found[:, -1].mean() == found.any(axis=1).mean() > 0


def test_an_uncertain_duration_is_rounded_and_at_least_a_quarter() -> None:
    lasts = {
        "distribution": "discrete",
        "values": [0.2, 1.5, 3.4],
        "probabilities": [0.3, 0.3, 0.4],
    }
    event = {"probability": 1.0, "begins": {"latest": "2026Q1"}, "lasts_quarters": lasts}
    lengths = happening(made({"e": event})).holds["e"].sum(axis=1)
    for length, share in ((1, 0.3), (2, 0.3), (3, 0.4)):
        close(lengths == length, share)


@pytest.mark.parametrize("lasts", [1, 3])
def test_per_quarter_it_follows_its_renewal_equation(lasts: int) -> None:
    """P(begins in t) = p (1 - P(holds already)), and it holds if it began in the last quarters."""
    p, quarters = 0.15, 8
    begins: list[float] = []
    for t in range(quarters):
        begins.append(p * (1 - sum(begins[max(t - lasts + 1, 0) : t])))
    expected = [sum(begins[max(t - lasts + 1, 0) : t + 1]) for t in range(quarters)]
    event = {"probability_per_quarter": p, "lasts_quarters": lasts}
    found = happening(made({"e": event})).holds["e"]
    for t in range(quarters):
        close(found[:, t], expected[t])
    close(found.any(axis=1), 1 - (1 - p) ** quarters)


def test_per_quarter_only_within_its_window() -> None:
    event = {"probability_per_quarter": 0.2, "lasts_quarters": 1}
    event["begins"] = {"earliest": "2026Q3", "latest": "2026Q4"}
    found = happening(made({"e": event})).holds["e"]
    assert not found[:, [0, 1, 4, 5, 6, 7]].any()
    close(found.any(axis=1), 1 - 0.8**2)


def test_a_condition_holds_from_the_other_event_s_quarter_on() -> None:
    """Both begin in any of 8 quarters: the other is not later in (8 + 1) / 2 / 8 of the cases."""
    events = {
        "then": {"probability": 0.6, "only_if": "first"},
        "else": {"probability": 0.5, "only_if_not": "first"},
        "first": {"probability": 0.4},
    }
    found = happening(made(events))
    first, then, other = (found.holds[name] for name in ("first", "then", "else"))
    close(then.any(axis=1), 0.6 * 0.4 * 9 / 16)
    close(other.any(axis=1), 0.5 * (1 - 0.4 * 9 / 16))
    both = then.any(axis=1)
    assert (first.argmax(axis=1)[both] <= then.argmax(axis=1)[both]).all()
    assert not (~first.any(axis=1) & both).any()


def test_a_condition_in_each_quarter() -> None:
    events = {
        "first": {"probability": 1.0, "begins": {"earliest": "2026Q3", "latest": "2026Q3"}},
        "then": {"probability_per_quarter": 0.3, "only_if": "first"},
    }
    found = happening(made(events)).holds["then"]
    assert not found[:, :2].any()
    for t in range(2, 8):
        close(found[:, t], 1 - 0.7 ** (t - 1))


def test_of_a_group_at_most_one_happens_each_as_often_as_asked() -> None:
    events = {
        "war": {"probability": 0.5, "one_of": "trade"},
        "ban": {"probability": 0.3, "one_of": "trade"},
        "tariff": {"probability": 0.2, "one_of": "trade"},
    }
    found = happening(made(events)).happened
    together = np.sum([found[name] for name in events], axis=0)
    assert set(together.tolist()) == {1}
    for name, event in events.items():
        close(found[name], event["probability"])


def test_an_event_that_comes_to_a_group_leaves_the_others_as_they_were() -> None:
    two = {name: {"probability": 0.3, "one_of": "trade"} for name in ("war", "ban")}
    three = {**two, "tariff": {"probability": 0.2, "one_of": "trade"}}
    before, after = happening(made(two), 400), happening(made(three), 400)
    for name in two:
        assert np.array_equal(before.holds[name], after.holds[name])


def test_a_group_s_condition_leaves_the_probability_that_was_asked_for() -> None:
    events = {
        "first": {"probability": 0.5, "begins": {"latest": "2026Q1"}},
        "war": {"probability": 0.4, "one_of": "trade", "only_if": "first"},
        "ban": {"probability": 0.6, "one_of": "trade"},
    }
    found = happening(made(events)).happened
    close(found["war"], 0.2)
    close(found["ban"], 0.6)
    assert not (found["war"] & found["ban"]).any()


# --- inputs ---------------------------------------------------------------------------------------


def test_what_decides_is_an_input_by_its_name() -> None:
    events = {
        "once": {
            "probability": 0.3,
            "begins": {"latest": "2026Q2"},
            "lasts_quarters": uniform(1, 4),
        },
        "often": {
            "probability_per_quarter": 0.1,
            "effects": [
                {"on": [SUPPLY], "multiply": 1},
                {"on": [PRICE], "multiply": uniform(1, 2)},
            ],
        },
        "sure": {"probability": 1.0, "begins": {"latest": "2026Q1"}},
        "war": {"probability": 0.3, "one_of": "trade", "begins": {"latest": "2026Q1"}},
        "ban": {"probability": 0.2, "one_of": "trade", "begins": {"latest": "2026Q1"}},
    }
    assert [item.name for item in uncertain_inputs(scenario(made(events, 3)))] == [
        "events.once.happens",
        "events.once.begins",
        "events.once.lasts_quarters",
        "events.often.happens.2026Q1",
        "events.often.happens.2026Q2",
        "events.often.happens.2026Q3",
        "events.often.effects.1.multiply",
        "one_of.trade",
    ]


def test_more_events_and_a_longer_plan_leave_all_other_draws_as_they_were() -> None:
    events = {"e": {"probability_per_quarter": 0.2}, "f": {"probability": 0.5}}
    more = {"new": {"probability": 0.5}, **events}
    few = build_sampler(scenario(made(events))).draw(0, 50).values
    many = build_sampler(scenario(made(more, 9))).draw(0, 50).values
    assert set(few) <= set(many)
    for name in few:
        # The plan is the window of `f`, so only that changes with it.
        assert np.array_equal(few[name], many[name]) == (name != "events.f.begins")


def test_events_that_move_together_happen_together() -> None:
    """Of a Gaussian copula of Pearson 1/2 both of two halves happen in a third of the samples."""
    events = {name: {"probability": 0.5} for name in ("one", "other")}
    names = [f"events.{name}.happens" for name in events]
    rank = 6 / math.pi * math.asin(0.25)
    pairs = {"pairs": [{"between": names, "rank": rank}]}
    found = happening(made(events) | {"correlations": pairs}).happened
    close(found["one"] & found["other"], 1 / 4 + math.asin(0.5) / (2 * math.pi))


@pytest.mark.parametrize(("probability", "happens"), [(0.49, False), (0.5, False), (0.51, True)])
def test_at_the_medians_it_happens_only_if_that_is_likelier(
    probability: float, happens: bool
) -> None:
    of = scenario(made({"e": {"probability": probability}}))
    draws = Draws(median_draws(uncertain_inputs(of)).values, 1, events_of(of))
    assert draws.happening.happened["e"].tolist() == [happens]


@pytest.mark.parametrize(
    ("shares", "happens"), [((0.3, 0.3, 0.4), None), ((0.2, 0.6, 0.1), 1), ((0.5, 0.5), None)]
)
def test_at_the_medians_of_a_group_only_the_likely_one(
    shares: tuple[float, ...], happens: int | None
) -> None:
    events = {f"e{k}": {"probability": p, "one_of": "g"} for k, p in enumerate(shares)}
    of = scenario(made(events))
    draws = Draws(median_draws(uncertain_inputs(of)).values, 1, events_of(of))
    found = [k for k in range(len(shares)) if draws.happening.happened[f"e{k}"][0]]
    assert found == ([] if happens is None else [happens])


# --- what it does ---------------------------------------------------------------------------------

WINDOW = {"earliest": "2026Q2", "latest": "2026Q2"}


def after(figure: Any, *effects: Raw, path: str = PRICE, lasts: Any = 2, **event: Any) -> Any:
    """Return the rent's price by quarter after a sure event in the second and third quarter."""
    raw = made({"e": {"probability": 1.0, "begins": WINDOW, "lasts_quarters": lasts}}, 5)
    raw["offers"]["r"]["price_usd_per_hour"] = figure
    raw["events"]["e"] |= {"effects": [{"on": [path], **effect} for effect in effects], **event}
    of = scenario(raw)
    draws = Draws({}, 1, events_of(of))
    return draws.path(PRICE, of.offers["r"].price_usd_per_hour, 5)[0].tolist()


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        ({"multiply": 3.0}, [1, 6, 9, 4, 5]),
        ({"add": -1.0}, [1, 1, 2, 4, 5]),
        ({"set": 7.0}, [1, 7, 7, 4, 5]),
        ({"cap": 2.5}, [1, 2, 2.5, 4, 5]),
        ({"delay_quarters": 1}, [1, 1, 2, 4, 5]),
        ({"delay_quarters": 1.5}, [1, 1, 1, 4, 5]),
        ({"delay_quarters": 0}, [1, 2, 3, 4, 5]),
    ],
)
def test_an_effect_acts_in_the_quarters_in_which_the_event_holds(
    effect: Raw, expected: list[float]
) -> None:
    assert after([1.0, 2.0, 3.0, 4.0, 5.0], effect) == expected


def test_effects_act_in_the_order_of_the_config() -> None:
    figure = [1.0, 2.0, 3.0, 4.0, 5.0]
    assert after(figure, {"multiply": 2.0}, {"add": 1.0}) == [1, 5, 7, 4, 5]
    assert after(figure, {"add": 1.0}, {"multiply": 2.0}) == [1, 6, 8, 4, 5]


def test_effects_act_on_trends_and_numbers_and_by_patterns() -> None:
    assert after(2.0, {"multiply": 1.5}, path="offers.*.price_usd*") == [2, 3, 3, 2, 2]
    trend = {"first": 2.0, "change_per_year": 15.0}
    assert after(trend, {"add": 1.0}) == pytest.approx([2, 5, 9, 16, 32])


def test_a_delay_differs_from_sample_to_sample() -> None:
    by = {"distribution": "discrete", "values": [0, 2], "probabilities": [0.5, 0.5]}
    raw = made({"e": {"probability": 1.0, "begins": {"latest": "2026Q1"}}}, 3)
    raw["offers"]["r"]["price_usd_per_hour"] = [1.0, 2.0, 3.0]
    raw["events"]["e"]["effects"] = [{"on": [PRICE], "delay_quarters": by}]
    of = scenario(raw)
    draws = Draws({"events.e.effects.0.delay_quarters": np.array([0.0, 2.0])}, 2, events_of(of))
    found = draws.path(PRICE, of.offers["r"].price_usd_per_hour, 3)
    assert found.tolist() == [[1, 2, 3], [1, 1, 1]]


def test_a_single_figure_changes_in_every_sample_in_which_it_happens() -> None:
    raw = made({"e": {"probability": 0.5, "begins": WINDOW, "lasts_quarters": 1}})
    path = "platforms.a.availability"
    raw["events"]["e"]["effects"] = [{"on": [path], "multiply": 0.5}]
    of = scenario(raw)
    draws = Draws({"events.e.happens": np.array([1.0, 0.0])}, 2, events_of(of))
    assert draws.number(path, of.platforms["a"].availability).tolist() == [0.5, 1.0]


def test_a_fixed_price_of_an_order_is_a_single_figure() -> None:
    raw = made({"e": {"probability": 0.5, "begins": WINDOW, "lasts_quarters": 1}}, 4)
    option = {**buy("a", 9.0, 4), "mode": "option", "fee_usd": 1.0, "up_to_accelerators": 5}
    raw["offers"]["o"] = {**option, "exercise_until": "2026Q4"}
    raw["events"]["e"]["effects"] = [{"on": ["offers.o.price_usd"], "add": 1.0}]
    of = scenario(raw)
    draws = Draws({"events.e.happens": np.array([1.0, 0.0])}, 2, events_of(of))
    assert draws.path("offers.o.price_usd", 9.0, 4).tolist() == [[10.0] * 4, [9.0] * 4]


def test_a_slip_by_an_event_reaches_the_quarters_that_it_must() -> None:
    """An order for the first quarter that comes a quarter late still serves the plan's last."""
    raw = plan(3, [0.0, 0.0, 10.0], {"a": platform()}, {"b": buy("a", 100.0, 2)})
    late = {"probability": 1.0, "begins": {"latest": "2026Q1"}}
    raw["events"] = {"late": {**late, "effects": [{"on": ["offers.b.slip_quarters"], "add": 1.0}]}}
    assert cost(raw) == pytest.approx(1000.0)
    (contract,) = build_sets(scenario(raw)).offers
    assert list(contract.reach(0, 3)) == [0, 1, 2]
    assert (contract.least_slip, contract.most_slip) == (0, 1)


def test_what_draws_alone_can_tell_is_refused_with_event_and_figure() -> None:
    """Neither can raise it above 1 alone, and a group's events are never told apart by spans."""
    events = {
        "one": {"probability": 1.0, "begins": WINDOW},
        "two": {"probability": 0.5, "only_if": "one"},
    }
    raw = made(events)
    raw["platforms"]["a"]["availability"] = 0.5
    for name in events:
        raw["events"][name]["effects"] = [{"on": ["platforms.a.availability"], "add": 0.3}]
    with pytest.raises(InputError) as caught:
        SolveBlock(0, 64).run(bench(raw))
    (problem,) = caught.value.problems
    assert problem.path == "platforms.a.availability"
    assert "`one` and `two`" in problem.message
    assert "share from 0 to 1" in problem.allowed


# --- in a plan ------------------------------------------------------------------------------------


def test_a_plan_costs_what_it_costs_by_hand_with_and_without() -> None:
    """Ten accelerators: at 2 USD an hour, or at 5 in the quarters in which the rent is cut."""
    events = {"cut": {"probability": 0.4, "begins": {"latest": "2026Q3"}, "lasts_quarters": 2}}
    raw = made(events, 3)
    found = SolveBlock(0, 64).run(bench(raw))
    names = [item.name for item in bench(raw).inputs]
    happens, begins = (
        found.draws[:, names.index(f"events.cut.{k}")] for k in ("happens", "begins")
    )
    cut = happens * np.where(begins == 2, 1, 2)
    assert {0, 1, 2} == set(cut.tolist())
    assert found.cost_usd == pytest.approx(10 * HOURS * (2 * 3 + 3 * cut))


def test_any_part_of_the_samples_is_the_same_to_the_last_bit() -> None:
    events = {
        "cut": {"probability_per_quarter": 0.3, "lasts_quarters": uniform(1, 3)},
        "war": {"probability": 0.5, "one_of": "g", "only_if": "cut"},
        "ban": {"probability": 0.5, "one_of": "g"},
    }
    raw = made(events, 4)
    raw["events"]["war"]["effects"] = [{"on": [PRICE], "multiply": uniform(0.3, 1.7)}]
    raw["events"]["ban"]["effects"] = [{"on": [PRICE], "delay_quarters": uniform(0, 2)}]
    raw["offers"]["r"]["price_usd_per_hour"] = {"first": uniform(1, 3), "change_per_year": 0.5}
    tools = bench(raw)
    whole = tools.model.programs(tools.draw(0, 40)[1])
    for first, n in ((0, 1), (7, 5), (39, 1), (0, 40)):
        part = tools.model.programs(tools.draw(first, n)[1])
        for one, other in ((whole.cost, part.cost), (whole.rhs, part.rhs)):
            assert np.array_equal(
                one[first : first + n], np.broadcast_to(other, (n, other.shape[1]))
            )


def test_a_sure_event_is_the_same_in_every_sample() -> None:
    event = {"probability": 1.0, "begins": WINDOW, "lasts_quarters": 1}
    of: Scenario = scenario(made({"e": event}))
    events: Events = events_of(of)
    assert Draws({}, 7, events).path(SUPPLY, of.offers["r"].supply_accelerators, 8).shape == (1, 8)
