"""The first page: five sentences for the board, and the priorities with what may be done about them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.evaluate import FitIndices, judge_effect, judge_fit, plan
from jq_models.evaluate.attention import PRIORITIES, Attention
from jq_models.report.names import inline, inside_sentence, name_of, score_digits
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
        Why that model was not estimated at all, when too few answered (`gate_sentences`); a board is told so
        in plain words.
    """
    instrument, n, invited = opened.instrument, opened.responses.n, opened.spec.client.invited
    known = effects is not None and fit is not None
    sentences = [
        _people(w, n=n, invited=invited),
        _scores(summary, w, instrument=instrument),
        _goes_with(effects, w, instrument=instrument)
        if effects is not None and known
        else _no_model(opened, w, left_out=left_out),
        _attention(found, w, instrument=instrument),
        _trust(fit if known else None, w, admissible=admissible),
    ]
    return "\n".join(f"- {sentence}" for sentence in sentences if sentence)


def priority_list(found: Attention, w: Wording, *, summary: pd.DataFrame, instrument: Instrument) -> str:
    """Return the supported priorities, at most three, as a numbered list: score, how certain, a first step.

    Without one there is no list, only a heading that says so. A step is suggested only for dimensions the
    articles behind this workbook speak of.
    """
    rows = found.priorities
    if rows.empty:
        return f"{w('board.heading_none')}\n\n{w('board.none_note')}"
    digits, lines, steps = score_digits(instrument), [w(f"board.heading_{len(rows)}"), ""], False
    for number, (_, row) in enumerate(rows.iterrows(), start=1):
        code = str(row["dimension"])
        name = name_of(code, instrument=instrument, w=w)
        mean = w.number(_mean(summary, code), digits)
        parts = [w("board.priority", name=name, mean=mean), _certain(found, row, w)]
        if f"action.{code}" in w:
            steps = True
            parts.append(w("board.step", step=inside_sentence(w(f"action.{code}"))))
        lines.append(f"{number}. {' '.join(parts)}")
    notes = [how_many(found, w), w("board.step_note") if steps else ""]
    return "\n".join([*lines, "", " ".join(note for note in notes if note)])


def how_many(found: Attention, w: Wording) -> str:
    """Say that there are more or fewer supported priorities than three; nothing of three."""
    count = len(found.supported)
    if count == PRIORITIES:
        return ""
    return w("board.more", count=count) if count > PRIORITIES else w("board.fewer")


def _certain(found: Attention, row: pd.Series, w: Wording) -> str:
    """Say among how many a priority certainly is, in the reading that supports it most."""
    key, high = f"board.ranked_{row['reading']}", int(row["rank_high"])
    count = len(found.of(str(row["reading"])))
    return w(f"{key}_1", count=count) if high == 1 else w(key, high=high, count=count)


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
    """Name the priorities by what makes them so, and say where importance does not tell dimensions apart."""
    if found.table.empty:
        return w("board.no_priorities")
    rows = found.priorities
    if rows.empty:
        said = w("board.attention_open")
    else:
        by = [str(readings).split() for readings in rows["readings"]]
        shared = [reading for reading in by[0] if all(reading in readings for readings in by)]
        names = [inline(str(code), instrument=instrument, w=w) for code in rows["dimension"]]
        if shared:
            key = "board.attention_one" if len(names) == 1 else "board.attention"
            said = w(key, why=_because(shared, w), listed=w.join(names))
        else:
            named = zip(names, by, strict=True)
            each = [w("board.attention_because", name=name, why=_because(why, w)) for name, why in named]
            said = w("board.attention_each", listed=w.join(each))
    return f"{said} {w('board.importance_open')}" if _alike(found.weighing) else said


def _because(readings: Sequence[str], w: Wording) -> str:
    return w.join(w(f"board.because_{reading}") for reading in readings)


def _alike(importance: pd.DataFrame) -> bool:
    """Say whether no dimension certainly lies in one half of the ranks by importance."""
    half = len(importance) // 2
    sided = (importance["rank_high"] <= half) | (importance["rank_low"] > len(importance) - half)
    return len(importance) > 1 and not sided.any()


def _no_model(opened: OpenStudy, w: Wording, *, left_out: str) -> str:
    """Say why nothing is said of what goes together, and where it is told from scale scores instead."""
    if not left_out:
        return w("board.no_model")
    known = plan(opened)
    return w("board.model_left_out" if known.n < known.needs("score_path") else "board.model_by_scores")


def _trust(fit: FitIndices | None, w: Wording, *, admissible: bool) -> str:
    if fit is None:
        return w("board.no_cause")
    level = judge_fit(fit).level if admissible else "inadmissible"
    return f"{w('board.no_cause')} {w(f'summary.fit_{level}', n=fit.n)}"


def _mean(summary: pd.DataFrame, code: str) -> float:
    return float(summary["mean"].get(code, math.nan))
