"""The teacher's guide is one page, and what it names exists."""

import re

import mistune
import pytest
from typer.main import get_command

from jq_models.cli import app
from jq_models.learn import chapters
from jq_models.paths import project_root

FOLDER = project_root() / "notebooks" / "learn"
TEXT = (FOLDER / "teachers_guide.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d\d) .*\|$", TEXT, flags=re.MULTILINE)


def test_every_chapter_has_a_row_with_all_columns():
    assert list(chapters()) == ROWS
    lines = [line for line in TEXT.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines} == {7}
    assert not [line for line in lines if re.search(r"\|\s*\|", line)]


def test_it_has_at_most_sixty_lines():
    assert len(TEXT.splitlines()) <= 60


def test_it_prints_on_one_page():
    weasyprint = pytest.importorskip(
        "weasyprint", reason="WeasyPrint's system libraries are missing", exc_type=OSError
    )
    style = (
        "<style>@page{size:A4;margin:15mm} body{font:9pt/1.3 sans-serif} h1{margin:0} p,pre{margin:.5em 0}"
        "table{border-collapse:collapse} td,th{padding:.15em .3em;text-align:left;vertical-align:top}</style>"
    )
    page = mistune.create_markdown(plugins=["table"])(TEXT)
    assert len(weasyprint.HTML(string=style + str(page)).render().pages) == 1


def test_what_it_names_exists():
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (FOLDER / target).exists(), target
    assert (FOLDER / "solutions").is_dir()
    assert (project_root() / "jq_models" / "learn" / "exercises").is_dir()


def test_its_commands_are_known():
    command = get_command(app)
    named = re.findall(r"^ {4}jq-models (\S+)(.*)$", TEXT, flags=re.MULTILINE)
    assert [name for name, _ in named] == ["simulate", "new-client", "study"]
    for name, rest in named:
        known = {option for parameter in command.commands[name].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known
