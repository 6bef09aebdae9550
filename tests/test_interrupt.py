"""The first interrupt is noted, the second leaves by KeyboardInterrupt whatever wraps it."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest

from planner.interrupt import Interrupt


def test_the_first_is_only_noted(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupt("stopping") as interrupt:
        signal.raise_signal(signal.SIGINT)
        assert interrupt.asked
    assert signal.getsignal(signal.SIGINT) is before
    assert "stopping" in capsys.readouterr().err


def test_the_second_is_raised_also_when_it_is_wrapped() -> None:
    def wrap() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt as error:
            raise RuntimeError("Error calling __set_name__") from error

    def run() -> None:
        with Interrupt("stopping"):
            signal.raise_signal(signal.SIGINT)
            wrap()

    with pytest.raises(KeyboardInterrupt):
        run()


def test_errors_of_other_causes_stay_what_they_are() -> None:
    def run() -> None:
        with Interrupt("stopping"):
            signal.raise_signal(signal.SIGINT)
            raise ValueError("another matter")

    with pytest.raises(ValueError, match="another matter"):
        run()


def test_the_second_comes_again_where_it_would_be_swallowed() -> None:
    """What is raised in a callback from C is dropped, as while compiled code is loaded."""
    source = "def call_back(raise_signal, number):\n    raise_signal(number)\n    return True\n"
    names: dict[str, Any] = {}
    exec(compile(source, "/site-packages/llvmlite/binding/engine.py", "exec"), names)

    def run() -> None:
        with Interrupt("stopping"):
            signal.raise_signal(signal.SIGINT)
            assert names["call_back"](signal.raise_signal, signal.SIGINT)
            for _ in range(500):
                time.sleep(0.01)

    with pytest.raises(KeyboardInterrupt):
        run()
