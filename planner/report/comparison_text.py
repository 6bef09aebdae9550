"""The answer of ``planner evaluate`` as text for a terminal."""

from __future__ import annotations

from planner.analysis.committed.evaluate import Comparison, Judged
from planner.config.wording import aligned
from planner.report.numbers import count, percent, usd, usd_interval, usd_pm
from planner.report.text import plural


def comparison_text(found: Comparison) -> str:
    """Return a user's plan beside the planner's: costs, the difference, and where orders differ."""
    plans = (found.yours, found.ours)
    rows = [
        ("mean cost", *(usd_pm(plan.cost_usd.mean) for plan in plans)),
        ("P10", *(usd(plan.cost_usd.p10.value) for plan in plans)),
        ("P50", *(usd(plan.cost_usd.p50.value) for plan in plans)),
        ("P90", *(usd(plan.cost_usd.p90.value) for plan in plans)),
        (_tail_name(found), *(usd_pm(plan.cvar_usd) for plan in plans)),
        *(
            (f"served: {name}", *(percent(plan.served[name].value) for plan in plans))
            for name in found.yours.served
        ),
    ]
    share = percent(found.cheaper_share.value)
    said = (
        f"Yours costs {usd_interval(found.difference_usd)} more (95 % interval of the mean "
        f"difference, sample by sample); it is the cheaper one in {share} of the futures. The "
        f"planner's is within {percent(found.gap)} of the best on the samples it was found on."
    )
    head = f"Both plans in the same {plural(found.samples, 'future')}, discounted dollars."
    table = "\n".join(aligned(("", *(plan.name for plan in plans)), rows))
    return "\n\n".join([head, table, said, _orders(found)])


def _tail_name(found: Comparison) -> str:
    return f"mean of the worst {percent(1 - found.cvar_level)}"


def _orders(found: Comparison) -> str:
    keys = dict.fromkeys(
        (order.offer, order.site, order.quarter)
        for plan in (found.yours, found.ours)
        for order in plan.orders
    )
    rows = [
        (*key, *(_count(plan, key) for plan in (found.yours, found.ours)))
        for key in sorted(keys, key=lambda key: (key[2], key[0], key[1]))
    ]
    return "\n".join(aligned(("offer", "site", "starts", "yours", "planner's"), rows))


def _count(plan: Judged, key: tuple[str, str, str]) -> str:
    amounts = [
        (order.count, order.unit)
        for order in plan.orders
        if (order.offer, order.site, order.quarter) == key
    ]
    return f"{count(amounts[0][0])} {amounts[0][1]}" if amounts else "-"
