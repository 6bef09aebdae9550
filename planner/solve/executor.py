"""Runs tasks over blocks, here or in other processes, and hands the answers back in task order."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from planner.errors import SolveError

Answer = TypeVar("Answer")
_Answer = TypeVar("_Answer", covariant=True)

_AHEAD = 3
"""Tasks for each worker that are at work or wait, so that none waits for this process."""


class Task(Protocol[_Answer]):
    """Something that a worker can do with its own state; tasks and answers must pickle."""

    def run(self, state: Any) -> _Answer:
        """Return the answer."""
        ...


class Executor(Generic[Answer]):
    """A pool of workers that each build their state once.

    Parameters
    ----------
    build : callable
        Makes a worker's state from `args`; must be importable by name.
    args : tuple
    workers : int
        With 1 the tasks run in this process.
    """

    def __init__(self, build: Callable[..., Any], args: tuple[Any, ...], workers: int) -> None:
        self._build, self._args, self._workers = build, args, workers
        self._pool: ProcessPoolExecutor | None = None
        self._ending: list[Any] = []
        self._state: Any = None

    def __enter__(self) -> Self:
        if self._workers > 1:
            # Spawned and not forked: HiGHS and BLAS threads do not survive a fork.
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start_worker,
                initargs=(self._build, self._args),
            )
            with _interrupts_ignored():
                self._pool.submit(_ready)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            self._kill()
        if self._pool is not None:
            self.stop() if error is not None else self._pool.shutdown()

    def map(self, tasks: Iterable[Task[Any]]) -> Iterator[Any]:
        """Return the answer of each task, in the order of the tasks.

        Other processes begin at once, and stay only so many tasks ahead of the answers that are
        asked for, so that answers do not pile up; in this one each task runs when its answer is
        asked for.

        Raises
        ------
        SolveError
            If a worker process dies.
        """
        if self._pool is None:
            return self._run_here(tasks)
        waiting = iter(tasks)
        with _deaths_told():
            first = islice(waiting, _AHEAD * self._workers)
            ahead = deque(self._pool.submit(_do, task) for task in first)
        return _collected(self._pool, ahead, waiting)

    def _run_here(self, tasks: Iterable[Task[Any]]) -> Iterator[Any]:
        if self._state is None:
            self._state = self._build(*self._args)
        for task in tasks:
            yield task.run(self._state)

    def stop(self) -> None:
        """Drop what is waiting; the workers end with what they are at, and tasks run here then.

        They are not killed: one that dies while it sends an answer leaves the pool waiting for
        the rest of it for ever.
        """
        if self._pool is not None:
            self._ending = self._processes()
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None

    def _processes(self) -> list[Any]:
        processes = self._pool._processes if self._pool is not None else None
        return list((processes or {}).values())

    def _kill(self) -> None:
        """End the workers at once, also those of a pool that was stopped: the process ends too."""
        for process in [*self._ending, *self._processes()]:
            process.kill()


def _collected(
    pool: ProcessPoolExecutor, ahead: deque[Future[Any]], waiting: Iterator[Task[Any]]
) -> Iterator[Any]:
    """Yield answers in order, and put in a task for each that came; drop what nobody asks for."""
    try:
        while ahead:
            with _deaths_told():
                answer = ahead.popleft().result()
                ahead.extend(pool.submit(_do, task) for task in islice(waiting, 1))
            yield answer
    finally:
        for future in ahead:
            future.cancel()


@contextmanager
def _deaths_told() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise SolveError("a worker process died (out of memory?); try --workers 1") from error


def available_workers() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


_worker_state: Any = None


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Ignore interrupts here, and in processes started meanwhile for good.

    The parent decides what an interrupt means; a worker that died of it would break the pool.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _ready() -> None:
    """Make the pool start its processes."""


def _start_worker(build: Callable[..., Any], args: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    global _worker_state
    _worker_state = build(*args)


def _do(task: Task[Any]) -> Any:
    return task.run(_worker_state)
