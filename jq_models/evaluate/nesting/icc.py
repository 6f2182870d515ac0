"""Intraclass correlations of every construct by every grouping that nests people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from jq_models.data.responses import Responses
from jq_models.evaluate.nesting.clusters import grouping_pair, nested_groupings
from jq_models.evaluate.nesting.mixed import share_between
from jq_models.evaluate.nesting.one_way import Codes, one_way
from jq_models.evaluate.scores import construct_scores

SIZES = ["n", "n_groups", "mean_size", "n0"]
ESTIMATES = ["icc1", "ci_low", "ci_high", "icc2", "design_effect", "effective_n"]
TESTS = ["f", "df1", "df2", "pvalue", "icc_reml", "reml_state"]
COLUMNS = ["grouping", "within", "construct", *SIZES, *ESTIMATES, *TESTS]


def icc_table(
    responses: Responses,
    *,
    groupings: Sequence[str] | None = None,
    parts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return how alike people of one group are, for every construct and grouping.

    Where groups lie within larger ones (teams in organisations), the smaller groups are compared inside the
    larger: what a team shares with its whole organisation counts for the organisation. An interval that took
    teams of one organisation as independent would be too narrow.

    Parameters
    ----------
    responses : Responses
    groupings : sequence of str, optional
        Default: `nested_groupings`.
    parts : DataFrame, optional
        What `variance_parts` returned: its REML shares then stand beside the inner grouping's ICC(1).

    Returns
    -------
    DataFrame
        Columns grouping within construct n n_groups mean_size n0 icc1 ci_low ci_high icc2 design_effect
        effective_n f df1 df2 pvalue icc_reml reml_state; groupings, then constructs in the questionnaire's
        order. `within` is the larger grouping or ``""``; `n` counts persons with a score and a group;
        `icc_reml` is the same share by REML (statsmodels ``MixedLM``), a check on the ANOVA estimator, and
        `reml_state` how that ended, one of `MIXED_STATES`. All are aggregates over all groups, and in full
        precision: design effect and ICC(1) together give the sum of the squared group sizes, so that the
        report rounds them. No interval (NaN) where it does not hold the estimate: groups then differ less
        than chance makes them, and the interval ends at its own boundary, -1 / (largest group - 1). No
        ICC(2) below zero: it is a reliability.
    """
    names = nested_groupings(responses) if groupings is None else tuple(groupings)
    pair = grouping_pair(responses)
    scores = construct_scores(responses)
    rows = []
    for name in names:
        outer = pair[0] if pair is not None and pair[1] == name and pair[0] in names else ""
        for construct in map(str, scores):
            found = _one(responses, scores[construct], grouping=name, outer=outer)
            if outer:
                found |= _from_parts(parts, construct)
            rows.append({"grouping": name, "within": outer, "construct": construct, **found})
    return pd.DataFrame(rows, columns=COLUMNS)


def _one(responses: Responses, scores: pd.Series, *, grouping: str, outer: str) -> dict[str, float | str]:
    codes = _codes(responses, grouping)
    wholes = _codes(responses, outer) if outer else np.zeros_like(codes)
    values = scores.to_numpy(dtype=float)
    known = np.isfinite(values) & (codes >= 0) & (wholes >= 0)
    found = one_way(values[known], codes[known], within=wholes[known])
    measured = {**asdict(found), "design_effect": found.design_effect, "effective_n": found.effective_n}
    if not found.ci_low <= found.icc1 <= found.ci_high:
        measured |= {"ci_low": np.nan, "ci_high": np.nan}
    if not found.icc2 >= 0.0:
        measured |= {"icc2": np.nan}
    if outer:
        return measured
    share, state = share_between(values[known], codes[known])
    return {**measured, "icc_reml": share, "reml_state": state}


def _from_parts(parts: pd.DataFrame | None, construct: str) -> dict[str, float | str]:
    """Return the inner share of what lies inside the outer groups, by REML."""
    own = parts[parts["construct"] == construct] if parts is not None else pd.DataFrame()
    if own.empty:
        return {"icc_reml": np.nan, "reml_state": "not_asked"}
    row = own.iloc[0]
    return {"icc_reml": row["inner"] / (row["inner"] + row["person"]), "reml_state": str(row["state"])}


def _codes(responses: Responses, grouping: str) -> Codes:
    return responses.groups[grouping].astype("category").cat.codes.to_numpy().astype(np.int64)
