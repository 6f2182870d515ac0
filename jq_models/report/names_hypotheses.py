"""Names in tables and sentences on hypotheses: blocks, facets and variables; why something is missing."""

from __future__ import annotations

import math

import pandas as pd

from jq_models.evaluate.hypotheses import Gap
from jq_models.report.names import construct_of, inline
from jq_models.report.tables_structure import reason_words
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

BLOCK_NAMES = ("operational", "learning")


def subject(code: str, w: Wording, *, instrument: Instrument) -> str:
    """Return the name of a variable, block or facet within a sentence; several codes become a list."""
    if " " in code:
        return w.join(subject(one, w, instrument=instrument) for one in code.split())
    if code in BLOCK_NAMES:
        return w(f"hypotheses.block.{code}")
    construct, _, facet = code.partition("_")
    found = construct_of(construct, instrument)
    if facet and found is not None and facet in found.facets:
        name = w.of(found.facets[facet])
        return name[:1].lower() + name[1:]
    key = f"hypotheses.name.{code}"
    if construct_of(code, instrument) is None and key in w:
        return w(key)
    # a second name in brackets would stand within brackets: "(role clarity (role ambiguity))"
    return inline(code, instrument=instrument, w=w).split(" (")[0]


def with_interval(row: pd.Series, w: Wording, *, digits: int = 2) -> str:
    """Write an estimate with its interval, or alone where it has none."""
    if math.isnan(float(row["ci_low"])):
        return w.coefficient(float(row["estimate"]), digits)
    interval = w.coefficient_interval(float(row["ci_low"]), float(row["ci_high"]), digits)
    return f"{w.coefficient(float(row['estimate']), digits)} {interval}"


def gap_words(gap: Gap, w: Wording, *, instrument: Instrument) -> str:
    """Say why something was not computed, without a capital or a full stop."""
    reasons = gap.status.reasons if gap.status is not None else ()
    return w(
        f"hypotheses.gap.{gap.code}",
        names=w.join(subject(code, w, instrument=instrument) for code in gap.where),
        needs=gap.needs,
        n=gap.n,
        reasons=w.join(reason_words(reason, w) for reason in reasons) or w("hypotheses.gap.no_reason"),
    )
