"""Ordered categories: thresholds, polychoric correlations, and what a model implies for them."""
