"""The visual language: fonts, colours, CSS."""

from __future__ import annotations

import logging

import matplotlib as mpl
import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib.colors import to_rgb

from jq_models.report import style
from jq_models.report.wording import wording


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in to_rgb(colour)]
    return sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("weight", "slant"), [(400, "normal"), (600, "normal"), (400, "italic")])
def test_matplotlib_finds_our_files_and_not_a_substitute(weight, slant, caplog):
    style.register_fonts()
    wanted = font_manager.FontProperties(family=style.FAMILY, weight=weight, style=slant)
    with caplog.at_level(logging.WARNING):
        found = font_manager.findfont(wanted, fallback_to_default=False)
    name = next(name for name, w, s in style.FACES if (w, s) == (weight, slant))
    assert found == str(style.FONTS / f"{name}.ttf")
    assert not caplog.records


@pytest.mark.parametrize("name", [name for name, _, _ in style.FACES])
def test_fonts_have_tabular_figures_and_every_letter_of_the_figures(name):
    for ending in ("ttf", "woff2"):
        with TTFont(style.FONTS / f"{name}.{ending}") as font:
            known = font.getBestCmap()
            widths = {font["hmtx"][known[ord(digit)]][0] for digit in "0123456789"}
        assert len(widths) == 1
        texts = [
            text for w in map(wording, ("en", "nl")) for key, text in w.texts.items() if "figure." in key
        ]
        needed = {letter for text in texts for letter in text} | set("↔→−–≥≤²χαωβ★")
        assert not {letter for letter in needed if ord(letter) not in known and letter != "\n"}


def test_the_fonts_license_ships_with_them():
    text = (style.FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "with Reserved Font Name" not in text.split("-----")[0]


def test_text_colours_can_be_read_and_the_accent_is_darker_than_ordinary_marks_in_grey():
    for colour in (style.INK, style.MUTED, style.ACCENT):
        assert contrast(colour, style.SURFACE) >= 4.5
        assert contrast(colour, style.PAGE) >= 4.5
    assert contrast(style.ACCENT, style.ACCENT_SOFT) >= 4
    assert luminance(style.MARK) > 1.8 * luminance(style.ACCENT)


@pytest.mark.parametrize("count", [2, 3, 4, 5, 7])
def test_answer_colours_have_a_neutral_middle_only_on_odd_scales(count):
    colours = style.steps(count)
    assert len(colours) == count == len(set(colours))
    assert (style.MIDDLE.lower() in colours) == (count % 2 == 1)


def test_numbers_on_answer_colours_and_heat_maps_can_be_read():
    for colour in (*style.steps(5), *style.steps(4)):
        assert contrast(style.readable_on(colour), colour) >= 4.4
    for share in (0.0, 0.5, 1.0):
        assert contrast(style.INK, style.sheet(share)) >= 4.5
    assert luminance(style.sheet(0.2)) > luminance(style.sheet(0.9))


def test_css_variables_carry_the_same_colours():
    css = style.css_variables()
    assert css.startswith(":root {")
    for name, value in (("accent", style.ACCENT), ("ink", style.INK), ("page", style.PAGE)):
        assert f"--{name}: {value};" in css
    assert style.FAMILY in css


def test_drawing_in_our_style_leaves_the_process_as_it_was():
    before = dict(mpl.rcParams)
    with style.styled():
        assert mpl.rcParams["font.family"] == [style.FAMILY]
    assert dict(mpl.rcParams) == before


def test_nothing_is_set_smaller_than_seven_and_a_half_points():
    assert style.SMALL >= 7.5
    sizes = {
        k: v for k, v in style.parameters().items() if k.endswith(("labelsize", "titlesize", "fontsize"))
    }
    assert sizes
    assert all(size >= style.SMALL for size in sizes.values())
