"""What must agree between the parts of a scenario.

The checks work on the raw data, so that they are reported together with the errors of the schema:
each looks only at parts that have the shape it needs and leaves the others to the schema.
"""

from __future__ import annotations

from itertools import islice

from planner.config.checks_claims import CLAIM_CHECKS
from planner.config.checks_commitment import COMMITMENT_CHECKS
from planner.config.checks_events import EVENT_CHECKS
from planner.config.checks_fleet import FLEET_CHECKS
from planner.config.checks_names import NAME_CHECKS
from planner.config.checks_plan import PLAN_CHECKS
from planner.config.checks_vendors import VENDOR_CHECKS
from planner.config.checks_yields import YIELD_CHECKS
from planner.config.document import Document
from planner.config.raw import Raw
from planner.errors import Problem

MOST_OF_A_KIND = 100

_CHECKS = (
    *NAME_CHECKS,
    *YIELD_CHECKS,
    *FLEET_CHECKS,
    *PLAN_CHECKS,
    *COMMITMENT_CHECKS,
    *VENDOR_CHECKS,
    *CLAIM_CHECKS,
    *EVENT_CHECKS,
)


def cross_checks(document: Document) -> list[Problem]:
    """Return what does not agree in a document, whatever else is wrong with it."""
    raw = Raw(document)
    problems: list[Problem] = []
    for check in _CHECKS:
        found = list(islice(check(raw), MOST_OF_A_KIND + 1))
        problems.extend(found[:MOST_OF_A_KIND])
        if len(found) > MOST_OF_A_KIND:
            remedy = "correct those that are shown first"
            message = f"there are more problems like that of {found[0].path}; they are not shown"
            problems.append(document.problem((), message, remedy=remedy))
    return problems
