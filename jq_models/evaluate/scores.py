"""Scale scores of persons and what they say about a group: means, intervals, correlations."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.stats import t

from jq_models.data.responses import Responses
from jq_models.evaluate.items import items_by_construct

LEVEL = 0.95
SUMMARY = ("n", "mean", "sd", "ci_low", "ci_high")


def construct_scores(responses: Responses) -> pd.DataFrame:
    """Return each person's score on each construct: the mean of the items answered.

    Where items have different answer scales, every item first becomes the percentage of its scale's range
    (percent of maximum possible, Cohen, Cohen, Aiken & West 1999), so that scores can be compared.

    Returns
    -------
    DataFrame
        Persons x constructs with data, within ``instrument.score_range``. NaN for a person who answered
        fewer than half of the items.
    """
    items = _comparable(responses)
    by_construct = items_by_construct(responses)
    return pd.DataFrame({code: _score(items[codes]) for code, codes in by_construct.items()})


def construct_summary(responses: Responses) -> pd.DataFrame:
    """Return the mean of every construct with its 95 % t interval.

    Returns
    -------
    DataFrame
        Index ``construct``; columns ``n``, ``mean``, ``sd`` (n - 1), ``ci_low``, ``ci_high``. NaN for
        the spread and interval of fewer than two scores. The interval takes persons as independent.
    """
    scores = construct_scores(responses)
    frame = pd.DataFrame.from_dict({code: summary(scores[code]) for code in scores}, orient="index")
    return frame.rename_axis("construct")


def score_correlations(responses: Responses) -> pd.DataFrame:
    """Return the Pearson correlations of the construct scores, each over the persons who have both."""
    return construct_scores(responses).corr(min_periods=3)


def summary(scores: pd.Series) -> dict[str, float]:
    """Return n, mean, sd and the 95 % t interval (mean +- t s / sqrt n) of the scores given."""
    given = scores.dropna().to_numpy(dtype=float)
    n = len(given)
    mean = float(given.mean()) if n else math.nan
    sd = float(given.std(ddof=1)) if n > 1 else math.nan
    half = float(t.ppf((1 + LEVEL) / 2, n - 1)) * sd / math.sqrt(n) if n > 1 else math.nan
    return dict(zip(SUMMARY, (n, mean, sd, mean - half, mean + half), strict=True))


def _comparable(responses: Responses) -> pd.DataFrame:
    """Return the answers, stretched linearly to the common range when scales differ."""
    low, high = responses.instrument.score_range
    scales = [responses.instrument.item(str(code)).scale for code in responses.items]
    if all((scale.low, scale.high) == (low, high) for scale in scales):
        return responses.items
    lows = np.array([scale.low for scale in scales], dtype=float)
    highs = np.array([scale.high for scale in scales], dtype=float)
    stretched: pd.DataFrame = (responses.items - lows) / (highs - lows) * (high - low) + low
    return stretched


def _score(items: pd.DataFrame) -> pd.Series:
    answered = items.notna().sum(axis=1)
    return items.mean(axis=1).where(answered * 2 >= items.shape[1], np.nan)
