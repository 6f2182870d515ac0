"""The site builds without a warning, its links hold, its examples run, and no page asks for the network."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import typer

from docs.make.formulas import mathml
from docs.make.numbers import number_pages
from docs.make.places import ROOT
from docs.make.privacy import privacy_text
from jq_models.cli import app

PAGES = ROOT / "docs" / "pages"
BLOCK = re.compile(r"^```(?P<kind>python|console)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
# a build that takes longer hangs: it is stopped, so that the tests never wait for it
SOON, LATE = 240, 900


def build(out: Path, *words: str, seconds: float) -> subprocess.CompletedProcess[str]:
    """Build a site in a process of its own, without a network and without a terminal to ask from."""
    nowhere = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    return subprocess.run(
        [sys.executable, "-m", "docs.make", "--out", str(out), *words],
        cwd=ROOT,
        env={**os.environ, **nowhere, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-written pages with one room of the reference."""
    out = tmp_path_factory.mktemp("site")
    done = build(out, "--rooms", "pls", seconds=SOON)
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "site"


def test_the_hand_written_pages_and_a_room_build_without_a_warning(small: Path) -> None:
    written = {path.relative_to(PAGES).with_suffix(".html") for path in PAGES.rglob("*.md")}
    assert {page for page in written if not (small / page).is_file()} == set()
    assert "fit_pls" in (small / "api" / "pls.html").read_text(encoding="utf-8")


def test_formulas_stand_in_the_page_itself(small: Path) -> None:
    page = (small / "method" / "fit.html").read_text(encoding="utf-8")
    assert page.count("<math") > 15
    assert not re.search(r"<script[^>]*(mathjax|katex)", page, re.IGNORECASE)


def test_no_formula_shows_a_command_that_the_converter_does_not_know(small: Path) -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in (small / "method").glob("*.html")}
    unknown = {name: re.findall(r"<m(?:i|o|text)\b[^>]*>[^<]*\\[^<]*<", page) for name, page in pages.items()}
    assert {name: found for name, found in unknown.items() if found} == {}


def test_formulas_are_set_as_latex_sets_them() -> None:
    assert '<mi mathvariant="normal">&#x00393;</mi>' in mathml(r"\Gamma")
    assert "<mo>&#x000B1;</mo>" in mathml(r"h \pm z")
    assert re.search(r"<mi>log</mi><mspace[^>]*/><mi>L</mi>", mathml(r"\log L"))
    assert mathml(r"\log|S|").count("<mspace") == 0
    assert mathml(r"\operatorname{mean}_i") == mathml(r"\mathrm{mean}_i")


def test_the_search_finds_words_without_a_server(small: Path) -> None:
    index = (small / "searchindex.js").read_text(encoding="utf-8")
    assert "reproduc" in index
    assert "method/fit" in index


def test_the_pages_hold_no_place_of_this_machine(small: Path) -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in small.rglob("*.html")}
    assert [path.name for path, text in texts.items() if str(ROOT) in text or str(Path.home()) in text] == []


@pytest.mark.slow
def test_the_whole_site_builds_without_a_warning(tmp_path: Path) -> None:
    done = build(tmp_path, seconds=LATE)
    assert done.returncode == 0, done.stdout + done.stderr
    notebook = (tmp_path / "site" / "notebooks" / "02_measurement.html").read_text(encoding="utf-8")
    assert "<svg" in notebook
    assert "jq-table" in notebook


def blocks(kind: str) -> Mapping[str, str]:
    """Return the examples of a kind on the hand-written pages, by page and number."""
    found = {}
    for path in sorted(PAGES.rglob("*.md")):
        texts = [b["text"] for b in BLOCK.finditer(path.read_text(encoding="utf-8")) if b["kind"] == kind]
        found |= {f"{path.relative_to(PAGES).as_posix()} {k}": text for k, text in enumerate(texts, start=1)}
    return found


PYTHON, CONSOLE = blocks("python"), blocks("console")


def test_there_are_examples() -> None:
    assert len(PYTHON) >= 2
    assert len(CONSOLE) >= 15


@pytest.mark.parametrize("name", PYTHON)
def test_an_example_in_python_runs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(PYTHON[name], name, "exec"), {"__name__": "example"})
    capsys.readouterr()


def check_line(line: str) -> None:
    """Parse a command as the command line would, without running it."""
    program, *words = shlex.split(line)
    if program == "python3":
        tasks = (ROOT / "do.py").read_text(encoding="utf-8")
        assert words[0] == "do.py"
        assert f"- python3 do.py {words[1]}" in tasks, f"no task {words[1]}"
        return
    assert program == "jq-models"
    listed: Any = typer.main.get_command(app)
    commands = listed.commands
    assert words[0] in commands, f"no command {words[0]}"
    one = commands[words[0]]
    context = one.context_class(one, info_name=words[0], resilient_parsing=False)
    one.make_parser(context).parse_args(list(words[1:]))


@pytest.mark.parametrize("name", CONSOLE)
def test_an_example_on_the_command_line_is_one(name: str) -> None:
    for line in CONSOLE[name].splitlines():
        check_line(line)


def test_the_data_protection_page_has_the_words_of_the_command() -> None:
    text = privacy_text()
    assert "groups of at least 10 people" in text
    assert "`jq-models purge acme`" in text
    assert "{" not in text


def test_the_validation_page_holds_the_measured_table() -> None:
    (text,) = number_pages().values()
    assert text.startswith("# Validation")
    assert text.count("\n| ") > 40
