"""The committed plan in a few lines of a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.analysis.results import Results
from planner.analysis.results_committed import Committed, PlannedBet, PlannedOrder
from planner.report import plan_reading, reading
from planner.report.numbers import (
    error_of,
    percent,
    percent_at_most,
    percent_of,
    usd,
    usd_pm,
    usd_range,
)
from planner.report.plan_words import amount_words, tail_words
from planner.report.text import plain

_MOST_OFFERS = 6


def plan_lines(results: Results, plan: Committed) -> list[tuple[str, str]]:
    """Return what to sign for and how good it is, as pairs of a label and a value, plain text."""
    return [
        *_signing(results, plan),
        *_bets(plan),
        *_cost(plan),
        *_service(plan),
        *_proof(plan),
        *([] if reading.is_certain(results) else _worth(plan)),
    ]


def _signing(results: Results, plan: Committed) -> Iterator[tuple[str, str]]:
    now, later = plan_reading.signed_now(plan), plan_reading.may_wait(plan)
    first = plain(results.quarters[0])
    yield f"sign now, in {first}", _amounts(now) if now else "nothing has to be signed yet"
    if later:
        last = plain(later[-1].sign_in)
        until = plain(later[0].sign_in)
        until += f" to {last}" if last != until else ""
        yield f"may wait until {until}", _amounts(later)


def _amounts(orders: Sequence[PlannedOrder]) -> str:
    by_offer: dict[str, list[PlannedOrder]] = {}
    for order in sorted(orders, key=lambda order: not order.platform):
        by_offer.setdefault(order.offer, []).append(order)
    shown = [f"{plain(amount_words(same))} {plain(name)}" for name, same in by_offer.items()]
    left = len(shown) - _MOST_OFFERS
    more = [f"{left:,} more offers"] if left > 0 else []
    cost = usd(plan_reading.total_cost(orders))
    return f"{', '.join([*shown[:_MOST_OFFERS], *more])} (expected cost {cost})"


def _bets(plan: Committed) -> Iterator[tuple[str, str]]:
    for label, bets in (
        ("bets taken", plan_reading.taken(plan)),
        ("bets not taken", plan_reading.refused(plan)),
    ):
        if bets:
            yield label, ", ".join(_bet(bet) for bet in bets)


def _bet(bet: PlannedBet) -> str:
    in_part = plan_reading.WHOLE > bet.taken > 1 - plan_reading.WHOLE
    part = f", {percent(bet.taken)} of it" if in_part else ""
    return f"{plain(bet.name)} ({plain(bet.kind)}{part})"


def _cost(plan: Committed) -> Iterator[tuple[str, str]]:
    cost = plan.cost_usd
    yield "the plan's mean cost ± standard error", usd_pm(cost.mean)
    if error_of(cost.mean) is None:
        yield "its cost, P10 to P90", "not known: one sample"
        return
    yield "its cost, P10 to P90", usd_range(cost.p10.value, cost.p90.value)
    yield f"mean of its worst {tail_words(plan.cvar_level)}", usd_pm(plan.cvar_usd)


def _service(plan: Committed) -> Iterator[tuple[str, str]]:
    for item in plan.served:
        yield f"{plain(item.workload)} served by it, mean", percent_of(item.share.mean)


def _proof(plan: Committed) -> Iterator[tuple[str, str]]:
    proof = plan.proof
    if proof.ended != "gap":
        within = percent_at_most(proof.gap)
        yield "BEST PLAN SO FAR", f"ended by {plain(proof.ended)}, within {within} on its samples"
    yield "above the best plan, at most", f"{percent_at_most(proof.gap_limit)} (95 % confidence)"


def _worth(plan: Committed) -> Iterator[tuple[str, str]]:
    yield "knowing everything is worth (EVPI)", usd_pm(plan.worth.evpi_usd)
    if plan.worth.vss_usd is not None:
        yield "against a plan on the medians (VSS)", usd_pm(plan.worth.vss_usd)
