"""Whether a PLS model lies farther from the answers than chance explains, in sentences."""

from __future__ import annotations

import pandas as pd

from jq_models.evaluate.composites.fit import composite_fit
from jq_models.evaluate.composites.route_result import Route
from jq_models.report.table import Table
from jq_models.report.tables_composite_fit import SRMR_LINE, composite_fit_table, fit_verdicts
from jq_models.report.wording import Wording

DRAWS = 500
# share of impossible solutions from which the test rejects at most 2.5 % of true models and loses power
# (tests/reference/pls_fit/RESULTS.md)
WEAK = 0.10


def composite_fit_views(
    route: Route | None, w: Wording, *, seed: int, draws: int = DRAWS, workers: int = 1
) -> list[str | Table]:
    """Return sentences and table on the fit of a route by PLS; nothing without a usable fit.

    Parameters
    ----------
    route : Route or None
        Of ``compare_routes``.
    seed, draws, workers : int
        Of the test, as in ``composite_fit``.
    """
    if route is None or route.fit is None or not route.fit.usable:
        return []
    rows = composite_fit(route.fit, draws=draws, seed=seed, workers=workers)
    model = w(f"routes.name.{route.code}")
    return [
        composite_fit_sentences(rows, w, model=model),
        composite_fit_table(rows, w, model=model, name=f"composite_fit_{route.code}"),
    ]


def composite_fit_sentences(rows: pd.DataFrame, w: Wording, *, model: str) -> str:
    """Say whether chance explains the distance, where it lies if not, and how large it is.

    Parameters
    ----------
    rows : DataFrame
        As ``composite_fit`` returns it.
    model : str
        What the model is called.
    """
    judged = rows.assign(verdict=fit_verdicts(rows))
    whole = judged[judged["model"] == "estimated"].set_index("index")
    free = judged[judged["model"] == "saturated"].set_index("index")
    sentences = [_tested(whole, w, model=model)]
    if (whole["verdict"] == "rejected").any():
        sentences.append(_place(whole, free, w))
    elif (whole["verdict"] == "kept").any() and (impossible := float(whole["inadmissible"].max())) >= WEAK:
        sentences.append(w("composite_fit.weak", share=w.percent(impossible)))
    srmr = float(whole["value"]["srmr"])
    reached = srmr <= SRMR_LINE.value
    sentences.append(
        w(
            "composite_fit.small" if reached else "composite_fit.large",
            srmr=w.coefficient(srmr, 3),
            line=w.coefficient(SRMR_LINE.value),
            source=w(f"source.{SRMR_LINE.source}"),
        )
    )
    return " ".join(text for text in sentences if text)


def _tested(whole: pd.DataFrame, w: Wording, *, model: str) -> str:
    """Say what the test found, or why there was none."""
    names = {v: [w(f"composite_fit.{i}") for i in part.index] for v, part in whole.groupby("verdict")}
    if "kept" not in names and "rejected" not in names:
        reason = str(whole["reason"].iloc[0]) or "not_asked"
        return w(f"composite_fit.why_{reason}", model=model)
    key = "mixed" if "kept" in names and "rejected" in names else "kept" if "kept" in names else "rejected"
    return w(
        f"composite_fit.{key}",
        model=model,
        kept=w.join(names.get("kept", [])),
        rejected=w.join(names.get("rejected", [])),
        p=w.p_equals(float(whole["pvalue"]["srmr"])),
        share=w.percent(float(whole["pvalue"]["srmr"])),
    )


def _place(whole: pd.DataFrame, free: pd.DataFrame, w: Wording) -> str:
    """Say whether the misfit stays when the constructs may go together freely."""
    rejected = list(whole.index[whole["verdict"] == "rejected"])
    still = list(free["verdict"][rejected])
    if "rejected" in still:
        return w("composite_fit.in_blocks")
    return w("composite_fit.in_paths") if set(still) == {"kept"} else ""
