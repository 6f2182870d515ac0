"""The page of all claims, H1 to H30: where each comes from, what was found, the verdict."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jq_models.evaluate.hypotheses import Verdicts
from jq_models.evaluate.sources.steering import SMALLEST_INDIRECT
from jq_models.report.columns import Column, numbers, verdicts, words
from jq_models.report.table import Table, build
from jq_models.report.tables_hypotheses import found_words
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

# where a claim was first read: the kind of source, and its first claim
SOURCES = {"studies": "H1", "email": "H9", "press": "H16", "opinion": "H22"}


def hypotheses_table(
    own: Verdicts,
    others: Verdicts,
    w: Wording,
    *,
    instrument: Instrument,
    status: Mapping[str, str] | None = None,
) -> Table:
    """Show every claim with its source, what was found or why nothing, and the verdict.

    Parameters
    ----------
    own : Verdicts
        Of H1 to H8.
    others : Verdicts
        Of H9 to H30.
    instrument : Instrument
        The questionnaire with its modules.
    status : mapping of str to str, optional
        Of every claim whether its test was registered (`claim_status`); without it the column is left out.
    """
    claims = pd.concat([own.claims, others.claims])
    names = list(claims.index)
    shown = [
        found_words(name, own if name in own.claims.index else others, w, instrument=instrument)
        for name in names
    ]
    return build(
        "hypotheses",
        title=w("hypotheses.all.title"),
        note=w("hypotheses.all.note", indirect=w.coefficient(SMALLEST_INDIRECT)),
        grouped=True,
        columns=[
            words(
                "source",
                heading=w("hypotheses.head.source"),
                shown=[w(f"hypotheses.source.{kind}") for kind in _kinds(names)],
                values=_kinds(names),
            ),
            words(
                "hypothesis",
                heading=w("hypotheses.head.claim"),
                shown=[f"{name}\u2002{w(f'hypotheses.claim.{name}')}" for name in names],
                values=names,
            ),
            words("found", heading=w("hypotheses.all.found"), shown=shown),
            numbers("p_holm", heading=w("hypotheses.head.holm"), values=claims["holm"], w=w, kind="p_value"),
            verdicts(
                "verdict", heading=w("col.verdict"), codes=claims["verdict"], prefix="hypotheses.verdict", w=w
            ),
            *_registered(names, status or {}, w),
        ],
    )


def _registered(names: list[str], status: Mapping[str, str], w: Wording) -> list[Column]:
    if not status:
        return []
    codes = [status[name] for name in names]
    return [
        verdicts(
            "registered", heading=w("registration.column"), codes=codes, prefix="registration.status", w=w
        )
    ]


def _kinds(names: list[str]) -> list[str]:
    kinds, kind = [], ""
    first = {claim: source for source, claim in SOURCES.items()}
    for name in names:
        kind = first.get(name, kind)
        kinds.append(kind)
    return kinds
