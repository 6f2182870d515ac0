"""Mixed models by statsmodels: shares of the variance by level, regressions with an intercept a group."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec

from jq_models.data.responses import Responses
from jq_models.evaluate.nesting.clusters import grouping_pair, nested_groupings
from jq_models.evaluate.scores import construct_scores
from jq_models.sem import wald
from jq_models.spec.model import JOB_QUALITY

Vector = NDArray[np.float64]
MIXED_STATES = ("converged", "not_converged", "not_estimable", "not_asked")
# statsmodels' default search (BFGS) ends with a large gradient on such data; Nelder-Mead meets lme4
SEARCH = {"method": "nm", "xtol": 1e-7, "ftol": 1e-9, "maxiter": 500}


def share_between(values: Vector, codes: NDArray[Any]) -> tuple[float, str]:
    """Return the share of variance between groups by REML, and how the fit ended (`MIXED_STATES`)."""
    if not _varies(values) or len(np.unique(codes)) < 2:
        return math.nan, "not_estimable"
    scaled = (values - values.mean()) / values.std()
    fit = _fitted(MixedLM(scaled, np.ones((len(scaled), 1)), groups=codes))
    if fit is None:
        return math.nan, "not_converged"
    between = float(np.asarray(fit.cov_re)[0, 0])
    return between / (between + float(fit.scale)), "converged"


def variance_parts(responses: Responses, *, pair: tuple[str, str] | None = None) -> pd.DataFrame:
    """Return how each construct's variance divides over organisations, teams within them, and persons.

    Parameters
    ----------
    responses : Responses
    pair : (str, str), optional
        Outer and inner grouping; default: `grouping_pair`. Without any there are no rows.

    Returns
    -------
    DataFrame
        Columns construct, n, outer, inner, person (shares that add up to 1; NaN unless converged), state
        (one of `MIXED_STATES`), by REML with a random intercept for each level.
    """
    pair = pair or grouping_pair(responses)
    columns = ["construct", "n", "outer", "inner", "person", "state"]
    if pair is None:
        return pd.DataFrame(columns=columns)
    outer, inner = (responses.groups[name].astype("category").cat.codes.to_numpy() for name in pair)
    scores = construct_scores(responses)
    rows = []
    for construct in scores:
        values = scores[construct].to_numpy(dtype=float)
        known = np.isfinite(values) & (outer >= 0) & (inner >= 0)
        parts, state = _three_levels(values[known], outer[known], inner=inner[known])
        rows.append((construct, int(known.sum()), *parts, state))
    return pd.DataFrame(rows, columns=columns)


def mixed_paths(
    responses: Responses, *, targets: Sequence[str], groupings: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the regression of outcome scores on the job-quality score with an intercept of each group's own.

    Parameters
    ----------
    responses : Responses
    targets : sequence of str
        Outcomes.
    groupings : sequence of str, optional
        Default: `nested_groupings`.

    Returns
    -------
    DataFrame
        Columns grouping, source, target, n, estimate, se, z, pvalue, ci_low, ci_high, state. Scores in
        standard deviations of all persons; the job-quality score is the mean of the dimensions' scores, of
        persons who have all. Unlike the model's paths these are not corrected for unreliability.
    """
    scores = construct_scores(responses)
    dimensions = [c.code for c in responses.instrument.dimensions if c.code in scores]
    quality = scores[dimensions].mean(axis=1, skipna=False).to_numpy(dtype=float)
    rows = []
    for grouping in nested_groupings(responses) if groupings is None else groupings:
        codes = responses.groups[grouping].astype("category").cat.codes.to_numpy()
        for target in targets:
            outcome = scores[target].to_numpy(dtype=float)
            known = np.isfinite(outcome) & np.isfinite(quality) & (codes >= 0)
            estimate, se, state = _slope(outcome[known], quality[known], codes=codes[known])
            rows.append((grouping, JOB_QUALITY, target, int(known.sum()), estimate, se, state))
    frame = pd.DataFrame(rows, columns=["grouping", "source", "target", "n", "estimate", "se", "state"])
    return frame.join(wald(frame["estimate"].to_numpy(float), frame["se"].to_numpy(float)))


def _slope(y: Vector, x: Vector, *, codes: NDArray[Any]) -> tuple[float, float, str]:
    if not (_varies(y) and _varies(x)) or len(np.unique(codes)) < 2:
        return math.nan, math.nan, "not_estimable"
    y, x = ((v - v.mean()) / v.std() for v in (y, x))
    design = np.column_stack([np.ones(len(x)), x])
    fit = _fitted(MixedLM(y, design, groups=codes))
    if fit is None:
        return math.nan, math.nan, "not_converged"
    ratio = float(np.asarray(fit.cov_re)[0, 0]) / float(fit.scale)
    vcov = float(fit.scale) * np.linalg.inv(_gls_information(design, codes=codes, ratio=ratio))
    return float(fit.fe_params[1]), float(np.sqrt(vcov[1, 1])), "converged"


def _gls_information(design: Vector, *, codes: NDArray[Any], ratio: float) -> Vector:
    """Return X' V^-1 X for V = I + ratio 1 1' within groups: the errors of lme4 and nlme.

    statsmodels' own ``bse_fe`` comes from a Hessian that holds the variances too; on the reference case
    (tests/reference/nesting) it is 4 % larger than both.
    """
    information: Vector = design.T @ design
    for code in np.unique(codes):
        own = design[codes == code]
        total = own.sum(axis=0)
        information = information - ratio / (1.0 + ratio * len(own)) * np.outer(total, total)
    return information


def _three_levels(
    values: Vector, outer: NDArray[Any], *, inner: NDArray[Any]
) -> tuple[tuple[float, float, float], str]:
    nothing = (math.nan,) * 3
    if not _varies(values) or len(np.unique(outer)) < 2 or len(np.unique(inner)) <= len(np.unique(outer)):
        return nothing, "not_estimable"
    scaled = (values - values.mean()) / values.std()
    order = np.argsort(outer, kind="stable")
    scaled, outer, inner = scaled[order], outer[order], inner[order]
    of_group = {group: inner[outer == group] for group in np.unique(outer)}
    designs = [(own[:, None] == np.unique(own)[None, :]).astype(float) for own in of_group.values()]
    names = [[f"inner[{code}]" for code in np.unique(own)] for own in of_group.values()]
    parts = VCSpec(["inner"], [names], [designs])
    ones = np.ones((len(scaled), 1))
    fit = _fitted(MixedLM(scaled, ones, groups=outer, exog_re=ones, exog_vc=parts))
    if fit is None:
        return nothing, "not_converged"
    found = np.array([float(np.asarray(fit.cov_re)[0, 0]), float(fit.vcomp[0]), float(fit.scale)])
    shares = found / found.sum()
    return (float(shares[0]), float(shares[1]), float(shares[2])), "converged"


def _fitted(model: MixedLM) -> Any:
    """Return the REML fit, None when the search did not converge.

    A variance at its boundary (zero) is an answer, no failure: statsmodels' warning of it is passed over.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit = model.fit(reml=True, **SEARCH)
        except (np.linalg.LinAlgError, ValueError):
            return None
    usable = fit.converged and np.isfinite(fit.scale) and np.isfinite(np.asarray(fit.cov_re)).all()
    return fit if usable else None


def _varies(values: Vector) -> bool:
    return len(values) > 2 and float(np.ptp(values)) > 0.0
