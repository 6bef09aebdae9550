"""Who may stand and run where, and when: a column is there, or it is not."""

from __future__ import annotations

from typing import Any

import pytest
from small import bench, buy, option, plan, platform, programme, rent, site, workload

Raw = dict[str, Any]


def columns(raw: Raw, family: str) -> set[tuple[str, ...]]:
    return {label.key for label in bench(raw).model.template.columns if label.family == family}


def two_sites(chip: Raw | None = None, work: Raw | None = None, region: str | None = "here") -> Raw:
    """Return a plan of one quarter, at ``hall`` in a region and ``away`` in another."""
    sites = {"hall": site(region=region), "away": site(region="there")}
    offers = {"rent": rent("chip", 1, sites=["hall", "away"])}
    chips = {"chip": platform(**(chip or {}))}
    return plan(1, {"work": workload(10, **(work or {}))}, chips, offers, sites=sites)


def runs_at(raw: Raw) -> set[str]:
    return {key[1] for key in columns(raw, "allocate")}


@pytest.mark.parametrize(
    ("chip", "region", "at"),
    [
        ({}, "here", {"hall", "away"}),
        ({"allowed_regions": ["here"]}, "here", {"hall"}),
        ({"denied_regions": ["here"]}, "here", {"away"}),
        ({"allowed_regions": ["here", "there"], "denied_regions": ["there"]}, "here", {"hall"}),
        # A site without a region is open unless the only open regions are named.
        ({"denied_regions": ["here"]}, None, {"hall", "away"}),
        ({"allowed_regions": ["there"]}, None, {"away"}),
    ],
)
def test_rules_of_export(chip: Raw, region: str | None, at: set[str]) -> None:
    raw = two_sites(chip, region=region)
    assert runs_at(raw) == at
    # Nothing is bought or rented where it may not stand.
    assert {key[1] for key in columns(raw, "rent")} == at


@pytest.mark.parametrize(
    ("work", "at"),
    [
        ({"allowed_sites": ["away"]}, {"away"}),
        ({"denied_sites": ["away"]}, {"hall"}),
        ({"allowed_sites": ["hall", "away"], "denied_sites": ["hall"]}, {"away"}),
        ({"allowed_platforms": ["chip"]}, {"hall", "away"}),
        ({"allowed_platforms": ["other"]}, set()),
        ({"denied_platforms": ["chip"]}, set()),
    ],
)
def test_lists_of_workloads(work: Raw, at: set[str]) -> None:
    raw = two_sites(work=work)
    assert runs_at(raw) == at
    # It may still stand there, for other work.
    assert {key[1] for key in columns(raw, "rent")} == {"hall", "away"}


@pytest.mark.parametrize(
    ("memory", "domain", "needs", "fits"),
    [
        (80, 8, 640, True),
        (80, 8, 641, False),
        (80, 1, 81, False),
        (None, 8, None, True),
        (None, 8, 1, False),
    ],
)
def test_a_replica_fits_a_domain_or_does_not_run(
    memory: float | None, domain: int, needs: float | None, fits: bool
) -> None:
    chip = {"memory_gb": memory, "accelerators_per_domain": domain}
    assert bool(runs_at(two_sites(chip, {"memory_gb": needs}))) == fits


def starts(offer: Raw, quarters: int = 6) -> list[str]:
    raw = plan(quarters, 10, {"chip": platform()}, {"offer": offer})
    return sorted(key[2] for key in columns(raw, "start"))


def test_what_is_bought_starts_after_its_lead_time() -> None:
    assert starts(buy("chip", 1, 1, lead_time_quarters=4)) == ["2027Q1", "2027Q2"]
    assert starts(buy("chip", 1, 1, lead_time_quarters=6)) == []


def test_an_option_starts_from_its_lead_time_to_that_of_its_last_order() -> None:
    right = option("chip", 1, 1, lead_time_quarters=2, exercise_until="2026Q2")
    assert starts(right) == ["2026Q3", "2026Q4"]
    late = option("chip", 1, 1, lead_time_quarters=2, exercise_until="2027Q1")
    assert starts(late) == ["2026Q3", "2026Q4", "2027Q1", "2027Q2"]


def test_a_programme_starts_with_first_silicon_however_late_it_may_be() -> None:
    chip = programme("chip", 1, 1, quarters_to_first_silicon=2, slip_quarters=3.0)
    assert starts({**chip, "funding_quarter": "2026Q3"}) == ["2027Q1", "2027Q2"]
    assert starts(chip) == ["2026Q3", "2026Q4", "2027Q1", "2027Q2"]


def test_porting_and_campaigns_limit_the_quarters_of_work() -> None:
    porting = {"work": {"cost_usd": 1, "delay_quarters": 2, "from_quarter": "2026Q2"}}
    window = {"from_quarter": "2026Q3", "until_quarter": "2027Q1", "total_unit_hours": 1.0}
    study = {"campaign": window, "shortfall_usd_per_unit_hour": 1.0}
    chips = {"chip": platform("work", "study", porting=porting)}
    works = {"work": workload(10), "study": study}
    raw = plan(6, works, chips, {"rent": rent("chip", 1)})
    found = columns(raw, "allocate")
    assert {key[3] for key in found if key[2] == "work"} == {"2026Q4", "2027Q1", "2027Q2"}
    assert {key[3] for key in found if key[2] == "study"} == {"2026Q3", "2026Q4", "2027Q1"}
    assert {key[1] for key in columns(raw, "shortfall") if key[0] == "study"} == {"2027Q1"}


@pytest.mark.parametrize(("slip", "serves"), [(0.49, 0), (0.5, 1), (1.49, 1), (1.5, 2), (9.0, 9)])
def test_a_slip_is_rounded_to_whole_quarters_halves_up(slip: float, serves: int) -> None:
    """Bought for one quarter each: what starts in a quarter serves `serves` quarters later."""
    made = bench(plan(3, 10, {"chip": platform()}, {"own": buy("chip", 1, 1, slip_quarters=slip)}))
    _, block = made.draw(0, 1)
    expected = [[float(t == u + serves) for t in range(3)] for u in range(3)]
    assert block.terms[0].serves[0].tolist() == expected
    rows = made.model.programs(block)
    entries = {
        (rows.template.rows[r].key[-1], rows.template.columns[c].key[-1])
        for c in range(len(rows.template.columns))
        for r in rows.template.row_of[rows.template.starts[c] : rows.template.starts[c + 1]]
        if rows.template.columns[c].family == "start"
        and rows.template.rows[r].family == "allocation"
    }
    names = ["2026Q1", "2026Q2", "2026Q3"]
    assert entries == {(names[u + serves], names[u]) for u in range(3) if u + serves < 3}
