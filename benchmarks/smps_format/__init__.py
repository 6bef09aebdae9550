"""Two-stage instances in SMPS format: their three files, and the standard form of what they say.

Gassmann and Kristjansson 2008 (doi:10.1093/imaman/dpm007) explain the format.
"""
