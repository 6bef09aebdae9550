"""What a reader must know before the first number: the warnings of page one."""

from __future__ import annotations

from planner.analysis.results import Results
from planner.report.text import listed, plural

AGREES = 1e-6
"""Relative difference up to which the audit's HiGHS and the engine have found the same cost."""

_NAMED = 8


def warnings(results: Results) -> list[str]:
    """Return the warnings as paragraphs, without marks; none for a sound and complete run."""
    return [*_incomplete(results), *_unproven(results), *_audit(results)]


def _incomplete(results: Results) -> list[str]:
    if results.complete:
        return []
    done, asked = results.samples_done, plural(results.samples_asked, "sample")
    if done == results.samples_asked:
        return [
            f"This run is incomplete: all {asked} were solved, but it was stopped before what "
            "limits the answer and the price of shortfall were looked at."
        ]
    return [
        f"This run is incomplete: it was stopped after {done:,} of {asked}. Everything below "
        f"rests on the first {done:,} alone."
    ]


def _unproven(results: Results) -> list[str]:
    unproven = results.solves.unproven
    if not unproven:
        return []
    named = [f"{sample}" for sample in unproven[:_NAMED]]
    rest = [f"{len(unproven) - _NAMED:,} more"] if len(unproven) > _NAMED else []
    return [
        f"{plural(len(unproven), 'sample')} of {results.samples_done:,} could not be proven "
        f"optimal and are in no number below, which may be off by what they would have added: "
        f"{listed([*named, *rest])}. Their programs are in the run folder."
    ]


def _audit(results: Results) -> list[str]:
    off = results.solves.largest_audit_difference
    if off <= AGREES:
        return []
    return [
        f"The audit failed: of {results.solves.audited:,} samples that HiGHS solved again from "
        f"scratch, one costs {off:.1e} of what is paid more or less than the run found. Do not "
        "rely on these numbers; run again with --engine highs and report it."
    ]
