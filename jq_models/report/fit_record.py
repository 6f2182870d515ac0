"""All that is said of one fit outside a study: numbers in full precision, and warnings in words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from jq_models.evaluate.fit_indices import FitIndices
from jq_models.numeric.reason import Reason
from jq_models.report.wording import wording

# cases for each free parameter below which a warning is due: Bentler and Chou (1987, Sociological Methods &
# Research 16, 78-117)
CASES_PER_PARAMETER = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRecord:
    """One fit.

    Attributes
    ----------
    model, data : str
        Names of the files.
    estimator : str
        Its name.
    method : tuple of str
        Further facts about the estimation in words.
    groups : tuple of (str, int)
        Label and cases of each group, in their order; one entry ("", n) without groups.
    n, n_dropped : int
        Cases used and left out.
    npar : int or None
        Free parameters; None when nothing was estimated.
    latent : tuple of str
        Latent variables.
    table : DataFrame or None
        As `parameter_estimates` returns it; None when the fit failed.
    indices : FitIndices or None
        None when the fit failed.
    level : float
        Of the intervals.
    failure : str
        What failed; "" when all that was asked for is here.
    warnings : tuple of str
        Worst first, the failure among them.
    """

    model: str
    data: str
    estimator: str
    method: tuple[str, ...] = ()
    groups: tuple[tuple[str, int], ...] = ()
    n: int
    n_dropped: int
    npar: int | None = None
    latent: tuple[str, ...] = ()
    table: pd.DataFrame | None = field(default=None, repr=False)
    indices: FitIndices | None = None
    level: float = 0.95
    failure: str = ""
    warnings: tuple[str, ...] = ()


def reason_sentence(reason: Reason) -> str:
    """Say one thing that is wrong with a fit, naming every parameter at fault."""
    w = wording("en")
    text = w(f"reason.{reason.code}")
    where = f": {', '.join(reason.where)}" if reason.where else ""
    return f"{text[:1].upper()}{text[1:]}{where}."


def dropped_sentences(n_dropped: int, *, n: int, missing: str, columns: Iterable[str]) -> list[str]:
    """Say how many cases were left out and why; nothing when none was."""
    if not n_dropped:
        return []
    what = {
        "listwise": "an answer to a variable of the model is missing (listwise)",
        "fiml": "no answer to any dependent variable, or none to a covariate",
    }[missing if missing == "fiml" else "listwise"]
    more = [f"or no value in {' or '.join(columns)}"] if (columns := list(columns)) else []
    were = "was" if n_dropped == 1 else "were"
    return [f"{n_dropped} of {n + n_dropped} cases {were} left out: {', '.join([what, *more])}."]


def few_cases_sentences(n: int, npar: int) -> list[str]:
    """Say that there are few cases for so many parameters."""
    if n >= CASES_PER_PARAMETER * npar:
        return []
    ratio = wording("en").number(n / npar, 1)
    return [
        f"Few cases for the size of the model: {n} for {npar} free parameters, {ratio} each; below "
        f"{CASES_PER_PARAMETER} estimates are unstable and the chi-square rejects true models too often "
        "(Bentler & Chou, 1987)."
    ]


def untested_sentences(indices: FitIndices, *, test: str) -> list[str]:
    """Say that a scaled test was asked for and could not be had."""
    if test == "standard" or indices.df == 0 or not math.isnan(indices.chi_square_scaled):
        return []
    return ["The scaled test could not be computed: with so few cases its correction is not above 0."]


def code_sentences(columns: list[str]) -> list[str]:
    """Say that a code for "no answer" seems to be among the answers."""
    if not columns:
        return []
    more = f" and {len(columns) - 5} more" if len(columns) > 5 else ""
    return [
        f"{', '.join(columns[:5])}{more}: values far from all others, as codes for 'no answer' are "
        "(99, 999, -9). They are fitted as answers. If they mean 'no answer', say so: --na 99."
    ]


def bootstrap_sentences(failed: dict[str, int], *, inadmissible: int, draws: int) -> list[str]:
    """Say how many draws have no estimates, and how many inadmissible ones."""
    found = []
    if failed:
        why = ", ".join(f"{reason.replace('_', ' ')}: {times}" for reason, times in failed.items())
        found.append(
            f"{sum(failed.values())} of {draws} bootstrap draws have no estimates ({why}); "
            "standard errors and intervals are from the others."
        )
    if inadmissible:
        found.append(
            f"{inadmissible} of {draws} bootstrap draws have an inadmissible solution "
            "(a negative variance or an impossible correlation); they are counted in."
        )
    return found
