"""Where the routes to the study's paths agree, where they differ and why, in words."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from jq_models.evaluate.composites.route_result import Route, Routes, often_impossible, route_truth
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.judge import judge_effect
from jq_models.report.figure import Drawing
from jq_models.report.figures_composites import routes_figure
from jq_models.report.names import inline
from jq_models.report.reason_names import named_reason
from jq_models.report.sentences_gates import gate_sentences
from jq_models.report.table import Table
from jq_models.report.tables_routes import (
    link_name,
    link_within,
    route_facts_table,
    route_name,
    route_table,
    values_of,
)
from jq_models.report.wording import Wording
from jq_models.spec import Instrument


def route_views(found: Routes | None, w: Wording, *, instrument: Instrument) -> list[Table | Drawing | str]:
    """Return what a reader sees of the routes: sentences, figure, tables.

    Parameters
    ----------
    found : Routes or None
        As ``evaluate.compare_routes`` returns it; None, with nothing to be seen: see `route_gate`.
    instrument : Instrument

    Returns
    -------
    list
        Main sentences, figure, further differences, tables.
    """
    if found is None:
        return []
    words = route_sentences(found, w, instrument=instrument)
    if not found.usable:
        return [words]
    return [
        words,
        routes_figure(found, w, instrument=instrument),
        route_differences(found, w, instrument=instrument),
        route_table(found, w, instrument=instrument),
        route_facts_table(found, w),
    ]


def route_gate(plan: Plan, w: Wording, *, has_paths: bool) -> str:
    """Say why no route was taken; nothing when one was.

    Parameters
    ----------
    has_paths : bool
        Whether the outcomes of the model were asked.
    """
    if not plan.allows("second_order"):
        return gate_sentences(plan, w, analysis="second_order", part=w("routes.part"))
    return "" if has_paths else w("routes.no_outcomes")


def route_sentences(found: Routes, w: Wording, *, instrument: Instrument) -> str:
    """Say where the routes agree and whether they can be trusted, what error does, what was not computed."""
    return _bullets(
        *_agreement(found, w, instrument=instrument),
        *_attenuation(found, w, instrument=instrument),
        *_not_done(found, w, instrument=instrument),
        *_truth(found, w),
    )


def route_differences(found: Routes, w: Wording, *, instrument: Instrument) -> str:
    """Say what else the routes differ in, and how their resamples ended."""
    return _bullets(
        *_composite(found, w, instrument=instrument),
        *_covariances(found, w, instrument=instrument),
        *_resamples(found, w, instrument=instrument),
        *_with_care(found, w, instrument=instrument),
    )


def _bullets(*entries: str) -> str:
    return "\n".join(f"- {entry}" for entry in entries)


def _agreement(found: Routes, w: Wording, *, instrument: Instrument) -> Iterable[str]:
    tables = {route.code: values_of(route, found.paths) for route in found.usable}
    shaky = "; ".join(_shaky([r for r in found.usable if r.shaky], w, instrument=instrument))
    if len(tables) < 2:
        text = w("routes.one_route" if tables else "routes.none")
        yield f"{text} {w('routes.one_route_care', listed=shaky)}" if shaky else text
        return
    directions = [
        {code: judge_effect(table.iloc[k]) for code, table in tables.items()} for k in range(len(found.paths))
    ]
    same = [len(set(d.values())) == 1 and set(d.values()) <= {"positive", "negative"} for d in directions]
    widest = _widest(found, tables, w, instrument=instrument)
    extent = "all" if all(same) else "some"
    given: dict[str, str | int] = {"paths": len(same), "routes": len(tables)}
    if not all(same):
        given["same"] = sum(same)
    if shaky:
        told = w(f"routes.agree_{extent}_care", listed=shaky, **given)
    else:
        told = w(f"routes.agree_{extent}", **given)
    yield f"{told} {widest}"
    if all(same):
        return
    for path, direction, agreed in zip(found.paths, directions, same, strict=True):
        if not agreed:
            listed = [
                w("routes.route_direction", route=route_name(code, w), direction=w(f"direction.{d}"))
                for code, d in direction.items()
            ]
            link = link_name(path, w=w, instrument=instrument)
            yield w("routes.differs", path=link, listed="; ".join(listed))


def _shaky(routes: Iterable[Route], w: Wording, *, instrument: Instrument) -> list[str]:
    """Say of routes how far their solutions are impossible, and in what; once where they share it."""
    names: dict[tuple[str, str], list[str]] = {}
    found = []
    for route in routes:
        name = route_name(route.code, w)
        if route.impossible:
            reasons = "; ".join(named_reason(reason, w, instrument=instrument) for reason in route.reasons)
            found.append(w("routes.impossible", route=name, reasons=reasons))
            continue
        why = often_impossible(route)
        reason = "" if why is None else named_reason(why, w, instrument=instrument)
        names.setdefault((w.percent(route.impossible_share), reason), []).append(name)
    for (share, reason), listed in names.items():
        if reason:
            found.append(w("routes.share_why", route=w.join(listed), share=share, reason=reason))
        else:
            found.append(w("routes.share", route=w.join(listed), share=share))
    return found


def _widest(found: Routes, tables: dict[str, pd.DataFrame], w: Wording, *, instrument: Instrument) -> str:
    values = pd.DataFrame({code: table["estimate"].to_numpy() for code, table in tables.items()})
    k = int((values.max(axis=1) - values.min(axis=1)).to_numpy().argmax())
    row = values.iloc[k]
    return w(
        "routes.widest",
        path=link_within(found.paths[k], w=w, instrument=instrument),
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
    lowest, highest = str(found.reliability.idxmin()), str(found.reliability.idxmax())
    yield w(
        "routes.attenuation",
        least=w.coefficient(found.reliability.min()),
        lowest=inline(lowest, instrument=instrument, w=w),
        most=w.coefficient(found.reliability.max()),
        highest=inline(highest, instrument=instrument, w=w),
        path=link_within(found.paths[k], w=w, instrument=instrument),
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
        most=w.coefficient(_apart(factor.iloc[k], composite.iloc[k]), 3),
        path=link_within(found.paths[k], w=w, instrument=instrument),
        factor=w.coefficient(factor.iloc[k], 3),
        composite=w.coefficient(composite.iloc[k], 3),
    )


def _apart(one: float, other: float) -> float:
    """Return how far two numbers lie apart as a reader sees them, with three digits."""
    return abs(round(one, 3) - round(other, 3))


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
        most=w.coefficient(_apart(bound.iloc[k], free.iloc[k]), 3),
        path=link_within(found.paths[k], w=w, instrument=instrument),
        without=w.coefficient(bound.iloc[k], 3),
        with_it=w.coefficient(free.iloc[k], 3),
    )


def _resamples(found: Routes, w: Wording, *, instrument: Instrument) -> Iterable[str]:
    drawn = [(route.code, route.boot) for route in found.usable if route.boot is not None]
    # those above the line stand in the first sentence
    few = [route for route in found.usable if route.impossible_share > 0 and not route.shaky]
    shares = _shaky(few, w, instrument=instrument)
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
    counts = held.groupby("route", sort=False)[["holds_population", "holds_truth"]].agg("sum")
    listed = [
        w(
            "routes.held",
            route=route_name(str(code), w),
            own=int(row["holds_population"]),
            drawn=int(row["holds_truth"]),
        )
        for code, row in counts.iterrows()
    ]
    yield w("routes.truth_told", each=len(found.paths), listed="; ".join(listed))


def _not_done(found: Routes, w: Wording, *, instrument: Instrument) -> Iterable[str]:
    for route in found.routes:
        if not route.usable:
            reasons = "; ".join(named_reason(reason, w, instrument=instrument) for reason in route.reasons)
            name = route_name(route.code, w)
            yield w("routes.not_done", route=name, reasons=reasons or w("routes.no_interval"))


def _with_care(found: Routes, w: Wording, *, instrument: Instrument) -> Iterable[str]:
    """Say what is to be minded in solutions that are possible."""
    for route in found.usable:
        if route.reasons and not route.impossible:
            reasons = "; ".join(named_reason(reason, w, instrument=instrument) for reason in route.reasons)
            yield w("routes.with_care", route=route_name(route.code, w), reasons=reasons)
