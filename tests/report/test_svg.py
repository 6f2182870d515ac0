"""Drawings for print: letters in place of their outlines."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from matplotlib.figure import Figure

from jq_models.report.style import styled
from jq_models.report.svg import to_svg, with_letters


def test_outlines_become_texts_where_the_page_has_the_font() -> None:
    with styled():
        figure = Figure(figsize=(4, 3))
        ax = figure.subplots()
        ax.set_title("A & <b>")
        ax.text(0.2, 0.3, "upright\nagain", rotation=90)
        ax.text(0.5, 0.5, "slanted", style="italic")
        ax.plot([0, 1], [0, 1], "o-")
        drawn = to_svg(figure, name="x", title="t", description="d")
    lettered = with_letters(drawn)
    root = ElementTree.fromstring(lettered)
    texts = {"".join(t.itertext()): t.attrib for t in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"A & <b>", "upright", "again", "slanted", "0.2"} <= set(texts)
    assert texts["A & <b>"]["font-weight"] == "600"
    assert "font-weight" not in texts["slanted"]
    assert texts["slanted"]["font-style"] == "italic"
    assert texts["upright"]["transform"].endswith("rotate(-90)")
    assert len(lettered) < len(drawn) / 2
    letters = re.findall(r"<!-- .*?</g>", drawn, re.DOTALL)
    assert lettered.count("<use") == drawn.count("<use") - sum(group.count("<use") for group in letters)


def test_outlines_something_else_uses_stay() -> None:
    with styled():
        figure = Figure(figsize=(4, 3))
        figure.text(0.5, 0.5, "words")
        drawn = to_svg(figure, name="x", title="t", description="d")
    glyph = re.search(r'xlink:href="(#[^"]+)"', drawn)
    assert glyph is not None
    other = drawn.replace("</svg>", f'<use xlink:href="{glyph[1]}" /></svg>')
    assert with_letters(other) == other
