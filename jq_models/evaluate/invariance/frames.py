"""Answers of the groups that are compared, as one table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from jq_models.data import Responses
from jq_models.errors import DataError, suggest

GROUP = "group"


def frame_of(
    data: Responses | pd.DataFrame, *, group: str, groups: Sequence[str] | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return items and a column ``group``, group after group, and the groups' names, the reference first.

    Parameters
    ----------
    data : Responses or DataFrame
        A DataFrame has the grouping as a column.
    group : str
    groups : sequence of str, optional
        Those compared, in this order; by default all, in the order of their categories.

    Raises
    ------
    DataError
        On an unknown grouping or group, or fewer than two groups.
    """
    frame, members = _parts(data, group)
    names = [str(g) for g in members.cat.categories] if groups is None else list(groups)
    if groups is None:
        names = [name for name in names if (members == name).any()]
    for name in names:
        if not (members == name).any():
            raise DataError(f"The grouping '{group}' has no group by one of the names given. Check groups=.")
    if len(names) < 2:
        raise DataError(
            f"The grouping '{group}' has {len(names)} group(s) to compare. At least two are needed."
        )
    parts = [frame[(members == name).to_numpy()].assign(**{GROUP: name}) for name in names]
    return pd.concat(parts, ignore_index=True), tuple(names)


def _parts(data: Responses | pd.DataFrame, group: str) -> tuple[pd.DataFrame, pd.Series]:
    table = data.groups if isinstance(data, Responses) else data
    if group not in table:
        raise DataError(f"No grouping variable '{group}'. {suggest(group, map(str, table))}")
    column = table[group]
    if not isinstance(column.dtype, pd.CategoricalDtype):
        texts = column.astype("string")
        column = texts.astype(pd.CategoricalDtype(list(dict.fromkeys(texts.dropna()))))
    members = column.cat.rename_categories(str)
    items = data.items if isinstance(data, Responses) else data.drop(columns=group)
    return items, members
