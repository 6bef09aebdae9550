"""The command, against published values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from smps_files import FARMER_CORE, farmer, power_core, power_stoch, write
from smps_files import POWER_TIME as TIME

from benchmarks.smps import main
from benchmarks.smps_format.instance import read_instance
from benchmarks.smps_format.scenarios import Every
from planner.solve.two_stage.lshaped import costs_of
from planner.solve.two_stage.replications import probability_of

FARMER = (-108390.0, -115405.56, -118600.0, -107240.0)
"""RP, WS, EV and EEV of Birge and Louveaux, tables 5 to 7."""


def last_line(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(arguments) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_the_farmer_and_what_knowing_more_is_worth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = last_line(capsys, str(farmer(tmp_path)), "--values")
    got = [found[name] for name in ("objective", "ws", "ev", "eev")]
    assert got == pytest.approx(FARMER, rel=1e-7)
    assert found["exact"]
    assert found["gap_interval"] is None
    assert found["bound"] == pytest.approx(found["objective"], rel=1e-8)
    assert found["x"] == pytest.approx({"XW": 170, "XC": 80, "XB": 250})


def test_the_farmer_who_minds_the_worst(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # mean + 5 CVaR: the values of StochasticPrograms.jl's tests.
    found = last_line(capsys, str(farmer(tmp_path)), "--cvar", "0.8", str(5 / 6))
    assert found["mean"] == pytest.approx(-103313.3333, rel=1e-7)
    assert found["worst"] == pytest.approx(-57640, rel=1e-7)
    assert found["objective"] * 6 == pytest.approx(-103313.3333 + 5 * -57640, rel=1e-7)


def test_power_plants(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Optimum and gap of Higle and Sen (1996).
    stem = write(tmp_path, power_core(), TIME, power_stoch())
    found = last_line(capsys, str(stem))
    assert found["scenarios"] == 576
    assert found["objective"] == pytest.approx(447.3244, abs=1e-4)
    assert list(found["x"].values()) == pytest.approx([1.5, 5.5, 5, 5.5])
    instance = read_instance(stem)
    problem = instance.problem(Every(instance.outcomes))
    other = costs_of(problem, np.array([2.0, 6.0, 3.5, 4.5])) @ probability_of(problem)
    assert other - found["objective"] == pytest.approx(15.338, abs=1e-3)


def test_what_is_maximised_comes_back_with_its_own_sign(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    turned = []
    for line in FARMER_CORE.replace("NAME", "OBJSENSE\n    MAX\nNAME").splitlines():
        fields = line.split()
        if "COST" in fields and fields[0] != "N":
            at = fields.index("COST") + 1
            fields[at] = str(-float(fields[at]))
            line = "    " + " ".join(fields)
        turned.append(line)
    stem = farmer(tmp_path)
    stem.with_suffix(".cor").write_text("\n".join(turned) + "\n")
    found = last_line(capsys, str(stem), "--values")
    got = [found[name] for name in ("objective", "ws", "ev", "eev")]
    assert got == pytest.approx([-value for value in FARMER], rel=1e-7)
    assert found["worst"] == pytest.approx(48820, rel=1e-6)


def test_samples_give_an_interval_around_the_optimum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stem = write(tmp_path, power_core(), TIME, power_stoch())
    asked = ("--samples", "200", "--replications", "8", "--seed", "3")
    found = last_line(capsys, str(stem), *asked)
    low, high = found["gap_interval"]
    assert low <= 447.32434 <= high
    assert high - low < 0.1 * 447
    assert not found["exact"]
    assert found["bound"] <= found["objective"]
    again = last_line(capsys, str(stem), *asked)
    assert {**again, "seconds": 0} == {**found, "seconds": 0}
    other = last_line(capsys, str(stem), *asked[:-1], "4")
    assert other["gap_interval"] != found["gap_interval"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--samples", "0"), "--samples must be 1 or more"),
        (("--replications", "1"), "2 or more"),
        (("--cvar", "1", "0.5"), "below 1"),
        (("--gap", "0"), "above 0"),
    ],
)
def test_numbers_out_of_range_are_refused(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(farmer(tmp_path)), *arguments])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_files_that_are_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")]) == 2
    said = capsys.readouterr().err
    assert "there is no" in said
    assert "none.cor" in said
    assert "remedy" in said
