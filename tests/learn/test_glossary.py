"""The glossary: sorted, each term once, every line whole, every chapter there."""

import re

from jq_models.paths import project_root

LEARN = project_root() / "notebooks" / "learn"
TEXT = (LEARN / "glossary.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith("| English")
]


def test_terms_are_sorted_and_stand_once():
    terms = [row[0].casefold() for row in ROWS]
    assert len(terms) >= 70
    assert terms == sorted(set(terms))


def test_every_line_is_whole():
    for row in ROWS:
        assert len(row) == 4, row
        assert all(row), row
        assert row[2].endswith("."), row


def test_every_chapter_is_there_and_has_terms():
    linked = [re.fullmatch(r"\[(\d\d)\]\((\1_\w+\.ipynb)\)", row[3]) for row in ROWS]
    assert all(linked)
    assert {link[2] for link in linked} == {path.name for path in LEARN.glob("*.ipynb")}
