"""What the answers to single items look like: level, spread, missing answers, fit with their scale."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import skew

from jq_models.data.responses import Responses
from jq_models.spec import Item


def item_statistics(responses: Responses) -> pd.DataFrame:
    """Describe every item.

    Returns
    -------
    DataFrame
        Index ``item`` in the questionnaire's order; columns ``construct``, ``n`` (answers),
        ``missing_share``, ``mean``, ``sd`` (n - 1), ``skew`` (adjusted Fisher-Pearson, G1),
        ``floor_share`` and ``ceiling_share`` (share of the answers at the scale's ends; reversed items
        are already turned) and ``item_rest``: the correlation with the sum of the construct's other
        items among those who answered all of them (corrected item-total correlation). NaN where it
        does not exist: for single items, constant items, too few answers.
    """
    rows = {item.code: _describe(item, responses) for item in _present(responses)}
    frame = pd.DataFrame.from_dict(rows, orient="index")
    return frame.rename_axis("item")


def answer_shares(responses: Responses) -> pd.DataFrame:
    """Return how the answers to every item are spread over the scale.

    Returns
    -------
    DataFrame
        Index ``item``; one column a scale value (integers, ascending), shares of the given answers,
        summing to 1. Reversed items are already turned: high = good. NaN for a value that is not on
        the item's scale and for an item without answers.
    """
    items = _present(responses)
    values = sorted({value for item in items for value in item.scale.values})
    rows = {item.code: _shares(item, responses.items[item.code]) for item in items}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=values, dtype=float)
    return frame.rename_axis(index="item", columns="answer")


def missingness(responses: Responses) -> pd.DataFrame:
    """Return what is missing, by construct.

    Returns
    -------
    DataFrame
        Index ``construct``; columns ``n_items``, ``missing_share`` (of all answers asked for),
        ``persons_share`` (of persons with at least one missing) and ``complete_cases`` (persons with
        none missing).
    """
    rows = {code: _missing(responses.items[codes]) for code, codes in items_by_construct(responses).items()}
    frame = pd.DataFrame.from_dict(rows, orient="index")
    return frame.rename_axis("construct")


def overall_missingness(responses: Responses) -> pd.Series:
    """Return the same quantities as `missingness` over all items together."""
    return pd.Series(_missing(responses.items), name="all")


def items_by_construct(responses: Responses, constructs: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Return the item codes with data of each construct with data, in the questionnaire's order.

    Parameters
    ----------
    responses : Responses
    constructs : iterable of str, optional
        Only these, such as the constructs of a study's models.
    """
    wanted = None if constructs is None else set(constructs)
    by_construct: dict[str, list[str]] = {}
    for item in _present(responses):
        if wanted is None or item.construct in wanted:
            by_construct.setdefault(item.construct, []).append(item.code)
    return by_construct


def item_rest_correlation(items: pd.DataFrame, item: str) -> float:
    """Correlate an item with the sum of the other columns, among complete rows; NaN if undefined."""
    complete = items.dropna()
    rest = complete.drop(columns=item).sum(axis=1)
    varied = len(complete) > 2 and complete[item].nunique() > 1 and rest.nunique() > 1
    return float(complete[item].corr(rest)) if varied and items.shape[1] > 1 else math.nan


def _present(responses: Responses) -> list[Item]:
    return [item for item in responses.instrument.items if item.code in responses.items.columns]


def _describe(item: Item, responses: Responses) -> dict[str, object]:
    column = responses.items[item.code]
    answers = column.dropna()
    scale_mates = items_by_construct(responses)[item.construct]
    return {
        "construct": item.construct,
        "n": len(answers),
        "missing_share": float(column.isna().mean()) if len(column) else math.nan,
        "mean": float(answers.mean()),
        "sd": float(answers.std(ddof=1)),
        "skew": _skew(answers.to_numpy(dtype=float)),
        "floor_share": float((answers == item.scale.low).mean()) if len(answers) else math.nan,
        "ceiling_share": float((answers == item.scale.high).mean()) if len(answers) else math.nan,
        "item_rest": item_rest_correlation(responses.items[scale_mates], item.code),
    }


def _skew(answers: NDArray[np.float64]) -> float:
    varied = len(answers) > 2 and bool(np.ptp(answers) > 0)
    return float(skew(answers, bias=False)) if varied else math.nan


def _shares(item: Item, column: pd.Series) -> dict[int, float]:
    counts = column.value_counts()
    given = int(counts.sum())
    return {v: float(counts.get(float(v), 0)) / given if given else math.nan for v in item.scale.values}


def _missing(items: pd.DataFrame) -> dict[str, float]:
    missing = items.isna()
    any_missing = missing.any(axis=1)
    return {
        "n_items": items.shape[1],
        "missing_share": float(missing.to_numpy().mean()) if missing.size else math.nan,
        "persons_share": float(any_missing.mean()) if len(items) else math.nan,
        "complete_cases": int((~any_missing).sum()),
    }
