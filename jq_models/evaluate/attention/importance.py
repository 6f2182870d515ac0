"""How much each dimension matters for satisfaction and commitment, in four ways, with rank intervals.

- ``total``: standardised total effects of the dimensions, direct and by way of satisfaction, in the model
  with direct paths; where the sample does not carry it, in the path model of scale scores.
- ``total_raw``: the same in points of outcome for a point of the dimension.
- ``relative``: Johnson's relative weights of the scores.
- ``lmg``: Shapley shares of the explained variance of the scores.

Shapley shares weigh the shortfall (`WEIGHING`). In simulated clients they find the true first three drivers
two to four times as often as total effects do: with twelve dimensions that correlate .3 to .6 a total effect
compares people who are alike in the other eleven, of whom there are few; a Shapley share averages over what
the dimension explains alone, beside one other, beside two, and so on (tests/reference/importance/RESULTS.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.data import OpenStudy
from jq_models.evaluate.attention.formulas import (
    LARGEST,
    regression_weights,
    relative_weights,
    shapley_shares,
)
from jq_models.evaluate.attention.latent import direct_fit, total_effects
from jq_models.evaluate.attention.ranked import NUMBERS, ranked
from jq_models.evaluate.attention.sample import TARGETS, ScoreSample
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.hypotheses.draws import ENOUGH
from jq_models.evaluate.hypotheses.gap import Gap, closed_gate
from jq_models.numeric.moments import SINGULAR, Array
from jq_models.sem import SemFit

METHODS = ("total", "total_raw", "relative", "lmg")
SHARES = ("relative", "lmg")  # shares of explained variance: never below zero
WEIGHING = ("lmg", "relative")  # the first that could be computed weighs the shortfall
OVERALL = "overall"
COLUMNS = ["method", "outcome", "dimension", *NUMBERS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """Importance of every dimension.

    Attributes
    ----------
    table : DataFrame
        Columns `COLUMNS`, rows by method, outcome (SAT, COM, their mean ``"overall"``) and dimension; rank 1
        matters most.
    route : str
        Where total effects come from: ``"latent"``, ``"scores"``, or ``""`` without any.
    weighing : str
        The method whose overall importance weighs the shortfall, or ``""``.
    estimates, draws : ndarray, shape (k,) and (B, k)
        The overall importance by that method, and its draws, in step with those of the means.
    reasons : mapping of str to Gap
        Method -> why it is missing; ``"latent"``: why total effects come from scores.
    """

    table: pd.DataFrame = field(repr=False)
    route: str
    weighing: str
    estimates: Array = field(repr=False)
    draws: Array = field(repr=False)
    reasons: Mapping[str, Gap] = field(repr=False)


def importance(opened: OpenStudy, plan: Plan, *, sample: ScoreSample, times: Array, seed: int) -> Importance:
    """Compute how much each dimension matters.

    Parameters
    ----------
    opened : OpenStudy
    plan : Plan
        From ``score_path`` on; total effects of the model with latent variables from ``full`` on.
    sample : ScoreSample
    times : ndarray, shape (B, N)
        How often each person is drawn in each sample.
    seed : int
        Of the draws of the model's total effects, from their normal distribution.
    """
    gap = _why_none(sample, plan)
    if gap is not None:
        return _nothing(dict.fromkeys(METHODS, gap))
    drawn = np.concatenate([sample.covariances(), sample.covariances(times)])
    found, reasons = _from_scores(drawn, len(sample.dimensions))
    if float(np.isfinite(found["total"][1:, 0, 0]).mean()) < ENOUGH:
        return _nothing(dict.fromkeys(METHODS, Gap(code="collinear", where=sample.dimensions)))
    blocks = [
        _block(method, sample, estimates=values[0], draws=sample.widened(values[0], values[1:]), df=sample.df)
        for method, values in found.items()
    ]
    fit = direct_fit(opened, plan, grouping=sample.grouping)
    if isinstance(fit, SemFit):
        rng = np.random.default_rng(seed)
        blocks = [_latent(fit, method, sample, rng=rng, draws=len(times)) for method in METHODS[:2]] + blocks[
            2:
        ]
    else:
        reasons["latent"] = fit
    weighing = next(method for method in WEIGHING if method in found)
    overall = found[weighing].mean(axis=2)
    return Importance(
        table=pd.concat(blocks, ignore_index=True)[COLUMNS],
        route="latent" if isinstance(fit, SemFit) else "scores",
        weighing=weighing,
        estimates=overall[0],
        draws=sample.widened(overall[0], overall[1:]),
        reasons=reasons,
    )


def _why_none(sample: ScoreSample, plan: Plan) -> Gap | None:
    """Return why importance cannot be computed: too few answers, nothing to explain, nothing that varies."""
    if not sample.outcomes:
        return Gap(code="not_asked", where=TARGETS)
    if len(sample.dimensions) < 2:
        return Gap(code="not_asked", where=sample.dimensions)
    gap = closed_gate(plan, "score_path")
    if gap is not None:
        return gap
    complete, names = sample.complete, (*sample.dimensions, *sample.outcomes)
    if len(complete) < plan.gates.score_path:
        return Gap(code="too_few", needs=plan.gates.score_path, n=len(complete))
    still = tuple(name for name, column in zip(names, complete.T, strict=True) if np.ptp(column) == 0.0)
    if still:
        return Gap(code="constant", where=still)
    correlation = np.asarray(np.corrcoef(complete[:, : len(sample.dimensions)], rowvar=False))
    if _singular(correlation[None])[0]:
        return Gap(code="collinear", where=sample.dimensions)
    return None


def _nothing(reasons: Mapping[str, Gap]) -> Importance:
    return Importance(
        table=pd.DataFrame(columns=COLUMNS),
        route="",
        weighing="",
        estimates=np.empty(0),
        draws=np.empty((0, 0)),
        reasons=reasons,
    )


def _from_scores(covariances: Array, k: int) -> tuple[dict[str, Array], dict[str, Gap]]:
    """Return each method's values, (1 + B, k, m), the whole sample first; NaN where a sample is singular."""
    sd = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = covariances / (sd[:, :, None] * sd[:, None, :])
    broken = ~np.isfinite(correlation).all(axis=(1, 2))
    correlation[broken] = np.eye(correlation.shape[1])
    broken |= _singular(correlation[:, :k, :k])
    correlation[broken] = np.eye(correlation.shape[1])
    among, with_outcomes = correlation[:, :k, :k], correlation[:, :k, k:]
    slopes = regression_weights(among, with_outcomes)
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = slopes * sd[:, None, k:] / sd[:, :k, None]
    found = {"total": slopes, "total_raw": raw, "relative": relative_weights(among, with_outcomes)}
    reasons = {}
    if k <= LARGEST:
        found["lmg"] = shapley_shares(among, with_outcomes)
    else:
        reasons["lmg"] = Gap(code="too_many", needs=LARGEST, n=k)
    for values in found.values():
        values[broken] = np.nan
    return found, reasons


