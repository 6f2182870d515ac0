"""Tables on the study's paths by structural equations, consistent PLS and plain PLS."""

from __future__ import annotations

import math

import pandas as pd

from jq_models.evaluate.composites.route_result import Path, Route, Routes
from jq_models.report.columns import estimates as estimate_column
from jq_models.report.columns import numbers, words
from jq_models.report.names import inline
from jq_models.report.table import Table, build
from jq_models.report.tables_nesting import path_name
from jq_models.report.tables_robustness import short_path
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Instrument

BOUNDS = ["estimate", "ci_low", "ci_high"]


def route_name(code: str, w: Wording) -> str:
    """Return what a route is called."""
    return w(f"routes.name.{code}")


def link_name(path: Path, *, w: Wording, instrument: Instrument) -> str:
    """Return a path as ``Job quality → commitment``."""
    return path_name(*path, kind="direct", instrument=instrument, w=w)


def link_within(path: Path, *, w: Wording, instrument: Instrument) -> str:
    """Return a path as it stands within a sentence: ``job quality → commitment``."""
    source, target = (inline(code, instrument=instrument, w=w) for code in path)
    return w("paths.arrow", source=source, target=target)


def values_of(route: Route, paths: tuple[Path, ...]) -> pd.DataFrame:
    """Return estimate, ci_low, ci_high, population of every path, NaN where the route has none."""
    rows = route.estimates.set_index(["source", "target"])
    return rows.reindex(pd.MultiIndex.from_tuples(paths))[[*BOUNDS, "population"]].astype(float)


def route_table(found: Routes, w: Wording, *, instrument: Instrument) -> Table:
    """Show every path by every route, and the true one where the answers are simulated.

    Parameters
    ----------
    found : Routes
        As ``evaluate.compare_routes`` returns it.
    """
    truth = []
    if found.truth:
        values = [found.truth[path] for path in found.paths]
        truth = [numbers("truth", heading=w("routes.truth"), values=values, w=w, kind="coefficient")]
    note = w("routes.note", dash=DASH)
    return build(
        "routes",
        title=w("routes.title"),
        note=f"{note} {w('routes.note_truth')}" if found.truth else note,
        columns=[
            words(
                "path",
                heading=w("routes.path"),
                # five columns of intervals leave no room for full names
                shown=[short_path((*path, "direct"), w=w, instrument=instrument) for path in found.paths],
                values=[f"{target} ~ {source}" for source, target in found.paths],
            ),
            *(
                estimate_column(
                    (route.code, f"{route.code}_low", f"{route.code}_high"),
                    heading=route_name(route.code, w),
                    frame=values_of(route, found.paths),
                    w=w,
                )
                for route in found.routes
            ),
            *truth,
        ],
    )


def route_facts_table(found: Routes, w: Wording) -> Table:
    """Show what each route takes job quality to be, what it does about error, and how its resamples ended."""
    codes = [route.code for route in found.routes]
    boots = [route.boot for route in found.routes]
    return build(
        "routes_facts",
        title=w("routes.facts.title"),
        note=w("routes.facts.note", dash=DASH),
        columns=[
            words("route", heading=w("routes.route"), shown=[route_name(c, w) for c in codes], values=codes),
            words(
                "job_quality",
                heading=w("routes.facts.job_quality"),
                shown=[w(f"routes.facts.is_{'composite' if c == 'composite' else 'factor'}") for c in codes],
            ),
            words(
                "error",
                heading=w("routes.facts.error"),
                shown=[w(f"routes.facts.error_{'kept' if c == 'pls' else 'out'}") for c in codes],
            ),
            numbers(
                "n",
                heading=w("routes.facts.n"),
                values=[_count(r.n) for r in found.routes],
                w=w,
                kind="count",
            ),
            numbers(
                "draws",
                heading=w("routes.facts.draws"),
                values=[math.nan if b is None else b.draws for b in boots],
                w=w,
                kind="count",
            ),
            numbers(
                "failed",
                heading=w("routes.facts.failed"),
                values=[math.nan if b is None else b.failed for b in boots],
                w=w,
                kind="count",
            ),
            numbers(
                "inadmissible",
                heading=w("routes.facts.inadmissible"),
                values=[math.nan if b is None else b.inadmissible_share for b in boots],
                w=w,
                kind="percent",
                digits=1,
            ),
        ],
    )


def _count(n: int) -> float:
    return float(n) if n else math.nan
