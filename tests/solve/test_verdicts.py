"""The batch kernel against HiGHS on twenty templates; `benchmarks.verdicts` does more of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from solve.random_templates import COUNT, kind, programs
from solve.referee import SAME, Referee, Tally
from solve.reference import OPTIMAL, UNKNOWN

from planner.model.template import LinearPrograms

SEED, N, CHECKS = 1, 80, 5


@pytest.fixture(scope="module")
def tallies() -> list[Tally]:
    """Two blocks of each template: the second with ties broken."""
    made = []
    for at in range(COUNT):
        referee, tally = Referee(SEED, at), Tally()
        for number in range(2):
            tally.add(referee.examine(number, CHECKS, N))
        made.append(tally)
    return made


@pytest.mark.parametrize("at", range(COUNT))
def test_the_kernel_is_right_or_defers(tallies: list[Tally], at: int) -> None:
    tally = tallies[at]
    assert tally.programs == 2 * N
    assert tally.wrong == []
    assert tally.without_verdict == 0
    # Between nearly parallel equations HiGHS's tolerance can make a program infeasible.
    if kind(SEED, at).name != "near equations":
        assert not any(case.highs_wrong for case in tally.deferred)


def test_the_kernel_does_most_of_the_work(tallies: list[Tally]) -> None:
    proven = sum(tally.proven for tally in tallies)
    optimal = sum(tally.verdicts[OPTIMAL] for tally in tallies)
    assert proven > 0.8 * optimal


def test_every_kind_of_verdict_occurs(tallies: list[Tally]) -> None:
    for tally in tallies:
        assert tally.verdicts[OPTIMAL] > 0
    for verdict in ("infeasible", "unbounded"):
        assert sum(tally.verdicts[verdict] > 0 for tally in tallies) >= 3


def test_templates_are_of_all_sizes_and_drawn_again_the_same() -> None:
    sizes = {kind(SEED, at).size for at in range(COUNT)}
    assert {"3 x 5", "60 x 120"} <= sizes
    for at in range(COUNT):
        one, other = programs(SEED, at, 3, 5), programs(SEED, at, 3, 5)
        for name in ("cost", "matrix", "rhs", "lower", "upper"):
            assert (getattr(one, name) == getattr(other, name)).all()
        assert (programs(SEED, at, 4, 5).cost != one.cost).any()


def test_badly_scaled_templates_span_a_million() -> None:
    spans = [max(_spans(programs(SEED, at, 0, 20))) for at in range(COUNT)]
    assert sum(span > 3e5 for span in spans) >= 2


def _spans(given: LinearPrograms) -> list[float]:
    return [high / low for low, high in (given.ranges()[name] for name in ("matrix", "cost"))]


class _Doctored:
    """A kernel whose every optimum is off by a part that its certificate does not see."""

    def __init__(self, kernel: Any, off: float) -> None:
        self._kernel, self._off = kernel, off

    def solve(self, given: LinearPrograms, **options: Any) -> Any:
        answers = self._kernel.solve(given, **options)
        return replace(answers, x=answers.x * (1 + self._off))


@pytest.mark.parametrize(("off", "wrong"), [(5 * SAME, True), (SAME / 5, False)])
def test_a_wrong_optimum_is_found_out(
    monkeypatch: pytest.MonkeyPatch, off: float, wrong: bool
) -> None:
    referee = Referee(SEED, 5)
    monkeypatch.setattr(referee, "_kernel", _Doctored(referee._kernel, off))
    tally = referee.examine(0, CHECKS, 20)
    assert tally.proven > 0
    assert len(tally.differing) == (tally.proven if wrong else 0)
    assert (len(tally.wrong) == tally.proven) if wrong else (tally.wrong == [])


def test_what_highs_cannot_decide_and_the_kernel_defers_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    referee = Referee(SEED, 5)
    solve = referee._highs.solve

    def none(given: LinearPrograms) -> Any:
        return replace(solve(given), verdicts=np.full(given.n, UNKNOWN, dtype=object))

    monkeypatch.setattr(referee._highs, "solve", none)
    tally = referee.examine(0, 0, 20)
    assert 0 < tally.without_verdict == 20 - tally.proven
    assert len(tally.differing) == tally.proven
    assert not tally.wrong
