"""The list of computations: one for each claim that a model can speak to, by the claim's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.published.inputs import Inputs, Missing, Used
from benchmarks.published.ranges import Range
from benchmarks.published.verdicts import TOLERANCE, Reading, Verdict, judge, rests_on
from planner.catalog.entries import ClaimEntry
from planner.catalog.loading import Catalog

OUTER = 0.75
"""From this share of the way from the middle of our range to its end on, a figure is near it."""


@dataclass(frozen=True)
class Outcome:
    """What a computation gives.

    Attributes
    ----------
    ours : Range
        In `unit`.
    unit : str
        Of `said` and `ours`, for the reader.
    formula : str
        In words.
    why : str
        What the reader should take from it.
    reading : {"about", "at least", "at most", "within"}
    said : float, optional
        The published figure in `unit`, where the ledger has it in another one or in words.
    """

    ours: Range
    unit: str
    formula: str
    why: str
    reading: Reading = "about"
    said: float | None = None


@dataclass(frozen=True)
class Finding:
    """A claim with what came of it; without an outcome, `reason` says why there is none."""

    name: str
    claim: ClaimEntry
    theme: str
    verdict: Verdict
    outcome: Outcome | None = None
    said: float | None = None
    used: tuple[Used, ...] = ()
    remarked: tuple[Used, ...] = ()
    basis: str = ""
    reason: str = ""

    @property
    def difference(self) -> float | None:
        """Ours less what was said, over what was said; none where ours is but the room for it."""
        if self.outcome is None or self.said is None or self.outcome.reading == "within":
            return None
        return self.outcome.ours.central / self.said - 1


def place_in(said: float, outcome: Outcome) -> str:
    """Return whether a figure lies in the outer quarter of a side of our range, by logarithms."""
    ours = outcome.ours
    if outcome.reading != "about" or abs(said / ours.central - 1) <= TOLERANCE:
        return ""
    if ours.high > ours.central and said > ours.central * (ours.high / ours.central) ** OUTER:
        return "near the top"
    if ours.low < ours.central and said < ours.central * (ours.low / ours.central) ** OUTER:
        return "near the bottom"
    return ""


Compute = Callable[[Inputs], Outcome]


@dataclass(frozen=True)
class Theme:
    """Claims that are told together: computations, and reasons where no model can speak."""

    title: str
    computed: Mapping[str, Compute]
    not_computed: Mapping[str, str]


def find(theme: Theme, name: str, catalog: Catalog) -> Finding:
    """Compute what the catalogue and the model give for a claim, and judge it."""
    claim = catalog.claims[name]
    if name in theme.not_computed:
        reason = theme.not_computed[name]
        return Finding(name, claim, theme.title, "cannot be told", reason=reason)
    inputs = Inputs(catalog, name)
    try:
        outcome = theme.computed[name](inputs)
    except Missing as missing:
        reason = f"Not computed: {missing}."
        return Finding(name, claim, theme.title, "cannot be told", reason=reason)
    said = outcome.said if outcome.said is not None else claim.value
    assert said is not None, name
    evidence = inputs.evidence
    verdict = judge(said, outcome.ours, outcome.reading, evidence)
    used = tuple(inputs.used)
    remarked = tuple(one for one in inputs.remarked if one not in used)
    basis = rests_on(evidence)
    return Finding(name, claim, theme.title, verdict, outcome, said, used, remarked, basis)
