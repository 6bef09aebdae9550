"""Sizes of units that the model counts in, beside those in which people write."""

KW_PER_MW = 1000.0
USD_PER_MILLION = 1e6
