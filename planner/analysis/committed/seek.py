"""The plan of a scenario: the best one, or the one that reaches the service target.

A run, a comparison with a user's plan and a search for break-evens all take it from here, so that
they speak of the same plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from planner.analysis.committed.compare import CompareBlock, Compared, compare_tasks
from planner.analysis.committed.effort import Effort, risk_measure, sought
from planner.analysis.committed.problem import OPTIMISED
from planner.analysis.committed.service import Reaching, reach, target_of
from planner.analysis.workbench import Workbench
from planner.model.template import Array

Carry = Callable[[Iterable[CompareBlock]], Iterator[Compared]]
"""Does tasks in their order, here or in other processes."""


def carry_here(bench: Workbench) -> Carry:
    """Return what does tasks in this process."""
    return lambda tasks: (task.run(bench) for task in tasks)


def seek(bench: Workbench, carry: Carry, effort: Effort) -> Reaching:
    """Return the plan, and the multiple of the shortfall's price under which it is the best."""
    asked = bench.model.scenario.commitment
    find = partial(sought, bench.contracts, asked, risk_measure(asked), effort)
    target = target_of(asked)
    if target is None:
        return Reaching(find(1.0, None), 1.0)

    def judge(plan: Array) -> Compared:
        return Compared.joined(carry(compare_tasks(bench, (plan,), OPTIMISED, asked.samples)))

    return reach(target, find, judge)
