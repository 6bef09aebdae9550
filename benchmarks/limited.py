"""An engine in a process of its own, whose time and memory are limited and measured."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

_MB = 1024.0
"""Of the system's count of a process's memory, which is in KiB."""

_NO_MEMORY = ("MemoryError", "bad_alloc", "Cannot allocate memory", "failed to map segment")
"""What is said where there is not enough."""


@dataclass(frozen=True)
class Limits:
    """What a process may take: seconds once its work begins, and GiB of data."""

    seconds: float
    memory_gb: float


@dataclass(frozen=True)
class Outcome:
    """What an engine found, or how it broke.

    Attributes
    ----------
    seconds, cpu_seconds, objective : float
        NaN if it broke. Processors' seconds say how much the machine was wanted elsewhere.
    peak_mb : float
        Of its largest process, also if it broke; 0 if it was not started.
    gap, iterations : float and int, or None
        Where the engine says them.
    broke : str
        Empty if it did not.
    stopped_after_s : float
        The limit of time, if that is how it broke; else 0.
    """

    seconds: float = float("nan")
    objective: float = float("nan")
    cpu_seconds: float = float("nan")
    peak_mb: float = 0.0
    gap: float | None = None
    iterations: int | None = None
    broke: str = ""
    stopped_after_s: float = 0.0


def run_limited(
    engine: str, samples: int, risk: str, limits: Limits, reference: float | None
) -> Outcome:
    """Return what an engine of `benchmarks.committed_engines` finds within limits."""
    command = [sys.executable, "-m", "benchmarks.committed_engines", engine, str(samples), risk]
    command += [str(limits.seconds), str(limits.memory_gb)]
    command += [] if reference is None else ["--reference", repr(reference)]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        code, peak_mb = _run(command, out, err)
        out.seek(0)
        err.seek(0)
        printed, said = out.read(), err.read()
    if code == 0:
        return Outcome(**json.loads(printed.splitlines()[-1]), peak_mb=peak_mb)
    if code == -signal.SIGALRM:
        broke = f"more than {limits.seconds:g} s"
        return Outcome(broke=broke, peak_mb=peak_mb, stopped_after_s=limits.seconds)
    return Outcome(broke=_why(code, said, limits), peak_mb=peak_mb)


def _run(command: list[str], out: Any, err: Any) -> tuple[int, float]:
    """Return a command's exit code and the memory of the largest of its processes."""
    # A session of its own, so that a solver that it has started ends with it.
    process = subprocess.Popen(command, stdout=out, stderr=err, start_new_session=True)
    try:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, used.ru_maxrss / _MB


def _why(code: int, said: str, limits: Limits) -> str:
    if code == -signal.SIGKILL or any(word in said for word in _NO_MEMORY):
        return f"more than {limits.memory_gb:g} GiB of memory"
    if code < 0:
        return f"ended by {signal.Signals(-code).name}"
    return said.strip().splitlines()[-1] if said.strip() else f"ended with code {code}"
