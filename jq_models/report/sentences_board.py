"""The first page: five sentences for the board, and the three priorities with what may be done about them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.evaluate import FitIndices, judge_effect, judge_fit
from jq_models.evaluate.attention import Attention
from jq_models.report.marks import inside_sentence
from jq_models.report.names import inline, name_of, score_digits
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

ENDS = 2  # dimensions named at the top and at the bottom


def board_sentences(
    summary: pd.DataFrame,
    w: Wording,
    *,
    found: Attention,
    effects: pd.DataFrame | None,
    fit: FitIndices | None,
    admissible: bool,
    opened: OpenStudy,
    left_out: str = "",
) -> str:
    """Say in five sentences who answered, what scores high and low, what goes together, what needs attention.

    Parameters
    ----------
    summary : DataFrame
        Scores by construct, as ``construct_summary`` returns them; NaN where they may not be shown.
    found : Attention
        As ``evaluate.attention`` returns it.
    effects : DataFrame or None
        Effects of job quality, as ``effects`` returns them; None when the model gave none.
    fit : FitIndices or None
        Fit of the model the effects come from.
    admissible : bool
        Whether that model's solution is; one that is not is never praised.
    opened : OpenStudy
        The study, for how many answered and how many were invited.
    left_out : str
        Why that model was not estimated at all, when it was not (`gate_sentences`).
    """
    instrument, n, invited = opened.instrument, opened.responses.n, opened.spec.client.invited
    known = effects is not None and fit is not None
    sentences = [
        _people(w, n=n, invited=invited),
        _scores(summary, w, instrument=instrument),
        _goes_with(effects, w, instrument=instrument) if effects is not None and known else "",
        _attention(found, w, instrument=instrument),
        _trust(fit, w, admissible=admissible, left_out=left_out)
        if known
        else left_out or w("board.no_model"),
    ]
    return "\n".join(f"- {sentence}" for sentence in sentences if sentence)


def priority_list(found: Attention, w: Wording, *, summary: pd.DataFrame, instrument: Instrument) -> str:
    """Return the three priorities as a numbered list, each with its score, its rank and a first step.

    A step is suggested only where the priority is supported, and only for dimensions the articles behind
    this workbook speak of.
    """
    if found.priorities.empty:
        return w("board.no_priorities")
    digits, lines = score_digits(instrument), [w("board.priorities"), ""]
    for number, (_, row) in enumerate(found.priorities.iterrows(), start=1):
        code = str(row["dimension"])
        parts = [
            w(
                "board.priority",
                name=name_of(code, instrument=instrument, w=w),
                mean=w.number(_mean(summary, code), digits),
            ),
            _ranked(found, row, w),
        ]
        step = f"action.{code}"
        if not row["supported"]:
            parts.append(w("board.unsupported"))
        elif step in w:
            parts.append(w("board.step", step=inside_sentence(w(step))))
        lines.append(f"{number}. {' '.join(parts)}")
    note = w("board.step_note") if found.priorities["supported"].any() else w("board.unsupported_note")
    return "\n".join([*lines, "", note])


def rank_words(low: int, high: int, w: Wording) -> str:
    """Return ``1`` or ``1 to 4``."""
    return w.count(low) if low == high else w("attention.ranks", low=low, high=high)


def _ranked(found: Attention, row: pd.Series, w: Wording) -> str:
    """Say which ranks are possible: in the first reading that supports the priority, else the leading one."""
    readings = str(row["readings"]).split()
    reading = readings[0] if readings else found.leading
    own = found.of(reading)
    at = own.index == str(row["dimension"])
    low, high = (int(own[bound].to_numpy()[at][0]) for bound in ("rank_low", "rank_high"))
    ranks = rank_words(low, high, w)
    return w(f"board.ranked_{reading}", ranks=ranks, count=len(own))


def _people(w: Wording, *, n: int, invited: int | None) -> str:
    if invited is None or invited < n:
        return w("board.people", n=n)
    return w("board.people_invited", n=n, invited=invited, rate=w.percent(n / invited))


def _scores(summary: pd.DataFrame, w: Wording, *, instrument: Instrument) -> str:
    codes = [c.code for c in instrument.dimensions if c.code in summary.index]
    means = summary.loc[codes, "mean"].dropna()
    if len(means) < 2 * ENDS:
        return ""
    low, high = instrument.score_range
    return w(
        "board.scores",
        high=_listed(means.nlargest(ENDS), w, instrument=instrument),
        low=_listed(means.nsmallest(ENDS), w, instrument=instrument),
        begin=w.count(low),
        end=w.count(high),
    )


def _listed(means: pd.Series, w: Wording, *, instrument: Instrument) -> str:
    digits = score_digits(instrument)
    named = (
        w("board.score", name=inline(str(code), instrument=instrument, w=w), mean=w.number(mean, digits))
        for code, mean in means.items()
    )
    return w.join(named)


def _goes_with(effects: pd.DataFrame, w: Wording, *, instrument: Instrument) -> str:
    clauses: Mapping[str, list[str]] = {"positive": [], "negative": [], "undecided": []}
    for _, row in effects[effects["kind"] == "total"].iterrows():
        direction = "undecided" if math.isnan(row["estimate"]) else judge_effect(row)
        if direction in clauses:
            target = inline(str(row["target"]), instrument=instrument, w=w)
            strength = w.coefficient(row["estimate"])
            clauses[direction].append(w(f"board.clause_{direction}", target=target, strength=strength))
    certain = clauses["positive"] + clauses["negative"]
    parts = [w("board.goes_with", listed=w.join(certain))] if certain else []
    if clauses["undecided"]:
        parts.append(w("board.goes_undecided", listed=w.join(clauses["undecided"])))
    return " ".join(parts)


def _attention(found: Attention, w: Wording, *, instrument: Instrument) -> str:
    if found.priorities.empty:
        return w("board.no_priorities")
    supported = found.priorities[found.priorities["supported"]]["dimension"]
    named = [inline(str(code), instrument=instrument, w=w) for code in supported]
    if not named:
        return w("board.attention_open")
    key = "board.attention_one" if len(named) == 1 else "board.attention"
    return w(key, listed=w.join(named))


def _trust(fit: FitIndices | None, w: Wording, *, admissible: bool, left_out: str) -> str:
    if fit is None:
        return left_out
    level = judge_fit(fit).level if admissible else "inadmissible"
    return f"{w('board.no_cause')} {w(f'summary.fit_{level}', n=fit.n)}"


def _mean(summary: pd.DataFrame, code: str) -> float:
    return float(summary["mean"].get(code, math.nan))
