"""The smallest set of limits that cannot hold together, against all ways to do the work."""

from __future__ import annotations

import copy
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from limit_checks import Raw, checked
from small import UNLIMITED, buy, campaign, option, plan, platform, rent, scenario, site

from planner.analysis.contradictions import Contradiction, contradictions


def found(raw: Raw) -> list[Contradiction]:
    return contradictions(scenario(raw))


def places(item: Contradiction) -> set[str]:
    return {".".join(map(str, at)) for limit in item.limits for at in limit}


@st.composite
def _random_plans(draw: st.DrawFn) -> Raw:
    """A campaign, and few offers whose times, supplies, power, growth and lists may forbid it."""
    quarters = draw(st.integers(2, 4))

    def some(scale: float) -> list[float]:
        return [
            scale * k
            for k in draw(st.lists(st.integers(0, 1), min_size=quarters, max_size=quarters))
        ]

    offers = {}
    for k in range(draw(st.integers(1, 3))):
        common = {
            "sites": [draw(st.sampled_from(["hall", "mill"]))],
            "supply_accelerators": some(9),
        }
        lead = draw(st.integers(0, 3))
        chip = draw(st.sampled_from(["a", "b"]))
        offers[f"o{k}"] = draw(
            st.sampled_from(
                [
                    rent(chip, 2, **common),
                    buy(chip, 9, 9, lead_time_quarters=lead, **common),
                    option(chip, 9, 9, lead_time_quarters=lead, **common),
                ]
            )
        )
    ported = {"work": {"cost_usd": 1, "delay_quarters": draw(st.integers(0, 2))}}
    works: Raw = {"work": campaign(5, f"2026Q{draw(st.integers(1, quarters))}")}
    if draw(st.booleans()):
        works["work"]["allowed_platforms"] = ["a"]
    limits = {"growth": {"accelerators_per_quarter": some(9)}} if draw(st.booleans()) else {}
    chips = {"a": platform(vendor="A"), "b": platform(vendor="B", porting=ported)}
    sites = {"hall": site(power_mw=some(1)), "mill": site()}
    return plan(quarters, works, chips, offers, sites=sites, limits=limits)


def _ways(raw: Raw) -> list[frozenset[str]]:
    """Return, for every offer, start and quarter of work, the limits that forbid this way."""
    work = raw["workloads"]["work"]
    due = int(work["campaign"]["until_quarter"][-1])
    growth = raw["limits"].get("growth", {}).get("accelerators_per_quarter")
    ways = []
    for name, body in raw["offers"].items():
        chip, (at,) = body["platform"], body["sites"]
        lead = body.get("lead_time_quarters", 0)
        delay = raw["platforms"][chip].get("porting", {}).get("work", {}).get("delay_quarters", 0)
        power = raw["sites"][at]["power_mw"]
        for u in range(due):
            for t in range(u, u + 1 if body["mode"] == "rent" else due):
                forbidden = {
                    f"offers.{name}.lead_time_quarters": u < lead,
                    f"offers.{name}.exercise_until": body["mode"] == "option" and u > lead,
                    f"offers.{name}.supply_accelerators": body["supply_accelerators"][u] == 0,
                    "limits.growth.accelerators_per_quarter": body["mode"] != "rent"
                    and growth is not None
                    and growth[u] == 0,
                    f"sites.{at}.power_mw": power != "unlimited" and power[t] == 0,
                    f"platforms.{chip}.porting.work.delay_quarters": t < delay,
                    "workloads.work.allowed_platforms": chip
                    not in work.get("allowed_platforms", [chip]),
                }
                ways.append(frozenset(limit for limit, holds in forbidden.items() if holds))
    return ways


def _forbids(limits: Any, ways: list[frozenset[str]]) -> bool:
    return all(way.intersection(limits) for way in ways)


@settings(checked, max_examples=80)
@given(raw=_random_plans())
def test_the_set_is_a_smallest_one_and_none_is_missed(raw: Raw) -> None:
    ways = _ways(raw)
    told = [item for item in found(raw) if item.location[0] == "workloads"]
    if not all(ways):
        assert told == []
        return
    (item,) = told
    limits = places(item)
    assert _forbids(limits, ways)
    assert item.smallest
    every = sorted(frozenset[str]().union(*ways))
    smaller = (some for size in range(len(limits)) for some in combinations(every, size))
    assert not any(_forbids(some, ways) for some in smaller)
    alone = [not _forbids(set(every) - {limit}, ways) for limit in limits]
    assert item.enough == all(alone)


LIFT: dict[str, Any] = {
    "exercise_until": "2026Q4",
    "supply_accelerators": UNLIMITED,
    "accelerators_per_quarter": UNLIMITED,
    "power_mw": "unlimited",
    "delay_quarters": 0,
    "allowed_platforms": None,
}


@settings(checked, max_examples=25)
@given(raw=_random_plans())
def test_each_limit_that_is_lifted_alone_makes_it_possible(raw: Raw) -> None:
    """In the config itself, where any one is said to be enough."""
    raw["quarters"] = 4
    for part in ("offers", "sites"):
        for body in raw[part].values():
            for key in ("supply_accelerators", "power_mw"):
                if isinstance(body.get(key), list):
                    body[key] += [0.0] * (4 - len(body[key]))
    growth = raw["limits"].get("growth")
    if growth is not None:
        growth["accelerators_per_quarter"] += [0.0] * (4 - len(growth["accelerators_per_quarter"]))
    for item in found(raw):
        for limit in item.limits if item.enough else ():
            *_, key = limit[0]
            # Of an option, a shorter lead time also moves the last delivery.
            values = range(3) if key == "lead_time_quarters" else [LIFT[key]]
            changed = [_with(raw, limit[0], value) for value in values]
            assert any(item.location not in {x.location for x in found(o)} for o in changed)


def _with(raw: Raw, location: tuple[Any, ...], value: Any) -> Raw:
    other = copy.deepcopy(raw)
    *path, key = location
    body = other
    for part in path:
        body = body[part]
    body[key] = value
    return other


@settings(checked, max_examples=20)
@given(data=st.data())
def test_no_false_alarm_on_random_plans_that_can_all_be_done(data: st.DataObject) -> None:
    """Every limit at random, and one way around all of them in the last quarter."""
    raw = data.draw(_random_plans())
    last = f"2026Q{raw['quarters']}"
    raw["workloads"]["work"]["campaign"]["until_quarter"] = last
    raw["workloads"]["work"].pop("allowed_platforms", None)
    raw["sites"]["cloud"] = site()
    supply = [0.0] * (raw["quarters"] - 1) + [1.0]
    raw["offers"]["way"] = rent("free", 9, sites=["cloud"], supply_accelerators=supply)
    raw["platforms"]["free"] = platform()
    assert found(raw) == []
