"""What the planner is measured by; every module runs as ``python -m benchmarks.NAME``."""
