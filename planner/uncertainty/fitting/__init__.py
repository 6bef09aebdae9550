"""Beliefs and processes from observed values: what ``planner fit`` prints."""
