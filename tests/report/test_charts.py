"""The charts: all drawn, wide enough for a page, the same bytes, told apart in grey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from synthetic import ONE_UNIT, TWO_UNITS, make_results, nothing_used
from synthetic_parts import PLATFORMS
from synthetic_rich import hostile_results, with_bets

from planner.analysis.results import Results
from planner.model.instruments.terms import CASH_PARTS
from planner.report.chart_cash import LOOKS
from planner.report.charts import chart_tasks


def draw_charts(results: Results, folder: Path) -> dict[str, str]:
    return {task.key: task.run(None) for task in chart_tasks(results, folder)}


ALL = {"mix", "cost", "cash", "drivers", "appearance"}


def test_every_chart_is_drawn_once_and_the_same(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        names = draw_charts(make_results(), folder)
        assert set(names) == ALL
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()
        with Image.open(path) as picture:
            assert 900 <= picture.width <= 1100


@pytest.mark.parametrize(
    ("units", "keys"), [(ONE_UNIT, {"mix"}), (TWO_UNITS, {"mix-1", "mix-2"})], ids=["one", "two"]
)
def test_each_unit_has_a_chart_of_its_own(
    tmp_path: Path, units: tuple[str, ...], keys: set[str]
) -> None:
    tasks = chart_tasks(make_results(units=units), tmp_path)
    assert {task.key for task in tasks if task.key.startswith("mix")} == keys


def test_every_part_of_cash_has_a_look_of_its_own() -> None:
    assert len(set(LOOKS)) == len(LOOKS) == len(CASH_PARTS)


def test_grey_keeps_at_least_four_levels(tmp_path: Path) -> None:
    draw_charts(make_results(), tmp_path)
    with Image.open(tmp_path / "cash.png") as picture:
        grey = np.asarray(picture.convert("L"))
    counts = np.bincount(grey.ravel() // 32, minlength=8)
    assert (counts > 1e-3 * grey.size).sum() >= 4


@pytest.mark.parametrize(
    "results",
    [
        make_results(samples=1),
        make_results(certain=True),
        make_results(periods=1),
        make_results(periods=20),
        make_results(platforms=PLATFORMS[:1], never=0),
        nothing_used(make_results()),
        with_bets(make_results(units=TWO_UNITS)),
        make_results(units=(*TWO_UNITS, "requests/s", "images/s")),
        hostile_results("$x^2$"),
        hostile_results("x" * 64),
    ],
    ids=["sample", "certain", "quarter", "twenty", "one", "none", "bets", "units", "math", "long"],
)
def test_edges_can_be_drawn(tmp_path: Path, results: Results) -> None:
    names = draw_charts(results, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(names.values())
