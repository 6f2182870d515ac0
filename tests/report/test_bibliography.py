"""Sources: every work cited has its reference, and a page lists those it cites and no other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from test_parts import text

from jq_models.report.bibliography import REFERENCES, cited_in, references, sources_html
from jq_models.report.publish import publish_html
from jq_models.report.wording import wording
from jq_models.spec import LANGUAGES

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
PRINTED = re.compile(r"<p>(.*?)</p>")


def keys(words: str) -> list[str]:
    return [reference.key for reference in cited_in(words)]


def listed(page: str) -> list[str]:
    start = page.index('<div class="text sources">')
    return PRINTED.findall(page[start : page.index("</div>", start)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_year_in_the_words_ends_a_citation_with_a_reference(language: str) -> None:
    lost = []
    for key, words in wording(language).texts.items():
        if key.startswith("privacy."):  # a page of its own, which names laws and no works
            continue
        ends = {match.end() for reference in references() for match in reference.cited.finditer(words)}
        lost += [(key, year[0]) for year in YEAR.finditer(words) if year.end() not in ends]
    assert lost == []


def test_no_reference_stands_there_that_nothing_cites(checkout: Path) -> None:
    words = [text for language in LANGUAGES for text in wording(language).texts.values()]
    words += [path.read_text("utf-8") for path in checkout.glob("data/instruments/*.toml")]
    assert [r.key for r in references() if not any(r.cited.search(text) for text in words)] == []


def test_references_are_in_order_and_agree_with_their_citation() -> None:
    content = tomllib.loads(REFERENCES.read_text(encoding="utf-8"))
    texts = [entry["text"] for entry in content.values()]
    assert [t.lower() for t in texts] == sorted(t.lower() for t in texts)
    for entry in content.values():
        assert f"({entry['year']})." in entry["text"]
        before = entry["text"].split(f"({entry['year']})")[0]
        assert [name for name in entry["authors"] if name not in before] == []
        assert entry["text"].count("*") % 2 == 0
        assert re.fullmatch(r"10\.\d{4,}/\S+", entry.get("doi", "10.1000/1"))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("lines of Hu & Bentler (1999)", ["hu_1999"]),
        ("grenzen van Hu en Bentler (1999)", ["hu_1999"]),
        ("Satorra and Bentler 2001", ["satorra_2001"]),
        ("with Wald’s (1940) interval", ["wald_1940"]),
        ("Yuan (2005) and Yuan, Tian & Yanagihara (2015)", ["yuan_2005", "yuan_2015"]),
        ("Appelbaum et al., 2018", ["appelbaum_2018"]),
        ("Van Dun, Bloemer & Henseler 2012", ["dun_2012"]),
        ("Muthén & Asparouhov, 2014", ["muthen_2014"]),
        ("Byrne & Chen (2007)", []),
        ("Chen (2008); Holm", []),
        ("Maydeu-Olivares, Coffman & Hartmann, 2007", ["maydeu_2007"]),
    ],
)
def test_a_citation_is_found_by_names_and_year(words: str, found: list[str]) -> None:
    assert keys(words) == found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_lists_what_it_cites_and_nothing_else(tmp_path: Path, language: str) -> None:
    cells = [
        new_markdown_cell("# A\n\nSee Hu & Bentler (1999), and *Holm*, 1979."),
        text("# List", "checklist"),
        text("# Sources", "sources"),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "a.ipynb")
    notes = {"Questions": "Van Dun, Bloemer & Henseler 2012"}
    page = publish_html(tmp_path / "a.ipynb", out=tmp_path / "a.html", language=language, notes=notes)
    shown = listed(page.read_text("utf-8"))
    # the list of points cites the standard itself
    assert [words.split(",")[0] for words in shown] == ["Appelbaum", "Holm", "Hoyle", "Hu", "van Dun"]
    assert "<em>Scandinavian Journal of Statistics, 6</em>(2), 65–70." in shown[1]
    assert shown[3].endswith("doi 10.1080/10705519909540118")


def test_a_list_is_not_taken_for_citations_and_nothing_cited_gives_no_list() -> None:
    assert sources_html("<p>No work is cited.</p><style>Holm (1979)</style>") == ""
