"""CFI, TLI and RMSEA under scaled tests, as lavaan 0.6-14 computes them.

"Scaled" indices put the scaled chi-squares in the usual formulas; in the population they differ from the
indices of normal data. The "robust" ones estimate those. All robust indices here have one form: the
discrepancy X = N F of model and baseline, and what X is expected to be when the model is true,
c df = tr(U Gamma) (Brosseau-Liard, Savalei and Li, 2012, Multivariate Behavioral Research 47, 904-930;
Brosseau-Liard and Savalei, 2014, Multivariate Behavioral Research 49, 460-470; Li and Bentler, 2006):

    RMSEA = sqrt(max(X - c df, 0) / (N df)),  CFI = 1 - max(X - c df, 0) / max(X_b - c_b df_b, ...),
    TLI = 1 - (X - c df) df_b / ((X_b - c_b df_b) df).

With normal-theory tests X is the chi-square. With missing data and with ordered items X and c come from other
places: `robust_corrections`, `robust_ordinal`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from jq_models.evaluate.index_formulas import cfi, rmsea, rmsea_close_p, rmsea_interval, tli
from jq_models.sem.robust.scaled_test import TestStatistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What robust indices need of one model.

    Attributes
    ----------
    chi_square : float
        X = N F.
    df : int
    expected : float
        c df: the mean of X when the model is true.
    scaled, factor : float
        A chi-square whose noncentrality times `factor` is that of X, for interval and test of the RMSEA:
        X / c and c, but for the scaled and shifted test, whose own numbers they are.
    """

    chi_square: float
    df: int
    expected: float
    scaled: float
    factor: float


def correction(chi_square: float, df: int, *, expected: float) -> Correction:
    """Return the correction of a discrepancy X with mean `expected`."""
    c = expected / df if df > 0 else math.nan
    if not c > 0.0:
        c = math.nan
    return Correction(chi_square=chi_square, df=df, expected=c * df, scaled=chi_square / c, factor=c)


def correction_of(test: TestStatistic) -> Correction:
    """Return the correction that a scaled test on complete data implies."""
    return Correction(
        chi_square=test.chi_square,
        df=test.df,
        expected=test.correction * test.df,
        scaled=test.scaled,
        factor=test.factor,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustIndices:
    """Indices after a correction; NaN where it does not exist.

    `rmsea_scaled_low` to `rmsea_scaled_high` and `rmsea_robust_low` to `rmsea_robust_high` are 90 %
    intervals; `..._close_p` test RMSEA <= .05.
    """

    cfi_scaled: float = math.nan
    tli_scaled: float = math.nan
    rmsea_scaled: float = math.nan
    rmsea_scaled_low: float = math.nan
    rmsea_scaled_high: float = math.nan
    rmsea_scaled_close_p: float = math.nan
    cfi_robust: float = math.nan
    tli_robust: float = math.nan
    rmsea_robust: float = math.nan
    rmsea_robust_low: float = math.nan
    rmsea_robust_high: float = math.nan
    rmsea_robust_close_p: float = math.nan


def robust_indices(
    test: TestStatistic,
    baseline: TestStatistic,
    *,
    n: int,
    groups: int = 1,
    corrections: Sequence[Correction] | None = None,
) -> RobustIndices:
    """Compute the scaled and the robust indices.

    Parameters
    ----------
    test, baseline : TestStatistic
        Of the model and of the independence model, scaled the same way. A test without a scaled statistic
        gives no scaled indices.
    n : int
        N; for the least-squares estimators, ordered items among them, N - G as lavaan does.
    groups : int
        G.
    corrections : sequence of two Corrections, optional
        Of model and baseline, with missing data (`robust_corrections`) and with ordered items
        (`robust_ordinal`); by default those of the tests. An empty sequence leaves the robust indices
        out.
    """
    found: dict[str, float] = {}
    if not math.isnan(test.scaled):
        found |= _scaled(test, baseline, n=n, groups=groups)
    if corrections is None:
        corrections = () if math.isnan(test.factor) else (correction_of(test), correction_of(baseline))
    if corrections:
        found |= _robust(*corrections, n=n, groups=groups)
    return RobustIndices(**found)


def _scaled(test: TestStatistic, baseline: TestStatistic, *, n: int, groups: int) -> dict[str, float]:
    reference = {"baseline": baseline.scaled, "baseline_df": baseline.df_scaled}
    # lavaan takes interval and p value from the chi-square on c df degrees of freedom; a shifted test has df
    shifted = test.kind == "scaled.shifted" or math.isnan(test.factor)
    chi_square, df = (test.scaled, test.df_scaled) if shifted else (test.chi_square, test.factor * test.df)
    low, high = rmsea_interval(chi_square, df, n=n, groups=groups)
    return {
        "cfi_scaled": cfi(test.scaled, test.df_scaled, **reference),
        "tli_scaled": tli(test.scaled, test.df_scaled, **reference),
        "rmsea_scaled": rmsea(test.scaled, test.df_scaled, n=n, groups=groups),
        "rmsea_scaled_low": low,
        "rmsea_scaled_high": high,
        "rmsea_scaled_close_p": rmsea_close_p(chi_square, df, n=n, groups=groups),
    }


def _robust(model: Correction, baseline: Correction, *, n: int, groups: int) -> dict[str, float]:
    df = model.df
    if math.isnan(model.expected):
        return {}
    excess, worst = model.chi_square - model.expected, baseline.chi_square - baseline.expected
    low, high = rmsea_interval(model.scaled, df, n=n, groups=groups)
    root = math.sqrt(model.factor)
    return {
        "cfi_robust": cfi(excess, 0.0, baseline=worst, baseline_df=0.0),
        "tli_robust": 1.0 - excess * baseline.df / (worst * df) if worst else 1.0,
        "rmsea_robust": math.sqrt(groups * max(excess, 0.0) / (n * df)),
        "rmsea_robust_low": root * low,
        "rmsea_robust_high": root * high,
        "rmsea_robust_close_p": rmsea_close_p(model.scaled, df, n=n, groups=groups, null=0.05 / root),
    }
