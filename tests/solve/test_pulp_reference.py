"""The reference problem says what the template says, in files that other solvers read."""

from __future__ import annotations

from pathlib import Path

import highspy
import pulp
import pytest
import yaml
from small import bench, middling, plan, platform, rent, site, workload

from planner.analysis.workbench import SolveBlock
from planner.export import export_sample
from planner.solve.pulp_reference import to_pulp


def optimum(file: Path) -> float:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    # All instances in a process share HiGHS's threads, and the product asks for one.
    solver.setOptionValue("threads", 1)
    assert solver.readModel(str(file)) == highspy.HighsStatus.kOk
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(solver.getObjectiveValue())


def test_the_problem_has_the_templates_rows_and_columns() -> None:
    made = bench(middling())
    programs = made.model.programs(made.draw(0, 2)[1])
    problem = to_pulp(programs, 1)
    template = made.model.template
    assert {v.name for v in problem.variables()} == {c.text() for c in template.columns}
    assert problem.numConstraints() == len(template.rows)
    for row in template.rows:
        assert problem.get_constraint_by_name(row.text()) is not None
    assert problem.sense == pulp.LpMinimize


@pytest.mark.parametrize("file_format", ["lp", "mps"])
def test_the_longest_names_can_be_exported(tmp_path: Path, file_format: str) -> None:
    """64 characters each, as many as a name may have, with all that it may contain."""
    name = ("a-B_9" * 13)[:64]
    demand = {name: workload([10, 0.1 + 0.2], shortfall_usd_per_unit_hour=9.0)}
    offers = {name: rent(name, 2.0, sites=[name])}
    sites = {name: site(power_mw=5.0)}
    raw = plan(2, demand, {name: platform(name)}, offers, sites=sites, rate=0.05)
    config = tmp_path / "plan.yaml"
    config.write_text(yaml.safe_dump(raw, sort_keys=False))
    file = export_sample(config, [], 0, file_format, tmp_path / f"out.{file_format}")  # type: ignore[arg-type]
    ours = SolveBlock(0, 1).run(bench(raw)).cost_usd[0]
    assert optimum(file) == pytest.approx(ours, rel=1e-9)
