"""Events: that what they name is there, that they can happen, and that groups can be exclusive."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from planner.config.document import Location
from planner.config.raw import Raw, mapping
from planner.config.wording import did_you_mean, listing, show
from planner.errors import Problem

CONDITIONS = ("only_if", "only_if_not")


def _conditions(raw: Raw) -> Iterator[Problem]:
    """Conditions on events that are not there, or that are the event itself."""
    events = raw.entries("events")
    for name, event in events.items():
        others = [other for other in raw.section("events") if other != name]
        for key in CONDITIONS:
            other = event.get(key)
            if isinstance(other, str) and other not in others:
                itself = other == name
                yield raw.document.problem(
                    ("events", name, key),
                    "an event cannot wait for itself" if itself else "there is no such event",
                    allowed=listing(others) or "another event; there is none",
                    remedy=did_you_mean(other, others, "name another event, or remove it"),
                    value=show(other),
                )
        first = event.get("only_if")
        if isinstance(first, str) and first == event.get("only_if_not"):
            yield raw.document.problem(
                ("events", name, "only_if_not"),
                "this event can happen neither with the other nor without it",
                remedy="remove one of the two conditions",
                value=show(first),
            )


def _circles(raw: Raw) -> Iterator[Problem]:
    """Conditions that come back to the event, or to another of its group."""
    events = raw.entries("events")

    def node(name: str) -> str:
        group = events[name].get("one_of")
        return f"one_of {group}" if isinstance(group, str) else name

    waits: dict[str, list[tuple[str, str]]] = {}
    for name, event in events.items():
        for key in CONDITIONS:
            other = event.get(key)
            if isinstance(other, str) and other in events and other != name:
                waits.setdefault(node(name), []).append((node(other), f"{name} {key} {other}"))
    for start in waits:
        circle = _circle(start, waits)
        if circle:
            name, key, _ = circle[0].split(" ")
            yield raw.document.problem(
                ("events", name, key),
                "these conditions go round in a circle (events of one group decide together): "
                + ", ".join(f"`{link}`" for link in circle),
                remedy="remove one of them",
            )
            # One circle is enough: others may be the same from another side.
            return


def _circle(start: str, waits: dict[str, list[tuple[str, str]]]) -> list[str]:
    """Return the links that lead from a node back to it, if any do."""
    ways: list[tuple[str, list[str]]] = [(start, [])]
    seen: set[str] = set()
    while ways:
        here, links = ways.pop()
        for other, link in waits.get(here, []):
            if other == start:
                return [*links, link]
            if other not in seen:
                seen.add(other)
                ways.append((other, [*links, link]))
    return []


def _groups(raw: Raw) -> Iterator[Problem]:
    """Groups of one event, and of more than can exclude each other."""
    groups: dict[str, dict[str, Any]] = {}
    for name, event in raw.entries("events").items():
        group = event.get("one_of")
        # One without is refused already.
        if isinstance(group, str) and "probability" in event:
            groups.setdefault(group, {})[name] = event.get("probability")
    for group, members in groups.items():
        locations: list[Location] = [("events", name, "probability") for name in members]
        if len(members) == 1:
            others = [other for other in groups if other != group]
            yield raw.document.problem(
                (*locations[0][:2], "one_of"),
                f"this is the only event of the group `{group}`",
                allowed=listing(others) or "a group of two events or more",
                remedy=did_you_mean(group, others, "remove it, or name it in another event too"),
                value=show(group),
            )
        given = [p for p in members.values() if isinstance(p, int | float)]
        total = math.fsum(given)
        if total > 1 + 1e-9:
            named = " and ".join(raw.named(at) for at in locations)
            yield raw.document.problem(
                locations[0],
                f"at most one event of `{group}` happens, and {named} sum to {total:g}",
                allowed="probabilities of a group that sum to at most 1",
                remedy="lower them, or take an event out of the group",
                value=show(members[str(locations[0][1])]),
            )


def _beginnings(raw: Raw) -> Iterator[Problem]:
    """Events that can begin in no quarter, or only before what they wait for."""
    events, quarters = raw.entries("events"), raw.quarters
    if quarters is None:
        return

    def window(name: str) -> tuple[str, str]:
        begins = mapping(events[name].get("begins"))
        first, last = begins.get("earliest"), begins.get("latest")
        return (
            first if isinstance(first, str) else quarters[0],
            last if isinstance(last, str) else quarters[-1],
        )

    for name, event in events.items():
        first, last = window(name)
        if first > last:
            yield raw.document.problem(
                ("events", name, "begins", "latest"),
                f"this event could begin at the earliest in {first}",
                allowed=f"{first} or later",
                remedy="correct the quarters, or swap them",
                value=show(last),
            )
        other = event.get("only_if")
        if isinstance(other, str) and other in events and window(other)[0] > last:
            yield raw.document.problem(
                ("events", name, "only_if"),
                f"this event begins in {last} at the latest, and `{other}` not before "
                f"{window(other)[0]}: it can never happen",
                allowed="an event that can begin by then",
                remedy="let this event begin later, or the other earlier",
                value=show(other),
            )


EVENT_CHECKS = (_conditions, _circles, _groups, _beginnings)
