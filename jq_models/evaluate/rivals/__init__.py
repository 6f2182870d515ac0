"""Rival measurement models: fitted to the same answers, compared, and read as verdicts."""
