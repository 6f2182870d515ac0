"""Which conclusions hold however one computes, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from jq_models.evaluate.gates import Plan
from jq_models.evaluate.key_paths import DIRECT
from jq_models.evaluate.robustness import CarelessCounts, Robustness, Variant, conclusions
from jq_models.evaluate.robustness.method_factor import METHOD
from jq_models.report.figure import Drawing
from jq_models.report.figures_robustness import robustness_figure
from jq_models.report.sentences_gates import gate_sentences
from jq_models.report.sentences_structure import estimate
from jq_models.report.table import Table
from jq_models.report.tables_nesting import label_of, path_name
from jq_models.report.tables_robustness import (
    careless_table,
    estimate_of,
    robustness_tables,
    rows_of,
    variant_name,
)
from jq_models.report.tables_structure import reason_words
from jq_models.report.wording import Wording
from jq_models.spec import Group, Instrument

MOVED = 0.05  # ours: a path that moves less than this when a group is left out is not worth a sentence


def robustness_views(
    found: Robustness | None,
    w: Wording,
    *,
    plan: Plan,
    groups: Sequence[Group],
    instrument: Instrument,
    minimum: int,
) -> list[Table | Drawing | str]:
    """Return what a reader sees of the variants: sentences, figure, tables.

    Parameters
    ----------
    found : Robustness or None
        As ``evaluate.compare_variants`` returns it; None: the gate is closed, or outcomes were not asked.
    plan : Plan
        Says why, then.
    groups : sequence of Group
        Of the study file, for their labels.
    minimum : int
        Smallest number of people shown.
    """
    if found is None and plan.allows("second_order"):
        return [w("robustness.no_outcomes")]
    if found is None:
        return [gate_sentences(plan, w, analysis="second_order", part=w("robustness.part"))]
    if not found.usable:
        reasons = w.join(reason_words(r, w) for r in found.reference.reasons)
        return [w("robustness.failed_all", reasons=reasons or w("robustness.why.failed"))]
    return [
        robustness_sentences(found, w, groups=groups, instrument=instrument),
        robustness_figure(found, w, groups=groups, instrument=instrument),
        *robustness_tables(found, w, groups=groups, instrument=instrument, minimum=minimum),
    ]


def careless_views(found: Robustness | None, w: Wording, *, minimum: int) -> list[Table | str]:
    """Return what a reader sees of careless answering: a sentence and a table, or nothing for None."""
    if found is None:
        return []
    counts = found.careless
    return [careless_sentence(counts, w, minimum=minimum), careless_table(counts, w, minimum=minimum)]


def careless_sentence(counts: CarelessCounts, w: Wording, *, minimum: int) -> str:
    """Say how many people show a sign of careless answering; a small number is not told."""
    if counts.flagged < minimum:
        return w("careless.sentence_fewer", n=counts.n, minimum=minimum)
    return w("careless.sentence", n=counts.n, count=counts.flagged)


def robustness_sentences(
    found: Robustness, w: Wording, *, groups: Sequence[Group], instrument: Instrument
) -> str:
    """Say which conclusions hold in every variant, where others break, and what was not computed."""
    judged = conclusions(found)
    entries = [
        " ".join([*_holding(judged, found, w=w, instrument=instrument), *_aside(found, w, groups=groups)]),
        *_breaking(judged, found, w=w, groups=groups, instrument=instrument),
        *_influence(found, w, groups=groups, instrument=instrument),
        *_direct(found, w),
        *_notes(found, w, groups=groups),
    ]
    return "\n".join(f"- {entry}" for entry in entries)


def _holding(judged: pd.DataFrame, found: Robustness, *, w: Wording, instrument: Instrument) -> Iterable[str]:
    paths, holding = len(judged), int(judged["holds"].sum())
    if holding == paths:
        yield w("robustness.all_hold", paths=paths, fits=_fits(found))
    elif holding:
        yield w("robustness.some_hold", paths=paths, holding=holding)
    else:
        yield w("robustness.none_hold", paths=paths)
    throughout = judged[judged["holds"] & (judged["direction"] == "undecided")]
    if len(throughout):
        listed = "; ".join(_name(row, w, instrument=instrument) for _, row in throughout.iterrows())
        yield w("robustness.undecided", paths=listed)
    row = judged.iloc[int((judged["high"] - judged["low"]).to_numpy().argmax())]
    yield w(
        "robustness.widest",
        path=_name(row, w, instrument=instrument),
        low=w.coefficient(row["low"]),
        high=w.coefficient(row["high"]),
    )


def _fits(found: Robustness) -> int:
    """Return how many fits stand beside the reference."""
    others = sum(not v.why_not and not v.inadmissible for v in found.variants[1:-1])
    return others + int(found.left_out["group"].nunique())


def _aside(found: Robustness, w: Wording, *, groups: Sequence[Group]) -> Iterable[str]:
    """Name the variants that are not counted, for their solution is inadmissible."""
    names = [variant_name(v, w, groups=groups) for v in found.variants[1:] if v.inadmissible]
    if names:
        yield w("robustness.set_aside", variants="; ".join(names))


def _breaking(
    judged: pd.DataFrame,
    found: Robustness,
    *,
    w: Wording,
    groups: Sequence[Group],
    instrument: Instrument,
) -> Iterable[str]:
    for _, row in judged[~judged["holds"].astype(bool)].iterrows():
        own = pd.Series(estimate_of(found.reference.estimates, (row["source"], row["target"], row["kind"])))
        yield w(
            "robustness.breaks",
            path=_name(row, w, instrument=instrument),
            direction=w(f"direction.{row['direction']}"),
            estimate=estimate(own, w),
            variants="; ".join(variant_name(found.of(code), w, groups=groups) for code in row["breaks"]),
        )


def _influence(
    found: Robustness, w: Wording, *, groups: Sequence[Group], instrument: Instrument
) -> Iterable[str]:
    """Name the group (all left-out groups may be shown) whose absence moves a path most."""
    best = None
    for path in found.paths:
        rows, reference = rows_of(found.left_out, path), estimate_of(found.reference.estimates, path)
        moved = (rows["estimate"].astype(float) - reference["estimate"]).abs()
        if len(moved) and (best is None or moved.max() > best[0]):
            best = (float(moved.max()), path, rows.iloc[int(moved.to_numpy().argmax())], reference)
    if best is not None and best[0] >= MOVED:
        _, path, row, reference = best
        yield w(
            "robustness.most_moved",
            label=label_of(found.of("left_out").grouping, groups=groups, w=w),
            group=str(row["group"]),
            path=path_name(path[0], path[1], kind=path[2], instrument=instrument, w=w),
            estimate=estimate(row, w),
            reference=w.coefficient(reference["estimate"]),
        )
    if found.failed_groups:
        yield w("robustness.left_failed", count=found.failed_groups)


def _direct(found: Robustness, w: Wording) -> Iterable[str]:
    partial = rows_of(found.of("partial").estimates, DIRECT)
    if len(partial):
        yield w("robustness.partial_path", estimate=estimate(partial.iloc[0], w))


def _notes(found: Robustness, w: Wording, *, groups: Sequence[Group]) -> Iterable[str]:
    for variant in found.variants[1:]:
        name = variant_name(variant, w, groups=groups)
        if variant.why_not:
            yield w("robustness.not_done", variant=name, why=_why(variant, w))
        elif variant.code == "method" and _no_method(variant):
            yield w("robustness.method_absent")
        elif variant.reasons:
            reasons = w.join(reason_words(reason, w) for reason in variant.reasons)
            yield w("robustness.with_care", variant=name, reasons=reasons)


def _no_method(variant: Variant) -> bool:
    """Say whether all that is wrong with the solution is the method factor's variance below zero."""
    return bool(variant.reasons) and all(
        all(place.startswith(METHOD) for place in reason.where) and reason.where for reason in variant.reasons
    )


def _why(variant: Variant, w: Wording) -> str:
    if variant.why_not == "failed" and variant.reasons:
        return w.join(reason_words(reason, w) for reason in variant.reasons)
    return w(f"robustness.why.{variant.why_not}")


def _name(row: pd.Series, w: Wording, *, instrument: Instrument) -> str:
    return path_name(row["source"], row["target"], kind=row["kind"], instrument=instrument, w=w)
