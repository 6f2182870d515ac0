"""Whether paths differ between groups: multi-group analysis of PLS."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from jq_models.errors import SpecError, suggest
from jq_models.evaluate.composites.micom import TOO_SMALL, fewest
from jq_models.evaluate.composites.permuted import (
    Labels,
    Pair,
    Permuted,
    both_tails,
    pairs_of,
    permuted,
)
from jq_models.evaluate.invariance.latent_means import holm
from jq_models.numeric.blocks import check_draws
from jq_models.numeric.interval_formulas import bias_corrected, percentile
from jq_models.numeric.moments import Array, UnfitError
from jq_models.numeric.reason import Reason
from jq_models.pls import PlsBootstrap, PlsFit, bootstrap_pls, fit_pls
from jq_models.pls.design import Flags
from jq_models.pls.quantities import arrows_of

LEVEL = 0.95
GROUP_INTERVALS = ("percentile", "bc")
COLUMNS = "first second lhs op rhs est_first low_first high_first est_second low_second high_second"
COLUMNS += " difference ci_low ci_high p_permutation p_holm p_henseler p_henseler_two_sided"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlsGroups:
    """The paths of two groups, or of several groups two by two.

    Attributes
    ----------
    table : DataFrame
        One row a pair and path: first, second (the groups), lhs, op ("~"), rhs; est_first, low_first,
        high_first and the same of the second group (95 % intervals); difference (first less second) with
        ci_low, ci_high; p_permutation (two-sided), p_holm (Holm's correction for all rows);
        p_henseler (one-sided: small when the path is larger in the first group), p_henseler_two_sided.
    sizes : dict of (str, str) to (int, int)
    permutations, draws : int
    kind : {"percentile", "bc"}
        Of the intervals.
    failed : dict of (str, str) to (int, int)
        Pair -> exchanges and resamples in which a path has no estimate.
    inadmissible : dict of (str, str) to (float, float)
        Pair -> share of impossible solutions among the exchanges and among the resamples of both groups.
    reasons : dict of (str, str) to dict of str to tuple of Reason
        Pair -> group -> what is wrong with its fit; empty: nothing.
    seed : int
    """

    table: pd.DataFrame = field(repr=False)
    sizes: dict[tuple[str, str], tuple[int, int]]
    permutations: int
    draws: int
    kind: str
    failed: dict[tuple[str, str], tuple[int, int]]
    inadmissible: dict[tuple[str, str], tuple[float, float]]
    reasons: dict[tuple[str, str], dict[str, tuple[Reason, ...]]]
    seed: int


def pls_groups(
    fit: PlsFit,
    groups: Labels,
    *,
    pair: tuple[str, str] | None = None,
    permutations: int = 1000,
    draws: int = 1000,
    kind: str = "percentile",
    seed: int,
    workers: int = 1,
) -> PlsGroups:
    """Test whether the paths of a model differ between groups.

    Two tests stand side by side: exchanging people between the groups (Chin & Dibbern 2010, in Esposito Vinzi
    et al., Handbook of Partial Least Squares, 171-193), and comparing the groups' bootstrap samples
    (`henseler`). Paths may be compared where the composites mean the same: see `micom`.

    Parameters
    ----------
    fit : PlsFit
        Of all people. Its scheme, modes, dominant items and correction hold in both groups.
    groups : Series or sequence
        The group of every row of the table that was fitted.
    pair : (str, str), optional
        Default: all pairs.
    permutations, draws : int
        Exchanges, and bootstrap samples a group.
    kind : {"percentile", "bc"}
        Of the intervals; "bc" for composites, whose weights are fitted anew in every sample and fit its
        chance, too.
    seed : int
        From 0.
    workers : int
        Threads; the result is the same to the last bit.

    Returns
    -------
    PlsGroups
        NaN where a group has no estimates; `reasons` says why.

    Raises
    ------
    FitError, DataError, SpecError
        As `pairs_of`, on a number below its least or another kind of interval.

    Notes
    -----
    Paths are standardised within each group: they differ also where only the spread of a cause does. The
    permutation test holds its level exactly when nothing at all differs between the groups. p is twice the
    smaller tail, the observed value counted in. A group of fewer people than `micom` compares has no
    estimates.
    """
    found = [
        permuted(fit, one, permutations=permutations, seed=seed, workers=workers)
        for one in pairs_of(fit, groups, pair=pair)
    ]
    return groups_of(
        fit, found, permutations=permutations, draws=draws, kind=kind, seed=seed, workers=workers
    )


def groups_of(
    fit: PlsFit,
    found: list[Permuted],
    *,
    permutations: int,
    draws: int,
    kind: str = "percentile",
    seed: int,
    workers: int = 1,
) -> PlsGroups:
    """Add bootstrap samples to permuted pairs and put them together."""
    if kind not in GROUP_INTERVALS:
        raise SpecError(f"No kind of interval '{kind}' for groups. {suggest(kind, GROUP_INTERVALS)}")
    check_draws(draws=draws, workers=workers, seed=seed)
    rows: list[dict[str, object]] = []
    failed, inadmissible, reasons = {}, {}, {}
    drawn: dict[str, tuple[PlsBootstrap | None, tuple[Reason, ...]]] = {}
    for one in found:
        labels, pair = one.pair.labels, one.pair
        for name, who in zip(labels, (pair.first, ~pair.first), strict=True):
            if name not in drawn:
                own = _stream(seed, len(drawn))
                drawn[name] = _resampled(fit, pair, who, draws=draws, seed=own, workers=workers)
        boots = (drawn[labels[0]][0], drawn[labels[1]][0])
        rows += _rows(fit, one, boots=boots, kind=kind)
        known = [boot for boot in boots if boot is not None]
        shares = [boot.inadmissible_share for boot in known]
        failed[labels] = (_without(one.replicates.paths), sum(_without(_paths(fit, boot)) for boot in known))
        inadmissible[labels] = (one.inadmissible_share, float(np.mean(shares)) if shares else float("nan"))
        reasons[labels] = {name: drawn[name][1] for name in labels}
    table = pd.DataFrame(rows, columns=COLUMNS.split())
    return PlsGroups(
        table=table.assign(p_holm=holm(table["p_permutation"].astype(float))),
        sizes={one.pair.labels: one.pair.sizes for one in found},
        permutations=permutations,
        draws=draws,
        kind=kind,
        failed=failed,
        inadmissible=inadmissible,
        reasons=reasons,
        seed=seed,
    )


def henseler(first: Array, second: Array) -> float:
    """Return the probability that the second group's path is at least as large, from bootstrap samples.

    Henseler, Ringle & Sinkovics (2009, Advances in International Marketing 20, 277-319): with B the step
    function, 1 - sum_ij B(2 m1 - b1_j - 2 m2 + b2_i) / (J1 J2), m the means of the samples b. Small where the
    first group's path is larger, close to 1 where it is smaller. The means are those of the samples; tools
    that put the estimates in their place differ by the bootstrap's bias.

    Parameters
    ----------
    first, second : ndarray, shape (J1,), (J2,)
        Samples of one path in both groups, drawn independently.
    """
    if not len(first) or not len(second):
        return float("nan")
    reflected = np.sort(2.0 * first.mean() - first)
    other = 2.0 * second.mean() - second
    # how many of the first group's reflected draws lie above each of the second's
    above = len(first) - np.searchsorted(reflected, other, side="right")
    return float(1.0 - above.sum() / (len(first) * len(second)))


def group_fit(fit: PlsFit, cases: Array) -> PlsFit:
    """Fit the same model, with the same settings, to some people's answers.

    Raises
    ------
    UnfitError
        On fewer than 3 people or an item that does not vary.
    """
    blocks = {b.name: b for stage in (fit.design.second, fit.design.first) if stage for b in stage.blocks}
    return fit_pls(
        fit.model,
        pd.DataFrame(cases, columns=list(fit.design.first.indicators)),
        scheme=fit.scheme,
        consistent=fit.consistent,
        modes={name: b.mode for name, b in blocks.items()},
        dominant={name: b.dominant for name, b in blocks.items()},
        tolerance=fit.search.tolerance,
        max_iterations=fit.search.max_iterations,
    )


def _stream(seed: int, group: int) -> int:
    """Return a seed of a group's own, so that no two groups share their draws."""
    return int(np.random.SeedSequence(seed, spawn_key=(0, group)).generate_state(1)[0])


def _resampled(
    fit: PlsFit, pair: Pair, who: Flags, *, draws: int, seed: int, workers: int
) -> tuple[PlsBootstrap | None, tuple[Reason, ...]]:
    """Return a group's bootstrap, and what is wrong with its fit."""
    if who.sum() < fewest(fit.design):
        return None, (Reason(code=TOO_SMALL, where=()),)
    try:
        own = group_fit(fit, pair.cases[who])
    except UnfitError as error:
        return None, (Reason(code=error.code, where=error.where),)
    if not own.usable:
        return None, own.status.reasons
    return bootstrap_pls(own, draws=draws, seed=seed, workers=workers), own.status.reasons


def _rows(
    fit: PlsFit, found: Permuted, *, boots: tuple[PlsBootstrap | None, PlsBootstrap | None], kind: str
) -> list[dict[str, object]]:
    names = fit.design.last.constructs
    good = found.replicates.usable
    resampled = [np.empty((0, 0)) if boot is None else _paths(fit, boot) for boot in boots]
    rows: list[dict[str, object]] = []
    for q, (i, j) in enumerate(arrows_of(fit.design.last)):
        # a group without a bootstrap has no usable fit, and no number of it is shown or tested
        one, two = (
            float("nan") if boot is None else float(v)
            for v, boot in zip(found.observed.paths[0, :, q], boots, strict=True)
        )
        row: dict[str, object] = {"first": found.pair.labels[0], "second": found.pair.labels[1]}
        row |= {"lhs": names[i], "op": "~", "rhs": names[j], "est_first": one, "est_second": two}
        row["difference"] = one - two
        exchanged = found.replicates.paths[good, 0, q] - found.replicates.paths[good, 1, q]
        row["p_permutation"] = both_tails(exchanged, one - two)
        draws = [values[np.isfinite(values[:, q]), q] if len(values) else np.empty(0) for values in resampled]
        for name, values, estimate in zip(("first", "second"), draws, (one, two), strict=True):
            row |= _interval((f"low_{name}", f"high_{name}"), values, estimate=estimate, kind=kind)
        shared = min(map(len, draws))
        apart = draws[0][:shared] - draws[1][:shared]
        row |= _interval(("ci_low", "ci_high"), apart, estimate=one - two, kind=kind)
        p = henseler(draws[0], draws[1])
        row |= {"p_henseler": p, "p_henseler_two_sided": float(np.minimum(1.0, 2.0 * min(p, 1.0 - p)))}
        rows.append(row)
    return rows


def _interval(names: tuple[str, str], draws: Array, *, estimate: float, kind: str) -> dict[str, object]:
    if len(draws) < 2 or not np.isfinite(estimate):
        return {}
    if kind == "bc":
        low, high = bias_corrected(draws, estimate, level=LEVEL)
    else:
        low, high = percentile(draws, level=LEVEL)
    return {names[0]: float(low), names[1]: float(high)}


def _paths(fit: PlsFit, boot: PlsBootstrap) -> Array:
    """Return the paths of every resample, (draws, q)."""
    found: Array = boot.values[:, np.flatnonzero(fit.table["op"] == "~")]
    return found


def _without(paths: Array) -> int:
    """Count the samples, on the first axis, in which some path has no estimate."""
    return int((~np.isfinite(paths.reshape(len(paths), -1)).all(axis=1)).sum())
