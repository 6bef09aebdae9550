"""Claims: what somebody says of a figure, of which a share comes true.

A claim is a belief like any other where a figure is wanted. How much of it comes true is its
realised share, with a default by evidence (`planner.config.evidence`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from planner.config.base import Name, Strict
from planner.config.distributions import SOURCE, Belief, Numbers
from planner.config.evidence import OF_A_FIGURE, OF_A_GAIN, Evidence, IsoDate

if TYPE_CHECKING:
    from planner.config.quantities import Number, PositiveNumber

Positive = Annotated[float, Field(gt=0)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]

_SAID_BY: Any = Field(description="Who says so.")
_DATE: Any = Field(description="When it was said, a day such as 2024-12-03.")
_EVIDENCE: Any = Field(description="What it rests on; chooses the share unless one is given.")
_AGAINST: Any = Field(
    description="What it is compared with: a platform of the scenario or the catalogue, or in "
    "words, with `baseline`."
)
_BASELINE: Any = Field(
    default=None,
    description="The same figure of what it is compared with, a known number; of a named platform "
    "unless given.",
)
_SHARE_OF_GAIN: Any = Field(
    default=None,
    description="Belief about the share of the gain that comes true; by the evidence unless given.",
)


def ends(quantity: Belief | float) -> tuple[float, float]:
    """Return the smallest and the largest value of a belief or a number."""
    if isinstance(quantity, Belief):
        return quantity.support()
    return float(quantity), float(quantity)


class Measurement(Strict):
    """What was measured of the figure itself, by which a claim about it is updated."""

    value: Positive = Field(description="The figure as measured, in its own unit.")
    relative_error: Annotated[float, Field(ge=1e-4, le=10)] = Field(
        description="Standard deviation of the measurement's error of the logarithm: 0.1 is about "
        "10 %; with what differs between there and here."
    )
    source: str | None = SOURCE


class Claimed(Belief):
    """What all claims have; each kind says what else."""

    measured: Measurement | None = Field(
        default=None, description="A measurement of the figure, by which the claim is updated."
    )

    def is_resolved(self) -> bool:
        """Return whether every figure that it is compared with is there."""
        return True

    def _check_measured(self) -> None:
        if self.measured is None or not self.is_resolved():
            return
        low, high = self.support()
        if low == high:
            raise ValueError("a measurement updates nothing where the share is known")
        if low < 0:
            raise ValueError("what is measured must not be negative for any share")


class Claim(Claimed):
    """An absolute claim: the figure is ``claim`` x the share that comes true."""

    claim: Positive = Field(description="The figure that is claimed.")
    evidence: Evidence = _EVIDENCE
    said_by: Text = _SAID_BY
    date: IsoDate = _DATE
    share: Number | None = Field(
        default=None,
        description="Belief about the share of it that comes true; by the evidence unless given, "
        "for figures of which more is better.",
    )

    @model_validator(mode="after")
    def _measurable(self) -> Self:
        self._check_measured()
        return self

    def realised(self) -> Belief | float:
        """Return the belief about the realised share."""
        return OF_A_FIGURE[self.evidence].belief() if self.share is None else self.share

    def support(self) -> tuple[float, float]:
        """Return the claim times the support of the share."""
        low, high = ends(self.realised())
        return self.claim * low, self.claim * high


class _Relative(Claimed):
    """A gain over something else, of which a share comes true: 1 + share x (ratio - 1)."""

    evidence: Evidence = _EVIDENCE
    said_by: Text = _SAID_BY
    date: IsoDate = _DATE
    against: Text = _AGAINST
    baseline: PositiveNumber | None = _BASELINE
    share: Number | None = _SHARE_OF_GAIN

    def claimed(self) -> float:
        """Return the ratio that is claimed."""
        raise TypeError(f"{type(self).__name__} has no ratio")

    def is_resolved(self) -> bool:
        """Return whether the baseline is there."""
        return self.baseline is not None

    @property
    def divides(self) -> bool:
        """Whether the baseline is divided by the gain, and not multiplied."""
        return False

    def realised(self) -> Belief | float:
        """Return the belief about the realised share of the gain."""
        return OF_A_GAIN[self.evidence].belief() if self.share is None else self.share

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.claimed() == 1:
            raise ValueError("a ratio of 1 claims no gain of which a share could come true")
        if self.baseline is not None and len(set(ends(self.baseline))) > 1:
            raise ValueError("the baseline must be a known number")
        if not min(self._gains()) > 0:
            low, high = ends(self.realised())
            raise ValueError(
                f"with a share from {low:.3g} to {high:.3g} the gain would not stay above zero"
            )
        self._check_measured()
        return self

    def _gains(self) -> tuple[float, float]:
        one, other = (1 + share * (self.claimed() - 1) for share in ends(self.realised()))
        return one, other

    def support(self) -> tuple[float, float]:
        """Return the extremes; of any positive figure where the loader has yet to name it."""
        if self.baseline is None:
            return math.ulp(0.0), math.ulp(0.0)
        base, _ = ends(self.baseline)
        values = [base / gain if self.divides else base * gain for gain in self._gains()]
        return min(values), max(values)


class ClaimedRatio(_Relative):
    """A claim against something else: baseline x (1 + share x (ratio - 1))."""

    claimed_ratio: Positive = Field(description="The ratio that is claimed: 1.4 is 40 % more.")

    def claimed(self) -> float:
        """Return the ratio that is claimed."""
        return self.claimed_ratio


class ClaimedPricePerformance(_Relative):
    """A claim of performance per dollar: it moves the yield or the price, never both."""

    claimed_price_performance: Positive = Field(
        description="Ratio of performance per dollar: 1.4 is 40 % more for the same money."
    )
    moves: Literal["yield", "price"] = Field(
        description="`yield`: the figure is the baseline x the gain. `price`: the baseline / the "
        "gain. It must be the kind of figure that it stands in."
    )
    claim_id: Name = Field(
        description="Name of the claim; the same wherever it stands, so that none counts twice."
    )

    @property
    def divides(self) -> bool:
        """Whether it is a price that it lowers."""
        return self.moves == "price"

    def claimed(self) -> float:
        """Return the ratio that is claimed."""
        return self.claimed_price_performance


class ConflictingClaims(Claimed):
    """Claims that contradict each other: one of them is right, each with a probability."""

    claims: Annotated[tuple[Number, ...], Field(strict=False)] = Field(
        description="Two claims or more about the same figure."
    )
    weights: Numbers | None = Field(
        default=None, description="How likely each is the right one; they sum to 1. Equal if none."
    )

    @model_validator(mode="after")
    def _conflicting(self) -> Self:
        if len(self.claims) < 2:
            raise ValueError("give two claims or more")
        if not all(isinstance(item, SINGLE) for item in self.claims):
            raise ValueError("each of the claims must itself be a claim")
        if any(item.measured is not None for item in self.claims if isinstance(item, Claimed)):
            raise ValueError("what is measured must stand beside `claims`")
        if self.weights is not None:
            self._check_weights(self.weights)
        self._check_measured()
        return self

    def _check_weights(self, weights: tuple[float, ...]) -> None:
        if len(weights) != len(self.claims):
            raise ValueError("give as many weights as claims")
        if not all(0 < weight <= 1 for weight in weights) or abs(math.fsum(weights) - 1) > 1e-9:
            raise ValueError("weights of claims must be positive and sum to 1")

    def is_resolved(self) -> bool:
        """Return whether every baseline is there."""
        return all(item.is_resolved() for item in self.claims if isinstance(item, Claimed))

    def weighted(self) -> list[tuple[float, SingleClaim]]:
        """Return the claims with their weights."""
        singles = [item for item in self.claims if isinstance(item, SINGLE)]
        weights = self.weights or (1 / len(singles),) * len(singles)
        return list(zip(weights, singles, strict=True))

    def support(self) -> tuple[float, float]:
        """Return the extremes over all claims."""
        lows, highs = zip(*(ends(item) for item in self.claims), strict=True)
        return min(lows), max(highs)


SingleClaim = Claim | ClaimedRatio | ClaimedPricePerformance
SINGLE = (Claim, ClaimedRatio, ClaimedPricePerformance)

CLAIMS: dict[str, type[Claimed]] = {
    "claim": Claim,
    "claimed_ratio": ClaimedRatio,
    "claimed_price_performance": ClaimedPricePerformance,
    "claims": ConflictingClaims,
}
"""Every kind of claim by the key that tells it apart."""


def claims_within(node: object) -> Iterator[SingleClaim]:
    """Yield every single claim in a validated quantity, however deep."""
    if isinstance(node, SINGLE):
        yield node
    children: list[object] = []
    if isinstance(node, BaseModel):
        children = [getattr(node, key) for key in type(node).model_fields]
    elif isinstance(node, list | tuple):
        children = list(node)
    for child in children:
        yield from claims_within(child)
