"""Yields, memory and who can serve what: one mistake each, told once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planner.errors import Problem

Problems = Callable[..., list[Problem]]
ToldOnce = Callable[[str, str, str, str, str], None]


BY_BANDWIDTH = "    bandwidth_utilisation: {chat: 0.4}\n    memory_bandwidth_tbps: 2"
SPREAD = "{distribution: uniform, low: 80, high: 96}"


@pytest.mark.parametrize(
    ("old", "new", "path", "words", "help_words"),
    [
        (
            "    yield_per_accelerator: {chat: 5000}",
            f"    yield_per_accelerator: {{chat: 5000}}\n{BY_BANDWIDTH}",
            "platforms.own.yield_per_accelerator.chat",
            "under `bandwidth_utilisation` already",
            "keep one",
        ),
        (
            "    utilisation: {training: 0.4}",
            "    utilisation: {training: 0.4, chat: 0.2}",
            "platforms.big.utilisation.chat",
            "counted in tokens/s",
            "yield_per_accelerator",
        ),
        (
            "    memory_bandwidth_tbps: 8\n",
            "",
            "platforms.big.bandwidth_utilisation",
            "`memory_bandwidth_tbps` is missing",
            "add `memory_bandwidth_tbps",
        ),
        (
            "    memory_traffic_gb_per_unit: 0.4\n",
            "",
            "workloads.chat",
            "`memory_traffic_gb_per_unit` is missing: big",
            "add `memory_traffic",
        ),
        (
            "    memory_gb: 192\n",
            "",
            "platforms.big",
            "`memory_gb` is missing: chat",
            "add `memory_gb",
        ),
        (
            "memory_gb: 96",
            f"memory_gb: {SPREAD}",
            "platforms.own.memory_gb",
            "memory must be known",
            "as well",
        ),
        (
            "    utilisation: {training: {distribution: uniform, low: 0.3, high: 0.4}}\n",
            "",
            "platforms.small",
            "no yield for any workload",
            "utilisation",
        ),
        (
            "porting: {chat: {",
            "porting: {training: {",
            "platforms.own.porting.training",
            "no yield for the workload",
            "once it is ported",
        ),
        (
            "memory_gb: 160",
            "memory_gb: 1000",
            "workloads.chat",
            "big has 192 GB in a scale-up domain and it needs 1000; own has 384 GB",
            "what shuts them out",
        ),
        (
            "denied_sites: [annex]",
            "allowed_sites: [annex]\n    denied_sites: [annex]",
            "workloads.chat",
            "its lists of sites shut out all that big can stand at (hall, cloud)",
            "shuts them out",
        ),
        (
            "allowed_platforms: [big, own]",
            "allowed_platforms: [small]",
            "workloads.chat",
            "its lists of platforms shut out big; its lists",
            "shuts them out",
        ),
    ],
)
def test_yields_and_memory(
    told_once: ToldOnce, old: str, new: str, path: str, words: str, help_words: str
) -> None:
    told_once(old, new, path, words, help_words)


def test_one_missing_traffic_is_told_once(instrument_problems: Problems) -> None:
    told = instrument_problems(
        ("    memory_traffic_gb_per_unit: 0.4\n", ""),
        (
            "    yield_per_accelerator: {chat: 5000}",
            "    bandwidth_utilisation: {chat: 0.4}\n    memory_bandwidth_tbps: 2",
        ),
    )
    assert [problem.path for problem in told] == ["workloads.chat"]
