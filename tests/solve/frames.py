"""From dense random numbers to blocks of linear programs of one template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from planner.model.builder import TemplateBuilder
from planner.model.template import Label, LinearPrograms, Ref, Sense, Template, constant

Array = np.ndarray[Any, np.dtype[np.float64]]
Bits = np.ndarray[Any, np.dtype[np.bool_]]
Indices = np.ndarray[Any, np.dtype[np.int64]]
Generator = np.random.Generator


@dataclass(frozen=True)
class Dense:
    """The numbers of a block.

    Attributes
    ----------
    cost, upper, lower : ndarray, (sample, column)
        Only the columns of the frame that are bounded have an upper bound, and fixed ones.
    matrix : ndarray, (sample, row, column)
        Of the rows with a pattern.
    rhs : ndarray, (sample, row)
    limits : ndarray, (sample, bounding row)
    """

    cost: Array
    matrix: Array
    rhs: Array
    upper: Array
    lower: Array
    limits: Array


@dataclass(frozen=True)
class Frame:
    """What all programs of a template share.

    Attributes
    ----------
    pattern : ndarray of bool, (row, column)
        Where the matrix may have entries.
    senses : sequence of str
    bounded : sequence of int
        Columns with an upper bound.
    limited : sequence of int
        Columns with a row of their own, after all others, that only bounds them: a constant 1.
    """

    pattern: Bits
    senses: Sequence[Sense]
    bounded: Sequence[int] = ()
    limited: Sequence[int] = ()
    template: Template = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "template", self._build())

    def _build(self) -> Template:
        rows, columns = self.pattern.shape
        at = {pair: k for k, pair in enumerate(zip(*np.nonzero(self.pattern), strict=True))}
        shapes = {"cost": columns, "upper": columns, "rhs": rows}
        shapes |= {"entry": len(at), "limit": len(self.limited)}
        builder = TemplateBuilder({name: (size,) for name, size in shapes.items()})
        labels = [Label("x", (str(j),)) for j in range(columns)]
        for j, label in enumerate(labels):
            upper = Ref("upper", (j,)) if j in self.bounded else None
            builder.column(label, Ref("cost", (j,)), upper=upper)
        for i in range(rows):
            terms = [
                (labels[j], Ref("entry", (at[i, j],))) for j in np.flatnonzero(self.pattern[i])
            ]
            builder.row("row", (str(i),), self.senses[i], Ref("rhs", (i,)), terms)
        for k, j in enumerate(self.limited):
            side = Ref("limit", (k,))
            builder.row("limit", (str(j),), "<=", side, [(labels[j], constant(1))])
        return builder.build()

    def fill(self, numbers: Dense) -> LinearPrograms:
        """Return the programs of a block."""
        rows, columns = np.nonzero(self.pattern)
        sources = {
            "cost": numbers.cost,
            "upper": numbers.upper,
            "rhs": numbers.rhs,
            "entry": numbers.matrix[:, rows, columns],
            "limit": numbers.limits,
        }
        filled = self.template.fill(sources)
        held = numbers.lower == numbers.upper
        return replace(
            filled,
            lower=numbers.lower,
            upper=np.where(held, numbers.upper, filled.upper),
        )


Draw = Callable[[Generator, int], Dense]
"""Draws the numbers of so many programs."""
