"""The map of importance and performance in words: what is decided, what the estimates only point to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from jq_models.evaluate.composites.advice import VIF_LINE
from jq_models.evaluate.composites.ipma import Ipma
from jq_models.report.names import inline
from jq_models.report.tables_prediction import placed, turn
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

STEP = 10  # points of 100 that a sentence speaks of


def ipma_sentences(
    found: Ipma,
    w: Wording,
    *,
    instrument: Instrument,
    truth: Ipma | None = None,
    front: Sequence[str] | None = None,
) -> str:
    """Say what lies in the field of what is important and scores low, and what is not certain.

    Parameters
    ----------
    truth, front
        As for `ipma_views`.
    """
    rows = placed(found, instrument)
    known = rows[rows["field"] != "unknown"]
    target = inline(found.target, instrument=instrument, w=w)
    entries = []
    if len(known) > 1:
        entries += [
            _field(known, target=target, w=w, instrument=instrument),
            *_true(truth, w, instrument=instrument),
            *_beside_front(known, front, target=target, w=w, instrument=instrument),
            *_strongest(known, target=target, w=w, instrument=instrument),
        ]
    entries.append(w("ipma.stands", target=target, performance=w.number(found.performance, 0)))
    if found.negative:
        names = _names(found.negative, w, instrument=instrument)
        entries.append(w("ipma.negative", listed=w.join(names)))
    if found.failed:
        entries.append(w("ipma.failed", failed=found.failed, draws=found.draws))
    return "\n".join(f"- {entry}" for entry in entries)


def no_map_sentence(
    found: Ipma, w: Wording, *, overlap: Sequence[str], wide: Sequence[str], instrument: Instrument
) -> str:
    """Say why there is no map.

    Parameters
    ----------
    overlap, wide : sequence of str
        As ``evaluate.composites.outlook`` finds them: dimensions that the others all but determine, and those
        whose importance has a very wide interval. Not both empty.
    """
    why = (
        w(
            "ipma.no_map_overlap",
            listed=w.join(_names(overlap, w, instrument=instrument)),
            line=w.number(VIF_LINE.value, 0),
            source=w(f"source.{VIF_LINE.source}"),
        )
        if overlap
        else w("ipma.no_map_wide", listed=w.join(_names(wide, w, instrument=instrument)))
    )
    return w("ipma.no_map", target=inline(found.target, instrument=instrument, w=w), why=why)


def _field(rows: pd.DataFrame, *, target: str, w: Wording, instrument: Instrument) -> str:
    decided = _in(rows, "field", w, instrument=instrument)
    leaning = [n for n in _in(rows, "leaning", w, instrument=instrument) if n not in decided]
    if decided:
        sentence = w("ipma.first", listed=w.join(decided), target=target)
        return f"{sentence} {w('ipma.first_more', listed=w.join(leaning))}" if leaning else sentence
    sentence = w("ipma.first_none", target=target)
    end = w("ipma.first_leaning", listed=w.join(leaning)) if leaning else w("ipma.first_neither")
    return f"{sentence} {end}"


def _true(truth: Ipma | None, w: Wording, *, instrument: Instrument) -> Iterable[str]:
    if truth is None:
        return
    names = _in(placed(truth, instrument), "leaning", w, instrument=instrument)
    yield w("ipma.truth", listed=w.join(names)) if names else w("ipma.truth_none")


def _beside_front(
    rows: pd.DataFrame,
    front: Sequence[str] | None,
    *,
    target: str,
    w: Wording,
    instrument: Instrument,
) -> Iterable[str]:
    """Say how this map and the report's first figure go together."""
    if front is None:
        return
    here = _in(rows, "leaning", w, instrument=instrument)
    there = _names(front, w, instrument=instrument)
    if set(here) == set(there):
        yield w("ipma.front_same", target=target)
        return
    yield w(
        "ipma.front_other",
        target=target,
        here=w.join(here) or w("ipma.no_dimension"),
        there=w.join(there) or w("ipma.no_dimension"),
    )


def _strongest(rows: pd.DataFrame, *, target: str, w: Wording, instrument: Instrument) -> Iterable[str]:
    """Name the strongest link where its interval leaves out zero, and how uncertain the order is."""
    side = turn(rows)
    ends = rows[["importance_low", "importance_high"]] * side
    low, high = ends.min(axis=1), ends.max(axis=1)
    top = str((rows["importance"] * side).idxmax())
    if pd.isna(low[top]):
        return
    name = inline(top, instrument=instrument, w=w)
    if low[top] <= 0.0:
        yield w("ipma.strongest_unclear", name=name, target=target)
        return
    sentence = w(
        "ipma.strongest_less" if side < 0.0 else "ipma.strongest_more",
        name=name,
        step=STEP,
        target=target,
        points=w.number(STEP * float(rows["importance"][top]) * side, 1),
        interval=w.interval(STEP * float(low[top]), STEP * float(high[top]), 1),
    )
    others = int((high.drop(top) >= low[top]).sum())
    order = w("effects.order_uncertain", count=others) if others else w("effects.order_certain")
    yield f"{sentence} {order}"


def _in(rows: pd.DataFrame, column: str, w: Wording, *, instrument: Instrument) -> list[str]:
    """Return the names of what lies in the field of what is important and scores low."""
    return _names(rows.index[rows[column] == "first"], w, instrument=instrument)


def _names(codes: Iterable[object], w: Wording, *, instrument: Instrument) -> list[str]:
    return [inline(str(code), instrument=instrument, w=w) for code in codes]
