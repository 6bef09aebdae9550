"""The stochastic file: INDEP, BLOCKS and SCENARIOS sections with discrete distributions.

A realisation of a block lists what differs from the block's first one, a scenario what differs from
its parent. INDEP may also be NORMAL or UNIFORM.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

import numpy as np

from benchmarks.smps_format.core import Core
from benchmarks.smps_format.lines import Faults, Line, read
from benchmarks.smps_format.outcomes import Continuous, Discrete, Outcomes, Place
from benchmarks.smps_format.periods import Stages

_MODIFIERS = ("REPLACE", "ADD", "MULTIPLY")
_SUM_TOLERANCE, _ROUNDING = 1e-2, 1e-9
"""Probabilities may sum to 1 within the first, beyond the second with a note. Published values take
them as they are in the file: costs of the second stage then count by their sum."""


@dataclass
class _Item:
    """An outcome: its probability, the outcome that it differs from (-1: the core), and by what."""

    share: float
    parent: int = -1
    changes: dict[Place, float] = field(default_factory=dict)


@dataclass
class _Mode:
    """What a section's heading says."""

    kind: str = ""
    family: str = "DISCRETE"
    modifier: str = "REPLACE"


@dataclass
class _Reading:
    """What the sections say, as they come."""

    faults: Faults
    core: Core
    stages: Stages
    mode: _Mode = field(default_factory=_Mode)
    independent: dict[Place, list[tuple[float, float]]] = field(default_factory=dict)
    continuous: dict[Place, tuple[str, float, float]] = field(default_factory=dict)
    blocks: dict[str, list[_Item]] = field(default_factory=dict)
    scenarios: list[_Item] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    current: _Item | None = None
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        core = self.core
        self._columns = {name: j for j, name in enumerate(core.columns)}
        self._rows = {name: i for i, name in enumerate(core.rows)}
        pairs = zip(core.row_of.tolist(), core.column_of.tolist(), strict=True)
        self._entries = dict(zip(pairs, core.values.tolist(), strict=True))

    def head(self, line: Line) -> None:
        """Read a heading."""
        words = [word.upper() for word in line.fields]
        if words[0] in ("STOCH", "NAME"):
            return
        if words[0] not in ("INDEP", "BLOCKS", "SCENARIOS"):
            self.faults.add(
                line.number, f"section {words[0]} is not known here",
                "INDEP, BLOCKS and SCENARIOS are: list the outcomes in one of them",
            )  # fmt: skip
        allowed = ["DISCRETE", *(["NORMAL", "UNIFORM"] if words[0] == "INDEP" else [])]
        self.mode = _Mode(words[0])
        for word in words[1:]:
            if word in allowed:
                self.mode.family = word
            elif word in _MODIFIERS:
                self.mode.modifier = word
            else:
                self.faults.add(
                    line.number, f"{words[0]} {word} is not known here",
                    f"use {', '.join(allowed)}, with {', '.join(_MODIFIERS)}",
                )  # fmt: skip

    def data(self, line: Line) -> None:
        """Read a line of a section."""
        if self.mode.kind == "INDEP":
            self._independent(line)
        elif self.mode.kind == "BLOCKS" and line.fields[0] == "BL":
            self._begin_block(line)
        elif self.mode.kind == "SCENARIOS" and line.fields[0] == "SC":
            self._begin_scenario(line)
        elif self.mode.kind in ("BLOCKS", "SCENARIOS"):
            self._changes(line)
        else:
            self.faults.add(
                line.number, "a line outside of all sections", "put it in one of its kind"
            )

    def _independent(self, line: Line) -> None:
        fields, bound = self._without_bound(line)
        # Column, row, number, perhaps the period, and a probability or a second parameter.
        if len(fields) - bool(bound) not in ((3, 4) if bound else (4, 5)):
            self._refuse(line, "give column, row, number, period and probability")
            return
        where, (first, *rest) = fields[:2], fields[2:]
        if len(rest) == 2:
            self._require_second_period(line, rest[0])
        place = self._place(line, where, bound)
        if place is None:
            return
        one, other = self.faults.number(line, first), self.faults.number(line, rest[-1])
        if place in self.continuous or (
            self.mode.family != "DISCRETE" and place in self.independent
        ):
            self.faults.add(line.number, "this number has two distributions", "keep one")
        elif self.mode.family == "DISCRETE":
            value = self._modified(place, one)
            self.independent.setdefault(place, []).append((value, self._share(line, other)))
        else:
            self._continuous(line, place, one, other)

    def _continuous(self, line: Line, place: Place, first: float, second: float) -> None:
        family, modifier = self.mode.family, self.mode.modifier
        if (second < 0) if family == "NORMAL" else (second < first):
            self.faults.add(
                line.number, f"no parameters of {family}",
                "NORMAL has a mean and a variance, UNIFORM a lower and an upper limit",
                value=f"{first:g} {second:g}",
            )  # fmt: skip
        if modifier == "MULTIPLY" and family == "NORMAL":
            second *= self._base(place) ** 2
            first = self._modified(place, first)
        elif modifier == "ADD" and family == "NORMAL":
            first = self._modified(place, first)
        elif family == "UNIFORM":
            first, second = sorted((self._modified(place, first), self._modified(place, second)))
        if place.kind == "constant":
            first, second = (-first, second) if family == "NORMAL" else (-second, -first)
        self.continuous[place] = family, first, second

    def _begin_block(self, line: Line) -> None:
        if len(line.fields) not in (3, 4):
            self._refuse(line, "give BL, the block's name, the period and the probability")
            return
        if len(line.fields) == 4:
            self._require_second_period(line, line.fields[2])
        share = self._share(line, self.faults.number(line, line.fields[-1]))
        known = self.blocks.setdefault(line.fields[1], [])
        self.current = _Item(share, 0 if known else -1)
        known.append(self.current)

    def _begin_scenario(self, line: Line) -> None:
        if len(line.fields) not in (4, 5):
            self._refuse(
                line, "give SC, the scenario's name, its parent, its probability and the period"
            )
            return
        _, name, parent, share = line.fields[:4]
        if name in self.numbers:
            self.faults.add(line.number, f"scenario {name} is there twice", "rename one")
        if len(line.fields) == 5 and line.fields[4] not in self.stages.names:
            self.faults.add(
                line.number, f"there is no period {line.fields[4]}",
                f"use {' or '.join(self.stages.names)}",
            )  # fmt: skip
        base = -1
        if parent.strip("'\"").upper() != "ROOT":
            base = self.numbers.get(parent, -1)
            if base < 0:
                self.faults.add(
                    line.number, f"there is no scenario {parent} before this one",
                    "branch from ROOT or from a scenario above",
                )  # fmt: skip
        self.numbers[name] = len(self.scenarios)
        self.current = _Item(self._share(line, self.faults.number(line, share)), base)
        self.scenarios.append(self.current)

    def _changes(self, line: Line) -> None:
        """Read what a realisation or a scenario changes: one or two numbers."""
        if self.current is None:
            self.faults.add(line.number, "a number before the first BL or SC", "begin with that")
            return
        fields, bound = self._without_bound(line)
        if len(fields) < 3 or len(fields) % 2 == 0 or (bound and len(fields) != 3):
            self._refuse(line, "give column, and pairs of row and number")
            return
        for row, text in zip(fields[1::2], fields[2::2], strict=True):
            place = self._place(line, (fields[0], row), bound)
            if place is not None:
                value = self._modified(place, self.faults.number(line, text))
                self.current.changes[place] = value

    def _without_bound(self, line: Line) -> tuple[tuple[str, ...], str]:
        """Return the fields without a leading kind of bound, and that."""
        fields = line.fields
        is_bound = (
            len(fields) > 3
            and fields[0].upper() in ("UP", "LO", "FX")
            and fields[2] in self._columns
            and fields[0] not in self._columns
        )
        return (fields[1:], fields[0].upper()) if is_bound else (fields, "")

    def _place(self, line: Line, where: tuple[str, ...], bound: str) -> Place | None:
        """Return which number a column and a row name, None with a note if none that may vary."""
        column, row = where
        if bound:
            return self._bound_place(line, bound, row)
        i, j = self._rows.get(row, -1), self._columns.get(column, -1)
        is_rhs = j < 0 and column in (self.core.rhs_name, "RHS")
        if (j < 0 and not is_rhs) or (i < 0 and row != self.core.objective):
            what = f"column {column}" if j < 0 and not is_rhs else f"row {row}"
            self.faults.add(
                line.number, f"the core file has no {what}",
                f"name one of its columns or {self.core.rhs_name}, and one of its rows",
            )  # fmt: skip
            return None
        if i < 0:
            return Place("constant", -1, -1) if is_rhs else Place("cost", -1, j)
        if not self.stages.rows[i]:
            self.faults.add(
                line.number, f"row {row} of the first period is random",
                "what is decided first cannot know it: move the row to the second period",
            )  # fmt: skip
            return None
        return Place("rhs", i, -1) if is_rhs else Place("entry", i, j)

    def _bound_place(self, line: Line, bound: str, column: str) -> Place | None:
        j, core = self._columns[column], self.core
        there = core.lower[j] if bound == "LO" else core.upper[j]
        if bound == "FX" or not self.stages.columns[j] or not np.isfinite(there):
            self.faults.add(
                line.number, f"bound {bound} of {column} is random",
                "only UP and LO of columns of the second period may be, where the core file has "
                "such a bound: write it as a row with a random right-hand side",
            )  # fmt: skip
            return None
        return Place("lower" if bound == "LO" else "upper", -1, j)

    def _base(self, place: Place) -> float:
        """Return the core's number."""
        core, (kind, i, j) = self.core, place
        if kind == "entry":
            return float(self._entries.get((i, j), 0.0))
        if kind == "constant":
            return -core.constant
        numbers = {"cost": core.cost, "rhs": core.rhs, "lower": core.lower, "upper": core.upper}
        return float(numbers[kind][i if kind == "rhs" else j])

    def _modified(self, place: Place, value: float) -> float:
        if self.mode.modifier == "ADD":
            return self._base(place) + value
        if self.mode.modifier == "MULTIPLY":
            return self._base(place) * value
        return value

    def _share(self, line: Line, value: float) -> float:
        if not 0 <= value <= 1:
            self.faults.add(
                line.number, "this is no probability", "write a number from 0 to 1",
                value=f"{value:g}",
            )  # fmt: skip
            return 0.0
        return value

    def _refuse(self, line: Line, remedy: str) -> None:
        self.faults.add(
            line.number, f"this is no line of {self.mode.kind}", remedy, value=" ".join(line.fields)
        )

    def _require_second_period(self, line: Line, period: str) -> None:
        if period != self.stages.names[-1]:
            self.faults.add(
                line.number, f"{period} is not the second period", f"it is {self.stages.names[-1]}"
            )

    def outcomes(self) -> Outcomes:
        """Return all random numbers."""
        places = dict[Place, int]()
        groups = list[Discrete | Continuous]()
        listed = [
            (f"{place.kind} of {self._words(place)}", [_Item(p, -1, {place: v}) for v, p in pairs])
            for place, pairs in self.independent.items()
        ]
        listed += [(f"block {name}", items) for name, items in self.blocks.items()]
        if self.scenarios:
            listed.append(("all scenarios", self.scenarios))
        for words, items in listed:
            groups.append(self._group(words, items, places))
        for place, (family, first, second) in self.continuous.items():
            at = self._new(places, place, self._words(place))
            groups.append(
                Continuous(
                    np.array([at]), cast(Literal["NORMAL", "UNIFORM"], family), first, second
                )
            )
        if not groups:
            self.faults.add(None, "nothing is random", "list outcomes under INDEP or BLOCKS")
        return Outcomes(tuple(places), tuple(groups), tuple(self.notes))

    def _group(self, words: str, items: list[_Item], places: dict[Place, int]) -> Discrete:
        own = {
            place: k
            for k, place in enumerate(dict.fromkeys(p for item in items for p in item.changes))
        }
        where = [self._new(places, place, words) for place in own]
        values = np.tile([self._base(place) for place in own], (len(items), 1))
        for k, item in enumerate(items):
            if item.parent >= 0:
                values[k] = values[item.parent]
            for place, value in item.changes.items():
                values[k, own[place]] = value
        # The objective's right-hand side is what it is less than its terms.
        for place, k in own.items():
            if place.kind == "constant":
                values[:, k] *= -1
        share = np.array([item.share for item in items])
        total = float(share.sum())
        if abs(total - 1) > _SUM_TOLERANCE:
            self.faults.add(
                None, f"the probabilities of {words} sum to {total:g}", "they must sum to 1"
            )
        elif abs(total - 1) > _ROUNDING:
            self.notes.append(f"probabilities of {words} sum to {total:.9g}: costs count as often")
        there = share > 0
        if not there.all():
            self.notes.append(f"{int((~there).sum())} outcomes of {words} without probability")
        whole = total or 1.0
        at = np.array(where, dtype=np.int64)
        return Discrete(at, values[there], share[there] / whole, whole)

    def _new(self, places: dict[Place, int], place: Place, words: str) -> int:
        if place in places:
            self.faults.add(
                None, f"{self._words(place)} is random in two places, one of them {words}",
                "list it in one block, with the outcomes of both together",
            )  # fmt: skip
        return places.setdefault(place, len(places))

    def _words(self, place: Place) -> str:
        row = self.core.rows[place.row] if place.row >= 0 else ""
        column = self.core.columns[place.column] if place.column >= 0 else ""
        return " ".join(part for part in (column, row) if part) or "the objective"


def read_outcomes(path: Path, core: Core, stages: Stages) -> Outcomes:
    """Return the random numbers of a stochastic file.

    Raises
    ------
    InputError
        With all that is wrong.
    """
    return read(path, lambda lines, faults: _parse(lines, faults, core, stages))


def _parse(lines: list[Line], faults: Faults, core: Core, stages: Stages) -> Outcomes:
    reading = _Reading(faults, core, stages)
    for line in lines:
        if line.heading:
            reading.head(line)
        else:
            reading.data(line)
    return reading.outcomes()
