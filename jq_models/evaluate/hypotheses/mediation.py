"""Full or partial mediation (H2, H2b): does job quality reach turnover intention by the attitudes only?

Two models that differ in one path: TIN ~ JQ fixed at zero (full mediation, as van der Aa, Bloemer &
Henseler 2012) or free (partial). Effects are read from the free one, which assumes nothing about that path.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from jq_models.data import OpenStudy
from jq_models.evaluate.fit_indices import fit_indices
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.hypotheses.draws import ENOUGH, enough, interval_of, proper_draws
from jq_models.evaluate.hypotheses.gap import Gap, closed_gate, failed, inadmissible, missing_constructs
from jq_models.evaluate.judge import judge_fit
from jq_models.evaluate.likelihood_ratio import NestedTest, likelihood_ratio
from jq_models.evaluate.scores import construct_scores
from jq_models.numeric.moments import Array
from jq_models.sem import (
    Bootstrap,
    FailedFit,
    SemFit,
    bootstrap,
    bootstrap_intervals,
    filled,
    standardized,
    try_fit,
)
from jq_models.spec.model import JOB_QUALITY, Model

DRAWS = 2000
# published: van der Aa, Bloemer & Henseler (2012), footnote 1
PUBLISHED = {"estimate": -0.028, "n": 577}
KINDS = ("direct", "specific", "indirect", "total")
# label of each path; every effect as a product or a sum of products of paths
EFFECTS: tuple[tuple[str, str, str, str], ...] = (
    ("SAT", "direct", "", "a"),
    ("SAT", "total", "", "a"),
    ("COM", "direct", "", "c"),
    ("COM", "indirect", "SAT", "a*b"),
    ("COM", "total", "", "c + a*b"),
    ("TIN", "direct", "", "f"),
    ("TIN", "specific", "SAT", "a*d"),
    ("TIN", "specific", "COM", "c*e"),
    ("TIN", "specific", "SAT COM", "a*b*e"),
    ("TIN", "indirect", "", "a*d + c*e + a*b*e"),
    ("TIN", "total", "", "f + a*d + c*e + a*b*e"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mediation:
    """The two models and what follows from them.

    Attributes
    ----------
    basis : {"latent", "scores"}
        Latent variables, or scale scores taken as free of error (effects come out too small).
    full, partial : SemFit or FailedFit or None
        Without and with the direct path to turnover intention; `full` is None where that was not asked.
    test : NestedTest or None
        Of the direct path.
    effects : DataFrame
        Of job quality, standardised: target kind via estimate se z pvalue delta_low delta_high ci_low ci_high
        (bootstrap). `kind` is one of `KINDS`, `via` the outcomes on the way, a blank between them.
    partial_correlation : Series
        estimate, ci_low, ci_high: job quality with turnover intention given satisfaction and commitment.
    interval : str
        The kind of bootstrap interval.
    draws, asked : int
        Replicates in which job quality and the outcomes have a proper covariance matrix, and all: with less
        than 80 % of them there are no intervals.
    level : str
        How the model with latent variables fits: "good", "acceptable", "poor" or "unknown".
    gap : Gap or None
        Why there is nothing of this.
    doubt : Gap or None
        Why no verdict may rest on it: the model has impossible values.
    """

    basis: str
    full: SemFit | FailedFit | None = None
    partial: SemFit | FailedFit | None = None
    test: NestedTest | None = None
    effects: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    partial_correlation: pd.Series = field(default_factory=lambda: pd.Series(dtype=float), repr=False)
    interval: str = "percentile"
    draws: int = 0
    asked: int = 0
    level: str = "unknown"
    gap: Gap | None = None
    doubt: Gap | None = None

    @property
    def enough(self) -> bool:
        """Whether so many replicates are left that there are intervals."""
        return self.draws >= ENOUGH * self.asked

    def effect(self, target: str, kind: str) -> pd.Series:
        """Return one row of `effects`."""
        rows = self.effects[(self.effects["target"] == target) & (self.effects["kind"] == kind)]
        found: pd.Series = rows.iloc[0]
        return found


def mediation(
    opened: OpenStudy,
    plan: Plan,
    *,
    seed: int,
    draws: int = DRAWS,
    interval: str = "percentile",
    workers: int = 1,
) -> Mediation:
    """Compare full with partial mediation, and bootstrap job quality's effects.

    Parameters
    ----------
    opened : OpenStudy
    plan : Plan
        From ``second_order`` on by the second-order model, from ``score_path`` on by scale scores.
    seed, draws, workers : int
        Of the bootstrap; the numbers do not depend on the workers.
    interval : {"percentile", "bca", "bc", "normal", "basic"}
        Kind of bootstrap interval.

    Returns
    -------
    Mediation
    """
    latent = plan.allows("second_order")
    basis = "latent" if latent else "scores"
    gap = closed_gate(plan, "score_path") or missing_constructs(opened, ("SAT", "COM"))
    if gap is None and not opened.dimensions:
        gap = Gap(code="not_asked", where=(JOB_QUALITY,))
    if gap is not None:
        return Mediation(basis=basis, gap=gap)
    data = opened.responses if latent else score_frame(opened)
    turnover = "TIN" in opened.outcomes
    partial = try_fit(mediation_model(opened, latent=latent, direct=True), data)
    full = try_fit(mediation_model(opened, latent=latent, direct=False), data) if turnover else None
    gap = failed(partial)
    if gap is not None or not isinstance(partial, SemFit):
        return Mediation(basis=basis, full=full, partial=partial, gap=gap)
    boot = bootstrap(partial, draws=draws, seed=seed, workers=workers)
    boot = proper_draws(partial, boot, (JOB_QUALITY, *opened.outcomes))
    nested = isinstance(full, SemFit) and full.usable
    return Mediation(
        basis=basis,
        full=full,
        partial=partial,
        test=likelihood_ratio(full, partial) if nested and isinstance(full, SemFit) else None,
        effects=_effects(partial, boot, turnover=turnover, interval=interval),
        partial_correlation=_partial(partial, boot) if turnover else pd.Series(dtype=float),
        interval=interval,
        draws=int(boot.converged.sum()),
        asked=draws,
        level=judge_fit(fit_indices(partial)).level if latent else "unknown",
        doubt=inadmissible(partial),
    )


def mediation_model(opened: OpenStudy, *, latent: bool, direct: bool) -> Model:
    """Write the model with every path and effect labelled.

    Parameters
    ----------
    latent : bool
        The study's second-order model, or one factor a scale score.
    direct : bool
        Whether job quality has a path of its own to turnover intention.
    """
    turnover = "TIN" in opened.outcomes
    lines = ["SAT ~ a*JQ", "COM ~ b*SAT + c*JQ"]
    lines += [f"TIN ~ d*SAT + e*COM + {'f' if direct else '0'}*JQ"] if turnover else []
    lines += [f"{name} := {formula}" for name, formula in _defined(turnover=turnover, direct=direct).items()]
    if latent:
        study = opened.model("second_order")
        measured = [
            line for line in study.text.splitlines() if not line.startswith(("SAT ~ ", "COM ~ ", "TIN ~ "))
        ]
        higher, factors, single = study.higher, study.factors, study.single_items
    else:
        factors = (JOB_QUALITY, "SAT", "COM", *(["TIN"] if turnover else []))
        measured = [f"{code} =~ {code}_score" for code in factors]
        higher, single = (), factors
    text = "\n".join([*measured, *lines]) + "\n"
    name = "partial_mediation" if direct else "full_mediation"
    return Model(name=name, text=text, factors=factors, higher=higher, single_items=single)


def score_frame(opened: OpenStudy) -> pd.DataFrame:
    """Return standardised scale scores of the persons with all: job quality is the mean of its dimensions."""
    scores = construct_scores(opened.complete)
    frame = scores[list(opened.outcomes)].assign(
        **{JOB_QUALITY: scores[list(opened.dimensions)].mean(axis=1)}
    )
    frame = frame.dropna()
    frame = (frame - frame.mean()) / frame.std(ddof=0)
    return frame.add_suffix("_score").reset_index(drop=True)


def partial_correlation(correlation: Array) -> float:
    """Return r(1, 2 | the others) of a correlation matrix: -P12 / sqrt(P11 P22), P its inverse."""
    precision = np.linalg.inv(correlation)
    return float(-precision[0, 1] / np.sqrt(precision[0, 0] * precision[1, 1]))


def _defined(*, turnover: bool, direct: bool) -> dict[str, str]:
    """Return the effects that are no single path, by the name they have in the model."""
    return {
        _name(target, kind, via): formula if direct else formula.replace("f + ", "")
        for target, kind, via, formula in EFFECTS
        if len(formula) > 1 and (turnover or target != "TIN")
    }


def _name(target: str, kind: str, via: str) -> str:
    return "_".join([kind, target, *via.split()])


def _effects(fit: SemFit, boot: Bootstrap, *, turnover: bool, interval: str) -> pd.DataFrame:
    """Lay bootstrap intervals beside those of the delta method."""
    delta = standardized(fit)
    drawn = delta.assign(ci_low=np.nan, ci_high=np.nan)
    if enough(boot):
        drawn = bootstrap_intervals(fit, boot, kind=interval, standardized=True)
    by_label = {str(label): row for row, label in enumerate(fit.table["label"]) if label}
    by_name = {
        str(lhs): row
        for row, (lhs, op) in enumerate(zip(fit.table["lhs"], fit.table["op"], strict=True))
        if op == ":="
    }
    rows = []
    for target, kind, via, formula in EFFECTS:
        if target == "TIN" and not turnover:
            continue
        at = by_label[formula] if len(formula) == 1 else by_name[_name(target, kind, via)]
        one, other = delta.iloc[at], drawn.iloc[at]
        rows.append(
            {
                "target": target,
                "kind": kind,
                "via": via,
                "estimate": one["est_std"],
                "se": one["se"],
                "z": one["z"],
                "pvalue": one["pvalue"],
                "delta_low": one["ci_low"],
                "delta_high": one["ci_high"],
                "ci_low": other["ci_low"],
                "ci_high": other["ci_high"],
            }
        )
    return pd.DataFrame(rows)


def _partial(fit: SemFit, boot: Bootstrap) -> pd.Series:
    """Return the partial correlation of JQ and TIN given SAT and COM with its percentile interval."""
    names = list(fit.matrices.latent)
    at = np.ix_(*[[names.index(code) for code in (JOB_QUALITY, "TIN", "SAT", "COM")]] * 2)

    def value(theta: Array) -> float:
        covariance = filled(fit.matrices, theta).latent_covariance[at]
        sd = np.sqrt(np.diag(covariance))
        return partial_correlation(covariance / np.outer(sd, sd))

    with np.errstate(invalid="ignore"):
        drawn = np.array([value(theta) for theta in boot.theta[boot.converged]])
        estimate = value(fit.theta)
    low, high = interval_of(drawn, boot)
    return pd.Series({"estimate": estimate, "ci_low": low, "ci_high": high})
