"""Where the routes to the study's paths agree, where they differ and why, in words."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from jq_models.evaluate.composites.route_result import Routes, route_truth
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.judge import judge_effect
from jq_models.report.figure import Drawing
from jq_models.report.figures_composites import routes_figure
from jq_models.report.names import inline
from jq_models.report.sentences_gates import gate_sentences
from jq_models.report.table import Table
from jq_models.report.tables_routes import link_name, route_facts_table, route_name, route_table, values_of
from jq_models.report.tables_structure import reason_words
from jq_models.report.wording import Wording
from jq_models.spec import Instrument


def route_views(
    found: Routes | None, w: Wording, *, plan: Plan, instrument: Instrument
) -> list[Table | Drawing | str]:
    """Return what a reader sees of the routes: sentences, figure, tables.

    Parameters
    ----------
    found : Routes or None
        As ``evaluate.compare_routes`` returns it; None: the gate is closed, or outcomes were not asked.
    plan : Plan
        Says why, then.
    instrument : Instrument
    """
    if found is None and plan.allows("second_order"):
        return [w("routes.no_outcomes")]
    if found is None:
        return [gate_sentences(plan, w, analysis="second_order", part=w("routes.part"))]
    words = route_sentences(found, w, instrument=instrument)
    if not found.usable:
        return [words]
    return [
        words,
        routes_figure(found, w, instrument=instrument),
        route_table(found, w, instrument=instrument),
        route_facts_table(found, w),
    ]


def route_sentences(found: Routes, w: Wording, *, instrument: Instrument) -> str:
    """Say where the routes agree, where they differ most and why, and what was not computed."""
    entries = [
        *_agreement(found, w, instrument=instrument),
        *_attenuation(found, w, instrument=instrument),
        *_composite(found, w, instrument=instrument),
        *_covariances(found, w, instrument=instrument),
        *_resamples(found, w),
        *_truth(found, w),
        *_notes(found, w),
    ]
    return "\n".join(f"- {entry}" for entry in entries)


def _agreement(found: Routes, w: Wording, *, instrument: Instrument) -> Iterable[str]:
    tables = {route.code: values_of(route, found.paths) for route in found.usable}
    if len(tables) < 2:
        yield w("routes.one_route" if tables else "routes.none")
        return
    directions = [
        {code: judge_effect(table.iloc[k]) for code, table in tables.items()} for k in range(len(found.paths))
    ]
    same = [len(set(d.values())) == 1 and set(d.values()) <= {"positive", "negative"} for d in directions]
    widest = _widest(found, tables, w, instrument=instrument)
    if all(same):
        yield f"{w('routes.agree_all', paths=len(same), routes=len(tables))} {widest}"
        return
    yield f"{w('routes.agree_some', paths=len(same), routes=len(tables), same=sum(same))} {widest}"
    for path, direction, agreed in zip(found.paths, directions, same, strict=True):
        if not agreed:
            listed = [
                w("routes.route_direction", route=route_name(code, w), direction=w(f"direction.{d}"))
                for code, d in direction.items()
            ]
            link = link_name(path, w=w, instrument=instrument)
            yield w("routes.differs", path=link, listed="; ".join(listed))


def _widest(found: Routes, tables: dict[str, pd.DataFrame], w: Wording, *, instrument: Instrument) -> str:
    values = pd.DataFrame({code: table["estimate"].to_numpy() for code, table in tables.items()})
    k = int((values.max(axis=1) - values.min(axis=1)).to_numpy().argmax())
    row = values.iloc[k]
    return w(
        "routes.widest",
        path=link_name(found.paths[k], w=w, instrument=instrument),
        low=w.coefficient(row.min()),
        low_route=route_name(str(row.idxmin()), w),
        high=w.coefficient(row.max()),
        high_route=route_name(str(row.idxmax()), w),
    )


def _attenuation(found: Routes, w: Wording, *, instrument: Instrument) -> Iterable[str]:
    plain, consistent = _pair(found, "pls", "plsc")
    weaker = consistent.abs() - plain.abs()
    if not len(weaker) or not (weaker > 0).any() or found.reliability.empty:
        return
    k = int(weaker.to_numpy().argmax())
    yield w(
        "routes.attenuation",
        least=w.coefficient(found.reliability.min()),
        most=w.coefficient(found.reliability.max()),
        path=link_name(found.paths[k], w=w, instrument=instrument),
        plain=w.coefficient(plain.iloc[k]),
        consistent=w.coefficient(consistent.iloc[k]),
    )


def _composite(found: Routes, w: Wording, *, instrument: Instrument) -> Iterable[str]:
    factor, composite = _pair(found, "plsc", "composite")
    if not len(factor):
        return
    moved = (factor - composite).abs()
    k = int(moved.to_numpy().argmax())
    yield w(
        "routes.composite",
        most=w.coefficient(moved.iloc[k], 3),
        path=link_name(found.paths[k], w=w, instrument=instrument),
        factor=w.coefficient(factor.iloc[k], 3),
        composite=w.coefficient(composite.iloc[k], 3),
    )


def _pair(found: Routes, first: str, second: str) -> tuple[pd.Series, pd.Series]:
    """Return two routes' estimates in the order of the paths; empty when one of them has none."""
    routes = [found.of(code) for code in (first, second)]
    if not all(route.usable for route in routes):
        return pd.Series(dtype=float), pd.Series(dtype=float)
    tables = [values_of(route, found.paths)["estimate"].reset_index(drop=True) for route in routes]
    return tables[0], tables[1]


