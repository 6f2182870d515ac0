"""Signs of careless responding: flags only, nobody is left out by default.

Meade & Craig (2012, Psychological Methods 17, 437-455) and Curran (2016, Journal of Experimental Social
Psychology 66, 4-19) describe the indices. The lines are conservative: an unusual person can be careful.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from jq_models.data.responses import Responses
from jq_models.evaluate.items import items_by_construct

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
CARELESS_INDICES = ("long_string", "even_odd", "mahalanobis")

LONG_STRING_SHARE = 0.5  # of the questionnaire in one unbroken run (Curran 2016)
EVEN_ODD_LINE = 0.30  # Johnson (2005, J. Research in Personality 39, 103-129), after Jackson
MAHALANOBIS_ALPHA = 0.001  # ours: strict, since items are not normal
MINIMUM_HALVES = 10  # ours: constructs of two items or more, below which even-odd tells nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class CarelessCounts:
    """How many persons each index flags.

    Attributes
    ----------
    n : int
        Persons judged.
    counts : dict of str to int or None
        Index -> flagged persons; None where the index cannot be computed for this questionnaire.
    flagged : int
        Persons flagged by at least one index.
    as_asked : bool
        Whether runs were counted in another order than the questionnaire's: that of the file's columns.
    """

    n: int
    counts: dict[str, int | None]
    flagged: int
    as_asked: bool = False


def careless_indices(responses: Responses) -> pd.DataFrame:
    """Return the indices of every person, for flags only: rows must never be shown.

    Returns
    -------
    DataFrame
        Columns as `CARELESS_INDICES`. ``long_string``: the longest run of one answer as it was given, before
        reversed items were turned, over neighbouring items (in the order asked: ``Responses.as_asked``) with
        the same answer scale, as a share of all items. ``even_odd``: the correlation, over constructs, of a
        person's means of even and odd items, stepped up by Spearman-Brown; 1 is consistent. ``mahalanobis``:
        squared distance from the mean of complete answers. NaN where an index cannot be computed.
    """
    in_order = _in_order_asked(responses)
    return pd.DataFrame(
        {
            "long_string": long_string(given_answers(in_order), breaks=_scale_breaks(in_order)),
            "even_odd": _even_odd(responses),
            "mahalanobis": mahalanobis(responses.items.to_numpy(dtype=float)),
        }
    )


def careless_flags(responses: Responses) -> pd.DataFrame:
    """Return which persons each index flags: long_string >= .50, even_odd < .30, mahalanobis p < .001."""
    found = careless_indices(responses)
    line = float(chi2.ppf(1.0 - MAHALANOBIS_ALPHA, responses.items.shape[1]))
    return pd.DataFrame(
        {
            "long_string": found["long_string"] >= LONG_STRING_SHARE,
            "even_odd": found["even_odd"] < EVEN_ODD_LINE,
            "mahalanobis": found["mahalanobis"] > line,
        }
    )


def careless_counts(responses: Responses) -> CarelessCounts:
    """Count the persons that each index flags, and that any does."""
    flags, found = careless_flags(responses), careless_indices(responses)
    counts = {
        name: int(flags[name].sum()) if bool(found[name].notna().any()) else None for name in CARELESS_INDICES
    }
    return CarelessCounts(
        n=responses.n,
        counts=counts,
        flagged=int(flags.any(axis=1).sum()),
        as_asked=responses.as_asked != tuple(map(str, responses.items)),
    )


def given_answers(responses: Responses) -> Matrix:
    """Return the answers as they were given: reversed items, turned on reading, are turned back."""
    items = [responses.instrument.item(str(code)) for code in responses.items]
    ends = np.array([float(i.scale.low + i.scale.high) for i in items])
    answers: Matrix = responses.items.to_numpy(dtype=float)
    given: Matrix = np.where([i.reversed for i in items], ends - answers, answers)
    return given


def long_string(answers: Matrix, *, breaks: NDArray[np.bool_] | None = None) -> Vector:
    """Return each person's longest run of one answer as a share of the items.

    Parameters
    ----------
    answers : ndarray, shape (n, p)
        As given; NaN ends a run.
    breaks : ndarray of bool, shape (p - 1,), optional
        Where two neighbouring items have different answer scales, so that a run cannot go on.
    """
    n, p = answers.shape
    same = answers[:, 1:] == answers[:, :-1]  # NaN equals nothing
    if breaks is not None:
        same = same & ~breaks
    run = np.ones(n)
    longest = np.where(np.isfinite(answers).any(axis=1), 1.0, np.nan)
    for column in same.T:
        run = np.where(column, run + 1.0, 1.0)
        longest = np.maximum(longest, run)
    share: Vector = longest / p
    return share


def even_odd(even: Matrix, odd: Matrix) -> Vector:
    """Return each person's even-odd consistency, from half-scale means of shape (n, constructs).

    The correlation r of both halves within the person becomes 2 r / (1 + r) (Spearman-Brown), not below -1.
    NaN with fewer than three constructs, or when one half does not vary.
    """
    both = np.isfinite(even) & np.isfinite(odd)
    count = both.sum(axis=1)
    halves = []
    for half in (even, odd):
        mean = np.where(both, half, 0.0).sum(axis=1) / np.maximum(count, 1)
        halves.append(np.where(both, half - mean[:, None], 0.0))
    product = (halves[0] * halves[1]).sum(axis=1)
    scale = np.sqrt((halves[0] ** 2).sum(axis=1) * (halves[1] ** 2).sum(axis=1))
    known = (count >= 3) & (scale > 1e-12)
    r = np.divide(product, scale, where=known, out=np.full(len(even), np.nan))
    with np.errstate(divide="ignore", invalid="ignore"):
        stepped = np.where(r > -1.0 + 1e-12, 2.0 * r / (1.0 + r), -1.0)
    return np.where(known, np.maximum(stepped, -1.0), np.nan)


def mahalanobis(answers: Matrix) -> Vector:
    """Return squared Mahalanobis distances of complete answers (covariance with n - 1); NaN for others."""
    distance = np.full(len(answers), np.nan)
    complete = np.isfinite(answers).all(axis=1)
    x = answers[complete]
    if len(x) <= x.shape[1] + 1:
        return distance
    covariance = np.atleast_2d(np.cov(x, rowvar=False))
    if np.linalg.matrix_rank(covariance) < len(covariance):
        return distance
    centred = x - x.mean(axis=0)
    distance[complete] = np.sum(centred * np.linalg.solve(covariance, centred.T).T, axis=1)
    return distance


def _even_odd(responses: Responses) -> Vector:
    """Return even-odd consistency; an item counts as a share of its scale, so that scales compare."""
    by_construct = [codes for codes in items_by_construct(responses).values() if len(codes) > 1]
    if len(by_construct) < MINIMUM_HALVES:
        return np.full(responses.n, np.nan)
    scales = [responses.instrument.item(str(code)).scale for code in responses.items]
    low, high = np.array([float(s.low) for s in scales]), np.array([float(s.high) for s in scales])
    shares = (responses.items - low) / (high - low)
    even, odd = (
        np.column_stack([shares[list(codes)[first::2]].mean(axis=1) for codes in by_construct])
        for first in (1, 0)
    )
    return even_odd(even, odd)


def _in_order_asked(responses: Responses) -> Responses:
    """Return the answers with the items in the order asked: there one answer to all of a page is a run."""
    return replace(responses, items=responses.items[list(responses.as_asked)])


def _scale_breaks(responses: Responses) -> NDArray[np.bool_]:
    names = [responses.instrument.item(str(code)).scale.name for code in responses.items]
    return np.array([a != b for a, b in pairwise(names)], dtype=bool)
