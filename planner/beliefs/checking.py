"""Beliefs that have the right keys and yet are no distribution, which only mathematics can tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

# To import the kinds is what gives every belief its answers.
from planner.beliefs import kinds as _kinds  # noqa: F401
from planner.beliefs import metalog
from planner.beliefs.claims import unmeasured
from planner.beliefs.compounds import LEAST_LEFT, share_left
from planner.beliefs.updating import MOST_ERRORS, errors_away
from planner.config.claims import Claimed, Measurement
from planner.config.compounds import Truncated
from planner.config.document import Document, Location
from planner.config.measured import Elicited, Empirical
from planner.config.nested import written_figures
from planner.config.quantities import Number
from planner.config.wording import show
from planner.errors import Problem

_BELIEF: TypeAdapter[Any] = TypeAdapter(Number)


def belief_problems(data: Any, document: Document) -> list[Problem]:
    """Return what is wrong with points that no curve fits, cuts that leave nothing, and
    measurements that no claim allows.

    Parameters
    ----------
    data : dict
        The scenario's raw data with everything filled in.
    document : Document
        For the origins of problems.

    Returns
    -------
    list of Problem
        None for a belief that the schema refuses.
    """
    problems: list[Problem] = []
    unusable: set[Location] = set()
    for location, written in written_figures(data):
        # What is wrong inside makes this wrong, and is told where it stands.
        if any(inner[: len(location)] == location for inner in unusable):
            continue
        try:
            belief = _BELIEF.validate_python(written)
        except ValidationError:
            continue
        told = list(_problems(belief, location, document))
        problems += told
        if told or (isinstance(belief, Empirical) and belief.values is None):
            unusable.add(location)
    return problems


def _problems(belief: Any, location: Location, document: Document) -> Iterator[Problem]:
    if isinstance(belief, Elicited):
        told = metalog.fault(belief.ordered(), belief.lower, belief.upper)
        if told:
            yield _no_curve(told, belief, location, document)
    if isinstance(belief, Claimed) and belief.measured is not None and belief.is_resolved():
        yield from _far_off(belief, belief.measured, location, document)
    if isinstance(belief, Truncated):
        left = share_left(belief)
        if left < LEAST_LEFT:
            yield document.problem(
                location,
                f"a share of {left:.2g} of the belief is left between the bounds",
                allowed=f"bounds that leave a share of {LEAST_LEFT:g} or more",
                remedy="widen `low` and `high`, or correct the belief that is cut",
            )


def _far_off(
    belief: Claimed, measured: Measurement, location: Location, document: Document
) -> Iterator[Problem]:
    """What was measured, where the claim says that it cannot be."""
    away = errors_away(unmeasured(belief), measured)
    if away > MOST_ERRORS:
        low, high = belief.support()
        yield document.problem(
            (*location, "measured"),
            f"this lies {away:.3g} of its errors away from all that the claim and its share allow",
            allowed=f"up to {MOST_ERRORS:g} errors from {low:.4g} to {high:.4g}",
            remedy="correct the unit or the figure, widen `share` or `relative_error`, or write "
            "what was measured as a belief without the claim",
            value=show(measured.value),
        )


def _no_curve(told: str, belief: Elicited, location: Location, document: Document) -> Problem:
    return document.problem(
        (*location, "points"),
        told,
        allowed="points that a metalog of as many terms meets: rising evenly, without a sharp bend",
        remedy="correct or leave out the point where it bends, give or drop a bound, or use "
        "`distribution: quantiles`, which fits any p10, p50 and p90",
        value=show([list(point) for point in belief.points]),
    )
