"""The results that count: closed division, accelerator known, the best time of each size."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.errors import InputError, Problem

LEAST = 8
"""A group's first size is its smallest of at least this many accelerators."""

FACTOR = 2
"""What is predicted has at least this many times the accelerators of the first size."""

NEAR = 0.01
"""Two times at most this far apart, relative to the earlier one, are one result sent in twice."""

COLUMNS = (
    "round",
    "benchmark",
    "submitter",
    "accelerator",
    "accelerator_count",
    "minutes_to_train",
    "division",
)
LARGE_PRETRAINING = "large-pretraining"
KINDS = {
    "gpt3": LARGE_PRETRAINING,
    "llama31_405b": LARGE_PRETRAINING,
    "bert": "small-pretraining",
    "llama31_8b": "small-pretraining",
    "llama2_70b_lora": "fine-tuning",
    "resnet": "image-classification",
    "ssd": "object-detection",
    "retinanet": "object-detection",
    "maskrcnn": "object-detection",
    "unet3d": "image-segmentation",
    "stable_diffusion": "image-generation",
    "flux1": "image-generation",
    "rnnt": "speech",
    "dlrm": "recommendation",
    "dlrm_dcnv2": "recommendation",
    "gnn": "graph",
    "rgat": "graph",
    "minigo": "reinforcement-learning",
}
"""What a benchmark trains. One that is not listed is a kind of its own, and the output says so."""

RENAMED = {"ssd": "retinanet", "gnn": "rgat"}
"""One benchmark under two names: v5.0's for what earlier rounds' files call ``ssd`` and ``gnn``."""

_UNKNOWN = frozenset({"", "n/a", "na", "none", "nan", "null", "unknown", "-"})
_ROUND = re.compile(r"v?(\d+(?:\.\d+)*)")
_SHOWN = 12


@dataclass(frozen=True)
class Result:
    """One result: so many accelerators took so many minutes.

    Attributes
    ----------
    source : str
        Where the time was published; empty if the file has no column of this name.
    """

    round: str
    benchmark: str
    submitter: str
    accelerator: str
    accelerators: int
    minutes: float
    source: str = ""

    @property
    def group(self) -> tuple[str, str, str, str]:
        """Return round, benchmark, submitter and accelerator."""
        return (self.round, self.benchmark, self.submitter, self.accelerator)


@dataclass(frozen=True)
class Pair:
    """The first size of a group, and another with at least `FACTOR` times the accelerators."""

    first: Result
    other: Result

    @property
    def group(self) -> tuple[str, str, str, str]:
        """Return round, benchmark, submitter and accelerator."""
        return self.first.group

    @property
    def kind(self) -> str:
        """Return what the benchmark trains."""
        return kind_of(self.first.benchmark)

    @property
    def log_size(self) -> float:
        """Return the logarithm of how many times the accelerators."""
        return math.log(self.other.accelerators / self.first.accelerators)

    @property
    def log_speedup(self) -> float:
        """Return the logarithm of how many times faster: what is predicted."""
        return math.log(self.first.minutes / self.other.minutes)


def kind_of(benchmark: str) -> str:
    """Return what a benchmark trains; the benchmark's own name if that is not known."""
    return KINDS.get(benchmark, benchmark)


def round_key(name: str) -> tuple[int, ...]:
    """Return what orders rounds: v10.0 comes after v9.1."""
    found = _ROUND.fullmatch(name)
    if found is None:
        raise ValueError(f"{name!r} is no round such as v4.1")
    return tuple(int(part) for part in found.group(1).split("."))


def read_results(path: Path) -> list[Result]:
    """Return the results of the closed division whose accelerator is known, in the file's order.

    Raises
    ------
    InputError
        If the file, a column or a cell that is needed cannot be read, or no row is left.
    """
    rows = _read(path)
    kept: list[Result] = []
    problems: list[Problem] = []
    for line, row in rows:
        if row["division"].casefold() != "closed" or row["accelerator"].casefold() in _UNKNOWN:
            continue
        wrong = _wrong_cells(row, path, line)
        if wrong:
            problems += wrong
        else:
            kept.append(
                Result(
                    row["round"],
                    row["benchmark"],
                    row["submitter"],
                    row["accelerator"],
                    int(float(row["accelerator_count"])),
                    float(row["minutes_to_train"]),
                    row["source"],
                )
            )
    if problems:
        raise InputError(_first_of(problems, path))
    if not kept:
        raise InputError(
            [
                Problem(
                    "",
                    f"none of the {len(rows):,} rows is of the closed division with an accelerator",
                    allowed="rows with division=closed and a name under accelerator",
                    remedy="check the columns division and accelerator",
                    file=str(path),
                )
            ]
        )
    return kept


