"""Every rule between several keys says what is allowed and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planner.config.rules import RULES

CONFIG = Path(__file__).resolve().parents[2] / "planner" / "config"
MESSAGE = re.compile(r'raise ValueError\(\s*f?"([^"]+)"')


def rules() -> list[str]:
    return [
        rule for path in sorted(CONFIG.glob("*.py")) for rule in MESSAGE.findall(path.read_text())
    ]


def test_the_rules_are_found() -> None:
    assert len(rules()) > 15


@pytest.mark.parametrize("rule", rules())
def test_a_rule_has_a_remedy(rule: str) -> None:
    assert any(words in rule for words in RULES), rule


@pytest.mark.parametrize("words", RULES)
def test_a_remedy_has_a_rule(words: str) -> None:
    assert any(words in rule for rule in rules()), words
