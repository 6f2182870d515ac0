"""From a table of answers to what a fit needs of each group: cases, weights, clusters, moments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd

from jq_models.errors import DataError
from jq_models.numeric.moments import (
    Array,
    Moments,
    Whole,
    check_moments,
    moments_from,
    numbers_of,
    read_only,
)
from jq_models.sem.missing.saturated import saturated_moments

EVERYBODY = ""


class Answers(Protocol):
    """What a fit needs of ``data.Responses``: one column per item, NaN where missing."""

    @property
    def items(self) -> pd.DataFrame: ...


Data = Answers | pd.DataFrame | Moments | Mapping[str, Moments]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class GroupSample:
    """One group's part of a sample.

    Attributes
    ----------
    label : str
    moments : Moments
        Of the model's observed variables, divisor N; weighted, when there are weights. With missing
        answers the maximum-likelihood estimates.
    cases : ndarray, shape (n, p), or None
        The answers, NaN where missing; None when only moments were given.
    weights : ndarray, shape (n,), or None
        Sampling weights; they add up to the number of cases over all groups.
    clusters : ndarray of int, shape (n,), or None
        Number of the cluster of each case, counted over all groups.
    rows : ndarray of int, shape (n,), or None
        Where each case stands in the table that was given, from 0.
    """

    label: str
    moments: Moments
    cases: Array | None = None
    weights: Array | None = None
    clusters: Whole | None = None
    rows: Whole | None = None

    def __repr__(self) -> str:
        """Name the group; answers are never printed."""
        return f"GroupSample({self.label!r}, {self.n} cases)"

    @property
    def n(self) -> int:
        """Number of cases."""
        return self.moments.n

    @property
    def size(self) -> float:
        """What the group counts: its number of cases, or the sum of their weights."""
        return float(self.n) if self.weights is None else float(self.weights.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """All groups; `n_dropped` cases were left out because an answer was missing."""

    groups: tuple[GroupSample, ...]
    n_dropped: int

    @property
    def n(self) -> int:
        """Cases used."""
        return sum(g.n for g in self.groups)

    @property
    def incomplete(self) -> bool:
        """Whether a case lacks an answer."""
        return any(g.cases is not None and bool(np.isnan(g.cases).any()) for g in self.groups)

    @property
    def n_clusters(self) -> int | None:
        """Number of clusters over all groups; None without clusters."""
        codes = [g.clusters for g in self.groups if g.clusters is not None]
        return len(np.unique(np.concatenate(codes))) if codes else None

    def require_cases(self, purpose: str) -> list[Array]:
        """Return the answers of every group.

        Raises
        ------
        DataError
            When the sample has moments only.
        """
        if any(g.cases is None for g in self.groups):
            raise DataError(f"{purpose} needs the answers themselves, not only their moments. Pass the data.")
        return [g.cases for g in self.groups if g.cases is not None]


def group_labels(data: Data, group: str | None) -> tuple[str, ...]:
    """Return the labels of the groups in the order they appear, as lavaan does; ("",) without groups.

    Raises
    ------
    DataError
        When the column is absent or there is a single group.
    """
    if isinstance(data, Mapping):
        return tuple(data)
    if group is None:
        return (EVERYBODY,)
    labels = _column(_frame(data), group, "group").dropna()
    found = tuple(dict.fromkeys(str(label) for label in labels))
    if len(found) < 2:
        raise DataError(f"The column '{group}' holds {len(found)} group. Compare at least two, or drop it.")
    return found


def read_sample(
    data: Data,
    names: tuple[str, ...],
    *,
    labels: tuple[str, ...] = (EVERYBODY,),
    group: str | None = None,
    missing: str = "listwise",
    covariates: tuple[str, ...] = (),
    cluster: str | None = None,
    weights: str | None = None,
) -> Sample:
    """Read the model's variables.

    Parameters
    ----------
    data : Responses, DataFrame, Moments or mapping of group label to Moments
    names : tuple of str
        The model's observed variables.
    labels : tuple of str
        The groups, from `group_labels`.
    group, cluster, weights : str, optional
        Columns. Cases without a value there are left out.
    missing : {"listwise", "fiml"}
        With "fiml" a case stays when it has an answer to at least one of the variables and to all
        `covariates`.

    Raises
    ------
    DataError
        On absent or unusable columns; as `UnfitError` on data that carry no model.
    """
    if isinstance(data, Moments | Mapping):
        given = data if isinstance(data, Mapping) else {EVERYBODY: data}
        chosen = {label: moments.of(names) for label, moments in given.items()}
        for moments in chosen.values():
            check_moments(moments)
        return Sample(groups=tuple(GroupSample(label=k, moments=m) for k, m in chosen.items()), n_dropped=0)
    frame = _frame(data)
    columns = frame.columns.tolist()
    there = set(columns)
    absent = [name for name in names if name not in there]
    if absent:
        raise DataError(
            f"The data have no column {', '.join(absent)}. Add it, map it in the study file, "
            "or take it out of the model."
        )
    twice = sorted({str(name) for name in frame.columns[frame.columns.duplicated()]} & {*names})
    if twice:
        raise DataError(f"The data have two columns of one name: {', '.join(twice)}. Rename or drop one.")
    answers = numbers_of(frame if columns == [*names] else frame[[*names]])
    used = _used(answers, names, missing=missing, covariates=covariates)
    extra = [column for column in (group, cluster, weights) if column is not None]
    for column in extra:
        used &= _column(frame, column, "column").notna().to_numpy()
    w = _weights(frame, weights, used=used)
    clusters = None if cluster is None else pd.factorize(_column(frame, cluster, "cluster"))[0]
    belongs = np.zeros(len(frame), dtype=int) if group is None else _membership(frame, group, labels)
    groups = []
    for g, label in enumerate(labels):
        here = used & (belongs == g)
        own = _group(
            label,
            names,
            answers[here],
            weights=None if w is None else w[here],
            clusters=None if clusters is None else clusters[here],
            missing=missing,
        )
        groups.append(replace(own, rows=np.flatnonzero(here)))
    return Sample(groups=tuple(groups), n_dropped=int((~used).sum()))


def _frame(data: Data) -> pd.DataFrame:
    if isinstance(data, pd.DataFrame):
        if data.shape[0] == data.shape[1] > 1 and list(data.index) == list(data.columns):
            raise DataError(
                "This table is a covariance matrix, not answers. Pass Moments(names=, covariance=, mean=, "
                "n=), covariances with divisor N."
            )
        return data
    if isinstance(data, Moments | Mapping):
        raise DataError("Groups, clusters and weights are columns of answers. Pass the data, not moments.")
    if not hasattr(data, "items"):
        raise DataError(
            f"Data of the type {type(data).__name__} cannot be fitted. Pass a DataFrame, or Moments."
        )
    return data.items


def _column(frame: pd.DataFrame, name: str, what: str) -> pd.Series:
    if name not in frame.columns:
        raise DataError(f"The data have no {what} '{name}'. Add it, or leave the option out.")
    return frame[name]


def _membership(frame: pd.DataFrame, group: str, labels: tuple[str, ...]) -> Whole:
    column = frame[group]
    codes = {label: i for i, label in enumerate(labels)}
    return np.array([-1 if pd.isna(x) else codes.get(str(x), -1) for x in column], dtype=np.intp)


def _used(
    answers: Array, names: tuple[str, ...], *, missing: str, covariates: tuple[str, ...]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    there = ~np.isnan(answers)
    if missing == "listwise":
        return np.asarray(there.all(axis=1))
    x = [names.index(name) for name in covariates]
    return np.asarray(there.any(axis=1) & there[:, x].all(axis=1))


def _weights(frame: pd.DataFrame, name: str | None, *, used: np.ndarray) -> Array | None:
    if name is None:
        return None
    raw = numbers_of(_column(frame, name, "weight").to_frame())[:, 0]
    if not (raw[used] > 0).all():
        raise DataError(f"The weights in '{name}' must be above 0. Leave out the cases without a weight.")
    result: Array = raw * (used.sum() / raw[used].sum())
    return result


def _group(
    label: str,
    names: tuple[str, ...],
    cases: Array,
    *,
    weights: Array | None,
    clusters: Whole | None,
    missing: str,
) -> GroupSample:
    if missing == "fiml" and np.isnan(cases).any():
        moments = saturated_moments(cases, names, weights=weights)
    else:
        moments = moments_from(cases, names, weights=weights)
    return GroupSample(
        label=label,
        moments=moments,
        cases=read_only(cases),
        weights=None if weights is None else read_only(weights),
        clusters=clusters,
    )
