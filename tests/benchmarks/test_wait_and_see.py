"""The comparison says what it found in one JSON object on its last line."""

from __future__ import annotations

import json

import pytest

from benchmarks import comparison, wait_and_see
from benchmarks.peers import PEERS

TINY = ["--quick", "--most-samples", "8", "--repeats", "1", "--seconds", "0.05"]


def test_a_peer_that_is_not_installed_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(wait_and_see, "missing", lambda: ["cvxpy"])
    assert wait_and_see.main(TINY) == 2
    assert "pip install -e '.[bench]'" in capsys.readouterr().err


@pytest.mark.slow
def test_last_line_has_every_figure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    peers = {name: PEERS[name] for name in ("pulp_highs", "highspy_hot")}
    monkeypatch.setattr(wait_and_see, "missing", list)
    monkeypatch.setattr(comparison, "PEERS", peers)
    assert wait_and_see.main([*TINY, "--only", "one_quarter"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])["one_quarter"]
    assert set(found["lps_per_second"]) == {*peers, "planner"}
    assert set(found["ratio_to"]) == set(peers)
    for peer, ratio in found["ratio_to"].items():
        rates = found["lps_per_second"]
        assert ratio == pytest.approx(rates["planner"] / rates[peer])
    assert 0 <= found["max_rel_diff"] < 1e-6
    assert found["samples"] == found["samples_of_bases"] == 8
    assert 1 <= found["distinct_bases"] <= 8
    for figure in ("share_to_highs", "draw_multiple", "uniform_multiple", "peak_memory_mb"):
        assert found[figure] >= 0
