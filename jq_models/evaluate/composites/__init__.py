"""Judging PLS fits: quality, fit, effects, groups, prediction, importance and performance."""
