"""A dimension added to the questionnaire's file, and to nothing else, is in the whole report."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from english_words import read
from thirteenth import CODE, LABELS, SHORT, STEP, add_dimension, draw_answers

from jq_models.report import wording
from jq_models.report.names import inside_sentence
from jq_models.spec import Construct, Instrument

pytestmark = pytest.mark.slow
LANGUAGES = ("en", "nl")
# neither the norm nor the wave before asked it, and the report says so
NOT_ASKED = ("norm", "trend")


@pytest.fixture(scope="module")
def thirteen(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Instrument]:
    """A project whose questionnaire has a dimension more; of all other files only the data are new."""
    folder = tmp_path_factory.mktemp("thirteen")
    for name in ("data", "notebooks"):
        shutil.copytree(checkout / name, folder / name)
    instrument = add_dimension(folder / "data" / "instruments")
    draw_answers(folder, instrument)
    return folder, instrument


@pytest.fixture(scope="module", params=LANGUAGES)
def whole(
    request: pytest.FixtureRequest, checkout: Path, thirteen: tuple[Path, Instrument]
) -> tuple[str, Path]:
    """The report's language and folder."""
    language, folder = request.param, thirteen[0]
    done = subprocess.run(
        [sys.executable, "-m", "jq_models.cli", "study", "demo", "--language", language],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(checkout), "JQ_MODELS_PROJECT": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return language, folder / "reports" / ("demo" if language == "en" else f"demo-{language}")


def flat(text: str) -> str:
    """Return a text on one line."""
    return re.sub(r"\s+", " ", text)


def drawn(figure: Path) -> str:
    """Return the words in a drawing: outlines, with the text they stand for beside them."""
    return flat(" | ".join(re.findall(r"<!-- (.*?) -->", figure.read_text(encoding="utf-8"), re.DOTALL)))


def named(text: str, construct: Construct, language: str) -> bool:
    return any(w in text for w in (construct.name[language], construct.short[language], construct.code))


def test_every_table_of_the_twelve_has_thirteen(
    whole: tuple[str, Path], thirteen: tuple[Path, Instrument]
) -> None:
    known = {c.code for c in thirteen[1].dimensions} - {CODE}
    tables = {
        path.stem: set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
        for path in (whole[1] / "tables").glob("*.csv")
    }
    all_of_them = {name: words for name, words in tables.items() if known <= words}
    assert {"constructs", "attention", "importance", "reliability", "loadings", "overlap"} <= set(all_of_them)
    assert sorted(name for name, words in all_of_them.items() if CODE not in words) == sorted(NOT_ASKED)


def test_every_figure_of_the_twelve_has_thirteen(
    whole: tuple[str, Path], thirteen: tuple[Path, Instrument]
) -> None:
    language, folder = whole
    *known, added = thirteen[1].dimensions
    figures = {path.stem: drawn(path) for path in (folder / "figures").glob("*.svg")}
    most = {
        name: text
        for name, text in figures.items()
        if sum(named(text, c, language) for c in known) >= len(known) - 2  # some hide what may not be shown
    }
    assert {"importance_performance", "attention_ranks", "path_diagram", "htmt", "direct_paths"} <= set(most)
    without = [name for name, text in most.items() if not named(text, added, language)]
    assert sorted(without) == sorted(NOT_ASKED)


def test_it_is_the_first_priority_with_the_step_of_its_file(whole: tuple[str, Path]) -> None:
    language, folder = whole
    page = flat(read(folder / "report.html"))
    start = page.index(wording(language)("board.heading_3").strip("*"))
    first = page[start : start + 400]
    assert LABELS[language] in first
    assert STEP[language] in first
    ranks = pd.read_csv(folder / "tables" / "attention.csv")
    assert (ranks == CODE).any(axis=None)


def test_what_was_not_asked_before_is_said(whole: tuple[str, Path]) -> None:
    language, folder = whole
    w, page = wording(language), flat(read(folder / "report.html"))
    for key in ("norm.refused.absent", "trend.refused.absent"):
        assert flat(w(key, listed=inside_sentence(LABELS[language]))) in page


def test_the_page_counts_thirteen_dimensions(whole: tuple[str, Path]) -> None:
    language, folder = whole
    page = flat(read(folder / "report.html"))
    assert ("The 13 dimensions" if language == "en" else "De 13 dimensies") in page
    assert len(re.findall(r"\b12 dimensi", page)) == 0


@pytest.mark.parametrize("name", ["report.html", "report.docx", "report.pptx", "study.xlsx"])
def test_it_is_in_every_file(whole: tuple[str, Path], name: str) -> None:
    language, folder = whole
    text = flat(read(folder / name)).lower()
    assert LABELS[language].lower() in text
    assert text.count(LABELS[language].lower()) + text.count(SHORT[language].lower()) >= 5


def test_the_questionnaire_to_field_asks_it(
    checkout: Path, thirteen: tuple[Path, Instrument], tmp_path: Path
) -> None:
    folder, instrument = thirteen
    done = subprocess.run(
        [sys.executable, "-m", "jq_models.cli", "questionnaire", "--study", "demo", "--out", str(tmp_path)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(checkout), "JQ_MODELS_PROJECT": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    forms = list(tmp_path.glob("*.html"))
    assert len(forms) >= len(LANGUAGES)
    texts = [path.read_text(encoding="utf-8").replace("’", "'") for path in forms]
    for item in instrument.construct(CODE).items:
        for language in LANGUAGES:
            assert any(item.text[language] in text for text in texts), (item.code, language)