def _covariances(found: Routes, w: Wording, *, instrument: Instrument) -> Iterable[str]:
    sem = found.of("sem")
    if not sem.usable or found.plain_sem.empty:
        return
    free = values_of(sem, found.paths)["estimate"].reset_index(drop=True)
    bound = found.plain_sem["estimate"].astype(float).reset_index(drop=True)
    moved = (free - bound).abs()
    k = int(moved.to_numpy().argmax())
    codes = dict.fromkeys(code for line in found.ignored for code in line.split(" ~~ "))
    yield w(
        "routes.covariances",
        pairs=w.join(inline(code, instrument=instrument, w=w) for code in codes),
        most=w.coefficient(moved.iloc[k], 3),
        path=link_name(found.paths[k], w=w, instrument=instrument),
        without=w.coefficient(bound.iloc[k], 3),
        with_it=w.coefficient(free.iloc[k], 3),
    )


def _resamples(found: Routes, w: Wording) -> Iterable[str]:
    drawn = [(route.code, route.boot) for route in found.usable if route.boot is not None]
    shares = [
        w("routes.share", route=route_name(code, w), share=w.percent(boot.inadmissible_share))
        for code, boot in drawn
        if boot.inadmissible_share > 0
    ]
    if shares:
        yield w("routes.inadmissible", listed="; ".join(shares))
    failed = [
        w("routes.failed_share", route=route_name(code, w), failed=boot.failed, draws=boot.draws)
        for code, boot in drawn
        if boot.failed
    ]
    if failed:
        yield w("routes.failed_draws", listed="; ".join(failed))


def _truth(found: Routes, w: Wording) -> Iterable[str]:
    held = route_truth(found)
    if held.empty:
        return
    yield w(
        "routes.truth_own",
        count=len(held),
        held=int(held["holds_population"].sum()),
        listed=_held(held, "holds_population", w),
    )
    yield w("routes.truth_drawn", listed=_held(held, "holds_truth", w))


def _held(held: pd.DataFrame, column: str, w: Wording) -> str:
    counts = held.groupby("route", sort=False)[column].agg(["sum", "size"])
    return "; ".join(
        w("routes.held", route=route_name(str(code), w), held=int(row["sum"]), count=int(row["size"]))
        for code, row in counts.iterrows()
    )


def _notes(found: Routes, w: Wording) -> Iterable[str]:
    for route in found.routes:
        reasons = "; ".join(reason_words(reason, w) for reason in route.reasons)
        if not route.usable:
            name = route_name(route.code, w)
            yield w("routes.not_done", route=name, reasons=reasons or w("routes.no_interval"))
        elif reasons:
            yield w("routes.with_care", route=route_name(route.code, w), reasons=reasons)
