"""An instance: its three files together, and the two-stage problems that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from benchmarks.smps_format.core import Core, read_core
from benchmarks.smps_format.outcomes import Outcomes
from benchmarks.smps_format.periods import Stages, read_periods
from benchmarks.smps_format.scenarios import Scenarios
from benchmarks.smps_format.standard import StandardForm
from benchmarks.smps_format.stochastic import read_outcomes
from planner.errors import InputError, Problem
from planner.model.template import Array, Indices
from planner.solve.two_stage.problem import FirstStage, RecourseBlock, Samples

CORE, TIME, STOCH = (".cor", ".core", ".mps"), (".tim", ".time"), (".sto", ".stoch", ".stoc")

_CHUNK = 2_048
_NUMBERS = 8_000_000
"""Scenarios of a chunk, and numbers of one, at most."""

_PARTS = 16
"""Chunks that few scenarios are parted into: each has cuts of its own."""


class ScenarioProblem:
    """A two-stage problem whose scenarios are written out when they are asked for.

    Parameters
    ----------
    form : StandardForm
    scenarios : Scenarios
    most : int
        Scenarios of a chunk, where their numbers fit into memory.
    """

    def __init__(self, form: StandardForm, scenarios: Scenarios, most: int = _CHUNK) -> None:
        self.first: FirstStage = form.first
        self.effects = form.first.lower.size
        self.effect_of: Indices = np.arange(self.effects)
        self.blocks: tuple[RecourseBlock, ...] = form.blocks
        self._form, self._scenarios = form, scenarios
        own = min(most, _NUMBERS // max(form.width, 1), -(-scenarios.n // _PARTS))
        self._size = max(1, own)

    @property
    def n(self) -> int:
        """Number of scenarios."""
        return self._scenarios.n

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.n // self._size)

    def size(self, chunk: int) -> int:
        """Return the number of scenarios of a chunk."""
        return min(self._size, self.n - chunk * self._size)

    def samples(self, chunk: int) -> Samples:
        """Return the scenarios of a chunk; the same every time."""
        begin = chunk * self._size
        end = begin + self.size(chunk)
        scenarios = self._scenarios
        return self._form.samples(scenarios.values(begin, end), scenarios.probability(begin, end))


@dataclass(frozen=True)
class Instance:
    """What three files say.

    Attributes
    ----------
    core : Core
    stages : Stages
    outcomes : Outcomes
    """

    core: Core
    stages: Stages
    outcomes: Outcomes

    @property
    def sign(self) -> float:
        """1 where cost is minimised; -1 turns costs to what is maximised."""
        return -1.0 if self.core.maximise else 1.0

    @property
    def notes(self) -> tuple[str, ...]:
        """What was taken to be meant where the format leaves it open."""
        return self.core.notes + self.outcomes.notes

    @cached_property
    def form(self) -> StandardForm:
        """The two stages."""
        return StandardForm(self.core, self.stages, self.outcomes.places, self._weight)

    @cached_property
    def foreseeing(self) -> StandardForm:
        """All columns decided when the scenario is known: wait-and-see."""
        columns, rows = np.ones_like(self.stages.columns), np.ones_like(self.stages.rows)
        stages = Stages(self.stages.names, columns, rows)
        return StandardForm(self.core, stages, self.outcomes.places, self._weight)

    @property
    def _weight(self) -> Array:
        return np.where(self.stages.columns, self.outcomes.total, 1.0)

    def problem(self, scenarios: Scenarios) -> ScenarioProblem:
        """Return the two-stage problem of some scenarios."""
        return ScenarioProblem(self.form, scenarios)

    def wait_and_see(self, scenarios: Scenarios) -> ScenarioProblem:
        """Return the problem in which nothing is decided before the scenario is known."""
        return ScenarioProblem(self.foreseeing, scenarios)


def read_instance(stem: Path, stochastic: Path | None = None) -> Instance:
    """Return the instance of three files that share a stem.

    Parameters
    ----------
    stem : Path
        Of files that end in .cor, .tim and .sto.
    stochastic : Path, optional
        Another stochastic file.

    Raises
    ------
    InputError
        If a file is missing or says what cannot be used, or a recourse column is whole.
    """
    core = read_core(_file(stem, CORE))
    stages = read_periods(_file(stem, TIME), core)
    outcomes = read_outcomes(stochastic or _file(stem, STOCH), core, stages)
    whole = np.flatnonzero(core.integer & stages.columns)
    if whole.size:
        raise InputError(
            [
                Problem(
                    "",
                    f"{whole.size} columns of the second period are whole, the first of them "
                    f"{core.columns[whole[0]]}",
                    allowed="whole columns in the first period alone",
                    remedy="relax them, or solve the instance as one program with all scenarios",
                    file=f"{stem.name}.cor",
                )
            ]
        )
    return Instance(core, stages, outcomes)


def _file(stem: Path, endings: tuple[str, ...]) -> Path:
    """Return the first file there is."""
    for ending in endings:
        path = stem.with_name(stem.name + ending)
        if path.exists():
            return path
    raise InputError(
        [
            Problem(
                "", f"there is no {stem}{endings[0]}",
                allowed=f"a file that ends in {', '.join(endings)}",
                remedy="give DIR/STEM of three files that end in .cor, .tim and .sto",
            )
        ]
    )  # fmt: skip
