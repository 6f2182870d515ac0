"""Synthetic answers in the place of those that may not be shared: nobody gave them, and they tell of nobody.

Drawn from what a report may show of everybody: mean, standard deviation and share missing of every item, the
correlations of the items, all rounded to two decimals, and the sizes of the groups that may be shown. The
answers are normal variables cut into the categories of the scale; groups do not differ in anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.stats import norm

from jq_models.data import OpenStudy
from jq_models.data.background import RANGE
from jq_models.disclosure.minimum import DISTRIBUTION
from jq_models.disclosure.opened import open_release
from jq_models.disclosure.release import Release
from jq_models.disclosure.rows import RUN
from jq_models.errors import DisclosureError

Floats = NDArray[np.float64]

DECIMALS = 2  # of every moment that is told
ROUNDS = 25  # of bringing the correlations closer
_FLOOR = 1e-6  # smallest eigenvalue of a correlation matrix to draw from
_NARROWEST = 0.05  # standard deviation, in steps of the scale, below which all answer alike
_TRIES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """Synthetic answers, and what they were drawn from.

    Attributes
    ----------
    frame : DataFrame
        Persons x columns: items by code, as answered (reversed items not turned), then covariates and groups
        by name; an empty cell is missing.
    moments : DataFrame
        Index ``column`` (items and covariates); columns ``low``, ``high``, ``reversed``, ``mean``, ``sd``,
        ``missing``: of the study, items turned so that high is good, rounded.
    correlations : DataFrame
        Of the same columns in the study, rounded; zeros below 50 respondents.
    groups : dict of str to tuple of str
        Name of a grouping -> the codes of its groups that may be shown.
    left_out : tuple of str
        Items and covariates of which nothing may be shown.
    """

    frame: pd.DataFrame = field(repr=False)
    moments: pd.DataFrame = field(repr=False)
    correlations: pd.DataFrame = field(repr=False)
    groups: dict[str, tuple[str, ...]]
    left_out: tuple[str, ...]


def stand_in(opened: OpenStudy, *, seed: int) -> StandIn:
    """Draw synthetic answers in the place of a study's.

    Parameters
    ----------
    opened : OpenStudy
    seed : int
        The same seed gives the same answers.

    Raises
    ------
    DisclosureError
        When not even the numbers of everybody may be shown.
    """
    shown = open_release(opened)
    shown.require_whole()
    rng = np.random.default_rng(seed)
    told, left_out = _told(opened, shown)
    moments = _moments(opened, told)
    correlations = _correlations(told)
    answers = _draw(moments, correlations.to_numpy(), n=shown.n, rng=rng)
    answers = _unlike(answers, told, moments, rng=rng)
    frame = _as_answered(_with_gaps(answers, moments, rng=rng), moments)
    groups = {}
    for name in map(str, opened.everything.groups.columns):
        frame[name], groups[name] = _groups(opened, shown, name=name, rng=rng)
    return StandIn(frame=frame, moments=moments, correlations=correlations, groups=groups, left_out=left_out)


def distances(frame: pd.DataFrame, moments: pd.DataFrame, correlations: pd.DataFrame) -> dict[str, float]:
    """Return how far synthetic answers are from what they were drawn from, at the most.

    Parameters
    ----------
    frame, moments, correlations : DataFrame
        As `StandIn` has them.

    Returns
    -------
    dict of str to float
        ``mean`` and ``sd`` (of the range of the scale), ``missing`` and ``correlation``.
    """
    columns = list(moments.index)
    values = frame[columns].astype(float)
    turned = moments["reversed"].astype(bool).to_numpy()
    ends = (moments["low"] + moments["high"]).to_numpy(dtype=float)
    values = pd.DataFrame(np.where(turned, ends - values, values), columns=columns)
    width = (moments["high"] - moments["low"]).to_numpy(dtype=float)
    found = values.corr().fillna(0.0).to_numpy()
    return {
        "mean": float(np.abs((values.mean().to_numpy() - moments["mean"].to_numpy()) / width).max()),
        "sd": float(np.abs((values.std().to_numpy() - moments["sd"].to_numpy()) / width).max()),
        "missing": float(np.abs(values.isna().mean().to_numpy() - moments["missing"].to_numpy()).max()),
        "correlation": float(np.abs(_off(found - correlations.to_numpy())).max(initial=0.0)),
    }


def _told(opened: OpenStudy, shown: Release) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the answers of which the numbers of everybody may be told, and the names of the others."""
    every = opened.everything
    covariates = every.covariates[[name for name in every.covariates if name in RANGE]]
    table = pd.concat([every.items, covariates], axis=1).astype(float)
    told = [
        name
        for name in map(str, table)
        if table[name].count() >= shown.minimum and shown.shows((), (), of=name) and table[name].std() > 0
    ]
    if not told:
        raise DisclosureError("There is no item of which the numbers may be shown, so nothing to draw from.")
    return table[told], tuple(name for name in map(str, table) if name not in told)


