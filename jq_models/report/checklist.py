"""The appendices that say where a report answers what it must: tables T0 to T19, the SEM reporting standard.

Made when the page is: only then is it known which chapters, tables and figures stand in it, and under which
number. A point that none of them answers carries the reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from html import escape
from pathlib import Path

from jq_models.evaluate.gates import ANALYSES, Plan
from jq_models.report.story import Place
from jq_models.report.wording import Wording

ASSETS = Path(__file__).parent / "assets"
STANDARD, TABLES = "checklist", "table_list"  # the lists: a file of points each, words under the same name
LISTS = (TABLES, STANDARD)
MOST = {TABLES: 12, STANDARD: 3}  # links a point has at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of the standard.

    Attributes
    ----------
    code, section : str
        Keys of its words; no section where the list has none.
    places : tuple of str
        Where it may stand: ``table:NAME``, ``figure:NAME``, ``chapter:NAME``; ``*`` for any ending.
    needs : tuple of str
        Of these one must be in the page for the point to be answered.
    reason : str
        Key of the words for when it is not.
    gate : str
        What the analysis that answers it stands behind; while that is closed it is the reason.
    """

    code: str
    section: str
    places: tuple[str, ...]
    needs: tuple[str, ...]
    reason: str
    gate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A point in words, with where the report answers it; `absent` says why when it does nowhere."""

    section: str
    what: str
    places: tuple[Place, ...]
    absent: str


@cache
def points(listed: str = STANDARD) -> tuple[Point, ...]:
    """Return every point of a list, in its order."""
    content = tomllib.loads((ASSETS / f"{listed}.toml").read_text(encoding="utf-8"))
    return tuple(
        Point(
            code=item["code"],
            section=item.get("section", ""),
            places=tuple(item["places"]),
            needs=tuple(item.get("needs", item["places"])),
            reason=item["reason"],
            gate=item.get("gate", ""),
        )
        for item in content["items"]
    )


def found(point: Point, places: Mapping[str, Place], *, listed: str = STANDARD) -> tuple[Place, ...]:
    """Return where a page answers a point; nowhere when all it needs is absent."""
    if not any(_standing(pattern, places) for pattern in point.needs):
        return ()
    each = 1 if listed == STANDARD else None  # of the standard's points one table of a kind is enough
    standing = [place for pattern in point.places for place in _standing(pattern, places)[:each]]
    return tuple(dict.fromkeys(standing))[: MOST[listed]]


def closed_gates(plan: Plan, w: Wording) -> dict[str, str]:
    """Return what each closed gate of a study needs, in words that end a sentence.

    A gate in groups is closed when no grouping has two groups that are large enough; a study without
    groupings has none.
    """
    closed = {
        gate: w("checklist.gate", needs=plan.needs(gate), n=plan.n)
        for gate in ANALYSES
        if plan.n < plan.needs(gate)
    }
    if plan.sizes and not any(plan.groups_for(name) for name in plan.sizes):
        closed["group"] = w("checklist.gate_in_groups", needs=plan.needs("group"))
    return closed


def checklist_html(
    places: Mapping[str, Place], w: Wording, *, closed: Mapping[str, str], listed: str = STANDARD
) -> str:
    """Return a list's appendix as an HTML table.

    Parameters
    ----------
    places : mapping of str to Place
        What stands in the page and where, as `page_of` keeps it.
    w : Wording
    closed : mapping of str to str
        Gate -> why what stands behind it was left out, as `closed_gates` words it.
    listed : {"checklist", "table_list"}
    """
    rows, section = [], ""
    for answer in answers(places, w, closed=closed, listed=listed):
        if answer.section != section:
            section = answer.section
            rows.append(f'<tr class="section"><th scope="rowgroup" colspan="2">{escape(section)}</th></tr>')
        where = "; ".join(_link(place) for place in answer.places) or escape(answer.absent)
        rows.append(f'<tr><th scope="row">{_named(answer.what)}</th><td>{where}</td></tr>')
    heads = "".join(f'<th scope="col">{escape(said(listed, name, w))}</th>' for name in ("item", "place"))
    body, label = "\n".join(rows), escape(said(listed, "title", w))
    return (
        f'<table class="checklist" aria-label="{label}">\n<thead><tr>{heads}</tr></thead>\n'
        f'<tbody>\n{body}\n</tbody>\n</table>\n<p class="note">{escape(said(listed, "note", w))}</p>'
    )


def answers(
    places: Mapping[str, Place], w: Wording, *, closed: Mapping[str, str], listed: str = STANDARD
) -> Iterator[Answer]:
    """Yield, for every point, where the report answers it or why it does not; arguments as above."""
    for point in points(listed):
        reason = closed.get(point.gate) or w(f"checklist.reason.{point.reason}")
        yield Answer(
            section=said(listed, f"section.{point.section}", w) if point.section else "",
            what=said(listed, f"point.{point.code}", w),
            places=found(point, places, listed=listed),
            absent=w("checklist.absent", reason=reason),
        )


def _named(what: str) -> str:
    """Return a point's words; a number before them, as in ``T4  Scores``, stands out."""
    code, apart, words = what.partition("  ")
    return f'<span class="code">{escape(code)}</span> {escape(words)}' if apart else escape(what)


def said(listed: str, key: str, w: Wording) -> str:
    """Return a list's own words, such as its title."""
    return w(f"checklist.{key}") if listed == STANDARD else w(f"table_list.{key}")


def _link(place: Place) -> str:
    return f'<a class="place" href="#{place.anchor}">{escape(place.label)}</a>'


def _standing(pattern: str, places: Mapping[str, Place]) -> list[Place]:
    """Return the places a pattern fits, in the page's order."""
    return [place for name, place in places.items() if fnmatchcase(name, pattern)]