def best_by_size(results: Iterable[Result]) -> dict[tuple[str, str, str, str], list[Result]]:
    """Return each group's best result of each size, by size; groups in order of their names."""
    best: dict[tuple[Any, ...], Result] = {}
    for one in results:
        key = (*one.group, one.accelerators)
        if key not in best or one.minutes < best[key].minutes:
            best[key] = one
    groups: dict[tuple[str, str, str, str], list[Result]] = {}
    for key in sorted(best, key=lambda key: (round_key(key[0]), key[1:])):
        groups.setdefault(best[key].group, []).append(best[key])
    return groups


def pairs_of(results: Iterable[Result]) -> list[Pair]:
    """Return every group's first size with each of its much larger ones."""
    found = []
    for sizes in best_by_size(results).values():
        large = [one for one in sizes if one.accelerators >= LEAST]
        found += [
            Pair(large[0], one)
            for one in large[1:]
            if one.accelerators >= FACTOR * large[0].accelerators
        ]
    return found


def without_resubmissions(pairs: Sequence[Pair], known: Iterable[Result]) -> list[Pair]:
    """Leave out pairs whose two times were both there in one earlier round already.

    Parameters
    ----------
    pairs : sequence of Pair
    known : iterable of Result
        All rounds; of each pair only the earlier ones are looked at.
    """
    times: dict[tuple[Any, ...], float] = {}
    for sizes in best_by_size(known).values():
        times.update({(one.round, *_entry(one)): one.minutes for one in sizes})
    rounds = {key[0] for key in times}

    def near(one: Result, round_: str) -> bool:
        before = times.get((round_, *_entry(one)))
        return before is not None and abs(one.minutes - before) <= NEAR * before

    return [
        pair
        for pair in pairs
        if not any(
            near(pair.first, earlier) and near(pair.other, earlier)
            for earlier in rounds
            if round_key(earlier) < round_key(pair.first.round)
        )
    ]


def _entry(one: Result) -> tuple[str, str, str, int]:
    benchmark = RENAMED.get(one.benchmark, one.benchmark)
    return (benchmark, one.submitter, one.accelerator, one.accelerators)


def _read(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = [name.strip() for name in next(reader, [])]
            rows = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        problem = Problem(
            "",
            f"the file cannot be read as CSV: {reason}",
            allowed="UTF-8 text: a line of column names, then values with commas between",
            remedy="check the name, or save the file again",
            file=str(path),
        )
        raise InputError([problem]) from None
    wrong = [
        Problem(
            name,
            "several columns have this name" if name in header else "this column is missing",
            allowed="once each: " + ", ".join(COLUMNS),
            remedy="give the file these columns; others may stand beside them",
            file=str(path),
            line=1,
        )
        for name in COLUMNS
        if header.count(name) != 1
    ]
    if wrong:
        raise InputError(wrong)
    at = {name: header.index(name) for name in (*COLUMNS, "source") if name in header}
    empty = dict.fromkeys((*COLUMNS, "source"), "")
    return [
        (line, empty | {name: row[i].strip() for name, i in at.items() if i < len(row)})
        for line, row in rows
    ]


def _wrong_cells(row: dict[str, str], path: Path, line: int) -> list[Problem]:
    checks = (
        ("round", _is_round, "a round such as v4.1"),
        ("benchmark", bool, "a name"),
        ("submitter", bool, "a name"),
        ("accelerator_count", _is_count, "a whole number above 0"),
        ("minutes_to_train", _is_positive, "a finite number above 0"),
    )
    return [
        Problem(
            name,
            "this cannot be read",
            allowed=allowed,
            remedy="mend the cell, or take the row out",
            value=row[name] or "(empty)",
            file=str(path),
            line=line,
        )
        for name, right, allowed in checks
        if not right(row[name])
    ]


def _is_round(text: str) -> bool:
    return _ROUND.fullmatch(text) is not None


def _is_positive(text: str) -> bool:
    try:
        return 0 < float(text) < math.inf
    except ValueError:
        return False


def _is_count(text: str) -> bool:
    return _is_positive(text) and float(text).is_integer()


def _first_of(problems: Sequence[Problem], path: Path) -> list[Problem]:
    """Return the first problems, and say how many more there are."""
    more = len(problems) - _SHOWN
    shown = list(problems[:_SHOWN])
    if more > 0:
        shown.append(Problem("", f"{more:,} more cells cannot be read", file=str(path)))
    return shown
