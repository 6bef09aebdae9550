"""Options of the whole suite."""

from __future__ import annotations

import os

# Each worker of the suite has a core to itself, and threads for matrices would fight over all.
# Read by the library when numpy is imported, so set before anything else.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--refresh-golden",
        action="store_true",
        help="write the golden files from what the code gives now, instead of comparing",
    )


@pytest.fixture(scope="session")
def refresh_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--refresh-golden"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file on one worker, but for those that share nothing (`spread`)."""
    for item in items:
        own = item.get_closest_marker("spread") is not None
        item.add_marker(pytest.mark.xdist_group(item.nodeid if own else str(item.path)))
