"""Workers: the same answers in the same order, and an error instead of a wait for the dead."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from planner.errors import SolveError
from planner.solve import executor
from planner.solve.executor import Executor, available_workers

pytestmark = pytest.mark.usefixtures("no_hang")


@pytest.fixture
def no_hang() -> Iterator[None]:
    """Fail instead of waiting for ever."""

    def give_up(signum: int, frame: object) -> None:
        raise TimeoutError("hung")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def build(offset: int) -> dict[str, int]:
    return {"offset": offset, "done": 0}


def build_badly(offset: int) -> dict[str, int]:
    raise ValueError(f"no state for {offset}")


@dataclass(frozen=True)
class Add:
    number: int

    def run(self, state: Any) -> tuple[int, int]:
        # The first ones take longest, so that answers come out of order.
        time.sleep(0.05 if self.number < 2 else 0)
        return self.number + state["offset"], os.getpid()


@dataclass(frozen=True)
class Mark:
    folder: Path
    number: int

    def run(self, state: Any) -> int:
        time.sleep(0.2)
        (self.folder / str(self.number)).touch()
        return self.number


@dataclass(frozen=True)
class Die:
    def run(self, state: Any) -> None:
        os._exit(1)


@dataclass(frozen=True)
class Fail:
    def run(self, state: Any) -> None:
        raise SolveError("in block 3 of samples: not proven")


@pytest.mark.parametrize("workers", [1, 2])
def test_answers_come_in_the_order_of_the_tasks(workers: int) -> None:
    with Executor[Any](build, (100,), workers) as pool:
        found = list(pool.map([Add(k) for k in range(8)]))
        again = list(pool.map([Add(9)]))
    assert [answer for answer, _ in found] == list(range(100, 108))
    assert again[0][0] == 109
    assert (os.getpid() in {process for _, process in found}) == (workers == 1)


def test_a_worker_that_dies_is_an_error() -> None:
    began = time.monotonic()
    with (
        pytest.raises(SolveError, match="a worker process died"),
        Executor[Any](build, (0,), 2) as pool,
    ):
        list(pool.map([Add(5), Die(), *(Add(k) for k in range(20))]))
    assert time.monotonic() - began < 30


def test_a_worker_that_cannot_start_is_an_error() -> None:
    with (
        pytest.raises(SolveError, match="a worker process died"),
        Executor[Any](build_badly, (0,), 2) as pool,
    ):
        list(pool.map([Add(5)]))


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_a_task_arrives_as_it_is(workers: int) -> None:
    with (
        pytest.raises(SolveError, match="in block 3 of samples: not proven"),
        Executor[Any](build, (0,), workers) as pool,
    ):
        list(pool.map([Add(5), Fail(), Add(6)]))


def test_after_a_stop_what_is_left_runs_here() -> None:
    with Executor[Any](build, (100,), 2) as pool:
        assert next(iter(pool.map([Add(k) for k in range(4)])))[0] == 100
        pool.stop()
        assert list(pool.map([Add(5)])) == [(105, os.getpid())]


def test_tasks_stay_a_few_ahead_of_the_answers_that_are_asked_for() -> None:
    """Three for each worker, put in at once; then one for each answer."""
    taken: list[int] = []

    def tasks() -> Iterator[Add]:
        for number in range(40):
            taken.append(number)
            yield Add(number)

    with Executor[Any](build, (0,), 2) as pool:
        answers = pool.map(tasks())
        assert len(taken) == 6
        for k in range(5):
            assert next(answers)[0] == k
            assert len(taken) == 7 + k
        time.sleep(0.3)
        assert len(taken) == 11
        assert [number for number, _ in answers] == list(range(5, 40))


def test_what_nobody_asks_for_is_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a map that is left behind only what is at work, or next, is still done."""
    monkeypatch.setattr(executor, "_AHEAD", 10)
    with Executor[Any](build, (0,), 2) as pool:
        answers = pool.map([Mark(tmp_path, k) for k in range(20)])
        assert next(answers) == 0
        del answers
        assert next(pool.map([Add(9)]))[0] == 9
    assert 1 <= len(list(tmp_path.iterdir())) <= 7


def test_there_is_a_worker() -> None:
    assert available_workers() >= 1
