"""Twenty templates for trying solvers of linear programs, and blocks of random numbers for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from solve.frames import Draw, Frame, Generator
from solve.random_family import Spec, random_family
from solve.structured import assignment, beale, cube, cycles, fleet, kuhn, transport

from planner.model.template import LinearPrograms, Template

BLOCK = 500
"""Programs of a full block."""

_STRUCTURED = {
    "Beale": beale,
    "Kuhn": kuhn,
    "cycles": cycles,
    "Klee-Minty": cube,
    "assignment": assignment,
    "transport": transport,
    "fleet": fleet,
}

_SPECS = (
    Spec("tiny real", 3, 5, grid=False, drift=0.3, idle=0.0, tied=0.0),
    Spec("tiny degenerate", 4, 6, idle=0.6, tied=0.6, limited=0.2, infeasible=0.1, unbounded=0.1),
    Spec("dense real", 15, 30, grid=False, drift=0.5, equations=0.2, tied=0.0),
    Spec("dense degenerate", 20, 30, idle=0.7, tied=0.5, copied=3),
    Spec("dense large", 40, 80, drift=0.25, limited=0.1, fixed=0.1, gone=0.1),
    Spec("sparse large", 60, 120, density=0.08, drift=0.5, limited=0.2, idle=0.4, fixed=0.05),
    Spec("sparse real", 60, 120, 0.05, grid=False, drift=0.2, limited=0.25, idle=0.0, tied=0.0),
    Spec("near rows", 12, 20, equations=0.0, near=4, idle=0.3),
    Spec("near equations", 16, 32, density=0.5, equations=0.6, near=3, bounded=0.3),
    Spec("badly scaled", 20, 40, density=0.4, spread=5, idle=0.3, limited=0.1),
    Spec("wildly scaled", 30, 50, 0.3, spread=5, wild=True, grid=False, idle=0.0, tied=0.0),
    Spec("infeasible", 25, 50, density=0.3, limited=0.2, infeasible=0.5, bounded=0.7),
    Spec("unbounded", 20, 40, density=0.4, infeasible=0.1, unbounded=0.4, spread=3),
)

COUNT = len(_STRUCTURED) + len(_SPECS)


@dataclass(frozen=True)
class Kind:
    """A template and how its numbers are drawn."""

    name: str
    frame: Frame
    draw: Draw

    @property
    def template(self) -> Template:
        """What its programs share."""
        return self.frame.template

    @property
    def size(self) -> str:
        """Rows by columns."""
        return f"{len(self.template.rows)} x {len(self.template.columns)}"


def stream(seed: int, *path: int) -> Generator:
    """Return a generator of its own for each path."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, *path])))


@cache
def kind(seed: int, at: int) -> Kind:
    """Return one of the templates: first those of known structure, then the random families."""
    if at < len(_STRUCTURED):
        name, make = list(_STRUCTURED.items())[at]
        return Kind(name, *make())
    spec = _SPECS[at - len(_STRUCTURED)]
    return Kind(spec.name, *random_family(spec, stream(seed, at)))


def programs(seed: int, at: int, block: int, n: int = BLOCK) -> LinearPrograms:
    """Return a block of programs of a kind; the same arguments give the same numbers."""
    chosen = kind(seed, at)
    return chosen.frame.fill(chosen.draw(stream(seed, at, 2 + block), n))


def first_program(seed: int, at: int) -> LinearPrograms:
    """Return a program that is in no block, to prepare a solver with; it may have no optimum."""
    return programs(seed, at, -1, 1)
