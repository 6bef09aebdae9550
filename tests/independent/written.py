"""How beliefs and paths are written in a config."""

from __future__ import annotations

from typing import Any

Written = dict[str, Any]


def uniform(low: float, high: float) -> Written:
    return {"distribution": "uniform", "low": low, "high": high}


def triangular(low: float, mode: float, high: float) -> Written:
    return {"distribution": "triangular", "low": low, "mode": mode, "high": high}


def lognormal(p10: float, p90: float) -> Written:
    return {"distribution": "lognormal", "p10": p10, "p90": p90}


def near(mean: float, sd: float) -> Written:
    return {"distribution": "lognormal", "mean": mean, "sd": sd}


def one_of(*values: float) -> Written:
    share = 1 / len(values)
    return {
        "distribution": "discrete",
        "values": list(values),
        "probabilities": [share] * len(values),
    }


def quantiles(p10: float, p50: float, p90: float, **bounds: float | None) -> Written:
    return {"distribution": "quantiles", "p10": p10, "p50": p50, "p90": p90, **bounds}


def trend(first: Any, change: Any) -> Written:
    return {"first": first, "change_per_year": change}


def times(values: list[float], factor: Written) -> Written:
    return {"by_quarter": values, "times": factor}
