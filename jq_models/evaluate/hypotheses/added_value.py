"""What the three new dimensions add to the other nine (H3), and the path of one of them (H7)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from jq_models.data import OpenStudy
from jq_models.evaluate.fit_indices import fit_indices
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.hypotheses.draws import ENOUGH, enough, interval_of, proper_draws
from jq_models.evaluate.hypotheses.gap import Gap, closed_gate, failed, inadmissible, missing_constructs
from jq_models.evaluate.items import items_by_construct
from jq_models.evaluate.judge import judge_fit
from jq_models.evaluate.likelihood_ratio import NestedTest, likelihood_ratio
from jq_models.evaluate.validity import htmt
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
from jq_models.spec.model import Model

DRAWS = 1000
TARGETS = ("SAT", "COM")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedValue:
    """The direct model with and without the paths of the new dimensions.

    Attributes
    ----------
    new : tuple of str
        The new dimensions that were asked.
    test : NestedTest or None
        All their paths at zero at once.
    gains : DataFrame
        One row an outcome: target difference df pvalue (its paths at zero), without, within (R2 from the
        other predictors, and from all), estimate (their difference), ci_low, ci_high (bootstrap).
    paths : DataFrame
        source target estimate se z pvalue delta_low delta_high ci_low ci_high: every direct path of a
        dimension, standardised.
    overlap : DataFrame
        new other value: HTMT of the new dimensions with the others, highest first.
    draws, asked : int
        Replicates with a proper solution, and all: with less than 80 % of them there are no intervals.
    level : str
        How the direct model fits: "good", "acceptable", "poor" or "unknown".
    gap : Gap or None
    """

    new: tuple[str, ...] = ()
    test: NestedTest | None = None
    gains: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    paths: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    overlap: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    draws: int = 0
    asked: int = 0
    level: str = "unknown"
    gap: Gap | None = None

    @property
    def enough(self) -> bool:
        """Whether so many replicates are left that there are intervals."""
        return self.draws >= ENOUGH * self.asked


def added_value(
    opened: OpenStudy,
    plan: Plan,
    *,
    direct: SemFit | FailedFit | None,
    seed: int,
    draws: int = DRAWS,
    workers: int = 1,
) -> AddedValue:
    """Test the paths of the new dimensions in the direct model and bootstrap what they add.

    Parameters
    ----------
    opened : OpenStudy
    plan : Plan
        From ``full`` on.
    direct : SemFit or FailedFit or None
        The study's direct model; None when the gate kept it away.
    seed, draws, workers : int
        Of the bootstrap.

    Notes
    -----
    R2 with and without are squared multiple correlations from one matrix of latent correlations, the direct
    model's: 1 - 1 / (R^-1)_yy over the outcome and its predictors. So they differ in the predictors only. The
    gain cannot be below zero, and a bootstrap draws it upwards: read its upper bound. An inadmissible direct
    model has no such shares, and a replicate whose latent covariance matrix is not positive definite has none
    either: it is left out and counted.
    """
    gap = closed_gate(plan, "full")
    new = tuple(c.code for c in opened.instrument.dimensions if c.new and c.code in opened.dimensions)
    if gap is None and len(new) < 2:
        absent = tuple(c.code for c in opened.instrument.dimensions if c.new and c.code not in new)
        gap = Gap(code="not_asked", where=absent or ("LCU", "LEM"))
    gap = gap or missing_constructs(opened, TARGETS)
    if gap is None and direct is not None:
        gap = failed(direct) or inadmissible(direct)
    if gap is not None or not isinstance(direct, SemFit):
        return AddedValue(new=new, gap=gap)
    boot = bootstrap(direct, draws=draws, seed=seed, workers=workers)
    boot = proper_draws(direct, boot, (*opened.dimensions, *opened.outcomes))
    return AddedValue(
        new=new,
        test=_test(direct, opened, new=new, targets=TARGETS),
        gains=pd.DataFrame([_gain(direct, opened, new=new, target=t, boot=boot) for t in TARGETS]),
        paths=_paths(direct, boot, sources=opened.dimensions),
        overlap=_overlap(opened, new=new),
        draws=int(boot.converged.sum()),
        asked=draws,
        level=judge_fit(fit_indices(direct)).level,
    )


def without_paths(model: Model, *, sources: tuple[str, ...], targets: tuple[str, ...]) -> Model:
    """Return a model with the paths from `sources` to `targets` fixed at zero."""
    starts = tuple(f"{target} ~ " for target in targets)
    lines = []
    for line in model.text.splitlines():
        if line.startswith(starts):
            left, right = line.split(" ~ ")
            terms = [f"0*{term}" if term in sources else term for term in right.split(" + ")]
            line = f"{left} ~ {' + '.join(terms)}"
        lines.append(line)
    return replace(model, text="\n".join(lines) + "\n")


def _test(
    direct: SemFit, opened: OpenStudy, *, new: tuple[str, ...], targets: tuple[str, ...]
) -> NestedTest | None:
    smaller = try_fit(without_paths(direct.model, sources=new, targets=targets), opened.responses)
    return likelihood_ratio(smaller, direct) if isinstance(smaller, SemFit) and smaller.usable else None


def _gain(
    direct: SemFit, opened: OpenStudy, *, new: tuple[str, ...], target: str, boot: Bootstrap
) -> dict[str, object]:
    names = list(direct.matrices.latent)
    all_of_them = [*opened.dimensions, *(["SAT"] if target == "COM" else [])]
    inner = [code for code in all_of_them if code not in new]
    at = [[names.index(code) for code in (target, *codes)] for codes in (inner, all_of_them)]

    def explained(theta: Array) -> tuple[float, float]:
        covariance = filled(direct.matrices, theta).latent_covariance
        without, within = (_r_squared(covariance[np.ix_(rows, rows)]) for rows in at)
        return without, within

    without, within = explained(direct.theta)
    drawn = np.array([b - a for a, b in map(explained, boot.theta[boot.converged])])
    low, high = interval_of(drawn, boot)
    test = _test(direct, opened, new=new, targets=(target,))
    return {
        "target": target,
        "difference": test.difference if test else np.nan,
        "df": test.df if test else 0,
        "pvalue": test.p_value if test else np.nan,
        "without": without,
        "within": within,
        "estimate": within - without,
        "ci_low": low,
        "ci_high": high,
    }


def _r_squared(covariance: Array) -> float:
    """Return the squared multiple correlation of the first variable with the others."""
    return float(1.0 - 1.0 / (np.linalg.inv(covariance)[0, 0] * covariance[0, 0]))


def _paths(direct: SemFit, boot: Bootstrap, *, sources: tuple[str, ...]) -> pd.DataFrame:
    rows = standardized(direct)
    at = (rows["op"] == "~") & rows["rhs"].isin(sources)
    kept = rows.loc[at, ["rhs", "lhs", "est_std", "se", "z", "pvalue", "ci_low", "ci_high"]]
    kept.columns = ["source", "target", "estimate", "se", "z", "pvalue", "delta_low", "delta_high"]
    if not enough(boot):
        return kept.assign(ci_low=np.nan, ci_high=np.nan).reset_index(drop=True)
    drawn = bootstrap_intervals(direct, boot, standardized=True).loc[at]
    return kept.assign(ci_low=drawn["ci_low"], ci_high=drawn["ci_high"]).reset_index(drop=True)


def _overlap(opened: OpenStudy, *, new: tuple[str, ...]) -> pd.DataFrame:
    constructs = {
        c: list(codes) for c, codes in items_by_construct(opened.responses).items() if c in opened.dimensions
    }
    ratios = htmt(opened.responses.items, constructs)
    rows = [(a, b, float(ratios[b][a])) for a in new for b in opened.dimensions if b not in new]
    frame = pd.DataFrame(rows, columns=["new", "other", "value"])
    return frame.sort_values("value", ascending=False, kind="stable").reset_index(drop=True)
