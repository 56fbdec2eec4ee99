"""Synthetic counties with known truth, on the real list of townships and villages.

Nothing here is an observation: every person, answer and result is invented, and
everything made from it bears the mark of synthetic data.
"""
