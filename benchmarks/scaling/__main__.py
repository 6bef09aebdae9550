"""How well times to train are foretold from the smallest size of each group.

Run it from the root of the repository, on files with the columns ``round``, ``benchmark``,
``submitter``, ``accelerator``, ``accelerator_count``, ``minutes_to_train`` and ``division``::

    python -m benchmarks.scaling TRAINING.csv LATER.csv

Only the closed division counts, with an accelerator that is known, and the best time of each size.
A group is a round, benchmark, submitter and accelerator; N0 is its smallest number of accelerators
from 8 on. Every N of at least 2 N0 is predicted from N0, the minutes at N0, the kind of benchmark
and N, by a model fitted to TRAINING alone. Predictions whose two times are both within 1 % of those
of an earlier round are left out. Bands go from P10 to P90, and groups weigh equally.

The form of the model was chosen by forward validation inside the rounds up to v4.1 (each round
predicted from those before it), which is printed for every form that was tried; v5.0 was looked at
after that. The last line of standard output is one JSON object; all else is for people.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.scaling.model import Form, fit
from benchmarks.scaling.one_exponent import fit_one_exponent
from benchmarks.scaling.rows import (
    FACTOR,
    KINDS,
    LARGE_PRETRAINING,
    LEAST,
    Pair,
    Result,
    pairs_of,
    read_results,
    round_key,
    without_resubmissions,
)
from benchmarks.scaling.scores import Bands, Scores, scores
from planner.errors import InputError, PlannerError, Problem

Method = Callable[[Sequence[Pair], Sequence[Pair]], Bands]

ONE_EXPONENT = "one exponent for all"
CHOSEN = "kinds and a fixed part"
METHODS: dict[str, Method] = {
    ONE_EXPONENT: lambda known, new: fit_one_exponent(known).bands(new),
    "neither": lambda known, new: fit(known, Form(False, False)).bands(new),
    "kinds": lambda known, new: fit(known, Form(True, False)).bands(new),
    "a fixed part": lambda known, new: fit(known, Form(False, True)).bands(new),
    CHOSEN: lambda known, new: fit(known, Form(True, True)).bands(new),
}

LEAST_GROUPS = 10
"""Bands of four fifths cannot be made of fewer groups; earlier rounds are only fitted to."""


@dataclass(frozen=True)
class Split:
    """What is fitted to and what is predicted; `dropped` pairs were there in earlier rounds."""

    known: list[Pair]
    new: list[Pair]
    dropped: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the predictions' scores and return the exit code."""
    given = _parser().parse_args(arguments)
    try:
        found = predict(given.training, given.later)
    except PlannerError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    print(json.dumps(found))
    return 0


def predict(training: Path, later: Path) -> dict[str, Any]:
    """Print all for people, and return the figures of the last line.

    Raises
    ------
    InputError
        If a file cannot be used, there is too little to fit, or nothing to predict.
    """
    before = read_results(training)
    after = _only_later(read_results(later), before, later)
    split = split_of(before, after)
    _refuse_too_little(split, training, later)
    _print_data(split, before, after)
    _print_forward(split.known)
    fitted = fit(split.known)
    rival = fit_one_exponent(split.known)
    ours, theirs = fitted.bands(split.new), rival.bands(split.new)
    print(f"\nfitted to all of {training.name}: {fitted.words}")
    print(
        f"one exponent: {rival.exponent:.3f}, its band from {rival.exponent + rival.below:.3f} to "
        f"{rival.exponent - rival.above:.3f} at e times the size, growing as its log to the power "
        f"{rival.growth:g}"
    )
    _print_parts(split.new, ours, theirs)
    all_ours, all_theirs = scores(split.new, ours), scores(split.new, theirs)
    return {
        "coverage": round(all_ours.coverage, 4),
        "n": all_ours.n,
        "groups": all_ours.groups,
        "median_half_width": round(all_ours.median_half_width, 4),
        "interval_score": round(all_ours.interval_score, 4),
        "interval_score_global": round(all_theirs.interval_score, 4),
    }


def split_of(before: Sequence[Result], after: Sequence[Result]) -> Split:
    """Return the pairs of both, without those that earlier rounds had already."""
    known = without_resubmissions(pairs_of(before), before)
    every = pairs_of(after)
    new = without_resubmissions(every, [*before, *after])
    return Split(known, new, len(every) - len(new))


def forward(known: Sequence[Pair]) -> dict[str, dict[str, Scores]]:
    """Return the scores of each round predicted from those before it, by method and round."""
    rounds = sorted({pair.first.round for pair in known}, key=round_key)
    found: dict[str, dict[str, Scores]] = {name: {} for name in METHODS}
    for this in rounds:
        earlier = [pair for pair in known if round_key(pair.first.round) < round_key(this)]
        if len({pair.group for pair in earlier}) < LEAST_GROUPS:
            continue
        new = [pair for pair in known if pair.first.round == this]
        for name, method in METHODS.items():
            found[name][this] = scores(new, method(earlier, new))
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scaling", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("training", type=Path, metavar="TRAINING.csv", help="what is fitted to")
    parser.add_argument("later", type=Path, metavar="LATER.csv", help="later rounds, predicted")
    return parser


