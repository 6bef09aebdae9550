"""Platforms and workloads: that every yield has what it needs and every workload can be served."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from planner.config.checks_fleet import standing
from planner.config.demands import PFLOPS
from planner.config.platforms import YIELD_TABLES
from planner.config.raw import Raw, extremes, mapping
from planner.config.wording import listing, show
from planner.errors import Problem

Body = Mapping[str, Any]

_SHOWN_REASONS = 5


def _yields(platform: Body) -> list[str]:
    """Return the workloads in any of a platform's tables, each once."""
    return list(dict.fromkeys(w for key in YIELD_TABLES for w in mapping(platform.get(key))))


def _broken_tables(platform: Body) -> bool:
    return any(not isinstance(platform.get(key, {}), dict) for key in YIELD_TABLES)


def _one_table(raw: Raw) -> Iterator[Problem]:
    """Platforms that yield nothing, and workloads in more than one table."""
    for name, platform in raw.entries("platforms").items():
        if not _yields(platform) and not _broken_tables(platform):
            yield raw.document.problem(
                ("platforms", name),
                "this platform has no yield for any workload",
                allowed=f"an entry in one of {listing(YIELD_TABLES)}",
                remedy="add `utilisation: {a workload: ...}`, or remove the platform",
            )
        first: dict[str, str] = {}
        for key in YIELD_TABLES:
            for workload in mapping(platform.get(key)):
                if first.setdefault(workload, key) != key:
                    yield raw.document.problem(
                        ("platforms", name, key, workload),
                        f"this workload has a yield under `{first[workload]}` already",
                        allowed="each workload in one of the tables",
                        remedy="keep one of them",
                    )


def _units(raw: Raw) -> Iterator[Problem]:
    """Model FLOP utilisation for what is not counted in PFLOP/s."""
    workloads = raw.entries("workloads")
    for name, platform in raw.entries("platforms").items():
        for workload in mapping(platform.get("utilisation")):
            unit = workloads.get(workload, {}).get("unit", PFLOPS)
            if isinstance(unit, str) and unit != PFLOPS:
                yield raw.document.problem(
                    ("platforms", name, "utilisation", workload),
                    f"utilisation yields {PFLOPS}, and this workload is counted in {unit}",
                    allowed=f"workloads in {PFLOPS}",
                    remedy="give it under `yield_per_accelerator` or `bandwidth_utilisation`",
                )


def _bandwidth(raw: Raw) -> Iterator[Problem]:
    """Yields by memory bandwidth without the bandwidth or the traffic."""
    workloads = raw.entries("workloads")
    first: dict[str, str] = {}
    for name, platform in raw.entries("platforms").items():
        served = mapping(platform.get("bandwidth_utilisation"))
        if served and platform.get("memory_bandwidth_tbps") is None and _is_filled(platform):
            yield raw.document.problem(
                ("platforms", name, "bandwidth_utilisation"),
                "`memory_bandwidth_tbps` is missing: neither the platform nor the catalogue has it",
                allowed="terabytes per second of one accelerator, above 0",
                remedy="add `memory_bandwidth_tbps: ...` to the platform",
            )
        for workload in served:
            first.setdefault(workload, name)
    for workload, name in first.items():
        body = workloads.get(workload)
        if body is not None and body.get("memory_traffic_gb_per_unit") is None:
            yield raw.document.problem(
                ("workloads", workload),
                f"`memory_traffic_gb_per_unit` is missing: {name} serves it by memory bandwidth",
                allowed="GB read from memory for one unit, above 0",
                remedy="add `memory_traffic_gb_per_unit: ...`",
            )


def _is_filled(platform: Body) -> bool:
    """Return whether the catalogue had its say; if not, that is told already."""
    return "accelerator_kw" in platform


