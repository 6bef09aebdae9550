"""Porting: a platform puts out nothing for a workload that it was not adopted for."""

from __future__ import annotations

from planner.model import labels
from planner.model.builder import TemplateBuilder
from planner.model.output import output
from planner.model.sets import Sets
from planner.model.template import Ref, constant

STAGE = "recourse"


def add_rows(builder: TemplateBuilder, sets: Sets) -> None:
    """Add one row per platform, workload to be ported and quarter, in the workload's unit.

    More output than is wanted is of no use, so the demand is the tightest factor of the yes or no.
    """
    for bet in sets.bets:
        if bet.family != "adopt":
            continue
        p, w = bet.platform, sets.workloads.index(bet.key[1])
        for t in sets.run_quarters(p, w):
            terms = output(sets, p, w, t)
            if terms:
                last = sets.windows[w].last if w in sets.windows else t
                terms.append((labels.bet(bet), Ref("demand", (w, last), -1.0)))
                key = (*bet.key, sets.quarters[t])
                builder.row("porting", key, "<=", constant(0), terms)
