"""What a comparison of routes gives: frozen records."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from jq_models.numeric.reason import Reason
from jq_models.pls import PlsBootstrap, PlsFit

ROUTES = ("sem", "plsc", "composite", "pls")

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
    """Return the usable routes by PLS, by code; none where nothing was compared."""
    return {} if found is None else {route.code: route for route in found.usable if route.boot is not None}


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
        for row in route.estimates.itertuples():
            truth = found.truth[str(row.source), str(row.target)]
            low, high = float(row.ci_low), float(row.ci_high)  # type: ignore[arg-type]
            population = float(row.population)  # type: ignore[arg-type]
            held = [low <= value <= high for value in (truth, population)]
            rows.append((route.code, row.source, row.target, truth, population, *held))
    columns = ["route", "source", "target", "truth", "population", "holds_truth", "holds_population"]
    return pd.DataFrame(rows, columns=columns)
