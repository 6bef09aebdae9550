"""Samples that are added up against samples that are all kept: the same, or off as stated."""

from __future__ import annotations

import pickle
import tracemalloc
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from everything import everything
from small import bench, follow, gathered, middling, plan, platform, rent, uniform, workload

from planner.analysis import gather, quantities
from planner.analysis.gather import Gathering, samples_in_full
from planner.analysis.gathered import Gathered
from planner.analysis.quantities import layout_of
from planner.analysis.results import Results
from planner.analysis.results_estimates import Estimate, Histogram, Spread
from planner.analysis.summary import RunIdentity, summarise
from planner.analysis.tally import Tally
from planner.analysis.tally_blocks import TallyBlocks
from planner.analysis.workbench import SolveBlock, SolvedBlock, Workbench
from planner.run import LIMIT_SAMPLES, REPEAT_SAMPLES

N, BLOCK, FIRST = 240, 16, 80


def scenario(raw: dict[str, Any], n: int = N, block: int = BLOCK) -> Workbench:
    return replace(bench({**raw, "samples": n}, seed=4), block_size=block)


@pytest.fixture
def few_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep no more than the first 80 samples, and add up the others two blocks at a time."""
    monkeypatch.setattr(gather, "NUMBERS_IN_FULL", 1)
    monkeypatch.setattr(gather, "FEWEST_IN_FULL", FIRST)
    monkeypatch.setattr(gather, "_TOGETHER", 2 * BLOCK)


def parts(one: Any, other: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield what two results say, down to estimates, spreads and plain values."""
    assert type(one) is type(other), path
    if isinstance(one, Estimate | Spread) or not (
        is_dataclass(one) or isinstance(one, dict | list)
    ):
        yield path, one, other
    elif isinstance(one, list):
        assert len(one) == len(other), path
        for k, pair in enumerate(zip(one, other, strict=True)):
            yield from parts(*pair, f"{path}[{k}]")
    elif isinstance(one, dict):
        assert list(one) == list(other), path
        for key in one:
            yield from parts(one[key], other[key], f"{path}.{key}")
    else:
        for field in fields(one):
            pair = getattr(one, field.name), getattr(other, field.name)
            yield from parts(*pair, f"{path}.{field.name}")


def same_estimate(path: str, one: Estimate, other: Estimate) -> None:
    assert one.n == other.n, path
    for name in ("value", "standard_error", "low", "high"):
        mine, theirs = getattr(one, name), getattr(other, name)
        size = max(abs(other.value), abs(other.standard_error or 0.0))
        assert mine == pytest.approx(theirs, rel=1e-11, abs=1e-12 * size), f"{path}.{name}"


def same_spread(path: str, one: Spread, other: Spread) -> None:
    same_estimate(path, one.mean, other.mean)
    assert other.percentile_error == 0
    for name in ("p10", "p50", "p90"):
        mine, theirs = getattr(one, name), getattr(other, name)
        off = one.percentile_error + 1e-12 * abs(theirs.value)
        assert abs(mine.value - theirs.value) <= off, f"{path}.{name}"
        assert mine.low is None or mine.low <= theirs.low, path
        assert mine.high is None or mine.high >= theirs.high, path


