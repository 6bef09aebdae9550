"""The catalogue's references come out of the committed points again, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from benchmarks import derive_references
from benchmarks.scaling.references import utilisation_references
from benchmarks.scaling.runs import Run, read_runs
from planner.catalog.entries import Reference

DATA = Path("benchmarks/data")
RUNS = DATA / "training_runs_points.csv"
RESULTS = [DATA / "mlperf_to_v4.1.csv", DATA / "mlperf_v5.0.csv"]
SHIPPED = Path("planner/catalog/data/references.yaml")


@pytest.fixture(scope="module")
def derived() -> str:
    return derive_references.derive(RUNS, RESULTS)[0]


@pytest.fixture(scope="module")
def references(derived: str) -> dict[str, dict]:
    return yaml.safe_load(derived)["references"]


def run(utilisation: float, **other: object) -> Run:
    plain = Run("M", "2024-01-01", "Google TPU v4", 512, None, None, "BF16", "Confident", "k", "s")
    return replace(plain, utilisation=utilisation, **other)


def test_the_shipped_references_are_what_the_points_give(derived: str) -> None:
    assert SHIPPED.read_text(encoding="utf-8") == derived


def test_references_are_as_the_catalogue_wants_them(references: dict[str, dict]) -> None:
    for raw in references.values():
        entry = Reference.model_validate(raw)
        low, high = entry.figure.extremes()
        assert 0 < low <= high <= 1
    assert {raw["quantity"] for raw in references.values()} == {
        "scaling-exponent",
        "utilisation",
        "availability",
    }


def test_large_pretraining_scales_as_the_results_say(references: dict[str, dict]) -> None:
    """Published in the same results: v4.0's H100 from 512 to 11,616 falls as N^-0.86."""
    entry = references["scaling-pretraining-nvidia-h100-sxm"]
    quantiles = entry["figure"]["quantiles"]
    assert quantiles["p10"] < 0.8616 < quantiles["p90"]
    assert entry["reference_accelerators"]["value"] == 512
    small = references["scaling-ranking-nvidia-h100-sxm"]["figure"]["quantiles"]
    assert small["p90"] < quantiles["p10"]


def test_quantiles_of_utilisation_are_those_of_the_runs(references: dict[str, dict]) -> None:
    used = {"AFM-server", "GLaM", "PaLM (540B)", "UL2", "ViT-22B"}
    values = [one.utilisation for one in read_runs(RUNS) if one.model in used]
    expected = np.quantile(values, [0.1, 0.5, 0.9], method="hazen")
    found = references["utilisation-pretraining-google-tpu-v4"]["figure"]["quantiles"]
    assert list(found.values()) == pytest.approx(expected, abs=6e-4)


def test_runs_that_do_not_count_are_left_out_and_named() -> None:
    good = [run(0.3 + i / 100, model=f"good{i}") for i in range(5)]
    bad = [
        run(0.9, model="small", accelerators=511),
        run(0.9, model="old", date="2020-12-31"),
        run(0.9, model="remembered", source="published figure, from memory (check)"),
        run(0.9, model="eight bits", precision="FP8,BF16"),
        run(0.9, model="guess", confidence="Speculative"),
        run(0.9, model="bench", confidence=""),
    ]
    found, notes = utilisation_references([*good, *bad])
    entry = found["utilisation-pretraining-google-tpu-v4"]
    assert entry["points"] == 5
    assert entry["figure"]["quantiles"]["p50"] == pytest.approx(0.32)
    assert notes == [
        "eight bits: of FP8 peak",
        "guess: speculative",
        "bench: a benchmark, no run",
    ]


def test_results_without_a_source_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bare.csv"
    path.write_text(
        "round,benchmark,submitter,accelerator,accelerator_count,minutes_to_train,division\n"
        "v4.1,bert,A,H100,8,9,closed\n",
        encoding="utf-8",
    )
    assert derive_references.main([str(RUNS), str(path)]) == 2
    assert "do not say where they were published" in capsys.readouterr().err
