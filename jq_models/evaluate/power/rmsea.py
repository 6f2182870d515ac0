"""Power of the tests of exact, close and not-close fit (MacCallum, Browne & Sugawara 1996).

Under a population RMSEA e the statistic (N - 1) F follows a noncentral chi-square with noncentrality
(N - 1) df e^2. Where the alternative lies above the null the test rejects for large values (exact and close
fit), else for small ones (not-close fit).

MacCallum, R. C., Browne, M. W., & Sugawara, H. M. (1996). Power analysis and determination of sample size for
covariance structure modeling. Psychological Methods, 1, 130-149.
"""

from __future__ import annotations

from scipy.stats import chi2, ncx2

from jq_models.errors import SpecError

CLOSE, EXACT, NOT_CLOSE = "close", "exact", "not_close"
# null and alternative RMSEA of the paper's three tests
TESTS = {CLOSE: (0.05, 0.08), EXACT: (0.0, 0.05), NOT_CLOSE: (0.05, 0.01)}
LARGEST = 10_000_000


def rmsea_power(
    df: int, n: int, *, null: float = 0.05, alternative: float = 0.08, alpha: float = 0.05
) -> float:
    """Return the power of a test of fit.

    Parameters
    ----------
    df : int
        Degrees of freedom of the model.
    n : int
        Cases.
    null, alternative : float
        RMSEA under the hypothesis tested, and in the population: .05 and .08 test close fit, 0 and .05 exact
        fit, .05 and .01 not-close fit.
    alpha : float

    Raises
    ------
    SpecError
        When the values make no test.

    Examples
    --------
    >>> round(rmsea_power(100, 200), 3)
    0.955
    """
    _check(df, n, null=null, alternative=alternative, alpha=alpha)
    tested, true = ((n - 1) * df * value**2 for value in (null, alternative))
    if alternative > null:
        critical = _quantile(1 - alpha, df, tested)
        return float(ncx2.sf(critical, df, true) if true > 0 else chi2.sf(critical, df))
    critical = _quantile(alpha, df, tested)
    return float(ncx2.cdf(critical, df, true) if true > 0 else chi2.cdf(critical, df))


def rmsea_sample_size(
    df: int, *, null: float = 0.05, alternative: float = 0.08, alpha: float = 0.05, power: float = 0.80
) -> int:
    """Return the smallest n at which a test of fit has a power; power rises with n.

    Parameters
    ----------
    df : int
        As in `rmsea_power`.
    null : float
        As in `rmsea_power`.
    alternative : float
        As in `rmsea_power`.
    power : float
        A fraction.

    Raises
    ------
    SpecError
        When the values make no test, or no n up to ten million is enough.

    Examples
    --------
    >>> rmsea_sample_size(100)  # MacCallum, Browne & Sugawara (1996, table 4)
    132
    """
    if not alpha < power < 1:
        raise SpecError(f"power = {power}: give a number above alpha ({alpha}) and below 1.")
    low, high = 1, 2
    while rmsea_power(df, high, null=null, alternative=alternative, alpha=alpha) < power:
        low, high = high, 2 * high
        if high > LARGEST:
            raise SpecError(
                f"RMSEA {null} against {alternative} needs more than {LARGEST} cases. Move them apart."
            )
    while high - low > 1:
        middle = (low + high) // 2
        enough = rmsea_power(df, middle, null=null, alternative=alternative, alpha=alpha) >= power
        low, high = (low, middle) if enough else (middle, high)
    return high


def _quantile(share: float, df: int, noncentrality: float) -> float:
    return float(ncx2.ppf(share, df, noncentrality) if noncentrality > 0 else chi2.ppf(share, df))


def _check(df: int, n: int, *, null: float, alternative: float, alpha: float) -> None:
    problems = {
        f"df = {df}: give a whole number from 1 on": df < 1,
        f"n = {n}: give at least 2 cases": n < 2,
        f"null = {null}, alternative = {alternative}: give two different values from 0 on": (
            min(null, alternative) < 0 or null == alternative
        ),
        f"alpha = {alpha}: give a number between 0 and 1": not 0 < alpha < 1,
    }
    found = [what for what, wrong in problems.items() if wrong]
    if found:
        raise SpecError(f"No test of the RMSEA: {'; '.join(found)}.")