@pytest.fixture
def solved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Solve each block only once."""
    solve, known = SolveBlock.run, {}

    def remembered(task: SolveBlock, made: Workbench) -> SolvedBlock:
        if task not in known:
            known[task] = solve(task, made)
        return known[task]

    monkeypatch.setattr(SolveBlock, "run", remembered)


@pytest.mark.usefixtures("solved_once")
@pytest.mark.parametrize("raw", [middling(), everything()], ids=["middling", "everything"])
def test_added_up_is_as_kept_but_for_the_stated_errors(
    raw: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    made = scenario(raw)
    follow_ups = follow(made, gathered(made, BLOCK))

    def reported(found: Gathered) -> Results:
        own = summarise(made, found, follow_ups, RunIdentity("0" * 64, found.n, True))
        return replace(own, samples_in_full=0, cost_histogram=Histogram([], []))

    kept = gathered(made, N)
    request.getfixturevalue("few_in_full")
    added = gathered(made, N)
    assert (kept.in_full, added.in_full) == (N, FIRST)
    spreads = 0
    for path, one, other in parts(reported(added), reported(kept)):
        if isinstance(one, Spread):
            same_spread(path, one, other)
            spreads += one.percentile_error > 0
        elif isinstance(one, Estimate):
            same_estimate(path, one, other)
        elif isinstance(one, float):
            assert one == pytest.approx(other, rel=1e-11, abs=1e-12), path
        else:
            assert one == other, path
    assert spreads > 20
    bars = added.cost_histogram()
    assert bars.counts == np.histogram(kept.first("cost_usd"), bins=bars.edges)[0].tolist()
    assert sum(bars.counts) == N


def test_what_is_kept_is_typical_of_the_first_alone(few_in_full: None) -> None:
    made = scenario(middling())
    found = gathered(made, N)
    alone = gathered(made, FIRST)
    assert alone.binned is None
    assert follow(made, found).typical == follow(made, alone).typical


def test_the_samples_that_are_solved_again_are_always_kept() -> None:
    layout = layout_of(bench(everything()))
    for size in (1, 64, 100, 512, 4096):
        for numbers in (layout.kept, 2**15, 2**30):
            huge = replace(layout, spreads=(replace(layout.spreads[0], shape=(numbers,)),))
            kept = samples_in_full(huge, size)
            assert kept >= max(LIMIT_SAMPLES, REPEAT_SAMPLES, 1024)
            assert kept % size == 0
            assert kept * numbers <= 2**23 or kept < 1024 + size


def test_a_run_of_just_what_is_kept_is_exact(few_in_full: None) -> None:
    made = scenario(middling())
    assert gathered(made, FIRST).binned is None
    assert gathered(made, FIRST + 1).binned is not None


@pytest.mark.parametrize("done", [1, 5, 6, 8])
def test_what_is_done_so_far_is_a_run_of_its_own(done: int, few_in_full: None) -> None:
    """Of 5 tasks of 16 samples and then some of 32: all that a stopped run has."""
    made, gathering = scenario(middling()), Gathering(scenario(middling()), N)
    tasks = (task for stage in gathering.stages() for task in stage)
    for _, task in zip(range(done), tasks, strict=False):
        gathering.add(task.run(made))
    found = gathering.found()
    assert found.n == 16 * min(done, 5) + 32 * max(done - 5, 0)
    same_n = gathered(made, found.n)
    assert (found.in_full, found.binned is None) == (same_n.in_full, same_n.binned is None)
    for name in ("cost_usd", "accelerators", "served_share"):
        for one, other in zip(found.spreads(name), same_n.spreads(name), strict=True):
            assert one == other


def test_no_samples_are_no_results() -> None:
    with pytest.raises(ValueError, match="no samples"):
        Gathering(scenario(middling()), N).found()


def test_of_what_was_added_up_no_sample_comes_back(few_in_full: None) -> None:
    """However many samples a task has, its answer is of one size."""
    made = scenario(middling())
    gathering = Gathering(made, N)
    stages = gathering.stages()
    for task in next(stages):
        gathering.add(task.run(made))
    later = next(next(stages))
    sizes = [len(pickle.dumps(replace(later, n=n).run(made))) for n in (8, 80)]
    assert abs(sizes[0] - sizes[1]) < 200


def test_an_added_up_sample_that_is_no_number_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    made = scenario(middling(), n=16)
    solve = SolveBlock.run

    def spoiled(name: str, task: SolveBlock, own: Workbench) -> SolvedBlock:
        block = solve(task, own)
        values = getattr(block.measures, name).copy()
        values.flat[7] = np.nan
        return replace(block, measures=replace(block.measures, **{name: values}))

    for name in ("power_mw", "cash_usd", "served_share"):
        with monkeypatch.context() as patch:
            patch.setattr(SolveBlock, "run", lambda task, own, name=name: spoiled(name, task, own))
            with pytest.raises(ValueError, match="not finite"):
                gathered(made, 16)


WITHOUT_PROOF = (3, 20, 79, 80, 200)


def without(block: SolvedBlock) -> SolvedBlock:
    """Return a block less the samples that are taken to be without proof."""
    lost = np.isin(block.numbers, WITHOUT_PROOF)

    def kept(part: Any) -> Any:
        own = {field.name: getattr(part, field.name) for field in fields(part)}
        own = {name: found for name, found in own.items() if isinstance(found, np.ndarray)}
        lengths = {name: found for name, found in own.items() if len(found) == lost.size}
        return replace(part, **{name: found[~lost] for name, found in lengths.items()})

    less = replace(kept(block), unproven=tuple(block.numbers[lost].tolist()))
    return replace(less, measures=kept(block.measures), certificates=kept(block.certificates))


def test_what_has_no_proof_is_in_no_number_whether_added_up_or_kept(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Samples without proof among the first leave nothing behind where they would have been."""
    solve, begin, made = SolveBlock.run, Gathering.__init__, scenario(middling())
    monkeypatch.setattr(SolveBlock, "run", lambda task, own: without(solve(task, own)))

    def begun(gathering: Gathering, *args: Any) -> None:
        begin(gathering, *args)
        gathering._rows.fill(1e300)  # That would be seen, were it read where nothing was written.

    monkeypatch.setattr(Gathering, "__init__", begun)
    kept = gathered(made, N)
    request.getfixturevalue("few_in_full")
    added = gathered(made, N)
    assert (kept.n, kept.in_full, kept.binned) == (N - 5, N - 5, None)
    assert (added.n, added.in_full) == (N - 5, FIRST - 3)
    assert kept.unproven == added.unproven == WITHOUT_PROOF
    assert (added.binned.counts[0].sum() if added.binned else 0) == N - 5
    for name in ("cost_usd", "served_share", "power_mw"):
        for one, other in zip(added.spreads(name), kept.spreads(name), strict=True):
            same_spread(name, one, other)


