"""Planning in words: how many people are enough, and for what."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from jq_models.report.tables_planning import over_n, path_name
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

if TYPE_CHECKING:
    from jq_models.evaluate.power import PowerStudy, StudyPopulation

POWER = 0.80  # convention of Cohen (1988)
PATH = 0.20  # the size of the sentence to take away: between Cohen's small and medium correlation
FEW = 20  # organisations below which robust errors are called too small


def of_100(share: float, w: Wording) -> str:
    """Return a share as a number of 100 studies; only certainty is 100."""
    count = round(100 * share)
    return w.count(99 if count == 100 and share < 1 else count)


def population_sentences(planned: StudyPopulation, w: Wording, *, replications: int) -> str:
    """Say what the planned studies are drawn from.

    Parameters
    ----------
    replications : int
        Samples of each size.
    """
    said = w(f"planning.reason.{planned.reason}")
    if planned.population is None:
        return said
    drawn = w(
        "planning.population.drawn",
        replications=replications,
        loading=w.coefficient(planned.population.mean_loading),
    )
    own = [w("planning.sentence.own", n=planned.n)] if planned.n else []
    return " ".join([said, drawn, *own])


def inestimable_sentence(w: Wording, *, n: int, least: int) -> str:
    """Say that n people are too few for the model; `least` as in ``expected_rows``."""
    return w("planning.sentence.none", n=n, items=least - 1)


def takeaway_sentence(expected: pd.DataFrame, w: Wording, *, n: int, instrument: Instrument) -> str:
    """Return the one sentence to take away, and the path it is about, or that n people are too few.

    Parameters
    ----------
    expected : DataFrame
        From ``expected_rows`` at `n`.
    """
    from jq_models.evaluate.power import wald_power, weakest

    row = weakest(expected)
    if n < row["least"]:
        return f"**{inestimable_sentence(w, n=n, least=int(row['least']))}**"
    found = float(wald_power(PATH, float(row["se"])))
    first = w(
        "planning.sentence.takeaway",
        n=n,
        size=w.coefficient(PATH),
        found=of_100(found, w),
        needed=int(row["n_precision"]),
    )
    second = w(
        "planning.sentence.path",
        path=path_name(row, w, instrument=instrument, inside=True),
        smallest=w.coefficient(math.ceil(100 * float(row["smallest"])) / 100),
        n=n,
    )
    return f"**{first}** {second}"


def power_sentences(study: PowerStudy, w: Wording, *, instrument: Instrument) -> str:
    """Say for every n how often the path is found that is missed most often; a list."""
    wide, rows = over_n(study, "power"), study.truth.quantities.rows
    entries, floor = [], len(study.population.items) + 1
    for n in study.fits["n"].unique():
        found = wide[n].to_numpy(dtype=float)
        if n < floor:
            entries.append(inestimable_sentence(w, n=int(n), least=floor))
            continue
        if np.isnan(found).all():
            entries.append(w("planning.sentence.failed", n=int(n)))
            continue
        k, least = int(np.nanargmin(found)), float(np.nanmin(found))
        if least >= POWER:
            # certainty is not for simulations
            entries.append(w("planning.sentence.all", n=int(n), least=of_100(min(least, 0.99), w)))
            continue
        entries.append(
            w(
                "planning.sentence.weak",
                n=int(n),
                path=path_name(rows.iloc[k], w, instrument=instrument, inside=True),
                value=w.coefficient(float(study.truth.values[k])),
                found=of_100(least, w),
            )
        )
    return "\n".join(f"- {entry}" for entry in entries)


def top_sentence(study: PowerStudy, w: Wording) -> str:
    """Say how often the three strongest dimensions are rightly named."""
    fits = study.fits[study.fits["organisations"] == study.fits["organisations"].min()].dropna(subset=["top"])
    if fits.empty:
        return ""
    shares = [
        w("planning.sentence.top_one", share=of_100(float(r.top), w), n=int(r.n)) for r in fits.itertuples()
    ]
    return w("planning.sentence.top", shares=w.join(shares))


def precision_sentences(expected: pd.DataFrame, w: Wording, *, n: int) -> str:
    """Say how far intervals reach at one n, and what it takes to know every direct path to within .10.

    Parameters
    ----------
    expected : DataFrame
        As ``expected_rows`` returns it.
    """
    half = expected["width"] / 2
    direct = expected[expected["kind"] == "direct"]
    first = w(
        "planning.sentence.precision",
        n=n,
        low=w.coefficient(float(half.min())),
        high=w.coefficient(float(half.max())),
    )
    needed = w("planning.sentence.precision_needed", needed=int(direct["n_precision"].max()))
    return f"{first} {needed}"


def organisation_sentences(rows: pd.DataFrame, w: Wording) -> str:
    """Say what respondents of few organisations cost; `rows` from ``organisation_rows``; a list.

    Parameters
    ----------
    rows : DataFrame
        As ``organisation_rows`` returns it.
    """
    entries = []
    for _, row in rows[rows["organisations"] > 0].dropna(subset=["coverage"]).iterrows():
        organisations = int(row["organisations"])
        texts = [
            w(
                "planning.sentence.organisations",
                n=int(row["n"]),
                organisations=organisations,
                effective=round(float(row["effective"])),
                mean=round(float(row["effective_mean"])),
            ),
            w(
                "planning.sentence.coverage",
                plain=of_100(float(row["coverage"]), w),
                clustered=of_100(float(row["coverage_clustered"]), w),
            ),
        ]
        if organisations < FEW:
            texts.append(w("planning.sentence.few", organisations=organisations))
        entries.append("- " + " ".join(texts))
    return "\n".join(entries)


def loading_quality_sentence(rows: pd.DataFrame, w: Wording, *, path: float) -> str:
    """Say what better questions bring; `rows` from ``loading_rows``, weakest first.

    Parameters
    ----------
    rows : DataFrame
        As ``loading_rows`` returns it.
    path : float
        Standardised size of the path.
    """
    first, last = rows.iloc[0], rows.iloc[-1]
    return w(
        "planning.sentence.loadings",
        n=int(first["n"]),
        size=w.coefficient(path),
        weak=of_100(float(first["power"]), w),
        low=w.coefficient(float(first["loading"])),
        strong=of_100(float(last["power"]), w),
        high=w.coefficient(float(last["loading"])),
    )


def fit_test_sentence(rows: pd.DataFrame, w: Wording, *, items: int) -> str:
    """Say what the test of close fit takes; `rows` from ``fit_test_rows``, `items` those of the model.

    Parameters
    ----------
    rows : DataFrame
        As ``fit_test_rows`` returns it.
    items : int
        Items of the model.
    """
    row = rows[rows["test"] == "close"].iloc[0]
    values: dict[str, str | int] = {
        "alternative": w.coefficient(float(row["alternative"])),
        "null": w.coefficient(float(row["null"])),
        "needed": int(row["needed"]),
    }
    if row["needed"] <= items:
        return w("planning.sentence.fit_few", **values, items=items)
    return w("planning.sentence.fit", **values)
