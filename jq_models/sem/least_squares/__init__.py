"""Least-squares estimators, of continuous and of ordered items."""
