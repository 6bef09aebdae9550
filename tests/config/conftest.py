"""A small valid scenario, and what the loader says when a part of it is replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.config.validation import validate
from planner.config.yaml_tree import read_document
from planner.errors import InputError, Problem

MINIMAL = """\
scenario: small
question: What to sign for?
start: 2026Q1
quarters: 4
discount_rate_per_year: 0.08
samples: 16
seed: 1
sites:
  hall:
    power_mw: 2
    pue: 1.2
    energy_usd_per_kwh: 0.08
    hosting_usd_per_kw_month: 100
  cloud:
    power_mw: unlimited
    pue: 1
    energy_usd_per_kwh: 0
    hosting_usd_per_kw_month: 0
workloads:
  training:
    demand: [100, 120, 150, 180]
    shortfall_usd_per_unit_hour: 60
platforms:
  h100:
    vendor: nvidia
    unit: GPU
    peak_pflops: 0.989
    accelerator_kw: 1.3
    availability: 0.9
    utilisation:
      training: {distribution: triangular, low: 0.3, mode: 0.4, high: 0.5}
offers:
  h100-buy:
    mode: buy
    platform: h100
    sites: [hall]
    supply_accelerators: 500
    price_usd: {distribution: lognormal, p10: 25000, p90: 36000}
    lead_time_quarters: 1
    life_quarters: 20
    residual_share: 0.3
  h100-reserve:
    mode: reserve
    platform: h100
    sites: [cloud]
    supply_accelerators: 500
    price_usd_per_hour: 2.5
    lead_time_quarters: 0
    term_quarters: 1
  h100-rent:
    mode: rent
    platform: h100
    sites: [cloud]
    supply_accelerators: 500
    price_usd_per_hour: {first: 3, change_per_year: -0.2}
limits:
  largest_vendor_share: {nvidia: 1}
"""


@pytest.fixture
def minimal() -> str:
    return MINIMAL


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Write a config and return its path."""

    def written(content: str | bytes) -> Path:
        path = tmp_path / "plan.yaml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


INSTRUMENTS = (Path(__file__).parent / "instruments.yaml").read_text(encoding="utf-8")
"""A valid scenario with every instrument once."""


@pytest.fixture
def instruments() -> str:
    return INSTRUMENTS


@pytest.fixture
def problems(write: Callable[[str | bytes], Path]) -> Callable[..., list[Problem]]:
    """Return the problems of the small scenario with parts of its text replaced."""
    return _problems_of(MINIMAL, write)


@pytest.fixture
def instrument_problems(write: Callable[[str | bytes], Path]) -> Callable[..., list[Problem]]:
    """Return the problems of the scenario with every instrument, parts of its text replaced."""
    return _problems_of(INSTRUMENTS, write)


def _problems_of(
    scenario: str, write: Callable[[str | bytes], Path]
) -> Callable[..., list[Problem]]:
    def found(*replacements: tuple[str, str]) -> list[Problem]:
        text = scenario
        for old, new in replacements:
            assert text.count(old) == 1, f"{old!r} must stand once in the scenario"
            text = text.replace(old, new)
        with pytest.raises(InputError) as caught:
            validate(read_document(write(text)))
        assert "Traceback" not in str(caught.value)
        return list(caught.value.problems)

    return found


@pytest.fixture
def told_once(
    instrument_problems: Callable[..., list[Problem]],
) -> Callable[[str, str, str, str, str], None]:
    """Assert that one replaced text is told once at a path and its line, with words that help."""

    def check(old: str, new: str, path: str, words: str, help_words: str) -> None:
        told = instrument_problems((old, new))
        here = [problem for problem in told if problem.path == path]
        assert len(here) == 1, "\n\n".join(problem.render() for problem in told)
        (problem,) = here
        assert words in problem.message
        assert help_words in f"{problem.allowed} {problem.remedy}"
        assert problem.allowed or problem.remedy
        # A mistake may have consequences, but they are not many.
        assert len(told) <= 3
        assert problem.line == line_of(INSTRUMENTS.replace(old, new), path)

    return check


def line_of(text: str, path: str) -> int:
    """Return the line at which a path, or the nearest part of it, is written in the scenario."""
    lines = text.splitlines()
    at = -1
    for depth, part in enumerate(path.split(".")):
        key = f"{'  ' * depth}{part}:"
        found = next((n for n in range(at + 1, len(lines)) if lines[n].startswith(key)), None)
        if found is None:
            break
        at = found
    return at + 1
