"""Pairs of scales that a source sets against each other, group by group."""

from __future__ import annotations

import pandas as pd

from jq_models.evaluate.sources.averages import widest
from jq_models.evaluate.sources.material import Material

PAIRS = (("COF", "CUF"), ("OUT", "INP"), ("SYS", "DIA"))  # H10, H11, H15


def group_gaps(given: Material, *, group: str) -> pd.DataFrame:
    """Return the mean difference of each pair of scales in every group.

    Parameters
    ----------
    group : str
        The grouping variable.

    Returns
    -------
    DataFrame
        first, second, group, estimate, ci_low, ci_high (score points, first minus second, the widest of the
        95 % intervals), n; groups of fewer than the minimum are left out. What may be shown of the rest is
        for `disclosure` to say.
    """
    rows = []
    members = given.groups[group]
    for first, second in PAIRS:
        if given.absent((first, second)) is not None:
            continue
        difference = given.scores[first] - given.scores[second]
        for label in members.cat.categories:
            own = difference.where(members == label)
            if int(own.notna().sum()) < given.opened.spec.minimum_group:
                continue
            found = widest(own, given.groups)
            rows.append(
                {"first": first, "second": second, "group": str(label)}
                | {key: found[key] for key in ("estimate", "ci_low", "ci_high")}
                | {"n": int(found["n"])}
            )
    return pd.DataFrame(rows, columns=["first", "second", "group", "estimate", "ci_low", "ci_high", "n"])
