"""Statistics of items and constructs: what only few answered is not shown, however many took part."""

from __future__ import annotations

import pandas as pd

from jq_models.disclosure.minimum import DISTRIBUTION, check_minimum

SPREAD = ("skew", "floor_share", "ceiling_share")
LEVEL = ("n", "mean", "sd", "item_rest")


def mask_items(statistics: pd.DataFrame, *, minimum: int) -> pd.DataFrame:
    """Mask the statistics of items with few answers.

    Parameters
    ----------
    statistics : DataFrame
        As ``item_statistics`` returns them.
    minimum : int
        Answers from which n, mean, sd and item-rest correlation are shown; at least 5. Shares of the
        scale's ends and skewness need 50.

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
    for columns, least in ((SPREAD, DISTRIBUTION), (LEVEL, minimum)):
        for name in masked.columns.intersection(list(columns)):
            masked[name] = statistics[name].astype(float).where(statistics["n"] >= least)
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


def mask_constructs(summary: pd.DataFrame, *, minimum: int) -> pd.DataFrame:
    """Mask the scores of constructs that fewer than `minimum` persons have a score on.

    Parameters
    ----------
    summary : DataFrame
        As ``construct_summary`` returns it.
    minimum : int
        At least 5.

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
    return summary.where(summary["n"] >= minimum, axis=0)
