"""Answers that are missing: patterns, the saturated model by EM, full-information maximum likelihood."""
