"""Alignment of a study's constructs over many groups: fits, standard errors, what is invariant where."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from jq_models.data import Responses
from jq_models.evaluate.invariance.alignment import Aligned, align
from jq_models.evaluate.invariance.frames import GROUP, frame_of
from jq_models.evaluate.invariance.invariant_sets import invariant_items, mean_slope
from jq_models.evaluate.invariance.lines import NONINVARIANT
from jq_models.sem import SemFit, try_fit

Array = NDArray[np.float64]
FEWEST_ITEMS = 3
# "with_care": aligned from an inadmissible solution, say with a negative residual variance in a group
ALIGNED_STATES = ("aligned", "with_care", "too_few_items", "not_estimated", "noninvariant")
ALIGNED = ALIGNED_STATES[:2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Constructs aligned over the groups of one grouping.

    Attributes
    ----------
    group : str
    labels : tuple of str
    sizes : tuple of int
        Complete answers in each group.
    constructs : DataFrame
        Index construct; state (one of `ALIGNED_STATES`), parameters, noninvariant (number), share, and
        agreeing, how many of the starts ended at the same solution; reasons, why the solution of the
        separate groups is inadmissible (a tuple of ``sem.Reason``, items with their group), empty where it
        is not.
    means : DataFrame
        construct, group, estimate, se, ci_low, ci_high, clear: factor means less their mean over all persons,
        in units of a typical group's latent standard deviation (the geometric mean is 1); `clear` when the
        interval leaves out zero. Only constructs whose state is one of `ALIGNED`.
    items : DataFrame
        construct, item, kind ("loading", "intercept"), r_squared, deviating (the groups outside the invariant
        set), value (the mean in that set, in the item's own units).
    """

    group: str
    labels: tuple[str, ...]
    sizes: tuple[int, ...]
    constructs: pd.DataFrame = field(repr=False)
    means: pd.DataFrame = field(repr=False)
    items: pd.DataFrame = field(repr=False)

    @property
    def share(self) -> float:
        """The share of loadings and intercepts, over all groups and constructs, that deviate."""
        done = self.constructs[self.constructs["parameters"] > 0]
        total = float(done["parameters"].sum())
        return float(done["noninvariant"].sum()) / total if total else math.nan


