"""Effects of events: that they act on figures that can be changed, and leave them allowed.

These look at a scenario that is right otherwise: what is not written has its default there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from planner.config.document import Document
from planner.config.event_figures import Place, Span, changed_span, figure_effects, places_of
from planner.config.events import Effect
from planner.config.schema import Scenario
from planner.config.wording import did_you_mean, show
from planner.errors import Problem

_FIGURES = "figures of this scenario by their YAML paths; `*` stands for anything"
_REMEDIES = {
    "multiply": "narrow it, or use `cap` or `set`",
    "add": "use `multiply`, narrow it, or let an effect with `cap` follow",
    "set": "give a value that the figure can have",
    "cap": "give a higher limit",
}


def effect_problems(scenario: Scenario, document: Document) -> list[Problem]:
    """Return what is wrong with the effects of a valid scenario's events."""
    if not scenario.events:
        return []
    places = places_of(scenario)
    found = list(_unchangeable(scenario, places, document))
    return found or list(_out_of_range(scenario, places, document))


def _unchangeable(
    scenario: Scenario, places: dict[str, Place], document: Document
) -> Iterator[Problem]:
    """Yield patterns that no figure fits, or one that cannot be changed in this way."""
    changeable = [path for path, place in places.items() if not place.refusal]
    for name, event in scenario.events.items():
        for k, effect in enumerate(event.effects):
            for j, pattern in enumerate(effect.on):
                hits = {path: places[path] for path in places if fnmatchcase(path, pattern)}
                message = "no figure of this scenario has this path"
                remedy = "name other figures, or write out those that you mean"
                if not hits:
                    alike = _alike(pattern, changeable)
                    remedy = did_you_mean(pattern, alike, "look at the paths in the config")
                else:
                    path, why = _why_not(scenario, hits, effect)
                    message = why and f"{path} cannot be changed like this: {why}"
                if message:
                    yield document.problem(
                        ("events", name, "effects", k, "on", j),
                        message,
                        allowed=_FIGURES,
                        remedy=remedy,
                        value=show(pattern),
                    )


def _why_not(scenario: Scenario, hits: dict[str, Place], effect: Effect) -> tuple[str, str]:
    """Return the first figure that an effect cannot change, and why; nothing if there is none.

    Of several figures some may stay as they are: twice nothing is nothing.
    """
    refused = [(path, _refusal(place, effect)) for path, place in hits.items()]
    idle = [(path, _idle(scenario, path, place, effect)) for path, place in hits.items()]
    found = [pair for pair in refused if pair[1]] or (idle if all(w for _, w in idle) else [])
    return (f"`{found[0][0]}`", found[0][1]) if found else ("", "")


def _alike(pattern: str, paths: Sequence[str]) -> list[str]:
    """Return the paths of the pattern's section, or all: only so many are compared."""
    section = pattern.split(".")[0]
    return [path for path in paths if path.split(".")[0] == section] or list(paths)


def _refusal(place: Place, effect: Effect) -> str:
    """Return why an effect cannot act on a place; empty if it can."""
    if place.refusal or effect.kind != "delay_quarters":
        return place.refusal
    if place.by_quarter:
        return ""
    return (
        "it is a single figure, and only what has a value for each quarter can be delayed; "
        "of a delivery, add to its `slip_quarters`"
    )


def _idle(scenario: Scenario, path: str, place: Place, effect: Effect) -> str:
    """Return why an effect that is the only one on a figure changes nothing; empty if it does."""
    if len(figure_effects(scenario, path)) > 1:
        return ""
    if effect.kind == "delay_quarters" and not place.moves:
        return "it is the same in every quarter, so a delay changes nothing"
    if effect.kind == "multiply" and place.span == (0.0, 0.0):
        return "it is 0, and stays 0 whatever it is multiplied by: use `add` or `set`"
    return ""


def _out_of_range(
    scenario: Scenario, places: dict[str, Place], document: Document
) -> Iterator[Problem]:
    """Yield effects after which a figure could have a value that is not allowed there."""
    for path, place in places.items():
        effects = [] if place.refusal else figure_effects(scenario, path)
        by_event: dict[str, list[tuple[int, Effect]]] = {}
        for name, k, effect in effects:
            if _can_happen(scenario, name):
                by_event.setdefault(name, []).append((k, effect))
        spans = {name: _after(of, place.span) for name, of in by_event.items()}
        bad = [name for name, span in spans.items() if not place.allows(*span)]
        for name in bad:
            yield _beyond(document, path, place, name, by_event[name][-1], spans[name])
        if not bad and _independent(scenario, place, list(by_event)):
            together = place.span
            for name, of in by_event.items():
                changed = _after(of, together)
                together = min(together[0], changed[0]), max(together[1], changed[1])
                if not place.allows(*together):
                    yield _beyond(document, path, place, name, of[-1], together)
                    break


def _can_happen(scenario: Scenario, name: str) -> bool:
    event = scenario.events[name]
    return bool(event.probability or event.probability_per_quarter)


def _after(effects: Sequence[tuple[int, Effect]], span: Span) -> Span:
    for _, effect in effects:
        span = changed_span(effect, span)
    return span


def _independent(scenario: Scenario, place: Place, names: Sequence[str]) -> bool:
    """Return whether some events can surely act on a figure together, one or several of them.

    Where they cannot, or it takes more than their spans to tell, draws are looked at in the run.
    """
    events = [scenario.events[name] for name in names]
    groups = [event.one_of for event in events if event.one_of is not None]
    apart = place.by_quarter and any(event.lasts_quarters is not None for event in events)
    conditional = any(event.only_if or event.only_if_not for event in events)
    return len(events) > 1 and len(set(groups)) == len(groups) and not apart and not conditional


def _beyond(
    document: Document,
    path: str,
    place: Place,
    name: str,
    effect: tuple[int, Effect],
    span: Span,
) -> Problem:
    k, changed = effect
    low, high = span
    values = f"{low:g}" if low == high else f"values from {low:.6g} to {high:.6g}"
    return document.problem(
        ("events", name, "effects", k),
        f"after this effect `{path}` can have {values}, and {place.words} is needed",
        allowed=place.words,
        remedy=_REMEDIES.get(changed.kind, "narrow the effects before it"),
        value=show(f"{changed.kind} on {path}"),
    )
