"""The chi-square test corrected for small samples.

With few cases, and the more so with many variables, the likelihood-ratio statistic rejects true models too
often. Each correction multiplies it by a factor below 1. In the papers the statistic is (N - 1) F and `n` is
N - 1; for a statistic N F, as this package and lavaan report it, `n` is N, as in semTools ``chisqSmallN()``.
All were derived under normality for one group.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from jq_models.errors import FitError
from jq_models.sem import SemFit


def bartlett_factor(*, p: int, k: int, n: float) -> float:
    """Return 1 - (2 p + 4 k + 5) / (6 n).

    Bartlett (1950, British Journal of Psychology, Statistical Section 3, 77-85), for exploratory factor
    analysis; applied to structural models by Fouladi (2000, Structural Equation Modeling 7, 356-410) and
    Nevitt and Hancock (2004, Multivariate Behavioral Research 39, 439-478).

    Parameters
    ----------
    p : int
        Observed variables.
    k : int
        Latent variables.
    n : float
        What the statistic is F times: N, or N - 1.
    """
    return 1.0 - (2 * p + 4 * k + 5) / (6.0 * n)


def swain_factor(*, p: int, df: int, n: float) -> float:
    """Return 1 - [p (2 p^2 + 3 p - 1) - q (2 q^2 + 3 q - 1)] / (12 df n), q (q + 1) / 2 free parameters.

    Swain (1975, Analysis of parametric structures for variance matrices, PhD thesis, University of Adelaide);
    Herzog, Boomsma and Reinecke (2007, Structural Equation Modeling 14, 361-390). q is
    (sqrt(1 + 4 p (p + 1) - 8 df) - 1) / 2: saturated means count for nothing.

    Parameters
    ----------
    p : int
        Observed variables.
    df : int
        Degrees of freedom, above 0.
    n : float
        What the statistic is F times: N, or N - 1.
    """
    q = (np.sqrt(1.0 + 4.0 * p * (p + 1) - 8.0 * df) - 1.0) / 2.0
    size = p * (2 * p**2 + 3 * p - 1) - q * (2 * q**2 + 3 * q - 1)
    return float(1.0 - size / (12.0 * df * n))


def yuan_2005_factor(*, p: int, k: int, n: float) -> float:
    """Return 1 - (2 p + 2 k + 7) / (6 n).

    Yuan (2005, Multivariate Behavioral Research 40, 115-148): Bartlett's, weakened for confirmatory models.

    Parameters
    ----------
    p, k, n
        As `bartlett_factor`.
    """
    return 1.0 - (2 * p + 2 * k + 7) / (6.0 * n)


def yuan_2015_factor(*, p: int, q: int, n_cases: int, n: float) -> float:
    """Return [N - (2.381 + 0.361 p + 0.006 q)] / n.

    Yuan, Tian and Yanagihara (2015, Psychometrika 80, 379-405): fitted to simulated means of the statistic.

    Parameters
    ----------
    p : int
        Observed variables.
    q : int
        Free parameters of the covariance structure.
    n_cases : int
        N.
    n : float
        What the statistic is F times: N, or N - 1.
    """
    return (n_cases - (2.381 + 0.361 * p + 0.006 * q)) / n


def small_sample_tests(fit: SemFit) -> pd.DataFrame:
    """Correct the chi-square of a fit.

    Parameters
    ----------
    fit : SemFit
        By ML, complete data, one group.

    Returns
    -------
    DataFrame
        Indexed by "plain", "bartlett", "swain", "yuan_2005", "yuan_2015": chi_square df p_value factor. A
        factor that is not above 0, with hardly any cases, is NaN and so is its row.

    Raises
    ------
    FitError
        When the fit is not usable, saturated, of several groups, incomplete or not by ML.

    Examples
    --------
    >>> import numpy as np
    >>> from jq_models.sem import Moments, fit_sem
    >>> L = np.kron(np.eye(2), np.array([[0.8], [0.7], [0.6]]))
    >>> S = L @ np.array([[1.0, 0.5], [0.5, 1.0]]) @ L.T
    >>> np.fill_diagonal(S, 1.0)
    >>> moments = Moments(names=tuple("abcxyz"), covariance=S, mean=np.zeros(6), n=300)
    >>> fit = fit_sem("F =~ a + b + c\\nG =~ x + y + z\\nG ~ F", moments)
    >>> from jq_models.evaluate import small_sample_tests
    >>> one = fit_sem("F =~ a + b + c + x + y + z", moments)
    >>> small_sample_tests(one)["factor"].round(3).to_dict()
    {'plain': 1.0, 'bartlett': 0.988, 'swain': 0.991, 'yuan_2005': 0.988, 'yuan_2015': 0.985}
    """
    fit.require()
    test, p, k = fit.test, len(fit.parameters.observed), len(fit.parameters.latent)
    problems = [
        (len(fit.groups) > 1, f"{len(fit.groups)} groups"),
        (fit.sample.incomplete, "missing answers"),
        (fit.estimator != "ML", f"estimator {fit.estimator}"),
        (test.df == 0, "no degrees of freedom"),
        (bool(fit.parameters.covariates), "fixed observed covariates"),
    ]
    found = [what for wrong, what in problems if wrong]
    if found:
        raise FitError(
            f"The model '{fit.model.name}' has {', '.join(found)}: the small-sample corrections are for one "
            "group, complete data, ML and covariance structures. Use the uncorrected test."
        )
    n, q = fit.n, p * (p + 1) // 2 - test.df
    factors = {
        "plain": 1.0,
        "bartlett": bartlett_factor(p=p, k=k, n=n),
        "swain": swain_factor(p=p, df=test.df, n=n),
        "yuan_2005": yuan_2005_factor(p=p, k=k, n=n),
        "yuan_2015": yuan_2015_factor(p=p, q=q, n_cases=n, n=n),
    }
    factor = np.array([x if x > 0 else np.nan for x in factors.values()])
    chi_square = test.chi_square * factor
    return pd.DataFrame(
        {
            "chi_square": chi_square,
            "df": test.df,
            "p_value": chdtrc(test.df, chi_square),
            "factor": factor,
        },
        index=pd.Index(factors, name="correction"),
    )