def _singular(correlation: Array) -> NDArray[np.bool_]:
    smallest: NDArray[np.bool_] = np.linalg.eigvalsh(correlation)[:, 0] < SINGULAR
    return smallest


def _block(method: str, sample: ScoreSample, *, estimates: Array, draws: Array, df: float) -> pd.DataFrame:
    """Return one method's rows: each outcome, then their mean; shapes (k, m) and (B, k, m)."""
    floor = 0.0 if method in SHARES else -math.inf
    parts = [
        ranked(sample.dimensions, estimates[:, o], draws=draws[:, :, o], df=df, floor=floor).assign(
            outcome=code
        )
        for o, code in enumerate(sample.outcomes)
    ]
    overall = ranked(
        sample.dimensions, estimates.mean(axis=1), draws=draws.mean(axis=2), df=df, floor=floor
    ).assign(outcome=OVERALL)
    return pd.concat([*parts, overall], ignore_index=True).assign(method=method)


def _latent(
    fit: SemFit, method: str, sample: ScoreSample, *, rng: np.random.Generator, draws: int
) -> pd.DataFrame:
    estimates, covariance = total_effects(
        fit, sample.dimensions, sample.outcomes, standardized=method == "total"
    )
    drawn = rng.multivariate_normal(estimates.ravel(), covariance, size=draws, method="svd")
    return _block(
        method, sample, estimates=estimates, draws=drawn.reshape(draws, *estimates.shape), df=math.inf
    )
