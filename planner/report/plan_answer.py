"""Page one of a report with a committed plan: what to sign for, at what cost, and how sure."""

from __future__ import annotations

from collections.abc import Sequence

from planner.analysis.results import Results
from planner.analysis.results_committed import Committed, PlannedBet, PlannedOrder
from planner.report import plan_reading, reading
from planner.report.answer import (
    assumed_words,
    boxed,
    contracts_point,
    owed_words,
    served_words,
)
from planner.report.numbers import (
    compact,
    count,
    error_words,
    exact,
    percent,
    percent_at_most,
    percent_interval,
    percent_of,
    usd,
    usd_error,
    usd_interval,
    usd_of,
    usd_range,
)
from planner.report.plan_signing import signing_blocks
from planner.report.plan_words import (
    change_sentences,
    ended_words,
    service_verdict,
    span_words,
    tail_words,
)
from planner.report.sureness import driver_clause
from planner.report.text import code, escape, listed, plural

_NAMED = 4
_MOST_FIGURES = 6


def plan_answer_section(results: Results, plan: Committed) -> str:
    """Return what to sign for, with its cost, its proof and what knowing would be worth."""
    points = (
        plan_sentence(results, plan),
        cost_sentence(results, plan),
        proof_sentence(plan),
        worth_sentence(results, plan),
        _sureness_sentence(results, plan),
    )
    blocks = [
        "## What to sign for",
        "\n".join(f"{n}. {text}" for n, text in enumerate(points, start=1)),
        *signing_blocks(results, plan),
        _what_this_is(results, plan),
    ]
    return "\n\n".join(blocks)


def plan_sentence(results: Results, plan: Committed) -> str:
    """Return what is signed now, what may wait until when, and which bets are taken."""
    now, later = plan_reading.signed_now(plan), plan_reading.may_wait(plan)
    first = escape(results.quarters[0])
    if not plan.orders:
        text = "Sign for nothing: renting as each quarter comes is the best plan found"
    elif not now:
        text = f"Nothing has to be signed in {first}"
    else:
        cost = usd(plan_reading.total_cost(now))
        text = f"Sign now, in {first}, for {_amounts(now)} at an expected cost of {cost}"
    if later:
        quarters = [order.sign_in for order in later]
        until = span_words(list(dict.fromkeys(quarters)))
        cost = usd(plan_reading.total_cost(later))
        text += (
            f"; {'another ' if now else ''}{_amounts(later)} may wait until {until}, at an "
            f"expected {cost}, and what is known by then may change them"
        )
    return f"**The plan.** {text}{_bet_words(plan)}."


def _amounts(orders: Sequence[PlannedOrder]) -> str:
    chips = plan_reading.accelerators(orders)
    by_platform = list(plan_reading.counted(chips, lambda order: order.platform).items())
    parts = [f"{count(amount)} {escape(name)}" for name, amount in by_platform[:_NAMED]]
    rest = by_platform[_NAMED:]
    if rest:
        amount = count(sum(value for _, value in rest))
        parts.append(f"{amount} of {plural(len(rest), 'other platform')}")
    found = []
    if len(by_platform) == 1:
        found.append(f"**{parts[0]}**")
    elif by_platform:
        whole = count(sum(amount for _, amount in by_platform))
        found.append(f"**{whole} accelerators** ({listed(parts)})")
    megawatts = sum(order.count for order in plan_reading.power(orders))
    if megawatts > 0:
        found.append(f"**{compact(megawatts)} MW of power**")
    return listed(found)


def _bet_words(plan: Committed) -> str:
    clauses = [
        f"{answer} to {listed([_bet(bet) for bet in bets])}"
        for answer, bets in (
            ("yes", plan_reading.taken(plan)),
            ("no", plan_reading.refused(plan)),
        )
        if bets
    ]
    return f". Bets: {'; '.join(clauses)}" if clauses else ""


def _bet(bet: PlannedBet) -> str:
    kind = f"{escape(bet.name)} ({escape(bet.kind)}"
    if plan_reading.WHOLE > bet.taken > 1 - plan_reading.WHOLE:
        kind += f", {percent(bet.taken)} of it"
    return f"{kind})"


def cost_sentence(results: Results, plan: Committed) -> str:
    """Return what the plan costs, how far that spreads, the tail, and how much it serves."""
    view = plan_reading.plan_view(results, plan)
    cost, tail = plan.cost_usd, plan.cvar_usd
    worst = f"the worst {tail_words(plan.cvar_level)} of futures cost {usd_of(tail)}"
    text = (
        f"Discounted at {exact(100 * results.discount_rate_per_year)} % a year, the plan and what "
        f"is done later cost **{usd_of(cost.mean)}** on average (standard error "
        f"{usd_error(cost.mean)}, 95 % interval {usd_interval(cost.mean)}, "
        f"{plural(plan.samples, 'fresh sample')})"
    )
    if reading.is_certain(results):
        text = f"The plan costs **{usd(cost.mean.value)}**: nothing in this config is uncertain"
    elif cost.p10.low is None or cost.p90.high is None:
        text += ", too few to tell how it spreads"
    else:
        text += (
            f", between {usd_range(cost.p10.value, cost.p90.value).replace(' to ', ' and ')} in "
            f"eight futures of ten (P10 to P90), and {worst} on average{error_words(tail)}"
        )
    return f"**Cost.** {text}; {served_words(view)}{owed_words(view)}."


