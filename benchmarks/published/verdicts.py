"""The one rule by which a published figure is judged."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from benchmarks.published.ranges import Range

Verdict = Literal["consistent", "inconsistent with data", "cannot be told"]
Reading = Literal["about", "at least", "at most", "within"]
"""A figure, a bound that ours must keep, or a figure that ours must have room for."""

TOLERANCE = 0.05
WIDEST = 4.0
VENDORS = "vendors' figures"
ASSUMED = frozenset({"assumption", "rumour"})

ESTIMATED = frozenset({"third-party-estimate", "announcement", "customer-claim"})
ESTIMATES = 0.5
"""How far a figure must lie outside of a range that rests on estimates to be contradicted."""

PERCENT = f"{TOLERANCE * 100:g} %"

RULE = f"""\
1. *Ours* is a figure with a range, or a point where every part of it is one. A range of the
   catalogue is taken as it stands: its quantiles, or its low and high with whatever other sources
   state. A bare value of a data sheet or a price list is a point. Any other bare value has the P10
   and P90 of the realised share of its evidence ([claims](claims.md)) around it. Parts are taken as
   independent. What the catalogue has from the very claim that is judged is left out.
2. A figure is **consistent** if it lies within our range widened by {PERCENT} on either side; *near
   the top* or *bottom* if in the outer quarter of that side, where it takes luck to come true.
   A bound ("at least", "at most") is consistent if our whole range keeps it, give or take as much.
   So is a figure that only has to fit **within** ours, as a fleet within what was made or a speed
   under a ceiling: consistent then means possible.
3. It is **inconsistent with data** if it lies outside, or if our whole range breaks the bound.
   Where ours rests on what third parties estimate, it must do so by more than
   {ESTIMATES * 100:g} %: one estimate against another is no contradiction.
4. It **cannot be told** if there is nothing to compute with; if it lies outside, but not so far
   or with an assumption or a rumour among our inputs, as these are no data; if our range spans
   more than a factor of {WIDEST:g}, so that it would agree with nearly anything; or if our range
   lies across a bound.

*Rests on* names the weakest of our inputs. Where that is **{VENDORS}** (data sheets and price
lists), nobody has measured anything: "consistent" then only says that the speaker and the vendor's
documents agree, which is no independent confirmation.
"""


def judge(said: float, ours: Range, reading: Reading, evidence: Collection[str]) -> Verdict:
    """Return the verdict on a figure.

    Parameters
    ----------
    said : float
        The published figure, or the bound that it sets.
    ours : Range
    reading : {"about", "at least", "at most", "within"}
        ``at least``: the claim is that the figure is `said` or more. ``within``: it is `said`, and
        ours is the room for it.
    evidence : collection of str
        Of each input of ours.
    """
    if not said > 0:
        raise ValueError(f"a published figure must be above 0: {said}")
    room = TOLERANCE if ESTIMATED.isdisjoint(evidence) else ESTIMATES
    far = said < ours.low / (1 + room) or said > ours.high * (1 + room)
    untold = not ASSUMED.isdisjoint(evidence) or not far
    low, high = ours.low * (1 - TOLERANCE), ours.high * (1 + TOLERANCE)
    if reading != "about":
        below = reading == "at most"
        kept = low <= said if below else high >= said
        wholly = (
            ours.high <= said * (1 + TOLERANCE) if below else ours.low >= said * (1 - TOLERANCE)
        )
        if wholly:
            return "consistent"
        return "cannot be told" if kept or untold else "inconsistent with data"
    if not low <= said <= high:
        return "cannot be told" if untold else "inconsistent with data"
    return "cannot be told" if ours.high / ours.low > WIDEST else "consistent"


def rests_on(evidence: Collection[str]) -> str:
    """Return the weakest kind of input, in words."""
    if not ASSUMED.isdisjoint(evidence):
        return "assumptions"
    if not ESTIMATED.isdisjoint(evidence):
        return "estimates"
    if not {"measured-independent", "measured-vendor"}.isdisjoint(evidence):
        return "measurements"
    return VENDORS if evidence else "arithmetic"
