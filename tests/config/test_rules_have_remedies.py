"""Every rule between the keys of a belief says what is allowed and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.config.explaining import _RULES

QUANTITIES = Path(__file__).resolve().parents[2] / "planner" / "config" / "quantities.py"


def rules() -> list[str]:
    lines = QUANTITIES.read_text().splitlines()
    return [line.split('"')[1] for line in lines if "raise ValueError(" in line]


@pytest.mark.parametrize("rule", rules())
def test_a_rule_has_a_remedy(rule: str) -> None:
    assert any(words in rule for words in _RULES), rule
