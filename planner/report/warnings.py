"""What a reader must know before the first number: the warnings of page one."""

from __future__ import annotations

from planner.analysis.precision import samples_needed
from planner.analysis.results import Results
from planner.report import plan_reading
from planner.report.numbers import percent, percent_at_most, percent_interval, percent_of
from planner.report.text import code, listed, plural

AGREES = 1e-6
"""Relative difference up to which the audit's HiGHS and the engine have found the same cost."""

_NAMED = 8


def warnings(results: Results) -> list[str]:
    """Return the warnings as paragraphs, without marks; none for a sound and complete run."""
    return [
        *_incomplete(results),
        *_search(results),
        *_service(results),
        *_cross_check(results),
        *_unproven(results),
        *_audit(results),
        *_draws(results),
        *_precision(results),
    ]


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


def _search(results: Results) -> list[str]:
    if results.committed is None or results.committed.proof.ended == "gap":
        return []
    proof = results.committed.proof
    return [
        f"The search for the plan ended ({proof.ended}) before the wanted gap: it is the best plan "
        f"so far, proven within {percent_at_most(proof.gap)} of the best on the samples that it "
        "was made on. Run again with more time or iterations."
    ]


def _service(results: Results) -> list[str]:
    """Return that a service target of the plan is missed beyond what sampling explains."""
    service = None if results.committed is None else results.committed.service
    if service is None or service.reached.high is None or service.reached.high >= service.target:
        return []
    return [
        f"The plan does not reach its service target of {percent(service.target)}: on fresh "
        f"samples {percent_of(service.reached)} is reached (95 % interval "
        f"{percent_interval(service.reached)})."
    ]


def _cross_check(results: Results) -> list[str]:
    if results.committed is None:
        return []
    off = results.committed.proof.extensive_difference
    if off <= plan_reading.AGREES:
        return []
    return [
        f"The cross-check of the plan failed: solved as a whole by HiGHS, the same problem of "
        f"{plural(results.committed.proof.extensive_samples, 'sample')} has an optimum that "
        f"differs by {off:.1e}. Do not rely on the plan, and report it."
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


def _draws(results: Results) -> list[str]:
    check = results.draw_check
    inputs = [code(item.name) for item in check.inputs if not item.passed]
    pairs = [
        f"{code(item.one)} with {code(item.other)} ({item.realised:.2f} instead of {item.asked:g})"
        for item in check.correlations
        if not item.passed
    ]
    failed = [*inputs, *pairs]
    if not failed:
        return []
    more = [f"{len(failed) - _NAMED:,} more"] if len(failed) > _NAMED else []
    return [
        f"The draw check failed: in the first {plural(check.samples, 'sample')} these are not "
        f"drawn as the config says: {listed([*failed[:_NAMED], *more])}. A sound run fails it once "
        "in a thousand; run again with another seed, and if it fails again report it."
    ]


def _precision(results: Results) -> list[str]:
    asked = results.precision
    if asked is None or asked.reached or not results.complete:
        return []
    needed = samples_needed(results.cost_usd.mean, asked.error_usd)
    rest = "" if needed is None else f"; about {needed:,} samples would be needed"
    return [
        f"The precision that was asked for, {code(asked.text)}, was not reached with "
        f"{plural(results.samples_done, 'sample')}{rest}."
    ]
