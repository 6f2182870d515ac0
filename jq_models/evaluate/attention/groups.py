"""The three readings in every group: which dimensions need most attention there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jq_models.data import OpenStudy
from jq_models.errors import DataError, suggest
from jq_models.evaluate.attention.attention import DRAWS, Attention, attention
from jq_models.evaluate.attention.group_means import GroupMeans, group_means
from jq_models.evaluate.attention.ranked import NUMBERS, ranked
from jq_models.evaluate.attention.readings import Yardstick, yardstick
from jq_models.evaluate.attention.sample import score_sample
from jq_models.numeric.moments import Array, Whole
from jq_models.numeric.threads import one_thread

COLUMNS = ["group", "reading", "dimension", "n", *NUMBERS]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What every group is held against: the yardstick, importance and its draws, normal draws (B, k)."""

    dimensions: tuple[str, ...]
    without: Mapping[str, Collection[str]]
    basis: Yardstick
    whole: Attention
    normal: Array


def group_attention(
    opened: OpenStudy,
    group: str,
    *,
    norm: Mapping[str, float] | None = None,
    overall: Attention | None = None,
    without: Mapping[str, Collection[str]] | None = None,
    draws: int = DRAWS,
    seed: int,
) -> pd.DataFrame:
    """Rank the dimensions in every group of a grouping by how much attention they need there.

    Parameters
    ----------
    opened : OpenStudy
    group : str
        Name of the grouping.
    norm : mapping of str to float, optional
        As in `attention`. Without norm and target the gap is to the mean of everybody on the same dimension.
    overall : Attention, optional
        That of everybody, whose importance weighs the groups' shortfalls: a group is too small for its own.
        Default: computed here.
    without : mapping of str to collection of str, optional
        Group -> dimensions that take no part in its ranks, as they may not be shown of it; the others are
        then ranked among themselves.
    draws, seed : int
        Of `attention`; with `overall`, its number of draws counts.

    Returns
    -------
    DataFrame
        group, reading, dimension, n (persons with a score), estimate, ci_low, ci_high, rank, rank_low,
        rank_high; groups in the order of their categories. Groups and dimensions with fewer persons than the
        study's minimum are left out; **whether the others may be shown is for `disclosure` to say**.

    Raises
    ------
    DataError
        On a grouping the study does not have.

    Notes
    -----
    How much answers vary within a group, and teams within it, is taken from all groups together
    (`group_means`); means are drawn from a normal distribution with the covariance that follows. The rank
    intervals of one group and reading hold together for its dimensions; over many groups some will fail.
    """
    if group not in opened.responses.groups.columns:
        names = [str(name) for name in opened.responses.groups]
        raise DataError(f"No grouping variable '{group}'. {suggest(group, names)}")
    whole = attention(opened, norm=norm, draws=draws, seed=seed) if overall is None else overall
    sample = score_sample(opened)
    names, codes = _codes(opened.responses.groups[group].astype("category"))
    k = len(sample.dimensions)
    means = group_means(
        sample.scores[:, :k],
        codes,
        unit=sample.unit if sample.clusters and group != sample.grouping else None,
    )
    held = _Held(
        dimensions=sample.dimensions,
        without=without or {},
        basis=yardstick(opened, norm=norm, group=True),
        whole=whole,
        normal=np.random.default_rng(seed).standard_normal((len(whole.weights.draws) or draws, k)),
    )
    least = max(opened.spec.minimum_group, 2)
    present = range(int(min(codes.max() + 1, len(names))))
    with one_thread():
        blocks = [
            _group(means, g, name=names[g], held=held, least=least).assign(group=names[g]) for g in present
        ]
    frame = pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame()
    return frame.reindex(columns=COLUMNS)


def _codes(groups: pd.Series) -> tuple[list[str], Whole]:
    """Return the names of the groups and each person's; those without one are one more, not reported."""
    codes = groups.cat.codes.to_numpy().astype(np.intp)
    names = [str(name) for name in groups.cat.categories]
    return names, np.where(codes < 0, len(names), codes)


def _group(means: GroupMeans, g: int, *, name: str, held: _Held, least: int) -> pd.DataFrame:
    """Return the rows of one group; none where fewer than two dimensions have enough persons."""
    hidden = held.without.get(name, ())
    used = np.array([code not in hidden for code in held.dimensions])
    at = np.flatnonzero((means.n[g] >= least) & used)
    if len(at) < 2:
        return pd.DataFrame()
    names = [held.dimensions[j] for j in at]
    own = means.values[g, at]
    drawn = own + _drawn(means.covariance[g], held.normal)[:, at]
    found = {"lowest": ranked(names, own, draws=drawn, df=means.df, smallest_first=True)}
    if held.basis.gap == "organisation":
        gap, covariance = means.to_whole(g)
        moved = _drawn(covariance, held.normal)[:, at]
        found["gap"] = ranked(names, gap[at], draws=gap[at] + moved, df=means.df)
    else:
        known = np.isfinite(held.basis.gap_to[at])
        to = held.basis.gap_to[at[known]]
        if len(to) > 1:
            inside = [name for name, use in zip(names, known, strict=True) if use]
            found["gap"] = ranked(inside, to - own[known], draws=to - drawn[:, known], df=means.df)
    if held.whole.method:
        weights = held.whole.weights
        found["weighted"] = ranked(
            names,
            weights.estimates[at] * held.basis.shortfalls(own),
            draws=weights.draws[:, at] * held.basis.shortfalls(drawn),
            df=means.df,
            floor=0.0,
        )
    rows = pd.concat([block.assign(reading=reading) for reading, block in found.items()])
    return rows.assign(n=rows["dimension"].map(dict(zip(names, means.n[g, at], strict=True))))


def _drawn(covariance: Array, normal: Array) -> Array:
    """Return draws from a normal distribution around zero, (B, k)."""
    values, vectors = np.linalg.eigh(np.nan_to_num(covariance, posinf=0.0))
    result: Array = normal @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    return result
