"""Two ways of steering at once: how people are spread over them, and the response surface of an outcome."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.stats import t as student

from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.sources.material import Material
from jq_models.evaluate.sources.relations import robust_fit
from jq_models.numeric.moments import Array

QUADRANTS = ("both", "first", "second", "neither")
TERMS = ("x", "y", "x2", "xy", "y2")
# Edwards & Parry (1993, Academy of Management Journal 36, 1577-1613): slope and curvature of the surface
# along the line where both agree (x = y) and along the line where they are opposed (x = -y)
LINES = {
    "agree_slope": (1.0, 1.0, 0.0, 0.0, 0.0),
    "agree_curve": (0.0, 0.0, 1.0, 1.0, 1.0),
    "oppose_slope": (1.0, -1.0, 0.0, 0.0, 0.0),
    "oppose_curve": (0.0, 0.0, 1.0, -1.0, 1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """A quadratic surface of an outcome over two scales, both counted from the middle of the answer scale.

    Attributes
    ----------
    first, second, outcome : str
        Codes of the scales.
    coefficients : DataFrame
        Index `TERMS`; estimate, se, pvalue, ci_low, ci_high (95 %), in score points.
    lines : DataFrame
        Index `LINES`; the same columns.
    constant : float
    n : int
    """

    first: str
    second: str
    outcome: str
    coefficients: pd.DataFrame = field(repr=False)
    lines: pd.DataFrame = field(repr=False)
    constant: float
    n: int

    def at(self, x: Array, y: Array) -> Array:
        """Return the fitted outcome at distances `x` and `y` from the middle."""
        b = self.coefficients["estimate"].to_numpy()
        found: Array = self.constant + b[0] * x + b[1] * y + b[2] * x**2 + b[3] * x * y + b[4] * y**2
        return found


def quadrants(given: Material, first: str, second: str) -> pd.Series | Gap:
    """Return how many people score above the middle on both scales, on one, on neither.

    Parameters
    ----------
    first : str
        Code of a scale.
    second : str
        Code of the other.

    Returns
    -------
    Series of int
        Index `QUADRANTS`. What of it may be shown is for `disclosure` to say.
    """
    if (gap := given.absent((first, second))) is not None:
        return gap
    pair = given.scores[[first, second]].dropna()
    if len(pair) == 0:
        return Gap(code="too_few", needs=1, n=0)
    a, b = pair[first] > given.midpoint, pair[second] > given.midpoint
    counts = ((a & b).sum(), (a & ~b).sum(), (~a & b).sum(), (~a & ~b).sum())
    return pd.Series([int(count) for count in counts], index=list(QUADRANTS))


def response_surface(given: Material, first: str, second: str, outcome: str) -> Surface | Gap:
    """Fit a quadratic surface by least squares, errors robust to clusters.

    Parameters
    ----------
    first, second, outcome : str
        Codes of scales.

    Notes
    -----
    z = b0 + b1 x + b2 y + b3 x^2 + b4 xy + b5 y^2; the four numbers of `LINES` are linear in b, so their
    errors follow from the covariance of b.
    """
    if (gap := given.absent((first, second, outcome))) is not None:
        return gap
    frame = given.scores[[first, second, outcome]]
    who = frame.notna().all(axis=1)
    if (gap := given.few(who)) is not None:
        return gap
    x, y = (frame.loc[who, code].to_numpy() - given.midpoint for code in (first, second))
    design = sm.add_constant(np.column_stack([x, y, x**2, x * y, y**2]))
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return Gap(code="collinear", where=(first, second))
    fit = robust_fit(frame.loc[who, outcome].to_numpy(), design, given.groups[who.to_numpy()])
    # by clusters statsmodels counts clusters; with too few of them the errors are those of single answers
    df = float(getattr(fit, "df_resid_inference", fit.df_resid))
    b, V = np.asarray(fit.params)[1:], np.asarray(fit.cov_params())[1:, 1:]
    weights = np.array(list(LINES.values()))
    return Surface(
        first=first,
        second=second,
        outcome=outcome,
        coefficients=_rows(b, V, df=df, names=TERMS),
        lines=_rows(weights @ b, weights @ V @ weights.T, df=df, names=tuple(LINES)),
        constant=float(fit.params[0]),
        n=int(who.sum()),
    )


def _rows(b: Array, V: Array, *, df: float, names: tuple[str, ...]) -> pd.DataFrame:
    se = np.sqrt(np.diag(V))
    half = float(student.ppf(0.975, df)) * se
    columns = {"estimate": b, "se": se, "ci_low": b - half, "ci_high": b + half}
    frame = pd.DataFrame(columns, index=list(names))
    frame["pvalue"] = 2.0 * student.sf(np.abs(b) / se, df)
    return frame
