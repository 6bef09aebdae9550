"""The terminal's table: short, plain at the edges, and deaf to rich markup in names."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console
from synthetic import TWO_UNITS, make_results, nothing_used
from synthetic_rich import HOSTILE, always_short, hostile_results, with_bets

from planner.analysis.results import Results
from planner.report.summary import result_rows, result_table


def shown(results: Results) -> str:
    stream = io.StringIO()
    Console(file=stream, width=300).print(result_table(results))
    return stream.getvalue()


def test_it_holds_the_answer() -> None:
    rows = dict(result_rows(make_results()))
    assert "±" in rows["mean cost ± standard error"]
    assert " to " in rows["cost, P10 to P90"]
    assert "of samples" in rows["nvidia-h100-sxm"]
    assert rows["in no optimum"] == "amd-mi300x, in-house-gen1"
    assert len(rows) < 20


def test_the_edges_are_said_plainly() -> None:
    assert "one sample" in dict(result_rows(make_results(samples=1)))["cost, P10 to P90"]
    assert dict(result_rows(nothing_used(make_results())))["platforms"].startswith("none")
    stopped = replace(make_results(), complete=False, samples_asked=4096)
    assert "INCOMPLETE" in dict(result_rows(stopped))["samples"]


def test_each_unit_has_its_own_share() -> None:
    rows = dict(result_rows(make_results(units=TWO_UNITS)))
    assert "of effective PFLOP/s, " in rows["nvidia-b200"]
    assert "of tokens/s, in" in rows["nvidia-b200"]
    assert not any(name.startswith("USD per hour") for name in rows)
    assert "USD per hour of 1 effective PFLOP/s" in dict(result_rows(make_results()))


def test_bets_targets_and_lasting_shortfall_are_shown() -> None:
    rows = dict(result_rows(always_short(with_bets(make_results()))))
    assert "of samples" in rows["own-chip (programme)"]
    assert rows["pretraining, target of 95 %"].startswith("met in ")
    assert rows["pretraining served, mean"].endswith("in full in no sample")
    assert "no sample" not in dict(result_rows(make_results()))["pretraining served, mean"]


@pytest.mark.parametrize("text", HOSTILE)
def test_names_never_act_as_markup(text: str) -> None:
    found = shown(hostile_results(text))
    assert "\x1b" not in found
    if "[red]" in text:
        assert "[red]rich[/red]" in found
