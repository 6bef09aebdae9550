"""``planner fit``: what it prints can be pasted, and what it refuses it explains."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from pydantic import TypeAdapter

from planner.analysis.fit import fit_file
from planner.config.quantities import Number, PositivePath
from planner.errors import InputError
from planner.report.fit_chart import draw_fit
from planner.uncertainty.fitting.table import Wanted

PATH = TypeAdapter(PositivePath)
NUMBER = TypeAdapter(Number)
ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "configs" / "fitted-price-processes.yaml"
DOCS = ROOT / "docs" / "fitting.md"


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    """Return two regions of steps, and a kind of row that is not wanted."""
    rng = np.random.default_rng(12)
    lines = ["date,region,kind,usd"]
    for region in ("east", "west"):
        level = 2.0
        for month in range(36):
            level *= np.exp(rng.normal(0, 0.1)) if rng.random() < 0.3 else 1.0
            lines.append(f"{2020 + month // 12}-{month % 12 + 1:02d}-15,{region},spot,{level:.4f}")
        lines.append(f"2020-01-15,{region},list,n/a")
    file = tmp_path / "prices.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


SPOT = Wanted("usd", by=("region",), where=("kind=spot",))


def test_a_process_can_be_pasted(prices: Path) -> None:
    answer = fit_file(prices, SPOT, as_process=True)
    spec = yaml.safe_load(answer.text)
    assert spec["process"] == "steps"
    assert PATH.validate_python(spec).first == spec["first"]
    assert "#   east: " in answer.text
    assert "standard error" in answer.text
    assert str(prices.parent) not in answer.text
    assert fit_file(prices, SPOT, as_process=True).text == answer.text


def test_a_distribution_for_each_group_can_be_pasted(prices: Path) -> None:
    answer = fit_file(prices, SPOT, as_process=False)
    spec = yaml.safe_load(answer.text)
    assert set(spec) == {"east", "west"}
    for one in spec.values():
        NUMBER.validate_python(one)
    assert answer.text.count("Anderson-Darling P") == 8


@pytest.mark.parametrize("as_process", [True, False])
def test_charts_are_the_same_bytes_each_time(prices: Path, as_process: bool) -> None:
    first, second = prices.with_name("a.png"), prices.with_name("b.png")
    for file in (first, second):
        draw_fit(file, fit_file(prices, SPOT, as_process=as_process).picture)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Wanted("us"), "did you mean `usd`"),
        (Wanted("usd", by=("area",), where=("sort=spot",)), "2 problems"),
        (Wanted("usd"), r"2 of this column's values cannot be read \(lines 38, 75\)"),
        (Wanted("usd", date="kind", where=("kind=spot",)), "YYYY-MM-DD"),
        (Wanted("usd", where=("kind=sold",)), '"list", "spot"'),
        (Wanted("usd", where=("kind",)), "COLUMN=VALUE"),
        (Wanted("usd", where=("kind=spot",)), "two different values on 2020-01-15"),
        (Wanted("usd", by=("region", "date"), where=("kind=spot",)), "too few months"),
    ],
)
def test_what_cannot_be_read_is_explained(prices: Path, wanted: Wanted, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        fit_file(prices, wanted, as_process=True)
    assert all(problem.remedy for problem in caught.value.problems)


def test_a_file_that_is_not_there_is_explained(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read as CSV"):
        fit_file(tmp_path / "none.csv", SPOT, as_process=False)
    empty = tmp_path / "empty.csv"
    empty.write_text("usd\n", encoding="utf-8")
    with pytest.raises(InputError, match="no rows"):
        fit_file(empty, Wanted("usd"), as_process=False)


def test_the_command_keeps_output_and_warnings_apart(prices: Path) -> None:
    def planner(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "planner", "fit", prices.name, *words]
        return subprocess.run(
            command, cwd=prices.parent, capture_output=True, text=True, check=False
        )

    where = ("--by", "region", "--where", "kind=spot", "--as", "process")
    done = planner("--column", "usd", *where, "--chart", "fit.png")
    assert done.returncode == 0, done.stderr
    assert yaml.safe_load(done.stdout)["process"] == "steps"
    assert (prices.parent / "fit.png").stat().st_size > 1000
    refused = planner("--column", "eur", *where)
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert "no column of this name" in refused.stderr


def test_shipped_processes_can_be_pasted_and_say_where_they_are_from() -> None:
    shipped = yaml.safe_load(SHIPPED.read_text("utf-8"))
    assert len(shipped) >= 10
    for name, entry in shipped.items():
        PATH.validate_python(entry["process"])
        said = entry["provenance"]
        assert said["licence"] == "Apache-2.0", name
        assert "Cyclenerd" in said["source"]
        assert "Cyclenerd" in entry["process"]["source"]
        assert said["first_date"] < said["last_date"] in entry["process"]["source"]
        assert said["quarter_windows"] > said["series"] > 0
        assert said["command"].startswith("planner fit ")
        assert said["command"].endswith(" --as process")


def test_the_commands_of_the_documentation_work(tmp_path: Path) -> None:
    text = DOCS.read_text("utf-8")
    (tmp_path / "spot.csv").write_text(text.split("```csv\n")[1].split("```")[0], "utf-8")
    commands = [
        shlex.split(line) for line in text.splitlines() if line.startswith("planner fit spot.csv")
    ]
    assert len(commands) == 2
    for words in commands:
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        (PATH if "process" in words else NUMBER).validate_python(yaml.safe_load(done.stdout))
    assert (tmp_path / "spot.png").exists()
