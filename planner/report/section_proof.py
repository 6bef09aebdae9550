"""The proof: how near the plan is to the best one, by which samples, bounds and cross-checks."""

from __future__ import annotations

from collections.abc import Sequence

from planner.analysis.results import Results
from planner.analysis.results_committed import (
    Bracket,
    Committed,
    PlannedOrder,
    Proof,
    ServiceReached,
    SolveIteration,
)
from planner.report import plan_reading
from planner.report.numbers import (
    exact,
    number,
    percent,
    percent_at_most,
    percent_interval,
    percent_of,
    usd,
    usd_error,
    usd_interval,
    usd_of,
    usd_pm,
    usd_scale,
)
from planner.report.plan_words import amount_words, ended_words, service_verdict
from planner.report.text import escape, plural, table

_MOST_LINES = 7


def proof_section(results: Results, plan: Committed) -> str:
    """Return the samples, the bound, the gap, the cross-check and the log of the search."""
    proof = plan.proof
    blocks = [
        "## Proof",
        ended_words(proof).strip(),
        table(["", ""], _proof_rows(plan), left=2),
        "On average the optimum of a batch of samples is not above what the best plan truly costs, "
        "so the mean of such optima is a bound (Mak, Morton and Wood 1999, "
        "doi:10.1016/S0167-6377(98)00054-6). The gap is taken batch by batch, which is why it is "
        "known better than either side. It is too large by as much as each optimum fits its own "
        f"batch{_quantile_words(plan)}; it covers neither the beliefs nor the model, nor a rare "
        "disaster that no sample holds.",
        *_crossed_blocks(plan),
        *_remedy_blocks(proof),
        *_search_blocks(proof),
        *_service_blocks(plan.service),
        *_bracket_blocks(results, plan),
        *_note_blocks(plan),
    ]
    return "\n\n".join(block for block in blocks if block)


def _quantile_words(plan: Committed) -> str:
    if plan.cvar_weight <= 0:
        return ""
    return ", and as the plan's tail is taken from the quantile that the plan was found with"


def _proof_rows(plan: Committed) -> list[tuple[str, str]]:
    proof = plan.proof
    cost, bound, gap = plan.risk_usd, proof.lower_bound_usd, proof.gap_usd
    batches = f"{proof.replications:,} batches of {plural(proof.replication_samples, 'sample')}"
    measure = "cost" if plan.cvar_weight <= 0 else "measure (mean and CVaR)"
    state = "" if proof.ended == "gap" else f" (**{escape(proof.ended)}**)"
    return [
        (
            f"The plan's {measure}, on fresh samples",
            f"{usd_of(cost)}, standard error {usd_error(cost)}, 95 % {usd_interval(cost)}, "
            f"n = {plan.samples:,}",
        ),
        (
            "Lower bound: mean of the optima of batches",
            f"{usd_of(bound)}, standard error {usd_error(bound)}, 95 % {usd_interval(bound)}, "
            f"{batches}",
        ),
        (
            "Gap: the plan's less the optimum, in each batch",
            f"{usd_of(gap)}, standard error {usd_error(gap)}",
        ),
        (
            "**The plan is at most this much above the best** (one-sided, 95 %)",
            f"**{percent_at_most(proof.gap_limit)}** ({usd(proof.gap_limit_usd, digits=2)})",
        ),
        ("Samples that the plan was made on", f"{proof.samples:,}"),
        (
            "Gap on those samples",
            f"{percent_at_most(proof.gap)}, wanted {percent_at_most(proof.wanted_gap)}{state}",
        ),
        (
            "Cross-check against the whole problem at once (HiGHS)",
            f"{_agrees(proof)} {proof.extensive_difference:.1e} relative, on "
            f"{plural(proof.extensive_samples, 'sample')}",
        ),
    ]


def _agrees(proof: Proof) -> str:
    if proof.extensive_difference <= plan_reading.AGREES:
        return "the optima agree:"
    return "**THE OPTIMA DIFFER**:"


