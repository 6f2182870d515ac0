"""The Dutch report has no English label left in it, the English one no Dutch."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from english_words import COMMON, PLACEHOLDER, cleared, english_words, narration, read, titles, words

from jq_models.report import wording
from jq_models.report.bibliography import references
from jq_models.spec import load_instrument, load_study

ENGLISH = pytest.param("demo", marks=pytest.mark.slow)
SHORTEST = 4  # letters; below that a label ("n", "SD") is the same in many languages
_PLACEHOLDER = re.compile(r"\{\w+\}")


def visible_text(folder: Path) -> str:
    """Everything a person reads in a report: page, drawings, workbook, notebooks' words and outputs."""
    text = re.sub(r"data/simulated/\S+", " ", " \n ".join(_texts(folder)))  # a path is no word
    text = re.sub(r"\s+", " ", text)
    for reference in references():  # a title keeps its own language; markup may part its words anywhere
        words = re.findall(r"\w+|[^\w\s*]", reference.text)
        text = re.sub(r"\s*".join(map(re.escape, words)), " ", text)
    return text


def _texts(folder: Path) -> Iterator[str]:
    for path in [folder / "report.html", *sorted((folder / "figures").glob("*.svg"))]:
        yield _markup(path.read_text(encoding="utf-8"))
    book = openpyxl.load_workbook(folder / "study.xlsx")
    for sheet in book:
        yield sheet.title
        yield from (str(cell.value) for row in sheet for cell in row if isinstance(cell.value, str))
    for path in sorted((folder / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                yield "".join(cell["source"])
            for output in cell.get("outputs", []):
                for kind, data in output.get("data", {}).items():
                    text = "".join(data)
                    yield text if kind in ("text/plain", "text/markdown") else _markup(text)


def _markup(text: str) -> str:
    """Return what a reader or a screen reader gets of HTML or SVG."""
    text = re.sub(r"<(style|metadata)\b.*?</\1>", " ", text, flags=re.DOTALL)
    spoken = " ".join(re.findall(r'(?:alt|aria-label|title)="([^"]*)"', text))
    return html.unescape(f"{re.sub(r'<[^>]*>', ' ', text)} {spoken}")


def phrases(language: str) -> set[str]:
    """Every label, sentence part and questionnaire text of a language."""
    w = wording(language)
    found = {part.strip() for text in w.texts.values() for part in _PLACEHOLDER.split(text)}
    study = load_study("demo")
    instrument = load_instrument(study.instrument)
    found |= {w.of(text) for c in instrument.constructs for text in (c.name, c.short, c.high)}
    found |= {w.of(item.text) for item in instrument.items}
    found |= {w.of(group.label) for group in study.groups} | {w.of(study.title)}
    found |= {label for item in instrument.items for label in item.scale.labels[language]}
    return {re.sub(r"\s+", " ", text) for text in found if sum(map(str.isalpha, text)) >= SHORTEST}


def left_over(text: str, *, language: str, other: str) -> list[str]:
    """Phrases of another language in a text, whole words, that are no phrase or part of one in its own."""
    own = " \n ".join(phrases(language))
    foreign = [p for p in phrases(other) if not _inside(p, own)]
    return sorted(p for p in foreign if _inside(p, text))


def _inside(phrase: str, text: str) -> bool:
    return phrase in text and re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None


def test_no_english_is_left_in_the_dutch_report(demo_nl: Path) -> None:
    assert left_over(visible_text(demo_nl), language="nl", other="en") == []


@pytest.mark.parametrize("name", ["stored", ENGLISH])
def test_no_dutch_is_left_in_the_english_report(name: str, request: pytest.FixtureRequest) -> None:
    assert left_over(visible_text(request.getfixturevalue(name)), language="en", other="nl") == []


def test_one_label_left_over_is_found(demo_nl: Path) -> None:
    text = f"{visible_text(demo_nl)} Job satisfaction "
    assert left_over(text, language="nl", other="en") == ["Job satisfaction"]


@pytest.mark.parametrize("pattern", [r"\d\.\d\d\b(?!\.)", r"(?<![\d,.])\.\d\d\b"])
def test_dutch_numbers_have_a_decimal_comma(demo_nl: Path, pattern: str) -> None:
    page = _markup((demo_nl / "report.html").read_text(encoding="utf-8"))
    # dois and versions keep their points, the model's text is lavaan's language
    page = re.sub(r"doi \S+|\b\d+\.\d+\.\d+\b|https?://\S+", " ", page)
    assert re.findall(rf".{{20}}{pattern}", page) == []


@pytest.mark.parametrize("name", ["demo_nl", "stored", ENGLISH])
def test_the_page_says_its_language(name: str, request: pytest.FixtureRequest) -> None:
    page = (request.getfixturevalue(name) / "report.html").read_text(encoding="utf-8")
    assert f'<html lang="{"nl" if name == "demo_nl" else "en"}"' in page


FILES = ("report.html", "report.pdf", "report.docx", "report.pptx", "study.xlsx")


@pytest.mark.parametrize("name", FILES)
def test_the_dutch_report_has_no_english_word_but_names_of_statistics(
    demo_nl: Path, checkout: Path, name: str
) -> None:
    text = cleared(read(demo_nl / name))
    assert len(words(text)) > 400, "little was read of the file"
    assert "kwaliteit" in words(text)
    found = words(text) & english_words(checkout)
    if name.endswith(".pdf"):  # in pieces, by fonts that lack letters: "old" for "Gold"
        found = {word for word in found - titles() if len(word) > 4}
    assert sorted(found) == []


@pytest.mark.parametrize(
    ("name", "file"),
    [
        *(("stored", file) for file in ("report.html", "report.docx", "report.pptx")),
        *(pytest.param("demo", file, marks=pytest.mark.slow) for file in FILES),
    ],
)
def test_an_english_report_would_be_found_out(
    name: str, file: str, checkout: Path, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(name) / file
    assert len(words(cleared(read(path))) & english_words(checkout)) > 150


def test_dutch_wordings_and_narration_hold_no_common_english_word(checkout: Path) -> None:
    texts = [*(PLACEHOLDER.sub(" ", text) for text in wording("nl").texts.values()), *narration(checkout)]
    told = [re.sub(r"`[^`]*`", " ", text) for text in texts]  # between them stand commands and files
    assert sorted(words(cleared(" ".join(told))) & COMMON) == []


@pytest.mark.parametrize("name", ["demo_nl", "stored", ENGLISH])
def test_no_mark_of_weight_is_left_on_the_page(name: str, request: pytest.FixtureRequest) -> None:
    page = read(request.getfixturevalue(name) / "report.html")
    assert "**" not in re.sub(r"\s\*\*\s", " ", page)
