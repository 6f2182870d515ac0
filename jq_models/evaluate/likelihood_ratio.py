"""Chi-square tests of nested models: plain, scaled by Satorra and Bentler (2001, 2010), by Satorra (2000)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from jq_models.errors import FitError, SpecError, suggest
from jq_models.evaluate.satorra_2000 import satorra_2000
from jq_models.numeric.moments import Array, Moments
from jq_models.sem import SemFit
from jq_models.sem.estimators import find_estimator
from jq_models.sem.missing.likelihood import MissingNormal
from jq_models.sem.normal import NormalTheory
from jq_models.sem.optimise import minimise
from jq_models.sem.robust.inference import robust_parts, robust_test

KINDS = ("plain", "satorra_bentler_2001", "satorra_bentler_2010", "satorra_2000")
# by other least squares, differences of chi-squares are not chi-square distributed
PLAIN = ("ML", "GLS", "WLS")
# F of the larger model on the smaller one's implied moments: 0 when nested
REPRODUCED = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedTest:
    """A test of the restrictions by which a smaller model differs from a larger one.

    Attributes
    ----------
    difference : float
        Chi-square distributed when the restrictions hold; NaN where the scaling factor is not above 0, as
        that of 2001 can be.
    df : int
    p_value : float
    factor : float
        What the difference of the plain chi-squares was divided by; 1 when plain.
    kind : str
        One of `KINDS`.
    shift : float
        What was added then; 0 but for "satorra_2000".
    reason : str
        Why the numbers are NaN, else "".
    """

    difference: float
    df: int
    p_value: float
    factor: float
    kind: str
    shift: float = 0.0
    reason: str = ""


def likelihood_ratio(smaller: SemFit, larger: SemFit, *, kind: str | None = None) -> NestedTest:
    """Test a model against a larger one that it is nested in.

    Parameters
    ----------
    smaller, larger : SemFit
        Of the same data by the same estimator; the smaller one has more degrees of freedom and is nested in
        the other, which is checked: the larger model must imply the smaller one's moments.
    kind : {"plain", "satorra_bentler_2001", "satorra_bentler_2010", "satorra_2000"}, optional
        By default the one that fits the estimator: "plain" for ML, GLS and WLS, "satorra_bentler_2001" for
        MLR, MLM and MLMV, "satorra_2000" for WLSMV and ULSMV. The scaled ones need a robust estimator. 2010
        evaluates the larger model at the smaller one's estimates, which keeps the factor above 0 with MLM;
        with MLR it can still fail.

    Raises
    ------
    FitError
        When a fit is not usable, or the two cannot be compared.
    SpecError
        On another kind.
    """
    kind = _usual_kind(smaller) if kind is None else kind
    if kind not in KINDS:
        raise SpecError(f"No test of nested models '{kind}'. {suggest(kind, KINDS)}")
    _check(smaller, larger)
    if kind == "satorra_2000":
        test = satorra_2000(smaller, larger)
        return NestedTest(
            difference=test.scaled,
            df=test.df,
            p_value=test.p_value_scaled,
            factor=test.factor,
            kind=kind,
            shift=test.shift,
        )
    _check_distribution(smaller, larger, kind=kind)
    if isinstance(larger.discrepancy, NormalTheory | MissingNormal):
        estimates_in(larger, smaller)
    if kind == "plain":
        return _nested(smaller, larger, factor=1.0, kind=kind)
    for fit in (smaller, larger):
        if find_estimator(fit.estimator).test == "standard":
            raise FitError(
                f"The model '{fit.model.name}' was fitted by {fit.estimator}, whose test is not scaled: "
                f"'{kind}' has no factor to work with. Fit both by MLR or MLM, or take kind='plain'."
            )
    other = larger.test.correction if kind == KINDS[1] else correction_at(larger, smaller)
    factor = difference_factor(
        smaller.df, smaller.test.correction, df_larger=larger.df, correction_larger=other
    )
    return _nested(smaller, larger, factor=factor, kind=kind)


def _usual_kind(fit: SemFit) -> str:
    estimator = find_estimator(fit.estimator)
    if estimator.test == "standard":
        return "plain"
    return "satorra_bentler_2001" if estimator.discrepancy == "ML" else "satorra_2000"


def difference_factor(
    df_smaller: int, correction_smaller: float, *, df_larger: int, correction_larger: float
) -> float:
    """Return (d0 c0 - d1 c1) / (d0 - d1), NaN when not above 0.

    Satorra and Bentler (2001, Psychometrika 66, 507-514, eq. 10); with c1 taken at the smaller model's
    estimates, their (2010, Psychometrika 75, 243-248) strictly positive factor.
    """
    # a saturated model has no correction, nor a weight
    other = df_larger * correction_larger if df_larger else 0.0
    factor = (df_smaller * correction_smaller - other) / (df_smaller - df_larger)
    return factor if factor > 0 else np.nan


def likelihood_ratios(fits: Mapping[str, SemFit], *, kind: str | None = None) -> pd.DataFrame:
    """Test several nested fits, each against the next larger one.

    Parameters
    ----------
    fits : mapping of name to SemFit
    kind : str, optional
        As `likelihood_ratio`.

    Returns
    -------
    DataFrame
        One row a fit, fewest degrees of freedom first: model df aic bic chi_square (plain) difference
        df_difference p_value factor; the first row's differences are NaN, and aic and bic by least squares.

    Raises
    ------
    FitError
        As `likelihood_ratio`; also with fewer than two fits.
    """
    if len(fits) < 2:
        raise FitError(f"{len(fits)} fit(s): nothing to compare. Give at least two nested fits.")
    ordered = sorted(fits.items(), key=lambda item: item[1].df)
    tests = [likelihood_ratio(b, a, kind=kind) for (_, a), (_, b) in pairwise(ordered)]
    nothing = NestedTest(difference=np.nan, df=0, p_value=np.nan, factor=np.nan, kind=kind or "")
    rows = []
    for (name, fit), test in zip(ordered, [nothing, *tests], strict=True):
        deviance = fit.test.chi_square - 2.0 * fit.log_likelihood_saturated
        k = fit.parameters.n_free
        rows.append(
            {
                "model": name,
                "df": fit.df,
                "aic": deviance + 2.0 * k,
                "bic": deviance + np.log(fit.n) * k,
                "chi_square": fit.test.chi_square,
                "difference": test.difference,
                "df_difference": test.df if test.df else np.nan,
                "p_value": test.p_value,
                "factor": test.factor,
            }
        )
    return pd.DataFrame(rows)


def correction_at(larger: SemFit, smaller: SemFit) -> float:
    """Return the larger model's scaling correction at the smaller one's estimates.

    lavaan 0.6-14 copies estimates parameter by parameter and leaves at 0 the latent means that equal
    intercepts set free; there the larger model's means are not the smaller one's, and its factor under MLR
    differs.

    Raises
    ------
    FitError
        When the models are not nested, or not by maximum likelihood.
    """
    discrepancy = larger.discrepancy
    if not isinstance(discrepancy, NormalTheory | MissingNormal):
        raise FitError(
            f"satorra_bentler_2010 is there for maximum likelihood, not for {larger.estimator}. Take "
            "kind='satorra_bentler_2001'."
        )
    if not larger.df:
        return np.nan
    theta = estimates_in(larger, smaller)
    estimator = find_estimator(larger.estimator)
    parts = robust_parts(estimator, discrepancy, larger.sample, theta=theta)
    chi_square = larger.n * discrepancy.point(theta, curvature="none").objective
    return robust_test(
        estimator, discrepancy, larger.sample, parts=parts, theta=theta, chi_square=chi_square, df=larger.df
    ).correction


def estimates_in(larger: SemFit, smaller: SemFit) -> Array:
    """Return the larger model's parameters at which it implies the smaller one's moments, shape (k,).

    They are found by fitting the larger model to those moments; F is 0 there, or the models are not nested
    (Bentler and Satorra, 2010, Psychological Methods 15, 111-123).

    Raises
    ------
    FitError
        When the larger model cannot imply them.
    """
    means = smaller.parameters.meanstructure
    moments = []
    for state, group in zip(smaller.states, smaller.sample.groups, strict=True):
        found = Moments(
            names=group.moments.names,
            covariance=state.implied,
            mean=state.mean if means else group.moments.mean,
            n=group.n,
        )
        moments.append(found.of(larger.parameters.observed))
    theory = NormalTheory(larger.groups, moments, means=larger.parameters.meanstructure)
    optimum = minimise(theory, larger.theta)
    if not optimum.point.objective < REPRODUCED:
        raise FitError(
            f"The model '{smaller.model.name}' is not nested in '{larger.model.name}', which cannot imply "
            f"its moments (F = {optimum.point.objective:.2g} instead of 0). Compare models of which one "
            "restricts the other."
        )
    return optimum.theta


def _nested(smaller: SemFit, larger: SemFit, *, factor: float, kind: str) -> NestedTest:
    df = smaller.df - larger.df
    difference = (smaller.test.chi_square - larger.test.chi_square) / factor
    if -1e-8 < difference < 0:
        difference = 0.0
    return NestedTest(
        difference=difference,
        df=df,
        p_value=float(chdtrc(df, difference)),
        factor=factor,
        kind=kind,
        reason="" if factor > 0 else "the scaling factor is not above 0",
    )


def _check(smaller: SemFit, larger: SemFit) -> None:
    smaller.require()
    larger.require()
    names = f"'{smaller.model.name}' and '{larger.model.name}'"
    options = (smaller.estimator, smaller.missing), (larger.estimator, larger.missing)
    if options[0] != options[1]:
        raise FitError(f"{names}: fitted by {options[0]} and {options[1]}. Fit both in the same way.")
    if not _same_data(smaller, larger):
        raise FitError(
            f"{names}: not the same data ({smaller.n} and {larger.n} cases). Nested models are of the same "
            "variables, cases and groups: fit both to one table."
        )
    if smaller.df <= larger.df:
        raise FitError(
            f"{names}: {smaller.df} and {larger.df} degrees of freedom. The smaller model has more: exchange "
            "them, or compare models of which one restricts the other."
        )


def _check_distribution(smaller: SemFit, larger: SemFit, *, kind: str) -> None:
    discrepancy = find_estimator(smaller.estimator).discrepancy
    if discrepancy == "ML" or (kind == "plain" and discrepancy in PLAIN):
        return
    raise FitError(
        f"'{smaller.model.name}' and '{larger.model.name}' were fitted by {smaller.estimator}: no {kind} "
        "test of nested models is right for it. Take kind='satorra_2000' after WLSMV or ULSMV, or fit both "
        "by maximum likelihood."
    )


def _same_data(first: SemFit, second: SemFit) -> bool:
    ours, theirs = first.sample.groups, second.sample.groups
    if [(g.label, g.n) for g in ours] != [(g.label, g.n) for g in theirs]:
        return False
    for a, b in zip(ours, theirs, strict=True):
        if set(a.moments.names) != set(b.moments.names):
            return False
        other = b.moments.of(a.moments.names)
        pairs = ((a.moments.covariance, other.covariance), (a.moments.mean, other.mean))
        # EM estimates of the same answers in another order differ by rounding
        if not all(np.allclose(x, y, rtol=1e-6, atol=1e-6) for x, y in pairs):
            return False
    return True