def _only_later(after: list[Result], before: list[Result], path: Path) -> list[Result]:
    """Return the results of rounds after all that is fitted to; say how many are not."""
    last = max((one.round for one in before), key=round_key)
    kept = [one for one in after if round_key(one.round) > round_key(last)]
    if not kept:
        problem = Problem(
            "round",
            f"no round is later than {last}, the last that is fitted to",
            allowed=f"rounds after {last}",
            remedy="give the earlier rounds first and the later ones second",
            file=str(path),
        )
        raise InputError([problem])
    if len(kept) < len(after):
        print(
            f"{len(after) - len(kept):,} results of {path.name} are of {last} or before and are "
            f"not predicted"
        )
    return kept


def _refuse_too_little(split: Split, training: Path, later: Path) -> None:
    groups = len({pair.group for pair in split.known})
    problems = []
    if groups < LEAST_GROUPS:
        problems.append(
            Problem(
                "",
                f"{groups} groups have a size to fit to, and bands need {LEAST_GROUPS}",
                allowed=f"groups with a size of at least {LEAST} accelerators, and one {FACTOR} "
                "times as large",
                remedy="add earlier rounds",
                file=str(training),
            )
        )
    if not split.new:
        problems.append(
            Problem(
                "",
                f"there is nothing to predict ({split.dropped} left out as sent in before)",
                allowed=f"groups with a size of at least {LEAST} accelerators, and one {FACTOR} "
                "times as large",
                remedy="give more of the later rounds",
                file=str(later),
            )
        )
    if problems:
        raise InputError(problems)


def _print_data(split: Split, before: Sequence[Result], after: Sequence[Result]) -> None:
    for title, results, pairs in (
        ("fitted to", before, split.known),
        ("predicted", after, split.new),
    ):
        rounds = sorted({one.round for one in results}, key=round_key)
        print(
            f"{title}: {', '.join(rounds)}: {len(results):,} results, {len(pairs):,} pairs of "
            f"sizes in {len({pair.group for pair in pairs}):,} groups"
        )
    print(f"left out as sent in before: {split.dropped} predictions")
    new = {pair.first.benchmark for pair in (*split.known, *split.new)} - KINDS.keys()
    if new:
        print(f"not known, each a kind of its own: {', '.join(sorted(new))}")


def _print_forward(known: Sequence[Pair]) -> None:
    print("\nforward validation: each round predicted from those before it")
    head = f"  {'form':24s} {'round':6s} {'n':>4s} {'groups':>6s}"
    print(f"{head} {'coverage':>8s} {'half-width':>10s} {'score':>7s}")
    for name, by_round in forward(known).items():
        for round_, found in by_round.items():
            print(f"  {name:24s} {round_:6s} {_line(found)}")
        if by_round:
            groups = sum(found.groups for found in by_round.values())
            mean = sum(one.groups * one.interval_score for one in by_round.values()) / groups
            cover = sum(one.groups * one.coverage for one in by_round.values()) / groups
            print(f"  {name:24s} {'all':6s} {'':4s} {groups:6d} {cover:8.1%} {'':10s} {mean:7.3f}")
    print(f"  the form that is used: {CHOSEN}")


def _print_parts(new: Sequence[Pair], ours: Bands, theirs: Bands) -> None:
    """Print the scores by kind of job, large pre-training apart."""
    print(f"\n  {'predicted':24s} {'':6s} {'n':>4s} {'groups':>6s}", end=" ")
    print(f"{'coverage':>8s} {'half-width':>10s} {'score':>7s} {'one exponent':>13s}")
    kinds = sorted({pair.kind for pair in new} - {LARGE_PRETRAINING})
    parts: list[tuple[str, set[str]]] = [(kind, {kind}) for kind in kinds]
    parts += [("all but large pre-training", set(kinds)), (LARGE_PRETRAINING, {LARGE_PRETRAINING})]
    parts.append(("all", {*kinds, LARGE_PRETRAINING}))
    for name, wanted in parts:
        at = [i for i, pair in enumerate(new) if pair.kind in wanted]
        part = [new[i] for i in at]
        if part:
            found = scores(part, Bands(ours.low[at], ours.high[at]))
            rival = scores(part, Bands(theirs.low[at], theirs.high[at]))
            print(f"  {name:31s} {_line(found)} {rival.interval_score:13.3f}")
        else:
            print(f"  {name:31s} none")


def _line(found: Scores) -> str:
    return (
        f"{found.n:4d} {found.groups:6d} {found.coverage:8.1%} {found.median_half_width:10.3f} "
        f"{found.interval_score:7.3f}"
    )


if __name__ == "__main__":
    sys.exit(main())
