"""The section `commitment`: its defaults, its bounds, and what must agree with the plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.catalog.resolve import load_scenario
from planner.config.commitment import Commitment, PlannedService
from planner.config.schema import Scenario
from planner.config.validation import validate
from planner.config.yaml_tree import read_document
from planner.errors import InputError, Problem

Write = Callable[[str | bytes], Path]
Told = Callable[[str], list[Problem]]
Read = Callable[[str], Scenario]


@pytest.fixture
def read(write: Write, minimal: str) -> Read:
    """Return the small scenario of four quarters with a commitment, given in flow style."""

    def found(asked: str) -> Scenario:
        return validate(read_document(write(f"{minimal}commitment: {asked}\n")))

    return found


@pytest.fixture
def told(read: Read, minimal: str) -> Told:
    """Return what the loader says of it."""

    def found(asked: str) -> list[Problem]:
        with pytest.raises(InputError) as caught:
            read(asked)
        problems = list(caught.value.problems)
        line = len(minimal.splitlines()) + 1
        assert all(problem.line == line for problem in problems)
        assert all(problem.allowed and problem.message for problem in problems)
        return problems

    return found


def test_nothing_need_be_written(write: Write, minimal: str) -> None:
    found = validate(read_document(write(minimal))).commitment
    assert found == Commitment()
    assert found.model_dump() == {
        "samples": 1024,
        "gap": 1e-4,
        "cvar_weight": 0.0,
        "cvar_level": 0.95,
        "window_quarters": 1,
        "replications": 10,
        "replication_samples": 256,
        "service": None,
        "break_evens": 3,
    }


def test_every_key_is_read(read: Read) -> None:
    found = read(
        "{samples: 64, gap: 1e-3, cvar_weight: 0.25, cvar_level: 0.9, window_quarters: 4, "
        "replications: 5, replication_samples: 32, service: {expected_share: 0.97}, break_evens: 0}"
    ).commitment
    assert found == Commitment(
        samples=64,
        gap=1e-3,
        cvar_weight=0.25,
        cvar_level=0.9,
        window_quarters=4,
        replications=5,
        replication_samples=32,
        service=PlannedService(expected_share=0.97),
        break_evens=0,
    )


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("samples", "15", "from 16"),
        ("samples", "100.5", "whole number"),
        ("gap", "0", "above 0"),
        ("gap", "0.2", "up to 0.1"),
        ("cvar_weight", "1.01", "from 0 to 1"),
        ("cvar_weight", "-0.1", "from 0 to 1"),
        ("cvar_level", "1", "to below 1"),
        ("cvar_level", "95%", "to below 1"),
        ("window_quarters", "0", "from 1"),
        ("window_quarters", "21", "to 20"),
        ("window_quarters", "true", "whole number"),
        ("replications", "1", "from 2"),
        ("replication_samples", "15", "from 16"),
        ("break_evens", "-1", "from 0"),
    ],
)
def test_a_figure_out_of_bounds_is_told_once(
    told: Told, key: str, value: str, allowed: str
) -> None:
    [problem] = told(f"{{{key}: {value}}}")
    assert problem.path == f"commitment.{key}"
    assert allowed in problem.allowed


@pytest.mark.parametrize("asked", ["{}", "{expected_share: 0.9, fully_served_share: 0.9}"])
def test_a_service_target_is_of_one_kind(told: Told, asked: str) -> None:
    [problem] = told(f"{{service: {asked}}}")
    assert problem.path == "commitment.service"
    assert "expected_share" in problem.message
    assert "fully_served_share" in problem.message
    assert problem.remedy


@pytest.mark.parametrize("asked", ["{expected_share: 0.9}", "{fully_served_share: 1}"])
def test_either_kind_of_target_is_accepted(read: Read, asked: str) -> None:
    assert read(f"{{service: {asked}}}").commitment.service is not None


def test_the_window_fits_the_plan(told: Told, read: Read) -> None:
    assert read("{window_quarters: 4}").commitment.window_quarters == 4
    [problem] = told("{window_quarters: 5}")
    assert problem.path == "commitment.window_quarters"
    assert "4 quarters" in problem.message
    assert "1 to 4" in problem.allowed
    assert problem.value == "5"


def test_a_shorter_plan_is_checked_against_the_window(write: Write, minimal: str) -> None:
    path = write(f"{minimal}commitment: {{window_quarters: 4}}\n")
    assert load_scenario(path).scenario.commitment.window_quarters == 4
    with pytest.raises(InputError) as caught:
        load_scenario(path, ["quarters=1", "workloads.training.demand=100"])
    [problem] = caught.value.problems
    assert problem.path == "commitment.window_quarters"
    assert "1 quarter" in problem.message


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("{cvar_weight: 0.5, cvar_level: 0.99, samples: 99}", ["samples"]),
        ("{cvar_weight: 0.5, samples: 19, replication_samples: 19}",
         ["samples", "replication_samples"]),
        ("{cvar_weight: 0.5, cvar_level: 0.999}", ["cvar_level"]),
    ],
)  # fmt: skip
def test_a_tail_holds_at_least_one_sample(told: Told, asked: str, keys: list[str]) -> None:
    problems = told(asked)
    assert {problem.path for problem in problems} == {f"commitment.{key}" for key in keys}
    assert all("less than one sample" in problem.message for problem in problems)
    assert all("cvar_level" in problem.remedy for problem in problems)


@pytest.mark.parametrize(
    "asked",
    [
        "{cvar_weight: 0, cvar_level: 0.999, samples: 16}",
        "{cvar_weight: 0.5, cvar_level: 0.95, samples: 20, replication_samples: 20}",
        "{cvar_weight: 1, cvar_level: 0, samples: 16, replication_samples: 16}",
    ],
)
def test_a_tail_that_does_not_count_or_is_large_enough_is_accepted(read: Read, asked: str) -> None:
    assert read(asked)


def test_all_problems_are_told_at_once(told: Told) -> None:
    problems = told("{samples: 1, window_quarters: 9, cvar_lvel: 0.9, service: {}}")
    assert {problem.path for problem in problems} == {
        "commitment.samples",
        "commitment.window_quarters",
        "commitment.cvar_lvel",
        "commitment.service",
    }
    [unknown] = [problem for problem in problems if problem.path == "commitment.cvar_lvel"]
    assert "cvar_level" in unknown.remedy


@pytest.mark.parametrize("asked", ["5", "[1, 2]", "{window_quarters: [7]}", "{samples: .nan}"])
def test_anything_else_is_a_problem_and_no_crash(told: Told, asked: str) -> None:
    assert told(asked)


def test_an_override_reaches_it(write: Write, minimal: str) -> None:
    path = write(f"{minimal}commitment: {{service: {{expected_share: 0.9}}}}\n")
    sets = ["commitment.samples=64", "commitment.service={fully_served_share: 0.5}"]
    found = load_scenario(path, sets).scenario.commitment
    assert found == Commitment(samples=64, service=PlannedService(fully_served_share=0.5))
