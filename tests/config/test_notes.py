"""What is allowed and must be told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.config.notes import notes
from planner.config.validation import validate
from planner.config.yaml_tree import read_document

Write = Callable[[str | bytes], Path]


def told(write: Write, text: str) -> list[str]:
    powered = text.replace("availability: 0.9\n", "availability: 0.9\n    idle_power_share: 0.1\n")
    return notes(validate(read_document(write(powered))))


def test_nothing_to_tell(write: Write, minimal: str) -> None:
    assert told(write, minimal) == []


@pytest.mark.parametrize(
    ("lead", "term", "words"),
    [
        (
            0,
            5,
            "5 quarters outlasts the plan of 4 quarters, as none begins before 2026Q1",
        ),
        (0, 4, "a term of 4 quarters that begins after 2026Q1 outlasts the plan"),
        (0, 2, "a term of 2 quarters that begins after 2026Q3 outlasts the plan"),
        (
            1,
            4,
            "4 quarters outlasts the plan of 4 quarters, as none begins before 2026Q2",
        ),
    ],
)
def test_terms_past_the_horizon(
    write: Write, minimal: str, lead: int, term: int, words: str
) -> None:
    text = minimal.replace("lead_time_quarters: 0", f"lead_time_quarters: {lead}")
    (note,) = told(write, text.replace("term_quarters: 1", f"term_quarters: {term}"))
    assert note.startswith("Offer h100-reserve: ")
    assert words in note
    assert "Only the payments up to 2026Q4 are counted as cost" in note
    assert "contract liability" in note


def test_a_term_that_can_only_begin_in_the_last_quarter(write: Write, minimal: str) -> None:
    text = minimal.replace("lead_time_quarters: 0", "lead_time_quarters: 3")
    assert told(write, text) == []
    (note,) = told(write, text.replace("term_quarters: 1", "term_quarters: 2"))
    assert "none begins before 2026Q4" in note


@pytest.mark.parametrize("mode", ["buy", "reserve"])
def test_a_lead_time_as_long_as_the_plan(write: Write, minimal: str, mode: str) -> None:
    written = "lead_time_quarters: 1\n" if mode == "buy" else "lead_time_quarters: 0\n"
    (note,) = told(write, minimal.replace(written, "lead_time_quarters: 4\n"))
    assert note.startswith(f"Offer h100-{mode} can never deliver")
    assert "lead time is 4 quarters" in note


def test_a_life_that_ends_before_the_plan(write: Write, minimal: str) -> None:
    (note,) = told(write, minimal.replace("life_quarters: 20", "life_quarters: 2"))
    assert "delivered in 2026Q2 are out of use from 2026Q4" in note
    assert told(write, minimal.replace("life_quarters: 20", "life_quarters: 3")) == []
