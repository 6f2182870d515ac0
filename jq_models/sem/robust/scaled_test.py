"""Chi-square tests of a model, plain and scaled, from the traces that their corrections are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtrc


@dataclass(frozen=True, slots=True, kw_only=True)
class TestStatistic:
    """A chi-square test; the scaled numbers are NaN where the estimator has none.

    Attributes
    ----------
    chi_square : float
    df : int
    p_value : float
        NaN when df is 0.
    kind : str
        "standard", "satorra.bentler", "scaled.shifted" or "yuan.bentler.mplus".
    scaled, df_scaled, p_value_scaled, factor, shift : float
        The scaled statistic is chi_square / factor + shift; without a shift, shift is 0. All but df are NaN
        where the factor is not above 0, as it can be with few cases: there the correction breaks down.
        A saturated model has no factor; its scaled statistic is the plain one.
    """

    __test__ = False

    chi_square: float
    df: int
    p_value: float
    kind: str = "standard"
    scaled: float = np.nan
    df_scaled: float = np.nan
    p_value_scaled: float = np.nan
    factor: float = np.nan
    shift: float = np.nan

    @property
    def correction(self) -> float:
        """c, the expected chi-square of a true model by its degrees of freedom: tr(U Gamma) / df.

        It is the factor itself, but for the scaled and shifted statistic, whose shift is
        df - tr(U Gamma) / factor.
        """
        return self.factor * (self.df - self.shift) / self.df if self.df else np.nan


def p_value_of(chi_square: float, df: float) -> float:
    """Return the upper tail of the chi-square distribution; NaN when df is 0."""
    return float(chdtrc(df, chi_square)) if df > 0 else np.nan


def standard_test(chi_square: float, df: int) -> TestStatistic:
    """Test without a correction."""
    return TestStatistic(chi_square=chi_square, df=df, p_value=p_value_of(chi_square, df))


def saturated_test(chi_square: float, *, kind: str) -> TestStatistic:
    """Leave the chi-square of a model without degrees of freedom as it is: there is nothing to scale."""
    plain = standard_test(chi_square, 0)
    return plain if kind == "standard" else replace(plain, kind=kind, scaled=chi_square, df_scaled=0.0)


def satorra_bentler_test(chi_square: float, df: int, *, trace: float) -> TestStatistic:
    """Scale to the mean of the reference distribution, c = tr(U Gamma) / df (Satorra and Bentler 1994).

    Parameters
    ----------
    chi_square : float
    df : int
    trace : float
        tr(U Gamma): `robust.gamma.gamma_traces`.
    """
    return _scaled(chi_square, df, kind="satorra.bentler", factor=_ratio(trace, df))


def scaled_shifted_test(chi_square: float, df: int, *, trace: float, trace_of_square: float) -> TestStatistic:
    """Scale and shift to mean and variance: a X + df - a tr(U Gamma), a = sqrt(df / tr((U Gamma)^2)).

    Asparouhov and Muthen (2010, Simple second order chi-square correction); the factor reported is 1 / a.

    Parameters
    ----------
    chi_square : float
    df : int
    trace, trace_of_square : float
        tr(U Gamma) and tr((U Gamma)^2): `robust.gamma.gamma_traces`.
    """
    ratio = _ratio(trace_of_square, df)
    factor = float(np.sqrt(ratio)) if ratio > 0 else np.nan
    shift = df - trace / factor
    return _scaled(chi_square, df, kind="scaled.shifted", factor=factor, shift=shift)


def yuan_bentler_test(chi_square: float, df: int, *, saturated: float, model: float) -> TestStatistic:
    """Scale by (tr(A1^-1 B1) - tr(A0^-1 B0)) / df, as Mplus and lavaan's "yuan.bentler.mplus" do.

    Yuan and Bentler (2000, Sociological Methodology 30, 165-200); the form with two traces is Asparouhov and
    Muthen's (2005, Multivariate statistical modeling with survey data). A is the observed information of one
    case, B the mean product of the casewise scores.

    Parameters
    ----------
    chi_square : float
    df : int
    saturated : float
        tr(A1^-1 B1) of means and covariances themselves, summed over groups:
        `traces.saturated_trace`, or ``missing.saturated_information.saturated_trace`` with missing answers.
    model : float
        tr(A0^-1 B0) of the model's parameters: `robust.sandwich.trace_ratio`.
    """
    return _scaled(chi_square, df, kind="yuan.bentler.mplus", factor=_ratio(saturated - model, df))


def _ratio(trace: float, df: int) -> float:
    return trace / df if df > 0 else np.nan


def _scaled(chi_square: float, df: int, *, kind: str, factor: float, shift: float = 0.0) -> TestStatistic:
    if not factor > 0.0:
        factor = np.nan
    scaled = chi_square / factor + shift if df > 0 else chi_square
    return TestStatistic(
        chi_square=chi_square,
        df=df,
        p_value=p_value_of(chi_square, df),
        kind=kind,
        scaled=scaled,
        df_scaled=float(df),
        p_value_scaled=p_value_of(scaled, df),
        factor=factor,
        shift=shift if np.isfinite(factor) else np.nan,
    )
