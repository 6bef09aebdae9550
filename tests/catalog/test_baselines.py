"""Claimed ratios get the figure of the platform that they are compared with, or are refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from planner.beliefs.kinds import quantile
from planner.catalog.resolve import LoadedScenario, load_scenario
from planner.errors import InputError, Problem

SAID = "evidence: vendor-claim, said_by: a vendor, date: 2024-12-03, share: 0.5"
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
    utilisation: {training: {value: 0.4, source: our cluster}}
  mine:
    vendor: me
    unit: chip
    peak_pflops: 2
    accelerator_kw: 1
    availability: 0.9
    utilisation: {training: 0.5}
offers:
  h100-rent:
    mode: rent
    platform: nvidia-h100-sxm
    sites: [cloud]
    price_usd_per_hour: 3
    supply_accelerators: 1000
  mine-rent:
    mode: rent
    platform: mine
    sites: [cloud]
    price_usd_per_hour: 5
    supply_accelerators: 900
"""
H100 = "against: nvidia-h100-sxm"


def loaded(folder: Path, *changes: tuple[str, str]) -> LoadedScenario:
    text = SCENARIO
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def refused(folder: Path, *changes: tuple[str, str]) -> Problem:
    with pytest.raises(InputError) as caught:
        loaded(folder, *changes)
    (problem,) = caught.value.problems
    return problem


def middle(figure: object) -> float:
    return float(quantile(figure, np.array([0.5]))[0])  # type: ignore[arg-type]


def ratio(value: float, rest: str = H100) -> str:
    return f"{{claimed_ratio: {value}, {rest}, {SAID}}}"


def test_the_same_figure_of_the_platform_is_taken_with_its_source(tmp_path: Path) -> None:
    found = loaded(tmp_path, ("training: 0.5", f"training: {ratio(1.4)}"))
    claimed = found.scenario.platforms["mine"].utilisation["training"]
    assert middle(claimed) == pytest.approx(0.4 * 1.2)
    where = "platforms.nvidia-h100-sxm.utilisation.training"
    assert claimed.baseline.source == f"{where}: our cluster"  # type: ignore[union-attr]
    filled = found.resolved["platforms"]["mine"]["utilisation"]["training"]["baseline"]
    assert filled == {"value": 0.4, "source": f"{where}: our cluster"}


def test_the_catalogue_has_the_figure_of_others(tmp_path: Path) -> None:
    change = ("peak_pflops: 2", f"peak_pflops: {ratio(1.5, 'against: nvidia-b200')}")
    found = loaded(tmp_path, change)
    peak = found.catalog.platforms["nvidia-b200"].peak_pflops
    claimed = found.scenario.platforms["mine"].peak_pflops
    assert middle(claimed) == pytest.approx(peak.value * 1.25)
    assert peak.citation() in claimed.baseline.source  # type: ignore[union-attr]


def test_a_price_is_compared_with_that_of_the_other_offer(tmp_path: Path) -> None:
    own = "{claimed_price_performance: 1.5, moves: price, claim_id: one, "
    found = loaded(tmp_path, ("_per_hour: 5", f"_per_hour: {own}{H100}, {SAID}}}"))
    assert middle(found.scenario.offers["mine-rent"].price_usd_per_hour) == pytest.approx(3 / 1.25)
    trend = "{first: " + own + f"{H100}, {SAID}}}, change_per_year: 0}}"
    moving = loaded(tmp_path, ("_per_hour: 5", f"_per_hour: {trend}"))
    price = moving.scenario.offers["mine-rent"].price_usd_per_hour
    assert middle(price.first) == pytest.approx(3 / 1.25)  # type: ignore[union-attr]


def test_each_of_conflicting_claims_is_looked_up(tmp_path: Path) -> None:
    claims = f"{{claims: [{ratio(1.4)}, {ratio(1.2)}]}}"
    found = loaded(tmp_path, ("training: 0.5", f"training: {claims}"))
    claimed = found.scenario.platforms["mine"].utilisation["training"]
    assert claimed.support() == pytest.approx((0.44, 0.48))  # type: ignore[union-attr]


def test_an_explicit_figure_needs_no_platform(tmp_path: Path) -> None:
    rest = "against: other chips, baseline: {value: 1.5, source: assumption}"
    found = loaded(tmp_path, ("peak_pflops: 2", f"peak_pflops: {ratio(1.4, rest)}"))
    assert middle(found.scenario.platforms["mine"].peak_pflops) == pytest.approx(1.8)


