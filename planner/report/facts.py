"""What a report says about the run itself: things that differ between equal runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RunFacts:
    """Facts for the section 'How it was computed'; none of them changes a result.

    Attributes
    ----------
    run_id : str
    planner_version : str
        Of the planner that ran, or that rendered the report again.
    created : str
        When the run began, as ISO 8601 text.
    seconds : dict of str to float
        Wall-clock seconds by stage, in the order of the stages.
    workers : int
        Processes that solved.
    command : str
        The command line that makes the run again.
    packages : dict of str to str
        Versions by package.
    """

    run_id: str
    planner_version: str
    created: str
    seconds: dict[str, float]
    workers: int
    command: str
    packages: dict[str, str]
