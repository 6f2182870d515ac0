"""What was published of the study of 2012, beside the same numbers here."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from jq_models.data import OpenStudy
from jq_models.evaluate import construct_scores
from jq_models.evaluate.hypotheses import PUBLISHED, Mediation
from jq_models.report.columns import words
from jq_models.report.names_hypotheses import gap_words, with_interval
from jq_models.report.table import Table, build
from jq_models.report.wording import DASH, Wording

# data of Boer, Deinert, Homan & Voelpel (2016): 26 samples, N = 11,037
ANCHOR = {"estimate": 0.523, "samples": 26, "n": 11037}


def replication_table(found: Mediation, w: Wording, *, opened: OpenStudy) -> Table:
    """Show what is known of the published results, and the same here; what is not known is said to be."""
    rows = [
        ("n", w.count(PUBLISHED["n"]), w.count(opened.complete.n)),
        ("sat", w("replication.positive"), _effect(found, "SAT", "direct", w, opened)),
        ("com", w("replication.positive"), _effect(found, "COM", "direct", w, opened)),
        ("tin", w("replication.negative"), _effect(found, "TIN", "indirect", w, opened)),
        ("partial", w.coefficient(PUBLISHED["estimate"], 3), _partial(found, w, opened)),
        ("attitudes", w.coefficient(ANCHOR["estimate"], 3), _attitudes(opened, w)),
        ("unknown", DASH, DASH),
    ]
    names = [name for name, *_ in rows]
    return build(
        "replication",
        title=w("replication.title"),
        note=w("replication.note", samples=w.count(ANCHOR["samples"]), n=w.count(ANCHOR["n"])),
        columns=[
            words(
                "what",
                heading=w("replication.what"),
                shown=[w(f"replication.row.{name}") for name in names],
                values=names,
            ),
            words("published", heading=w("replication.published"), shown=[row[1] for row in rows]),
            words("here", heading=w("replication.here"), shown=[row[2] for row in rows]),
        ],
    )


def _effect(found: Mediation, target: str, kind: str, w: Wording, opened: OpenStudy) -> str:
    if found.gap is not None:
        return gap_words(found.gap, w, instrument=opened.instrument)
    rows = found.effects
    own = rows[(rows["target"] == target) & (rows["kind"] == kind)]
    return with_interval(own.iloc[0], w) if len(own) else w("replication.not_asked")


def _partial(found: Mediation, w: Wording, opened: OpenStudy) -> str:
    if found.gap is not None:
        return gap_words(found.gap, w, instrument=opened.instrument)
    if found.partial_correlation.empty:
        return w("replication.not_asked")
    return with_interval(found.partial_correlation, w, digits=3)


def _attitudes(opened: OpenStudy, w: Wording) -> str:
    """Write the correlation of the two scale scores with Fisher's interval."""
    scores = construct_scores(opened.responses)
    if not {"SAT", "COM"} <= set(scores):
        return w("replication.not_asked")
    pair = scores[["SAT", "COM"]].dropna()
    if len(pair) < max(10, opened.spec.minimum_group) or not (pair.std() > 0).all():
        return w("replication.not_asked")
    r = float(pair["SAT"].corr(pair["COM"]))
    half = 1.959964 / math.sqrt(len(pair) - 3)
    low, high = np.tanh(np.arctanh(r) + np.array([-half, half]))
    return with_interval(pd.Series({"estimate": r, "ci_low": low, "ci_high": high}), w, digits=3)
