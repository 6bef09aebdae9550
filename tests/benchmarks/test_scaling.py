"""Times to train are predicted by the rules, from what was known before, and well enough."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.scaling import model
from benchmarks.scaling.__main__ import LEAST_GROUPS, forward, main, split_of
from benchmarks.scaling.exponents import exponents
from benchmarks.scaling.model import fit
from benchmarks.scaling.one_exponent import fit_one_exponent
from benchmarks.scaling.rows import (
    Pair,
    Result,
    best_by_size,
    kind_of,
    pairs_of,
    read_results,
    round_key,
    without_resubmissions,
)
from benchmarks.scaling.scores import Bands, group_weights, scores, weighted_quantile
from planner.errors import InputError

DATA = Path("benchmarks/data")
TRAINING, LATER = DATA / "mlperf_to_v4.1.csv", DATA / "mlperf_v5.0.csv"
HEADER = (
    "round,benchmark,submitter,accelerator,accelerator_count,minutes_to_train,division,system\n"
)
KEYS = [
    "coverage",
    "n",
    "groups",
    "median_half_width",
    "interval_score",
    "interval_score_global",
]


def one(accelerators: int, minutes: float, round_: str = "v4.1", submitter: str = "A") -> Result:
    return Result(round_, "bert", submitter, "H100", accelerators, minutes)


def pair(size: float, speedup: float, group: int = 0, minutes: float = 100.0) -> Pair:
    first = Result("v4.1", "bert", f"S{group}", "H100", 8, minutes)
    return Pair(first, replace(first, accelerators=round(8 * size), minutes=minutes / speedup))


def write(path: Path, lines: Sequence[str]) -> Path:
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    return lambda *lines: write(tmp_path / "results.csv", lines)


def test_only_closed_results_on_known_accelerators_count(file: Callable[..., Path]) -> None:
    path = file(
        "v4.1,bert,A,H100,8,10,closed,x",
        "v4.1,bert,A,H100,8,9,open,x",
        "v4.1,bert,A,N/A,8,8,closed,x",
        "v4.1,bert,A,,oops,7,closed,x",
        "v4.1,bert,B,H100,8.0,6.5,Closed,x",
    )
    assert [(r.submitter, r.accelerators, r.minutes) for r in read_results(path)] == [
        ("A", 8, 10.0),
        ("B", 8, 6.5),
    ]


def test_the_best_time_of_each_size_and_the_first_size_from_eight_on() -> None:
    results = [one(64, 3), one(4, 30), one(16, 9), one(8, 20), one(8, 18), one(15, 10), one(8, 19)]
    (sizes,) = best_by_size(results).values()
    assert [(r.accelerators, r.minutes) for r in sizes] == [
        (4, 30),
        (8, 18),
        (15, 10),
        (16, 9),
        (64, 3),
    ]
    found = pairs_of(results)
    assert [(p.first.accelerators, p.first.minutes) for p in found] == [(8, 18)] * 2
    assert [p.other.accelerators for p in found] == [16, 64]
    assert found[1].log_size == pytest.approx(math.log(8))
    assert found[1].log_speedup == pytest.approx(math.log(6))


def test_groups_are_kept_apart() -> None:
    results = [one(8, 20), one(16, 11, submitter="B"), one(16, 12, round_="v4.0")]
    assert pairs_of(results) == []


def test_resubmissions_need_both_times_in_one_earlier_round() -> None:
    now = [one(8, 20, "v4.1"), one(16, 11, "v4.1")]

    def kept(*before: Result) -> int:
        return len(without_resubmissions(pairs_of(now), [*now, *before]))

    assert kept() == 1
    assert kept(one(8, 20.19, "v4.0"), one(16, 10.9, "v4.0")) == 0
    assert kept(one(8, 20.3, "v4.0"), one(16, 11, "v4.0")) == 1
    assert kept(one(8, 20, "v3.1"), one(16, 11, "v4.0")) == 1
    assert kept(one(8, 20, "v5.0"), one(16, 11, "v5.0")) == 1
    assert kept(one(8, 20, "v4.0", "B"), one(16, 11, "v4.0", "B")) == 1
    # A slower time of the same size does not hide that the best was there before.
    assert kept(one(8, 20, "v4.0"), one(8, 25, "v4.0"), one(16, 11, "v4.0")) == 0


def test_renamed_benchmarks_are_resubmissions_too() -> None:
    before = [replace(one(n, 80 / n, "v4.1"), benchmark="ssd") for n in (8, 16)]
    now = [replace(r, round="v5.0", benchmark="retinanet") for r in before]
    assert without_resubmissions(pairs_of(now), before) == []
    assert kind_of("ssd") == kind_of("retinanet") != kind_of("something-new") == "something-new"


def test_rounds_are_ordered_by_number() -> None:
    assert sorted(["v10.0", "v4.1", "v5.0", "v4.0"], key=round_key) == [
        "v4.0",
        "v4.1",
        "v5.0",
        "v10.0",
    ]


def test_scores_by_hand_with_groups_weighing_equally() -> None:
    pairs = [pair(2, 2, 0), pair(4, 2, 0), pair(8, 4, 0), pair(2, math.e, 1)]
    assert group_weights(pairs) == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 2])
    values = np.array([-p.log_speedup for p in pairs])
    # Three bands of width 0.2 around their values, and one of width 0.4 that lies 0.1 above.
    low = values + np.array([-0.1, -0.1, -0.1, 0.1])
    high = values + np.array([0.1, 0.1, 0.1, 0.5])
    found = scores(pairs, Bands(low, high))
    assert (found.n, found.groups) == (4, 2)
    assert found.coverage == pytest.approx(0.5)
    # Gneiting and Raftery 2007: width, and 2/alpha = 10 times the distance outside.
    assert found.interval_score == pytest.approx(0.5 * 0.2 + 0.5 * (0.4 + 10 * 0.1))
    # Weighted half-widths: half of the weight at 0.1, half at 0.2; middles at 5/12 and 3/4.
    expected = 0.1 + 0.1 * (1 / 2 - 5 / 12) / (3 / 4 - 5 / 12)
    assert found.median_half_width == pytest.approx(math.exp(expected))


def test_equal_weights_give_the_usual_quantiles() -> None:
    values = np.random.default_rng(3).normal(size=21)
    for level in (0.1, 0.5, 0.8):
        assert weighted_quantile(values, np.ones(21), level) == pytest.approx(
            np.quantile(values, level, method="hazen")
        )


def test_no_other_exponent_or_band_scores_better_on_what_it_was_fitted_to() -> None:
    rng = np.random.default_rng(5)
    pairs = [pair(s, s ** rng.normal(0.8, 0.1), i) for i, s in enumerate([2, 4, 8, 16, 32] * 8)]
    best = fit_one_exponent(pairs)
    least = scores(pairs, best.bands(pairs)).interval_score
    assert least == pytest.approx(best.score)
    for exponent in (-0.02, 0, 0.02):
        for below in (0.95, 1, 1.05):
            for above in (0.95, 1, 1.05):
                other = replace(
                    best,
                    exponent=best.exponent + exponent,
                    below=best.below * below,
                    above=best.above * above,
                )
                assert scores(pairs, other.bands(pairs)).interval_score >= least - 1e-9


def test_the_model_finds_a_fixed_part_of_the_time() -> None:
    """Minutes are 2 + what divides: the middle of bands is right far outside what was seen."""
    rng = np.random.default_rng(11)

    def known(minutes: float, size: float, group: int) -> Pair:
        took = 2 + (minutes - 2) / size
        return pair(size, minutes / (took * math.exp(rng.normal(0, 0.005))), group, minutes)

    pairs = [
        known(float(minutes), size, group)
        for group, minutes in enumerate(rng.uniform(8, 120, size=30))
        for size in (2, 4, 8)
    ]
    wanted = [pair(16, 60 / (2 + 58 / 16), 99, 60.0)]
    bands = fit(pairs).bands(wanted)
    rival = fit_one_exponent(pairs).bands(wanted)
    truth = -wanted[0].log_speedup
    assert abs((bands.low[0] + bands.high[0]) / 2 - truth) < 0.1
    assert bands.high[0] - bands.low[0] < rival.high[0] - rival.low[0]


def test_slopes_are_those_of_the_covariance() -> None:
    data = model._data([pair(2, 1.8, 0, 9.0), pair(4, 3, 0, 9.0), pair(8, 5, 1, 30.0)])
    logs = np.array([-2.0, -1.5, -2.5, 0.4])
    for i, slope in enumerate(model._slopes(model.Form(), logs, data)):
        step = np.eye(4)[i] * 1e-6
        up = model._covariance(model.Form(), logs + step, data)
        down = model._covariance(model.Form(), logs - step, data)
        assert slope == pytest.approx((up - down) / 2e-6, abs=1e-8)


def test_outcomes_of_what_is_predicted_are_not_looked_at() -> None:
    known = pairs_of(read_results(TRAINING))
    fitted = fit(known)
    new = pairs_of(read_results(LATER))[:5]
    changed = [Pair(p.first, replace(p.other, minutes=p.other.minutes * 3)) for p in new]
    as_first, as_second = fitted.bands(new), fitted.bands(changed)
    assert np.array_equal(as_first.low, as_second.low)
    assert np.array_equal(as_first.high, as_second.high)
    # Nor is who sent it in, on what: only the kind, the sizes and the first time.
    renamed = [
        Pair(
            replace(p.first, submitter="?", accelerator="?"),
            replace(p.other, submitter="?", accelerator="?"),
        )
        for p in new
    ]
    assert fitted.bands(renamed).low == pytest.approx(as_first.low, abs=1e-12)


def test_a_kind_that_was_not_seen_gets_a_wider_band() -> None:
    fitted = fit(pairs_of(read_results(TRAINING)))
    seen = [Pair(*(replace(one(n, m), benchmark="retinanet") for n, m in ((8, 40), (64, 6))))]
    new = [Pair(*(replace(r, benchmark="new") for r in (seen[0].first, seen[0].other)))]
    width = [float((b.high - b.low)[0]) for b in (fitted.bands(seen), fitted.bands(new))]
    assert width[1] > 1.1 * width[0]


def test_the_bars_on_the_committed_results(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(TRAINING), str(LATER)]) == 0
    out = capsys.readouterr().out
    found = json.loads(out.splitlines()[-1])
    assert list(found) == KEYS
    assert (found["n"], found["groups"]) == (62, 37)
    assert 0.70 <= found["coverage"] <= 0.95
    assert found["median_half_width"] <= 1.35
    assert found["interval_score"] < 0.71
    assert found["interval_score"] < found["interval_score_global"]
    assert "  large-pretraining " in out
    shown = Path("docs/scaling.md").read_text(encoding="utf-8")
    assert json.loads(next(s for s in shown.splitlines() if s.startswith("{"))) == pytest.approx(
        found, rel=2e-3
    )


def test_the_form_that_is_used_foretold_best_inside_the_training_rounds() -> None:
    results = read_results(TRAINING)
    by_method = forward(split_of(results, []).known)
    mean = {
        name: sum(s.groups * s.interval_score for s in rounds.values())
        / sum(s.groups for s in rounds.values())
        for name, rounds in by_method.items()
    }
    assert min(mean, key=mean.__getitem__) == "kinds and a fixed part"
    assert all(set(rounds) == {"v3.0", "v3.1", "v4.0", "v4.1"} for rounds in by_method.values())


def test_exponents_are_least_squares_where_groups_agree() -> None:
    groups = [
        [Result("v4.1", "gpt3", s, a, n, level * n**-b) for n in (512, 1024, 4096)]
        for s, a, b, level in (("A", "X", 0.9, 1e4), ("B", "X", 0.9, 3e4), ("A", "Y", 0.8, 2e4))
    ]
    found = exponents(groups)
    assert found["X"].p50 == pytest.approx(0.9, abs=0.01)
    assert found["Y"].p50 == pytest.approx(0.8, abs=0.02)
    assert found["Y"].p90 - found["Y"].p10 > found["X"].p90 - found["X"].p10 > 0


@pytest.mark.parametrize(
    ("training", "later", "words"),
    [
        (None, ["v5.0,bert,A,H100,8,9,closed,x"], "cannot be read as CSV: No such file"),
        (["v4.1,bert,A,H100,8,9,open,x"], ["v5.0,bert,A,H100,8,9,closed,x"], "closed division"),
        (
            ["v4.1,bert,A,H100,8,-9,closed,x", "four,bert,A,H100,8.5,9,closed,x"],
            ["v5.0,bert,A,H100,8,9,closed,x"],
            "3 problems found",
        ),
        (
            ["v5.0,bert,A,H100,8,9,closed,x"],
            ["v4.1,bert,A,H100,8,9,closed,x"],
            "no round is later than v5.0",
        ),
        (
            ["v4.1,bert,A,H100,8,9,closed,x"],
            ["v5.0,bert,A,H100,8,9,closed,x"],
            "there is nothing to predict",
        ),
    ],
)
def test_what_cannot_be_used_is_told(
    training: list[str] | None,
    later: list[str],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, second = tmp_path / "training.csv", tmp_path / "later.csv"
    if training is not None:
        write(first, training)
    write(second, later)
    assert main([str(first), str(second)]) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert not any(line.startswith("{") for line in told.out.splitlines())


def test_missing_columns_are_all_named(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text("round,benchmark,submitter,accelerator,division\n", encoding="utf-8")
    with pytest.raises(InputError) as told:
        read_results(path)
    assert [problem.path for problem in told.value.problems] == [
        "accelerator_count",
        "minutes_to_train",
    ]


def test_too_few_groups_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = [
        f"v4.1,bert,S{i},H100,{n},{80 / n},closed,x"
        for i in range(LEAST_GROUPS - 1)
        for n in (8, 16)
    ]
    new = ["v5.0,bert,A,H100,8,9,closed,x", "v5.0,bert,A,H100,16,5,closed,x"]
    paths = [write(tmp_path / "a.csv", few), write(tmp_path / "b.csv", new)]
    assert main([str(path) for path in paths]) == 2
    assert "9 groups have a size to fit to, and bands need 10" in capsys.readouterr().err
