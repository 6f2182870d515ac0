"""Statistics of items and constructs: what only few answered is not shown, however many took part."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.disclosure.minimum import DISTRIBUTION, check_minimum
from jq_models.errors import DisclosureError

if TYPE_CHECKING:
    from jq_models.disclosure.release import Release

SPREAD = ("skew", "floor_share", "ceiling_share")
LEVEL = ("n", "missing_share", "mean", "sd", "item_rest")  # n follows from the share that is missing


def mask_items(statistics: pd.DataFrame, *, minimum: int, release: Release | None = None) -> pd.DataFrame:
    """Mask the statistics of items with few answers.

    Parameters
    ----------
    statistics : DataFrame
        As ``item_statistics`` returns them.
    minimum : int
        Answers from which n, the share missing, mean, sd and item-rest correlation are shown; at least 5.
        Shares of the scale's ends and skewness need 50.
    release : Release, optional
        What it does not show of the whole sample is masked as well.

    Returns
    -------
    DataFrame
        The same rows and columns, NaN where masked.

    Raises
    ------
    DisclosureError
        When `minimum` is below the floor.
    """
    check_minimum(minimum)
    masked = statistics.copy()
    counts = statistics["n"].where(_told_of_all(statistics.index, release))
    for columns, least in ((SPREAD, DISTRIBUTION), (LEVEL, minimum)):
        for name in masked.columns.intersection(list(columns)):
            masked[name] = statistics[name].astype(float).where(counts >= least)
    return masked


def mask_shares(shares: pd.DataFrame, counts: pd.Series) -> pd.DataFrame:
    """Mask the spread of the answers to items with fewer than 50 of them.

    Parameters
    ----------
    shares : DataFrame
        As ``answer_shares`` returns them.
    counts : Series
        Answers to each item; an item without a count is masked.

    Returns
    -------
    DataFrame
        The same rows and columns, NaN in masked rows.
    """
    return shares.where(counts.reindex(shares.index) >= DISTRIBUTION, axis=0)


def mask_missing(missing: pd.DataFrame, *, minimum: int, release: Release | None = None) -> pd.DataFrame:
    """Mask what is missing on constructs that fewer than `minimum` persons answered wholly.

    Parameters
    ----------
    missing : DataFrame
        As ``missingness`` returns it.
    minimum : int
        At least 5.
    release : Release, optional
        What it does not show of the whole sample is masked as well.

    Returns
    -------
    DataFrame
        The same rows and columns; in masked rows only ``n_items`` is left.

    Raises
    ------
    DisclosureError
        When `minimum` is below the floor.
    """
    check_minimum(minimum)
    told = [name for name in missing.columns if name != "n_items"]
    masked = missing.copy()
    enough = (missing["complete_cases"] >= minimum) & _told_of_all(missing.index, release)
    masked[told] = missing[told].astype(float).where(enough, axis=0)
    return masked


def mask_constructs(summary: pd.DataFrame, *, minimum: int, release: Release | None = None) -> pd.DataFrame:
    """Mask the scores of constructs that fewer than `minimum` persons have a score on.

    Parameters
    ----------
    summary : DataFrame
        As ``construct_summary`` returns it.
    minimum : int
        At least 5.
    release : Release, optional
        What it does not show of the whole sample is masked as well.

    Returns
    -------
    DataFrame
        The same rows and columns, NaN in every column of a masked construct.

    Raises
    ------
    DisclosureError
        When `minimum` is below the floor.
    """
    check_minimum(minimum)
    return summary.where((summary["n"] >= minimum) & _told_of_all(summary.index, release), axis=0)


def mask_whole(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Mask the rows of a table about the whole sample that a release does not show.

    Parameters
    ----------
    frame : DataFrame
        Index: codes of constructs, items or covariates.
    release : Release

    Returns
    -------
    DataFrame
        The same rows and columns; in masked rows NaN in every column of numbers and of true and false.
    """
    return hide_rows(frame, ~_told_of_all(frame.index, release), keep=())


def _told_of_all(codes: pd.Index, release: Release | None) -> NDArray[np.bool_]:
    """Return of which constructs, items or covariates a release shows the numbers of everybody."""
    if release is None:
        return np.ones(len(codes), dtype=np.bool_)
    return np.array([release.shows((), (), of=str(code)) for code in codes], dtype=np.bool_)


def hide_rows(frame: pd.DataFrame, hidden: NDArray[np.bool_], *, keep: Collection[str]) -> pd.DataFrame:
    """Hide the numbers of some rows.

    Parameters
    ----------
    frame : DataFrame
    hidden : array of bool, rows
    keep : collection of str
        Columns left as they are: they say what a row is about.

    Returns
    -------
    DataFrame
        The same rows and columns; in hidden rows NaN in every column of numbers and of true and false.
    """
    masked = frame.copy()
    for k, name in enumerate(frame.columns):
        column = frame.iloc[:, k]
        if name not in keep and pd.api.types.is_numeric_dtype(column):
            wide = column.astype(object if pd.api.types.is_bool_dtype(column) else float)
            masked.isetitem(k, wide.mask(hidden).array)
    return masked


def labels_of(frame: pd.DataFrame, name: str) -> list[Hashable]:
    """Return what an index level or column of a table holds.

    Raises
    ------
    DisclosureError
        When there is none of this name: then nobody knows which rows may be shown.
    """
    if name in frame.index.names:
        return list(frame.index.get_level_values(name))
    if name in frame.columns:
        return list(frame[name])
    raise DisclosureError(
        f"The table has no column or index level '{name}', so it is not known which rows may be shown. "
        "Name it with at= (groups) or construct= (None: rows that rest on no answers)."
    )
