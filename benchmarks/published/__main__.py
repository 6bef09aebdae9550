"""Print the page of published figures: ``python -m benchmarks.published``.

Run it from the root of the repository::

    python -m benchmarks.published > docs/published-figures.md
"""

from __future__ import annotations

import sys

from benchmarks.published.page import findings, page
from planner.catalog.loading import load_catalog
from planner.errors import PlannerError


def main() -> int:
    """Print the page and return the exit code."""
    try:
        sys.stdout.write(page(findings(load_catalog())))
    except PlannerError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
