"""Effects in a PLS fit: what each arrow adds, how far its causes overlap, and effects along routes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from jq_models.errors import SpecError, suggest
from jq_models.evaluate.composites.offered import named_arrows, without_arrow
from jq_models.evaluate.composites.quality import variance_inflation
from jq_models.evaluate.effects import ARROW
from jq_models.numeric import interval_formulas
from jq_models.numeric.moments import Array
from jq_models.pls import PlsBootstrap, PlsFit, pls_estimates
from jq_models.pls.design import Stage
from jq_models.pls.estimates import spread_and_bounds

OPERATORS = {"direct": "~", "indirect": "indirect", "total": "total"}
INFERENCE = ["estimate", "se", "ci_low", "ci_high"]
ROUTE_INTERVALS = ("percentile", "bc")


def pls_effect_sizes(fit: PlsFit, *, anew: bool = False) -> pd.DataFrame:
    """Return what every arrow adds to the explained variance, and how far its cause overlaps the others.

    Parameters
    ----------
    fit : PlsFit
        A usable fit.
    anew : bool
        Estimate the model anew without the arrow for f2, instead of the regression alone.

    Returns
    -------
    DataFrame
        One row an arrow: target, source, path, f2, vif, then r2 and r2_adjusted of the target (the same in
        each of its rows). f2 is NaN where R2 is 1 or more, or (`anew`) the model without the arrow has no
        usable solution; vif where the causes' correlations cannot exist.

    Raises
    ------
    FitError

    Notes
    -----
    f2 = (R2 - R2 without the cause) / (1 - R2) (Cohen 1988, eq. 9.2.2), by regression: the constructs'
    correlations stay as they are, so that f2 = path^2 / (vif (1 - R2)). So does ADANCO 2.2.1 (checked to
    1e-6). SmartPLS and seminr estimate the model anew without the arrow, which moves the weights, too: so
    does `anew` (seminr 0.2.1 to 1e-9). Adjusted R2 = 1 - (1 - R2)(n - 1) / (n - k - 1) for k causes.
    vif = 1 / (1 - R2) of the cause on the other causes of the same target, from the correlations of the last
    stage: disattenuated where the fit is consistent, hence higher than those of scores, which seminr prints.
    """
    fit.require()
    stage, Q = fit.design.last, fit.solution.last.correlation[0]
    names, rows = stage.constructs, []
    for i in stage.endogenous:
        causes = stage.causes(i)
        inflation = variance_inflation(Q[np.ix_(causes, causes)])
        r2 = float(fit.solution.r2[0, i])
        left = 1.0 - r2 if r2 < 1.0 else np.nan
        spare = fit.n - len(causes) - 1
        adjusted = 1.0 - (1.0 - r2) * (fit.n - 1) / spare if spare > 0 else np.nan
        for j, vif in zip(causes, inflation, strict=True):
            path = float(fit.solution.paths[0, i, j])
            gain = _gain(fit, names[i], names[j]) if anew else path**2 / vif
            rows.append((names[i], names[j], path, gain / left, vif, r2, adjusted))
    return pd.DataFrame(rows, columns=["target", "source", "path", "f2", "vif", "r2", "r2_adjusted"])


def _gain(fit: PlsFit, target: str, cause: str) -> float:
    """Return by how much R2 falls when the model is estimated without an arrow; NaN where it cannot be."""
    explained = fit.values("r2").set_index("lhs")["est"]
    if sum(to == target for to, _ in named_arrows(fit)) == 1:
        return float(explained[target])
    without = without_arrow(fit, (target, cause))
    if without is None:
        return float("nan")
    return float(explained[target] - without.values("r2").set_index("lhs")["est"][target])


def pls_r_squared(
    fit: PlsFit, boot: PlsBootstrap | None = None, *, kind: str = "percentile", level: float = 0.95
) -> pd.DataFrame:
    """Return the explained variance of every construct an arrow leads to.

    Parameters
    ----------
    kind : str
        Of the interval: percentile, basic, normal or bc.

    Returns
    -------
    DataFrame
        Index construct; n_causes, r2, r2_low, r2_high (NaN without `boot`), r2_adjusted. R2 of resamples runs
        above that of the sample, the more so the more causes: percentile intervals lie high.

    Raises
    ------
    FitError, SpecError
    """
    estimates = pls_estimates(fit, boot, kind=kind, level=level)
    found = estimates[estimates["op"] == "r2"].set_index("lhs").rename_axis("construct")
    sizes = pls_effect_sizes(fit).groupby("target", sort=False)["r2_adjusted"].agg(["size", "first"])
    return pd.DataFrame(
        {
            "n_causes": sizes["size"].reindex(found.index),
            "r2": found["est"],
            "r2_low": found["ci_low"],
            "r2_high": found["ci_high"],
            "r2_adjusted": sizes["first"].reindex(found.index),
        }
    )


def pls_effects(
    fit: PlsFit,
    boot: PlsBootstrap | None = None,
    *,
    sources: Sequence[str] | None = None,
    targets: Sequence[str] | None = None,
    kind: str = "percentile",
    level: float = 0.95,
) -> pd.DataFrame:
    """Return direct, total indirect and total effects of every source on every target, standardised.

    Parameters
    ----------
    fit, boot, kind, level
        As for `pls_estimates`.
    sources, targets : sequences of str, optional
        Constructs of the last stage. Default: all pairs that a route connects.

    Returns
    -------
    DataFrame
        source, target, kind ("direct", "indirect", "total"), estimate, se, ci_low, ci_high, as
        `evaluate.effects` without test statistics. An effect without a route is 0 with an interval without
        width. se and interval are NaN without `boot`.

    Raises
    ------
    FitError
    SpecError
        On an unknown construct.
    """
    estimates = pls_estimates(fit, boot, kind=kind, level=level)
    known = fit.design.last.constructs
    for name in (*(sources or ()), *(targets or ())):
        _check(name, known, fit)
    connected = list(fit.table.loc[fit.table["op"] == "total", ["rhs", "lhs"]].itertuples(index=False))
    wanted = [(s, t) for s in sources or known for t in targets or known if s != t]
    if sources is None or targets is None:
        wanted = [pair for pair in wanted if pair in connected]
    rows = {
        (str(r.op), str(r.rhs), str(r.lhs)): (r.est, r.se, r.ci_low, r.ci_high)
        for r in estimates.itertuples(index=False)
        if r.op in OPERATORS.values()
    }
    none = (0.0, 0.0, 0.0, 0.0)
    return pd.DataFrame(
        [(s, t, name, *rows.get((op, s, t), none)) for s, t in wanted for name, op in OPERATORS.items()],
        columns=["source", "target", "kind", *INFERENCE],
    )


def pls_specific_effects(
    fit: PlsFit,
    source: str,
    target: str,
    *,
    boot: PlsBootstrap | None = None,
    kind: str = "percentile",
    level: float = 0.95,
) -> pd.DataFrame:
    """Return the effect along every route from one construct to another, the direct path included.

    Parameters
    ----------
    fit : PlsFit
    source, target : str
    boot : PlsBootstrap, optional
    kind : {"percentile", "bc"}
        For "bca" name the product in the model (``ind := a*b``) and use `pls_estimates`.
    level : float

    Returns
    -------
    DataFrame
        route (``"JQ -> SAT -> TIN"``), n_steps, estimate, se, ci_low, ci_high; shorter routes first. They add
        up to the total effect; no row where no route leads there.

    Raises
    ------
    FitError
    SpecError
        On an unknown construct or kind, or twice the same construct.
    """
    fit.require()
    stage = fit.design.last
    for name in (source, target):
        _check(name, stage.constructs, fit)
    if source == target:
        raise SpecError(f"Source and target are both '{source}'. Name two constructs.")
    if kind not in ROUTE_INTERVALS:
        raise SpecError(
            f"No interval '{kind}' of a route. {suggest(kind, ROUTE_INTERVALS)} For 'bca' label the paths "
            "and write their product in the model, such as 'ind := a*b'."
        )
    routes = sorted(_routes(stage, stage.constructs.index(source), stage.constructs.index(target)), key=len)
    steps = [[(to, cause) for cause, to in pairwise(route)] for route in routes]
    estimate = np.array([np.prod([fit.solution.paths[0, i, j] for i, j in s]) for s in steps], dtype=float)
    frame = pd.DataFrame(
        {
            "route": [ARROW.join(stage.constructs[k] for k in route) for route in routes],
            "n_steps": [len(route) - 1 for route in routes],
            "estimate": estimate,
        }
    )
    found = np.full((len(routes), 3), np.nan)
    if boot is not None:
        interval_formulas.check_level(level)
        boot.require_of(fit)
        drawn = _along(fit, boot, steps=steps)
        for k, est in enumerate(estimate):
            found[k] = spread_and_bounds(drawn[:, k], float(est), kind=kind, level=level)
    frame[["se", "ci_low", "ci_high"]] = found
    return frame


def _along(fit: PlsFit, boot: PlsBootstrap, *, steps: list[list[tuple[int, int]]]) -> Array:
    """Return the product of the paths along each route in every replicate with estimates, (b, routes)."""
    rows = fit.table.reset_index(drop=True)
    names = fit.design.last.constructs
    arrows = rows.index[rows["op"] == "~"]
    column = {(rows.at[k, "lhs"], rows.at[k, "rhs"]): k for k in arrows}
    values = boot.values[boot.converged]
    places = [[column[names[i], names[j]] for i, j in route] for route in steps]
    return np.stack([values[:, at].prod(axis=1) for at in places], axis=1) if places else np.empty((0, 0))


def _routes(stage: Stage, start: int, end: int) -> list[tuple[int, ...]]:
    """Return every route along arrows; PLS has no circles, so all of them end."""
    if start == end:
        return [(end,)]
    following = np.flatnonzero(stage.paths[:, start])
    return [(start, *rest) for k in following for rest in _routes(stage, int(k), end)]


def _check(name: str, known: Sequence[str], fit: PlsFit) -> None:
    if name not in known:
        raise SpecError(
            f"'{name}' has no place in the structure of the model '{fit.model.name}'. {suggest(name, known)}"
        )