def test_a_quantity_of_another_shape_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    made = scenario(middling(), n=16)
    block = SolveBlock(0, 16).run(made)
    shorter = replace(block.measures, power_mw=block.measures.power_mw[:, :-1])
    with pytest.raises(ValueError, match="power_mw has shape"):
        quantities.quantities(made, layout_of(made), replace(block, measures=shorter))


@pytest.mark.parametrize("raw", [middling(), everything()], ids=["middling", "everything"])
def test_every_quantity_is_its_measure(raw: dict[str, Any]) -> None:
    made = scenario(raw, n=32)
    found, block = gathered(made, 32), SolveBlock(0, 32).run(made)
    own, sizes = block.measures, np.abs(block.limit_value_usd)
    for name in ("accelerators", "power_mw", "cost_parts_usd", "liability_usd"):
        assert found.first(name) == pytest.approx(getattr(own, name), rel=1e-9, abs=1e-6), name
    assert found.first("cash_usd") == pytest.approx(own.cash_usd.sum(axis=2))
    assert found.average("cash_parts_usd") == pytest.approx(own.cash_usd.mean(axis=0))
    assert found.average("limit_value_usd") == pytest.approx(sizes.mean(axis=0))
    binds = sizes > 1e-9 * block.cost_usd[:, None]
    taken, used = own.bets >= 0.5, (own.accelerators > 1e-6).any(axis=2)
    for name, hits in (("binds", binds), ("bet_taken", taken), ("used", used)):
        assert [share.value for share in found.shares(name)] == (hits.mean(axis=0)).tolist()
    assert found.tally.drivers.samples == found.n == 32


def test_a_unit_costs_something_only_where_some_is_served_in_every_sample() -> None:
    """At a price of 1 to 3 all is served below 2 and nothing above."""
    work = {"work": workload(10, shortfall_usd_per_unit_hour=2.0)}
    raw = plan(1, work, {"chip": platform()}, {"rent": rent("chip", uniform(1, 3))})
    made = scenario(raw, n=16)
    found = gathered(made, 16)
    identity = RunIdentity("0" * 64, 16, True)
    assert summarise(made, found, follow(made, found), identity).usd_per_unit_hour is None
    (some,) = found.spreads_where_any("usd_per_unit_hour")
    assert some is not None
    assert 0 < some.mean.n < 16
    assert some.p90.value < 2


@pytest.mark.slow
def test_memory_does_not_grow_with_samples(
    few_in_full: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten times as many samples, made of one solved block, take the same room."""
    made = scenario(middling())
    solved = SolveBlock(0, BLOCK).run(made)
    monkeypatch.setattr(SolveBlock, "run", lambda task, own: solved)

    def peak(n: int) -> int:
        gathered(made, FIRST + 2 * BLOCK)
        tracemalloc.start()
        gathered(made, n)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    few, many = peak(FIRST + 16 * BLOCK), peak(FIRST + 160 * BLOCK)
    assert many < 1.05 * few


def test_tallies_group_in_any_way_but_for_rounding() -> None:
    made = scenario(middling(), n=64)
    gathering = Gathering(made, 64)
    a, b, c, d = (task.run(made).tally for task in next(gathering.stages()))
    one = a.merged(b).merged(c).merged(d)
    other = a.merged(b.merged(c.merged(d)))
    assert one.solves == other.solves or one.solves.integer_gap == pytest.approx(
        other.solves.integer_gap
    )
    assert isinstance(one, Tally)
    for left, right in (
        (one.moments.deviations.mean, other.moments.deviations.mean),
        (one.moments.deviations.squares, other.moments.deviations.squares),
        (one.sums, other.sums),
        (one.drivers.cost_usd.squares, other.drivers.cost_usd.squares),
        (one.drivers.drawn, other.drivers.drawn),
    ):
        assert left == pytest.approx(right, rel=1e-12, abs=1e-6)
    assert one.solves.optimal == 64


def test_a_task_of_several_blocks_is_its_blocks_added_up() -> None:
    made = scenario(middling(), n=64)
    recipe = next(next(Gathering(made, 64).stages())).recipe
    whole = TallyBlocks(0, 64, recipe).run(made)
    blocks = [TallyBlocks(first, 16, recipe).run(made) for first in range(0, 64, 16)]
    merged = blocks[0].tally
    for block in blocks[1:]:
        merged = merged.merged(block.tally)
    assert pickle.dumps(merged) == pickle.dumps(whole.tally)
