"""What results say of the draws: how they were made, whether they are as asked, and enough."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DrawnInput:
    """An uncertain input as it is specified and as it was drawn.

    Attributes
    ----------
    mean, sd : float or None
        Of the belief; None for what is infinite or cannot be told.
    specified, sampled : list of float
        P5, P50 and P95.
    probability : float or None
        Of draws that are at least this far from the belief; None if there are too few to tell.
    passed : bool
    """

    name: str
    description: str
    mean: float | None
    sd: float | None
    specified: list[float]
    sampled: list[float]
    probability: float | None
    passed: bool


@dataclass(frozen=True)
class RealisedCorrelation:
    """Two inputs' rank correlation as it was asked for and as it was drawn."""

    one: str
    other: str
    asked: float
    realised: float
    probability: float | None
    passed: bool


@dataclass(frozen=True)
class DrawCheck:
    """Whether the draws are what the config says, of the first ``samples``."""

    samples: int
    inputs: list[DrawnInput]
    correlations: list[RealisedCorrelation]


@dataclass(frozen=True)
class Sampled:
    """How the samples were drawn.

    Attributes
    ----------
    method : str
    replicate : int
        Samples that depend on each other; 1 where none do.
    replicates : int
        How many there are: what standard errors rest on.
    """

    method: str
    replicate: int
    replicates: int


@dataclass(frozen=True)
class PrecisionReached:
    """A precision that samples were drawn until.

    Attributes
    ----------
    text : str
        As it was asked for.
    error_usd : float
        The standard error of the mean cost that this is.
    reached : bool
    """

    text: str
    error_usd: float
    reached: bool