@pytest.mark.parametrize(
    ("changes", "path", "message", "helps"),
    [
        (
            [("peak_pflops: 2", f"peak_pflops: {ratio(1.4, 'against: other chips')}")],
            "platforms.mine.peak_pflops.against",
            "no platform of this name",
            "give `baseline: {value: ..., source: ...}`",
        ),
        (
            [("peak_pflops: 2", f"peak_pflops: {ratio(1.4, 'against: nvidia-h100-smx')}")],
            "platforms.mine.peak_pflops.against",
            "no platform of this name",
            "did you mean `nvidia-h100-sxm`?",
        ),
        (
            [("peak_pflops: 2", f"peak_pflops: {ratio(1.4, 'against: mine')}")],
            "platforms.mine.peak_pflops.against",
            "not compared with itself",
            "name another",
        ),
        (
            [("training: 0.5", f"training: {ratio(1.4, 'against: nvidia-b200')}")],
            "platforms.mine.utilisation.training.against",
            "nvidia-b200 has no `utilisation.training`",
            "give `baseline",
        ),
        (
            [
                ("{value: 0.4, source: our cluster}", "{distribution: uniform, low: 0, high: 1}"),
                ("training: 0.5", f"training: {ratio(1.4)}"),
            ],
            "platforms.mine.utilisation.training.against",
            "`platforms.nvidia-h100-sxm.utilisation.training` is uncertain or moves",
            "such as its median",
        ),
        (
            [("_per_hour: 3", "_per_hour: [3, 2]"), ("_per_hour: 5", f"_per_hour: {ratio(0.8)}")],
            "offers.mine-rent.price_usd_per_hour.against",
            "is uncertain or moves",
            "give `baseline",
        ),
        (
            [("supply_accelerators: 900", f"supply_accelerators: {{value: 9, times: {ratio(2)}}}")],
            "offers.mine-rent.supply_accelerators.times.against",
            "has no `supply_accelerators`",
            "give `baseline",
        ),
    ],
)
def test_what_cannot_be_looked_up_is_refused(
    tmp_path: Path, changes: list[tuple[str, str]], path: str, message: str, helps: str
) -> None:
    problem = refused(tmp_path, *changes)
    assert problem.path == path
    assert problem.line is not None
    assert message in problem.message
    assert helps in problem.remedy


def test_several_offers_of_a_platform_are_no_baseline(tmp_path: Path) -> None:
    other = "  mine-rent:\n"
    again = SCENARIO[SCENARIO.index("  h100-rent:") : SCENARIO.index(other)]
    problem = refused(
        tmp_path,
        (other, again.replace("h100-rent", "h100-also") + other),
        ("_per_hour: 5", f"_per_hour: {ratio(0.8)}"),
    )
    assert "`offers.h100-rent.price_usd_per_hour`" in problem.message
    assert "`offers.h100-also.price_usd_per_hour`" in problem.message


def test_a_measurement_that_no_share_allows_is_refused(tmp_path: Path) -> None:
    figure = (
        "{claim: 2, evidence: vendor-claim, said_by: me, date: 2024-12-03, "
        "measured: {value: 1900, relative_error: 0.1}}"
    )
    problem = refused(tmp_path, ("peak_pflops: 2", f"peak_pflops: {figure}"))
    assert problem.path == "platforms.mine.peak_pflops.measured"
    assert "of its errors away" in problem.message
    assert "correct the unit" in problem.remedy
    loaded(tmp_path, ("peak_pflops: 2", f"peak_pflops: {figure.replace('1900', '1.9')}"))


def test_loading_needs_no_other_import(tmp_path: Path) -> None:
    figure = (
        "{claim: 2, evidence: vendor-claim, said_by: me, date: 2024-12-03, "
        "measured: {value: 1.9, relative_error: 0.1}}"
    )
    loaded(tmp_path, ("peak_pflops: 2", f"peak_pflops: {figure}"))
    code = (
        "import sys; from pathlib import Path; from planner.catalog.resolve import load_scenario; "
        "load_scenario(Path(sys.argv[1]))"
    )
    path = str(tmp_path / "scenario.yaml")
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
