"""The key paths with errors that know about groups, beside those that take people as independent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from jq_models.data.responses import Responses
from jq_models.errors import DataError
from jq_models.evaluate.key_paths import KEYS, key_effects, key_paths
from jq_models.evaluate.nesting.clusters import nested_groupings
from jq_models.sem import FailedFit, SemFit, try_fit
from jq_models.spec import Model
from jq_models.spec.model import JOB_QUALITY

TOTALS = ((JOB_QUALITY, "SAT", "total"), (JOB_QUALITY, "COM", "total"))  # beside the mixed models


def clustered_data(responses: Responses, grouping: str) -> pd.DataFrame:
    """Return the items with the grouping as one more column, for ``fit_sem(..., cluster=)``.

    Persons without a group are left out: nobody knows whom they resemble.

    Parameters
    ----------
    grouping : str
        Whose groups are the clusters.
    """
    groups = responses.groups[grouping]
    known = groups.notna().to_numpy()
    return responses.items[known].assign(**{grouping: groups[known].astype(str)}).reset_index(drop=True)


def fit_clustered(model: Model, responses: Responses, *, grouping: str) -> SemFit | FailedFit | None:
    """Fit a model with cluster-robust errors (MLR); None when there are fewer than two groups."""
    try:
        return try_fit(model, clustered_data(responses, grouping), estimator="MLR", cluster=grouping)
    except DataError:
        return None


def clustered_paths(
    model: Model,
    responses: Responses,
    *,
    outcomes: Sequence[str],
    groupings: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Compare standard errors of the key paths with and without regard to groups.

    Parameters
    ----------
    model : Model
        The second-order model.
    responses : Responses
        Complete answers.
    outcomes : sequence of str
    groupings : sequence of str, optional
        Default: `nested_groupings`.

    Returns
    -------
    DataFrame
        Key paths, and the total effects of job quality on SAT and COM. Columns grouping, n_clusters,
        source, target, kind, estimate, se, ci_low, ci_high (cluster-robust, by the normal distribution),
        se_plain (robust to non-normality only: MLR), ratio. No rows for a grouping whose fit cannot be used.
        With fewer than 30 clusters cluster-robust errors tend to be too small (Cameron & Miller 2015).
    """
    names = nested_groupings(responses) if groupings is None else groupings
    paths = (*key_paths(outcomes), *(path for path in TOTALS if path[1] in outcomes))
    frames = []
    for name in names:
        data = clustered_data(responses, name)
        plain, robust = try_fit(model, data, estimator="MLR"), fit_clustered(model, responses, grouping=name)
        if not (isinstance(plain, SemFit) and isinstance(robust, SemFit) and plain.usable and robust.usable):
            continue
        se = key_effects(plain, outcomes, paths=paths)[[*KEYS, "se"]].rename(columns={"se": "se_plain"})
        rows = key_effects(robust, outcomes, paths=paths).merge(se, on=KEYS)
        with np.errstate(divide="ignore", invalid="ignore"):
            rows = rows.assign(
                grouping=name, n_clusters=int(data[name].nunique()), ratio=rows["se"] / rows["se_plain"]
            )
        frames.append(rows)
    columns = ["grouping", "n_clusters", *KEYS, "estimate", "se", "ci_low", "ci_high", "se_plain", "ratio"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
