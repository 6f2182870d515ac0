"""A report made again as a readable screen: the verdict, what differs, how many cells, the first of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from jq_models.report.reproduce_record import STATES, Departure, Place, Reproduction, State
from jq_models.report.screen_parts import plain_signs
from jq_models.report.wording import wording

VERDICTS: dict[State, str] = {
    "identical": "Identical: every number and every word of every table is the same.",
    "within": "Within tolerance: no number of a table differs by more than one millionth of itself "
    "(or 1e-9), none in a text by more than its last digit.",
    "changed": "Changed.",
}
STYLES: dict[State, str] = {"identical": "green", "within": "green", "changed": "bold red"}
KINDS = {"table": "tables/*.csv", "sheet": "study.xlsx, sheets", "text": "notebooks' texts"}
FIRST_TABLES, FIRST_CELLS, WIDEST = 8, 3, 32
_MOST = 17  # significant digits: all that a number has


def reproduction_screen(done: Reproduction) -> Group:
    """Return what a reader sees of a report made again."""
    about = f"reports/{done.report}: study {done.study}, language {done.language}, seed {done.seed}"
    parts: list[RenderableType] = [
        Text(about),
        Text(_verdict(done), style=STYLES[done.verdict]),
        *(Text(note, style="yellow") for note in done.notes),
        _counts(done),
    ]
    if versions := sum(one.versions for one in done.compared):
        cells = wording("en").count(versions)
        parts.append(Text(f"Cells that differ in a version number alone, as they must: {cells}."))
    return Group(*parts, *_departures(done), *_first(done))


def _verdict(done: Reproduction) -> str:
    if done.verdict != "changed":
        return VERDICTS[done.verdict]
    moved = [one.name for one in done.tables("changed")]
    what = f"{len(moved)} of {len(list(done.of('table')))} tables" if moved else "no number of any table"
    why = [_named(one) for one in done.given]
    return f"Changed: {what}. " + (
        f"Not as it was: {'; '.join(why[:6])}{'; …' if len(why) > 6 else ''}."
        if why
        else "What the study is made from is as it was."
    )


def _named(one: Departure) -> str:
    change = f" {one.stored} -> {one.found}" if one.stored and one.found and one.part == "study file" else ""
    return f"{one.part}: {one.what}{change}"


def _counts(done: Reproduction) -> Table:
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    grid.add_column("", no_wrap=True, min_width=max(map(len, KINDS.values())))
    # in 80 columns the headings take two lines, not the names their room
    for heading in ("identical", "within tolerance", "changed", "cells identical", "within", "changed"):
        grid.add_column(heading, justify="right", min_width=max(map(len, heading.split())))
    count = wording("en").count
    for kind, name in KINDS.items():
        files = [count(len(done.tables(state, kind=kind))) for state in STATES]
        cells = done.cells(kind)
        grid.add_row(name, *files, *(count(cells[state]) for state in STATES))
    return grid


def _departures(done: Reproduction) -> Iterator[RenderableType]:
    if not done.departures:
        yield Text("Data, questionnaire, study file, code, packages and machine are as they were.")
        return
    yield Text("Not as in run.json", style="bold")
    grid = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for _ in range(3):
        grid.add_column(overflow="fold")
    for part, entries in groupby(done.departures, key=lambda one: one.part):
        for k, one in enumerate(entries):
            change = f"{one.stored} -> {one.found}" if one.stored and one.found else one.stored or one.found
            grid.add_row(Text("" if k else part), Text(one.what), Text(change))
    yield grid


def _first(done: Reproduction) -> Iterator[RenderableType]:
    differing = [one for state in ("changed", "within") for one in done.compared if one.state == state]
    shown = [one for one in differing if one.kind == "table"] or differing
    if not shown:
        return
    yield Text("The first differences", style="bold")
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("table", "row", "column"):
        grid.add_column(heading, overflow="fold")
    for heading in ("stored", "found"):
        grid.add_column(heading, justify="right", overflow="fold")
    for one in shown[:FIRST_TABLES]:
        for k, place in enumerate(one.places[:FIRST_CELLS]):
            stored, found = _pair(place)
            grid.add_row(*map(Text, ("" if k else one.name, place.row, place.column, stored, found)))
    yield grid
    if len(shown) > FIRST_TABLES:
        yield Text(f"… and {len(shown) - FIRST_TABLES} more.")


def _pair(place: Place) -> tuple[str, str]:
    """Return both contents, numbers with as few digits as tell them apart."""
    try:
        a, b = float(place.stored), float(place.found)
    except ValueError:
        return _cut(place.stored), _cut(place.found)
    for digits in range(4, _MOST + 1):
        told = f"{a:.{digits}g}", f"{b:.{digits}g}"
        if told[0] != told[1]:
            break
    return plain_signs(told[0]), plain_signs(told[1])


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