def _moments(opened: OpenStudy, told: pd.DataFrame) -> pd.DataFrame:
    items = {item.code: item for item in opened.everything.instrument.items}
    rows = {}
    for name in told:
        item = items.get(str(name))
        low, high = (item.scale.low, item.scale.high) if item else RANGE[str(name)]
        rows[name] = {
            "low": int(low),
            "high": int(high),
            "reversed": bool(item and item.reversed),
            "mean": round(float(told[name].mean()), DECIMALS),
            "sd": max(round(float(told[name].std()), DECIMALS), _NARROWEST),
            "missing": round(float(told[name].isna().mean()), DECIMALS),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("column")


def _correlations(told: pd.DataFrame) -> pd.DataFrame:
    if len(told) < DISTRIBUTION:  # so few answers might be found again from all their second moments
        found = np.eye(told.shape[1])
    else:
        found = told.corr(min_periods=DISTRIBUTION).fillna(0.0).to_numpy(copy=True)
        np.fill_diagonal(found, 1.0)
    return pd.DataFrame(found, index=told.columns, columns=told.columns).round(DECIMALS)


def _draw(moments: pd.DataFrame, wanted: Floats, *, n: int, rng: np.random.Generator) -> Floats:
    """Draw answers whose correlations in this very sample are those wanted, as nearly as can be."""
    spread = _spread(rng.standard_normal((n, len(moments))))
    scales = [_scale(row) for row in moments.itertuples(index=False)]
    latent, best, nearest = wanted.copy(), np.empty((n, len(moments))), np.inf
    for _ in range(ROUNDS):
        normal = spread @ _mixed(latent, spread.shape[1]).T
        answers = np.column_stack([_cut(z, *scale) for z, scale in zip(normal.T, scales, strict=True)])
        with np.errstate(invalid="ignore", divide="ignore"):
            found = np.nan_to_num(np.atleast_2d(np.corrcoef(answers, rowvar=False)))
        short = _off(wanted - found)
        if (worst := float(np.abs(short).max(initial=0.0))) < nearest:
            best, nearest = answers, worst
        latent = np.clip(latent + short, -0.99, 0.99)
        np.fill_diagonal(latent, 1.0)
    return best


def _spread(drawn: Floats) -> Floats:
    """Return variables without any correlation in this sample: at most one fewer than persons."""
    n, p = drawn.shape
    centred = drawn[:, : min(p, n - 1)] - drawn[:, : min(p, n - 1)].mean(axis=0)
    return np.asarray(np.linalg.qr(centred)[0] * np.sqrt(n))


def _mixed(matrix: Floats, k: int) -> Floats:
    """Return how variables that correlate so are mixed of k that do not: by the largest eigenvalues."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    largest = np.argsort(values)[::-1][:k]
    return np.asarray(vectors[:, largest] * np.sqrt(np.maximum(values[largest], _FLOOR)))


def _scale(row: tuple[object, ...]) -> tuple[Floats, Floats]:
    """Return the categories of a scale and their shares: those of a normal variable with this mean and sd."""
    low, high, _, mean, sd, _ = (float(str(value)) if not isinstance(value, bool) else 0.0 for value in row)
    values = np.arange(low, high + 1)

    def shares(at: Floats) -> Floats:
        edges = norm.cdf((values[:-1] + 0.5 - at[0]) / np.exp(at[1]))
        return np.asarray(np.diff(np.concatenate([[0.0], edges, [1.0]])))

    def misses(at: Floats) -> Floats:
        share = shares(at)
        found = float(share @ values)
        return np.array([found - mean, math.sqrt(max(float(share @ (values - found) ** 2), 0.0)) - sd])

    start = np.array([np.clip(mean, low, high), np.log(max(sd, 0.3))])
    return values, shares(np.asarray(least_squares(misses, start).x))


def _cut(latent: Floats, values: Floats, shares: Floats) -> Floats:
    """Give the categories to the ranks of a variable, each its share."""
    ranks = np.argsort(np.argsort(latent, kind="stable"), kind="stable")
    places = np.searchsorted(np.cumsum(shares)[:-1], (ranks + 0.5) / len(latent))
    return np.asarray(values[places])


def _unlike(
    answers: Floats, told: pd.DataFrame, moments: pd.DataFrame, *, rng: np.random.Generator
) -> Floats:
    """Change an answer of every drawn person whose answers are all those of a respondent.

    With fewer items than `RUN` many people answer alike, and the same answers tell of nobody.
    """
    if answers.shape[1] < RUN:
        return answers
    real = set(map(tuple, told.dropna().to_numpy(dtype=float).tolist()))
    low, high = (moments[name].to_numpy(dtype=float) for name in ("low", "high"))
    changed = answers.copy()
    for row in changed:
        for _ in range(_TRIES):
            if tuple(row.tolist()) not in real:
                break
            k = int(rng.integers(len(row)))
            row[k] = row[k] + 1 if row[k] < high[k] else max(row[k] - 1, low[k])
    return changed


def _with_gaps(answers: Floats, moments: pd.DataFrame, *, rng: np.random.Generator) -> Floats:
    """Take out the share of answers that is missing, by chance alone."""
    gaps = answers.copy()
    for k, share in enumerate(moments["missing"]):
        gaps[rng.choice(len(gaps), size=round(share * len(gaps)), replace=False), k] = np.nan
    return gaps


def _as_answered(answers: Floats, moments: pd.DataFrame) -> pd.DataFrame:
    turned = moments["reversed"].astype(bool).to_numpy()
    ends = (moments["low"] + moments["high"]).to_numpy(dtype=float)
    raw = np.where(turned, ends - answers, answers)
    return pd.DataFrame(raw, columns=list(moments.index)).astype("Int64")


def _groups(
    opened: OpenStudy, shown: Release, *, name: str, rng: np.random.Generator
) -> tuple[list[str | None], tuple[str, ...]]:
    """Put people into the groups that may be shown, by chance; those of hidden groups are in none."""
    labels = opened.spec.group(name).labels
    codes = {text[opened.language]: code for code, text in labels.items()}
    sizes = shown.sizes(name).dropna()
    filled = [codes.get(str(group), str(group)) for group, size in sizes.items() for _ in range(int(size))]
    rest: list[str | None] = [None] * (shown.n - len(filled))
    places = rng.permutation(shown.n)
    mixed = [*filled, *rest]
    return [mixed[k] for k in places], tuple(dict.fromkeys(filled))


def _off(matrix: Floats) -> Floats:
    return np.asarray(matrix - np.diag(np.diag(matrix)))
