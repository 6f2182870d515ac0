"""Tables T0 to T19: the same numbers in every report, every table known, a reason where there is none."""

from __future__ import annotations

import html
import re
from fnmatch import fnmatchcase

import pytest

from jq_models import paths
from jq_models.report.checklist import TABLES, checklist_html, points
from jq_models.report.page import Place
from jq_models.report.show import METADATA
from jq_models.report.wording import wording
from jq_models.run.clean import read_notebook
from jq_models.run.together import NOTEBOOKS

ROW = re.compile(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td></tr>')
# shown by no stored notebook: the demo has no such problem, too few people or groups for it
ELSEWHERE = {"table:problems", "table:alphas", "table:releases_*", "table:missing*"}


def shown_names() -> set[str]:
    return {
        f"{about['kind']}:{about['name']}"
        for name in NOTEBOOKS
        for cell in read_notebook(paths.notebooks() / f"{name}.ipynb").cells
        for output in cell.get("outputs", [])
        if "name" in (about := output.get("metadata", {}).get(METADATA, {}))
    }


def rows(places: dict[str, Place], language: str = "en", **closed: str) -> dict[str, str]:
    page = checklist_html(places, wording(language), closed=closed, listed=TABLES)
    found = ((re.sub(r"<[^>]+>", "", what), where) for what, where in ROW.findall(page))
    return {html.unescape(what).split()[0]: html.unescape(where) for what, where in found}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_report_has_all_twenty_in_order(language: str) -> None:
    found = rows({}, language)
    assert list(found) == [f"T{number}" for number in range(20)]
    assert all(
        where.startswith(("Not in this report: ", "Niet in dit rapport: ")) for where in found.values()
    )


def test_a_number_lists_its_tables_in_the_order_of_the_page() -> None:
    names = ["table:fit", "table:status", "table:fit_correlated"]
    places = {name: Place(label=name.upper(), anchor=name[6:]) for name in names}
    assert re.findall(r">([^<]+)</a>", rows(places)["T12"]) == [
        "TABLE:STATUS",
        "TABLE:FIT",
        "TABLE:FIT_CORRELATED",
    ]
    assert 'href="#fit_correlated"' in rows(places)["T12"]


def test_a_closed_gate_is_the_reason() -> None:
    assert rows({}, full="it needs 300")["T13"] == "Not in this report: it needs 300."


def test_every_table_of_the_report_has_a_number() -> None:
    """A new table that belongs to no number would be missing from the list without anybody noticing."""
    patterns = [place for point in points(TABLES) for place in point.places]
    report = {name for name in shown_names() if name.startswith("table:")}
    assert sorted(n for n in report if not any(fnmatchcase(n, p) for p in patterns)) == []


def test_every_name_is_shown_by_some_notebook() -> None:
    patterns = {place for point in points(TABLES) for place in point.places}
    names = shown_names()
    assert sorted(p for p in patterns - ELSEWHERE if not any(fnmatchcase(n, p) for n in names)) == []
