"""Tables on planning: power and precision over n, and how far the estimates can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from jq_models.report.columns import Column, measured, numbers, verdicts, words
from jq_models.report.names import inline, name_of
from jq_models.report.table import Table, build
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Instrument

if TYPE_CHECKING:
    from jq_models.evaluate.power import PowerStudy

KEYS = ["source", "target", "kind"]
OWN = "plain"


def path_name(row: pd.Series, w: Wording, *, instrument: Instrument, inside: bool = False) -> str:
    """Return "Job quality → commitment", with a mark where the effect runs through others.

    `inside` a sentence it begins with a small letter.
    """
    write = inline if inside else name_of
    source = write(row["source"], instrument=instrument, w=w)
    arrow = w("paths.arrow", source=source, target=inline(row["target"], instrument=instrument, w=w))
    return arrow if row["kind"] == "direct" else w("planning.through", path=arrow)


def over_n(study: PowerStudy, measure: str) -> pd.DataFrame:
    """Return a measure of independent respondents: one row a quantity, one column an n."""
    rows = study.paths
    rows = rows[(rows["organisations"] == rows["organisations"].min()) & (rows["errors"] == OWN)]
    wide = rows.pivot_table(index=KEYS, columns="n", values=measure, sort=False, dropna=False)
    order = pd.MultiIndex.from_frame(study.truth.quantities.rows[KEYS])
    found: pd.DataFrame = wide.reindex(order)
    return found


def planning_power_table(
    study: PowerStudy, w: Wording, *, expected: pd.DataFrame, instrument: Instrument
) -> Table:
    """Show for every path the share of studies that find it, over n.

    Parameters
    ----------
    expected : DataFrame
        From ``expected_rows``, for the n that a power of .80 takes.
    """
    wide = over_n(study, "power")
    sizes = [int(n) for n in study.fits["n"].unique()]
    least = int(expected["least"].iloc[0])
    return build(
        "planning_power",
        title=w("planning.power.title"),
        note=w("planning.power.note", replications=study.replications, least=least, dash=DASH),
        columns=[
            *_path_columns(expected, w, instrument=instrument),
            *(_at(n, wide[n], w, name="power", kind="percent", digits=0) for n in sizes),
            _needed(expected, "n_power planning.power.needed count", w=w, sizes=sizes),
        ],
    )


def planning_precision_table(
    study: PowerStudy, w: Wording, *, expected: pd.DataFrame, instrument: Instrument
) -> Table:
    """Show for every path the half width of its 95 % interval, over n.

    Parameters
    ----------
    expected : DataFrame
        As ``expected_rows`` returns it, for several n.
    """
    wide = over_n(study, "width") / 2
    sizes = [int(n) for n in study.fits["n"].unique()]
    least = int(expected["least"].iloc[0])
    return build(
        "planning_precision",
        title=w("planning.precision.title"),
        note=w("planning.precision.note", replications=study.replications, least=least, dash=DASH),
        columns=[
            *_path_columns(expected, w, instrument=instrument),
            *(_at(n, wide[n], w, name="half_width", kind="coefficient", digits=2) for n in sizes),
            _needed(expected, "n_precision planning.precision.needed count", w=w, sizes=sizes),
        ],
    )


def _needed(expected: pd.DataFrame, spec: str, *, w: Wording, sizes: Sequence[int]) -> Column:
    """Return how many people it takes; below the smallest n that gave estimates the formula is no guide.

    Without such an n only the floor holds: one more than the questions.
    """
    (column,) = measured(expected, spec, w=w)
    least = int(expected["least"].iloc[0])
    smallest = min((n for n in sizes if n >= least), default=least)
    cells = zip(column.shown, expected[spec.split()[0]], strict=True)
    return column.showing(w("table.masked", minimum=smallest) if n < smallest else text for text, n in cells)


def _path_columns(expected: pd.DataFrame, w: Wording, *, instrument: Instrument) -> list[Column]:
    names = [path_name(row, w, instrument=instrument) for _, row in expected.iterrows()]
    codes = [f"{r.source} -> {r.target} ({r.kind})" for r in expected.itertuples()]
    return [
        words("path", heading=w("planning.path"), shown=names, values=codes),
        *measured(expected, "truth planning.value coefficient", w=w),
    ]


def _at(n: int, values: pd.Series, w: Wording, *, name: str, kind: str, digits: int) -> Column:
    heading = w("planning.at", n=int(n))
    return numbers(f"{name}_{n}", heading=heading, values=values, w=w, kind=kind, digits=digits)


def planning_quality_table(study: PowerStudy, w: Wording) -> Table:
    """Show for every n how the fits ended and how far estimates, errors and the test can be trusted."""
    fits = study.fits[study.fits["organisations"] == study.fits["organisations"].min()]
    rows = study.paths[study.paths["errors"] == OWN]
    rows = rows[rows["organisations"] == rows["organisations"].min()]
    by_n = rows.groupby("n", sort=True)
    worst = pd.DataFrame(
        {
            "bias": by_n["bias"].agg(lambda x: x.abs().max()),
            "se_bias": by_n["se_bias"].mean(),
            "coverage": by_n["coverage"].mean(),
        }
    ).reset_index()
    frame = fits.merge(worst, on="n")
    return build(
        "planning_quality",
        title=w("planning.quality.title"),
        note=w("planning.quality.note", replications=study.replications),
        columns=[
            *measured(
                frame,
                "n planning.n count",
                "converged planning.quality.converged percent 0",
                "admissible planning.quality.admissible percent 0",
                "bias planning.quality.bias coefficient",
                "se_bias planning.quality.se_bias percent 0",
                "coverage planning.quality.coverage percent 0",
                "rejected planning.quality.rejected percent 0",
                "top planning.quality.top percent 0",
                w=w,
            ),
        ],
    )


def planning_organisations_table(rows: pd.DataFrame, w: Wording, *, icc: str, replications: int) -> Table:
    """Show what respondents of few organisations cost.

    Parameters
    ----------
    rows : DataFrame
        From ``organisation_rows``.
    icc : {"documented", "fitted"}
        Where the likeness of colleagues comes from.
    replications : int
        Samples behind each row.
    """
    shown = [w.count(k) if k else w("planning.organisations.none") for k in rows["organisations"].astype(int)]
    return build(
        "planning_organisations",
        title=w("planning.organisations.title"),
        note=w(f"planning.organisations.note_{icc}", replications=replications, dash=DASH),
        columns=[
            words(
                "organisations",
                heading=w("planning.organisations.organisations"),
                shown=shown,
                values=rows["organisations"].astype(int),
            ),
            *measured(
                rows,
                "n planning.n count",
                "effective planning.organisations.effective count",
                "effective_mean planning.organisations.effective_mean count",
                "coverage planning.organisations.coverage percent 0",
                "coverage_clustered planning.organisations.clustered percent 0",
                w=w,
            ),
        ],
    )


def planning_loadings_table(rows: pd.DataFrame, w: Wording, *, instrument: Instrument, path: float) -> Table:
    """Show what better items bring; `rows` from ``loading_rows``.

    Parameters
    ----------
    rows : DataFrame
        As ``loading_rows`` returns it.
    path : float
        Standardised size of the path.
    """
    name = path_name(rows.iloc[0], w, instrument=instrument, inside=True)
    return build(
        "planning_loadings",
        title=w("planning.loadings.title"),
        note=w("planning.loadings.note", path=name, size=w.coefficient(path)),
        columns=measured(
            rows,
            "loading planning.loadings.loading coefficient",
            "half_width planning.loadings.half_width coefficient",
            "power planning.loadings.power percent 0",
            "n_power planning.power.needed count",
            "n_precision planning.precision.needed count",
            w=w,
        ),
    )


def planning_fit_table(rows: pd.DataFrame, w: Wording) -> Table:
    """Show the power of the tests of fit; `rows` from ``fit_test_rows``.

    Parameters
    ----------
    rows : DataFrame
        As ``fit_test_rows`` returns it.
    """
    return build(
        "planning_fit",
        title=w("planning.fit.title"),
        note=w("planning.fit.note", df=int(rows["df"].iloc[0])),
        columns=[
            verdicts("test", heading=w("planning.fit.test"), codes=rows["test"], prefix="planning.fit", w=w),
            *measured(
                rows,
                "null planning.fit.null coefficient",
                "alternative planning.fit.alternative coefficient",
                "n planning.n count",
                "power planning.fit.power percent 0",
                "needed planning.power.needed count",
                w=w,
            ),
        ],
    )