def _crossed_blocks(plan: Committed) -> list[str]:
    """Return why the bound can lie above the cost, where it does."""
    bound, cost = plan.proof.lower_bound_usd, plan.risk_usd
    if bound.value <= cost.value:
        return []
    return [
        "Here the bound lies above the plan's cost on fresh samples. That is chance: they are of "
        f"different samples, with standard errors of {usd_error(bound)} and {usd_error(cost)}. The "
        "gap, on the same samples, does not suffer from it."
    ]


def _remedy_blocks(proof: Proof) -> list[str]:
    if not proof.remedy:
        return []
    return [
        f"**The limit is not below {percent(plan_reading.WIDE_GAP)}.** To bring it there: "
        f"{escape(proof.remedy)}."
    ]


def _search_blocks(proof: Proof) -> list[str]:
    lines = _some(proof.iterations)
    if not lines:
        return []
    scale = usd_scale(line.best_usd for line in lines)
    rows = [
        (
            f"{line.number:,}",
            f"{line.bound_usd / scale.divisor:,.3f}",
            f"{line.best_usd / scale.divisor:,.3f}",
            percent_at_most(line.gap),
        )
        for line in lines
    ]
    left = len(proof.iterations) - len(lines)
    more = "" if left <= 0 else f" {plural(left, 'line')} between are left out."
    return [
        f"**The search**, on the samples that the plan was made on.{more}",
        table(
            ["Iteration", f"Lower bound, {scale.name}", f"Best plan, {scale.name}", "Gap at most"],
            rows,
        ),
    ]


def _some(lines: Sequence[SolveIteration]) -> list[SolveIteration]:
    """Return the first line, the last, and some between at an even step."""
    if len(lines) <= _MOST_LINES:
        return list(lines)
    last = len(lines) - 1
    places = [round(k * last / (_MOST_LINES - 1)) for k in range(_MOST_LINES)]
    return [lines[place] for place in places]


def _service_blocks(service: ServiceReached | None) -> list[str]:
    if service is None:
        return []
    reached = service.reached
    what = (
        "of every workload's demand is served on average"
        if service.kind == "expected"
        else "of samples are served wholly"
    )
    return [
        f"**Service target**: {exact(100 * service.target)} % {what}. "
        f"{service_verdict(service)} On fresh samples {percent_of(reached)} is reached (95 % "
        f"interval {percent_interval(reached)}, n = {reached.n:,}), at "
        f"{number(service.price_times)} times the stated price of shortfall. How it was found: "
        f"{escape(service.method)}."
    ]


def _bracket_blocks(results: Results, plan: Committed) -> list[str]:
    bracket = plan.bracket
    if bracket is None:
        return []
    window = plural(bracket.window_quarters, "quarter")
    apart = bracket.difference_usd
    return [
        f"**If orders could be decided again.** The plan costs {usd_pm(bracket.rent_usd)} where "
        "after signing one can only rent, and one that decides again what is signed from "
        f"{window} on, with everything known by then, {usd_pm(bracket.reorder_usd)}. The second is "
        "too good to be true, the first too strict: the truth lies between, and to decide again is "
        f"worth at most {usd_pm(apart)} (95 % interval {usd_interval(apart)}, n = {apart.n:,}).",
        *_window_blocks(results, plan, bracket),
    ]


def _window_blocks(results: Results, plan: Committed, bracket: Bracket) -> list[str]:
    """Return what would be signed before orders are decided again, beside the plan."""
    signed = plan_reading.signed_in_window(results, plan, bracket)
    both: dict[tuple[str, str], list[list[PlannedOrder]]] = {}
    for side, orders in enumerate((signed, bracket.orders_in_window)):
        for order in orders:
            key = (order.offer, order.site)
            both.setdefault(key, [[], []])[side].append(order)
    if not both:
        return ["Neither signs for anything before that."]
    rows = [
        (escape(offer), escape(site), *(amount_words(side) for side in sides))
        for (offer, site), sides in both.items()
    ]
    return [
        "What is signed before that, under either reading; where the two agree, it does not depend "
        "on it:",
        table(["Offer", "Site", "The plan", "If decided again"], rows, left=2),
    ]


def _note_blocks(plan: Committed) -> list[str]:
    if not plan.notes:
        return []
    notes = [f"- {escape(note)}" for note in plan.notes]
    return ["**Notes on the plan.**", "\n".join(notes)]