def _porting(raw: Raw) -> Iterator[Problem]:
    """Porting of workloads that do not run here anyway."""
    for name, platform in raw.entries("platforms").items():
        yields = _yields(platform)
        for workload in mapping(platform.get("porting")):
            if workload in raw.section("workloads") and workload not in yields:
                yield raw.document.problem(
                    ("platforms", name, "porting", workload),
                    "this platform has no yield for the workload, ported or not",
                    allowed=listing(yields),
                    remedy="say what it yields once it is ported, or remove this",
                )


def _memory(raw: Raw) -> Iterator[Problem]:
    """Memory that is not known and must be."""
    workloads = raw.entries("workloads").items()
    bulky = {name for name, body in workloads if body.get("memory_gb") is not None}
    for name, platform in raw.entries("platforms").items():
        own = platform.get("memory_gb")
        span = extremes(own)
        if span is not None and span[0] != span[1]:
            yield raw.document.problem(
                ("platforms", name, "memory_gb"),
                "memory must be known: which workloads fit is the same in every sample",
                allowed="a number, or {value: 80, source: ...}",
                remedy="give one figure; to weigh another, run the plan with it as well",
                value=show(own),
            )
        needing = [workload for workload in _yields(platform) if workload in bulky]
        if own is None and needing and _is_filled(platform):
            yield raw.document.problem(
                ("platforms", name),
                f"`memory_gb` is missing: {listing(needing)} must fit its memory, and neither the "
                "platform nor the catalogue says how much it has",
                allowed="GB of one accelerator, above 0",
                remedy="add `memory_gb: ...` to the platform",
            )


def _unserved(raw: Raw) -> Iterator[Problem]:
    """Workloads that nothing can serve."""
    platforms = raw.entries("platforms")
    if not platforms or any(_broken_tables(body) for body in platforms.values()):
        return
    able: dict[str, list[str]] = {}
    for platform, body in platforms.items():
        for workload in _yields(body):
            able.setdefault(workload, []).append(platform)
    sites = standing(raw)
    for name, workload in raw.section("workloads").items():
        if name not in able:
            yield raw.document.problem(
                ("workloads", name),
                "no platform can serve this workload: none has a yield for it",
                remedy=f"add `{name}: ...` under `utilisation` of a platform",
            )
            continue
        reasons = {p: _reason(raw, p, mapping(workload), sites.get(p, [])) for p in able[name]}
        if all(reasons.values()):
            yield raw.document.problem(
                ("workloads", name),
                f"no platform can serve this workload: {_some(list(reasons.values()))}",
                remedy="change what shuts them out, or add a platform",
            )


def _reason(raw: Raw, platform: str, workload: Body, sites: list[str]) -> str:
    """Return why a platform with a yield for a workload cannot run it; empty if it can."""
    if _shut_out(platform, workload, "platforms"):
        return f"its lists of platforms shut out {platform}"
    body = raw.entries("platforms")[platform]
    need, own = workload.get("memory_gb"), extremes(body.get("memory_gb"))
    domain = body.get("accelerators_per_domain", 1)
    if isinstance(need, int | float) and isinstance(domain, int) and own is not None:
        most = own[1] * domain
        if most < need:
            return f"{platform} has {most:g} GB in a scale-up domain and it needs {need:g}"
    if sites and all(_shut_out(site, workload, "sites") for site in sites):
        return f"its lists of sites shut out all that {platform} can stand at ({listing(sites)})"
    return ""


def _some(reasons: list[str]) -> str:
    more = len(reasons) - _SHOWN_REASONS
    shown = "; ".join(reasons[:_SHOWN_REASONS])
    return f"{shown}; and {more} more such reasons" if more > 0 else shown


def _shut_out(name: str, workload: Body, what: str) -> bool:
    only, never = workload.get(f"allowed_{what}"), workload.get(f"denied_{what}")
    return (isinstance(only, list) and name not in only) or (
        isinstance(never, list) and name in never
    )


YIELD_CHECKS = (_one_table, _units, _bandwidth, _porting, _memory, _unserved)
