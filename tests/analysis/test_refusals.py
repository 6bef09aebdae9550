"""What no committed plan can be made of is told with its line, and a way out that works."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.analysis.committed.refusals import refuse_uncommittable
from planner.catalog.resolve import load_scenario
from planner.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "tests" / "config" / "instruments.yaml"
"""With whole units of what is bought, and of nothing that is rented."""

RENTED = ("offers.small-rent.whole_units_of=8", "offers.small-spot.whole_units_of=4")


def test_whole_units_of_what_is_rented_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        refuse_uncommittable(load_scenario(CONFIG, RENTED))
    rent, spot = caught.value.problems
    assert (rent.path, rent.value) == ("offers.small-rent.whole_units_of", "8")
    assert (spot.path, spot.value) == ("offers.small-spot.whole_units_of", "4")
    assert "buy" in rent.allowed
    assert "--mode wait-and-see" in rent.remedy


def test_a_refusal_has_the_line_of_what_is_refused(tmp_path: Path) -> None:
    old = "    price_usd_per_hour: 3\n"
    text = CONFIG.read_text("utf-8")
    assert text.count(old) == 1
    path = tmp_path / "plan.yaml"
    path.write_text(text.replace(old, old + "    whole_units_of: 8\n"), "utf-8")
    with pytest.raises(InputError) as caught:
        refuse_uncommittable(load_scenario(path))
    [problem] = caught.value.problems
    assert path.read_text("utf-8").splitlines()[(problem.line or 0) - 1] == "    whole_units_of: 8"


@pytest.mark.parametrize("sets", [(), (*RENTED, "bets=relaxed")], ids=["bought", "relaxed"])
def test_what_a_remedy_names_is_accepted(sets: tuple[str, ...]) -> None:
    refuse_uncommittable(load_scenario(CONFIG, sets))


@pytest.mark.parametrize(
    "name", ["buy-or-rent", "every-belief", "every-instrument", "quickstart", "supply-shocks"]
)
def test_a_plan_can_be_made_of_every_shipped_scenario(name: str) -> None:
    refuse_uncommittable(load_scenario(ROOT / "configs" / f"{name}.yaml"))
