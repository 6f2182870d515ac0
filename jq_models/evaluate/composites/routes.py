"""The study's paths by structural equations, consistent PLS and plain PLS, side by side.

Four routes to the same five paths. They differ in what they take job quality to be and in what they do about
measurement error:

- ``sem``: a factor behind the dimensions, by maximum likelihood; the remainders of the new dimensions may
  covary where the study file says so;
- ``plsc``: the same factor by consistent PLS (Dijkstra & Henseler 2015), without those covariances, for
  which PLS has no place;
- ``composite``: a weighted sum of the dimensions, each corrected for error (van Riel, Henseler, Kemény &
  Sasovova 2017);
- ``pls``: the same model as ``plsc`` on scores that keep their error, as in plain PLS. Correlations are then
  too close to zero, by the root of the product of the two scores' reliabilities.

Intervals of the PLS routes are bias-corrected bootstrap ones (Efron 1987): weights are fitted anew in every
resample, to relations that hold the sample's chance already, so that resamples lie above the estimate as the
estimate lies above the truth. A percentile interval takes that shift twice, worst with regression weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.data.known import KnownTruth, known_truth
from jq_models.data.responses import Responses
from jq_models.errors import FitError
from jq_models.evaluate.composites.route_result import Path, Route, Routes
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.key_paths import key_effects, key_paths
from jq_models.numeric.moments import Moments, UnfitError
from jq_models.numeric.reason import Reason
from jq_models.pls import PlsBootstrap, PlsFit, bootstrap_pls, fit_pls, pls_estimates
from jq_models.sem import SemFit, try_fit
from jq_models.spec import Model, build_model

# model and whether factors are corrected
BY_PLS = {
    "plsc": ("second_order", True),
    "composite": ("composite_pls", True),
    "pls": ("second_order", False),
}
DRAWS = 2000
INTERVAL = "bc"
COLUMNS = ["source", "target", "estimate", "se", "ci_low", "ci_high", "population"]


def compare_routes(
    opened: OpenStudy, plan: Plan, *, seed: int, draws: int = DRAWS, workers: int = 1
) -> Routes | None:
    """Estimate the study's paths by every route, on the people who answered every item.

    Parameters
    ----------
    opened : OpenStudy
    plan : Plan
        Its gate ``second_order`` decides whether anything is fitted.
    seed, draws, workers : int
        Of the bootstraps of the PLS routes; the numbers do not depend on the workers. Intervals of the
        structural equation model are those of the delta method, as in the rest of the report.

    Returns
    -------
    Routes or None
        None when the gate is closed, or the outcomes of the model were not asked.
    """
    if not plan.allows("second_order") or not opened.has_paths:
        return None
    paths = tuple((s, t) for s, t, kind in key_paths(opened.outcomes) if kind == "direct")
    known, data = known_truth(opened), opened.complete
    population = None if known is None else _moments(known)
    draw = partial(bootstrap_pls, seed=seed, draws=draws, workers=workers)
    routes = (
        _by_sem(opened.model("second_order"), data, paths=paths, population=population),
        *(
            _by_pls(
                code,
                opened.model(name),
                consistent=consistent,
                data=data,
                paths=paths,
                population=population,
                draw=draw,
            )
            for code, (name, consistent) in BY_PLS.items()
        ),
    )
    plsc, plain = routes[1].fit, routes[3].fit
    ignored = () if plsc is None else plsc.design.ignored
    return Routes(
        paths=paths,
        routes=routes,
        reliability=_reliability(plain, paths),
        ignored=ignored,
        plain_sem=_without_covariances(opened, data, paths=paths) if ignored else pd.DataFrame(),
        truth={} if known is None else {path: known.paths[path[::-1]] for path in paths},
    )


def direct_route(
    opened: OpenStudy, plan: Plan, *, seed: int, draws: int = DRAWS, workers: int = 1
) -> Route | None:
    """Estimate every dimension's own paths by consistent PLS; arguments as for `compare_routes`.

    Returns
    -------
    Route or None
        Of code ``"direct"``; None when the gate ``full`` is closed, or the outcomes were not asked.
    """
    if not plan.allows("full") or not opened.has_paths:
        return None
    between = [
        (s, t) for s, t, _ in key_paths(opened.outcomes) if s in opened.outcomes and t in opened.outcomes
    ]
    return _by_pls(
        "direct",
        opened.model("direct"),
        consistent=True,
        data=opened.complete,
        paths=[*((s, t) for t in ("SAT", "COM") for s in opened.dimensions), *between],
        population=None,
        draw=partial(bootstrap_pls, seed=seed, draws=draws, workers=workers),
    )


def _moments(known: KnownTruth) -> Moments:
    # the number of cases of a population: none of the estimates depends on it
    return Moments(names=known.items, covariance=known.covariance, mean=known.mean, n=1_000_000)


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=COLUMNS)


def _by_sem(model: Model, data: Responses, *, paths: Sequence[Path], population: Moments | None) -> Route:
    fit = try_fit(model, data)
    if not isinstance(fit, SemFit) or not fit.usable:
        return Route(code="sem", estimates=_nothing(), reasons=fit.status.reasons)
    estimates = _sem_paths(fit, paths).assign(population=float("nan"))
    if population is not None:
        whole = try_fit(model, population)
        if isinstance(whole, SemFit) and whole.usable:
            estimates["population"] = _sem_paths(whole, paths)["estimate"]
    return Route(code="sem", n=fit.n, estimates=estimates[COLUMNS], reasons=fit.status.reasons)


def _sem_paths(fit: SemFit, paths: Sequence[Path]) -> pd.DataFrame:
    outcomes = [target for _, target in paths]
    return key_effects(fit, outcomes, paths=[(s, t, "direct") for s, t in paths])


def _without_covariances(opened: OpenStudy, data: Responses, *, paths: Sequence[Path]) -> pd.DataFrame:
    absent = {c.code for c in opened.instrument.constructs} - set(data.constructs)
    model = build_model(
        "second_order",
        instrument=opened.instrument,
        turnover=opened.spec.turnover,
        learning=False,
        without=tuple(sorted(absent)),
    )
    fit = try_fit(model, data)
    if not isinstance(fit, SemFit) or not fit.usable:
        return pd.DataFrame()
    return _sem_paths(fit, paths)[["source", "target", "estimate"]]


def _by_pls(
    code: str,
    model: Model,
    *,
    consistent: bool,
    data: Responses,
    paths: Sequence[Path],
    population: Moments | None,
    draw: Callable[[PlsFit], PlsBootstrap],
) -> Route:
    try:
        fit = fit_pls(model, data, consistent=consistent)
    except UnfitError as problem:
        reason = Reason(code=problem.code, where=problem.where)
        return Route(code=code, estimates=_nothing(), reasons=(reason,))
    failed = Route(code=code, estimates=_nothing(), n=fit.n, reasons=fit.status.reasons, fit=fit)
    if not fit.usable:
        return failed
    try:
        drawn = draw(fit)
        estimates = _pls_paths(pls_estimates(fit, drawn, kind=INTERVAL), paths)
    except FitError:
        # too few resamples have estimates: an estimate without its interval is not shown
        return failed
    estimates["population"] = float("nan")
    if population is not None:
        whole = fit_pls(model, population, consistent=consistent)
        if whole.usable:
            estimates["population"] = _pls_paths(pls_estimates(whole), paths)["estimate"]
    return replace(failed, estimates=estimates[COLUMNS], boot=drawn)


def _pls_paths(table: pd.DataFrame, paths: Sequence[Path]) -> pd.DataFrame:
    rows = table[table["op"] == "~"].rename(columns={"rhs": "source", "lhs": "target", "est": "estimate"})
    wanted = pd.DataFrame(list(paths), columns=["source", "target"])
    return wanted.merge(rows, on=["source", "target"], how="left", validate="1:1")


def _reliability(fit: PlsFit | None, paths: Sequence[Path]) -> pd.Series:
    if fit is None:
        return pd.Series(dtype=float)
    rows = fit.table[fit.table["op"] == "rho_a"].set_index("lhs")["est"]
    codes = dict.fromkeys(code for path in paths for code in path)
    return rows[[code for code in codes if code in rows.index]]
