"""The first interrupt is noted, the second leaves by KeyboardInterrupt whatever wraps it."""

from __future__ import annotations

import signal

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
