"""Answers in three bands: favourable, neutral, unfavourable."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.stats import t
from statsmodels.stats.proportion import proportion_confint

from jq_models.data import Responses
from jq_models.evaluate.items import items_by_construct
from jq_models.spec import Item

LEVEL = 0.95
BANDS = ("favourable", "neutral", "unfavourable")
UNWANTED = ("TIN",)  # a high score is bad news: the answers are turned round here


def favourable_items(responses: Responses) -> pd.DataFrame:
    """Return the share of favourable, neutral and unfavourable answers to every item.

    Favourable answers lie above the middle of the scale once reversed items are turned (below it for turnover
    intention): 4 and 5 of five, 5 to 7 of seven. A scale of even length has no neutral answer.

    Returns
    -------
    DataFrame
        Index ``item``; columns construct, n (answers), favourable, neutral, unfavourable (shares of the
        answers given; NaN without any; neutral is NaN on a scale without a middle), ci_low, ci_high (95 %
        Wilson interval of the share favourable, persons taken as independent).
    """
    rows = {}
    for construct, codes in items_by_construct(responses).items():
        for code in codes:
            bands = _bands(responses.items[code], responses.instrument.item(code)).dropna()
            rows[code] = {"construct": construct, **_shares(bands, responses.instrument.item(code))}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("item")


def favourable_constructs(responses: Responses) -> pd.DataFrame:
    """Return the same of every construct: the mean over persons of the shares of their answers.

    Returns
    -------
    DataFrame
        Index ``construct``; columns n (persons with an answer), favourable, neutral, unfavourable, ci_low,
        ci_high (95 % t interval of the mean share favourable). Every person counts once, however many of the
        items they answered.
    """
    rows = {}
    for construct, codes in items_by_construct(responses).items():
        items = [responses.instrument.item(code) for code in codes]
        bands = pd.DataFrame({item.code: _bands(responses.items[item.code], item) for item in items})
        rows[construct] = _of_persons(bands, middle=any(has_middle(item) for item in items))
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("construct")


def has_middle(item: Item) -> bool:
    """Say whether the answer scale has a neutral middle: an odd number of answers."""
    return len(item.scale.values) % 2 == 1


def _bands(answers: pd.Series, item: Item) -> pd.Series:
    """Return +1 for a favourable answer, 0 for the middle one, -1 for an unfavourable one, NaN for none."""
    side: pd.Series = np.sign(answers - (item.scale.low + item.scale.high) / 2)
    return -side if item.construct in UNWANTED else side


def _shares(bands: pd.Series, item: Item) -> dict[str, float]:
    n, up = len(bands), int((bands > 0).sum())
    if not n:
        return {"n": 0, **dict.fromkeys((*BANDS, "ci_low", "ci_high"), math.nan)}
    low, high = proportion_confint(up, n, alpha=1.0 - LEVEL, method="wilson")
    return {
        "n": n,
        "favourable": up / n,
        "neutral": int((bands == 0).sum()) / n if has_middle(item) else math.nan,
        "unfavourable": int((bands < 0).sum()) / n,
        "ci_low": float(low),
        "ci_high": float(high),
    }


def _of_persons(bands: pd.DataFrame, *, middle: bool) -> dict[str, float]:
    given = bands.notna().sum(axis=1)
    bands, given = bands[given > 0], given[given > 0]
    n = len(bands)
    if not n:
        return {"n": 0, **dict.fromkeys((*BANDS, "ci_low", "ci_high"), math.nan)}
    up, none, down = ((bands == side).sum(axis=1) / given for side in (1, 0, -1))
    half = float(t.ppf((1.0 + LEVEL) / 2.0, n - 1) * up.std(ddof=1)) / math.sqrt(n) if n > 1 else math.nan
    mean = float(up.mean())
    return {
        "n": n,
        "favourable": mean,
        "neutral": float(none.mean()) if middle else math.nan,
        "unfavourable": float(down.mean()),
        "ci_low": max(mean - half, 0.0) if n > 1 else math.nan,
        "ci_high": min(mean + half, 1.0) if n > 1 else math.nan,
    }
