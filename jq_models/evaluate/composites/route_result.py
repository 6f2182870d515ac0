"""What a comparison of routes gives: frozen records."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from jq_models.numeric.reason import Reason
from jq_models.pls import PlsBootstrap, PlsFit

ROUTES = ("sem", "plsc", "composite", "pls")
# ours: from this share of impossible resamples on, a finding is told together with that warning
IMPOSSIBLE_SHARE = 0.10
# what can lie above 1 in a resample, by the operator of its row, as `pls.status` names it
ABOVE_ONE = {
    "=~": "loading_above_one",
    "rho_a": "reliability_above_one",
    "~~": "correlation_above_one",
    "~": "path_above_one",
    "r2": "explained_above_one",
}
TOLERANCE = 1e-8  # rounding allowed

Path = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way to arrive at the paths.

    Attributes
    ----------
    code : str
        One of `ROUTES`.
    estimates : DataFrame
        source, target, estimate, se, ci_low, ci_high (95 %), population: standardised. `population` is what
        this route finds in the covariance matrix that simulated answers were drawn from, else NaN. No rows
        when nothing may be used.
    n : int
        Persons used.
    reasons : tuple of Reason
        Why there are no estimates, or why they are to be read with care.
    fit : PlsFit or None
        Also one that may not be used.
    boot : PlsBootstrap or None
    """

    code: str
    estimates: pd.DataFrame = field(repr=False)
    n: int = 0
    reasons: tuple[Reason, ...] = ()
    fit: PlsFit | None = field(repr=False, default=None)
    boot: PlsBootstrap | None = field(repr=False, default=None)

    @property
    def usable(self) -> bool:
        """Whether there are estimates."""
        return len(self.estimates) > 0

    @property
    def impossible(self) -> bool:
        """Whether the solution itself cannot be true."""
        return bool(self.reasons) if self.fit is None else not self.fit.status.admissible

    @property
    def impossible_share(self) -> float:
        """Share of the resamples with estimates whose solution cannot be true; 0 without any."""
        share = 0.0 if self.boot is None else self.boot.inadmissible_share
        return 0.0 if np.isnan(share) else share

    @property
    def shaky(self) -> bool:
        """Whether what it finds is told only together with a warning: see `IMPOSSIBLE_SHARE`."""
        return self.impossible or self.impossible_share > IMPOSSIBLE_SHARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """The paths by every route.

    Attributes
    ----------
    paths : tuple of (source, target)
    routes : tuple of Route
        In the order of `ROUTES`.
    reliability : Series
        rho_A of the scores that plain PLS correlates, by construct of the paths.
    ignored : tuple of str
        Covariances of the structural equation model that PLS has no place for.
    plain_sem : DataFrame
        source, target, estimate: by structural equations without those covariances; no rows where there are
        none, or that model could not be used.
    truth : mapping of (source, target) to float
        The paths that simulated answers were drawn from; empty for real ones.
    """

    paths: tuple[Path, ...]
    routes: tuple[Route, ...]
    reliability: pd.Series = field(repr=False)
    ignored: tuple[str, ...] = ()
    plain_sem: pd.DataFrame = field(repr=False, default_factory=pd.DataFrame)
    truth: dict[Path, float] = field(default_factory=dict)

    def of(self, code: str) -> Route:
        """Return a route by its code."""
        return next(route for route in self.routes if route.code == code)

    @property
    def usable(self) -> tuple[Route, ...]:
        """The routes with estimates."""
        return tuple(route for route in self.routes if route.usable)


def pls_routes(found: Routes | None) -> dict[str, Route]:
    """Return the usable routes by PLS, by code; none where nothing was compared.

    Parameters
    ----------
    found : Routes or None
        What `compare_routes` returned.
    """
    return {} if found is None else {route.code: route for route in found.usable if route.boot is not None}


def often_impossible(route: Route) -> Reason | None:
    """Return what is most often above 1 in the impossible resamples, and where; None when nothing is.

    A resample may be impossible without: when its constructs' correlations cannot exist together.
    """
    if route.fit is None or route.boot is None:
        return None
    bad = route.boot.converged & ~route.boot.admissible
    table = route.fit.table
    rows = np.flatnonzero(table["op"].isin(list(ABOVE_ONE)).to_numpy())
    over = np.abs(route.boot.values[np.ix_(bad, rows)]) > 1.0 + TOLERANCE
    counts = over.sum(axis=0)
    if not counts.any():
        return None
    row = table.iloc[int(rows[int(counts.argmax())])]
    where = str(row["lhs"]) if row["op"] in ("rho_a", "r2") else f"{row['lhs']} {row['op']} {row['rhs']}"
    return Reason(code=ABOVE_ONE[str(row["op"])], where=(where,))


def route_truth(found: Routes) -> pd.DataFrame:
    """Say of every route and path which truth its interval holds.

    Returns
    -------
    DataFrame
        route, source, target, truth (drawn from), population (of the route), holds_truth, holds_population
        (bool). No rows for real answers.
    """
    rows = []
    for route in found.usable if found.truth else ():
        for row in route.estimates.to_dict("records"):
            truth, population = found.truth[row["source"], row["target"]], row["population"]
            held = [row["ci_low"] <= value <= row["ci_high"] for value in (truth, population)]
            rows.append((route.code, row["source"], row["target"], truth, population, *held))
    columns = ["route", "source", "target", "truth", "population", "holds_truth", "holds_population"]
    return pd.DataFrame(rows, columns=columns)