def alignment(
    data: Responses | pd.DataFrame,
    constructs: Mapping[str, Sequence[str]],
    *,
    group: str,
    groups: Sequence[str] | None = None,
    free: bool = False,
    seed: int = 1,
) -> Alignment:
    """Align every construct over many groups, one one-factor model at a time.

    Parameters
    ----------
    constructs : mapping
        Construct -> items. Fewer than three items do not identify a factor: "too_few_items".
    group : str
    groups : sequence of str, optional
        Those taking part; by default all.
    free : bool
        FREE alignment; by default FIXED.
    seed : int
        Of the random starts.

    Returns
    -------
    Alignment
        A construct with more than 25 % of its loadings and intercepts outside the invariant sets has the
        state "noninvariant" and no means: above that the method is not to be trusted (Muthen and
        Asparouhov, 2014, Frontiers in Psychology 5, 978).

    Notes
    -----
    Each item is divided by its pooled standard deviation within groups before aligning, since the constant
    in the loss has the unit of the items: so the means do not depend on how the answers are scored. Mplus
    aligns in the items' own units; its means differ a little where their spread is far from 1.
    """
    frame, labels = frame_of(data, group=group, groups=groups)
    used = dict.fromkeys(item for items in constructs.values() for item in items)
    frame = frame[[*used, GROUP]].dropna().reset_index(drop=True)
    seeds = np.random.SeedSequence(seed).spawn(len(constructs))
    rows, means, items_of = [], [], []
    for (name, items), own in zip(constructs.items(), seeds, strict=True):
        one = _one(frame, name, items, labels=labels, free=free, rng=np.random.default_rng(own))
        rows.append({"construct": name} | one.row)
        means.append(one.means)
        items_of.append(one.items)
    return Alignment(
        group=group,
        labels=labels,
        sizes=tuple(int((frame[GROUP] == label).sum()) for label in labels),
        constructs=pd.DataFrame(rows).set_index("construct"),
        means=pd.concat(means, ignore_index=True),
        items=pd.concat(items_of, ignore_index=True),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _One:
    row: dict[str, object]
    means: pd.DataFrame
    items: pd.DataFrame


MEANS = ("construct", "group", "estimate", "se", "ci_low", "ci_high", "clear")
ITEMS = ("construct", "item", "kind", "r_squared", "deviating", "value")


def _nothing(state: str) -> _One:
    row: dict[str, object] = {"state": state, "parameters": 0, "noninvariant": 0, "share": math.nan}
    row |= {"agreeing": 0, "reasons": ()}
    return _One(row=row, means=pd.DataFrame(columns=list(MEANS)), items=pd.DataFrame(columns=list(ITEMS)))


def _one(
    frame: pd.DataFrame,
    name: str,
    items: Sequence[str],
    *,
    labels: tuple[str, ...],
    free: bool,
    rng: np.random.Generator,
) -> _One:
    if len(items) < FEWEST_ITEMS:
        return _nothing("too_few_items")
    fit = try_fit(f"{name} =~ {' + '.join(items)}", frame, estimator="MLR", group=GROUP, std_lv=True)
    if not (isinstance(fit, SemFit) and fit.usable) or not np.isfinite(fit.vcov).all():
        return _nothing("not_estimated")
    loadings, intercepts, vcov = configural(fit, items)
    sizes = np.array([g.size for g in fit.sample.groups], dtype=float)
    sd = pooled_deviations(fit, items)
    loadings, intercepts = loadings / sd, intercepts / sd
    vcov = vcov / np.outer(*[np.tile(sd, 2 * len(sizes))] * 2)
    solution = align(loadings, intercepts, sizes=sizes, free=free, rng=rng)
    table = invariant_items(solution, (loadings, intercepts), vcov=vcov, items=items, labels=labels)
    table.insert(0, "construct", name)
    table["value"] *= np.repeat(sd, 2)
    count, deviating = 2 * loadings.size, sum(len(d) for d in table["deviating"])
    share = deviating / count
    reasons = () if fit.status.admissible else fit.status.reasons
    state = "noninvariant" if share > NONINVARIANT.value else ALIGNED[bool(reasons)]
    row: dict[str, object] = {"state": state, "parameters": count, "noninvariant": deviating}
    row |= {"share": share, "agreeing": solution.agreeing, "reasons": reasons}
    means = centred_means(solution, vcov=vcov, sizes=sizes, labels=labels)
    means.insert(0, "construct", name)
    return _One(row=row, means=means if state in ALIGNED else means.iloc[:0], items=table[list(ITEMS)])


def pooled_deviations(fit: SemFit, items: Sequence[str]) -> Array:
    """Return the standard deviations of items within groups, pooled over the persons."""
    size = np.array([g.size for g in fit.sample.groups], dtype=float)
    variances = []
    for g in fit.sample.groups:
        at = [g.moments.names.index(item) for item in items]
        variances.append(np.diag(g.moments.covariance)[at])
    pooled: Array = np.sqrt(size @ np.array(variances) / size.sum())
    return pooled


def configural(fit: SemFit, items: Sequence[str]) -> tuple[Array, Array, Array]:
    """Return loadings and intercepts (groups, items), signs turned to a positive sum, and their covariances.

    The covariances are those of ``[loadings, intercepts]``, group after group.
    """
    columns = (fit.table[name].tolist() for name in ("op", "group", "lhs", "rhs", "est", "free"))
    # the item stands right of a loading and left of an intercept
    rows = {
        (op, group, rhs if op == "=~" else lhs): (est, free)
        for op, group, lhs, rhs, est, free in zip(*columns, strict=True)
        if op in ("=~", "~1")
    }
    values, places, signs = [], [], []
    for g in range(1, len(fit.groups) + 1):
        own = [rows["=~", g, item] for item in items]
        means = [rows["~1", g, item] for item in items]
        sign = -1.0 if sum(est for est, _ in own) < 0 else 1.0
        values += [[sign * est for est, _ in own], [est for est, _ in means]]
        places += [free for _, free in (*own, *means)]
        signs += [sign] * len(items) + [1.0] * len(items)
    at = np.array(places, dtype=np.intp) - 1
    vcov = fit.vcov[np.ix_(at, at)] * np.outer(signs, signs)
    stacked = np.array(values).reshape(len(fit.groups), 2, len(items))
    return stacked[:, 0], stacked[:, 1], vcov


def centred_means(
    solution: Aligned, *, vcov: Array, sizes: Array, labels: Sequence[str], level: float = 0.95
) -> pd.DataFrame:
    """Return the means less their average over all persons, with intervals by the delta method."""
    share = sizes / sizes.sum()
    centre = np.eye(len(sizes)) - share
    slope = centre @ mean_slope(solution)
    se = np.sqrt(np.maximum(np.einsum("ge,ef,gf->g", slope, vcov, slope), 0.0))
    estimate = centre @ solution.means
    half = float(ndtri(0.5 + level / 2.0)) * se
    return pd.DataFrame(
        {
            "group": list(labels),
            "estimate": estimate,
            "se": se,
            "ci_low": estimate - half,
            "ci_high": estimate + half,
            "clear": np.abs(estimate) > half,
        }
    )
