"""Where the rows of one group's parameter table stand: what follows from the table alone, found once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from jq_models.numeric.moments import Whole
from jq_models.sem.table import Parameter, Parameters

LOADING, PATH, PSI, THETA, NU, ALPHA, THRESHOLD, SCALE = range(8)
KINDS = {"=~": LOADING, "~": PATH, "~~": PSI, "~1": NU, "|": THRESHOLD, "~*~": SCALE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The places of the rows of one group's table.

    Attributes
    ----------
    latent : tuple of str
        The m latent variables: the model's own, then the observed ones that needed one.
    where : ndarray of int, shape (rows,)
        LOADING, PATH, PSI, THETA, NU, ALPHA, THRESHOLD or SCALE.
    row, column : ndarray of int, shape (rows,)
        The place in that matrix; of a threshold, the item and its number from 0.
    unit : ndarray, shape (m, m)
        The identity.
    base : ndarray, shape (p, m)
        L without parameters: the ones of the observed variables that got a latent variable.
    scatter, mirror : ndarray of int, shape (rows,)
        Places of the rows, and of their mirror images, in L, B, Psi, Theta, nu, alpha laid one after the
        other; those of thresholds and scales lie past the end.
    left, right : ndarray of int, shape (rows,)
        lhs and rhs among the observed and latent variables; 0 where there is no rhs.
    kind : ndarray of int, shape (rows,)
        The operator, as `KINDS`.
    variance, between : ndarray of bool, shape (rows,)
        Variances; paths and covariances of two variables.
    effect : ndarray of int, shape (rows,)
        Row of a loading or path in L with B below it.
    pure : ndarray of int
        Rows of the loadings of items, or factors, that load on one factor alone.
    spans : tuple of slice
        L, B, Psi, Theta, nu, alpha laid one after the other.
    ordered : bool
        Whether no path leads to a latent variable from one after it: B is lower triangular.
    means : bool
        Whether there is a row of nu or alpha.
    sample : tuple of (int, int, int)
        Rows fixed at sample moments: row, variable, second variable or -1 for a mean.
    """

    latent: tuple[str, ...]
    where: Whole
    row: Whole
    column: Whole
    unit: NDArray[np.float64]
    base: NDArray[np.float64]
    scatter: Whole
    mirror: Whole
    left: Whole
    right: Whole
    kind: Whole
    variance: NDArray[np.bool_]
    between: NDArray[np.bool_]
    effect: Whole
    pure: Whole
    spans: tuple[slice, ...]
    ordered: bool
    means: bool
    sample: tuple[tuple[int, int, int], ...]


@lru_cache(maxsize=128)
def layout_of(parameters: Parameters) -> Layout:
    """Place the rows of one group's table."""
    latent = (*parameters.latent, *_lifted(parameters))
    at = {name: i for i, name in enumerate(parameters.observed)}
    inner = {name: i for i, name in enumerate(latent)}
    p, m = len(at), len(latent)
    rows = parameters.rows
    places = np.array([_place(row, at, inner) for row in rows], dtype=np.intp).reshape(-1, 3)
    where, row, column = np.ascontiguousarray(places.T)
    base = np.zeros((p, m))
    for j, name in enumerate(latent):
        if name in at:
            base[at[name], j] = 1.0
    # a latent variable's own place comes before that of the observed one of its name
    either = at | {name: p + j for name, j in inner.items()}
    left = np.array([either[r.lhs] for r in rows], dtype=np.intp)
    right = np.array([either.get(r.rhs, 0) for r in rows], dtype=np.intp)
    kind = np.array([KINDS[r.op] for r in rows], dtype=np.intp)
    scatter, mirror = _scatter(where, row, column, shape=(p, m))
    found = Layout(
        latent=latent,
        where=where,
        row=row,
        column=column,
        unit=np.eye(m),
        base=base,
        scatter=scatter,
        mirror=mirror,
        left=left,
        right=right,
        kind=kind,
        variance=(kind == PSI) & (left == right),
        between=(kind == PATH) | (kind == PSI) & (left != right),
        effect=np.where(where == PATH, p + row, row),
        pure=_pure(kind, right),
        spans=_spans(p, m),
        ordered=bool((row > column)[where == PATH].all()),
        means=bool(((where == NU) | (where == ALPHA)).any()),
        sample=tuple(
            (i, at[r.lhs], -1 if r.op == "~1" else at[r.rhs]) for i, r in enumerate(rows) if r.sample
        ),
    )
    for name in Layout.__slots__:
        value = getattr(found, name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return found


def _spans(p: int, m: int) -> tuple[slice, ...]:
    ends = np.cumsum([0, p * m, m * m, m * m, p * p, p, m]).tolist()
    return tuple(slice(a, b) for a, b in pairwise(ends))


def _pure(kind: Whole, right: Whole) -> Whole:
    loadings = np.flatnonzero(kind == LOADING)
    times = np.bincount(right[loadings], minlength=1)
    result: Whole = loadings[times[right[loadings]] == 1]
    return result


def _scatter(where: Whole, row: Whole, column: Whole, *, shape: tuple[int, int]) -> tuple[Whole, Whole]:
    p, m = shape
    offset = np.cumsum([0, p * m, m * m, m * m, p * p, p, m, 0])[where]
    width = np.array([m, m, m, p, 1, 1, 0, 0])[where]
    first = offset + row * width + np.where(where < NU, column, 0)
    swapped = offset + column * width + row
    # thresholds and scales have no place here: they fall off the end
    first = np.where(where >= THRESHOLD, _spans(p, m)[-1].stop, first)
    return first, np.where((where == PSI) | (where == THETA), swapped, first)


def _lifted(parameters: Parameters) -> tuple[str, ...]:
    latent, observed = set(parameters.latent), set(parameters.observed)
    lifted = observed - {r.rhs for r in parameters.rows if r.op == "=~"}
    lifted |= {name for r in parameters.rows if r.op == "~" for name in (r.lhs, r.rhs)} & observed
    pairs = [(r.lhs, r.rhs) for r in parameters.rows if r.op == "~~" and r.lhs != r.rhs]
    while True:
        more = {n for a, b in pairs for n in (a, b) if {a, b} & (latent | lifted)} & observed
        if more <= lifted:
            return tuple(name for name in parameters.observed if name in lifted)
        lifted |= more


def _place(row: Parameter, observed: dict[str, int], latent: dict[str, int]) -> tuple[int, int, int]:
    if row.op == "=~":
        target, source = row.rhs, latent[row.lhs]
        return (PATH, latent[target], source) if target in latent else (LOADING, observed[target], source)
    if row.op == "~":
        return PATH, latent[row.lhs], latent[row.rhs]
    if row.op == "~1":
        return (ALPHA, latent[row.lhs], 0) if row.lhs in latent else (NU, observed[row.lhs], 0)
    if row.op == "|":
        return THRESHOLD, observed[row.lhs], int(row.rhs[1:]) - 1
    if row.op == "~*~":
        return SCALE, observed[row.lhs], 0
    if row.lhs in latent and row.rhs in latent:
        return PSI, latent[row.lhs], latent[row.rhs]
    return THETA, observed[row.lhs], observed[row.rhs]
