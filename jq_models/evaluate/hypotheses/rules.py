"""The decision rules: from an interval and a probability to a verdict. Each rule stands here once.

The lines are this project's choice (no source carries them): an effect worth speaking of is a standardised
.10; a direct path counts as absent when its interval lies within .20 on both sides of zero. The second line
is the wider one because absence is the harder thing to show: with about 500 answers the interval of the
direct path is about .15 on both sides of its estimate, so that within .10 absence could never be shown. It
was set with the simulated demo in sight and before any client's data: a verdict on the demo is no test of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from scipy.stats import norm

Verdict = Literal["supported", "not_supported", "inconclusive", "not_testable"]
VERDICTS: tuple[Verdict, ...] = ("supported", "not_supported", "inconclusive", "not_testable")
ALPHA = 0.05
SMALLEST = 0.10  # smallest standardised effect of interest
ABSENT = 0.20  # a path within this distance of zero counts as absent
SMALLEST_SHARE = 0.02  # smallest gain in explained variance of interest
DISTINCT = 0.85  # two factors that correlate higher are one (Henseler, Ringle & Sarstedt 2015)
# Raftery (1995, Sociological Methodology 25, 111-163): a BIC difference below 2 is hardly evidence
WEAK = 2.0
FITS = ("good", "acceptable")


def effect_verdict(
    low: float, high: float, *, p_value: float, sign: int, smallest: float = SMALLEST
) -> Verdict:
    """Judge the claim that an effect goes in one direction.

    Parameters
    ----------
    low, high : float
        The 95 % interval.
    p_value : float
        Of the hypothesis, adjusted for the number of hypotheses.
    sign : {1, -1}
        The predicted direction.
    smallest : float
        The smallest effect of interest.

    Returns
    -------
    str
        ``"not_supported"`` when the interval leaves out every effect of at least `smallest` in the predicted
        direction, or lies on the other side of zero: an effect that is certain but certainly too small to
        matter is no support. ``"supported"`` when it lies wholly on the predicted side and p < .05.
        ``"inconclusive"`` otherwise.
    """
    near, far = (low, high) if sign > 0 else (-high, -low)
    if far < smallest:
        return "not_supported"
    return "supported" if near > 0 and p_value < ALPHA else "inconclusive"


def absence_verdict(low: float, high: float, *, p_value: float, margin: float = ABSENT) -> Verdict:
    """Judge the claim that there is no effect, by equivalence.

    ``"supported"`` when the 95 % interval lies within -margin and +margin and p < .05 (two one-sided tests,
    Schuirmann 1987); ``"not_supported"`` when it leaves out zero and reaches beyond a margin;
    ``"inconclusive"`` otherwise.
    """
    if -margin < low and high < margin:
        return "supported" if p_value < ALPHA else "inconclusive"
    return "not_supported" if low > 0 or high < 0 else "inconclusive"


def gain_verdict(highest: Iterable[float], *, p_value: float, smallest: float = SMALLEST_SHARE) -> Verdict:
    """Judge the claim that predictors add something.

    A gain in explained variance is never below zero, so its interval cannot say that there is one; the test
    of the paths does. ``"not_supported"`` when every upper bound of a gain (`highest`) is below `smallest`;
    ``"supported"`` when the paths differ from zero, p < .05; ``"inconclusive"`` otherwise, and when a gain
    has no upper bound.
    """
    highest = list(highest)
    if any(math.isnan(bound) for bound in highest):
        return "inconclusive"
    if all(bound < smallest for bound in highest):
        return "not_supported"
    return "supported" if p_value < ALPHA else "inconclusive"


def apart_verdict(margin: float, *, p_value: float, level: str, weak: float = WEAK) -> Verdict:
    """Judge the claim that dimensions are separate.

    Parameters
    ----------
    margin : float
        Lowest BIC of the models with fewer factors minus that of the models with separate dimensions.
    p_value : float
        Of the test of one factor against separate dimensions.
    level : str
        How the separate dimensions fit.
    weak : float
        A difference in BIC up to which it says nothing.

    Returns
    -------
    str
        ``"not_supported"`` when fewer factors have the lower BIC; ``"supported"`` when the separate
        dimensions have, one factor fits worse, p < .05, and they fit at least acceptably: of two models that
        do not fit, the better one is no evidence; ``"not_testable"`` without a margin; else
        ``"inconclusive"``.
    """
    if math.isnan(margin):
        return "not_testable"
    if margin < -weak:
        return "not_supported"
    return "supported" if margin > weak and p_value < ALPHA and level in FITS else "inconclusive"


def split_verdict(low: float, high: float, *, p_value: float, line: float = DISTINCT) -> Verdict:
    """Judge the claim that a scale is two, by the correlation of the two factors.

    ``"supported"`` when its interval lies wholly below `line` and one factor fits worse, p < .05;
    ``"not_supported"`` when it lies wholly above; ``"inconclusive"`` otherwise.
    """
    if low > line:
        return "not_supported"
    return "supported" if high < line and p_value < ALPHA else "inconclusive"


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """Judge a claim of several parts: all must hold (intersection-union, Berger 1982).

    One part that is not supported sinks it; one that is inconclusive leaves it open.
    """
    found = list(verdicts)
    for verdict in ("not_testable", "not_supported", "inconclusive"):
        if verdict in found:
            return verdict
    return "supported"


def equivalence_p(estimate: float, se: float, *, margin: float = ABSENT) -> float:
    """Return the larger p of the two one-sided tests that an effect lies within the margins."""
    return float(max(norm.sf((margin - estimate) / se), norm.sf((margin + estimate) / se)))
