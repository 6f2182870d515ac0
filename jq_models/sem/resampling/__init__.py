"""Resampling: replicates in batches, and intervals from them."""
