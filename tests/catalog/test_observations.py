"""Observed values come from files beside the config; beliefs that are none are told with a line."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from planner.beliefs.kinds import quantile
from planner.catalog.observations import MOST_VALUES
from planner.catalog.resolve import LoadedScenario, load_scenario
from planner.config.measured import Empirical
from planner.errors import InputError, Problem

SCENARIO = """\
scenario: small
question: What to rent?
start: 2026Q1
quarters: 2
discount_rate_per_year: 0.1
samples: 8
seed: 1
sites:
  cloud: {power_mw: unlimited, pue: 1, energy_usd_per_kwh: 0, hosting_usd_per_kw_month: 0}
workloads:
  training: {demand: 100, shortfall_usd_per_unit_hour: 60}
platforms:
  nvidia-h100-sxm:
    availability: 0.9
    utilisation: {training: 0.4}
offers:
  h100-rent:
    mode: rent
    platform: nvidia-h100-sxm
    sites: [cloud]
    supply_accelerators: 1000
    price_usd_per_hour: PRICE
"""
PRICE = "offers.h100-rent.price_usd_per_hour"
LINE = 22
OBSERVED = [2.5, 1.75, 3.0, 2.25, 2.0, 2.5]
CSV = "day,usd_per_hour\n" + "".join(f"{day},{value}\n" for day, value in enumerate(OBSERVED))
FROM_CSV = "{distribution: empirical, file: spot.csv, column: usd_per_hour}"


def load(folder: Path, price: str) -> LoadedScenario:
    path = folder / "plan.yaml"
    path.write_text(SCENARIO.replace("PRICE", price), encoding="utf-8")
    return load_scenario(path)


def only_problem(folder: Path, price: str) -> Problem:
    with pytest.raises(InputError) as caught:
        load(folder, price)
    told = list(caught.value.problems)
    assert len(told) == 1, str(caught.value)
    (problem,) = told
    assert problem.file == "plan.yaml"
    assert problem.line == LINE
    assert problem.allowed
    assert problem.remedy
    return problem


def belief_of(loaded: LoadedScenario) -> Empirical:
    found = loaded.scenario.offers["h100-rent"].price_usd_per_hour  # type: ignore[union-attr]
    assert isinstance(found, Empirical)
    return found


def test_the_values_of_a_csv_file_become_part_of_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "spot.csv").write_text(CSV)
    loaded = load(tmp_path, FROM_CSV)
    (tmp_path / "spot.csv").unlink()
    belief = belief_of(pickle.loads(pickle.dumps(loaded)))
    assert belief.values == tuple(OBSERVED)
    assert belief.source == "column usd_per_hour of spot.csv"
    u = np.array([0.01, 0.4, 0.99])
    assert quantile(belief, u).tolist() == [1.75, 2.25, 3.0]
    written = loaded.resolved["offers"]["h100-rent"]["price_usd_per_hour"]
    assert written == {
        "distribution": "empirical",
        "values": OBSERVED,
        "source": "column usd_per_hour of spot.csv",
    }
    # What was resolved is a scenario that needs no file.
    again = belief_of(load(tmp_path, json.dumps(written)))
    assert again == belief


def test_parquet_and_csv_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "spot.csv").write_text("\ufeff" + CSV + "\n", encoding="utf-8")
    table = pa.table({"usd_per_hour": OBSERVED, "count": [1, 2, 3, 4, 5, 6], "ok": [True] * 6})
    pq.write_table(table, tmp_path / "spot.parquet")
    found = [
        belief_of(load(tmp_path, FROM_CSV.replace("spot.csv", name))).values
        for name in ("spot.csv", "spot.parquet")
    ]
    assert found == [tuple(OBSERVED)] * 2
    whole = "{distribution: empirical, file: spot.parquet, column: count}"
    assert belief_of(load(tmp_path, whole)).values == (1, 2, 3, 4, 5, 6)
    told = only_problem(tmp_path, whole.replace("count", "ok"))
    assert "row 1 of spot.parquet has 'true' where a number is needed, and 5 more" in told.message


def test_a_source_is_kept_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "spot.csv").write_text(CSV)
    loaded = load(tmp_path, FROM_CSV.replace("}", ", source: our meter}"))
    assert belief_of(loaded).source == "our meter; column usd_per_hour of spot.csv"


def test_files_are_read_wherever_a_belief_may_stand(tmp_path: Path) -> None:
    (tmp_path / "spot.csv").write_text(CSV)
    part = f"{{distribution: truncated, of: {FROM_CSV}, low: 2}}"
    mixture = f"{{distribution: mixture, parts: [{{weight: 1, of: {part}}}]}}"
    price = load(tmp_path, f"{{first: {mixture}, change_per_year: 0}}").resolved
    inner = price["offers"]["h100-rent"]["price_usd_per_hour"]["first"]["parts"][0]["of"]["of"]
    assert inner["values"] == OBSERVED


@pytest.mark.parametrize(
    ("name", "content", "column", "key", "words", "help_words"),
    [
        ("gone.csv", None, "a", "file", "no such file", "spot-prices.csv"),
        ("../spot.csv", None, "a", "file", "`..`", "beside the config"),
        ("a.txt", b"a\n1\n", "a", "file", "another kind", "Parquet"),
        ("a.csv", b"", "a", "file", "the file is empty", "column names"),
        ("a.csv", b"price,b\n1,2\n", "prise", "column", 'no column "prise"', "`price`"),
        ("a.csv", b"a,a\n1,2\n", "a", "column", "several columns", "name of its own"),
        ("a.csv", b"a\n1\n2\n3\n4\n", "a", "column", "has 4 values", "elicited"),
        ("a.csv", b"a\n1\n2\nn/a\n4\n\n-\n", "a", "column", "line 4 of a.csv has 'n/a'", "rows"),
        ("a.csv", b"a,b\n1,2\n1\n", "b", "column", "line 3 of a.csv has nothing", "rows"),
        ("a.csv", b"a\n1\nnan\n", "a", "column", "line 3 of a.csv has 'nan'", "finite"),
        ("a.csv", b"a\n1\n1_000\n", "a", "column", "has '1_000'", "separators"),
        ("a.csv", b"a\n\xff\n", "a", "file", "cannot be read as CSV", "UTF-8"),
        ("a.csv", b'a\n"1\n', "a", "file", "cannot be read as CSV", "commas"),
        ("a.parquet", b"a\n1\n", "a", "file", "cannot be read as Parquet", "Parquet"),
    ],
)
def test_a_file_that_cannot_be_used(
    tmp_path: Path,
    name: str,
    content: bytes | None,
    column: str,
    key: str,
    words: str,
    help_words: str,
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    told = only_problem(
        tmp_path, f'{{distribution: empirical, file: "{name}", column: "{column}"}}'
    )
    assert told.path == f"{PRICE}.{key}"
    assert words in told.message
    assert help_words in f"{told.allowed} {told.remedy}"


def test_too_many_values(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n" + "1\n" * (MOST_VALUES + 1))
    told = only_problem(tmp_path, "{distribution: empirical, file: a.csv, column: a}")
    assert "100,001 values" in told.message


def test_what_the_schema_refuses_is_told_once(tmp_path: Path) -> None:
    told = only_problem(tmp_path, "{distribution: empirical, file: 3, column: a}")
    assert told.path == f"{PRICE}.file"
    assert "text" in told.message


@pytest.mark.parametrize(
    ("price", "path", "words", "help_words"),
    [
        (
            "{distribution: elicited, points: [[0.1, 1], [0.5, 1.1], [0.9, 9]]}",
            ".points",
            "falls near p = ",
            "distribution: quantiles",
        ),
        (
            "{distribution: truncated, of: {distribution: normal, mean: 1, sd: 0.1}, low: 2}",
            "",
            "of the belief is left between the bounds",
            "widen `low`",
        ),
        (
            "{distribution: truncated, low: 0.1, of: {distribution: elicited, "
            "points: [[0.1, 1], [0.5, 1.1], [0.9, 9]]}}",
            ".of.points",
            "falls near p = ",
            "drop a bound",
        ),
        (
            "{distribution: normal, mean: 3, sd: 0.1}",
            "",
            "values from -inf to inf",
            "distribution: truncated",
        ),
        (
            "{distribution: mixture, parts: [{weight: 1, of: {catalog: h100-buy}}]}",
            ".parts.0.of.catalog",
            "no figure of the catalogue belongs here",
            "write the figure",
        ),
        (
            "{distribution: mixture, parts: [{weight: 1, of: {distribution: gama}}]}",
            ".parts.0.of.distribution",
            "no such distribution",
            "`gamma`",
        ),
    ],
)
def test_beliefs_that_are_none(
    tmp_path: Path, price: str, path: str, words: str, help_words: str
) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, price)
    told = [problem for problem in caught.value.problems if problem.path == f"{PRICE}{path}"]
    assert len(told) == 1, str(caught.value)
    assert words in told[0].message
    assert help_words in f"{told[0].allowed} {told[0].remedy}"
    assert told[0].line == LINE


def test_a_share_without_an_upper_end_is_told_to_cut_it(tmp_path: Path) -> None:
    text = SCENARIO.replace("PRICE", "2").replace(
        "availability: 0.9", "availability: {distribution: gamma, mean: 0.9, sd: 0.01}"
    )
    (tmp_path / "plan.yaml").write_text(text)
    with pytest.raises(InputError) as caught:
        load_scenario(tmp_path / "plan.yaml")
    (told,) = caught.value.problems
    assert "with `high`" in told.remedy


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = SCENARIO.replace(
        "PRICE", "{distribution: elicited, points: [[0.1, 1], [0.5, 1.1], [0.9, 9]]}"
    ).replace("samples: 8", "samples: 0")
    text = text.replace("demand: 100", "demand: {distribution: empirical, file: a.csv, column: a}")
    (tmp_path / "plan.yaml").write_text(text)
    with pytest.raises(InputError) as caught:
        load_scenario(tmp_path / "plan.yaml")
    paths = [problem.path for problem in caught.value.problems]
    assert "samples" in paths
    assert "workloads.training.demand.file" in paths
    assert f"{PRICE}.points" in paths
