"""Fit the rival measurement models to the same answers and set them side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from jq_models.data import OpenStudy
from jq_models.errors import FitError
from jq_models.evaluate.fit_indices import fit_indices
from jq_models.evaluate.likelihood_ratio import likelihood_ratio
from jq_models.sem import FailedFit, SemFit, try_fit
from jq_models.spec import build_rival
from jq_models.spec.rivals import NESTING, RIVALS, obstacle

# how a rival ended: of an inadmissible solution the numbers are shown, but it cannot win
STATES = ("fitted", "inadmissible", "failed", "left_out")
# why a nested test has no numbers
UNTESTED = ("", "failed", "equivalent", "not_nested")
# what a nested pair says: larger, by the test and two of three criteria; by the test alone; smaller;
# larger by the test, but of no use as its solution is inadmissible
NESTED = ("larger", "test_alone", "smaller", "inadmissible", "untested")
LEVEL = 0.05
# difference of a criterion up to which models with the same degrees of freedom count as one
TIED = 1e-4
CRITERIA = ("aic", "bic", "sabic")
CHANGES = ("difference", "df", "p_value", "delta_cfi", "delta_aic", "delta_bic", "delta_sabic")
INDICES = (
    "n_parameters",
    "chi_square",
    "df",
    "p_value",
    "cfi",
    "tli",
    "rmsea",
    "rmsea_low",
    "rmsea_high",
    "srmr",
    *CRITERIA,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivals:
    """The rival models of one set of answers.

    Attributes
    ----------
    n : int
        Persons, the same for every model.
    dimensions : tuple of str
        Codes of the dimensions with answers.
    fits : mapping of str to SemFit or FailedFit
        By name of the rival; those left out are absent.
    table : DataFrame
        One row a rival, in the order of `RIVALS`: model state reason (an `OBSTACLES` code) n_parameters
        chi_square df p_value cfi tli rmsea rmsea_low rmsea_high srmr aic bic sabic; NaN where it has no
        usable fit.
    tests : DataFrame
        One row a nested pair: smaller larger difference df p_value delta_cfi delta_aic delta_bic delta_sabic
        (smaller - larger) reason (one of `UNTESTED`) verdict (one of `NESTED`).
    """

    n: int
    dimensions: tuple[str, ...]
    fits: Mapping[str, SemFit | FailedFit] = field(repr=False)
    table: pd.DataFrame = field(repr=False)
    tests: pd.DataFrame = field(repr=False)

    @property
    def preferred(self) -> dict[str, str]:
        """The admissible rival with the lowest value of each criterion; empty when fewer than two ended.

        Equivalent models, such as three dimensions, three blocks of one dimension each and three dimensions
        under a factor, have the same values: of them it is "dimensions", which claims least.
        """
        ended = self.table[self.table["state"] == "fitted"].set_index("model")
        if len(ended) < 2:
            return {}
        return {criterion: _lowest(ended, criterion) for criterion in CRITERIA}

    @property
    def winner(self) -> str:
        """The rival that at least two of AIC, BIC and SABIC prefer, or ``""``.

        AIC errs towards too large models and BIC towards too small ones; SABIC's penalty lies between.
        """
        names = list(self.preferred.values())
        return next((name for name in names if names.count(name) > 1), "")

    def value(self, model: str, column: str) -> float:
        """Return one number of the table; NaN where there is none."""
        found = self.table.loc[self.table["model"] == model, column]
        return float(found.iloc[0]) if len(found) else math.nan

    def test(self, smaller: str, larger: str) -> pd.Series | None:
        """Return one row of `tests`, or None when the pair was not compared."""
        rows = self.tests[(self.tests["smaller"] == smaller) & (self.tests["larger"] == larger)]
        return rows.iloc[0] if len(rows) else None


def _lowest(ended: pd.DataFrame, criterion: str) -> str:
    values, df = ended[criterion].to_numpy(dtype=float), ended["df"].to_numpy(dtype=float)
    best = int(np.nanargmin(values))
    tied = ended.index[(np.abs(values - values[best]) <= TIED) & (df == df[best])]
    return "dimensions" if "dimensions" in tied else str(ended.index[best])


def fit_rivals(opened: OpenStudy, *, estimator: str = "ML", names: tuple[str, ...] = RIVALS) -> Rivals:
    """Fit every rival that the questionnaire can tell apart.

    Parameters
    ----------
    opened : OpenStudy
        The persons are those who answered every item of the study's models.
    estimator : str
        With a robust one, difference tests are scaled (`likelihood_ratio`).
    names : tuple of str
        The rivals to fit; those not named are absent.

    Returns
    -------
    Rivals
    """
    complete, dimensions = opened.complete, opened.dimensions
    reasons = {name: obstacle(name, instrument=opened.instrument, dimensions=dimensions) for name in names}
    fits = {
        name: try_fit(
            build_rival(name, instrument=opened.instrument, dimensions=dimensions),
            complete,
            estimator=estimator,
        )
        for name in names
        if not reasons[name]
    }
    return Rivals(
        n=complete.n,
        dimensions=dimensions,
        fits=fits,
        table=pd.DataFrame([_row(name, fits.get(name), reason=reasons[name]) for name in names]),
        tests=nested_tests(fits),
    )


def nested_tests(
    fits: Mapping[str, SemFit | FailedFit], pairs: tuple[tuple[str, str], ...] = NESTING
) -> pd.DataFrame:
    """Test every pair of which one model restricts the other; columns as in `Rivals.tests`.

    Parameters
    ----------
    pairs : tuple of (str, str)
        The restricted model first.

    Returns
    -------
    DataFrame
        One row a pair; a pair without two usable fits says why under reason.
    """
    columns = ["smaller", "larger", *CHANGES, "reason", "verdict"]
    rows = [_tested(a, b, fits=fits) for a, b in pairs if a in fits and b in fits]
    return pd.DataFrame(rows, columns=columns)


def _row(name: str, fit: SemFit | FailedFit | None, *, reason: str) -> dict[str, object]:
    row: dict[str, object] = {"model": name, "state": "left_out", "reason": reason}
    if fit is None:
        return row | dict.fromkeys(INDICES, math.nan)
    if not isinstance(fit, SemFit) or not fit.usable:
        return row | {"state": "failed"} | dict.fromkeys(INDICES, math.nan)
    found = fit_indices(fit)
    state = "fitted" if fit.status.admissible else "inadmissible"
    return row | {"state": state} | {key: float(getattr(found, key)) for key in INDICES}


def _tested(a: str, b: str, *, fits: Mapping[str, SemFit | FailedFit]) -> dict[str, object]:
    smaller, larger = fits[a], fits[b]
    nothing: dict[str, object] = dict.fromkeys(CHANGES, np.nan) | {"verdict": "untested"}
    names: dict[str, object] = {"smaller": a, "larger": b}
    if not isinstance(smaller, SemFit) or not isinstance(larger, SemFit):
        return names | nothing | {"reason": "failed"}
    if not smaller.usable or not larger.usable:
        return names | nothing | {"reason": "failed"}
    if smaller.df == larger.df:  # three dimensions: second order and correlated are one model
        return names | nothing | {"reason": "equivalent"}
    try:
        test = likelihood_ratio(smaller, larger)
    except FitError:  # the larger model did not reach the smaller one's moments
        return names | nothing | {"reason": "not_nested"}
    first, second = fit_indices(smaller), fit_indices(larger)
    changes = {f"delta_{key}": float(getattr(first, key) - getattr(second, key)) for key in CRITERIA}
    favour = sum(change > 0 for change in changes.values())
    rejected = test.p_value < LEVEL
    verdict = "larger" if rejected and favour > 1 else "test_alone" if rejected else "smaller"
    if rejected and not larger.status.admissible:
        verdict = "inadmissible"
    return names | {
        "difference": test.difference,
        "df": float(test.df),
        "p_value": test.p_value,
        "delta_cfi": first.cfi - second.cfi,
        **changes,
        "reason": "",
        "verdict": verdict,
    }
