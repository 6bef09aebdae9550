"""Every shipped scenario gives the answer that docs/scenarios.md tells of it.

Refresh the answers with ``python -m pytest tests/test_scenarios.py --refresh-golden -n 0``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_answers import Asked, answer_to, asked, differences, with_answer

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "scenarios.md"
SECTIONS = list(asked(PAGE.read_text("utf-8")))
NOT_SCENARIOS = {"every-instrument-catalog.yaml", "kitchen-sink-catalog.yaml"}
"""Files beside the scenarios that are none themselves."""


@pytest.mark.slow
@pytest.mark.spread
@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.scenario)
def test_the_answer_is_what_the_commands_give(section: Asked, refresh_golden: bool) -> None:
    answer = answer_to(section.commands, ROOT)
    if refresh_golden:
        page = PAGE.read_text("utf-8")
        PAGE.write_text(with_answer(page, section.scenario, answer), "utf-8")
        return
    found = differences(answer, section.answer)
    assert not found, "\n".join([*found, "refresh it: see the head of this file"])


def test_every_scenario_has_its_section() -> None:
    names = [section.scenario for section in SECTIONS]
    configs = {path.stem for path in (ROOT / "configs").glob("*.yaml")} - {
        name.removesuffix(".yaml") for name in NOT_SCENARIOS
    }
    assert len(names) == len(set(names))
    assert set(names) <= configs
    for section in SECTIONS:
        assert f"configs/{section.scenario}.yaml" in section.commands[0]


def test_a_changed_answer_is_told() -> None:
    kept = "It costs $400.0 M on average (n 1,024)"
    assert not differences("It costs $403.9 M on average (n 1,024)", kept)
    assert differences("It costs $404.2 M on average (n 1,024)", kept)
    assert differences("It costs $400.0 B on average (n 1,024)", kept)
