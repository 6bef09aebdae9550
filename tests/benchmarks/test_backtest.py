"""The backtest scores by hand-computed rules, and foretells a process that it knows."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks import backtest
from benchmarks.backtest_forecasts import (
    METHODS,
    NO_CHANGE,
    PROCESS,
    SERIES_WALK,
    forecasts,
    process_bands,
)
from benchmarks.backtest_scores import Cell, Scored, average, covers, figures, interval_score
from planner.uncertainty.fitting.series import Series
from planner.uncertainty.fitting.steps import fit_steps

HEADER = "date,cloud,region,instance_type,accelerator,usd_per_accelerator_hour,pricing"
KEYS = {"coverage", "n", "interval_score_ratio", "by_horizon", "by_accelerator"}


def rows(months: range, level: dict[str, float], rng: np.random.Generator) -> list[str]:
    """Continue prices of two accelerators in six regions; two regions are alike."""
    lines = []
    for month in months:
        day = f"{2020 + month // 12}-{month % 12 + 1:02d}-20"
        for accelerator in ("X1", "X2"):
            for region in range(6):
                key = f"{accelerator}{region}"
                if rng.random() < 0.15:
                    level[key] = level.get(key, 2.0) * math.exp(rng.normal(0, 0.2))
                source = f"{accelerator}4" if region == 5 else key
                price = level.get(source, 2.0)
                lines.append(f"{day},gcp,r{region},m,{accelerator},{price:.6f},spot")
                lines.append(f"{day},gcp,r{region},m,{accelerator},9.5,on_demand")
                lines.append(f"{day},aws,r{region},m,{accelerator},1.0,spot")
    return lines


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    rng, level = np.random.default_rng(21), {}
    history, later = tmp_path / "history.csv", tmp_path / "later.csv"
    for file, months in ((history, range(40)), (later, range(40, 48))):
        file.write_text("\n".join([HEADER, *rows(months, level, rng)]) + "\n", encoding="utf-8")
    return history, later


def last_line(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_interval_scores_by_hand() -> None:
    assert interval_score(-0.1, 0.3, 0.2) == pytest.approx(0.4)
    assert interval_score(-0.1, 0.3, 0.35) == pytest.approx(0.4 + 10 * 0.05)
    assert interval_score(-0.1, 0.3, -0.4) == pytest.approx(0.4 + 10 * 0.3)
    assert interval_score(0.0, 0.0, 0.0) == 0
    assert covers(0.0, 0.1, 0.1)
    assert not covers(0.0, 0.1, 0.11)


def test_the_true_band_has_the_least_mean_score() -> None:
    """The score is proper: P10 and P90 of a normal beat all wider and narrower bands."""
    values = np.random.default_rng(0).normal(size=4000)
    means = {
        reach: np.mean([interval_score(-reach, reach, v) for v in values])
        for reach in (0.8, 1.1, 1.2816, 1.5, 2.0)
    }
    assert min(means, key=means.__getitem__) == 1.2816


def test_regions_are_averaged_before_cells() -> None:
    wide, narrow = {"a": (-1.0, 1.0)}, {"a": (0.0, 0.0)}
    one, other = Cell("s", 1, "X"), Cell("s", 2, "X")
    scored = [
        Scored(one, "r1", wide, 0.5),
        Scored(one, "r2", wide, 0.5),
        Scored(one, "r3", narrow, 0.1),
        Scored(other, "r1", narrow, 0.3),
    ]
    found = average(scored, "a")
    assert found.coverage == pytest.approx((2 / 3 + 0) / 2)
    assert found.score == pytest.approx(((2 + 2 + 1) / 3 + 3) / 2)
    assert found.n == 4


def test_ratios_are_to_the_rival() -> None:
    scored = [Scored(Cell("s", 1, "X"), "r", {"a": (-1, 1), "b": (-2, 2)}, 0.0)]
    found = figures(scored, "a", "b")
    assert found["interval_score_ratio"] == 0.5
    assert found["by_horizon"]["1"] == {"coverage": 1, "n": 1, "interval_score_ratio": 0.5}


def test_scope_is_seven_months_that_reach_the_split() -> None:
    long = Series("long", np.arange(30), np.exp(np.sin(np.arange(30))))
    short = Series("short", np.arange(14, 30), np.exp(np.cos(np.arange(14, 30))))
    ended = Series("ended", np.arange(18), np.exp(np.sin(np.arange(18) / 2)))
    found = list(forecasts("s", 19, "X", [long, short, ended]))
    assert {one.series for one in found} == {"long"}
    assert [one.cell.horizon for one in found] == [1, 2, 3]
    assert found[0].value == pytest.approx(math.sin(22) - math.sin(19))
    known = [one.until(19) for one in (long, short, ended)]
    assert found[1].bands[PROCESS] == process_bands(known)[1]
    monthly = np.diff(np.sin(np.arange(20)))
    width = 1.2815515655 * math.sqrt(np.mean(monthly**2) * 6)
    assert found[1].bands[SERIES_WALK] == pytest.approx((-width, width))
    assert found[1].bands[NO_CHANGE] == (0, 0)


def test_nothing_after_a_split_moves_its_forecasts() -> None:
    rng = np.random.default_rng(2)
    logs = np.cumsum((rng.random((2, 30)) < 0.3) * rng.normal(0, 0.2, (2, 30)), axis=1)
    now = [Series(str(i), np.arange(30), np.exp(row)) for i, row in enumerate(logs)]
    logs[:, 20:] += 1.0
    other = [Series(str(i), np.arange(30), np.exp(row)) for i, row in enumerate(logs)]
    first, second = (list(forecasts("s", 19, "X", some)) for some in (now, other))
    assert [one.bands for one in first] == [one.bands for one in second]
    assert first[0].value != second[0].value


def test_bands_of_steps_by_hand() -> None:
    """One fall to a half in 40 quarters: rarer than one in ten, so that P10 and P90 are now."""
    logs = np.zeros(121)
    logs[60:] = -math.log(2)
    still = Series("a", np.arange(121), np.exp(logs))
    assert fit_steps([still]).spec["probability_per_quarter"] == pytest.approx(3 / 118, rel=1e-3)
    assert process_bands([still])[0] == (0.0, 0.0)


def test_last_line_has_every_figure(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    history, later = files
    splits = [word for split in ("2021-06", "2022-01-01") for word in ("--split", split)]
    assert backtest.main([str(history), str(later), *splits]) == 0
    printed = capsys.readouterr().out
    assert all(method in printed for method in METHODS)
    assert "on_demand" in printed
    found = json.loads(printed.splitlines()[-1])
    assert set(found) == {*KEYS, "later"}
    assert set(found["later"]) == KEYS
    # Two splits, four horizons, two accelerators, five regions that differ.
    assert found["n"] == 2 * 4 * 2 * 5
    assert set(found["by_accelerator"]) == {"X1", "X2"}
    assert set(found["by_horizon"]) == {"1", "2", "3", "4"}
    # Eight later months have targets one and two quarters ahead.
    assert found["later"]["n"] == 2 * 2 * 5
    assert 0.6 <= found["coverage"] <= 1
    assert 0 < found["interval_score_ratio"] < 1.2


def test_the_same_bytes_each_time(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(files[0]), "--split", "2022-01"]
    printed = []
    for _ in range(2):
        assert backtest.main(arguments) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    assert "later" not in json.loads(printed[0].splitlines()[-1])


@pytest.mark.parametrize(
    ("split", "message"),
    [("2031-01", "inside the history"), ("soon", "inside"), ("2020-03", "no forecast to score")],
)
def test_splits_that_cannot_be_scored_are_refused(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str], split: str, message: str
) -> None:
    assert backtest.main([str(files[0]), "--split", split]) == 2
    assert message in capsys.readouterr().err


def test_a_later_file_without_targets_is_refused(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    history, _ = files
    assert backtest.main([str(history), str(history), "--split", "2022-01"]) == 2
    assert "no forecast to score" in capsys.readouterr().err
