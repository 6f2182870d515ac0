"""Two groups whose people change places at random: how far weights and paths differ by chance.

Replicate i of a seed is the same exchange whatever the number of permutations and threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd

from jq_models.errors import DataError, SpecError, suggest
from jq_models.evaluate.composites.chain import score_weights
from jq_models.numeric.blocks import check_draws, run_blocks
from jq_models.numeric.moments import Array, Whole, read_only
from jq_models.numeric.threads import one_thread
from jq_models.pls import PlsFit
from jq_models.pls.bootstrap import Correlations, solved_near
from jq_models.pls.design import Design, Flags
from jq_models.pls.quantities import arrows_of
from jq_models.pls.solution import Solution
from jq_models.pls.status import verdicts

Labels = pd.Series | Sequence[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two groups: their labels, their answers, and who belongs to the first."""

    labels: tuple[str, str]
    cases: Array = field(repr=False)
    first: Flags = field(repr=False)

    @property
    def sizes(self) -> tuple[int, int]:
        """Persons in each."""
        return int(self.first.sum()), int((~self.first).sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Both groups estimated, for b ways to divide the people, k constructs, q paths.

    Attributes
    ----------
    agreement : ndarray, shape (b, k)
        Correlation c of the scores that both groups' weights give all people; 1 for a single item.
    mean, log_variance : ndarray, shape (b, k)
        First group less second, of scores by the weights of all people together.
    paths : ndarray, shape (b, 2, q)
        In each group; NaN where its solution is not usable.
    converged, usable, admissible : ndarray of bool, shape (b,)
        In both groups: to weights; to paths that may be used; to a possible solution.
    """

    agreement: Array
    mean: Array
    log_variance: Array
    paths: Array
    converged: Flags
    usable: Flags
    admissible: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Permuted:
    """A pair of groups as they are, and after each exchange."""

    pair: Pair
    observed: Compared
    replicates: Compared

    @property
    def failed(self) -> int:
        """Exchanges without weights in one of the groups."""
        return int((~self.replicates.converged).sum())

    @property
    def inadmissible_share(self) -> float:
        """Share of the exchanges with usable paths whose solution is impossible in one of the groups."""
        good = self.replicates.usable
        return float(np.mean(~self.replicates.admissible[good])) if good.any() else float("nan")


def pairs_of(fit: PlsFit, groups: Labels, *, pair: tuple[str, str] | None = None) -> tuple[Pair, ...]:
    """Return the groups to be compared, two by two.

    Parameters
    ----------
    fit : PlsFit
    groups : Series or sequence
        The group of every row of the table that was fitted, also of rows the fit left out; missing: none.
    pair : (str, str), optional
        Two groups, as the labels are or as text. Default: all pairs, in the order of the categories, else of
        appearance.

    Raises
    ------
    FitError, DataError
        When the fit is not usable, has moments only, or the groups do not belong to its table.
    SpecError
        On a group nobody is in, fewer than two groups, or a fit with clusters, whose members are not
        exchangeable.
    """
    cases = fit.require().require_cases("A comparison of groups")
    if fit.clusters is not None:
        raise SpecError(
            "A permutation test exchanges people one by one, which people of one cluster are not to be. "
            "Fit the model without cluster= to compare groups, and take the p values with care."
        )
    labels = _whole(pd.Series(groups).reset_index(drop=True))
    if len(labels) != fit.n + fit.n_dropped:
        raise DataError(
            f"{len(labels)} group labels for a table of {fit.n + fit.n_dropped} rows. "
            "Give one label a row of the table that was fitted."
        )
    member = labels.iloc[np.arange(fit.n) if fit.rows is None else fit.rows]
    known = member.cat.categories if member.dtype == "category" else member.dropna().unique()
    names = np.array([None if pd.isna(g) else str(g) for g in member], dtype=object)
    present = [str(g) for g in known if (names == str(g)).any()]
    asked = None if pair is None else (str(pair[0]), str(pair[1]))
    for name in asked or ():
        if name not in present:
            raise SpecError(f"Nobody in the group '{name}'. {suggest(name, present)}")
    wanted = [asked] if asked is not None else list(combinations(present, 2))
    if not wanted or any(a == b for a, b in wanted):
        raise SpecError("A comparison needs two different groups with people in them.")
    found = []
    for a, b in wanted:
        inside = (names == a) | (names == b)
        found.append(Pair(labels=(a, b), cases=read_only(cases[inside]), first=(names == a)[inside]))
    return tuple(found)


def _whole(labels: pd.Series) -> pd.Series:
    """Return whole numbers that a missing label made floats as whole numbers: 1, not 1.0."""
    if not pd.api.types.is_float_dtype(labels) or (labels.dropna() % 1 != 0).any():
        return labels
    return labels.astype("Int64")


def permuted(fit: PlsFit, pair: Pair, *, permutations: int, seed: int, workers: int = 1) -> Permuted:
    """Estimate the fit's model in both groups, as they are and after random exchanges.

    Parameters
    ----------
    fit : PlsFit
        Whose model, scheme and correction both groups share; its weights are the start.
    pair : Pair
    permutations, seed, workers : int
    """
    check_draws(draws=permutations, workers=workers, seed=seed)
    with one_thread(), np.errstate(all="ignore"):
        replicator = _Exchanges(fit, pair, seed=seed)
        observed = replicator.compared(pair.first[None].astype(float))
        parts = run_blocks(replicator, draws=permutations, workers=workers)
    return Permuted(pair=pair, observed=observed, replicates=_joined(parts))


def measured_constructs(design: Design) -> tuple[str, ...]:
    """Return the constructs that have scores: those of the first stage, then second-order ones."""
    second = () if design.second is None else design.second.blocks
    return (*design.first.constructs, *(b.name for b in second if b.indicators != (b.name,)))


def item_positions(design: Design) -> list[Whole]:
    """Return the items behind each of `measured_constructs`."""
    first = design.first
    own = [np.flatnonzero(first.owner == k) for k in range(len(first.blocks))]
    if design.second is None:
        return own
    higher = [b for b in design.second.blocks if b.indicators != (b.name,)]
    return own + [np.concatenate([own[first.constructs.index(x)] for x in b.indicators]) for b in higher]


def item_weights(solution: Solution, design: Design) -> list[Array]:
    """Return what each item counts in the score of each of `measured_constructs`, (b, items) each.

    A second-order score is the weighted sum of its members' scores, as in ``PlsFit.scores``.
    """
    first = design.first
    weights = solution.first.outer.weights
    own = [weights[:, first.owner == k] for k in range(len(first.blocks))]
    if design.second is None or solution.second is None:
        return own
    scores = score_weights(solution, design)
    higher = [k for k, b in enumerate(design.second.blocks) if b.indicators != (b.name,)]
    items = item_positions(design)[len(own) :]
    return own + [scores[:, at, k] for at, k in zip(items, higher, strict=True)]


class _Exchanges:
    """Divides the people of a pair at random, in groups of the same sizes, and estimates both."""

    def __init__(self, fit: PlsFit, pair: Pair, *, seed: int) -> None:
        self.fit, self.pair, self.seed = fit, pair, seed
        self.correlations = Correlations(pair.cases)
        self.items = item_positions(fit.design)
        self.arrows = arrows_of(fit.design.last)
        everybody = self.correlations.of(np.ones((1, len(pair.cases))))
        self.pooled: Array = everybody[0]
        pooled = solved_near(fit, everybody)
        z = (pair.cases - pair.cases.mean(axis=0)) / pair.cases.std(axis=0)
        weights = item_weights(pooled, fit.design)
        scores = np.stack([z[:, at] @ w[0] for at, w in zip(self.items, weights, strict=True)], axis=1)
        self.scores: Array = scores / scores.std(axis=0)

    def run(self, first: int, last: int, *, stop: Callable[[], bool]) -> Compared:
        """Draw and estimate the exchanges from `first` to before `last`."""
        streams = [np.random.SeedSequence(self.seed, spawn_key=(i,)) for i in range(first, last)]
        members = np.stack([np.random.default_rng(s).permutation(self.pair.first) for s in streams])
        return self.compared(members.astype(float), stop=stop)

    def compared(self, members: Array, *, stop: Callable[[], bool] | None = None) -> Compared:
        """Estimate both groups; `members` (b, n) is 1 for people of the first group."""
        b = len(members)
        with np.errstate(all="ignore"):
            R = np.concatenate([self.correlations.of(members), self.correlations.of(1.0 - members)])
            solution = solved_near(self.fit, R, stop=stop)
            paths = np.stack([solution.paths[:, i, j] for i, j in self.arrows], axis=1)
            mean, log_variance = self._spread(members)
            agreement = self._agreement(solution, b)
            good, admissible = verdicts(solution, self.fit.design)
        paths[~good] = np.nan
        converged = solution.converged[:b] & solution.converged[b:]
        agreement[~converged] = np.nan
        return Compared(
            agreement=agreement,
            mean=mean,
            log_variance=log_variance,
            paths=np.stack([paths[:b], paths[b:]], axis=1),
            converged=converged,
            usable=good[:b] & good[b:],
            admissible=admissible[:b] & admissible[b:],
        )

    def _agreement(self, solution: Solution, b: int) -> Array:
        columns = []
        for at, weights in zip(self.items, item_weights(solution, self.fit.design), strict=True):
            one, two = weights[:b], weights[b:]
            S = self.pooled[np.ix_(at, at)]
            left = one @ S
            own = np.sum(left * one, axis=1) * np.sum((two @ S) * two, axis=1)
            columns.append(np.sum(left * two, axis=1) / np.sqrt(own))
        return np.stack(columns, axis=1)

    def _spread(self, members: Array) -> tuple[Array, Array]:
        """Return differences of means and of log variances (divisor n - 1), (b, k) each."""
        means, variances = [], []
        for share in (members, 1.0 - members):
            n = share.sum(axis=1, keepdims=True)
            mean = share @ self.scores / n
            means.append(mean)
            variances.append((share @ self.scores**2 - n * mean**2) / (n - 1.0))
        return means[0] - means[1], np.log(variances[0]) - np.log(variances[1])


def _joined(parts: list[Compared]) -> Compared:
    return Compared(
        agreement=np.concatenate([p.agreement for p in parts]),
        mean=np.concatenate([p.mean for p in parts]),
        log_variance=np.concatenate([p.log_variance for p in parts]),
        paths=np.concatenate([p.paths for p in parts]),
        converged=np.concatenate([p.converged for p in parts]),
        usable=np.concatenate([p.usable for p in parts]),
        admissible=np.concatenate([p.admissible for p in parts]),
    )


def lower_tail(draws: Array, observed: float) -> float:
    """Return the share of draws at or below the observed value, itself among them (Phipson & Smyth 2010).

    Statistical Applications in Genetics and Molecular Biology 9, article 39: without itself the test
    rejects too often. NaN without a draw or a value.
    """
    known = draws[np.isfinite(draws)]
    if not len(known) or not np.isfinite(observed):
        return float("nan")
    # an exchange that gives the groups back gives the value back, but for rounding
    return float((1 + np.sum(known <= observed + 1e-12)) / (len(known) + 1))


def both_tails(draws: Array, observed: float) -> float:
    """Return twice the smaller tail, at most 1: agrees with the interval between two quantiles.

    Counting draws as large in size, as some tools do, differs where groups differ in size.
    """
    tail = min(lower_tail(draws, observed), lower_tail(-draws, -observed))
    return min(1.0, 2.0 * tail) if np.isfinite(tail) else float("nan")