def proof_sentence(plan: Committed) -> str:
    """Return in one line how far the plan can be from the best there is."""
    proof = plan.proof
    loud = ended_words(proof)
    limit = percent_at_most(proof.gap_limit)
    measured = (
        "" if plan.cvar_weight <= 0 else ", in the measure of mean and tail that it minimises"
    )
    text = (
        f"It costs at most **{limit}** ({usd(proof.gap_limit_usd, digits=2)}) more than the best "
        f"plan that any knowledge of this model could give{measured}, with 95 % confidence"
    )
    if proof.gap_limit >= plan_reading.WIDE_GAP:
        text += ", which is wide; *Proof* says what narrows it"
    return f"**How good it is.** {loud}{text}.{_service_words(plan)}"


def _service_words(plan: Committed) -> str:
    service = plan.service
    if service is None:
        return ""
    reached = service.reached
    return (
        f" Its service target is {exact(100 * service.target)} %: {percent_of(reached)} is reached "
        f"on fresh samples (95 % interval {percent_interval(reached)}). {service_verdict(service)}"
    )


def worth_sentence(results: Results, plan: Committed) -> str:
    """Return what not knowing costs, what planning on the medians costs, and the regret."""
    if reading.is_certain(results):
        return (
            "**The price of not knowing.** Nothing in this config is uncertain, so there is "
            "nothing to know and nothing to regret."
        )
    worth = plan.worth
    knowing = worth.evpi_usd
    text = (
        "To know everything before signing would be worth **"
        f"{usd_of(knowing)}** (EVPI; standard error {usd_error(knowing)}, 95 % interval "
        f"{usd_interval(knowing)}), so no study or forecast is worth more"
    )
    return (
        f"**The price of not knowing.** {text}; {_medians_words(plan)}; in one future of twenty "
        f"the plan is regretted by {usd(plan.regret.p95_usd)} or more (P95 of regret)."
    )


def _medians_words(plan: Committed) -> str:
    gained = plan.worth.vss_usd
    if gained is None:
        return (
            "what planning for the spread gains over planning on the medians (VSS) is not told, "
            "as the plan does not minimise the mean alone"
        )
    error = usd_error(gained)
    if not plan_reading.is_told_apart(gained):
        return (
            f"whether the plan beats one made on the medians cannot be told (VSS {usd_of(gained)}, "
            f"standard error {error}, 95 % interval {usd_interval(gained)})"
        )
    verb = "more" if gained.value > 0 else "less"
    return (
        f"a plan made on the medians would cost {usd(abs(gained.value), gained.standard_error)} "
        f"{verb} (VSS; standard error {error}, 95 % interval {usd_interval(gained)})"
    )


def _sureness_sentence(results: Results, plan: Committed) -> str:
    clauses = [driver_clause(plan_reading.plan_view(results, plan))]
    same = plan_reading.nearest_changes(plan)
    if same:
        clauses += [f"the likeliest change: {text}" for text in change_sentences(plan, same)]
    return f"**How sure.** {'; '.join(clauses)}."


def _what_this_is(results: Results, plan: Committed) -> str:
    points = [
        "**One plan for all futures.** What is signed is the same in every sample and delivered as "
        "that sample has it; only then is the sample known, and only what is listed under *What is "
        "done later* is decided: renting, what works where, what goes unserved. Orders that may "
        "wait are counted as signed all the same. To decide them again when more is known can only "
        f"lower the cost{_again_words(plan)}.",
        "**The cost is of samples that the plan was not made on**, so it does not flatter itself. "
        "That of each future's own optimum is below it, and nobody can buy that.",
        contracts_point(results),
        "**Standard errors and 95 % intervals are of the sampling alone**, and so is the distance "
        "to the best plan. They say nothing about whether the beliefs, the prices or the model are "
        "right.",
        f"{assumed_words(results)}{_guessed_behind(results, plan)}; all are listed at the end.",
    ]
    return boxed(points)


def _again_words(plan: Committed) -> str:
    if plan.bracket is None:
        return " (`--bracket` tells by how much, at most)"
    return f", by {usd_of(plan.bracket.difference_usd)} at most (see *Proof*)"


def _guessed_behind(results: Results, plan: Committed) -> str:
    """Return how many of the figures of what is signed now are assumptions, and which."""
    behind = plan_reading.figures_behind(results, plan)
    guessed = [item for item in behind if item.is_assumption]
    if not behind:
        return ""
    if not guessed:
        return f"; none of the {len(behind):,} of what is signed now are"
    names = [code(item.path) for item in guessed[:_MOST_FIGURES]]
    left = len(guessed) - len(names)
    names += [f"{left:,} more"] if left else []
    return (
        f". Of the {plural(len(behind), 'figure')} of what is signed now, {len(guessed):,} are: "
        f"{listed(names)}"
    )


def hindsight_words(results: Results, plan: Committed) -> str:
    """Return the head of what is best in each future, which stands below the plan."""
    knowing = plan.worth.evpi_usd
    return "\n\n".join(
        [
            "## What would have been best in each future",
            "**Nobody can buy this.** Here each future is solved with perfect knowledge of itself, "
            "and each has a plan of its own. It shows how far the best mix moves with what is not "
            f"known, and its mean cost, {usd_of(results.cost_usd.mean)}, is what no plan can go "
            f"below on average; the plan above costs {usd_of(knowing)} more "
            f"(standard error {usd_error(knowing)}, n = {knowing.n:,}).",
        ]
    )
