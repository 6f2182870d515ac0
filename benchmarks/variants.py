"""The form a sample takes for each task."""

from __future__ import annotations

import pandas as pd

from benchmarks.data import as_answers, with_groups, with_missing

GROUPS = 5


def variant(task: str, sample: pd.DataFrame) -> pd.DataFrame:
    """Return a normal sample as a task wants it: with 5 % missing, as answers 1 to 5, or in five groups."""
    if task in ("fiml", "fiml_mlr"):
        return with_missing(sample)
    if task == "wlsmv":
        return as_answers(sample)
    return with_groups(sample, groups=GROUPS) if task == "groups" else sample
