"""The problems that are measured on, and how much effort is spent on each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).resolve().parent

WORKERS = 2
"""Processes of every engine, so that all have the same processors."""


@dataclass(frozen=True)
class Size:
    """A config, and how many of its samples are solved.

    Attributes
    ----------
    samples, quick_samples : int
        That the planner solves in one run.
    compared : int
        First samples that the peers solve, over and over until their time is up.
    """

    name: str
    config: Path
    samples: int
    quick_samples: int
    compared: int


SIZES = {
    size.name: size
    for size in (
        Size("one_quarter", _HERE / "one_quarter.yaml", 1_000_000, 100_000, 4096),
        Size("eight_quarters", _HERE / "eight_quarters.yaml", 200_000, 20_000, 1024),
        Size("quickstart", _HERE.parent / "configs" / "quickstart.yaml", 1024, 1024, 1024),
    )
}


@dataclass(frozen=True)
class Effort:
    """How long it is measured.

    Attributes
    ----------
    repeats : int
        Of the planner and every peer in turns, since machines are noisy.
    seconds : float
        That each peer solves in each repeat.
    quick : bool
        Whether the planner solves fewer samples.
    most_samples : int
        That any run solves, whatever else is said.
    """

    repeats: int
    seconds: float
    quick: bool
    most_samples: int

    def samples(self, size: Size) -> int:
        """Return how many samples the planner solves in one run."""
        return min(size.quick_samples if self.quick else size.samples, self.most_samples)

    def compared(self, size: Size) -> int:
        """Return how many samples the peers solve, at least one for each process."""
        return max(WORKERS, min(size.compared, self.samples(size)))
