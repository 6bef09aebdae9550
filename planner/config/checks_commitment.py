"""The committed plan's own figures: that they fit the plan's length, and each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.config.commitment import Commitment
from planner.config.document import Location
from planner.config.raw import Raw
from planner.errors import Problem

_MOST_QUARTERS = 20
"""Of the schema, which tells what is beyond."""


def _window(raw: Raw) -> Iterator[Problem]:
    """A window that ends after the plan, so that nothing could be decided again."""
    window = _number(raw.section("commitment"), "window_quarters")
    if raw.count is not None and window is not None and raw.count < window <= _MOST_QUARTERS:
        yield raw.document.problem(
            ("commitment", "window_quarters"),
            f"the window is longer than the plan, which has {raw.count} "
            f"quarter{'' if raw.count == 1 else 's'}",
            allowed=f"a whole number from 1 to {raw.count}, the `quarters` of the plan",
            remedy="shorten the window, or lengthen the plan",
            value=f"{window:g}",
        )


def _thin_tails(raw: Raw) -> Iterator[Problem]:
    """A tail of less than one sample: its mean would be the worst sample, whatever the level."""
    asked = raw.section("commitment")
    weight, level = (_number(asked, key) for key in ("cvar_weight", "cvar_level"))
    if not weight or level is None or not 0 <= level < 1:
        return
    for key in ("samples", "replication_samples"):
        samples = _number(asked, key)
        if samples is not None and samples >= 1 and samples * (1 - level) < 1 - 1e-9:
            at: Location = ("commitment", key if key in asked else "cvar_level")
            yield raw.document.problem(
                at,
                f"the worst {1 - level:.6g} of {samples:,.0f} `{key}` is less than one sample",
                allowed=f"for this level, {1 / (1 - level):,.0f} samples or more",
                remedy=f"raise `{key}`, or lower `cvar_level`",
                value=f"{samples:g}" if key in asked else f"{level:g}",
            )


def _number(asked: dict[str, Any], key: str) -> float | None:
    """Return a number that is written, or its default; None for what is none."""
    found = asked.get(key, Commitment.model_fields[key].default)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


COMMITMENT_CHECKS = (_window, _thin_tails)
